package duckdb

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/evidence"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// hiddenFrom lists by hand, and not by the classes, some of what a role must never meet.
var hiddenFrom = map[string][]string{
	"supervisor": {"ltv_usd", "open_opportunity_count", "annual_revenue", "amount", "row_hash", "children_hash"},
	"finance": {
		"agent_id", "agent_name", "first_agent_id", "qa_score", "email", "user_id", "evaluator_id", "total_score", "answered_by",
		"row_hash", "children_hash",
	},
}

// marker gives a value that can be found again wherever it is stored, for a column.
func marker(table, column string) string { return "MARK-" + table + "-" + column + "-KRAM" }

// withRoles is a warehouse with a file for each role.
func withRoles(t *testing.T) Config {
	c := tempConfig(t)
	c.Roles = map[string]string{}
	for _, r := range statements.Roles() {
		c.Roles[r.Name] = filepath.Join(filepath.Dir(c.Published), r.Name, "trunkline.duckdb")
	}
	return c
}

// fillMarked puts one row into every table, each text of which says where it stands. Numbers stand for themselves.
func fillMarked(t *testing.T, l *Loader) {
	t.Helper()
	for _, table := range schema.All() {
		values := make([]string, len(table.Columns))
		for i, c := range table.Columns {
			switch c.Type {
			case schema.Text:
				values[i] = "'" + marker(table.Name, c.Name) + "'"
			case schema.Integer:
				values[i] = "4711"
			case schema.Real:
				values[i] = "4711.5"
			case schema.Boolean:
				values[i] = "true"
			case schema.Timestamp:
				values[i] = "timestamp '2026-11-19 12:00:00'"
			}
			if c.Name == "business_date" {
				values[i] = "'2026-11-19'"
			}
		}
		l.mustExec(t, "delete from "+table.Name)
		if table == schema.EtlLeases {
			continue
		}
		l.mustExec(t, "insert into "+table.Name+" values ("+strings.Join(values, ", ")+")")
	}
	if err := l.Begin(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
}

// A role that opens its file finds everything that it may see and nothing else: no hidden column under any name, no value of
// one in any byte of the file, no table that quotes such values.
func TestARoleFindsInItsFileOnlyWhatItMaySee(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "DuckDB", evidence.Roles, evidence.Engine)
	c := withRoles(t)
	l := openAll(t, c)
	fillMarked(t, l)
	publish(t, l, "first", true)
	for _, r := range statements.Roles() {
		own := Config{Published: c.Roles[r.Name]}
		try := reader(t, own.Published)
		refused, seen := 0, 0
		for _, table := range schema.All() {
			for _, column := range table.Columns {
				query := fmt.Sprintf("select %s from %s", column.Name, table.Name)
				prefixed := fmt.Sprintf("select %s from %s_%s", column.Name, r.Name, table.Name)
				mayNot := column.Class.Holds(r.Hides) || isHidden(r, table.Name, column.Name)
				errs := []error{try(query), try(prefixed)}
				switch {
				case mayNot && (errs[0] == nil || errs[1] == nil):
					t.Errorf("%s may ask: %s", r.Name, query)
				case mayNot:
					refused++
				case errs[0] == nil && errs[1] == nil:
					seen++
				}
				if got := errs[0] == nil; got != slices.Contains(columnsFor(t, r, table.Name), column.Name) {
					t.Errorf("%s: %s: seen %v", r.Name, query, got)
				}
			}
		}
		t.Logf("%s: %d columns refused, %d seen", r.Name, refused, seen)
		if refused == 0 || seen == 0 {
			t.Error("nothing was tried")
		}
		wantNoHiddenName(t, r, own)
		wantNoHiddenByte(t, r, own.Published)
	}
}

// reader opens a file as whoever has been given it does, with every right that DuckDB gives him.
func reader(t *testing.T, path string) func(query string) error {
	t.Helper()
	db, conn, err := connect(t.Context(), Config{}, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(conn.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	})
	return func(query string) error {
		var value any
		return conn.QueryRowContext(t.Context(), query).Scan(&value)
	}
}

// isHidden tells whether a column is one of those that are listed by hand.
func isHidden(r statements.Role, table, column string) bool {
	table = strings.TrimPrefix(table, r.Name+"_")
	if table == "crm_users" || table == "surveys" && column == "total_score" { // owners of accounts; the customer's own score
		return column == "row_hash"
	}
	return slices.Contains(hiddenFrom[r.Name], column)
}

// columnsFor gives the columns of a table that a role is declared to see.
func columnsFor(t *testing.T, r statements.Role, table string) []string {
	t.Helper()
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Shares(views) {
		if s.Name == table {
			return s.Columns
		}
	}
	return nil
}

// wantNoHiddenName looks into the catalogue of a role's file.
func wantNoHiddenName(t *testing.T, r statements.Role, own Config) {
	t.Helper()
	for _, row := range ask(t, own, "select table_name, column_name from information_schema.columns") {
		if isHidden(r, row[0].(string), row[1].(string)) {
			t.Errorf("%s: the file has a column %v of %v", r.Name, row[1], row[0])
		}
	}
	for _, row := range ask(t, own, "select table_name from duckdb_tables()") {
		name := row[0].(string)
		if strings.HasPrefix(name, "kept_") || name == "unified_interaction_changes" || strings.HasPrefix(name, "etl_") && name != "etl_publications" {
			t.Errorf("%s: the file has the table %s", r.Name, name)
		}
	}
}

// wantNoHiddenByte looks for hidden values in the bytes of the file, free blocks included. What may be seen is found there:
// else looking would prove nothing.
func wantNoHiddenByte(t *testing.T, r statements.Role, path string) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, table := range schema.All() {
		for _, c := range table.Columns {
			there := bytes.Contains(file, []byte(marker(table.Name, c.Name)))
			if there {
				found++
			}
			if there && !slices.Contains(columnsFor(t, r, table.Name), c.Name) {
				t.Errorf("%s: a value of %s.%s lies in the file", r.Name, table.Name, c.Name)
			}
		}
	}
	if found < 50 {
		t.Errorf("%s: only %d markers lie in the file: the search is blind", r.Name, found)
	}
}

// A role sees the rows and figures that everybody sees, whatever the gate says of them.
func TestARoleSeesWhatIsPublished(t *testing.T) {
	t.Parallel()
	c := withRoles(t)
	l := openAll(t, c)
	supervisor, finance := Config{Published: c.Roles["supervisor"]}, Config{Published: c.Roles["finance"]}
	contacts(t, l, 10, 0)
	publish(t, l, "closed", false)
	err := Query(t.Context(), supervisor, contactsOfGold, &loadertest.Answer{})
	if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Code != "TL7003" {
		t.Errorf("a withheld view: %v, want TL7003", err)
	}
	publish(t, l, "open", true)
	contacts(t, l, 30, 29)
	got := publish(t, l, "closed again", false)
	if diff := cmp.Diff([]string{c.Roles["supervisor"], c.Roles["finance"]}, got.Roles); diff != "" {
		t.Error(diff)
	}
	for _, own := range []Config{supervisor, finance} {
		for query, want := range map[string]any{
			contactsOfGold: int64(10), // kept
			"select total_contacts from supervisor_escalation_by_tier where customer_tier = 'Gold'": int64(10),
			"select sum(total_contacts)::bigint from join_quality_daily":                            int64(30),
			"select count(*) from unified_interactions":                                             int64(30),
			"select state from etl_publications where view_name = 'escalation_by_tier'":             "kept",
		} {
			if own.Published == finance.Published {
				query = strings.ReplaceAll(query, "supervisor_", "finance_")
			}
			if diff := cmp.Diff([][]any{{want}}, ask(t, own, query)); diff != "" {
				t.Errorf("%s: %s: %s", own.Published, query, diff)
			}
		}
		for _, view := range []string{"queue_performance_daily", "data_freshness", "bot_containment_by_industry"} {
			if diff := cmp.Diff(ask(t, c, "select * from "+view+" order by all"), ask(t, own, "select * from "+view+" order by all")); diff != "" {
				t.Errorf("%s: %s: %s", own.Published, view, diff)
			}
		}
	}
	bare := ask(t, c, "select view_name from duckdb_views() where not internal and comment is null union all select c.table_name || '.' || c.column_name from duckdb_columns() as c where not internal and comment is null and table_name not like 'kept_%' order by all")
	if len(bare) > 0 {
		t.Errorf("without a comment are %v", bare)
	}
	for _, table := range []string{"queue_performance_daily", "unified_interactions"} {
		bare := ask(t, finance, "select column_name from duckdb_columns() where table_name = '"+table+"' and comment is null")
		if len(bare) > 0 {
			t.Errorf("of finance, %s has no comment on %v", table, bare)
		}
	}
	comment := ask(t, finance, "select comment from duckdb_columns() where table_name = 'unified_interactions' and column_name = 'ltv_usd'")
	if doc, _ := schema.UnifiedInteractions.Column("ltv_usd"); len(comment) != 1 || comment[0][0] != doc.Doc {
		t.Errorf("the comment of ltv_usd is %v", comment)
	}
}

// A publication that fails replaces no file.
func TestRolesKeepTheirFilesWhenAPublicationFails(t *testing.T) {
	t.Parallel()
	c := withRoles(t)
	l := openAll(t, c)
	contacts(t, l, 10, 0)
	publish(t, l, "first", true)
	contacts(t, l, 20, 0)
	if err := os.MkdirAll(c.Roles["finance"]+".next/x", 0o755); err != nil { // in the way of the last file to be made
		t.Fatal(err)
	}
	if _, err := l.Publish(t.Context(), pipeline.Publication{Run: "second", GateOpen: true, At: time.Now()}); err == nil {
		t.Fatal("publish over a folder succeeded")
	}
	for _, path := range []string{c.Published, c.Roles["supervisor"], c.Roles["finance"]} {
		if diff := cmp.Diff([][]any{{int64(10)}}, ask(t, Config{Published: path}, contactsOfGold)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func TestRolesThatCannotBe(t *testing.T) {
	for name, roles := range map[string]map[string]string{
		"an unknown role":     {"auditor": "a.duckdb"},
		"the warehouse":       {"finance": "w.duckdb"},
		"the published file":  {"finance": "./p.duckdb"},
		"one file for two":    {"finance": "f.duckdb", "supervisor": "f.duckdb"},
		"a path of a meaning": {"finance": "f.duckdb?access_mode=READ_WRITE"},
	} {
		_, err := Open(t.Context(), Config{Path: "w.duckdb", Published: "p.duckdb", Roles: roles}, "test")
		if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Code != "TL6004" {
			t.Errorf("%s: %v, want TL6004", name, err)
		}
	}
}
