package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
)

func at(n, hour int) time.Time { return time.Date(2026, 11, n, hour, 0, 0, 0, time.UTC) }

func fiveUsers() []toyUser {
	return []toyUser{
		{"u1", "Ada", at(1, 9)},
		{"u2", "Ben", at(1, 10)},
		{"u3", "Cid", at(1, 11)},
		{"u4", "", at(1, 12)},
		{"u5", "Eve", at(1, 13)},
	}
}

func TestRunLandsWhatTheSourceHas(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	if already := y.mustFinish(day(1), pipeline.Options{}); already != 0 {
		t.Errorf("%d steps were done before the first run", already)
	}
	want := map[string]string{"u1": "Ada", "u2": "Ben", "u3": "Cid", "u5": "Eve"}
	if diff := cmp.Diff(want, y.names()); diff != "" {
		t.Error(diff)
	}
	if got := len(y.warehouse.rows["etl_rejects"]); got != 1 {
		t.Errorf("%d rejects, want that of u4", got)
	}
	if got := len(y.warehouse.rows["etl_runs"]); got != 4 { // all but publish, which writes them
		t.Errorf("%d rows of etl_runs, want 4", got)
	}
	m, err := pipeline.ReadManifest(y.store, "nightly/2026-11-01T00-00-00Z", "transform/toy")
	if err != nil {
		t.Fatal(err)
	}
	if m.Counters[pipeline.CountRejected] != 1 || m.Counters[pipeline.CountOut] != 4 {
		t.Errorf("counters %v", m.Counters)
	}
	if m.Files[0].Columns[1].Name != "name" || m.Files[0].Columns[1].Min != "Ada" || m.Files[0].Columns[1].Max != "Eve" {
		t.Errorf("the independent reader found %+v", m.Files[0].Columns)
	}
	if _, err := os.Stat(y.path("nightly/2026-11-01T00-00-00Z/transform/toy/rejects.jsonl.zst")); err != nil {
		t.Errorf("the reject's payload is not kept: %v", err)
	}
}

func TestAFinishedRunIsNotDoneAgain(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.mustFinish(day(1), pipeline.Options{})
	calls, loads := y.source.calls, y.warehouse.loads
	if already := y.mustFinish(day(1), pipeline.Options{}); already != 5 {
		t.Errorf("%d of 5 steps were known to be done", already)
	}
	if y.source.calls != calls || y.warehouse.loads != loads || y.transform.applied != 1 {
		t.Error("a finished run was done again")
	}
}

func TestAgainReadsTheSourceAgain(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.mustFinish(day(1), pipeline.Options{})
	y.source.users[1].Name = "Benjamin"
	y.mustFinish(day(1), pipeline.Options{Again: true})
	if got := y.names()["u2"]; got != "Benjamin" {
		t.Errorf("u2 is %q", got)
	}
}

func TestAStepIsDoneAgainWhenItsInputsChanged(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.mustFinish(day(1), pipeline.Options{})
	y.source.users[0].Name = "Adelaide"
	if _, err := y.run(day(1), pipeline.Options{Again: true}).Do(t.Context(), "extract/toy.users"); err != nil {
		t.Fatal(err)
	}
	if already := y.mustFinish(day(1), pipeline.Options{}); already != 1 {
		t.Errorf("%d steps passed over, want only the extract", already)
	}
	if got := y.names()["u1"]; got != "Adelaide" {
		t.Errorf("u1 is %q", got)
	}
}

func TestAMirrorGoesOnFromTheNewestEarlierRun(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.mustFinish(day(1), pipeline.Options{})
	y.source.users = append(y.source.users, toyUser{"u6", "Fay", at(2, 9)})
	y.source.users[0] = toyUser{"u1", "Ada Lovelace", at(2, 8)}
	y.mustFinish(day(2), pipeline.Options{})
	want := []pipeline.Window{{}, {From: at(1, 12)}} // an hour, Settles, before the newest record
	if diff := cmp.Diff(want, y.source.windows); diff != "" {
		t.Error(diff)
	}
	// The second run has read only what is new, and still holds everybody.
	if diff := cmp.Diff(map[string]string{"u1": "Ada Lovelace", "u2": "Ben", "u3": "Cid", "u5": "Eve", "u6": "Fay"}, y.names()); diff != "" {
		t.Error(diff)
	}
	m, err := pipeline.ReadManifest(y.store, "nightly/2026-11-02T00-00-00Z", "transform/toy")
	if err != nil {
		t.Fatal(err)
	}
	if m.Counters[pipeline.CountOut] != 5 {
		t.Errorf("the snapshot holds %d users, want 5", m.Counters[pipeline.CountOut])
	}
}

func TestRunsAreSeparable(t *testing.T) { // run(A∪B) = run(A); run(B)
	late := toyUser{"u6", "Fay", at(2, 9)}
	both := newToy(t, append(fiveUsers(), late)...)
	both.mustFinish(day(2), pipeline.Options{})
	apart := newToy(t, fiveUsers()...)
	apart.mustFinish(day(1), pipeline.Options{})
	apart.source.users = append(apart.source.users, late)
	apart.mustFinish(day(2), pipeline.Options{})
	if diff := cmp.Diff(both.names(), apart.names()); diff != "" {
		t.Error(diff)
	}
}

func TestAnExtractGoesOnFromTheLastSafePage(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.source.failAt = 3 // two pages, then the connection breaks
	if _, err := y.finish(day(1), pipeline.Options{}); !errors.Is(err, errBroken) {
		t.Fatalf("got %v", err)
	}
	y.source.failAt = 0
	y.mustFinish(day(1), pipeline.Options{})
	if y.source.calls != 4 { // three of the first attempt, and only the third page again
		t.Errorf("%d calls, want 4: the pages that were safe were asked for again", y.source.calls)
	}
	if got := len(y.names()); got != 4 {
		t.Errorf("%d users, want 4", got)
	}
	m, err := pipeline.ReadManifest(y.store, "nightly/2026-11-01T00-00-00Z", "extract/toy.users")
	if err != nil {
		t.Fatal(err)
	}
	if m.Counters[pipeline.CountResumed] != 1 {
		t.Errorf("counters %v", m.Counters)
	}
}

func TestAgainDoesNotResumeAnOldAttempt(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.source.failAt = 3
	_, _ = y.finish(day(1), pipeline.Options{})
	y.source.failAt = 0
	y.source.users[0].Name = "Adelaide" // on a page that the first attempt had kept
	y.mustFinish(day(1), pipeline.Options{Again: true})
	if got := y.names()["u1"]; got != "Adelaide" {
		t.Errorf("u1 is %q", got)
	}
	y.source.users[0].Name = "Ada"
	y.source.failAt = y.source.calls + 1 // an attempt that keeps nothing
	if _, err := y.finish(day(1), pipeline.Options{Again: true}); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	y.source.failAt = 0
	y.mustFinish(day(1), pipeline.Options{})
	if got := y.names()["u1"]; got != "Ada" {
		t.Errorf("u1 is %q: files of an abandoned attempt were used", got)
	}
}

func TestCancellingKeepsWhatIsSafe(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	ctx, cancel := context.WithCancel(t.Context())
	r := y.run(day(1), pipeline.Options{Progress: func(p pipeline.Progress) {
		if p.Done == 2 {
			cancel()
		}
	}})
	if _, err := r.Do(ctx, "extract/toy.users"); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if _, err := pipeline.ReadManifest(y.store, r.ID(), "extract/toy.users"); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a cancelled step has a manifest")
	}
	y.mustFinish(day(1), pipeline.Options{})
	if got := len(y.names()); got != 4 {
		t.Errorf("%d users, want 4", got)
	}
}

func TestAFileThatChangedAfterItsManifestIsRefused(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"flipped": func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"cut":     func(b []byte) []byte { return b[:len(b)-9] },
	} {
		for file, code := range map[string]string{
			"extract/toy.users/records-000.jsonl.zst": "TL2021",
			"transform/toy/users-000.parquet":         "TL2021",
		} {
			t.Run(name+" "+filepath.Base(file), func(t *testing.T) {
				y := newToy(t, fiveUsers()...)
				y.warehouse.fail = errors.New("asleep")
				if _, err := y.finish(day(1), pipeline.Options{}); err == nil {
					t.Fatal("the warehouse is asleep")
				}
				y.warehouse.fail = nil
				path := y.path("nightly/2026-11-01T00-00-00Z/" + file)
				content, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, damage(content), 0o600); err != nil {
					t.Fatal(err)
				}
				r := y.run(day(1), pipeline.Options{})
				if strings.HasPrefix(file, "extract") {
					_, err = y.run(day(1), pipeline.Options{Again: true}).Do(t.Context(), "transform/toy")
				} else {
					_, err = r.Do(t.Context(), pipeline.LoadStep)
				}
				var coded *pipeline.Error
				if !errors.As(err, &coded) || coded.Code != code {
					t.Fatalf("got %v, want %s", err, code)
				}
			})
		}
	}
}

func TestAStepWhoseNeedsAreNotDoneIsRefused(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	_, err := y.run(day(1), pipeline.Options{}).Do(t.Context(), pipeline.LoadStep)
	var coded *pipeline.Error
	if !errors.As(err, &coded) || coded.Code != "TL2010" {
		t.Fatalf("got %v", err)
	}
}

func TestEqualInputsGiveEqualBytes(t *testing.T) {
	read := func(y *toy) []byte {
		y.mustFinish(day(1), pipeline.Options{})
		content, err := os.ReadFile(y.path("nightly/2026-11-01T00-00-00Z/transform/toy/users-000.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	users := fiveUsers()
	shuffled := []toyUser{users[4], users[2], users[0], users[3], users[1]}
	if !bytes.Equal(read(newToy(t, users...)), read(newToy(t, shuffled...))) {
		t.Error("equal rows, read in another order, gave other bytes")
	}
}

func TestRecordsKeepAnything(t *testing.T) {
	y := newToy(t, toyUser{"quote\" back\\slash \x00 \xff nul", "Zoë\nsecond line", at(1, 9)})
	y.mustFinish(day(1), pipeline.Options{})
	for _, row := range y.warehouse.rows["users"] {
		if u := row.(*schema.User); *u.Name != "Zoë\nsecond line" {
			t.Errorf("got %q", *u.Name)
		}
	}
}

func TestManyRowsAreSortedAndEachKeyKeptOnce(t *testing.T) {
	y := newToy(t)
	const n = 30_000 // several scratch files
	for i := range 2 * n {
		id := (i * 7919) % n
		y.source.users = append(y.source.users, toyUser{"u" + time.Duration(id).String(), "name", at(1, 9)})
	}
	y.mustFinish(day(1), pipeline.Options{})
	rows := readParquet(schema.Users, y.path("nightly/2026-11-01T00-00-00Z/transform/toy/users-000.parquet"))
	if len(rows) != n {
		t.Fatalf("%d rows, want %d", len(rows), n)
	}
	for i := 1; i < len(rows); i++ {
		if schema.Compare(rows[i-1], rows[i]) >= 0 {
			t.Fatalf("rows %d and %d are out of order", i-1, i)
		}
	}
}

func TestADayThatIsFilledInLaterForgetsNothing(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.mustFinish(day(3), pipeline.Options{})
	y.source.users = append(y.source.users[:1], toyUser{"u6", "Fay", at(4, 9)}) // the source no longer tells of the others
	y.mustFinish(day(2), pipeline.Options{})
	if got := y.source.windows[1]; !got.From.Equal(at(1, 12)) {
		t.Errorf("the earlier day read from %v, not from where the later one had ended", got.From)
	}
	m, err := pipeline.ReadManifest(y.store, "nightly/2026-11-02T00-00-00Z", "transform/toy")
	if err != nil {
		t.Fatal(err)
	}
	if m.Counters[pipeline.CountOut] != 5 {
		t.Errorf("the snapshot holds %d users, want the four of the later day and Fay", m.Counters[pipeline.CountOut])
	}
	if already := y.mustFinish(day(3), pipeline.Options{}); already != 5 {
		t.Errorf("%d of 5 steps of the later day were still done", already)
	}
}

// backward reads its own rows of earlier runs; the newest version of each is what it knows.
type backward struct{ known map[string]string }

func (*backward) Reads() []pipeline.Input {
	return []pipeline.Input{{Kind: "toy.users"}, {Kind: "queues", Back: 30 * 24 * time.Hour}}
}

func (*backward) Writes() []*schema.Table { return []*schema.Table{schema.Queues} }

func (b *backward) Apply(_ context.Context, in *pipeline.Inputs, emit func(...schema.Row) error) error {
	b.known = map[string]string{}
	for old, err := range pipeline.Rows[*schema.Queue](in, "queues") {
		if err != nil {
			return err
		}
		b.known[old.QueueID] = *old.Name
	}
	for item, err := range in.Records("toy.users") {
		if err != nil {
			return err
		}
		name := string(item.Body)
		if err := emit(&schema.Queue{QueueID: item.Key, Name: &name}); err != nil {
			return err
		}
	}
	return nil
}

func TestEarlierRowsAreThoseObservedLastAndLoaded(t *testing.T) {
	y := newToy(t, toyUser{"q", "old", at(1, 9)})
	b := &backward{}
	y.flow.Transforms = map[string]pipeline.Transform{"back": b}
	y.source.stream = pipeline.Stream{Name: "users", Whole: true}
	name := func(want string) {
		t.Helper()
		if got := b.known["q"]; !strings.Contains(got, want) || (want == "" && got != "") {
			t.Errorf("it is known as %q, want %q", got, want)
		}
	}
	y.mustFinish(day(1), pipeline.Options{})
	y.mustFinish(day(2), pipeline.Options{})
	name("old")
	y.source.users[0].Name = "corrected"
	y.mustFinish(day(1), pipeline.Options{Again: true}) // an older night, done again after the newer one
	y.mustFinish(day(3), pipeline.Options{})
	name("corrected")

	y.warehouse.fail = errors.New("asleep")
	y.source.users[0].Name = "never loaded"
	if _, err := y.finish(day(4), pipeline.Options{}); err == nil {
		t.Fatal("the warehouse is asleep")
	}
	y.warehouse.fail = nil
	y.mustFinish(day(5), pipeline.Options{})
	name("corrected")
}

func TestAnExtractThatIsDoneIsNotGoneOnWith(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.source.failAt = 3
	_, _ = y.finish(day(1), pipeline.Options{})
	y.source.failAt = 0
	y.mustFinish(day(1), pipeline.Options{})
	y.source.users[0].Name = "Adelaide"
	if err := os.Remove(y.path("nightly/2026-11-01T00-00-00Z/extract/toy.users/manifest.json")); err != nil {
		t.Fatal(err)
	}
	y.mustFinish(day(1), pipeline.Options{})
	if got := y.names()["u1"]; got != "Adelaide" {
		t.Errorf("u1 is %q: what an attempt of before had kept was used", got)
	}
}

func TestADamagedManifestIsCuredByAgain(t *testing.T) {
	y := newToy(t, fiveUsers()...)
	y.mustFinish(day(1), pipeline.Options{})
	path := y.path("nightly/2026-11-01T00-00-00Z/transform/toy/manifest.json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	var coded *pipeline.Error
	if _, err := y.run(day(1), pipeline.Options{}).Do(t.Context(), "transform/toy"); !errors.As(err, &coded) || coded.Code != "TL2011" {
		t.Fatalf("got %v", err)
	}
	if _, err := y.run(day(1), pipeline.Options{Again: true}).Do(t.Context(), "transform/toy"); err != nil {
		t.Fatal(err)
	}
}
