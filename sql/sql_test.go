package sql_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/schema"
	"trunkline/sql"
)

var update = flag.Bool("update", false, "rewrite the generated files")

func dialects() []sql.Dialect {
	return []sql.Dialect{sql.DuckDB(), sql.PostgreSQL(), sql.Redshift(), sql.BigQuery(), sql.Snowflake(), sql.Databricks()}
}

// The statements that are sent are committed, so that a change of any is read in the diff.
func TestGeneratedStatementsAreCommitted(t *testing.T) {
	for _, d := range dialects() {
		want, err := d.Files()
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			rewrite(t, d.Name, want)
		}
		got := map[string]string{}
		err = filepath.WalkDir(d.Name, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			name, relErr := filepath.Rel(d.Name, path)
			if relErr != nil {
				return relErr
			}
			got[filepath.ToSlash(name)] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is stale; run go test ./sql -update\n%s", d.Name, diff)
		}
	}
}

func rewrite(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDictionaryIsCommitted(t *testing.T) {
	var want bytes.Buffer
	if err := sql.Dictionary(&want); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "docs", "data-dictionary.md")
	if *update {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("docs/data-dictionary.md is stale; run go test ./sql -update\n%s", diff)
	}
}

func TestTextInCommentsIsEscaped(t *testing.T) {
	table := &schema.Table{Name: `o"dd`, Doc: `it's; drop table x --`, Columns: []schema.Column{{Name: "a", Doc: "''"}}}
	d := sql.DuckDB()
	if got, want := d.CommentTable(table), `comment on table "o""dd" is 'it''s; drop table x --'`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := d.CommentColumn(table, table.Columns[0]), `comment on column "o""dd"."a" is ''''''`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Files that people write are complete: each .sql has its .yaml and the other way round, with something to read and
// something to hold it against.
func TestViewsAndChecksAreDocumented(t *testing.T) {
	views, err := sql.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if v.Title == "" || v.Question == "" || v.Period == "" || len(v.Grain) == 0 || len(v.Examples) == 0 {
			t.Errorf("view %s: title, question, period, grain and examples are needed", v.Name)
		}
		for _, c := range v.Columns {
			if c.Name == "" || c.Unit == "" || c.Meaning == "" {
				t.Errorf("view %s: column %+v is not documented", v.Name, c)
			}
		}
		columns := v.Columns
		for _, m := range v.Measures() {
			for _, term := range slices.Concat(m.Numerator, m.Denominator) {
				if !slices.ContainsFunc(columns, func(c sql.ViewColumn) bool { return c.Name == term.Column }) {
					t.Errorf("view %s: %s, of the measure %s, is no column", v.Name, term.Column, m.Name)
				}
			}
			if (m.ViewColumn.Numerator == "") != (m.ViewColumn.Denominator == "") {
				t.Errorf("view %s: measure %s: numerator and denominator go together", v.Name, m.Name)
			}
			if m.Better != "" && m.Better != sql.Higher && m.Better != sql.Lower {
				t.Errorf("view %s: measure %s: better is higher, lower or nothing, not %q", v.Name, m.Name, m.Better)
			}
		}
		for _, c := range v.Columns {
			if c.Title == "" && (c.Numerator != "" || c.Denominator != "" || c.Better != "") {
				t.Errorf("view %s: column %s has no title, so it is no measure", v.Name, c.Name)
			}
		}
		for _, g := range slices.Concat(v.Grain, v.Dimensions) {
			if !slices.ContainsFunc(columns, func(c sql.ViewColumn) bool { return c.Name == g }) {
				t.Errorf("view %s: %s is no column", v.Name, g)
			}
		}
	}
	checks, err := sql.Checks()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.Title == "" || c.Unit == "" || len(c.Examples) == 0 || (c.Severity != "warn" && c.Severity != "gate") {
			t.Errorf("check %s: title, unit, severity and examples are needed", c.ID)
		}
	}
	for dir, n := range map[string]int{"views": len(views), "checks": len(checks)} {
		docs, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
		if err != nil || len(docs) != n {
			t.Errorf("%s: %d .yaml beside %d .sql (%v)", dir, len(docs), n, err)
		}
	}
}

// The guide's columns come first in what the guide's readers query.
func TestViewsOfTheGuideKeepItsColumns(t *testing.T) {
	views, err := sql.Views()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"escalation_by_tier":          {"customer_tier", "total_contacts", "escalation_rate_pct"},
		"bot_containment_by_industry": {"industry", "total_contacts", "containment_rate_pct"},
	}
	for _, v := range views {
		for _, name := range want[v.Name] {
			if !slices.ContainsFunc(v.Columns, func(c sql.ViewColumn) bool { return c.Name == name }) {
				t.Errorf("view %s lacks %s", v.Name, name)
			}
		}
		delete(want, v.Name)
	}
	if len(want) > 0 {
		t.Errorf("no views %v", want)
	}
}

func TestChecksAreMadeForEachTable(t *testing.T) {
	checks, err := sql.Checks()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, c := range sql.ForTables(checks, []*schema.Table{schema.Queues, schema.SourceAggregates}) {
		if c.ID != "unique_key" {
			continue
		}
		n++
		query, err := c.Query(sql.DuckDB())
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(query, "source_aggregates") && !strings.Contains(query, `"media_type", "metric"`) {
			t.Errorf("the key is not whole:\n%s", query)
		}
	}
	if n != 2 {
		t.Errorf("unique_key was bound %d times, want 2", n)
	}
}
