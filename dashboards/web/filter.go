package web

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	statements "trunkline/sql"
)

// filter is what the address of Explore asks for.
type filter struct {
	cube    *cube
	measure *statements.Measure
	period  period
	bySize  bool                // leaderboards begin with the largest group, and not with the greatest value
	where   map[string][]string // values by dimension; an empty one is NULL
	all     string              // the dimension of which every value is listed
}

// mostValues is how many values of a dimension may be asked for at a time.
const mostValues = 50

// readFilter reads the address. What cannot be understood is ignored, and said; then the usual holds.
func (v *visit) readFilter(cubes []*cube) filter {
	f := filter{where: map[string][]string{}}
	v.readFigure(&f, cubes)
	v.readPeriod(&f)
	f.bySize = len(f.measure.Denominator) > 0
	switch sort := v.query.Get("sort"); sort {
	case "":
	case "size", "value":
		f.bySize = sort == "size" && len(f.measure.Denominator) > 0
	default:
		v.ignore("sort=%s is ignored. Groups are sorted by size or by value", clipped(sort))
	}
	dimensions := f.cube.dimensions()
	for name, values := range v.query {
		switch {
		case slices.Contains([]string{"figure", "days", "from", "to", "sort", "all"}, name):
		case !slices.Contains(dimensions, name):
			v.ignore("%s is ignored. This figure can be filtered by %s", clipped(name), strings.Join(dimensions, ", "))
		case len(values) > mostValues:
			v.ignore("%s is ignored. %d values were asked for, and %d can be", name, len(values), mostValues)
		default:
			slices.Sort(values)
			f.where[name] = slices.Compact(values)
		}
	}
	slices.Sort(v.Notices) // the order of a map is none
	if all := v.query.Get("all"); slices.Contains(dimensions, all) {
		f.all = all
	} else if all != "" {
		v.ignore("all=%s is ignored. This figure has groups by %s", clipped(all), strings.Join(dimensions, ", "))
	}
	return f
}

// readFigure finds the figure: view.measure.
func (v *visit) readFigure(f *filter, cubes []*cube) {
	f.cube = cubes[0]
	f.measure = &f.cube.measures[0]
	if m := f.cube.measure("escalation_rate_pct"); m != nil {
		f.measure = m
	}
	text := v.query.Get("figure")
	if text == "" {
		return
	}
	view, name, _ := strings.Cut(text, ".")
	for _, c := range cubes {
		if m := c.measure(name); m != nil && c.view.Name == view {
			f.cube, f.measure = c, m
			return
		}
	}
	v.ignore("figure=%s is ignored. There is no such figure, so that %s is shown", clipped(text), f.measure.Title)
}

// readPeriod finds the days: so many to the newest, or from one to another.
func (v *visit) readPeriod(f *filter) {
	whole := v.spanOf(f.cube)
	f.period = v.newest(f.cube, v.number("days", 7, 1, 366))
	from, to := v.day("from"), v.day("to")
	if from.IsZero() && to.IsZero() {
		return
	}
	last := whole.last
	if to.IsZero() {
		to = last
	}
	if from.After(last) {
		v.ignore("from=%s is ignored. The newest day is %s", iso(from), iso(last))
		return
	}
	if to.After(last) { // fewer days would be compared with more
		v.ignore("to=%s is ignored. The newest day is %s, and the days up to it are shown", iso(to), iso(last))
		to = last
	}
	if from.IsZero() {
		from = to.AddDate(0, 0, 1-f.period.days)
	}
	if from.After(to) {
		v.ignore("from=%s and to=%s are ignored. The first day is after the last", iso(from), iso(to))
		return
	}
	days := int(to.Sub(from).Hours()/24) + 1
	if days > 366 {
		v.ignore("from=%s and to=%s are ignored. They are %d days, and at most 366 can be shown", iso(from), iso(to), days)
		return
	}
	if v.query.Has("days") && from.Equal(f.period.from) && to.Equal(f.period.to) {
		return // the form sends both: nobody chose the days one by one
	}
	f.period = periodOf(span{whole.first, to, true}, days)
	f.period.own = true
}

// day reads a day of the address.
func (v *visit) day(name string) time.Time {
	text := v.query.Get(name)
	if text == "" {
		return time.Time{}
	}
	d, err := time.Parse(time.DateOnly, text)
	if err != nil || d.Year() < 1900 || d.Year() > 2200 {
		v.ignore("%s=%s is ignored. A day is written as %s", name, clipped(text), iso(v.snap.span.last))
		return time.Time{}
	}
	return d
}

// number reads a whole number of the address.
func (v *visit) number(name string, usual, least, most int) int {
	text := v.query.Get(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		v.ignore("%s=%s is ignored. A whole number from %d to %d can be asked for; %d is taken", name, clipped(text), least, most, usual)
		return usual
	}
	return n
}

// clipped keeps what a stranger wrote short enough to be repeated.
func clipped(text string) string {
	const most = 60
	runes := []rune(text)
	if len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

// query writes the filter as it is read again.
func (f *filter) query() url.Values {
	q := url.Values{"figure": {f.cube.view.Name + "." + f.measure.Name}}
	if f.period.own {
		q.Set("from", iso(f.period.from))
		q.Set("to", iso(f.period.to))
	} else {
		q.Set("days", strconv.Itoa(f.period.days))
	}
	if by := len(f.measure.Denominator) > 0; by != f.bySize {
		q.Set("sort", "value")
	}
	maps.Copy(q, f.where)
	return q
}

// toggled is the address with a value of a dimension taken in or out.
func (f *filter) toggled(dimension, value string) url.Values {
	q := f.query()
	values := slices.Clone(q[dimension])
	if i := slices.Index(values, value); i >= 0 {
		values = slices.Delete(values, i, i+1)
	} else {
		values = append(values, value)
	}
	q.Del(dimension)
	if len(values) > 0 {
		q[dimension] = values
	}
	return q
}

// condition gives the rows of the filter since a day as SQL, but for one dimension, whose other values are to be seen too. Values are arguments.
func (f *filter) condition(s *Site, from time.Time, but string) (text string, args []any) {
	var all []string
	if f.dated() {
		all = append(all, "cast(business_date as date) between cast(? as date) and cast(? as date)")
		args = append(args, iso(from), iso(f.period.to))
	}
	for _, d := range f.cube.dimensions() {
		values := f.where[d]
		if len(values) == 0 || d == but {
			continue
		}
		// NULL and an empty text are both shown as not known
		all = append(all, "coalesce(cast("+s.dialect.Quote(d)+" as varchar), '') in (?"+strings.Repeat(", ?", len(values)-1)+")")
		for _, value := range values {
			args = append(args, value)
		}
	}
	if len(all) == 0 {
		return "", nil
	}
	return "\nwhere " + strings.Join(all, "\n    and "), args
}

// strangers says which values of the filter nothing has that the figure could count, on any day.
func (v *visit) strangers(ctx context.Context, f *filter) error {
	for _, d := range f.cube.dimensions() {
		if len(f.where[d]) == 0 {
			continue
		}
		rows, err := v.snap.rows(ctx, "select distinct coalesce(cast("+v.site.dialect.Quote(d)+" as varchar), '') as name\nfrom memory.main."+v.site.dialect.Quote(f.cube.view.Name))
		if err != nil {
			return err
		}
		for _, value := range f.where[d] {
			if !slices.ContainsFunc(rows, func(r record) bool { return r.text("name") == value }) {
				v.Notices = append(v.Notices, fmt.Sprintf("No contact that this figure counts has %s=%s", d, clipped(value)))
			}
		}
	}
	return nil
}

// dated tells whether the figure is counted by day.
func (f *filter) dated() bool { return f.cube.has("business_date") }
