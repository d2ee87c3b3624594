package sql

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"text/template"

	"github.com/goccy/go-yaml"

	"trunkline/schema"
)

//go:embed views checks parts
var written embed.FS

// View is a view for people: what it answers, what its columns mean, and examples that every warehouse must agree with.
type View struct {
	Name       string       `yaml:"-"`
	Title      string       `yaml:"title"`
	Question   string       `yaml:"question"`
	NeedsCRM   bool         `yaml:"needs_crm"` // kept back while the join gate is closed
	Period     string       `yaml:"period"`    // which rows it looks at
	Grain      []string     `yaml:"grain"`     // one row for each
	Dimensions []string     `yaml:"dimensions"`
	Columns    []ViewColumn `yaml:"columns"`
	PivotKeys  []string     `yaml:"pivot_keys"` // of a pivoted view: the question keys of its examples (see WithPivots)
	Examples   []Example    `yaml:"examples"`

	text   string
	fixed  []ViewColumn // Columns that do not depend on question keys
	pivots []Pivot
}

// ViewColumn is one column of a view.
type ViewColumn struct {
	Name    string       `yaml:"name"`
	Unit    string       `yaml:"unit"`
	Meaning string       `yaml:"meaning"`
	Class   schema.Class `yaml:"class"` // as of a table's column; open where a sum tells no more of anybody

	// Of a measure (see Measure): what people call it, and the columns of this view whose sums are divided, joined by + or -.
	// Without a numerator it is the sum of the column itself.
	Title       string `yaml:"title"`
	Numerator   string `yaml:"numerator"`
	Denominator string `yaml:"denominator"`
	Better      Better `yaml:"better"`
}

// Example is what a view or check must give for given rows. Columns that are not given are NULL, or zero where they
// cannot be.
type Example struct {
	Name       string                      `yaml:"name"`
	Table      string                      `yaml:"table"` // of a check that is made for each table
	Parameters map[string]any              `yaml:"parameters"`
	Given      map[string][]map[string]any `yaml:"given"`
	Expect     []map[string]any            `yaml:"expect"`
}

// Views gives the views by name, the pivoted ones with the question keys of their examples.
func Views() ([]View, error) {
	views, err := read(written, "views", func(v *View, name, text string) { v.Name, v.text, v.fixed = name, text, v.Columns })
	if err != nil {
		return nil, err
	}
	for i := range views {
		own, err := WithPivots(views[i:i+1], views[i].PivotKeys)
		if err != nil {
			return nil, fmt.Errorf("view %s: %w", views[i].Name, err)
		}
		views[i] = own[0]
	}
	return views, nil
}

// Query gives the view's query in a dialect.
func (v View) Query(d Dialect) (string, error) {
	return d.render("views/"+v.Name, v.text, d.pivotsIn(v.pivots))
}

func (d Dialect) render(name, text string, data any) (string, error) {
	funcs := template.FuncMap{}
	for name, f := range d.Functions {
		funcs[name] = f
	}
	funcs["list"] = func(items ...string) []string { return items }
	t, err := template.New(name).Option("missingkey=error").Funcs(funcs).ParseFS(written, "parts/*.sql")
	if err == nil {
		_, err = t.Parse(text)
	}
	if err != nil {
		return "", fmt.Errorf("parse %s.sql: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return "", fmt.Errorf("render %s.sql for %s: %w", name, d.Name, err)
	}
	return strings.TrimSpace(b.String()), nil
}

// read loads the pairs of .yaml and .sql of a folder.
func read[T any](files fs.FS, dir string, fill func(v *T, name, text string)) ([]T, error) {
	names, err := fs.Glob(files, dir+"/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	var all []T
	for _, name := range names {
		base := strings.TrimSuffix(name, ".sql")
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		about, err := fs.ReadFile(files, base+".yaml")
		if err != nil {
			return nil, fmt.Errorf("read %s.yaml: %w", base, err)
		}
		var v T
		if err := yaml.UnmarshalWithOptions(about, &v, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("read %s.yaml: %w", base, err)
		}
		fill(&v, path.Base(base), string(text))
		all = append(all, v)
	}
	return all, nil
}
