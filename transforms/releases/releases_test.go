package releases

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
)

func TestWhatIsNoLongerListedIsDeletedAndKept(t *testing.T) {
	listed := func(product, release, day, note string) pipeline.Record {
		body, err := json.Marshal(map[string]string{"product": product, "release": release, "released_on": day, "note": note})
		if err != nil {
			t.Fatal(err)
		}
		return pipeline.Record{Key: product + "\x00" + release, Body: body}
	}
	in := pipeline.InMemory(pipeline.Inputs{}, map[string][]pipeline.Record{
		list: {listed("Portal", "4.2", "2026-11-20", "new sign-in"), listed("Portal", "4.1", "2026-10-02", "")},
	}, map[string][]schema.Row{"releases": {
		&schema.Release{Product: "Portal", Release: "4.1", ReleasedOn: "2026-10-01"},
		&schema.Release{Product: "App", Release: "1", ReleasedOn: "2026-01-01"},
	}})
	var got []string
	err := New().Apply(t.Context(), in, func(rows ...schema.Row) error {
		for _, row := range rows {
			r := row.(*schema.Release)
			got = append(got, fmt.Sprint(r.Product, " ", r.Release, " ", r.ReleasedOn, " ", r.IsDeleted))
		}
		return nil
	})
	slices.Sort(got)
	want := []string{"App 1 2026-01-01 true", "Portal 4.1 2026-10-02 false", "Portal 4.2 2026-11-20 false"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
