package web

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"math"
	"strings"
)

// split is a rate by the value of a dimension, with the range in which it could lie.
type split struct {
	Title, Period, Stamp, View, Column, Head string
	Rows                                     []splitRow
	Last                                     string // how many days it counts
	What                                     string // the dimension, within a sentence
	Known, All                               figure // contacts of which the dimension is known, and all, known customers or not
}

type splitRow struct {
	Name, Key    string
	Value        figure
	Events, Of   figure
	Low, High    figure
	Bar          template.HTML
	NoneIsNobody bool
}

// split reads a view of one row for each value, beside its bounds.
func (v *visit) split(ctx context.Context, view, column, dimension string) (*split, error) {
	c := v.snap.cubes[view]
	m := c.measure(column)
	if m == nil || len(m.Denominator) != 1 || len(m.Numerator) != 1 || !c.has(dimension) {
		return nil, nil //nolint:nilnil // a page without it is a page
	}
	bounds, join := "null as low, null as high", ""
	if v.snap.cubes["crm_kpi_bounds"].has("lower_pct") {
		bounds = "b.lower_pct as low, b.upper_pct as high"
		join = "\nleft join memory.main.crm_kpi_bounds b on b.kpi = '" + column + "' and b.dimension = '" + dimension + "' and b.segment = v." + dimension
	}
	rows, err := v.snap.rows(ctx, fmt.Sprintf(`select v.%s as name, v.%s as value, v.%s as events, v.%s as base, %s
from memory.main.%s v%s
order by v.%[2]s desc nulls last, 1`, dimension, column, m.Numerator[0].Column, m.Denominator[0].Column, bounds, v.site.dialect.Quote(view), join))
	if err != nil {
		return nil, err
	}
	s := &split{Title: c.view.Title, Period: begun(cmp.Or(v.covered(view), c.view.Period)), Stamp: begun(v.stamp(c.view)), View: view, Column: column, Head: called(dimension), What: strings.TrimPrefix(dimension, "customer_"), Last: fmt.Sprintf("last %d days", splitDays)}
	greatest, known, all := 0.0, 0.0, 0.0
	for _, r := range rows {
		greatest = math.Max(greatest, math.Max(r.whole("value"), r.whole("high")))
		all += r.whole("base")
		if r.text("name") != "" {
			known += r.whole("base")
		}
	}
	s.Known, s.All = amount(known), amount(all)
	for _, r := range rows {
		row := splitRow{
			Name: named(dimension, r.text("name")), Key: r.text("name"), Value: number("percent", r.number("value")), NoneIsNobody: r.text("name") == "",
			Events: number("", r.number("events")), Of: number("", r.number("base")), Low: number("percent", r.number("low")), High: number("percent", r.number("high")),
		}
		row.Bar = interval(r.number("low"), r.number("value"), r.number("high"), greatest)
		if row.Bar == "" {
			row.Bar = interval(r.number("value"), r.number("value"), r.number("value"), greatest)
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

// splitDays is how many business days the views of a split look back, up to and including the newest.
const splitDays = 30

// covered writes the days that the views of a split count: fewer than splitDays where the file holds no more. "" if the page cannot
// tell, as of a view that is kept from an older file: then its own words must do.
func (v *visit) covered(view string) string {
	audit := v.snap.cubes["join_quality_daily"]
	if state := v.gate[view].state; state != "" && state != "current" || audit == nil || len(audit.days[""]) == 0 {
		return ""
	}
	days := audit.days[""]
	first, last := days[0].at("day"), days[len(days)-1].at("day")
	if earliest := last.AddDate(0, 0, 1-splitDays); first.Before(earliest) {
		first = earliest
	}
	return shortDay(first) + " to " + day(last)
}

// begun writes a text as the beginning of a sentence.
func begun(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
