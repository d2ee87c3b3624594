package genesys

import (
	"testing"
	"time"

	"trunkline/pipeline"
)

func TestBalanceCutsWhereTheActivityIs(t *testing.T) {
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	w := pipeline.Window{From: from, To: from.AddDate(0, 0, 1)}
	var hours []activity
	for h := 9; h < 17; h++ { // all of it in office hours
		hours = append(hours, activity{from.Add(time.Duration(h) * time.Hour), 1000})
	}
	parts := balance(w, hours, 8)
	if len(parts) != 8 {
		t.Fatalf("%d parts", len(parts))
	}
	for i, p := range parts {
		var busy time.Duration
		for _, h := range hours {
			begin, end := maxTime(h.at, p.From), minTime(h.at.Add(time.Hour), p.To)
			busy += max(0, end.Sub(begin))
		}
		if busy < 50*time.Minute || busy > 70*time.Minute {
			t.Errorf("part %d, %v to %v, has %v of eight busy hours", i, p.From, p.To, busy)
		}
	}
}

func TestBalanceCutsAtNight(t *testing.T) {
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	var hours []activity
	for d := range 8 {
		for h := 7; h < 20; h++ {
			hours = append(hours, activity{from.AddDate(0, 0, d).Add(time.Duration(h) * time.Hour), int64(100 * (1 + d%3))})
		}
	}
	parts := balance(pipeline.Window{From: from, To: from.AddDate(0, 0, 8)}, hours, 4)
	if len(parts) != 4 {
		t.Fatalf("%d parts", len(parts))
	}
	for i, p := range parts[1:] {
		if p.From.Hour() != 0 || !p.Day || !parts[i].Past {
			t.Errorf("%+v after %+v: not cut at midnight", p, parts[i])
		}
	}
	if parts[0].Day {
		t.Error("the first part leaves out what began before the window")
	}
}

func TestBalanceCoversTheWindow(t *testing.T) {
	from := time.Date(2026, 11, 2, 0, 30, 0, 0, time.UTC)
	for _, length := range []time.Duration{61 * time.Minute, 23 * time.Hour, 25 * time.Hour, 8 * 24 * time.Hour, 30 * 24 * time.Hour} {
		for _, count := range []int{0, 1, 2, 7, 64, 5000} {
			for name, hours := range map[string][]activity{
				"quiet":   nil,
				"spike":   {{from.Truncate(time.Hour), 1_000_000}},
				"outside": {{from.Add(-48 * time.Hour), 10}, {from.Add(length), 10}},
			} {
				w := pipeline.Window{From: from, To: from.Add(length)}
				at := w.From
				for _, p := range balance(w, hours, count) {
					if !p.From.Equal(at) || !p.To.After(p.From) || p.To.Sub(p.From) > oneWeek {
						t.Fatalf("%s, %v in %d: a part from %v to %v after %v", name, length, count, p.From, p.To, at)
					}
					at = p.To
				}
				if !at.Equal(w.To) {
					t.Errorf("%s, %v in %d: the parts end at %v", name, length, count, at)
				}
			}
		}
	}
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
