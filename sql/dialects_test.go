package sql_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/evidence"
	"trunkline/schema"
	"trunkline/sql"
)

// What views and checks call by name is there in every dialect, so that none of them can be written for some only.
func TestDialectsHaveTheSameFunctions(t *testing.T) {
	want := slices.Sorted(maps.Keys(sql.DuckDB().Functions))
	for _, d := range dialects() {
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(d.Functions))); diff != "" {
			t.Errorf("%s: %s", d.Name, diff)
		}
	}
}

// Every dialect makes the same files, of which none has anything left that was to be filled in.
func TestDialectsMakeTheSameFiles(t *testing.T) {
	for _, warehouse := range []string{"Snowflake", "Databricks"} {
		evidence.Shows(t, warehouse, evidence.Statements, evidence.Text)
	}
	want := slices.Sorted(maps.Keys(filesOf(t, sql.DuckDB())))
	unfilled := regexp.MustCompile(`\{\{|\}\}|%!|<no value>|%s|%\[`)
	for _, d := range dialects() {
		files := filesOf(t, d)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(files))); diff != "" {
			t.Errorf("%s: %s", d.Name, diff)
		}
		for name, text := range files {
			if found := unfilled.FindString(text); found != "" {
				t.Errorf("%s/%s holds %q", d.Name, name, found)
			}
			if strings.Contains(text, "Evidence: text") != (d.Untried != "") {
				t.Errorf("%s/%s does not say what it is worth", d.Name, name)
			}
		}
	}
}

func filesOf(t *testing.T, d sql.Dialect) map[string]string {
	t.Helper()
	files, err := d.Files()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Words that a warehouse does not know, and that another one has in the same place.
func TestDialectsKeepToTheirWords(t *testing.T) {
	foreign := map[string][]string{
		"duckdb":   {"`", "::", "current_setting", "@", "$loaded"},
		"postgres": {"`", "::", "getvariable", "cast(null as string)", "countif", "safe_offset"},
		"bigquery": {
			`"`, "::", "filter (", "\nusing ", "bool_or", "percentile_cont", "approx_", "on conflict", "comment on", "getvariable",
			"current_setting", "interval '", "varchar", "as double)", "create temporary table",
		},
		"snowflake": {
			"`", "::", "filter (", "bool_or", "string_agg", "unnest", "on conflict", "date_sub", "format_date", "div(", " div ", "current_setting",
			"struct(", "exists (\n",
		},
		"databricks": {
			`"`, "::", "filter (", "\nusing ", "string_agg", "unnest(", "on conflict", "varchar", "current_setting", "comment on column",
			"timestamp_ntz", "strftime",
		},
	}
	for _, d := range dialects() {
		for name, text := range filesOf(t, d) {
			text = withoutTexts(text)
			for _, word := range foreign[d.Name] {
				if strings.Contains(text, word) {
					t.Errorf("%s/%s has %q", d.Name, name, word)
				}
			}
		}
	}
}

// literal finds literals: with a quote doubled within, or after a backslash.
var literal = regexp.MustCompile(`'(?:[^'\\]|\\.|'')*'`)

// withoutTexts empties the literals of a file and leaves out its comments: what they say is no SQL.
func withoutTexts(text string) string {
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.HasPrefix(l, "--") })
	return literal.ReplaceAllString(strings.Join(lines, "\n"), "''")
}

// A name or a text ends where it is meant to end, whatever is in it.
func TestQuotingEndsWhereItIsMeantTo(t *testing.T) {
	const nasty = "a'b\\c`d\"e\n"
	for name, want := range map[string][2]string{
		"duckdb":     {`"a'b\c` + "`" + `d""e` + "\n\"", `'a''b\c` + "`" + `d"e` + "\n'"},
		"postgres":   {`"a'b\c` + "`" + `d""e` + "\n\"", `'a''b\c` + "`" + `d"e` + "\n'"},
		"redshift":   {`"a'b\c` + "`" + `d""e` + "\n\"", `'a''b\\c` + "`" + `d"e` + "\n'"},
		"bigquery":   {"`a'b\\\\c\\`d\"e\\n`", `'a\'b\\c` + "`" + `d"e\n'`},
		"snowflake":  {`"A'B\C` + "`" + `D""E` + "\n\"", `'a''b\\c` + "`" + `d"e` + "\n'"},
		"databricks": {"`a'b\\c``d\"e\n`", `'a\'b\\c` + "`" + `d"e\n'`},
	} {
		i := slices.IndexFunc(dialects(), func(d sql.Dialect) bool { return d.Name == name })
		d := dialects()[i]
		if got := d.Quote(nasty); got != want[0] {
			t.Errorf("%s: name %s, want %s", name, got, want[0])
		}
		if got := d.Literal(nasty); got != want[1] {
			t.Errorf("%s: literal %s, want %s", name, got, want[1])
		}
	}
}

// Every role's file gives it its shares, and nothing that is hidden from it.
func TestRolesInEveryDialect(t *testing.T) {
	views := allViews(t)
	for _, d := range dialects() {
		files := filesOf(t, d)
		for _, r := range sql.Roles() {
			text := files["roles/"+r.Name+".sql"]
			for _, s := range r.Shares(views) {
				if !strings.Contains(text, d.Quote(s.Name)) && !strings.Contains(text, d.Quote(r.Prefixed(s.Name))) {
					t.Errorf("%s: %s is not given %s", d.Name, r.Name, s.Name)
				}
			}
			for _, c := range schema.UnifiedInteractions.Columns {
				if hidden := c.Class.Holds(r.Hides); hidden && strings.Contains(text, "    "+d.Quote(c.Name)) {
					t.Errorf("%s: %s is given %s", d.Name, r.Name, c.Name)
				}
			}
		}
	}
}

// BigQuery documents a column in 1024 characters and a table in 16384, and more would fail the statement that makes it.
func TestDocumentationFitsBigQuery(t *testing.T) {
	for _, table := range schema.All() {
		if n := len([]rune(table.Doc)); n > 16384 {
			t.Errorf("%s is documented in %d characters", table.Name, n)
		}
		for _, c := range table.Columns {
			if n := len([]rune(c.Doc)); n > 1024 {
				t.Errorf("%s.%s is documented in %d characters", table.Name, c.Name, n)
			}
		}
	}
}
