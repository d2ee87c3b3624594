package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/dashboards/grafana/grafanatest"
	statements "trunkline/sql"
)

// cells are the rows of a view, each cell plain.
type cells []map[string]any

// viewRows gives the rows of every view with measures: what the ledger says of it, and of the two that the ledger does not count what the
// view has.
func (g *grafana) viewRows(t *testing.T, ledger map[string][]map[string]any) map[string]cells {
	t.Helper()
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]cells{}
	for _, v := range views {
		if len(v.Measures()) == 0 {
			continue
		}
		rows, told := ledger[v.Name]
		if !told {
			rows = query(t, g.duckDB, "select * from "+v.Name)
			t.Logf("the ledger does not tell of %s", v.Name)
		}
		if len(rows) == 0 {
			t.Errorf("%s has no rows", v.Name)
		}
		lines(rows) // makes the cells plain
		all[v.Name] = rows
	}
	return all
}

// ledgerDifferences holds the panels of every measure against what is counted from the rows of its view, without any SQL.
func (g *grafana) ledgerDifferences(t *testing.T, rows map[string]cells, chosen grafanatest.Selection) (found []string) {
	t.Helper()
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	compared := map[string]int{}
	for _, q := range g.queries[g.postgres] {
		for _, v := range views {
			if !strings.Contains(q.Text, "from ${schema:raw}."+v.Name+"\n") || rows[v.Name] == nil {
				continue
			}
			want, ok := panelRows(v, q, rows[v.Name].chosen(v, chosen))
			if !ok {
				continue
			}
			compared[q.Kind]++
			columns, got := g.ask(t, g.postgres, q, chosen)
			if diff := cmp.Diff(want, printed(columns, got)[1:]); diff != "" {
				found = append(found, fmt.Sprintf("%s is not what the ledger says (-): %s", q, diff))
			}
		}
	}
	t.Logf("compared with the ledger: %v", compared)
	if compared["stat"] < 30 || compared["timeseries"] < 40 || compared["table"] < 8 {
		t.Errorf("only %v panels are about measures", compared)
	}
	return found
}

// chosen gives the rows that a selection leaves.
func (c cells) chosen(v statements.View, s grafanatest.Selection) cells {
	var all cells
	for _, row := range c {
		keep := true
		for _, name := range []string{"business_date", "week_start"} {
			if date, ok := row[name].(string); ok && slices.Contains(v.Dimensions, name) {
				day, err := time.Parse(time.DateOnly, date)
				keep = keep && err == nil && !day.Before(s.From) && !day.After(s.To)
			}
		}
		if slices.Contains(v.Dimensions, "queue_id") {
			keep = keep && slices.Contains(s.Chosen["queue"], named(row, "(none)", "queue_name", "queue_id"))
		}
		if slices.Contains(v.Dimensions, "media_type") {
			keep = keep && slices.Contains(s.Chosen["media"], named(row, "(none)", "media_type"))
		}
		if slices.Contains(v.Dimensions, "customer_tier") {
			keep = keep && slices.Contains(s.Chosen["tier"], named(row, "(not known)", "customer_tier"))
		}
		if keep {
			all = append(all, row)
		}
	}
	return all
}

// named gives the first of some texts that is known.
func named(row map[string]any, none string, columns ...string) string {
	for _, c := range columns {
		if text, ok := row[c].(string); ok {
			return text
		}
	}
	return none
}

// panelRows gives the rows that a panel must have, printed; not ok where it is about no measure.
func panelRows(v statements.View, q grafanatest.Query, rows cells) (want []string, ok bool) {
	measures := v.Measures()
	switch q.Kind {
	case "stat", "timeseries":
		i := slices.IndexFunc(measures, func(m statements.Measure) bool { return m.Title == q.Name })
		if i < 0 {
			return nil, false
		}
		if q.Kind == "stat" {
			return []string{figureOf(v, measures[i], rows)}, true
		}
		key := func(row map[string]any) string {
			day := named(row, "", "business_date", "week_start") + "T00:00:00.000000Z"
			if slices.Contains(v.Dimensions, "customer_tier") {
				return day + "|" + named(row, "(not known)", "customer_tier")
			}
			return day
		}
		return gathered(rows, measures[i:i+1], key), true
	case "table":
		if !strings.HasPrefix(q.Name, "By ") {
			return nil, false
		}
		return gathered(rows, measures, func(row map[string]any) string { return labelled(v, row) }), true
	}
	return nil, false
}

// labelled gives what a row is counted under in a table; behind \x00 what keeps namesakes apart.
func labelled(v statements.View, row map[string]any) string {
	has := func(name string) bool { return slices.Contains(v.Dimensions, name) }
	switch {
	case has("business_hour"):
		return fmt.Sprint(row["business_hour"])
	case has("agent_name") && has("user_id"):
		return named(row, "(none)", "agent_name", "user_id") + "\x00" + fmt.Sprint(row["user_id"])
	case has("agent_name"):
		return named(row, "(none)", "agent_name", "agent_id") + "\x00" + fmt.Sprint(row["agent_id"])
	case has("customer_tier"):
		return named(row, "(not known)", "customer_tier")
	case has("industry"):
		return named(row, "(not known)", "industry")
	}
	return named(row, "(none)", "queue_name", "queue_id") + "\x00" + fmt.Sprint(row["queue_id"])
}

// figureOf gives the one row of a figure: the measure, and what it is taken of.
func figureOf(v statements.View, m statements.Measure, rows cells) string {
	if v.NeedsCRM && slices.Contains(v.Dimensions, "customer_tier") {
		rows = slices.DeleteFunc(slices.Clone(rows), func(row map[string]any) bool { return row["customer_tier"] == nil })
	}
	text := fmt.Sprint(measureOver(m, rows))
	if len(m.Denominator) > 0 {
		text += "|" + fmt.Sprint(sumOf(m.Denominator, rows))
	}
	return text
}

// gathered gives a row for each group: its name, and the measures.
func gathered(rows cells, measures []statements.Measure, key func(map[string]any) string) []string {
	groups := map[string]cells{}
	for _, row := range rows {
		groups[key(row)] = append(groups[key(row)], row)
	}
	all := []string{}
	for _, k := range slices.Sorted(maps.Keys(groups)) {
		text, _, _ := strings.Cut(k, "\x00")
		for _, m := range measures {
			text += "|" + fmt.Sprint(measureOver(m, groups[k]))
		}
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

// sumOf gives the sum of what is known of some columns; nil where nothing is, of any of them.
func sumOf(terms []statements.Term, rows cells) any {
	var sum float64
	for _, term := range terms {
		known := false
		for _, row := range rows {
			x, ok := row[term.Column].(float64)
			if known = known || ok; term.Minus {
				x = -x
			}
			sum += x
		}
		if !known {
			return nil
		}
	}
	return sum
}

// measureOver gives a measure over rows, rounded as its view rounds it: half away from zero.
func measureOver(m statements.Measure, rows cells) any {
	than, known := sumOf(m.Numerator, rows).(float64)
	if !known {
		return nil
	}
	if len(m.Denominator) == 0 {
		return plain(than)
	}
	of, _ := sumOf(m.Denominator, rows).(float64)
	if of == 0 {
		return nil
	}
	switch m.Unit {
	case "percent", "points":
		return plain(math.Round(1000*than/of) / 10)
	case "ms":
		return plain(math.Round(than / of))
	}
	return plain(than / of)
}
