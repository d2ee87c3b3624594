package grafana

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// kind is what a panel looks like, and with it what its query gives.
type kind int

const (
	figure kind = iota // one row: value and, where it is told, n
	course             // time, perhaps a text, and numbers: a line for each
	rows               // a table
	banner             // a table of one row that is to be seen first
)

// panel is a panel as it is thought of.
type panel struct {
	kind         kind
	title, about string
	query        string
	unit         unit    // of the numbers
	line         string  // name of the lines: a text, or by the column that tells them apart; empty where numbers have names of their own
	fields       []field // of a table: all of its columns, in their order
}

// field is a column of a table.
type field struct {
	name, title string
	unit        unit
	colours     map[string]string // of values
}

// unit is how Grafana writes a number.
type unit struct {
	id       string
	decimals float64
}

// The units that panels have. Numbers without any are counts.
var (
	count    = unit{"locale", 0}
	percent  = unit{"percent", 1}
	points   = unit{"none", 1}
	share    = unit{"percentunit", 1}
	duration = unit{"ms", 0}
	seconds  = unit{"s", 0}
	words    = unit{"string", 0}
	instant  = unit{"dateTimeAsIso", 0}
)

// panel makes a panel.
func (w warehouse) panel(p panel, id uint32, at dashboard.GridPos) cog.Builder[dashboard.Panel] {
	switch p.kind {
	case figure:
		return w.figure(p).Id(id).GridPos(at)
	case course:
		return w.course(p).Id(id).GridPos(at)
	default:
		return w.rows(p).Id(id).GridPos(at)
	}
}

// figure is one value, with the number that it is taken of beside it.
func (w warehouse) figure(p panel) *stat.PanelBuilder {
	return stat.NewPanelBuilder().Title(p.title).Description(p.about).Datasource(w.chosen()).
		WithTarget(w.query(p.query, w.table)).
		Unit(p.unit.id).Decimals(p.unit.decimals).NoValue("–").
		OverrideByName("n", []dashboard.DynamicConfigValue{{Id: "unit", Value: count.id}, {Id: "decimals", Value: count.decimals}}).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"}).Values(false).Fields("")).
		GraphMode(common.BigValueGraphModeNone).ColorMode(common.BigValueColorModeNone).
		TextMode(common.BigValueTextModeValueAndName).Orientation(common.VizOrientationHorizontal)
}

// course is a line for each text over time.
func (w warehouse) course(p panel) *timeseries.PanelBuilder {
	t := timeseries.NewPanelBuilder().Title(p.title).Description(p.about).Datasource(w.chosen()).
		WithTarget(w.query(p.query, w.series)).
		Unit(p.unit.id).Decimals(p.unit.decimals).
		LineWidth(2).ShowPoints(common.VisibilityModeAlways).
		SpanNulls(common.BoolOrFloat64{Bool: new(bool)}). // a day of which nothing is known is a gap
		Legend(common.NewVizLegendOptionsBuilder().ShowLegend(true).DisplayMode(common.LegendDisplayModeList).
			Placement(common.LegendPlacementBottom).Calcs([]string{})).
		Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti).Sort(common.SortOrderDescending))
	if p.line != "" {
		t.DisplayName(p.line)
	}
	return t
}

// by names lines by the column that tells them apart.
func by(column string) string { return "${__field.labels." + column + "}" }

// rows is a table.
func (w warehouse) rows(p panel) *table.PanelBuilder {
	t := table.NewPanelBuilder().Title(p.title).Description(p.about).Datasource(w.chosen()).
		WithTarget(w.query(p.query, w.table)).
		Unit(p.unit.id).Decimals(p.unit.decimals).NoValue("–").Filterable(p.kind != banner)
	for _, f := range p.fields {
		t.OverrideByName(f.name, f.properties())
	}
	return t
}

// properties gives how a column is shown.
func (f field) properties() []dashboard.DynamicConfigValue {
	all := []dashboard.DynamicConfigValue{{Id: "displayName", Value: f.title}, {Id: "unit", Value: f.unit.id}}
	if f.unit != words && f.unit != instant {
		all = append(all, dashboard.DynamicConfigValue{Id: "decimals", Value: f.unit.decimals})
	}
	if len(f.colours) == 0 {
		return all
	}
	options := map[string]dashboard.ValueMappingResult{}
	for value, colour := range f.colours {
		options[value] = dashboard.ValueMappingResult{Color: &colour}
	}
	return append(all,
		dashboard.DynamicConfigValue{Id: "mappings", Value: []dashboard.ValueMap{{Type: dashboard.MappingTypeValueToText, Options: options}}},
		dashboard.DynamicConfigValue{Id: "custom.cellOptions", Value: map[string]string{"type": "color-background"}})
}
