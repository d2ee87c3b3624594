package pgwire

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// A statement of very many tokens is refused before the engine makes a tree of it.
func TestAStatementOfManyTokens(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	long := "select 1 in (1" + strings.Repeat(",1", 400_000) + ")"
	before := resident(t)
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeDescribeExec} {
		if _, err := conn.Exec(t.Context(), long, mode); code(err) != "54001" {
			t.Error(err)
		}
	}
	t.Logf("it took %d MB", (resident(t)-before)>>20)
	if got := ask(t, conn, "select 1 in (1"+strings.Repeat(",1", 20_000)+")"); got[0][0] != true {
		t.Error(got)
	}
}

// The statements that a client keeps have a limit together; closing some makes room, and no tokens are kept.
func TestManyLongStatements(t *testing.T) {
	t.Parallel()
	conn := serve(t, nil).connect(t, "")
	text := "select '" + strings.Repeat("x", 1<<20-100) + "'"
	var err error
	n := 0
	for ; err == nil && n < 10; n++ {
		_, err = conn.Prepare(t.Context(), fmt.Sprint("p", n), text)
	}
	if code(err) != "54000" || n != 5 {
		t.Errorf("the statement %d: %v", n, err)
	}
	if _, err := conn.Exec(t.Context(), "deallocate p0", pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Prepare(t.Context(), "again", text); err != nil {
		t.Error(err)
	}
}
