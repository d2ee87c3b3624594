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

// readDays reads the sums of each business day of a cube, which are few. The figures of any days are made of them here: an engine takes
// longer to understand the formulas of a page's tiles than to count.
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
	var err error
	c.days, err = s.rows(ctx, "select cast(business_date as date) as day"+strings.Join(slices.Sorted(maps.Values(sums)), "")+
		"\nfrom memory.main."+d.Quote(c.view.Name)+"\ngroup by 1\norder by 1")
	return err
}

// over gives a measure over the days from one to another, both of them counted; nil if it is not known.
func (c *cube) over(m statements.Measure, from, to time.Time) *float64 {
	return m.Of(func(column string) *float64 {
		var sum *float64
		for _, d := range c.days {
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
func (c *cube) along(m statements.Measure, days []time.Time) []*float64 {
	all := make([]*float64, len(days))
	for _, d := range c.days {
		if i := slices.IndexFunc(days, d.at("day").Equal); i >= 0 {
			all[i] = m.Of(d.number)
		}
	}
	return all
}
