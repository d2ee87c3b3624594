package powerbi

import (
	"fmt"
	"slices"
	"strings"

	"trunkline/schema"
	"trunkline/sql"
)

// model is the semantic model: a table for each view, one that says which of them are current, and the calendar.
type model struct {
	tables []table
	roles  []object
}

// table is a table that is read from the warehouse.
type table struct {
	name, title, doc string
	needsCRM         bool
	columns          []column
	measures         []measure
}

// column is one column of a table.
type column struct {
	name, doc string
	kind      kind
	calendar  bool // joined to the calendar
	sums      bool // a measure sums it
}

// measure is a figure, taken over whatever rows are looked at.
type measure struct {
	name, title, doc, dax, format, folder string
	column                                string // of the view
}

// kind is how a column is held: its type in the model, in Power Query, and how it is shown.
type kind struct{ model, query, format string }

var (
	text    = kind{"string", "type text", ""}
	whole   = kind{"int64", "Int64.Type", "#,##0"}
	decimal = kind{"double", "type number", "#,##0.0"}
	date    = kind{"dateTime", "type date", "yyyy-mm-dd"}
	moment  = kind{"dateTime", "type datetime", "yyyy-mm-dd hh:nn:ss"}
	truth   = kind{"boolean", "type logical", ""}
)

// kindOf gives how a column of a unit is held; ok tells whether the unit is known.
func kindOf(unit string) (k kind, ok bool) {
	k, ok = map[string]kind{
		"text": text, "id": text, "date": date, "time": moment, "truth": truth,
		"percent": {"double", "type number", `#,##0.0\%`}, "points": decimal, "score": decimal, "hours": decimal, "mean": decimal,
		"probability": {"double", "type number", "0.0000"}, "deviations": {"double", "type number", "0.000"},
		"USD": {"double", "type number", "$#,##0.00"}, "currency": {"double", "type number", "#,##0.00"},
		"ms": {"int64", "Int64.Type", `#,##0" ms"`}, "hour": {"int64", "Int64.Type", "0"},
		"contacts": whole, "entries": whole, "legs": whole, "handles": whole, "surveys": whole, "evaluations": whole, "cases": whole,
		"accounts": whole, "opportunities": whole, "questions": whole, "rows": whole, "days": whole,
	}[unit]
	return k, ok
}

// publications is the table that says of each view whether it shows the newest run.
const publications = "etl_publications"

// The names of what every report has, whatever the views.
const (
	calendar  = "Date"
	joinState = "Join Quality State"
)

func newModel(views []sql.View) (*model, error) {
	m := &model{}
	for _, v := range views {
		t, err := tableOf(v)
		if err != nil {
			return nil, fmt.Errorf("view %s: %w", v.Name, err)
		}
		m.tables = append(m.tables, t)
	}
	m.tables = append(m.tables, publicationsTable())
	for _, r := range sql.Roles() {
		m.roles = append(m.roles, roleObject(r, views))
	}
	return m, nil
}

// tableOf gives the table of a view.
func tableOf(v sql.View) (table, error) {
	t := table{name: v.Name, title: v.Title, needsCRM: v.NeedsCRM, doc: fmt.Sprintf("%s. %s Looks at %s.", v.Title, v.Question, v.Period)}
	if v.NeedsCRM {
		t.doc += " Identified customers only; while the join gate is closed it shows the last run that passed it."
	}
	summed := map[string]bool{}
	for _, m := range v.Measures() {
		for _, term := range slices.Concat(m.Numerator, m.Denominator) {
			summed[term.Column] = true
		}
	}
	for _, c := range v.Columns {
		k, ok := kindOf(c.Unit)
		if !ok {
			return table{}, fmt.Errorf("column %s: no type is known for the unit %q: add it to kindOf in dashboards/powerbi", c.Name, c.Unit)
		}
		t.columns = append(t.columns, column{
			name: c.Name, doc: c.Meaning, kind: k, sums: summed[c.Name],
			calendar: c.Unit == "date" && slices.Contains(v.Grain, c.Name),
		})
	}
	for _, m := range v.Measures() {
		own, err := t.measureOf(m, v)
		if err != nil {
			return table{}, err
		}
		t.measures = append(t.measures, own)
	}
	return t, nil
}

// measureOf gives a view's measure in DAX. Its name carries that of the view, as a model has no two measures of one name.
func (t table) measureOf(m sql.Measure, v sql.View) (measure, error) {
	k, _ := kindOf(m.Unit) // a measure is a column
	own := measure{
		name: fmt.Sprintf("%s (%s)", m.Title, strings.ReplaceAll(t.name, "_", " ")), title: m.Title, column: m.Name,
		doc: m.Meaning + " Over many rows: " + m.Formula() + ".", format: k.format, folder: "Figures",
	}
	if slices.ContainsFunc(t.measures, func(o measure) bool { return o.name == own.name }) {
		return measure{}, fmt.Errorf("two measures have the title %q", m.Title)
	}
	own.dax = t.sums(m.Numerator)
	if len(m.Denominator) > 0 {
		own.dax = fmt.Sprintf("DIVIDE ( %s, %s )", own.dax, t.sums(m.Denominator))
		if m.Scale() != 1 {
			own.dax = fmt.Sprintf("%d * %s", m.Scale(), own.dax)
		}
	}
	if m.Unit == "ms" { // what people read; the columns stay as the view has them
		own.dax = fmt.Sprintf("DIVIDE ( %s, 1000 )", own.dax)
		own.doc += " Shown in seconds."
		own.format = `#,##0.0" s"`
	}
	for _, c := range v.Columns {
		uses := func(term sql.Term) bool { return term.Column == c.Name }
		if c.Class.Holds(schema.Revenue) && (c.Name == m.Name || slices.ContainsFunc(slices.Concat(m.Numerator, m.Denominator), uses)) {
			own.folder = "Revenue"
		}
	}
	return own, nil
}

// sums gives the sums of columns, added and subtracted.
func (t table) sums(terms []sql.Term) string {
	var b strings.Builder
	for i, term := range terms {
		switch {
		case term.Minus && i == 0:
			b.WriteString("- ")
		case term.Minus:
			b.WriteString(" - ")
		case i > 0:
			b.WriteString(" + ")
		}
		fmt.Fprintf(&b, "SUM ( '%s'[%s] )", t.name, term.Column)
	}
	return b.String()
}

// publicationsTable gives the table that says which views are current, with the state of those that need the CRM.
func publicationsTable() table {
	t := table{name: publications, title: "What is published", doc: schema.EtlPublications.Doc}
	for _, c := range schema.EtlPublications.Columns {
		k := text
		if c.Type == schema.Timestamp {
			k = moment
		}
		t.columns = append(t.columns, column{name: c.Name, doc: c.Doc, kind: k})
	}
	count := func(state string) string {
		return fmt.Sprintf("COUNTROWS ( FILTER ( '%[1]s', '%[1]s'[state] = %[2]q ) )", publications, state)
	}
	t.measures = []measure{{
		name: joinState, title: joinState, folder: "Figures", column: "state",
		doc: "Whether what needs the CRM is of the newest run: current; kept: too many conversations had no known customer, so the last " +
			"run that passed the gate is shown; withheld: none has passed it yet.",
		dax: fmt.Sprintf("SWITCH (\n    TRUE (),\n    %s > 0, \"withheld\",\n    %s > 0, \"kept\",\n    COUNTROWS ( '%s' ) > 0, \"current\",\n    \"unknown\"\n)",
			count("withheld"), count("kept"), publications),
	}}
	return t
}

// roleObject gives a role of the model: it hides what a role of the warehouse has no share of.
func roleObject(r sql.Role, views []sql.View) object {
	o := object{
		kind: "role", name: strings.ToUpper(r.Name[:1]) + r.Name[1:], doc: fmt.Sprintf("Sees nothing of the class %s.", r.Hides),
		properties: []property{is("modelPermission", "read")},
	}
	none := []property{is("metadataPermission", "none")}
	for _, v := range views {
		may := r.ViewColumns(&v)
		if len(may) == len(v.Columns) {
			continue
		}
		permission := object{kind: "tablePermission", name: v.Name}
		if len(may) == 0 {
			permission.properties = none
			o.children = append(o.children, permission)
			continue
		}
		for _, c := range v.Columns {
			if !slices.Contains(may, c.Name) {
				permission.children = append(permission.children, object{kind: "columnPermission", name: c.Name, properties: none})
			}
		}
		o.children = append(o.children, permission)
	}
	return o
}

// find gives a table, and a measure of it by the view's column.
func (m *model) find(name, column string) (t table, of measure, err error) {
	for _, t := range m.tables {
		if t.name != name {
			continue
		}
		for _, of := range t.measures {
			if of.column == column {
				return t, of, nil
			}
		}
		return t, measure{}, fmt.Errorf("%s has no measure %s", name, column)
	}
	return table{}, measure{}, fmt.Errorf("there is no table %q", name)
}
