package pipeline_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
)

const firstDay = "nightly/2026-11-01T00-00-00Z"

// inWarehouse gives the rejects that the warehouse has, by their keys: open, or since when they are resolved.
func inWarehouse(y *toy) map[string]string {
	states := map[string]string{}
	for _, row := range y.warehouse.rows["etl_rejects"] {
		r := row.(*schema.Reject)
		states[r.NaturalKey] = "open"
		if r.ResolvedAt != nil {
			states[r.NaturalKey] = r.ResolvedAt.Format(time.TimeOnly)
		}
	}
	return states
}

// inFolder gives the rejects of the first day's run folder, by their keys: their payloads, or that they are resolved.
func inFolder(t *testing.T, y *toy) map[string]string {
	t.Helper()
	found := map[string]string{}
	for r, err := range pipeline.Rejects(y.store, firstDay) {
		if err != nil {
			t.Fatal(err)
		}
		found[r.NaturalKey] = string(r.Payload)
		if r.ResolvedAt != nil {
			found[r.NaturalKey] = "resolved" + string(r.Payload)
		}
	}
	return found
}

func again(step string) pipeline.Options {
	return pipeline.Options{AgainFor: func(s pipeline.Step) bool { return s.Name == step }}
}

func TestACuredRejectIsResolved(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.mustFinish(day(1), pipeline.Options{})
	if diff := cmp.Diff(map[string]string{"u4": "open"}, inWarehouse(y)); diff != "" {
		t.Fatal(diff)
	}
	if got := inFolder(t, y)["u4"]; !strings.Contains(got, `"name":""`) {
		t.Errorf("the payload that is kept is %s", got)
	}
	calls := y.source.calls

	y.transform.lenient = true
	if already := y.mustFinish(day(1), again("transform/toy")); already != 1 {
		t.Errorf("%d steps were already done, want the extract alone", already)
	}
	cured := y.clock.now.Format(time.TimeOnly)
	if diff := cmp.Diff(map[string]string{"u4": cured}, inWarehouse(y)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"u4": "resolved"}, inFolder(t, y)); diff != "" {
		t.Error(diff)
	}
	if name, landed := y.names()["u4"]; !landed || name != "" {
		t.Errorf("the user that was rejected did not land: %v", y.names())
	}
	m, err := pipeline.ReadManifest(y.store, firstDay, "transform/toy")
	if err != nil || m.Counters[pipeline.CountRejected] != 0 {
		t.Errorf("%d rejects are counted, want none: %v", m.Counters[pipeline.CountRejected], err)
	}

	y.mustFinish(day(1), again("transform/toy")) // and again: since when it is resolved stays
	if diff := cmp.Diff(map[string]string{"u4": cured}, inWarehouse(y)); diff != "" {
		t.Error(diff)
	}
	y.transform.lenient = false
	y.mustFinish(day(1), again("transform/toy"))
	if diff := cmp.Diff(map[string]string{"u4": "open"}, inWarehouse(y)); diff != "" {
		t.Errorf("rejected once more: %s", diff)
	}
	if y.source.calls != calls {
		t.Errorf("the source was called %d times more", y.source.calls-calls)
	}
}

// What was rejected before is only told: a damaged file of it is replaced, and the step warns.
func TestADamagedFileOfRejectsIsReplaced(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.mustFinish(day(1), pipeline.Options{})
	if err := os.WriteFile(y.path(firstDay+"/transform/toy/etl_rejects-000.parquet"), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	y.mustFinish(day(1), again("transform/toy"))
	m, err := pipeline.ReadManifest(y.store, firstDay, "transform/toy")
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Warnings) != 1 || m.Warnings[0].Code != "TL2023" {
		t.Errorf("warnings %v", m.Warnings)
	}
	if diff := cmp.Diff(map[string]string{"u4": "open"}, inWarehouse(y)); diff != "" {
		t.Error(diff)
	}
}

// A day that is filled in after a later one leaves the watermark where it is.
func TestAWatermarkDoesNotGoBack(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.source.stream = pipeline.Stream{Name: "users"}
	mark := func() string {
		t.Helper()
		for _, row := range y.warehouse.rows["etl_watermarks"] {
			w := row.(*schema.Watermark)
			return w.Watermark.Format(time.DateOnly) + " " + w.RunID
		}
		return "none"
	}
	for _, step := range []struct {
		day  int
		want string
	}{
		{5, "2026-11-06 nightly/2026-11-05T00-00-00Z"},
		{1, "2026-11-06 nightly/2026-11-05T00-00-00Z"},
		{6, "2026-11-07 nightly/2026-11-06T00-00-00Z"},
	} {
		y.mustFinish(day(step.day), pipeline.Options{})
		if got := mark(); got != step.want {
			t.Errorf("after day %d: %s, want %s", step.day, got, step.want)
		}
	}
}
