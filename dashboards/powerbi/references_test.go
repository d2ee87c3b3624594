package powerbi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// contents is what a project consists of, read from its files.
type contents struct {
	tables, roles, relationships []*node
	faults                       []string
}

func (c *contents) fault(format string, a ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, a...))
}

// check reads a project and gives what in it leads nowhere.
func check(files map[string]string) []string {
	c := &contents{}
	for name, text := range files {
		if path.Ext(name) != ".tmdl" {
			continue
		}
		objects, err := parseTMDL(text)
		if err != nil {
			c.fault("%s: %v", name, err)
		}
		for _, o := range objects {
			switch o.kind {
			case "table":
				c.tables = append(c.tables, o)
			case "role":
				c.roles = append(c.roles, o)
			case "relationship":
				c.relationships = append(c.relationships, o)
			}
		}
	}
	c.checkNames(files)
	for _, t := range c.tables {
		c.checkTable(t)
	}
	for _, r := range c.relationships {
		for _, end := range []string{"fromColumn", "toColumn"} {
			table, column, _ := strings.Cut(r.properties[end], ".")
			if c.column(table, column) == nil {
				c.fault("relationship %s: there is no column %s", r.name, r.properties[end])
			}
		}
	}
	for _, r := range c.roles {
		for _, p := range r.children {
			if c.table(p.name) == nil {
				c.fault("role %s: there is no table %s", r.name, p.name)
			}
			for _, column := range p.children {
				if c.column(p.name, column.name) == nil {
					c.fault("role %s: there is no column %s.%s", r.name, p.name, column.name)
				}
			}
		}
	}
	c.checkReport(files)
	slices.Sort(c.faults)
	return c.faults
}

func (c *contents) table(name string) *node {
	for _, t := range c.tables {
		if t.name == name {
			return t
		}
	}
	return nil
}

func (c *contents) child(table, kind, name string) *node {
	if t := c.table(table); t != nil {
		for _, o := range t.children {
			if o.kind == kind && o.name == name {
				return o
			}
		}
	}
	return nil
}

func (c *contents) column(table, name string) *node { return c.child(table, "column", name) }

// checkNames finds what has the name of another: a measure's is the model's, a column's the table's. And what is referred to is there.
func (c *contents) checkNames(files map[string]string) {
	seen := map[string]bool{}
	for _, t := range c.tables {
		for _, o := range t.children {
			key := t.name + "." + strings.ToLower(o.name)
			if o.kind == "measure" {
				key = strings.ToLower(o.name)
			}
			if o.kind != "partition" && seen[key] {
				c.fault("table %s: the name %s is taken", t.name, o.name)
			}
			seen[key] = true
		}
	}
	refs, err := parseTMDL(files[modelFolder+"definition/model.tmdl"])
	if err != nil || len(refs) != 1+len(c.tables)+len(c.roles) {
		c.fault("model.tmdl does not refer to each of %d tables and %d roles once (%v)", len(c.tables), len(c.roles), err)
	}
	for _, ref := range refs {
		found := ref.kind == "model" || ref.kind == "ref table" && c.table(ref.name) != nil
		for _, r := range c.roles {
			found = found || ref.kind == "ref role" && r.name == ref.name
		}
		if !found {
			c.fault("model.tmdl: there is no %s", strings.TrimPrefix(ref.kind, "ref ")+" "+ref.name)
		}
	}
}

var (
	daxString   = regexp.MustCompile(`"[^"]*"`)
	daxField    = regexp.MustCompile(`(?:'((?:[^']|'')+)')?\[([^\]]+)\]`)
	daxTable    = regexp.MustCompile(`'((?:[^']|'')+)'`)
	daxFunction = regexp.MustCompile(`([A-Za-z.]+) ?\(`)
	queryRead   = regexp.MustCompile(`Read\("(\w+)"\)`)
	queryType   = regexp.MustCompile(`\{"(\w+)", ([\w. ]+)\}`)
)

// daxKnown are the functions that our measures are made of. Microsoft's parser takes any text for DAX; this does not.
var daxKnown = []string{"ADDCOLUMNS", "CALENDARAUTO", "COUNTROWS", "DIVIDE", "FILTER", "FORMAT", "SUM", "SWITCH", "TRUE", "WEEKDAY", "YEAR"}

// checkTable looks at the expressions of a table.
func (c *contents) checkTable(t *node) {
	for _, o := range t.children {
		switch {
		case o.kind == "measure":
			c.checkDAX(t, "measure "+o.name, o.value)
		case o.kind == "partition" && o.value == "calculated":
			c.checkDAX(t, "table "+t.name, o.properties["source"])
		case o.kind == "partition":
			c.checkQuery(t, o.properties["source"])
		}
	}
}

func (c *contents) checkDAX(t *node, where, dax string) {
	bare := daxString.ReplaceAllString(dax, `""`)
	if strings.Count(bare, "(") != strings.Count(bare, ")") || strings.TrimSpace(bare) == "" {
		c.fault("%s: parentheses do not match", where)
	}
	for _, m := range daxFunction.FindAllStringSubmatch(bare, -1) {
		if !slices.Contains(daxKnown, m[1]) {
			c.fault("%s: %s is no function that we use", where, m[1])
		}
	}
	for _, m := range daxField.FindAllStringSubmatch(bare, -1) {
		table := strings.ReplaceAll(m[1], "''", "'")
		switch {
		case table != "" && c.column(table, m[2]) == nil:
			c.fault("%s: there is no column '%s'[%s]", where, table, m[2])
		case table == "" && c.column(t.name, m[2]) == nil && !slices.ContainsFunc(c.tables, func(o *node) bool { return c.child(o.name, "measure", m[2]) != nil }):
			c.fault("%s: there is no measure [%s]", where, m[2])
		}
	}
	for _, m := range daxTable.FindAllStringSubmatch(bare, -1) {
		if c.table(m[1]) == nil {
			c.fault("%s: there is no table '%s'", where, m[1])
		}
	}
}

// checkQuery holds the columns that a query of Power Query gives against those of the table.
func (c *contents) checkQuery(t *node, query string) {
	if m := queryRead.FindStringSubmatch(query); m == nil || m[1] != t.name {
		c.fault("table %s: its query does not read %[1]s", t.name)
	}
	models := map[string]string{
		"type text": "string", "Int64.Type": "int64", "type number": "double", "type logical": "boolean",
		"type date": "dateTime", "type datetime": "dateTime",
	}
	typed := map[string]string{}
	for _, m := range queryType.FindAllStringSubmatch(query, -1) {
		typed[m[1]] = models[m[2]]
	}
	for _, o := range t.children {
		if o.kind != "column" {
			continue
		}
		if source := o.properties["sourceColumn"]; typed[source] != o.properties["dataType"] {
			c.fault("table %s: column %s is %s, and the query gives %q", t.name, o.name, o.properties["dataType"], typed[source])
		}
		delete(typed, o.properties["sourceColumn"])
	}
	if len(typed) > 0 {
		c.fault("table %s: the query gives %v, which are no columns", t.name, typed)
	}
}

// visualFile is what a visual's file consists of, nothing else.
type visualFile struct {
	Schema   string `json:"$schema"`
	Name     string
	Position struct{ X, Y, Z, Width, Height, TabOrder int }
	Visual   struct {
		VisualType string
		Query      struct {
			QueryState     map[string]struct{ Projections []projectionFile }
			SortDefinition *struct {
				Sort []struct {
					Field     fieldFile
					Direction string
				}
				IsDefaultSort bool
			}
		}
		DrillFilterOtherVisuals bool
		VisualContainerObjects  struct {
			Title []struct {
				Properties struct{ Show, Text literalFile }
			}
		}
	}
}

type projectionFile struct {
	Field                                 fieldFile
	QueryRef, NativeQueryRef, DisplayName string
}

type fieldFile struct{ Column, Measure *referenceFile }

type referenceFile struct {
	Expression struct{ SourceRef struct{ Entity string } }
	Property   string
}

type literalFile struct {
	Expr struct{ Literal struct{ Value string } }
}

// checkReport reads the pages and holds every field in them against the model.
func (c *contents) checkReport(files map[string]string) {
	const pages = reportFolder + "definition/pages/"
	for name, text := range files {
		if path.Base(name) != "visual.json" {
			continue
		}
		v := visualFile{}
		d := json.NewDecoder(bytes.NewBufferString(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&v); err != nil {
			c.fault("%s: %v", name, err)
			continue
		}
		folder := path.Dir(name)
		if path.Base(folder) != v.Name {
			c.fault("%s: the visual %s stands in the folder %s", name, v.Name, path.Base(folder))
		}
		if _, ok := files[path.Join(path.Dir(path.Dir(folder)), "page.json")]; !ok {
			c.fault("%s: it is on no page", name)
		}
		for _, state := range v.Visual.Query.QueryState {
			for _, p := range state.Projections {
				if c.checkField(name, p.Field); p.QueryRef != p.Field.ref() {
					c.fault("%s: %s is called %s", name, p.Field.ref(), p.QueryRef)
				}
			}
		}
		if s := v.Visual.Query.SortDefinition; s != nil {
			for _, by := range s.Sort {
				c.checkField(name, by.Field)
			}
		}
	}
	var order struct{ PageOrder []string }
	if err := json.Unmarshal([]byte(files[pages+"pages.json"]), &order); err != nil {
		c.fault("pages.json: %v", err)
	}
	for _, p := range order.PageOrder {
		if _, ok := files[pages+p+"/page.json"]; !ok {
			c.fault("pages.json: there is no page %s", p)
		}
	}
}

func (f fieldFile) ref() string {
	r := f.Column
	if r == nil {
		r = f.Measure
	}
	if r == nil {
		return ""
	}
	return r.Expression.SourceRef.Entity + "." + r.Property
}

func (c *contents) checkField(where string, f fieldFile) {
	switch {
	case (f.Column == nil) == (f.Measure == nil):
		c.fault("%s: a field is neither a column nor a measure, or both", where)
	case f.Column != nil && c.column(f.Column.Expression.SourceRef.Entity, f.Column.Property) == nil:
		c.fault("%s: there is no column %s", where, f.ref())
	case f.Measure != nil && c.child(f.Measure.Expression.SourceRef.Entity, "measure", f.Measure.Property) == nil:
		c.fault("%s: there is no measure %s", where, f.ref())
	}
}

func TestEveryReferenceLeadsSomewhere(t *testing.T) {
	for _, fault := range check(files(t)) {
		t.Error(fault)
	}
}

// Each of these breaks one thing of the project, and only that may be found.
func TestBrokenReferencesAreFound(t *testing.T) {
	const tables, visuals = modelFolder + "definition/tables/", reportFolder + "definition/pages/overview/visuals/"
	for _, tt := range []struct{ name, file, old, new, want string }{
		{"column of a measure", tables + "escalation_by_tier.tmdl", "[known_contacts] )", "[known] )", "there is no column 'escalation_by_tier'[known]"},
		{"table of a measure", tables + "etl_publications.tmdl", "COUNTROWS ( 'etl_publications' )", "COUNTROWS ( 'publications' )", "there is no table 'publications'"},
		{"measure of a measure", tables + "escalation_by_tier.tmdl", "SUM ( 'escalation_by_tier'[total_contacts] )", "[Contacts]", "there is no measure [Contacts]"},
		{"function", tables + "escalation_by_tier.tmdl", "DIVIDE (", "SPLIT (", "SPLIT is no function that we use"},
		{"parenthesis", tables + "escalation_by_tier.tmdl", "[total_contacts] )", "[total_contacts]", "parentheses do not match"},
		{"calendar", tables + "Date.tmdl", `YEAR ( [Date] )`, `YEAR ( [Day] )`, "there is no measure [Day]"},
		{"relationship", modelFolder + "definition/relationships.tmdl", "satisfaction_daily.business_date", "satisfaction_daily.day", "there is no column satisfaction_daily.day"},
		{"role's column", modelFolder + "definition/roles/Supervisor.tmdl", "columnPermission ltv_usd", "columnPermission ltv", "there is no column revenue_by_segment.ltv"},
		{"role's table", modelFolder + "definition/roles/Finance.tmdl", "tablePermission satisfaction_daily", "tablePermission satisfaction", "there is no table satisfaction"},
		{"reference to a table", modelFolder + "definition/model.tmdl", "ref table match_bias", "ref table bias", "there is no table bias"},
		{"query", tables + "match_bias.tmdl", `Read("match_bias")`, `Read("bias")`, "does not read match_bias"},
		{"column of a query", tables + "match_bias.tmdl", `{"kind", type text}`, `{"sort", type text}`, `column kind is string, and the query gives ""`},
		{"type of a query", tables + "match_bias.tmdl", `{"kind", type text}`, `{"kind", type number}`, `column kind is string, and the query gives "double"`},
		{"a name twice", tables + "match_bias.tmdl", "\tcolumn kind\n", "\tcolumn characteristic\n", "the name characteristic is taken"},
		{"visual's measure", visuals + "overview_03_card/visual.json", `"Property": "Contacts (contact kpis daily)"`, `"Property": "Contacts"`, "there is no measure contact_kpis_daily.Contacts"},
		{"visual's column", visuals + "overview_01_slicer/visual.json", `"Property": "Date"`, `"Property": "Day"`, "there is no column Date.Day"},
		{"visual's name", visuals + "overview_01_slicer/visual.json", `"name": "overview_01_slicer"`, `"name": "other"`, "the visual other stands in the folder"},
		{"visual's property", visuals + "overview_01_slicer/visual.json", `"visualType"`, `"visualKind"`, `unknown field "visualKind"`},
		{"page", reportFolder + "definition/pages/pages.json", `"queues"`, `"lines"`, "there is no page lines"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			broken := files(t)
			if !strings.Contains(broken[tt.file], tt.old) {
				t.Fatalf("%s does not hold %q", tt.file, tt.old)
			}
			broken[tt.file] = strings.Replace(broken[tt.file], tt.old, tt.new, 1)
			faults := check(broken)
			if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, tt.want) }) {
				t.Errorf("got %q, want %q", faults, tt.want)
			}
		})
	}
}
