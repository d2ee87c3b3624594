package sql_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/pgtest"
	"trunkline/schema"
	"trunkline/sql"
)

// A column of a view that bears the name of a column of a class says of which class it is, or that it is open: else a view
// could show a role what a table hides from it.
func TestViewColumnsSayTheirClass(t *testing.T) {
	classes := map[string]schema.Class{}
	for _, table := range schema.All() {
		for _, c := range table.Columns {
			if (c.Class.Holds(schema.Revenue) || c.Class.Holds(schema.Performance)) && c.Name != "name" && c.Name != "value" {
				classes[c.Name] = c.Class
			}
		}
	}
	for _, v := range allViews(t) {
		for _, c := range v.Columns {
			if class, ok := classes[c.Name]; ok && c.Class == "" {
				t.Errorf("%s.%s says no class; the tables' is %s (say open where it tells of nobody)", v.Name, c.Name, class)
			}
		}
	}
}

func allViews(t *testing.T) []sql.View {
	t.Helper()
	views, err := sql.Views()
	if err != nil {
		t.Fatal(err)
	}
	return views
}

func TestAViewOfWhatIsHiddenIsNotForTheRole(t *testing.T) {
	for _, s := range sql.Roles()[1].Shares(allViews(t)) { // finance
		for _, hidden := range []string{"agent_id", "agent_name", "user_id"} {
			if s.Name != "crm_users" && slices.Contains(s.Columns, hidden) {
				t.Errorf("finance is given %s.%s", s.Name, hidden)
			}
		}
	}
	v := sql.View{
		Grain:   []string{"agent_id"},
		Columns: []sql.ViewColumn{{Name: "agent_id", Class: schema.Performance}, {Name: "contacts"}},
	}
	for want, r := range map[int]sql.Role{0: sql.Roles()[1], 2: sql.Roles()[0]} {
		if got := len(r.ViewColumns(&v)); got != want {
			t.Errorf("%s is given %d columns of a view by agent, want %d", r.Name, got, want)
		}
	}
}

// Each role logs in, sees everything that it may, and is refused everything else.
func tryRoles(t *testing.T, server *pgtest.Server, owner *pgx.Conn) {
	d := sql.PostgreSQL()
	views := allViews(t)
	for _, v := range views {
		query, err := v.Query(d)
		if err != nil {
			t.Fatal(err)
		}
		must(t, owner, d.CreateView(v.Name, query))
	}
	for range 2 { // granting again gives the same
		for _, r := range sql.Roles() {
			must(t, owner, d.GrantShares(r, r.Shares(views), "public")...)
		}
	}
	for _, r := range sql.Roles() {
		t.Run(r.Name, func(t *testing.T) {
			must(t, owner, "create role "+r.Name+"_reader login in role "+r.Account())
			conn := login(t, server.DSN(r.Name+"_reader", "postgres"))
			tryRole(t, r, conn)
			tryWidened(t, owner, r, conn)
		})
	}
}

// tryWidened gives a view of a role a column that the role may not see, as by mistake: it is refused, and the others are not.
func tryWidened(t *testing.T, owner *pgx.Conn, r sql.Role, conn *pgx.Conn) {
	t.Helper()
	shares := r.Shares(nil)
	i := slices.IndexFunc(shares, func(s sql.Share) bool { return s.Name == "queues" })
	s := shares[i]
	s.Columns = append(slices.Clone(s.Columns), "row_hash")
	must(t, owner, sql.PostgreSQL().CreateShare(r, s, "public"))
	wantRefused(t, conn, "select row_hash from "+r.Prefixed("queues"))
	if _, err := conn.Exec(t.Context(), "select count(*), count(name) from "+r.Prefixed("queues")); err != nil {
		t.Errorf("refused what it may see: %v", err)
	}
}

// tryRole asks, as a role, for every column of every table and view, by every name that it might have.
func tryRole(t *testing.T, r sql.Role, conn *pgx.Conn) {
	may := map[string][]string{}
	for _, s := range r.Shares(allViews(t)) {
		may[s.Name] = s.Columns
		if _, err := conn.Exec(t.Context(), "select * from "+r.Prefixed(s.Name)); err != nil {
			t.Errorf("refused what it may see, %s: %v", s.Name, err)
		}
	}
	refused := 0
	for _, table := range schema.All() {
		for _, c := range table.Columns {
			wantRefused(t, conn, fmt.Sprintf("select %q from %q", c.Name, table.Name))
			query := fmt.Sprintf("select %q from %q", c.Name, r.Prefixed(table.Name))
			if slices.Contains(may[table.Name], c.Name) {
				if c.Class.Holds(r.Hides) {
					t.Errorf("%s.%s is given", table.Name, c.Name)
				}
				if _, err := conn.Exec(t.Context(), query); err != nil {
					t.Errorf("refused: %s: %v", query, err)
				}
				continue
			}
			wantRefused(t, conn, query)
			refused++
		}
	}
	if refused == 0 || len(may) < 10 {
		t.Errorf("%d columns refused, %d shares given: nothing was tried", refused, len(may))
	}
	other := "supervisor"
	if r.Name == other {
		other = "finance"
	}
	for _, query := range []string{
		"select * from " + other + "_unified_interactions",
		"set role postgres", "set role trunkline_" + other, "set session authorization postgres",
		"create view v as select * from unified_interactions",
		"create table t (a int)",
		"grant select on unified_interactions to " + r.Account(),
		"copy unified_interactions to stdout",
		"copy (select * from unified_interactions) to program 'cat'",
		"select pg_read_file('postgresql.conf')",
		"update " + r.Prefixed("unified_interactions") + " set is_open = true",
		"delete from " + r.Prefixed("unified_interactions"),
		"alter view " + r.Prefixed("unified_interactions") + " owner to " + r.Account(),
		"select * from pg_statistic",
		"select query_to_xml('select * from unified_interactions', true, true, '')",
	} {
		wantRefused(t, conn, query)
	}
	wantNoCatalogue(t, r, conn)
}

// wantNoCatalogue looks for hidden columns in the information schema and in the statistics, which show values.
func wantNoCatalogue(t *testing.T, r sql.Role, conn *pgx.Conn) {
	t.Helper()
	rows, err := conn.Query(t.Context(), `select table_name, column_name
from information_schema.columns
where table_schema = 'public'
union all
select tablename, attname
from pg_stats
where schemaname = 'public'`)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	var table, column string
	_, err = pgx.ForEachRow(rows, []any{&table, &column}, func() error {
		seen++
		name, own := strings.CutPrefix(table, r.Name+"_")
		if !own {
			t.Errorf("the catalogue shows %s.%s", table, column)
		} else if of := schema.Lookup(name); of != nil {
			if c, _ := of.Column(column); c.Class.Holds(r.Hides) {
				t.Errorf("the catalogue shows %s.%s", table, column)
			}
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Errorf("the catalogue shows %d columns, %v", seen, err)
	}
}

// wantRefused demands that a statement fails for want of a right, or of what it names.
func wantRefused(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), statement)
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || !slices.Contains([]string{"42501", "42P01", "42703"}, e.Code) {
		t.Errorf("%s: %v, want it refused", statement, err)
	}
}
