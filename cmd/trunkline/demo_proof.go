package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// prove compares every cell of the views with the centre's ledger of what really happened, which shares no code with
// anything that made them.
func (d *demo) prove(ctx context.Context) error {
	now := d.clock.Now()
	upTo := d.first.Add(demoDays + demoNights).Start(d.loc)
	truth := d.centre.World().Ledger(now.Add(-demoLag), now, upTo).Views
	cells, wrong := 0, 0
	for _, view := range slices.Sorted(maps.Keys(truth)) {
		g, err := ask(ctx, duckdbConfig(d.config), "select * from "+view)
		if err != nil {
			return err
		}
		left := map[string]int{}
		for _, row := range truth[view] {
			left[cellsOf(g.columns, func(i int) any { return row[g.columns[i]] })]++
			cells += len(row)
		}
		for _, row := range g.rows {
			left[cellsOf(g.columns, func(i int) any { return row[i] })]--
		}
		for _, n := range left {
			wrong += max(n, -n)
		}
	}
	d.app.heading("Proof")
	if wrong > 0 {
		return fmt.Errorf("compare with the centre's ledger: %d rows of the views are not what really happened", wrong)
	}
	d.app.print("  %s cells in %d views, each equal to the centre's ledger of what really happened\n", count(int64(cells)), len(truth))
	return nil
}

// cellsOf writes a row so that it can be compared: numbers in one form, whatever their type.
func cellsOf(columns []string, cell func(i int) any) string {
	var b strings.Builder
	for i, c := range columns {
		v := cell(i)
		switch n := v.(type) {
		case int:
			v = float64(n)
		case int64:
			v = float64(n)
		case *int64:
			if v = nil; n != nil {
				v = float64(*n)
			}
		case *float64:
			if v = nil; n != nil {
				v = *n
			}
		case *string:
			if v = nil; n != nil {
				v = *n
			}
		}
		fmt.Fprintf(&b, "%s=%v;", c, v)
	}
	return b.String()
}
