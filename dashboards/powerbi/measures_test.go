package powerbi

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// reader evaluates the DAX of our measures over some rows, from its text: numbers, SUM, DIVIDE, and what adds and multiplies them.
// nil is blank, which adds as nothing does and divides to blank.
type reader struct {
	tokens []string
	rows   []map[string]any
}

var daxToken = regexp.MustCompile(`'[^']+'\[[^\]]+\]|[A-Z]+|[0-9.]+|[-+*(),]`)

func evaluate(dax string, rows []map[string]any) (*float64, error) {
	r := &reader{daxToken.FindAllString(dax, -1), rows}
	if strings.Join(r.tokens, "") != strings.Join(strings.Fields(dax), "") {
		return nil, fmt.Errorf("%s: not all of it can be read", dax)
	}
	v, err := r.sum()
	if err == nil && len(r.tokens) > 0 {
		err = fmt.Errorf("%s: %s is left over", dax, r.tokens[0])
	}
	return v, err
}

func (r *reader) next() string {
	if len(r.tokens) == 0 {
		return ""
	}
	token := r.tokens[0]
	r.tokens = r.tokens[1:]
	return token
}

func (r *reader) is(token string) bool {
	if len(r.tokens) == 0 || r.tokens[0] != token {
		return false
	}
	r.next()
	return true
}

func (r *reader) sum() (*float64, error) {
	total, err := r.product()
	for err == nil {
		sign := 1.0
		switch {
		case r.is("+"):
		case r.is("-"):
			sign = -1
		default:
			return total, nil
		}
		var other *float64
		if other, err = r.product(); err == nil && other != nil {
			v := sign * *other
			if total != nil {
				v += *total
			}
			total = &v
		}
	}
	return nil, err
}

func (r *reader) product() (*float64, error) {
	v, err := r.factor()
	for err == nil && r.is("*") {
		var other *float64
		other, err = r.factor()
		if v == nil || other == nil {
			v = nil
		} else {
			p := *v * *other
			v = &p
		}
	}
	return v, err
}

func (r *reader) factor() (*float64, error) {
	switch token := r.next(); token {
	case "SUM":
		if !r.is("(") {
			return nil, fmt.Errorf("SUM has no argument")
		}
		_, column, _ := strings.Cut(strings.TrimSuffix(r.next(), "]"), "[")
		if !r.is(")") {
			return nil, fmt.Errorf("SUM ( %s does not end", column)
		}
		return r.column(column)
	case "DIVIDE":
		if !r.is("(") {
			return nil, fmt.Errorf("DIVIDE has no arguments")
		}
		than, err := r.sum()
		if err != nil || !r.is(",") {
			return nil, fmt.Errorf("DIVIDE has one argument: %w", err)
		}
		of, err := r.sum()
		if err != nil || !r.is(")") {
			return nil, fmt.Errorf("DIVIDE does not end: %w", err)
		}
		if than == nil || of == nil || *of == 0 {
			return nil, nil
		}
		v := *than / *of
		return &v, nil
	default:
		v, err := strconv.ParseFloat(token, 64)
		return &v, err
	}
}

// column sums a column; where no row has a value the sum is blank.
func (r *reader) column(name string) (*float64, error) {
	var total *float64
	for _, row := range r.rows {
		v, err := number(row[name])
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", name, err)
		}
		if v != nil {
			if total != nil {
				*v += *total
			}
			total = v
		}
	}
	return total, nil
}

func number(v any) (*float64, error) {
	if v == nil {
		return nil, nil
	}
	f, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	return &f, err
}

// rounding is how far a view's own figure may be from the exact one: half of its last digit. Milliseconds are compared as seconds.
func rounding(unit string) float64 {
	if unit == "ms" {
		return 0.0005
	}
	if strings.HasPrefix(unit, "contact") {
		return 0.5
	}
	return 0.05
}

// Every measure, asked of the one row that a view shows, says what the view's own column says there: the rows are those of the
// views' examples, on which every warehouse agrees.
func TestMeasuresSayWhatTheViewsSay(t *testing.T) {
	views, err := published()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		table, err := tableOf(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range table.measures {
			compared, unit := 0, ""
			for _, c := range v.Columns {
				if c.Name == m.column {
					unit = c.Unit
				}
			}
			for _, e := range v.Examples {
				for _, row := range e.Expect {
					own, shown := row[m.column]
					if !shown {
						continue
					}
					want, err := number(own)
					if err != nil {
						t.Fatal(err)
					}
					if unit == "ms" && want != nil {
						*want /= 1000 // the measure is in seconds
					}
					got, err := evaluate(m.dax, []map[string]any{row})
					if err != nil {
						t.Fatalf("%s: %v", m.name, err)
					}
					compared++
					if (got == nil) != (want == nil) || got != nil && math.Abs(*got-*want) > rounding(unit)+1e-9 {
						t.Errorf("%s, example %q: %s is %v, and the view shows %v of %v", m.name, e.Name, m.dax, show(got), show(want), row)
					}
				}
			}
			if unit == "ms" && m.format != `#,##0.0" s"` {
				t.Errorf("%s is in seconds, and shown as %s", m.name, m.format)
			}
			if compared == 0 {
				t.Errorf("%s: no example of the view shows %s", m.name, m.column)
			}
		}
	}
}

func show(v *float64) string {
	if v == nil {
		return "blank"
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

// A day of 1 in 2 and one of 1 in 98 are 2 in 100, and not the mean of their percentages.
func TestPercentagesAreNeverAveraged(t *testing.T) {
	views, err := published()
	if err != nil {
		t.Fatal(err)
	}
	m, err := newModel(views)
	if err != nil {
		t.Fatal(err)
	}
	_, rate, err := m.find("contact_kpis_daily", "escalation_rate_pct")
	if err != nil {
		t.Fatal(err)
	}
	got, err := evaluate(rate.dax, []map[string]any{
		{"escalated_contacts": 1, "known_contacts": 2, "escalation_rate_pct": 50}, {"escalated_contacts": 1, "known_contacts": 98, "escalation_rate_pct": 1},
	})
	if err != nil || got == nil || *got != 2 {
		t.Errorf("got %v (%v), want 2", show(got), err)
	}
	for _, table := range m.tables {
		for _, c := range table.columns {
			if c.sums && (c.kind.model != "int64" && c.kind.model != "double" || strings.HasSuffix(c.name, "_pct") || strings.HasPrefix(c.name, "average_")) {
				t.Errorf("%s.%s would be summed", table.name, c.name)
			}
		}
	}
}
