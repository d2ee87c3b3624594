package pipeline_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
)

const toyRun = "nightly/2026-11-08T00-00-00Z"

// newRereader is a toy whose items are read again at the ages of one, three and seven days; it is the night of the eighth.
func newRereader(t *testing.T) *toy {
	t.Helper()
	y := newToy(t,
		toyUser{"u1", "Ada", at(1, 9)}, toyUser{"u2", "Ben", at(2, 9)}, toyUser{"u3", "Cid", at(5, 9)},
		toyUser{"u4", "Dot", at(7, 9)}, toyUser{"u5", "Eve", at(8, 9)}, toyUser{"u6", "", at(8, 10)})
	y.source.stream = pipeline.Stream{Name: "users", Again: []int{7, 1, 3}}
	y.clock.now = at(9, 2)
	return y
}

func extractOf(t *testing.T, y *toy, run string) pipeline.Manifest {
	t.Helper()
	m, err := pipeline.ReadManifest(y.store, run, "extract/toy.users")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAWindowIsReadAgainAtEachAge(t *testing.T) {
	y := newRereader(t)
	y.mustFinish(day(8), pipeline.Options{})
	want := []pipeline.Window{day(8), day(7), day(5), day(1)}
	if diff := cmp.Diff(want, y.source.windows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"u1": "Ada", "u3": "Cid", "u4": "Dot", "u5": "Eve"}, y.names()); diff != "" {
		t.Error(diff)
	}
	m := extractOf(t, y, toyRun)
	if m.Window != want[0] || !slices.Equal(m.Again, want[1:]) {
		t.Errorf("noted as read: %v, again %v", m.Window, m.Again)
	}
	if m.Counters[pipeline.CountOut] != 5 || m.Counters[pipeline.CountAgain] != 3 {
		t.Errorf("counters %v", m.Counters)
	}
}

// The change of a day is found by the night that reads it again, and by none between.
func TestAChangeIsFoundAtTheNextAge(t *testing.T) {
	y := newRereader(t)
	y.source.users = []toyUser{{"u1", "Ada", at(8, 9)}}
	for n := 8; n <= 15; n++ {
		y.clock.now = at(n+1, 2)
		y.mustFinish(day(n), pipeline.Options{})
		want := "Ada"
		if n >= 11 {
			want = "Adelaide"
		}
		if got := y.names()["u1"]; got != want {
			t.Errorf("after the night of the %dth: %s, want %s", n, got, want)
		}
		if n == 9 { // it was read again this night; the next time is at the age of three days
			y.source.users[0].Name = "Adelaide"
		}
	}
}

// Days that are filled in are read once: all of them are old enough by then.
func TestDaysFilledInAreReadOnce(t *testing.T) {
	y := newRereader(t)
	y.clock.now = at(20, 2)
	for n := 5; n <= 15; n++ {
		y.mustFinish(day(n), pipeline.Options{})
	}
	var want, got []pipeline.Window // the seven days before the first are read too, where a night reaches them
	for _, n := range []int{-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} {
		want = append(want, day(n))
	}
	got = slices.SortedFunc(slices.Values(y.source.windows), func(a, b pipeline.Window) int { return a.From.Compare(b.From) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A day that was read again too early, by a night of before, does not count as read at its age.
func TestADayThatWasReadTooEarlyIsReadAgain(t *testing.T) {
	y := newRereader(t)
	y.clock.now = at(8, 2)
	y.mustFinish(day(7), pipeline.Options{})
	y.clock.now = at(9, 2)
	y.source.windows = nil
	y.mustFinish(day(8), pipeline.Options{})
	if !slices.Contains(y.source.windows, day(7)) {
		t.Errorf("read %v", y.source.windows)
	}
}

func TestDaysAreThoseOfTheTimeZone(t *testing.T) {
	y := newRereader(t)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	y.flow.Location = berlin
	local := func(month time.Month, d int) pipeline.Window {
		from := time.Date(2026, month, d, 0, 0, 0, 0, berlin)
		return pipeline.Window{From: from.UTC(), To: from.AddDate(0, 0, 1).UTC()}
	}
	got, err := y.run(local(10, 26), pipeline.Options{}).Rereads("extract/toy.users")
	if err != nil {
		t.Fatal(err)
	}
	want := []pipeline.Window{local(10, 25), local(10, 23), local(10, 19)} // the 25th has 25 hours
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// An extract that breaks off in an older window goes on there.
func TestAnExtractGoesOnInTheWindowWhereItStopped(t *testing.T) {
	for failAt := 1; failAt <= 12; failAt++ { // four windows of three pages
		y := newRereader(t)
		y.source.failAt = failAt
		if _, err := y.finish(day(8), pipeline.Options{}); !errors.Is(err, errBroken) {
			t.Fatalf("call %d: got %v", failAt, err)
		}
		y.source.windows = nil
		y.mustFinish(day(8), pipeline.Options{})
		all := []pipeline.Window{day(8), day(7), day(5), day(1)}
		if diff := cmp.Diff(all[(failAt-1)/3:], y.source.windows); diff != "" {
			t.Errorf("call %d: %s", failAt, diff)
		}
		if got := y.source.calls; got != 13 {
			t.Errorf("call %d: %d calls in all, want 12 and the one that broke", failAt, got)
		}
		if m := extractOf(t, y, toyRun); m.Counters[pipeline.CountOut] != 5 || m.Counters[pipeline.CountAgain] != 3 {
			t.Errorf("call %d: counters %v", failAt, m.Counters)
		}
	}
}

// What could not be read is told by the manifest; the rest of the night is done.
func TestAWarningIsNotedAndTheStepIsDone(t *testing.T) {
	y := newRereader(t)
	y.source.lacking = pipeline.Warnings{{Code: "TL0000", What: "read scores", Err: errBroken, Cure: "Mend it"}}
	y.mustFinish(day(8), pipeline.Options{})
	want := []pipeline.Note{{Code: "TL0000", What: "read scores: connection broken", Cure: "Mend it"}}
	if diff := cmp.Diff(want, extractOf(t, y, toyRun).Warnings); diff != "" {
		t.Error(diff)
	}
	if len(y.names()) != 4 {
		t.Errorf("landed %v", y.names())
	}
}

// Two streams may have versions of one item: the one that was asked later is the item.
func TestOfTwoStreamsTheLaterAskedHasTheItem(t *testing.T) {
	for _, order := range [][]string{{"users", "changes"}, {"changes", "users"}} {
		y := newToy(t)
		y.flow.Sources["toy"] = twoStreams{}
		r := y.run(day(1), pipeline.Options{})
		for i, stream := range order {
			y.clock.now = at(2, 2+i)
			if _, err := r.Do(t.Context(), "extract/toy."+stream); err != nil {
				t.Fatal(err)
			}
		}
		y.mustFinish(day(1), pipeline.Options{})
		if got := y.names()["u1"]; got != order[1] {
			t.Errorf("read in the order %v the item is that of %s", order, got)
		}
	}
}
