package web

import (
	"math"
	"slices"

	statements "trunkline/sql"
)

const (
	fewest  = 30   // in either period, below which nothing is called better or worse
	expects = 5    // events, and as many without one, that a test of two proportions needs in either period
	beyond  = 1.96 // standard errors: 95 % of what chance does lies within
	least   = 0.01 // of a figure that is no rate: a smaller change is none to speak of
)

// sample is a figure of a period, and of how many it is; n is nil where it is of nothing that can be counted.
type sample struct{ value, n *float64 }

// compared gives the change between two periods. It is good or bad news only if it is more than chance brings: a rate has to pass a test
// of two proportions, a score from -100 to 100 the same with the greatest spread that it can have, and anything else a change of 1 %.
func compared(c *cube, m *statements.Measure, now, before sample) *change {
	change := changed(m, now.value, before.value)
	if change != nil && !telling(m, now, before, counts(c, m)) {
		change.Class, change.Word = "flat", ""
	}
	return change
}

// counts tells whether what a measure is divided by is a number of things, each of which has the property or has it not.
func counts(c *cube, m *statements.Measure) bool {
	return len(m.Denominator) > 0 && !slices.ContainsFunc(c.view.Columns, func(column statements.ViewColumn) bool {
		return column.Name == m.Denominator[0].Column && slices.Contains([]string{"ms", "hours", "USD", "currency"}, column.Unit)
	})
}

// telling tells whether a change is more than chance, as far as two numbers and their sizes tell.
func telling(m *statements.Measure, now, before sample, counted bool) bool {
	by := math.Abs(*now.value - *before.value)
	notable := by >= least*math.Abs(*before.value)
	if !counted {
		return notable
	}
	if now.n == nil || before.n == nil || *now.n < fewest || *before.n < fewest {
		return false
	}
	mean := (*now.value**now.n + *before.value**before.n) / (*now.n + *before.n) / 100
	var variance float64
	switch m.Unit {
	case "percent":
		if math.Min(*now.n, *before.n)*math.Min(mean, 1-mean) < expects {
			return false
		}
		variance = mean * (1 - mean)
	case "points":
		variance = 1 - mean*mean
	default:
		return notable
	}
	return by/100 > beyond*math.Sqrt(variance*(1 / *now.n + 1 / *before.n))
}
