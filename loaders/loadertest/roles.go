package loadertest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/sql"
)

// RunRoles asks, as a reader of each role by its name, for every relation of a schema in which all views are published: a role gets its own
// views, each with the columns that it may see, and is refused all else. The server speaks the protocol of PostgreSQL.
func RunRoles(t *testing.T, schemaName string, relations []string, readers map[string]*pgx.Conn) {
	t.Helper()
	views, err := sql.Views()
	if err == nil {
		views, err = sql.WithPivots(views, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range sql.Roles() {
		may := map[string][]string{}
		for _, s := range r.Shares(views) {
			may[r.Prefixed(s.Name)] = s.Columns
			if !slices.Contains(relations, r.Prefixed(s.Name)) {
				t.Errorf("%s is not there", r.Prefixed(s.Name))
			}
		}
		if len(may) < 10 || len(relations) < 3*len(may) {
			t.Fatalf("%s may read %d of %d relations: nothing is tried", r.Name, len(may), len(relations))
		}
		for _, relation := range relations {
			columns, refused, err := columnsOf(t.Context(), readers[r.Name], pgx.Identifier{schemaName, relation}.Sanitize())
			switch want, its := may[relation]; {
			case err != nil:
				t.Errorf("%s asks for %s: %v", r.Name, relation, err)
			case refused == its:
				t.Errorf("%s asks for %s: refused %v, want %v", r.Name, relation, refused, !its)
			case its:
				if diff := cmp.Diff(want, columns); diff != "" {
					t.Errorf("%s sees of %s: %s", r.Name, relation, diff)
				}
			}
		}
	}
}

// columnsOf gives the columns of what somebody may read; refused, if there is no right to.
func columnsOf(ctx context.Context, conn *pgx.Conn, relation string) (columns []string, refused bool, err error) {
	rows, err := conn.Query(ctx, "select * from "+relation)
	if err == nil {
		for _, f := range rows.FieldDescriptions() {
			columns = append(columns, f.Name)
		}
		rows.Close()
		err = rows.Err()
	}
	if told, ok := errors.AsType[*pgconn.PgError](err); ok && told.Code == "42501" {
		return nil, true, nil
	}
	return columns, false, err
}
