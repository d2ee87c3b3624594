package powerbi

import (
	"fmt"
	"strings"
)

// page is a page of the report.
type page struct {
	name, title string
	visuals     []visual
}

// visual is one picture on a page.
type visual struct {
	kind   string // of Power BI: card, lineChart, barChart, tableEx, slicer
	title  string // beside the measure's own; needed where there are several fields
	area   area
	by     string   // table and column by which figures are grouped: "Date.Date"
	rows   []string // further columns of a table
	values []figure
}

// area is where a visual stands, in twelfths of the page's width and of its height.
type area struct{ x, y, width, height int }

// figure names a measure by its table and the view's column.
type figure struct{ table, column string }

// The size of a page in pixels, and what is left free around each visual.
const (
	pageWidth, pageHeight = 1296, 744
	gap                   = 6
)

// wells are the places of a kind of visual in which its fields stand: what it is grouped by, and its figures.
var wells = map[string]struct{ by, values string }{
	"card": {"", "Values"}, "lineChart": {"Category", "Y"}, "barChart": {"Category", "Y"}, "tableEx": {"Values", "Values"}, "slicer": {"Values", ""},
}

// report adds the documents of the report.
func (m *model) report(pages []page, documents map[string]any) error {
	const folder, kind = reportFolder + "definition/", schemas + "item/report/definition/"
	var order []string
	for _, p := range pages {
		order = append(order, p.name)
		documents[folder+"pages/"+p.name+"/page.json"] = map[string]any{
			"$schema": kind + "page/2.0.0/schema.json", "name": p.name, "displayName": p.title, "displayOption": "FitToPage",
			"height": pageHeight, "width": pageWidth,
		}
		for i, v := range p.visuals {
			name := fmt.Sprintf("%s_%02d_%s", p.name, i+1, strings.ToLower(v.kind))
			document, err := m.visual(v)
			if err != nil {
				return fmt.Errorf("page %s, visual %d: %w", p.title, i+1, err)
			}
			documents[folder+"pages/"+p.name+"/visuals/"+name+"/visual.json"] = map[string]any{
				"$schema": kind + "visualContainer/2.4.0/schema.json", "name": name, "position": v.area.position(i), "visual": document,
			}
		}
	}
	documents[folder+"report.json"] = map[string]any{"$schema": kind + "report/3.0.0/schema.json", "themeCollection": map[string]any{}}
	documents[folder+"version.json"] = map[string]any{"$schema": kind + "versionMetadata/1.0.0/schema.json", "version": "2.0.0"}
	documents[folder+"pages/pages.json"] = map[string]any{
		"$schema": kind + "pagesMetadata/1.0.0/schema.json", "pageOrder": order, "activePageName": order[0],
	}
	return nil
}

// position gives an area in pixels.
func (a area) position(order int) any {
	return map[string]any{
		"x": a.x*pageWidth/12 + gap, "y": a.y*pageHeight/12 + gap, "z": order,
		"width": a.width*pageWidth/12 - 2*gap, "height": a.height*pageHeight/12 - 2*gap, "tabOrder": order,
	}
}

// visual gives the document of a visual.
func (m *model) visual(v visual) (any, error) {
	title, needsCRM := v.title, false
	for _, f := range v.values {
		t, own, err := m.find(f.table, f.column)
		if err != nil {
			return nil, err
		}
		needsCRM = needsCRM || t.needsCRM
		if title == "" {
			title = own.title
		}
	}
	for _, by := range v.columns() {
		needsCRM = needsCRM || m.needsCRM(by.table)
	}
	if needsCRM {
		title += " (identified customers only)"
	}
	query, err := m.query(v)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"visualType": v.kind, "query": query, "drillFilterOtherVisuals": true,
		"visualContainerObjects": map[string]any{"title": []any{map[string]any{"properties": map[string]any{
			"show": literal("true"), "text": literal("'" + strings.ReplaceAll(title, "'", "''") + "'"),
		}}}},
	}, nil
}

// query says which fields stand in which wells of a visual, and that bars are sorted by their length.
func (m *model) query(v visual) (any, error) {
	well, ok := wells[v.kind]
	if !ok {
		return nil, fmt.Errorf("no kind of visual is %q", v.kind)
	}
	state := map[string]any{}
	add := func(well string, own any) {
		all, _ := state[well].(map[string][]any)
		state[well] = map[string][]any{"projections": append(all["projections"], own)}
	}
	for i, by := range v.columns() {
		if well.by == "" || i > 0 && well.by != well.values {
			return nil, fmt.Errorf("a %s has no place for the column %s.%s", v.kind, by.table, by.column)
		}
		add(well.by, projection("Column", by.table, by.column, by.column))
	}
	query := map[string]any{"queryState": state}
	for _, f := range v.values {
		t, own, err := m.find(f.table, f.column)
		if err != nil {
			return nil, err
		}
		add(well.values, projection("Measure", t.name, own.name, own.title))
		if v.kind == "barChart" {
			query["sortDefinition"] = map[string]any{"isDefaultSort": false, "sort": []any{
				map[string]any{"field": field("Measure", t.name, own.name), "direction": "Descending"},
			}}
		}
	}
	return query, nil
}

// columns gives the columns that a visual shows beside its figures.
func (v visual) columns() []figure {
	var all []figure
	for _, by := range append([]string{v.by}, v.rows...) {
		if table, column, ok := strings.Cut(by, "."); ok {
			all = append(all, figure{table, column})
		}
	}
	return all
}

// needsCRM tells whether a table is kept back while the join gate is closed.
func (m *model) needsCRM(name string) bool {
	for _, t := range m.tables {
		if t.name == name {
			return t.needsCRM
		}
	}
	return false
}

// projection gives a field as a visual shows it.
func projection(kind, table, name, title string) map[string]any {
	return map[string]any{
		"field": field(kind, table, name), "queryRef": table + "." + name, "nativeQueryRef": name, "displayName": title,
	}
}

func field(kind, table, name string) any {
	return map[string]any{kind: map[string]any{
		"Expression": map[string]any{"SourceRef": map[string]any{"Entity": table}}, "Property": name,
	}}
}

func literal(value string) any {
	return map[string]any{"expr": map[string]any{"Literal": map[string]any{"Value": value}}}
}
