package web

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// exploreBody is what Explore shows.
type exploreBody struct {
	Empty    bool
	Figures  []figureGroup
	Figure   string // its title
	Meaning  template.HTML
	Formula  string
	View     string
	Column   string
	Question string
	Stamp    string
	Period   period
	Dated    bool
	Compared bool // with the days before, which are all there
	Days     []choice
	From, To string // of the form
	Chosen   []choice
	Hidden   []pair
	Now      figure
	Before   figure
	Change   *change
	Of       string
	Trend    *trend
	Boards   []board
	Clear    string
	Sorts    []choice
}

// figureGroup is the figures of a view, to choose from.
type figureGroup struct {
	Title   string
	Figures []option
}

type option struct {
	Value, Title string
	Here         bool
}

type pair struct{ Name, Value string }

// board is the values of a dimension, each with the figure.
type board struct {
	Dimension, Title string
	Rows             []boardRow
	More             int
	All              string // address with every value
	Sized            bool
}

type boardRow struct {
	Name, Key string
	Link      string
	Here      bool // it is filtered by this value
	Nobody    bool
	Value     figure
	Of        figure
	Bar       template.HTML
	Change    *change
}

// boardRows is how many values a board shows unless all are asked for.
const boardRows = 8

// explorable gives the cubes that have figures, those by contact first. Those by week count again what is there by day.
func (v *visit) explorable() []*cube {
	all := v.daily()
	for _, name := range slices.Sorted(maps.Keys(v.snap.cubes)) {
		c := v.snap.cubes[name]
		if len(c.measures) > 0 && !c.has("week_start") && !slices.Contains(all, c) && len(c.dimensions()) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// explore fills the page of figures and filters.
func (s *Site) explore(ctx context.Context, v *visit) (any, error) {
	cubes := v.explorable()
	if len(cubes) == 0 || !v.snap.span.any {
		return exploreBody{Empty: true}, nil
	}
	f := v.readFilter(cubes)
	body := exploreBody{
		Figures: figuresOf(cubes, &f), Figure: f.measure.Title, Meaning: coded(f.measure.Meaning, f.cube.view), Formula: f.measure.Formula(), View: f.cube.view.Name,
		Column: f.measure.Name, Question: f.cube.view.Title, Stamp: v.stamp(f.cube.view), Period: f.period, Dated: f.dated(), Compared: f.dated() && f.period.Comparable,
		Clear: v.link("explore", url.Values{"figure": {f.cube.view.Name + "." + f.measure.Name}}),
	}
	if err := v.strangers(ctx, &f); err != nil {
		return nil, err
	}
	v.choices(&body, &f)
	if err := v.total(ctx, &body, &f); err != nil {
		return nil, err
	}
	if f.dated() {
		if err := v.course(ctx, &body, &f); err != nil {
			return nil, err
		}
	}
	for _, d := range f.cube.dimensions() {
		b, err := v.board(ctx, &f, d)
		if err != nil {
			return nil, err
		}
		body.Boards = append(body.Boards, b)
	}
	return body, nil
}

// figuresOf lists what can be chosen.
func figuresOf(cubes []*cube, f *filter) []figureGroup {
	var all []figureGroup
	for _, c := range cubes {
		g := figureGroup{Title: c.view.Title}
		for _, m := range c.measures {
			g.Figures = append(g.Figures, option{c.view.Name + "." + m.Name, m.Title, c == f.cube && m.Name == f.measure.Name})
		}
		all = append(all, g)
	}
	return all
}

// choices fills in what the reader can change.
func (v *visit) choices(body *exploreBody, f *filter) {
	for _, d := range v.spanOf(f.cube).periods() {
		q := f.query()
		q.Del("from")
		q.Del("to")
		q.Set("days", fmt.Sprint(d))
		body.Days = append(body.Days, choice{counted(float64(d), "day", "days"), v.link("explore", q), !f.period.own && d == f.period.days})
	}
	body.From, body.To = iso(f.period.from), iso(f.period.to)
	for _, d := range f.cube.dimensions() {
		for _, value := range f.where[d] {
			body.Chosen = append(body.Chosen, choice{Text: called(d) + ": " + named(d, value), Link: v.link("explore", f.toggled(d, value))})
			body.Hidden = append(body.Hidden, pair{d, value})
		}
	}
	if !body.Period.own {
		body.Hidden = append(body.Hidden, pair{"days", fmt.Sprint(f.period.days)})
	}
	if len(f.measure.Denominator) > 0 {
		for _, by := range []struct{ key, text string }{{"size", "largest first"}, {"value", "highest first"}} {
			q := f.query()
			q.Set("sort", by.key)
			body.Sorts = append(body.Sorts, choice{by.text, v.link("explore", q), f.bySize == (by.key == "size")})
		}
	}
}

// nowOr gives the expression that tells the period from the one before it.
func (f *filter) nowOr() string {
	if !f.dated() {
		return "true as now"
	}
	return "cast(business_date as date) >= cast('" + iso(f.period.from) + "' as date) as now"
}

// total fills in the figure over all rows of the filter.
func (v *visit) total(ctx context.Context, body *exploreBody, f *filter) error {
	where, args := f.condition(v.site, f.period.prevFrom, "")
	rows, err := v.snap.rows(ctx, fmt.Sprintf("select %s, %s as value, %s as base\nfrom memory.main.%s%s\ngroup by 1",
		f.nowOr(), f.measure.Over(v.site.dialect), v.site.base(*f.measure), v.site.dialect.Quote(f.cube.view.Name), where), args...)
	if err != nil {
		return err
	}
	now, before := record{}, record{}
	for _, r := range rows {
		if r.is("now") {
			now = r
		} else if f.period.Comparable {
			before = r
		}
	}
	body.Now, body.Before = number(f.measure.Unit, now.number("value")), number(f.measure.Unit, before.number("value"))
	body.Change = compared(f.cube, f.measure, sampled(now), sampled(before))
	body.Of = v.of(f.cube, *f.measure, now.number("base"))
	return nil
}

// course fills in the figure by day.
func (v *visit) course(ctx context.Context, body *exploreBody, f *filter) error {
	marks, err := v.releases(ctx)
	if err != nil {
		return err
	}
	first := v.spanOf(f.cube).first
	days := daysOf(f.period.to, f.period.days, first)
	if !f.period.own {
		days = daysOf(f.period.to, max(28, f.period.days), first)
	}
	where, args := f.condition(v.site, days[0], "")
	rows, err := v.snap.rows(ctx, fmt.Sprintf("select cast(business_date as date) as day, %s as value\nfrom memory.main.%s%s\ngroup by 1\norder by 1",
		f.measure.Over(v.site.dialect), v.site.dialect.Quote(f.cube.view.Name), where), args...)
	if err != nil {
		return err
	}
	words := []string{f.measure.Title}
	for _, c := range body.Chosen {
		_, value, _ := strings.Cut(c.Text, ": ")
		words = append(words, value)
	}
	t := &trend{Title: f.measure.Title, View: f.cube.view.Name, Column: f.measure.Name, Chart: &chart{
		Unit: f.measure.Unit, Days: days, Marks: marks, Series: []series{{Name: strings.Join(words, ", "), Values: along(days, rows, "value")}}, Alone: true,
	}}
	t.table()
	body.Trend = t
	return nil
}

// board lists the values of a dimension. Its own filter does not hold in it, so that another value can be taken in.
func (v *visit) board(ctx context.Context, f *filter, dimension string) (board, error) {
	b := board{Dimension: dimension, Title: called(dimension), Sized: len(f.measure.Denominator) > 0}
	where, args := f.condition(v.site, f.period.prevFrom, dimension)
	rows, err := v.snap.rows(ctx, fmt.Sprintf(`select %s, coalesce(cast(%s as varchar), '') as name, %s as value, %s as base
from memory.main.%s%s
group by 1, 2
order by name`, f.nowOr(), v.site.dialect.Quote(dimension), f.measure.Over(v.site.dialect), v.site.base(*f.measure),
		v.site.dialect.Quote(f.cube.view.Name), where), args...)
	if err != nil {
		return b, err
	}
	before := map[string]record{}
	var now []record
	for _, r := range rows {
		if r.is("now") {
			now = append(now, r)
		} else if f.period.Comparable {
			before[r.text("name")] = r
		}
	}
	by := "value"
	if f.bySize {
		by = "base"
	}
	ordered := dimension == "business_hour" // hours are read in their order, all of them
	slices.SortStableFunc(now, func(a, b record) int {
		if ordered {
			return cmp.Compare(hourOf(a), hourOf(b))
		}
		return cmp.Compare(rank(b, by), rank(a, by))
	})
	greatest, draw := 0.0, bar
	for _, r := range now {
		greatest = math.Max(greatest, math.Abs(r.whole("value")))
		if r.whole("value") < 0 {
			draw = swing
		}
	}
	for i, r := range now {
		name := r.text("name")
		here := slices.Contains(f.where[dimension], name)
		if i >= boardRows && !ordered && f.all != dimension && !here {
			b.More++
			continue
		}
		row := boardRow{
			Name: named(dimension, name), Key: name, Here: here, Nobody: name == "", Value: number(f.measure.Unit, r.number("value")),
			Of: number("", r.number("base")), Bar: draw(r.number("value"), greatest, ""), Change: compared(f.cube, f.measure, sampled(r), sampled(before[name])),
		}
		if !v.static {
			row.Link = v.link("explore", f.toggled(dimension, name))
		}
		b.Rows = append(b.Rows, row)
	}
	if b.More > 0 && !v.static {
		q := f.query()
		q.Set("all", dimension)
		b.All = v.link("explore", q) + "#" + dimension
	}
	return b, nil
}

// sampled gives a figure of a row and of how many it is.
func sampled(r record) sample { return sample{r.number("value"), r.number("base")} }

// hourOf gives the hour that a row is of; one that is not known is before all.
func hourOf(r record) int {
	hour, err := strconv.Atoi(r.text("name"))
	if err != nil {
		return -1
	}
	return hour
}

// rank orders what is not known behind everything.
func rank(r record, column string) float64 {
	if v := r.number(column); v != nil {
		return *v
	}
	return math.Inf(-1)
}
