package pipeline

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Rereads gives the older windows that an extract step of the run reads again: of each age in its stream's Again the one that is
// so many days older than the run's. One that another run has read since this run's window ended is left out, because it was
// old enough then: so days that are filled in one after the other are not read again and again.
func (r *Run) Rereads(step string) ([]Window, error) {
	source, name, _ := strings.Cut(stepSubject(step), ".")
	stream, _ := r.flow.stream(source, name)
	var due []Window
	for _, days := range slices.Sorted(slices.Values(stream.Again)) {
		due = append(due, Window{r.daysBefore(r.window.From, days), r.daysBefore(r.window.To, days)})
	}
	if len(due) == 0 {
		return nil, nil
	}
	read, err := r.readSince(step, due[len(due)-1].From)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(due, func(w Window) bool { return slices.ContainsFunc(read, w.within) }), nil
}

func (w Window) within(v Window) bool { return !w.From.Before(v.From) && !w.To.After(v.To) }

// daysBefore gives the time so many calendar days earlier in the organisation's time zone: midnight stays midnight.
func (r *Run) daysBefore(t time.Time, days int) time.Time {
	return t.In(r.flow.Location).AddDate(0, 0, -days).UTC()
}

// readSince gives what a step of the other runs has read after this run's window had ended. Runs whose windows begin before a
// time are not looked at: they read nothing that is younger.
func (r *Run) readSince(step string, from time.Time) ([]Window, error) {
	ids, err := Runs(r.store, r.flow.Name)
	if err != nil {
		return nil, err
	}
	first, _ := slices.BinarySearch(ids, r.flow.RunID(Window{From: from}))
	var read []Window
	for _, id := range ids[first:] {
		if id == r.id {
			continue
		}
		m, err := ReadManifest(r.store, id, step)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !m.Observed.Before(r.window.To) {
			read = append(append(read, m.Window), m.Again...)
		}
	}
	return read, nil
}
