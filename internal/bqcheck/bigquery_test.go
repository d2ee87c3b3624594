package bqcheck_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"trunkline/internal/evidence"
	"trunkline/schema"
	"trunkline/sql"
)

// Every statement of every file is understood, in the order in which it is sent. The views are made first: roles look at them.
func TestEveryStatement(t *testing.T) {
	evidence.Shows(t, "BigQuery", evidence.Statements, evidence.Analyser)
	a := newAnalyser(t)
	files := os.DirFS("../../sql/bigquery")
	var views strings.Builder
	statements := 0
	names, err := fs.Glob(files, "views/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d views, %v", len(names), err)
	}
	for _, name := range names {
		views.WriteString(read(t, files, name))
	}
	err = fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		t.Run(name, func(t *testing.T) {
			text := read(t, files, name)
			if strings.HasPrefix(name, "roles/") {
				text = views.String() + text
			}
			n, err := a.script(text)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				t.Error("holds no statement")
			}
			statements += n
		})
		return nil
	})
	if err != nil || statements < 500 {
		t.Errorf("%d statements were looked at, %v", statements, err)
	}
	t.Logf("%d statements", statements)
}

func read(t *testing.T, files fs.FS, name string) string {
	t.Helper()
	text, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The statements by which the loader takes its lease are understood too.
func TestTheLease(t *testing.T) {
	a := newAnalyser(t)
	if n, err := a.script(read(t, os.DirFS("../../loaders/bigquery"), "lease.sql")); err != nil || n < 6 {
		t.Errorf("%d statements, %v", n, err)
	}
}

// What a migration may have to send later is understood too.
func TestMigrations(t *testing.T) {
	a, d := newAnalyser(t), sql.BigQuery()
	for _, table := range schema.All() {
		if table.Internal {
			continue
		}
		all := []string{d.CommentTable(table)}
		for _, c := range table.Columns {
			later := c
			later.Name += "_later"
			all = append(all, d.AddColumn(table, later), d.CommentColumn(table, c), d.ChangeType(table, c, "int64"), d.ChangeType(table, c, "bytes"))
		}
		if _, err := a.script(strings.Join(all, ";\n") + ";\n"); err != nil {
			t.Errorf("%s: %v", table.Name, err)
		}
	}
}

// The analyser refuses what it is here to refuse: without this, the other tests could not fail.
func TestRefusals(t *testing.T) {
	a := newAnalyser(t)
	for name, statement := range map[string]string{
		"unknown column":             "select no_such_column from unified_interactions",
		"unknown table":              "select 1 from no_such_table",
		"unknown table in a dataset": "select 1 from trunkline.no_such_table",
		"colons":                     "select duration_ms::string from unified_interactions",
		"sum of truths":              "select sum(was_escalated) from unified_interactions",
		"getdate":                    "select getdate()",
		"interval as text":           "select current_date() - interval '30 days'",
		"timestamp and datetime":     "select 1 from unified_interactions where conversation_start >= current_date() - interval 30 day",
		"delete without where":       "delete from unified_interactions",
		"delete using":               "delete from users using queues where users.user_id = queues.queue_id",
		"on conflict":                "insert into etl_commits (step_id) values ('a') on conflict (step_id) do nothing",
		"filter":                     "select count(*) filter (where was_escalated) from unified_interactions",
		"double quotes are no names": `select "a".b from unified_interactions as a`,
		"missing group by":           "select queue_id, count(*) from unified_interactions",
		"wrong type in an insert":    "insert into etl_commits (step_id, inserted) values ('a', 'b')",
		"merge into an unknown":      "merge users using queues on users.user_id = queues.queue_id when matched then update set no_such = 1",
		"an outer join on less":      "select 1 from users left join queues on users.user_id < queues.queue_id",
		"an outer join on one side":  "select 1 from users left join queues on users.user_id = 'a'",
		"unknown parameter":          "select @no_such_parameter",
		"a parameter of another":     "select 1 from unified_interactions where conversation_start >= @join_limit",
		"undeclared variable":        "set n = 1",
		"a variable of another type": "declare n int64;\nset n = 'a'",
		"too few values":             "declare n, m int64;\nset (n, m) = (select as struct 1)",
		"a temporary table's column": "create temp table p as select 1 as a;\nselect b from p",
		"no transaction":             "begin transaktion",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := a.script(statement + ";\n"); err == nil {
				t.Errorf("is let pass: %s", statement)
			}
		})
	}
	for name, statement := range map[string]string{
		"a variable":                 "declare n int64;\nset n = (select count(*) from users);\nselect n",
		"a temporary table":          "create temp table p as select user_id as a from users;\nselect lower(a) from p",
		"an outer join":              "select 1 from users left join queues on users.user_id = queues.queue_id and users.user_id < 'z'",
		"an outer join on functions": "select 1 from users left join queues on lower(users.user_id) = queues.queue_id",
	} {
		t.Run("passes "+name, func(t *testing.T) {
			if _, err := a.script(statement + ";\n"); err != nil {
				t.Error(err)
			}
		})
	}
}
