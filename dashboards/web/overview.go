package web

import (
	"cmp"
	"context"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	statements "trunkline/sql"
)

// period is the days of a page's figures, and as many before them.
type period struct {
	days                 int
	from, to, prevFrom   time.Time
	Comparable           bool // the days before are all there
	own                  bool // chosen day by day
	From, To, PrevFromTo string
}

// periodOf gives the newest days of a file.
func periodOf(s span, days int) period {
	p := period{days: days, to: s.last, from: s.last.AddDate(0, 0, 1-days), prevFrom: s.last.AddDate(0, 0, 1-2*days)}
	p.Comparable = !s.first.After(p.prevFrom)
	p.From, p.To = day(p.from), day(p.to)
	p.PrevFromTo = shortDay(p.prevFrom) + " to " + shortDay(p.from.AddDate(0, 0, -1))
	return p
}

// newest gives the newest days of a cube: as many as asked for, or all if it has fewer.
func (v *visit) newest(c *cube, days int) period {
	s := v.spanOf(c)
	return periodOf(s, min(days, s.days()))
}

// choice is a link among several of which one holds.
type choice struct {
	Text, Link string
	Here       bool
}

// tile is one figure of the overview.
type tile struct {
	Title, Column, View string
	Now                 figure
	Before              figure
	Change              *change
	Of                  string // what it was counted of
	Spark               template.HTML
	Stamp               string
	Meaning             string
	Link                string
	From, To            string
	Days                string // if they are not those of the page
	Medium              string // the only one that is counted
}

// overviewBody is what the overview shows.
type overviewBody struct {
	Period     period
	Periods    []choice
	Media      []choice // none where there is but one
	Mixed      string   // what the figures mix, or leave out
	Tiles      []tile
	Trend      *trend
	Tiers      *split
	Industries *split
	Findings   *findings
	Empty      bool
}

var overviewDays = []int{7, 14, 28, 91}

// overview fills the first page.
func (s *Site) overview(ctx context.Context, v *visit) (any, error) {
	body := overviewBody{Empty: !v.snap.span.any}
	if body.Empty {
		return body, nil
	}
	days := min(v.number("days", 7, 1, 366), v.snap.span.days())
	body.Period = periodOf(v.snap.span, days)
	v.media(&body)
	if !v.static {
		for _, d := range v.snap.span.periods() {
			body.Periods = append(body.Periods, choice{counted(float64(d), "day", "days"), v.link("overview", mediumQuery(d, v.medium)), d == days})
		}
	}
	marks, err := v.releases(ctx)
	if err != nil {
		return nil, err
	}
	body.Tiles = v.tiles(body.Period, marks)
	if body.Trend, err = v.escalation(ctx, body.Period, marks); err != nil {
		return nil, err
	}
	if body.Tiers, err = v.split(ctx, "escalation_by_tier", "escalation_rate_pct", "customer_tier"); err != nil {
		return nil, err
	}
	if body.Industries, err = v.split(ctx, "bot_containment_by_industry", "containment_rate_pct", "industry"); err != nil {
		return nil, err
	}
	body.Findings, err = v.findings(ctx)
	return body, err
}

// releases gives what was released in the days of the file.
func (v *visit) releases(ctx context.Context) ([]mark, error) {
	if v.snap.columns["releases"] == nil {
		return nil, nil
	}
	rows, err := v.snap.rows(ctx, `select product, release, cast(released_on as date) as released_on
from published.main.releases
where not is_deleted and cast(released_on as date) between cast(? as date) and cast(? as date)
order by released_on, product, release`, iso(v.snap.span.first), iso(v.snap.span.last))
	if err != nil {
		return nil, err
	}
	var all []mark
	for _, r := range rows {
		all = append(all, mark{r.at("released_on"), strings.TrimSpace(r.text("product") + " " + r.text("release"))})
	}
	return all, nil
}

// daily gives the cubes with a row for each business day, those of contacts first: where two have a figure of the same name, the
// first has the better claim to it, whatever the gate says: a figure must not mean another thing while it is closed.
func (v *visit) daily() []*cube {
	var all []*cube
	for _, name := range slices.Sorted(maps.Keys(v.snap.cubes)) {
		if c := v.snap.cubes[name]; c.daily() {
			all = append(all, c)
		}
	}
	rank := func(c *cube) int {
		first := []string{"contact_kpis_daily", "queue_performance_daily", "join_quality_daily"}
		if at := slices.Index(first, c.view.Name); at >= 0 {
			return at
		}
		return len(first)
	}
	slices.SortStableFunc(all, func(a, b *cube) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// tiles makes a tile of every figure that is counted by day.
func (v *visit) tiles(p period, marks []mark) []tile {
	var all []tile
	seen := map[string]bool{}
	for _, c := range v.daily() {
		if v.medium != "" && !c.has("media_type") {
			continue
		}
		own := v.newest(c, p.days)
		days := daysOf(own.to, max(28, own.days), v.spanOf(c).first)
		for _, m := range c.measures {
			if !seen[m.Title] && !extra(c, m) {
				seen[m.Title] = true
				t := v.tile(c, m, own)
				if !own.to.Equal(p.to) || own.days != p.days {
					t.Days = own.From + " to " + own.To
				}
				t.Spark = sparkline(c.along(m, v.medium, days), m.Unit, places(days, marks))
				all = append(all, t)
			}
		}
	}
	return all
}

// extra tells of figures that would only repeat another: what the audit says in the banner, and numbers of other things than contacts.
func extra(c *cube, m statements.Measure) bool {
	sum := len(m.Denominator) == 0
	switch c.view.Name {
	case "contact_kpis_daily":
		return false
	case "join_quality_daily":
		return !sum
	default:
		return sum
	}
}

// tile makes the tile of one figure, but for its sparkline.
func (v *visit) tile(c *cube, m statements.Measure, p period) tile {
	of := func(from, to time.Time) sample {
		return sample{c.over(m, v.medium, from, to), c.over(based(m), v.medium, from, to)}
	}
	now, before := of(p.from, p.to), sample{}
	if p.Comparable {
		before = of(p.prevFrom, p.from.AddDate(0, 0, -1))
	}
	t := tile{
		Title: m.Title, Column: m.Name, View: c.view.Name, Now: number(m.Unit, now.value), Before: number(m.Unit, before.value), Change: compared(c, &m, now, before),
		Meaning: m.Meaning, Stamp: v.stamp(c.view), From: iso(p.from), To: iso(p.to), Medium: v.medium,
	}
	if !c.view.NeedsCRM || t.Stamp == "" {
		t.Of = v.of(c, m, now.n)
	}
	if !v.static {
		q := mediumQuery(p.days, v.medium)
		q.Set("figure", c.view.Name+"."+m.Name)
		t.Link = v.link("explore", q)
	}
	return t
}

// base gives the expression of what a measure is divided by; NULL for a sum.
func (s *Site) base(m statements.Measure) string {
	if len(m.Denominator) == 0 {
		return "null"
	}
	return based(m).Over(s.dialect)
}

// based gives what a measure is divided by, as a measure of its own.
func based(m statements.Measure) statements.Measure {
	return statements.Measure{ViewColumn: statements.ViewColumn{Unit: "count"}, Numerator: m.Denominator}
}

// of says what a figure is of: "of 5,328 contacts".
func (v *visit) of(c *cube, m statements.Measure, n *float64) string {
	if n == nil || len(m.Denominator) != 1 {
		return ""
	}
	unit := ""
	for _, column := range c.view.Columns {
		if column.Name == m.Denominator[0].Column {
			unit = column.Unit
		}
	}
	return "of " + counted(*n, strings.TrimSuffix(unit, "s"), unit)
}

// daysOf gives so many days up to the last, but none before the first there is.
func daysOf(last time.Time, n int, first time.Time) []time.Time {
	var all []time.Time
	for i := n - 1; i >= 0; i-- {
		if d := last.AddDate(0, 0, -i); !d.Before(first) {
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		all = []time.Time{last}
	}
	return all
}

// along puts the values of a column in the order of days; a day without is a gap.
func along(days []time.Time, rows []record, column string) []*float64 {
	at := map[string]*float64{}
	for _, r := range rows {
		at[iso(r.at("day"))] = r.number(column)
	}
	all := make([]*float64, len(days))
	for i, d := range days {
		all[i] = at[iso(d)]
	}
	return all
}

// places gives where the releases are among the days.
func places(days []time.Time, marks []mark) []int {
	var all []int
	for _, m := range marks {
		if i := dayIndex(days, m.Day); i > 0 {
			all = append(all, i)
		}
	}
	return all
}

// trend is a chart and its numbers as a table.
type trend struct {
	Title, Question, Stamp, View, Column string
	Medium                               string // the only one that is counted
	Chart                                *chart
	Rows                                 []trendRow
}

type trendRow struct {
	Day, Date string
	Cells     []figure
	Mark      string
}

// table fills the rows out of the chart, newest first.
func (t *trend) table() {
	for i, d := range slices.Backward(t.Chart.Days) {
		row := trendRow{Day: day(d), Date: iso(d)}
		for _, s := range t.Chart.Series {
			row.Cells = append(row.Cells, number(t.Chart.Unit, s.Values[i]))
		}
		for _, m := range t.Chart.Marks {
			if iso(m.Day) == iso(d) {
				row.Mark = strings.TrimPrefix(row.Mark+", "+m.Name, ", ")
			}
		}
		t.Rows = append(t.Rows, row)
	}
}

// escalation makes the chart of escalation by tier and day.
func (v *visit) escalation(ctx context.Context, p period, marks []mark) (*trend, error) {
	c := v.snap.cubes["contact_kpis_daily"]
	m := c.measure("escalation_rate_pct")
	if m == nil || !c.has("customer_tier") || v.medium != "" && !c.has("media_type") {
		return nil, nil //nolint:nilnil // a page without it is a page
	}
	p = v.newest(c, p.days)
	days := daysOf(p.to, max(28, p.days), v.spanOf(c).first)
	t := &trend{Title: m.Title + ", day by day", Question: "By customer tier. A release is a dashed line.", Stamp: begun(v.stamp(c.view)), View: c.view.Name, Column: m.Name, Medium: v.medium}
	if v.medium != "" {
		t.Title += ", " + v.medium + " only"
	}
	chart, err := v.lines(ctx, c, m, "customer_tier", days)
	if err != nil {
		return nil, err
	}
	chart.Marks = marks
	t.Chart = chart
	t.table()
	return t, nil
}

// lines makes a line for each value of a dimension, over days.
func (v *visit) lines(ctx context.Context, c *cube, m *statements.Measure, dimension string, days []time.Time) (*chart, error) {
	d := v.site.dialect.Quote(dimension)
	only, args := "", []any{iso(days[0]), iso(days[len(days)-1])}
	if v.medium != "" {
		only, args = " and media_type = ?", append(args, v.medium)
	}
	rows, err := v.snap.rows(ctx, "select cast(business_date as date) as day, "+d+" as name, "+m.Over(v.site.dialect)+" as value"+
		"\nfrom memory.main."+v.site.dialect.Quote(c.view.Name)+
		"\nwhere cast(business_date as date) between cast(? as date) and cast(? as date)"+only+"\ngroup by 1, 2\norder by 2 nulls last, 1", args...)
	if err != nil {
		return nil, err
	}
	out := &chart{Unit: m.Unit, Days: days}
	for len(rows) > 0 {
		name := rows[0].text("name")
		n := slices.IndexFunc(rows, func(r record) bool { return r.text("name") != name })
		if n < 0 {
			n = len(rows)
		}
		out.Series = append(out.Series, series{Name: named(dimension, name), Values: along(days, rows[:n], "value")})
		rows = rows[n:]
	}
	return out, nil
}
