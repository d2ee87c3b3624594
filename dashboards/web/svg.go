package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"time"
)

// Drawings are made here, so that they need no script, print, and have their numbers beside them. They are decoration of a table or
// a figure that says the same: readers of screens pass over them.

// sparkline draws a line of values without axes; nil is a gap. marks are the places of releases.
func sparkline(values []*float64, unit string, marks []int) template.HTML {
	const width, height, pad = 160.0, 40.0, 4.0
	low, high, any := extent(values)
	if !any || len(values) < 2 {
		return ""
	}
	low, high = widened(low, high, unit)
	x := func(i int) float64 { return width * float64(i) / float64(len(values)-1) }
	y := func(v float64) float64 { return height - pad - (height-2*pad)*(v-low)/(high-low) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="spark" viewBox="0 0 %g %g" preserveAspectRatio="none" aria-hidden="true" focusable="false">`, width, height)
	for _, m := range marks {
		fmt.Fprintf(&b, `<line class="mark" x1="%.1f" x2="%.1f" y1="0" y2="%g"/>`, x(m), x(m), height)
	}
	for _, run := range unbroken(values) {
		if run.to-run.from > 1 {
			fmt.Fprintf(&b, `<path class="area" d="M%.1f %g`, x(run.from), height)
			for i := run.from; i < run.to; i++ {
				fmt.Fprintf(&b, "L%.1f %.1f", x(i), y(*values[i]))
			}
			fmt.Fprintf(&b, `L%.1f %gZ"/>`, x(run.to-1), height)
		}
		b.WriteString(`<path class="line" d="` + lineOf(values, run, x, y) + `"/>`)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // made of numbers only
}

// widened gives a line without an axis room that is in proportion: what moves by less than 5 points, or a tenth of itself, is not
// drawn from the bottom to the top as if it were news.
func widened(low, high float64, unit string) (float64, float64) {
	least := math.Abs(low+high) / 20
	if unit == "percent" || unit == "points" {
		least = 5
	}
	if low == high && least == 0 {
		least = 2
	}
	if room := least - (high - low); room > 0 {
		low, high = low-room/2, high+room/2
	}
	return low, high
}

// stretch is a run of values without a gap: from and up to, not with, to.
type stretch struct{ from, to int }

// unbroken gives the runs of values that are known.
func unbroken(values []*float64) []stretch {
	var all []stretch
	for i := 0; i < len(values); i++ {
		if values[i] == nil {
			continue
		}
		from := i
		for i < len(values) && values[i] != nil {
			i++
		}
		all = append(all, stretch{from, i})
	}
	return all
}

// lineOf writes the line of a run; a single value is a short dash.
func lineOf(values []*float64, run stretch, x func(int) float64, y func(float64) float64) string {
	var b strings.Builder
	for i := run.from; i < run.to; i++ {
		letter := "L"
		if i == run.from {
			letter = "M"
		}
		fmt.Fprintf(&b, "%s%.1f %.1f", letter, x(i), y(*values[i]))
	}
	if run.to-run.from == 1 {
		b.WriteString("h.1")
	}
	return b.String()
}

// extent gives the least and the greatest value that is known.
func extent(values []*float64) (low, high float64, any bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v != nil {
			low, high, any = math.Min(low, *v), math.Max(high, *v), true
		}
	}
	return low, high, any
}

// series is one line of a chart.
type series struct {
	Name   string
	Values []*float64 // one for each day; nil is a gap
}

// mark is a day on which something happened.
type mark struct {
	Day  time.Time
	Name string
}

// chart is lines over days.
type chart struct {
	Unit   string
	Days   []time.Time
	Series []series
	Marks  []mark
	Limit  *float64 // a line across, with LimitName
	Name   string   // of the limit
	Alone  bool     // its only line needs no name: the title is
}

// frameOf is the room of a drawing.
type frameOf struct{ width, height, left, right, top, bottom float64 }

var (
	wide   = frameOf{1080, 300, 48, 104, 26, 26}
	narrow = frameOf{360, 260, 48, 14, 26, 26}
)

// Wide draws the chart for a desk, Narrow for a telephone: text does not shrink with the screen.
func (c *chart) Wide() template.HTML { return c.draw(wide, "wide") }

// Narrow draws the chart for a narrow screen.
func (c *chart) Narrow() template.HTML { return c.draw(narrow, "narrow") }

// Empty tells that there is nothing to draw.
func (c *chart) Empty() bool {
	for _, s := range c.Series {
		if _, _, any := extent(s.Values); any {
			return false
		}
	}
	return true
}

func (c *chart) draw(f frameOf, class string) template.HTML {
	if c.Empty() {
		return ""
	}
	if c.Alone {
		f.right = 16
	}
	_, bottom, top := c.scale()
	x := func(i int) float64 {
		return f.left + (f.width-f.left-f.right)*float64(i)/math.Max(1, float64(len(c.Days)-1))
	}
	y := func(v float64) float64 {
		return f.height - f.bottom - (f.height-f.top-f.bottom)*(v-bottom)/(top-bottom)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart %s" viewBox="0 0 %g %g" aria-hidden="true" focusable="false">`, class, f.width, f.height)
	c.grid(&b, f, y)
	c.days(&b, f, x)
	c.marks(&b, f, x)
	if c.Limit != nil {
		fmt.Fprintf(&b, `<line class="limit" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/><text class="limit-name" x="%g" y="%.1f">%s</text>`,
			f.left, f.width-f.right, y(*c.Limit), y(*c.Limit), f.left+4, y(*c.Limit)-5, template.HTMLEscapeString(c.Name))
	}
	for n, s := range c.Series {
		for _, run := range unbroken(s.Values) {
			fmt.Fprintf(&b, `<path class="line s%d" d="%s"/>`, n%colours, lineOf(s.Values, run, x, y))
		}
		for i, v := range s.Values {
			if v != nil {
				fmt.Fprintf(&b, `<circle class="dot s%d" cx="%.1f" cy="%.1f" r="%s"><title>%s, %s: %s</title></circle>`, n%colours, x(i), y(*v),
					dotSize(len(c.Days)), template.HTMLEscapeString(s.Name), shortDay(c.Days[i]), shown(c.Unit, v))
			}
		}
	}
	c.names(&b, f, y)
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // names are escaped, the rest is numbers
}

// scale gives the lowest and the highest line of the grid and the distance of two: 0 is among them, and nothing lies beyond them.
func (c *chart) scale() (step, bottom, top float64) {
	for _, s := range c.Series {
		if low, high, any := extent(s.Values); any {
			bottom, top = math.Min(bottom, low), math.Max(top, high)
		}
	}
	if c.Limit != nil {
		bottom, top = math.Min(bottom, *c.Limit), math.Max(top, *c.Limit)
	}
	step = stepOf(top-bottom, c.Unit)
	bottom, top = step*math.Floor(bottom/step), step*math.Ceil(top/step)
	if top == bottom {
		top = step
	}
	return step, bottom, top
}

// colours is how many lines have a colour of their own.
const colours = 6

func dotSize(days int) string {
	if days > 45 {
		return "1.6"
	}
	return "2.6"
}

// grid draws lines at round values.
func (c *chart) grid(b *strings.Builder, f frameOf, y func(float64) float64) {
	step, bottom, top := c.scale()
	for _, v := range lines(step, bottom, top) {
		fmt.Fprintf(b, `<line class="grid" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/><text class="tick" x="%g" y="%.1f" text-anchor="end">%s</text>`,
			f.left, f.width-f.right, y(v), y(v), f.left-7, y(v)+4, axis(c.Unit, v, step))
	}
}

// lines gives the values at which a grid has a line.
func lines(step, bottom, top float64) []float64 {
	var all []float64
	for n := range int(math.Round((top-bottom)/step)) + 1 {
		all = append(all, bottom+step*float64(n))
	}
	return all
}

// Ticks gives the lines of the grid and what is written at them as JSON, lowest first: a chart that answers has the axis of the
// drawing that it takes the place of.
func (c *chart) Ticks() (string, error) {
	step, bottom, top := c.scale()
	var ticks [][2]any
	for _, v := range lines(step, bottom, top) {
		ticks = append(ticks, [2]any{v, axis(c.Unit, v, step)})
	}
	text, err := json.Marshal(ticks)
	return string(text), err
}

// axis writes a value at the axis, durations without the parts that are 0.
func axis(unit string, v, step float64) string {
	switch {
	case unit == "ms" && v == 0:
		return "0"
	case unit == "percent":
		return commas(v, decimalsOf(step)) + nbsp + "%"
	case unit == "ms":
		text := strings.TrimSuffix(strings.TrimSuffix(lasting(v), nbsp+"00"+nbsp+"s"), nbsp+"00"+nbsp+"m")
		return strings.ReplaceAll(strings.Replace(text, ".0"+nbsp, nbsp, 1), nbsp, "")
	case v >= 10000 && math.Mod(step, 1000) == 0:
		return commas(v/1000, 0) + "k"
	default:
		return commas(v, decimalsOf(step))
	}
}

func decimalsOf(step float64) int {
	switch {
	case step < 0.1:
		return 2
	case step < 1:
		return 1
	default:
		return 0
	}
}

// stepOf gives the distance of the lines of a grid: a round number, so that there are three to five.
func stepOf(top float64, unit string) float64 {
	if top <= 0 {
		return 1
	}
	rough := top / 4
	if unit == "ms" {
		for _, ms := range []float64{1e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 144e5} {
			if ms >= rough {
				return ms
			}
		}
	}
	power := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if m*power >= rough {
			if m*power < 1 && unit == "" {
				return 1
			}
			return m * power
		}
	}
	return 10 * power
}

// days writes some of the days below the chart.
func (c *chart) days(b *strings.Builder, f frameOf, x func(int) float64) {
	every := int(math.Ceil(float64(len(c.Days)) / ((f.width - f.left - f.right) / 78)))
	for i := len(c.Days) - 1; i >= 0; i -= max(1, every) {
		anchor := "middle"
		if i == len(c.Days)-1 && f.right < 40 {
			anchor = "end"
		}
		fmt.Fprintf(b, `<text class="tick" x="%.1f" y="%g" text-anchor="%s">%s</text>`, x(i), f.height-7, anchor, shortDay(c.Days[i]))
	}
}

// marks draws a line at each release, and its name.
func (c *chart) marks(b *strings.Builder, f frameOf, x func(int) float64) {
	for _, m := range c.Marks {
		i := dayIndex(c.Days, m.Day)
		if i < 0 {
			continue
		}
		anchor, at := "start", x(i)+5
		if x(i) > f.width*0.62 {
			anchor, at = "end", x(i)-5
		}
		fmt.Fprintf(b, `<line class="mark" x1="%.1f" x2="%.1f" y1="%g" y2="%g"/><text class="mark-name" x="%.1f" y="%g" text-anchor="%s">%s</text>`,
			x(i), x(i), f.top-14, f.height-f.bottom, at, f.top-8, anchor, template.HTMLEscapeString(m.Name))
	}
}

func dayIndex(days []time.Time, d time.Time) int {
	for i, at := range days {
		if iso(at) == iso(d) {
			return i
		}
	}
	return -1
}

// names writes each line's name at its end, pushed apart where they would touch. Without room there is a legend below.
func (c *chart) names(b *strings.Builder, f frameOf, y func(float64) float64) {
	if f.right < 60 || c.Alone {
		return
	}
	type label struct {
		n int
		y float64
	}
	var all []label
	for n, s := range c.Series {
		for _, last := range slices.Backward(s.Values) {
			if last != nil {
				all = append(all, label{n, y(*last)})
				break
			}
		}
	}
	slices.SortStableFunc(all, func(a, b label) int { return cmp.Compare(a.y, b.y) })
	const apart = 16
	for i := 1; i < len(all); i++ {
		all[i].y = math.Max(all[i].y, all[i-1].y+apart)
	}
	if n := len(all); n > 0 {
		all[n-1].y = math.Min(all[n-1].y, f.height-f.bottom)
		for i := n - 2; i >= 0; i-- {
			all[i].y = math.Min(all[i].y, all[i+1].y-apart)
		}
	}
	for _, l := range all {
		fmt.Fprintf(b, `<text class="name s%d" x="%g" y="%.1f">%s</text>`, l.n%colours, f.width-f.right+8, l.y+4,
			template.HTMLEscapeString(c.Series[l.n].Name))
	}
}

// bar draws a share of the greatest value as a bar.
func bar(value *float64, greatest float64, class string) template.HTML {
	if value == nil || greatest <= 0 {
		return ""
	}
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers, and a class of ours
		`<svg class="bar %s" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="10"/><rect class="fill" width="%.2f" height="10"/></svg>`,
		class, 100*math.Max(0, math.Min(1, *value/greatest))))
}

// interval draws a range and a value in it, on a scale up to the greatest.
func interval(low, value, high *float64, greatest float64) template.HTML {
	if low == nil || high == nil || value == nil || greatest <= 0 {
		return ""
	}
	at := func(v float64) float64 { return 100 * math.Max(0, math.Min(1, v/greatest)) }
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers only
		`<svg class="interval" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="10"/><rect class="range" x="%.2f" width="%.2f" y="3" height="4"/><rect class="point" x="%.2f" width="1.2" height="10"/></svg>`,
		at(*low), math.Max(0.6, at(*high)-at(*low)), math.Max(0, at(*value)-0.6)))
}

// swing draws a value left or right of the middle.
func swing(value *float64, greatest float64, class string) template.HTML {
	if value == nil || greatest <= 0 {
		return ""
	}
	length := 50 * math.Min(1, math.Abs(*value)/greatest)
	from := 50.0
	if *value < 0 {
		from -= length
	}
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers, and a class of ours
		`<svg class="swing %s" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="10"/><rect class="fill" x="%.2f" width="%.2f" height="10"/><rect class="middle" x="49.7" width=".6" height="10"/></svg>`,
		class, from, length))
}
