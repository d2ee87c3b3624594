// Package grafanatest reads the queries out of what Grafana is provisioned with, and expands them as Grafana and its plugins do, so that
// tests can send them to the warehouses themselves. Only tests import it.
package grafanatest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Query is one that Grafana would send.
type Query struct {
	Warehouse string // postgres, redshift, bigquery or duckdb
	Board     string // the dashboard's file; alerting for a rule
	Name      string // title of the panel, name of the variable or annotation, uid of the rule
	Kind      string // type of the panel, variable, annotation or alert
	Text      string
	Fields    []string // of a table: the columns that it knows

	// Of an alert: how far back it looks, and the numbers above or below which it speaks; infinite where it does not.
	Hours        int
	Above, Below float64
}

// String says where the query is.
func (q Query) String() string {
	return q.Warehouse + "/" + q.Board + "/" + q.Name + " (" + q.Kind + ")"
}

// Selection is what the reader of a dashboard has chosen.
type Selection struct {
	From, To time.Time
	Schema   string
	Chosen   map[string][]string // values by variable; All is every value that its query gave
}

// target is a query as a panel, an annotation or an alert rule holds it. Redshift's plugin has a word of its own for the text.
type target struct {
	RawSQL, RedshiftSQL string
}

func (t target) text() string { return t.RawSQL + t.RedshiftSQL }

// UnmarshalJSON takes a name as it is written: the two differ in nothing but their case.
func (t *target) UnmarshalJSON(text []byte) error {
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	t.RawSQL, _ = all["rawSql"].(string)
	t.RedshiftSQL, _ = all["rawSQL"].(string)
	return nil
}

type panel struct {
	Title       string
	Type        string
	Targets     []target
	Panels      []panel // of a row
	FieldConfig struct {
		Overrides []struct{ Matcher struct{ Options string } }
	}
}

type board struct {
	Panels     []panel
	Templating struct {
		List []struct {
			Name  string
			Type  string
			Query json.RawMessage
		}
	}
	Annotations struct {
		List []struct {
			Name   string
			Target target
		}
	}
}

// Read gives every query of a warehouse's dashboards and alert rules. files is the folder dashboards/grafana.
func Read(files fs.FS, warehouse string) ([]Query, error) {
	names, err := fs.Glob(files, "dashboards/"+warehouse+"/*.json")
	if err != nil {
		return nil, err
	}
	var all []Query
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var b board
		if err := json.Unmarshal(text, &b); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		base := name[strings.LastIndex(name, "/")+1:]
		all = append(all, b.queries(Query{Warehouse: warehouse, Board: strings.TrimSuffix(base, ".json")})...)
	}
	rules, err := alerts(files, warehouse)
	if err == nil && (len(all) == 0 || len(rules) == 0) {
		err = fmt.Errorf("%s has %d queries of dashboards and %d of alert rules", warehouse, len(all), len(rules))
	}
	return append(all, rules...), err
}

// queries gives those of a dashboard, each filled in into q.
func (b board) queries(q Query) (all []Query) {
	add := func(kind, name, text string, fields ...string) {
		q.Kind, q.Name, q.Text, q.Fields = kind, name, text, fields
		all = append(all, q)
	}
	for _, v := range b.Templating.List {
		if v.Type != "query" {
			continue
		}
		var text string
		if json.Unmarshal(v.Query, &text) != nil {
			var t target
			_ = json.Unmarshal(v.Query, &t) // what is neither has no text, which no engine takes
			text = t.text()
		}
		add("variable", v.Name, text)
	}
	for _, a := range b.Annotations.List {
		add("annotation", a.Name, a.Target.text())
	}
	for _, p := range b.Panels {
		for _, p := range append([]panel{p}, p.Panels...) {
			var fields []string
			for _, o := range p.FieldConfig.Overrides {
				fields = append(fields, o.Matcher.Options)
			}
			for _, t := range p.Targets {
				add(p.Type, p.Title, t.text(), fields...)
			}
		}
	}
	return all
}

// alerts gives the queries of the alert rules; those that Grafana reckons itself have no text.
func alerts(files fs.FS, warehouse string) (all []Query, err error) {
	text, err := fs.ReadFile(files, "provisioning/alerting/"+warehouse+".yaml")
	if err != nil {
		return nil, err
	}
	var provisioned struct {
		Groups []struct {
			Rules []struct {
				UID  string `yaml:"uid"`
				Data []struct {
					Range struct{ From int } `yaml:"relativeTimeRange"`
					Model model
				}
			}
		}
	}
	if err := yaml.Unmarshal(text, &provisioned); err != nil {
		return nil, fmt.Errorf("read the alert rules of %s: %w", warehouse, err)
	}
	for _, g := range provisioned.Groups {
		for _, r := range g.Rules {
			if len(r.Data) != 2 {
				return nil, fmt.Errorf("rule %s has %d queries, want one and its threshold", r.UID, len(r.Data))
			}
			q := Query{Warehouse: warehouse, Board: "alerting", Name: r.UID, Kind: "alert", Text: r.Data[0].Model.RawSQL + r.Data[0].Model.RedshiftSQL, Hours: r.Data[0].Range.From / 3600}
			if q.Above, q.Below, err = r.Data[1].Model.limits(); err != nil {
				return nil, fmt.Errorf("rule %s: %w", r.UID, err)
			}
			all = append(all, q)
		}
	}
	return all, nil
}

// model is what a rule asks: a warehouse, or Grafana of the answer.
type model struct {
	RawSQL      string `yaml:"rawSql"`
	RedshiftSQL string `yaml:"rawSQL"`
	Conditions  []struct {
		Evaluator struct {
			Type   string
			Params []float64
		}
	}
}

// limits gives the numbers above or below which a threshold speaks.
func (m model) limits() (above, below float64, err error) {
	above, below = math.Inf(1), math.Inf(-1)
	if len(m.Conditions) != 1 || len(m.Conditions[0].Evaluator.Params) != 1 {
		return 0, 0, fmt.Errorf("its threshold has %d conditions, want one with one number", len(m.Conditions))
	}
	switch e := m.Conditions[0].Evaluator; e.Type {
	case "gt":
		above = e.Params[0]
	case "lt":
		below = e.Params[0]
	default:
		return 0, 0, fmt.Errorf("its threshold is of the unknown type %q", e.Type)
	}
	return above, below, nil
}

var (
	variable = regexp.MustCompile(`\$\{(\w+):(\w+)\}`)
	// macro is how PostgreSQL's plugin finds one: up to the first bracket that closes.
	macro = regexp.MustCompile(`\$(__\w+)\(([^)]*)\)`)
)

// Expand gives the text that reaches the warehouse: variables are put in by Grafana's page, macros by the plugin.
func (q Query) Expand(s Selection) (string, error) {
	var err error
	if rest := macro.ReplaceAllString(variable.ReplaceAllString(q.Text, ""), ""); strings.Contains(rest, "$") {
		err = fmt.Errorf("%s: something is left to expand: %s", q, rest)
	}
	text := variable.ReplaceAllStringFunc(q.Text, func(found string) string {
		parts := variable.FindStringSubmatch(found)
		if parts[1] == "schema" && parts[2] == "raw" {
			return s.Schema
		}
		values, ok := s.Chosen[parts[1]]
		if !ok {
			err = fmt.Errorf("%s: nothing is chosen of ${%s}", q, parts[1])
		}
		literals := make([]string, len(values))
		for i, v := range values {
			switch parts[2] {
			case "sqlstring":
				literals[i] = "'" + strings.ReplaceAll(v, "'", "''") + "'"
			case "singlequote":
				literals[i] = "'" + strings.ReplaceAll(v, "'", `\'`) + "'"
			default:
				err = fmt.Errorf("%s: ${%s} has the unknown format %s", q, parts[1], parts[2])
			}
		}
		return strings.Join(literals, ",")
	})
	text = macro.ReplaceAllStringFunc(text, func(found string) string {
		parts := macro.FindStringSubmatch(found)
		if parts[1] != "__timeFilter" {
			err = fmt.Errorf("%s: $%s does not mean the same in every plugin", q, parts[1])
		}
		from, to, column := s.From.UTC().Format(time.RFC3339), s.To.UTC().Format(time.RFC3339), strings.TrimSpace(parts[2])
		if q.Warehouse == "postgres" || q.Warehouse == "redshift" {
			return fmt.Sprintf("%s BETWEEN '%s' AND '%s'", column, from, to)
		}
		return fmt.Sprintf("%s >= '%s' AND %s <= '%s'", column, from, column, to)
	})
	return text, err
}
