package sql

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Measure is a column of a view that consumers show as a figure, and how it is taken over many rows: of sums, never of
// averages. It is declared with the column, by a title.
type Measure struct {
	ViewColumn

	Numerator   []Term // what is summed
	Denominator []Term // what it is divided by; none: the measure is a sum
}

// Term is a column of a numerator or denominator; its sum is subtracted where Minus.
type Term struct {
	Column string
	Minus  bool
}

// Better says which way of a measure is good news.
type Better string

// A measure without one is neither good nor bad news.
const (
	Higher Better = "higher"
	Lower  Better = "lower"
)

// Measures gives the view's figures, in the order of its columns.
func (v View) Measures() []Measure {
	var measures []Measure
	for _, c := range v.Columns {
		if c.Title == "" {
			continue
		}
		m := Measure{ViewColumn: c, Numerator: terms(c.Numerator), Denominator: terms(c.Denominator)}
		if c.Numerator == "" {
			m.Numerator = []Term{{Column: c.Name}}
		}
		measures = append(measures, m)
	}
	return measures
}

// Scale is what the quotient of the sums is multiplied by: a percentage and a promoter score are of a hundred.
func (m Measure) Scale() int {
	if m.Unit == "percent" || m.Unit == "points" {
		return 100
	}
	return 1
}

// Over gives the expression of the measure over the rows of a group, rounded as the view rounds its own column. It is NULL where
// there is nothing to divide by.
func (m Measure) Over(d Dialect) string {
	sums := func(terms []Term) string { return chain(terms, "cast(sum(%s) as bigint)") }
	switch {
	case len(m.Denominator) == 0 && !m.fractional():
		return sums(m.Numerator) // a sum of bigints is wider than one, in some engines
	case len(m.Denominator) == 0:
		return chain(m.Numerator, "sum(%s)")
	case m.Unit == "percent":
		return d.Functions["percent"](sums(m.Numerator), "("+sums(m.Denominator)+")")
	case m.Unit == "points": // may be negative, and a half is rounded away from zero
		than, of := sums(m.Numerator), "("+sums(m.Denominator)+")"
		return fmt.Sprintf("case when %s >= 0 then %s else -%s end",
			than, d.Functions["percent"](than, of), d.Functions["percent"]("-("+than+")", of))
	case m.Unit == "ms":
		return d.Functions["quotient"](sums(m.Numerator), "("+sums(m.Denominator)+")")
	default: // of sums that may have fractions
		return d.Functions["share"]("("+chain(m.Numerator, "sum(%s)")+")", "("+chain(m.Denominator, "sum(%s)")+")")
	}
}

// Of gives the measure of sums that were taken elsewhere, as Over does it; sum gives that of a column, nil where there is none. It is nil
// where there is nothing to divide by, or a sum is missing.
func (m Measure) Of(sum func(column string) *float64) *float64 {
	n, ok := total(m.Numerator, sum)
	if !ok {
		return nil
	}
	if len(m.Denominator) == 0 {
		return &n
	}
	d, ok := total(m.Denominator, sum)
	if !ok || d == 0 {
		return nil
	}
	rounded := func(n float64) float64 { return float64((2*int64(n) + int64(d)) / (2 * int64(d))) }
	switch m.Unit {
	case "percent", "points": // to a tenth
		n = math.Copysign(rounded(1000*math.Abs(n))/10, n)
	case "ms":
		n = rounded(n)
	default:
		n /= d
	}
	return &n
}

// total adds terms up.
func total(terms []Term, sum func(column string) *float64) (float64, bool) {
	all := 0.0
	for _, t := range terms {
		v := sum(t.Column)
		if v == nil {
			return 0, false
		}
		if t.Minus {
			all -= *v
		} else {
			all += *v
		}
	}
	return all, true
}

// fractional says whether what is summed may have a fraction.
func (m Measure) fractional() bool {
	return slices.Contains([]string{"USD", "currency", "hours", "score"}, m.Unit)
}

// Formula gives the measure in words: "100 × Σ(a − b) / Σ(c)".
func (m Measure) Formula() string {
	text := "Σ(" + chain(m.Numerator, "%s") + ")"
	if len(m.Denominator) > 0 {
		text += " / Σ(" + chain(m.Denominator, "%s") + ")"
	}
	if m.Scale() != 1 {
		text = fmt.Sprintf("%d × %s", m.Scale(), text)
	}
	return text
}

// terms reads "a - b + c".
func terms(text string) []Term {
	var all []Term
	minus := false
	for word := range strings.FieldsSeq(text) {
		switch word {
		case "+", "-":
			minus = word == "-"
		default:
			all = append(all, Term{Column: word, Minus: minus})
		}
	}
	return all
}

// chain writes terms one after the other, each column as the format says.
func chain(terms []Term, format string) string {
	var b strings.Builder
	for i, term := range terms {
		switch {
		case term.Minus:
			b.WriteString(" - ")
		case i > 0:
			b.WriteString(" + ")
		}
		fmt.Fprintf(&b, format, term.Column)
	}
	return b.String()
}
