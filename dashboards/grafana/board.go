package grafana

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// board is a dashboard as it is thought of: rows of panels, and the variables by which they are narrowed.
type board struct {
	name, title, about string
	from               string // begin of the time that is shown first
	rows               []row
	filters            []filter
}

// tags are what the dashboards of a warehouse have in common, by which each leads to the others.
func (w warehouse) tags() []string { return []string{"trunkline", w.name()} }

// row is a heading with the panels below it. Those of a closed one are not asked for before it is opened.
type row struct {
	title  string
	closed bool
	panels []panel
}

// filter is a variable whose values come from a query, any number of which may be chosen.
type filter struct{ name, label, query string }

// width is the grid's.
const width = 24

// build makes the dashboard.
func (w warehouse) build(b board) (dashboard.Dashboard, error) {
	d := dashboard.NewDashboardBuilder(b.title).
		Uid(w.uid()+"-"+b.name).
		Description(b.about).
		Tags(w.tags()).
		Timezone("utc"). // a business day is a date, which a browser's zone would move
		WeekStart("monday").
		Time(b.from, "now/d").
		Link(dashboard.NewDashboardLinkBuilder("Trunkline").Type(dashboard.DashboardLinkTypeDashboards).Tags(w.tags()).KeepTime(true)).
		Readonly()
	if err := w.narrow(d, b); err != nil {
		return dashboard.Dashboard{}, err
	}
	if err := w.annotate(d); err != nil {
		return dashboard.Dashboard{}, err
	}
	l := &layout{}
	for _, r := range b.rows {
		w.row(d, r, l)
	}
	return d.Build()
}

// row adds a row. The panels of a closed one are its own, and take no place before it is opened.
func (w warehouse) row(d *dashboard.DashboardBuilder, r row, l *layout) {
	heading := dashboard.NewRowBuilder(r.title).Id(l.id()).GridPos(l.heading()).Collapsed(r.closed)
	below := l.y
	var panels []cog.Builder[dashboard.Panel]
	for _, p := range r.panels {
		panels = append(panels, w.panel(p, l.id(), l.place(p)))
	}
	if r.closed {
		for _, p := range panels {
			heading.WithPanel(p)
		}
		panels = nil
		l.x, l.y, l.tallest = 0, below, 0
	}
	d.WithRow(heading)
	for _, p := range panels {
		d.WithPanel(p)
	}
}

// narrow adds the variables: which data source, which schema, and the filters.
func (w warehouse) narrow(d *dashboard.DashboardBuilder, b board) error {
	schema := dashboard.StringOrMap{String: &w.schema}
	option := func(s string) dashboard.VariableOption {
		return dashboard.VariableOption{Text: dashboard.StringOrArrayOfString{String: &s}, Value: dashboard.StringOrArrayOfString{String: &s}}
	}
	d.WithVariable(dashboard.NewDatasourceVariableBuilder("datasource").Label("Data source").Type(w.plugin))
	d.WithVariable(dashboard.NewTextBoxVariableBuilder("schema").Label("Schema").
		Description("Where trunkline keeps its tables and views.").
		DefaultValue(schema).Current(option(w.schema)))
	for _, f := range b.filters {
		text, err := w.render(f.query, "${schema:raw}", f)
		if err != nil {
			return err
		}
		asked := dashboard.StringOrMap{String: &text}
		if w.wrapped {
			asked = dashboard.StringOrMap{Map: w.query(text, w.table)}
		}
		all := "$__all"
		d.WithVariable(dashboard.NewQueryVariableBuilder(f.name).Label(f.label).Datasource(w.chosen()).Query(asked).
			Refresh(dashboard.VariableRefreshOnDashboardLoad).Sort(dashboard.VariableSortAlphabeticalCaseInsensitiveAsc).
			Multi(true).IncludeAll(true).AllowCustomValue(false).Current(dashboard.VariableOption{
			Text: dashboard.StringOrArrayOfString{ArrayOfString: []string{"All"}}, Value: dashboard.StringOrArrayOfString{ArrayOfString: []string{all}},
		}))
	}
	return nil
}

// annotate marks the organisation's releases, against which changes are held.
func (w warehouse) annotate(d *dashboard.DashboardBuilder) error {
	text, err := w.render("releases.sql", "${schema:raw}", nil)
	if err != nil {
		return err
	}
	d.Annotation(dashboard.NewAnnotationQueryBuilder().Name("Releases").Datasource(w.chosen()).Enable(true).IconColor("blue").
		Target(w.query(text, w.table)))
	return nil
}

// layout gives panels their places, from left to right and down.
type layout struct {
	ids, x, y, tallest uint32
}

func (l *layout) id() uint32 {
	l.ids++
	return l.ids
}

// heading gives the place of a row's heading, below all that is there.
func (l *layout) heading() dashboard.GridPos {
	l.wrap()
	at := dashboard.GridPos{X: 0, Y: l.y, W: width, H: 1}
	l.y++
	return at
}

func (l *layout) place(p panel) dashboard.GridPos {
	size := sizes[p.kind]
	if l.x+size.w > width || l.tallest != 0 && l.tallest != size.h {
		l.wrap()
	}
	at := dashboard.GridPos{X: l.x, Y: l.y, W: size.w, H: size.h}
	l.x, l.tallest = l.x+size.w, size.h
	return at
}

func (l *layout) wrap() {
	l.x, l.y, l.tallest = 0, l.y+l.tallest, 0
}

// sizes are those of the kinds of panels.
var sizes = map[kind]struct{ w, h uint32 }{
	figure: {4, 4}, course: {8, 8}, rows: {24, 9}, banner: {24, 4},
}

// text renders a query of a dashboard.
func (w warehouse) text(name string, data any) (string, error) {
	text, err := w.render(name, "${schema:raw}", data)
	if err != nil {
		return "", fmt.Errorf("query %s: %w", name, err)
	}
	return text, nil
}
