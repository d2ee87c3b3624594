// Package dbt writes a dbt package that has the tables and views as sources, with their documentation, tests and freshness, and the
// dashboards as exposures.
//
// It is generated and committed beside this file, and holds no model: trunkline publishes its views itself. A project takes it in as a
// local package or by git (docs/connect/dbt.md); the variables trunkline_database and trunkline_schema say where the tables are.
package dbt

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"trunkline/schema"
	"trunkline/sql"
)

// The names of the package and of its one source.
const name = "trunkline"

type project struct {
	Name     string          `yaml:"name"`
	Version  string          `yaml:"version"`
	Config   int             `yaml:"config-version"`
	Requires []string        `yaml:"require-dbt-version"`
	Paths    []string        `yaml:"model-paths"`
	Macros   []string        `yaml:"macro-paths"`
	Flags    map[string]bool `yaml:"flags"`
}

type properties struct {
	Version   int        `yaml:"version"`
	Sources   []source   `yaml:"sources,omitempty"`
	Exposures []exposure `yaml:"exposures,omitempty"`
}

type source struct {
	Name        string  `yaml:"name"`
	Description string  `yaml:"description"`
	Database    string  `yaml:"database"`
	Schema      string  `yaml:"schema"`
	Tables      []table `yaml:"tables"`
}

type table struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Config      *config  `yaml:"config,omitempty"`
	Tests       []any    `yaml:"data_tests,omitempty"`
	Columns     []column `yaml:"columns"`
}

type column struct {
	Name        string   `yaml:"name"`
	Description string   `yaml:"description"`
	Config      *config  `yaml:"config,omitempty"`
	Tests       []string `yaml:"data_tests,omitempty"`
}

type config struct {
	Meta      map[string]string `yaml:"meta,omitempty"`
	LoadedAt  string            `yaml:"loaded_at_field,omitempty"`
	Freshness *freshness        `yaml:"freshness,omitempty"`
}

type freshness struct {
	Warn  period `yaml:"warn_after"`
	Error period `yaml:"error_after"`
}

type period struct {
	Count  int    `yaml:"count"`
	Period string `yaml:"period"`
}

type exposure struct {
	Name        string            `yaml:"name"`
	Label       string            `yaml:"label"`
	Type        string            `yaml:"type"`
	Maturity    string            `yaml:"maturity"`
	Description string            `yaml:"description"`
	DependsOn   []string          `yaml:"depends_on"`
	Owner       map[string]string `yaml:"owner"`
}

// together is a test of ours: of a key of several columns dbt's own `unique` knows nothing.
const together = `{% test unique_together(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
`

// Files gives the package: the text of each file by its name below sql/dbt.
func Files() (map[string]string, error) {
	views, err := sql.Views()
	if err != nil {
		return nil, err
	}
	if views, err = sql.WithPivots(views, nil); err != nil { // which questions are columns, the configuration says
		return nil, err
	}
	documents := map[string]any{
		"dbt_project.yml": project{
			Name: name, Version: "1.0.0", Config: 2, Requires: []string{">=1.10.5", "<2.0.0"}, Paths: []string{"models"}, Macros: []string{"macros"},
			Flags: map[string]bool{"require_generic_test_arguments_property": true},
		},
		"models/sources.yml":   properties{Version: 2, Sources: []source{sourceOf(views)}},
		"models/exposures.yml": properties{Version: 2, Exposures: exposures(views)},
	}
	files := map[string]string{"macros/unique_together.sql": together}
	for file, document := range documents {
		text, err := yaml.MarshalWithOptions(document, yaml.IndentSequence(true))
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", file, err)
		}
		files[file] = "# Generated from the schema and the views; do not edit.\n" + string(text)
	}
	return files, nil
}

// sourceOf gives the tables and views as one source.
func sourceOf(views []sql.View) source {
	s := source{
		Name: name, Description: "What trunkline lands and publishes: times are UTC, durations milliseconds, and NULL is not known.",
		Database: "{{ var('trunkline_database', target.database) }}", Schema: "{{ var('trunkline_schema', target.schema) }}",
	}
	for _, t := range schema.All() {
		s.Tables = append(s.Tables, tableOf(t))
	}
	for _, v := range views {
		s.Tables = append(s.Tables, viewOf(v))
	}
	return s
}

func tableOf(t *schema.Table) table {
	out := table{Name: t.Name, Description: t.Doc}
	keys := t.Keys()
	for _, c := range t.Columns {
		own := column{Name: c.Name, Description: c.Doc, Config: classified(c.Class)}
		if !c.Nullable {
			own.Tests = append(own.Tests, "not_null")
		}
		if c.Key && len(keys) == 1 {
			own.Tests = append(own.Tests, "unique")
		}
		out.Columns = append(out.Columns, own)
	}
	out.Tests = unique(keys)
	if t == schema.UnifiedInteractions { // every night writes some of it; other tables may rest for good
		out.Config = &config{LoadedAt: "etl_loaded_at", Freshness: &freshness{period{30, "hour"}, period{54, "hour"}}}
	}
	return out
}

func viewOf(v sql.View) table {
	out := table{Name: v.Name, Description: fmt.Sprintf("%s. %s Looks at %s.", v.Title, v.Question, v.Period), Tests: unique(v.Grain)}
	if v.NeedsCRM {
		out.Description += " Needs the CRM: while the join gate is closed it shows the last run that passed it."
	}
	for _, c := range v.Columns {
		own := column{Name: c.Name, Description: c.Meaning, Config: classified(c.Class)}
		if len(v.Grain) == 1 && v.Grain[0] == c.Name {
			own.Tests = []string{"unique"}
		}
		out.Columns = append(out.Columns, own)
	}
	return out
}

// unique gives the test of a key of several columns; one of a single column is tested with the column.
func unique(keys []string) []any {
	if len(keys) < 2 {
		return nil
	}
	return []any{map[string]any{"unique_together": map[string]any{"arguments": map[string]any{"columns": keys}}}}
}

// classified says who may see a column, where not everybody may.
func classified(c schema.Class) *config {
	if c == schema.Open {
		return nil
	}
	return &config{Meta: map[string]string{"class": string(c)}}
}

// exposures gives the dashboards, each of which shows the views.
func exposures(views []sql.View) []exposure {
	refs := make([]string, 0, len(views)+1)
	for _, v := range views {
		refs = append(refs, fmt.Sprintf("source('%s', '%s')", name, v.Name))
	}
	refs = append(refs, fmt.Sprintf("source('%s', '%s')", name, schema.EtlPublications.Name))
	var all []exposure
	for _, tool := range []string{"Power BI", "Grafana"} {
		id := strings.ToLower(strings.ReplaceAll(tool, " ", "_"))
		all = append(all, exposure{
			Name: name + "_" + id, Label: "Trunkline in " + tool, Type: "dashboard", Maturity: "high",
			Description: "Generated from the same views: dashboards/" + strings.ReplaceAll(id, "_", "") + ".",
			DependsOn:   refs, Owner: map[string]string{"name": name},
		})
	}
	return all
}
