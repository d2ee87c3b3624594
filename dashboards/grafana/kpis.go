package grafana

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"trunkline/sql"
)

// What a figure says that needs the CRM, and the heading above it.
const (
	identified        = "Identified customers only"
	identifiedHeading = " (identified customers only)"
)

// kpis is the dashboard of the figures: a row for each view that has measures, those first that are looked at first.
func kpis(w warehouse) (board, error) {
	b := board{
		name: "kpis", title: "Trunkline: KPIs", from: "now-30d/d", filters: []filter{queues, media, tiers},
		about: "The figures of the views, each with the number that it is taken of (n). Percentages are of sums, never averages of percentages. " +
			"Days are the organisation's.",
		rows: []row{
			{title: "What the figures by customer stand on", panels: []panel{gateBanner}},
			{title: "What changed in the 7 newest complete days", closed: true, panels: []panel{changes}},
		},
	}
	if err := w.fill(&b, nil); err != nil {
		return board{}, err
	}
	views, err := measured()
	if err != nil {
		return board{}, err
	}
	for i, v := range views {
		panels, err := w.viewPanels(v)
		if err != nil {
			return board{}, fmt.Errorf("view %s: %w", v.Name, err)
		}
		title := v.Title
		if v.NeedsCRM {
			title += identifiedHeading
		}
		b.rows = append(b.rows, row{title: title, closed: i > 0, panels: panels})
	}
	return b, nil
}

// changes is what the view what_changed finds, in sentences.
var changes = panel{
	kind: rows, title: "What changed", query: "what_changed.sql", unit: points,
	about: identified + " where a tier is named. The 7 newest complete business days against the 7 before, by tier, queue and release, whatever time is chosen; the least likely to be chance first.",
	fields: []field{
		{name: "metric", title: "Figure", unit: words},
		{name: "level", title: "Level", unit: words},
		{name: "finding", title: "Finding", unit: words},
		{name: "rate_pct", title: "Now", unit: percent},
		{name: "previous_rate_pct", title: "Before", unit: percent},
		{name: "change_points", title: "Change (points)", unit: points},
		{name: "low_points", title: "At least", unit: points},
		{name: "high_points", title: "At most", unit: points},
		{name: "known", title: "Contacts", unit: count},
		{name: "adjusted_p_value", title: "p (Holm)", unit: unit{"none", 4}},
		{name: "is_significant", title: "More than chance", unit: words, colours: map[string]string{"yes": "orange"}},
	},
}

// measured gives the views with measures in the order of their rows. Join quality has a dashboard of its own.
func measured() ([]sql.View, error) {
	views, err := sql.Views()
	if err != nil {
		return nil, err
	}
	views = slices.DeleteFunc(views, func(v sql.View) bool { return len(v.Measures()) == 0 || v.Name == joined })
	slices.SortStableFunc(views, func(a, b sql.View) int { return cmp.Compare(rank(a), rank(b)) })
	return views, nil
}

// rank puts views by day first, and figures of queues before those of persons and of customers.
func rank(v sql.View) (place int) {
	switch timeOf(v) {
	case "business_date":
	case "week_start":
		place = 4
	default:
		place = 8
	}
	if v.NeedsCRM {
		place++
	}
	if has(v, "agent_name") || has(v, "business_hour") {
		place += 2
	}
	return place
}

// timeOf gives the column by which a view's rows have a day; empty where it has no time, or is about hours.
func timeOf(v sql.View) string {
	for _, name := range []string{"business_date", "week_start"} {
		if has(v, name) {
			return name
		}
	}
	return ""
}

func has(v sql.View, dimension string) bool { return slices.Contains(v.Dimensions, dimension) }

// viewPanels gives the panels of a view: of each measure a figure and its course, where there is a time, and all of them in a table.
func (w warehouse) viewPanels(v sql.View) ([]panel, error) {
	var figures, courses []panel
	for _, m := range v.Measures() {
		if timeOf(v) == "" || has(v, "business_hour") {
			break
		}
		if timeOf(v) == "business_date" {
			p, err := w.measure(v, m, figure)
			if err != nil {
				return nil, err
			}
			figures = append(figures, p)
		}
		p, err := w.measure(v, m, course)
		if err != nil {
			return nil, err
		}
		courses = append(courses, p)
	}
	if timeOf(v) == "week_start" {
		return courses, nil
	}
	whole, err := w.breakdown(v)
	return append(append(figures, courses...), whole), err
}

// asked is what the queries of measures are about.
type asked struct {
	View, Time, Name, Value, Taken string
	Columns, Conditions            []string
	Tiered                         bool
	By, ID, Label                  string
	Measures                       []asked
}

// measure gives a measure as a figure, over the chosen time, or as its course.
func (w warehouse) measure(v sql.View, m sql.Measure, k kind) (panel, error) {
	a := asked{
		View: v.Name, Time: timeOf(v), Name: m.Name, Value: m.Over(w.dialect), Taken: taken(m), Columns: columns(m),
		Conditions: w.conditions(v), Tiered: has(v, "customer_tier"),
	}
	file := "course.sql"
	if k == figure {
		file = "figure.sql"
		if v.NeedsCRM && a.Tiered {
			a.Conditions = append(a.Conditions, "customer_tier is not null")
		}
	}
	line := m.Title
	if a.Tiered {
		line = by("tier")
	}
	text, err := w.text(file, a)
	return panel{kind: k, title: m.Title, about: describe(v, m, k), query: text, unit: unitOf(m), line: line}, err
}

// breakdown gives all measures of a view by the dimension that says most.
func (w warehouse) breakdown(v sql.View) (panel, error) {
	a := asked{View: v.Name, Time: timeOf(v), Conditions: w.conditions(v)}
	a.By, a.ID, a.Label = partition(v)
	p := panel{kind: rows, unit: count}
	for _, c := range v.Columns {
		if c.Name == a.By {
			p.fields = append(p.fields, field{name: a.By, title: spoken(a.By), unit: words})
		}
	}
	var about []string
	for _, m := range v.Measures() {
		a.Measures = append(a.Measures, asked{Name: m.Name, Value: m.Over(w.dialect)})
		p.fields = append(p.fields, field{name: m.Name, title: m.Title, unit: unitOf(m)})
		about = append(about, m.Title+": "+m.Meaning)
		for _, c := range columns(m) {
			if !slices.Contains(a.Columns, c) {
				a.Columns = append(a.Columns, c)
			}
		}
	}
	p.title = "By " + strings.ToLower(spoken(a.By))
	p.about = v.Question + " " + strings.Join(about, " ")
	if v.NeedsCRM {
		p.about = identified + ", but for the row (not known). " + p.about
	}
	if a.Time == "" {
		p.title += " (" + v.Period + ")"
	}
	var err error
	p.query, err = w.text("breakdown.sql", a)
	return p, err
}

// partition gives the dimension by which a view is split in a table, the id that keeps namesakes apart, and what stands for it.
func partition(v sql.View) (by, id, label string) {
	for _, by := range []string{"business_hour", "agent_name", "customer_tier", "industry", "queue_name"} {
		if !has(v, by) {
			continue
		}
		for _, id := range map[string][]string{"agent_name": {"user_id", "agent_id"}, "queue_name": {"queue_id"}}[by] {
			if has(v, id) {
				return by, id, "coalesce(" + by + ", " + id + ", '(none)')"
			}
		}
		if by == "business_hour" {
			return by, "", by
		}
		return by, "", "coalesce(" + by + ", '(not known)')"
	}
	by = v.Dimensions[len(v.Dimensions)-1]
	return by, "", by
}

// conditions narrows a view by the variables whose dimensions it has.
func (w warehouse) conditions(v sql.View) (all []string) {
	chosen := func(text, variable string) {
		all = append(all, text+" in (${"+variable+":"+w.quoting+"})")
	}
	if has(v, "queue_name") && has(v, "queue_id") {
		chosen("coalesce(queue_name, queue_id, '(none)')", queues.name)
	}
	if has(v, "media_type") {
		chosen("coalesce(media_type, '(none)')", media.name)
	}
	if has(v, "customer_tier") {
		chosen("coalesce(customer_tier, '(not known)')", tiers.name)
	}
	return all
}

// columns gives the columns that a measure is made of.
func columns(m sql.Measure) (all []string) {
	for _, t := range slices.Concat(m.Numerator, m.Denominator) {
		if !slices.Contains(all, t.Column) {
			all = append(all, t.Column)
		}
	}
	return all
}

// taken gives the sum that a quotient is taken of; empty for a mere sum.
func taken(m sql.Measure) string {
	var b strings.Builder
	for i, t := range m.Denominator {
		switch {
		case t.Minus:
			b.WriteString(" - ")
		case i > 0:
			b.WriteString(" + ")
		}
		b.WriteString("sum(" + t.Column + ")")
	}
	return b.String()
}

// describe tells what a panel of a measure shows.
func describe(v sql.View, m sql.Measure, k kind) string {
	text := m.Meaning + " " + m.Formula() + "."
	switch m.Better {
	case sql.Higher:
		text += " Higher is better."
	case sql.Lower:
		text += " Lower is better."
	}
	switch {
	case v.NeedsCRM && k == course && has(v, "customer_tier"):
		return identified + ", but for the line (not known). " + text
	case v.NeedsCRM:
		return identified + ". " + text
	}
	return text
}

// unitOf gives how a measure is written.
func unitOf(m sql.Measure) unit {
	switch m.Unit {
	case "percent":
		return percent
	case "points", "score":
		return points
	case "ms":
		return duration
	case "hours":
		return unit{"h", 1}
	case "USD":
		return unit{"currencyUSD", 0}
	}
	return count
}

// spoken writes a column's name as a heading.
func spoken(name string) string {
	text := strings.ReplaceAll(strings.TrimSuffix(name, "_name"), "_", " ")
	return strings.ToUpper(text[:1]) + text[1:]
}
