package web

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	statements "trunkline/sql"
)

// readDays reads the sums of each business day of a cube, over all media and of each, which are few. The figures of any days are made of
// them here: an engine takes longer to understand the formulas of a page's tiles than to count.
func (s *snapshot) readDays(ctx context.Context, c *cube) error {
	if !c.daily() {
		return nil
	}
	sums, d := map[string]string{}, s.source.site.dialect
	for _, m := range c.measures {
		for _, t := range slices.Concat(m.Numerator, m.Denominator) {
			sums[t.Column] = fmt.Sprintf(", sum(%s) as %[1]s", d.Quote(t.Column))
		}
	}
	medium, sets := "'' as medium, true as mixed", "(day)"
	if c.has("media_type") {
		medium, sets = "media_type as medium, grouping(media_type) = 1 as mixed", "(day), (day, media_type)"
	}
	rows, err := s.rows(ctx, "select cast(business_date as date) as day, "+medium+strings.Join(slices.Sorted(maps.Values(sums)), "")+
		"\nfrom memory.main."+d.Quote(c.view.Name)+"\ngroup by grouping sets ("+sets+")\norder by 1")
	c.days = map[string][]record{}
	for _, r := range rows {
		if name := r.text("medium"); r.is("mixed") || name != "" { // contacts whose medium is not known are among all
			c.days[name] = append(c.days[name], r)
		}
	}
	return err
}

// over gives a measure over the days from one to another, both of them counted; nil if it is not known.
func (c *cube) over(m statements.Measure, medium string, from, to time.Time) *float64 {
	return m.Of(func(column string) *float64 {
		var sum *float64
		for _, d := range c.days[medium] {
			v := d.number(column)
			if at := d.at("day"); v == nil || at.Before(from) || at.After(to) {
				continue
			}
			if sum == nil {
				sum = new(float64)
			}
			*sum += *v
		}
		return sum
	})
}

// along gives a measure of each of some days; a day without is a gap.
func (c *cube) along(m statements.Measure, medium string, days []time.Time) []*float64 {
	all := make([]*float64, len(days))
	for _, d := range c.days[medium] {
		if i := slices.IndexFunc(days, d.at("day").Equal); i >= 0 {
			all[i] = m.Of(d.number)
		}
	}
	return all
}
