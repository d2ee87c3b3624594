package scenario

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What is counted of deeds and stays in queues is what is counted of the metrics that are shown: two tellings of one story, at moments
// before and after corrections.
func TestAggregatesAreWhatTheShownMetricsAddUpTo(t *testing.T) {
	c := busy()
	c.Shares.Reprocessed = 0.5
	w := New(c)
	told := []string{
		"nOffered", "tAnswered", "tAbandon", "tFlowOut", "nOverSla", "tHandle", "tTalkComplete", "tHeldComplete", "tAcw", "nTransferred",
	}
	var sums []string
	for _, at := range []time.Time{w.dayStart(1).Add(time.Hour), w.dayStart(2).Add(15 * time.Hour), w.dayStart(30)} {
		asked := Asked{w.dayStart(0), w.dayStart(2), at}
		shown := map[string][2]int64{}
		line := func(hour time.Time, queue, media, metric string) string {
			return hour.UTC().Format(time.RFC3339) + " " + queue + " " + media + " " + metric
		}
		for c := range w.StartedOn(asked.From, asked.To, at) {
			for _, m := range c.Emitted(at) {
				if m.Emit.Before(asked.To) && slices.Contains(told, m.Name) {
					key := line(m.Emit.Truncate(time.Hour), m.QueueID, m.MediaType, m.Name)
					shown[key] = [2]int64{shown[key][0] + 1, shown[key][1] + m.Value}
				}
			}
		}
		counted, found := map[string][2]int64{}, map[string]int64{}
		for _, row := range w.Aggregates(time.Hour, []Asked{asked}) {
			start, metric := row["interval_start"].(time.Time), row["metric"].(string)
			n := row["count"].(int64)
			sum, timed := row["sum"].(int64)
			if timed != (metric[0] == 't') {
				t.Errorf("%s has the sum %v", metric, row["sum"])
			}
			if !timed {
				sum = n
			}
			if end := row["interval_end"].(time.Time); end.Sub(start) != time.Hour {
				t.Errorf("an interval from %s to %s", start, end)
			}
			counted[line(start, row["queue_id"].(string), row["media_type"].(string), metric)] = [2]int64{n, sum}
			found[metric] += sum
		}
		if diff := cmp.Diff(shown, counted); diff != "" {
			t.Errorf("at %s (-shown +counted):\n%s", at, diff)
		}
		for _, name := range told {
			if found[name] == 0 {
				t.Errorf("no %s at %s: the test has lost its grip", name, at)
			}
		}
		sums = append(sums, fmt.Sprint(found["tAcw"]))
	}
	if sums[1] == sums[2] {
		t.Error("nothing was corrected: the test has lost its grip")
	}
}

// Each span is told as it was known when it was asked for.
func TestAggregatesAreThoseOfTheMomentAtWhichTheyWereAsked(t *testing.T) {
	c := busy()
	c.Shares.Reprocessed = 0.5
	w := New(c)
	acw := func(asked ...Asked) (sum int64) {
		for _, row := range w.Aggregates(time.Hour, asked) {
			if row["metric"] == "tAcw" {
				sum += row["sum"].(int64)
			}
		}
		return sum
	}
	first, second := Asked{w.dayStart(0), w.dayStart(1), w.dayStart(1)}, Asked{w.dayStart(1), w.dayStart(2), w.dayStart(30)}
	late := first
	late.At = w.dayStart(30)
	if got, want := acw(first, second), acw(first)+acw(second); got != want || want == 0 {
		t.Errorf("asked together %d, one by one %d", got, want)
	}
	if acw(first) >= acw(late) {
		t.Error("nothing was corrected: the test has lost its grip")
	}
}
