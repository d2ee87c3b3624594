package sql_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/sql"
)

// What the examples of views do not come to: halves, what is below nothing, and what is not known.
func TestOf(t *testing.T) {
	quotient := func(unit string) sql.Measure {
		return sql.Measure{
			ViewColumn: sql.ViewColumn{Unit: unit}, Numerator: []sql.Term{{Column: "a"}, {Column: "b", Minus: true}}, Denominator: []sql.Term{{Column: "c"}},
		}
	}
	for _, x := range []struct {
		unit string
		sums map[string]float64
		want *float64
	}{
		{"percent", map[string]float64{"a": 1, "b": 0, "c": 2000}, new(0.1)}, // 0.05 %
		{"percent", map[string]float64{"a": 2, "b": 0, "c": 3}, new(66.7)},
		{"points", map[string]float64{"a": 1, "b": 2, "c": 3}, new(-33.3)},
		{"points", map[string]float64{"a": 0, "b": 1, "c": 2000}, new(-0.1)},
		{"ms", map[string]float64{"a": 3, "b": 0, "c": 2}, new(2.0)},
		{"score", map[string]float64{"a": 3, "b": 0, "c": 2}, new(1.5)},
		{"percent", map[string]float64{"a": 0, "b": 0, "c": 0}, nil},
		{"percent", map[string]float64{"a": 1, "c": 2}, nil},
		{"ms", map[string]float64{"a": 1, "b": 0}, nil},
	} {
		got := quotient(x.unit).Of(func(column string) *float64 {
			if v, ok := x.sums[column]; ok {
				return &v
			}
			return nil
		})
		if diff := cmp.Diff(x.want, got); diff != "" {
			t.Errorf("%s of %v:\n%s", x.unit, x.sums, diff)
		}
	}
}
