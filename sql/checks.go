package sql

import (
	"fmt"
	"strings"

	"trunkline/schema"
)

// Check is a question put to the tables. It is a query with columns scope, observed and threshold, and fails where observed
// is strictly greater than threshold; where nothing can be observed it passes.
type Check struct {
	ID        string `yaml:"-"`
	Title     string `yaml:"title"`
	Severity  string `yaml:"severity"`   // warn or gate
	Unit      string `yaml:"unit"`       // of observed and threshold
	Waivable  bool   `yaml:"waivable"`   // a dated waiver in the configuration lets it pass
	EachTable bool   `yaml:"each_table"` // made once for every table that is loaded
	// NeedsTrusst is of checks that say nothing where Trusst is no source: there they are not made.
	NeedsTrusst bool      `yaml:"needs_trusst"`
	Examples    []Example `yaml:"examples"`

	text  string
	table *schema.Table
}

// Checks gives the checks by id, those for each table before they are bound to one (see ForTables).
func Checks() ([]Check, error) {
	return read(written, "checks", func(c *Check, name, text string) { c.ID, c.text = name, text })
}

// ForTables binds the checks that are made for each table; the others are passed through.
func ForTables(checks []Check, tables []*schema.Table) []Check {
	var bound []Check
	for _, c := range checks {
		if !c.EachTable {
			bound = append(bound, c)
			continue
		}
		for _, t := range tables {
			bound = append(bound, c.For(t))
		}
	}
	return bound
}

// For binds a check to a table.
func (c Check) For(t *schema.Table) Check {
	c.table = t
	return c
}

// Fails tells whether what was observed is over the threshold.
func (c Check) Fails(observed, threshold *float64) bool {
	return observed != nil && threshold != nil && *observed > *threshold
}

// Message says in one sentence what was found.
func (c Check) Message(observed, threshold *float64) string {
	return fmt.Sprintf("%s: %s, limit %s", c.Title, c.show(observed), c.show(threshold))
}

func (c Check) show(v *float64) string {
	switch {
	case v == nil:
		return "nothing to measure"
	case c.Unit == "share":
		return fmt.Sprintf("%.1f %%", 100**v)
	default:
		return fmt.Sprintf("%.6g %s", *v, c.Unit)
	}
}

// Query gives the check's query in a dialect.
func (c Check) Query(d Dialect) (string, error) {
	var data struct{ Name, Table, Keys string }
	if c.table != nil {
		data.Name, data.Table, data.Keys = c.table.Name, d.Quote(c.table.Name), strings.Join(d.quoted(c.table.Keys()), ", ")
	}
	return d.render("checks/"+c.ID, c.text, data)
}
