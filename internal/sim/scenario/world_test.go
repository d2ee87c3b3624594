package scenario

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func small() Config {
	c := Default()
	c.Days, c.PerDay = 3, 300
	return c
}

// payload is everything that a world shows of the conversations begun on a day.
func payload(w *World, day int) []byte {
	var b []byte
	for c := range w.StartedOn(w.dayStart(day), w.dayStart(day+1), w.dayStart(40)) {
		b = append(c.AppendJSON(b, w.dayStart(40), true), '\n')
	}
	return b
}

func TestEqualConfigsMakeEqualWorlds(t *testing.T) {
	a, b := New(small()), New(small())
	for _, day := range []int{2, 0, 1} { // in another order than b's
		a.contents(day)
	}
	for day := range 3 {
		if !bytes.Equal(payload(a, day), payload(b, day)) {
			t.Errorf("day %d differs", day)
		}
	}
	for _, object := range []string{"Account", "Case", "Opportunity", "User"} {
		if diff := cmp.Diff(a.Objects(object), b.Objects(object)); diff != "" {
			t.Errorf("%s: %s", object, diff)
		}
	}
	x, y := a.Ledger(a.dayStart(3), a.dayStart(3), a.dayStart(3)), b.Ledger(b.dayStart(3), b.dayStart(3), b.dayStart(3))
	if diff := cmp.Diff(x, y); diff != "" {
		t.Error(diff)
	}
	other := small()
	other.Seed = 2
	if bytes.Equal(payload(a, 0), payload(New(other), 0)) {
		t.Error("another seed makes the same day")
	}
}

func TestDaysDoNotDependOnDaysBefore(t *testing.T) {
	long, short := small(), small()
	long.Days = 30
	a, b := New(long), New(short)
	for day := range 2 {
		ids := func(w *World) (all []string) {
			for c := range w.StartedOn(w.dayStart(day), w.dayStart(day+1), w.dayStart(40)) {
				all = append(all, c.ID+c.Start.String())
			}
			return all
		}
		if diff := cmp.Diff(ids(a), ids(b)); diff != "" {
			t.Errorf("day %d: %s", day, diff)
		}
	}
}

func TestIDsAreUniqueAndFoundAgain(t *testing.T) {
	w := New(small())
	seen := map[string]bool{}
	var last *Conversation
	for c := range w.StartedOn(time.Time{}, w.dayStart(9), w.dayStart(9)) {
		if seen[c.ID] {
			t.Errorf("%s twice", c.ID)
		}
		seen[c.ID] = true
		if last != nil && (c.Start.Before(last.Start) || c.Start.Equal(last.Start) && c.ID < last.ID) {
			t.Errorf("%s out of order", c.ID)
		}
		last = c
		found := w.Conversation(c.ID)
		if found == nil || !found.Start.Equal(c.Start) {
			t.Errorf("%s is not found", c.ID)
		}
	}
	if len(seen) != 900 {
		t.Errorf("%d conversations, want 900", len(seen))
	}
	for _, id := range []string{"", "x", "00000000-0000-4000-8000-000000000000", last.ID[:35] + "z", "zz" + last.ID[2:]} {
		if w.Conversation(id) != nil {
			t.Errorf("%q is found", id)
		}
	}
}

func TestOverlappingIsWhatALifeOverlaps(t *testing.T) {
	c := small()
	c.Days = 8
	w := New(c)
	for _, at := range []time.Time{w.dayStart(2), w.dayStart(5).Add(13 * time.Hour), w.dayStart(20)} {
		from, to := w.dayStart(3), w.dayStart(4)
		got := map[string]bool{}
		for conv := range w.Overlapping(from, to, at) {
			got[conv.ID] = true
		}
		for conv := range w.StartedOn(time.Time{}, at, at) {
			end, ended := conv.End(at)
			want := conv.Start.Before(to) && (!ended || end.After(from) || !conv.Start.Before(from))
			if got[conv.ID] != want {
				t.Errorf("%s (%s to %s, ended %v) as of %s: given %v", conv.ID, conv.Start, end, ended, at, got[conv.ID])
			}
		}
	}
}

func TestConcurrentReadersSeeOneWorld(t *testing.T) {
	w := New(small())
	want := payload(New(small()), 1)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if !bytes.Equal(payload(w, 1), want) {
				t.Error("a reader saw another day")
			}
		})
	}
	group.Wait()
}

func TestCacheIsBounded(t *testing.T) {
	c := small()
	c.Days, c.PerDay = 3*New(c).cachedDays(), 2
	w := New(c)
	n := 0
	for range w.StartedOn(time.Time{}, w.dayStart(c.Days), w.dayStart(c.Days)) {
		n++
	}
	if n != 2*c.Days || len(w.days) > w.cachedDays() {
		t.Errorf("%d conversations, %d days kept", n, len(w.days))
	}
}

func TestDaysAreLocalAlsoWhenClocksChange(t *testing.T) {
	c := small()
	c.Start = time.Date(2026, time.October, 31, 0, 0, 0, 0, c.Location) // clocks go back the day after
	w := New(c)
	if got := w.dayStart(2).Sub(w.dayStart(1)); c.Location != time.UTC && got != 25*time.Hour {
		t.Fatalf("the day lasts %s", got)
	}
	for day := range 3 {
		n := 0
		for conv := range w.StartedOn(w.dayStart(day), w.dayStart(day+1), w.dayStart(9)) {
			n++
			if date := conv.Truth(w.dayStart(9)).BusinessDate; date != w.dayStart(day).Format(time.DateOnly) {
				t.Errorf("%s is of %s", conv.ID, date)
			}
		}
		if n != 300 {
			t.Errorf("day %d has %d conversations", day, n)
		}
	}
}

func TestGrowth(t *testing.T) {
	c := small()
	c.Growth = 0.1
	w := New(c)
	if got := []int{w.count(0), w.count(1), w.count(2), w.count(3)}; !slices.Equal(got, []int{300, 330, 363, 0}) {
		t.Error(got)
	}
}

func TestRecordsAreJSON(t *testing.T) {
	c := busy()
	c.Shares.Broken = 0.05
	w := New(c)
	for _, at := range []time.Time{w.dayStart(1), w.dayStart(20)} {
		for conv := range w.Overlapping(w.dayStart(0), at, at) {
			for _, b := range [][]byte{conv.AppendJSON(nil, at, true), conv.AppendJSON(nil, at, false), conv.AppendService(nil, at)} {
				if !json.Valid(b) {
					t.Fatalf("%s is not JSON: %s", conv.ID, b)
				}
			}
			if bytes.Contains(conv.AppendJSON(nil, at, false), []byte("sfAccountId")) {
				t.Errorf("%s shows attributes unasked", conv.ID)
			}
		}
	}
}

func BenchmarkTell(b *testing.B) {
	w := New(Default())
	for i := 0; b.Loop(); i++ {
		w.tell(i%10, uint32(i%2000))
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	w := New(Default())
	at := w.dayStart(30)
	all := slices.Collect(w.StartedOn(w.dayStart(0), w.dayStart(1), at))
	for _, c := range all {
		c.story()
	}
	var buf []byte
	for i := 0; b.Loop(); i++ {
		buf = all[i%len(all)].AppendJSON(buf[:0], at, true)
	}
}
