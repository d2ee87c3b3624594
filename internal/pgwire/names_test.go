package pgwire

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whoever lists what there is, each by its own question, is told of everything once and by its plain name; what is not listed can be read.
func TestEachTableHasOneName(t *testing.T) {
	t.Parallel()
	s := serve(t, func(c *Config) {
		c.Roles[0].Path = filepath.Join(filepath.Dir(c.Roles[0].Path), "names.duckdb")
		makeFile(t, c.Roles[0].Path, `create table rows (id integer primary key); create view admin_rows as select * from rows;
create table kept_figures (n integer); create view figures as select * from kept_figures; create view admin_figures as select * from figures;
create view admin_alone as select 1 as a; create table kept_alone (a integer)`)
	})
	conn := s.connect(t, "")
	want := [][]any{{"admin_alone"}, {"figures"}, {"kept_alone"}, {"rows"}}
	for _, query := range []string{
		"show tables",
		"select table_name from information_schema.tables where table_schema = 'main' order by 1",
		"select distinct table_name from information_schema.columns where table_schema = 'main' order by 1",
		"select relname from pg_catalog.pg_class where relkind in ('r', 'v') and relnamespace = 'main'::regnamespace order by 1",
		"select tablename from pg_tables union all select viewname from pg_views order by 1",
		"select distinct c.relname from pg_attribute as a join pg_class as c on c.oid = a.attrelid where c.relkind in ('r', 'v') order by 1",
	} {
		if diff := cmp.Diff(want, ask(t, conn, query)); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
	ask(t, conn, "select * from admin_rows, kept_figures")
}
