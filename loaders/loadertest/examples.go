package loadertest

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/schema"
	"trunkline/sql"
)

// Engine is one connection to an engine that holds all declared tables, empty.
type Engine interface {
	// Exec sends a statement; its arguments stand for $1, $2, ….
	Exec(ctx context.Context, statement string, args ...any) error
	// Set gives a parameter of views and checks, by its name, a value for as long as the transaction lasts.
	Set(ctx context.Context, name string, value any) error
	// Select gives the names of a query's columns, in their order, and its rows: as nil, string, int64, float64, bool or
	// time.Time in UTC.
	Select(ctx context.Context, query string) ([]string, []map[string]any, error)
}

// RunViews tries the examples of every view: what its .yaml promises is what the engine gives.
func RunViews(t *testing.T, d sql.Dialect, e Engine) {
	t.Helper()
	views, err := sql.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		query, err := v.Query(d)
		if err != nil {
			t.Fatal(err)
		}
		var columns []string
		for _, c := range v.Columns {
			columns = append(columns, c.Name)
		}
		for _, x := range v.Examples {
			t.Run(v.Name+"/"+x.Name, func(t *testing.T) {
				tryExample(t, e, trial{x, query, columns, func() { remeasure(t, d, e, v, query) }})
			})
		}
	}
}

// remeasure holds a view's measures against its own columns: over the single row of a grain, the quotient of the sums is what
// the view says itself, whether the engine divides them or the measure does.
func remeasure(t *testing.T, d sql.Dialect, e Engine, v sql.View, query string) {
	t.Helper()
	measures := v.Measures()
	if len(measures) == 0 {
		return
	}
	columns, groups := []string{}, append([]string{}, v.Grain...)
	sums := map[string]string{}
	for _, m := range measures {
		columns = append(columns, m.Name, m.Over(d)+" as again_"+m.Name)
		groups = append(groups, m.Name)
		for _, term := range slices.Concat(m.Numerator, m.Denominator) {
			sums[term.Column] = fmt.Sprintf("cast(sum(%s) as %s) as sum_%[1]s", term.Column, d.Functions["realType"]())
		}
	}
	columns = append(columns, slices.Sorted(maps.Values(sums))...)
	again := "select " + strings.Join(columns, ", ") + " from (" + query + ") as rows_of_view group by " + strings.Join(groups, ", ")
	_, rows, err := e.Select(t.Context(), again)
	if err != nil {
		t.Fatalf("%v\n%s", err, again)
	}
	for _, row := range rows {
		for _, m := range measures {
			said, got := row[m.Name], row["again_"+m.Name]
			if (said == nil) != (got == nil) || math.Abs(number(said)-number(got)) > tolerance(m) {
				t.Errorf("%s over one row is %v, and the view says %v: %s", m.Name, got, said, m.Formula())
			}
			of := m.Of(func(column string) *float64 {
				if v := row["sum_"+column]; v != nil {
					return new(number(v))
				}
				return nil
			})
			if (said == nil) != (of == nil) || of != nil && math.Abs(number(said)-*of) > tolerance(m) {
				t.Errorf("%s of the sums of one row is %v, and the view says %v: %s", m.Name, of, said, m.Formula())
			}
		}
	}
}

// tolerance is what rounding takes: hours are rounded by the view, from seconds that it does not show.
func tolerance(m sql.Measure) float64 {
	if m.Unit == "hours" {
		return 0.06
	}
	return 1e-9
}

// number gives a cell as a number, NULL as 0, and what is none as not a number.
func number(v any) float64 {
	if v == nil {
		return 0
	}
	n, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	if err != nil {
		return math.NaN()
	}
	return n
}

// RunChecks tries the examples of every check.
func RunChecks(t *testing.T, d sql.Dialect, e Engine) {
	t.Helper()
	checks, err := sql.Checks()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		for _, x := range c.Examples {
			t.Run(c.ID+"/"+x.Name, func(t *testing.T) {
				if c.EachTable {
					c = c.For(schema.Lookup(x.Table))
				}
				query, err := c.Query(d)
				if err != nil {
					t.Fatal(err)
				}
				tryExample(t, e, trial{x, query, []string{"scope", "observed", "threshold"}, nil})
			})
		}
	}
}

// RunFunctions tries what views and checks call by name: it means the same in every dialect.
func RunFunctions(t *testing.T, d sql.Dialect, e Engine) {
	t.Helper()
	const begin, end = "timestamp '2026-11-19 23:59:59.9'", "timestamp '2026-11-20 01:00:00.1'"
	real := func(v string) string { return "cast(" + v + " as " + d.Functions["realType"]() + ")" }
	tenths := func(v string) string { return d.Functions["nearest"]("10 * "+real(v)) + " / 10" } // as views round
	for _, c := range []struct {
		function string
		args     []string
		want     any
	}{
		{"nearest", []string{real("2.5")}, 3.0},
		{"nearest", []string{real("-2.5")}, -3.0},
		{"nearest", []string{real("0.49999999999999994")}, 0.0},
		{"nearest", []string{"100 * " + real("0.285")}, 28.0}, // 28.499999999999996
		{"nearest", []string{real("null")}, nil},
		{"percent", []string{"1", "8"}, 12.5},
		{"percent", []string{"1", "2000"}, 0.1}, // 0.05
		{"percent", []string{"1", "0"}, nil},
		{"quotient", []string{"7", "2"}, int64(4)},
		{"quotient", []string{"7", "0"}, nil},
		{"share", []string{"1", "4"}, 0.25},
		{"share", []string{"1", "0"}, nil},
		{"oneDecimal", []string{real("0.0")}, "0.0"},
		{"oneDecimal", []string{real("1234567.5")}, "1234567.5"},
		{"oneDecimal", []string{real("9.6")}, "9.6"}, // 9.59999999999999964
		{"oneDecimal", []string{real("-0.3")}, "-0.3"},
		{"oneDecimal", []string{tenths("0.25")}, "0.3"},
		{"oneDecimal", []string{tenths("0.35")}, "0.4"},
		{"oneDecimal", []string{real("null")}, nil},
		{"signed", []string{real("0.5")}, "+0.5"},
		{"signed", []string{real("9.6")}, "+9.6"},
		{"signed", []string{real("-0.3")}, "-0.3"},
		{"signed", []string{tenths("-2.45")}, "-2.5"},
		{"signed", []string{real("null")}, nil},
		{"signed", []string{real("-12.0")}, "-12.0"},
		{"signed", []string{real("0.0")}, "+0.0"},
		{"seconds", []string{begin, end}, int64(3601)},
		{"hours", []string{begin, end}, 3601 / 3600.0},
		{"daysBefore", []string{"'2026-03-01'", "1"}, "2026-02-28"},
		{"weekOf", []string{"'2026-11-22'"}, "2026-11-16"}, // a Sunday
		{"weekOf", []string{"'2027-01-01'"}, "2026-12-28"},
	} {
		call := d.Functions[c.function](c.args...)
		switch c.want.(type) {
		case float64:
			call = real(call)
		case int64:
			call = "cast(" + call + " as bigint)"
		}
		_, rows, err := e.Select(t.Context(), "select "+call+" as result")
		if err != nil {
			t.Fatalf("%s: %v", call, err)
		}
		if got := rows[0]["result"]; got != c.want {
			t.Errorf("%s%v is %v, want %v: %s", c.function, c.args, got, c.want, call)
		}
	}
}

// trial is an example, the query that it is about, the columns that this gives, and what else is held over the same rows.
type trial struct {
	sql.Example
	query   string
	columns []string
	more    func() // may be nil
}

// tryExample runs a query over an example's rows, in a transaction that is undone.
func tryExample(t *testing.T, e Engine, x trial) {
	t.Helper()
	ctx := t.Context()
	if err := e.Exec(ctx, "begin"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Exec(ctx, "rollback"); err != nil {
			t.Error(err)
		}
	}()
	for name, value := range x.Parameters {
		if err := e.Set(ctx, name, value); err != nil {
			t.Fatal(err)
		}
	}
	for table, rows := range x.Given {
		for _, row := range rows {
			if err := insertExample(ctx, e, schema.Lookup(table), row); err != nil {
				t.Fatal(err)
			}
		}
	}
	names, got, err := e.Select(ctx, x.query)
	if err != nil {
		t.Fatalf("%v\n%s", err, x.query)
	}
	if diff := cmp.Diff(x.columns, names); diff != "" {
		t.Errorf("columns: %s", diff)
	}
	if diff := cmp.Diff(lines(x.Expect), lines(got)); diff != "" {
		t.Error(diff)
	}
	if x.more != nil {
		x.more()
	}
}

// insertExample writes a row; columns that cannot be NULL and are not given are zero.
func insertExample(ctx context.Context, e Engine, table *schema.Table, row map[string]any) error {
	for name := range row {
		if _, ok := table.Column(name); !ok {
			return fmt.Errorf("example: table %s has no column %s", table.Name, name)
		}
	}
	var names, marks []string
	var values []any
	empty := table.New()
	for i, c := range table.Columns {
		value, given := row[c.Name]
		if !given {
			value = schema.Value(empty, c)
		}
		names, marks, values = append(names, `"`+c.Name+`"`), append(marks, fmt.Sprintf("$%d", i+1)), append(values, value)
	}
	statement := fmt.Sprintf("insert into %s (%s) values (%s)", table.Name, strings.Join(names, ", "), strings.Join(marks, ", "))
	if err := e.Exec(ctx, statement, values...); err != nil {
		return fmt.Errorf("example: insert into %s: %w", table.Name, err)
	}
	return nil
}

// lines gives rows as texts, in an order of their own: a view has none.
func lines(rows []map[string]any) []string {
	out := []string{}
	for _, row := range rows {
		var cells []string
		for name, v := range row {
			if at, ok := v.(time.Time); ok {
				v = at.Format(time.DateTime)
			}
			cells = append(cells, fmt.Sprintf("%s=%v", name, v))
		}
		slices.Sort(cells)
		out = append(out, strings.Join(cells, " "))
	}
	slices.Sort(out)
	return out
}
