package pipeline_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
)

// diary is a source that gives what was written into it since its note, which is a number of entries.
type diary struct {
	entries []string
	notes   []string // that it was given
	silent  bool     // leaves no note
	fail    error    // after its records
}

func (*diary) Streams() []pipeline.Stream {
	return []pipeline.Stream{{Name: "users", Mirror: true}}
}

func (d *diary) Extract(ctx context.Context, stream string, w pipeline.Window, emit func([]pipeline.Record) error) error {
	_, err := d.Remember(ctx, stream, w, nil, emit)
	return err
}

func (d *diary) Remember(_ context.Context, _ string, _ pipeline.Window, note []byte, emit func([]pipeline.Record) error) ([]byte, error) {
	d.notes = append(d.notes, string(note))
	known, _ := strconv.Atoi(string(note))
	var page []pipeline.Record
	for i, name := range d.entries[known:] {
		id := "u" + strconv.Itoa(known+i+1)
		body, _ := json.Marshal(map[string]string{"id": id, "name": name})
		page = append(page, pipeline.Record{Key: id, At: at(1, 9), Body: body})
	}
	if err := emit(page); err != nil {
		return nil, err
	}
	if d.silent {
		return nil, d.fail
	}
	return []byte(strconv.Itoa(len(d.entries))), d.fail
}

func newDiary(t *testing.T, entries ...string) (*toy, *diary) {
	t.Helper()
	y, d := newToy(t), &diary{entries: entries}
	y.flow.Sources["toy"] = d
	return y, d
}

func (d *diary) expect(t *testing.T, notes ...string) {
	t.Helper()
	if diff := cmp.Diff(notes, d.notes); diff != "" {
		t.Errorf("notes that the source was given (-want +got)\n%s", diff)
	}
}

func TestARunGoesByTheNoteOfTheOneBefore(t *testing.T) {
	y, d := newDiary(t, "Ada")
	y.mustFinish(day(1), pipeline.Options{})
	d.entries = append(d.entries, "Ben")
	y.mustFinish(day(2), pipeline.Options{})
	d.expect(t, "", "1")
	if diff := cmp.Diff(map[string]string{"u1": "Ada", "u2": "Ben"}, y.names()); diff != "" {
		t.Error(diff)
	}
	m, err := pipeline.ReadManifest(y.store, "nightly/2026-11-02T00-00-00Z", "extract/toy.users")
	if err != nil {
		t.Fatal(err)
	}
	if f := m.Files[len(m.Files)-1]; f.Kind != pipeline.KindNote || f.Bytes == 0 || f.SHA256 == "" || m.Counters[pipeline.CountOut] != 1 {
		t.Errorf("the note is not listed: %+v", m)
	}
}

func TestWhatWasNotLoadedIsReadAgain(t *testing.T) {
	y, d := newDiary(t, "Ada")
	y.mustFinish(day(1), pipeline.Options{})
	d.entries = append(d.entries, "Ben")
	y.warehouse.fail = errBroken
	if _, err := y.finish(day(2), pipeline.Options{}); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	y.warehouse.fail = nil
	d.entries = append(d.entries, "Cid")
	y.mustFinish(day(3), pipeline.Options{})
	d.expect(t, "", "1", "1")
	if diff := cmp.Diff(map[string]string{"u1": "Ada", "u2": "Ben", "u3": "Cid"}, y.names()); diff != "" {
		t.Error(diff)
	}
	// Loaded after all, the second run knows less than the third.
	y.mustFinish(day(2), pipeline.Options{})
	y.mustFinish(day(4), pipeline.Options{})
	d.expect(t, "", "1", "1", "3")
}

// A run that is done again does not go by its own note: that told what is to be replaced.
func TestAgainGoesByTheNoteOfAnotherRun(t *testing.T) {
	y, d := newDiary(t, "Ada")
	y.mustFinish(day(1), pipeline.Options{})
	d.entries = append(d.entries, "Ben")
	y.mustFinish(day(2), pipeline.Options{})
	y.mustFinish(day(2), pipeline.Options{Again: true})
	d.expect(t, "", "1", "1")
}

// An extract that was done again and not loaded does not count, although its run was loaded before.
func TestAnExtractDoneAgainCountsWhenItIsLoadedAgain(t *testing.T) {
	y, d := newDiary(t, "Ada")
	y.mustFinish(day(1), pipeline.Options{})
	d.entries = append(d.entries, "Ben")
	y.mustFinish(day(2), pipeline.Options{})
	d.entries = append(d.entries, "Cid")
	y.clock.now = y.clock.now.Add(1)
	if _, err := y.run(day(2), pipeline.Options{Again: true}).Do(t.Context(), "extract/toy.users"); err != nil {
		t.Fatal(err)
	}
	y.mustFinish(day(3), pipeline.Options{})
	d.expect(t, "", "1", "1", "1")
	if got := y.names()["u3"]; got != "Cid" {
		t.Errorf("u3 is %q", got)
	}
}

func TestABrokenExtractLeavesNoNote(t *testing.T) {
	y, d := newDiary(t, "Ada")
	d.fail = errBroken
	if _, err := y.finish(day(1), pipeline.Options{}); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	if _, err := os.Stat(y.path("nightly/2026-11-01T00-00-00Z/extract/toy.users/note.zst")); err == nil {
		t.Error("there is a note")
	}
	d.fail = nil
	y.mustFinish(day(1), pipeline.Options{})
	d.expect(t, "", "")
}

func TestAStreamWithoutANoteIsReadAnew(t *testing.T) {
	y, d := newDiary(t, "Ada")
	d.silent = true
	y.mustFinish(day(1), pipeline.Options{})
	y.mustFinish(day(2), pipeline.Options{})
	d.expect(t, "", "")
}

func TestADamagedNoteIsAnError(t *testing.T) {
	for name, damage := range map[string]func(string) error{
		"lost":    os.Remove,
		"changed": func(file string) error { return os.WriteFile(file, []byte("2"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			y, d := newDiary(t, "Ada")
			y.mustFinish(day(1), pipeline.Options{})
			if err := damage(y.path("nightly/2026-11-01T00-00-00Z/extract/toy.users/note.zst")); err != nil {
				t.Fatal(err)
			}
			_, err := y.finish(day(2), pipeline.Options{})
			if known, ok := errors.AsType[*pipeline.Error](err); !ok || known.Code != "TL2022" {
				t.Errorf("got %v", err)
			}
			d.expect(t, "")
		})
	}
}
