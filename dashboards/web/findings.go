package web

import (
	"context"
	"strings"

	statements "trunkline/sql"
)

// findings is what what_changed tells of.
type findings struct {
	Compared string // the days
	Stamp    string
	Of       figure // rows that were tested, for which chance was allowed
	Rows     []finding
}

// finding is one change.
type finding struct {
	Metric, Text string
	Change       figure
	Class, Arrow string
	Chance       string
	Key          string // that of its row
}

// findings gives what changed: what is more than chance first, and then what brings most.
func (v *visit) findings(ctx context.Context) (*findings, error) {
	if !v.snap.cubes["what_changed"].has("finding") {
		return nil, nil //nolint:nilnil // a page without it is a page
	}
	rows, err := v.snap.rows(ctx, `select * replace (cast(first_day as date) as first_day, cast(last_day as date) as last_day),
    (select count(p_value) from memory.main.what_changed) as tested
from memory.main.what_changed
where change_points is not null
order by is_significant desc nulls last, adjusted_p_value nulls last, abs(rate_effect_points) desc, finding
limit 5`)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	all := &findings{
		Compared: shortDay(rows[0].at("first_day")) + " to " + shortDay(rows[0].at("last_day")) + ", against the 7 days before",
		Stamp:    begun(v.stamp(v.snap.cubes["what_changed"].view)),
		Of:       number("", rows[0].number("tested")),
	}
	for _, r := range rows {
		all.Rows = append(all.Rows, v.site.findingOf(r))
	}
	return all, nil
}

// signed is a figure that says which way it goes.
func signed(v *float64) figure {
	f := number("points", v)
	if v != nil && *v > 0 {
		f.Text = "+" + f.Text
	}
	return f
}

// better gives which way of a rate of what_changed is good news, as the view says that declares it; "" if none does.
func (s *Site) better(rate string) statements.Better {
	for _, view := range s.views {
		for _, m := range view.Measures() {
			if m.Name == rate+"_pct" {
				return m.Better
			}
		}
	}
	return ""
}

// findingOf makes a line of a row. Too few to tell and within chance are two things, and neither is good or bad news.
func (s *Site) findingOf(r record) finding {
	f := finding{Change: signed(r.number("change_points")), Class: "flat", Arrow: "→", Key: r.text("finding")}
	f.Metric, f.Text, f.Chance = parted(f.Key)
	by := r.whole("change_points")
	switch {
	case by > 0:
		f.Arrow = "▲"
	case by < 0:
		f.Arrow = "▼"
	}
	if better := s.better(r.text("metric")); better != "" && by != 0 && r.is("is_significant") {
		f.Class = "bad"
		if (by > 0) == (better == statements.Higher) {
			f.Class = "good"
		}
	}
	return f
}

// parted takes apart the sentence of a row: what it is about, what is to be read, and the verdict. The change stands beside it, and is
// not said again.
func parted(sentence string) (metric, text, chance string) {
	metric, text, _ = strings.Cut(sentence, ": ")
	if i := strings.LastIndex(text, "; "); i >= 0 {
		text, chance = text[:i], text[i+len("; "):]
	}
	if before, after, found := strings.Cut(text, " points ("); found {
		if i := strings.LastIndex(before, ", "); i >= 0 {
			text = before[:i] + " (" + after
		}
	}
	return metric, text, chance
}
