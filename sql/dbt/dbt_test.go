package dbt_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"trunkline/schema"
	"trunkline/sql"
	"trunkline/sql/dbt"
)

var update = flag.Bool("update", false, "rewrite the dbt package")

func TestPackageIsCommitted(t *testing.T) {
	want := files(t)
	if *update {
		for _, dir := range []string{"models", "macros"} { // leave nothing of an earlier package
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
		write(t, ".", want)
	}
	got := map[string]string{}
	for _, pattern := range []string{"*.yml", "models/*", "macros/*"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got[filepath.ToSlash(name)] = string(text)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the dbt package is stale; run go test ./sql/dbt -update\n%s", diff)
	}
}

func files(t *testing.T) map[string]string {
	t.Helper()
	all, err := dbt.Files()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
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

// What dbt reads of the sources, in so far as our laws speak of it.
type sources struct {
	Sources []struct {
		Tables []struct {
			Name        string
			Description string
			Tests       []map[string]struct {
				Arguments struct{ Columns []string }
			} `yaml:"data_tests"`
			Columns []struct {
				Name, Description string
				Config            struct{ Meta struct{ Class string } }
				Tests             []string `yaml:"data_tests"`
			}
		}
	}
}

// Every table and view is there with every column, and its key is tested, of however many columns it is.
func TestSourcesHoldEveryColumnAndKey(t *testing.T) {
	var read sources
	if err := yaml.Unmarshal([]byte(files(t)["models/sources.yml"]), &read); err != nil {
		t.Fatal(err)
	}
	type described struct {
		Columns, Required, Unique []string
		Classes                   map[string]string
	}
	got := map[string]described{}
	for _, table := range read.Sources[0].Tables {
		d := described{Classes: map[string]string{}}
		for _, c := range table.Columns {
			d.Columns = append(d.Columns, c.Name)
			if c.Description == "" || table.Description == "" {
				t.Errorf("%s.%s is not described", table.Name, c.Name)
			}
			if slices.Contains(c.Tests, "not_null") {
				d.Required = append(d.Required, c.Name)
			}
			if slices.Contains(c.Tests, "unique") {
				d.Unique = append(d.Unique, c.Name)
			}
			if c.Config.Meta.Class != "" {
				d.Classes[c.Name] = c.Config.Meta.Class
			}
		}
		for _, test := range table.Tests {
			d.Unique = append(d.Unique, test["unique_together"].Arguments.Columns...)
		}
		got[table.Name] = d
	}
	want := map[string]described{}
	for _, table := range schema.All() {
		d := described{Unique: table.Keys(), Classes: map[string]string{}}
		for _, c := range table.Columns {
			d.Columns = append(d.Columns, c.Name)
			if !c.Nullable {
				d.Required = append(d.Required, c.Name)
			}
			if c.Class != "" {
				d.Classes[c.Name] = string(c.Class)
			}
		}
		want[table.Name] = d
	}
	views, err := sql.Views()
	if err != nil {
		t.Fatal(err)
	}
	if views, err = sql.WithPivots(views, nil); err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		d := described{Unique: v.Grain, Classes: map[string]string{}}
		for _, c := range v.Columns {
			d.Columns = append(d.Columns, c.Name)
			if c.Class != "" {
				d.Classes[c.Name] = string(c.Class)
			}
		}
		want[v.Name] = d
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
}

// dbt itself takes the package and finds its tests to hold, on a warehouse that trunkline has filled.
func TestDbtRunsThePackage(t *testing.T) {
	program, warehouse := os.Getenv("TRUNKLINE_TEST_DBT"), os.Getenv("TRUNKLINE_TEST_DBT_WAREHOUSE")
	if program == "" || warehouse == "" {
		t.Skip("run make check-dbt, or set TRUNKLINE_TEST_DBT to dbt with dbt-duckdb, and TRUNKLINE_TEST_DBT_WAREHOUSE to a published DuckDB file")
	}
	warehouse, err := filepath.Abs(warehouse)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	all := map[string]string{}
	for name, text := range files(t) {
		all["trunkline/"+name] = text
	}
	all["dbt_project.yml"] = "name: reader\nconfig-version: 2\nprofile: reader\nflags: {require_generic_test_arguments_property: true}\n"
	all["packages.yml"] = "packages: [{local: trunkline}]\n"
	all["models/by_day.sql"] = "select business_date, sum(contacts) as contacts from {{ source('trunkline', 'contact_kpis_daily') }} group by 1\n"
	all["models/twice.sql"] = "select 1 as a, 2 as b union all select 1, 2\n"
	all["models/twice.yml"] = "models: [{name: twice, data_tests: [{trunkline.unique_together: {arguments: {columns: [a, b]}}}]}]\n"
	all["profiles.yml"] = "reader: {target: dev, outputs: {dev: {type: duckdb, path: own.duckdb, schema: main, attach: [{path: '" + warehouse +
		"', alias: warehouse, read_only: true}]}}}\n"
	write(t, dir, all)
	run := func(fails bool, want string, args ...string) {
		t.Helper()
		args = append(args, "--vars", "{trunkline_database: warehouse, trunkline_schema: main}")
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "DBT_SEND_ANONYMOUS_USAGE_STATS=false", "DBT_USE_COLORS=false", "DBT_VERSION_CHECK=false", "DBT_PROFILES_DIR="+dir)
		out, err := cmd.CombinedOutput()
		if (err != nil) != fails || !strings.Contains(string(out), want) {
			t.Fatalf("dbt %s: %v\n%s", args[0], err, out)
		}
		t.Logf("dbt %s: %s", args[0], lastLine(string(out)))
	}
	run(false, "Installed from", "deps")
	run(false, "", "parse", "--warn-error") // and so without anything that is deprecated
	run(false, "ERROR=0", "build", "--exclude", "twice")
	run(false, "", "source", "freshness")
	run(true, "ERROR=1", "build", "--select", "twice") // the test of keys is able to fail
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
