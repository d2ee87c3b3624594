package pgwire

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// What is no statement is an error of syntax, and says where; what is one is refused.
func TestTypingErrors(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	conn := s.connect(t, "")
	for _, c := range []struct {
		query, code string
		position    int32
	}{
		{"selct 1", "42601", 1},
		{"  /* é */ Selct 1", "42601", 11},
		{"select 'é'; selct 1", "42601", 13},
		{"explain selct 1", "42601", 9},
		{"declare c cursor with hold for selct 1", "42601", 32},
		{`"drop" table contacts`, "42601", 1},
		{"42", "42601", 1},
		{"explain", "42601", 0},
		{"drop table contacts", "25006", 0},
		{"merge into contacts using contacts on true when matched then delete", "25006", 0},
	} {
		_, err := conn.Exec(t.Context(), c.query, pgx.QueryExecModeSimpleProtocol)
		told, ok := errors.AsType[*pgconn.PgError](err)
		if !ok || told.Code != c.code || told.Position != c.position {
			t.Errorf("%s: %+v, want %s at %d", c.query, told, c.code, c.position)
		}
	}
}
