package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// journey is how far a run has come, read from its folder.
type journey struct {
	Run       string              `json:"run"`
	Day       string              `json:"day"`
	State     string              `json:"state"` // published, gated, partial, failed, stopped, running, interrupted, or unfinished
	Window    pipeline.Window     `json:"window"`
	Done      int                 `json:"steps_done"`
	Of        int                 `json:"steps"`
	Next      string              `json:"next_step,omitempty"`
	Records   int64               `json:"records"`
	Rejected  int64               `json:"rejected"`
	Gate      *pipeline.Gate      `json:"gate,omitempty"`
	Published time.Time           `json:"published,omitzero"`
	Errors    []stepFailure       `json:"errors,omitempty"`
	Steps     []pipeline.Manifest `json:"-"`

	day  Date
	did  time.Time // when its newest step was done
	lost []string  // files that manifests name and the store no longer has
}

// readJourney reads a run's folder. steps are those of the flow as it is configured now.
func readJourney(ctx context.Context, s store.Locked, id string, steps []pipeline.Step, loc *time.Location) (*journey, error) {
	_, from, err := pipeline.ParseRunID(id)
	if err != nil {
		return nil, misuse("trunkline runs lists them", "%v", err)
	}
	j := &journey{Run: id, Of: len(steps), day: dateOf(from.In(loc))}
	j.Day, j.Window = j.day.String(), dayWindow(j.day, loc)
	for _, step := range steps {
		m, err := pipeline.ReadManifest(s, id, step.Name)
		if errors.Is(err, fs.ErrNotExist) {
			if j.Next == "" {
				j.Next = step.Name
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		j.add(step, m)
		if err := j.look(s, m.Files); err != nil {
			return nil, err
		}
	}
	return j, j.conclude(ctx, s)
}

func (j *journey) add(step pipeline.Step, m pipeline.Manifest) {
	j.Done++
	if m.Finished.After(j.did) {
		j.did = m.Finished
	}
	j.Steps = append(j.Steps, m)
	j.Rejected += m.Counters[pipeline.CountRejected]
	switch step.Stage {
	case pipeline.StageExtract:
		j.Records += m.Counters[pipeline.CountOut]
	case pipeline.StageAudit:
		j.Gate = m.Gate
	case pipeline.StagePublish:
		j.Published, j.Window = m.Finished, m.Window
	}
}

// days is of how many business days the run is; a day may have an hour less or more than 24.
func (j *journey) days() int {
	return max(1, int((j.Window.To.Sub(j.Window.From)+12*time.Hour)/(24*time.Hour)))
}

// look finds out which of a step's files are gone. They are in few folders, and a bucket is asked for a folder as fast as for a file.
func (j *journey) look(s pipeline.Store, files []pipeline.File) error {
	there := map[string][]string{}
	for _, f := range files {
		dir, name := path.Split(f.Name)
		names, known := there[dir]
		if !known {
			var err error
			if names, err = s.List(path.Clean(dir)); err != nil {
				return err
			}
			there[dir] = names
		}
		if _, found := slices.BinarySearch(names, name); !found {
			j.lost = append(j.lost, f.Name)
		}
	}
	return nil
}

// conclude tells the state, with the help of what the last command left.
func (j *journey) conclude(ctx context.Context, s store.Locked) error {
	last, err := readLast(s, j.Run)
	if err != nil {
		return err
	}
	working, err := last.atWork(ctx, s)
	switch {
	case working:
		j.State = "running"
	case j.Done == j.Of:
		j.State = j.finished(last)
	default:
		j.State = j.unfinished(last)
	}
	if j.State == last.Status {
		j.Errors = last.Errors
	}
	return err
}

// finished gives the state of a run whose steps are all done.
func (j *journey) finished(last lastOutcome) string {
	switch {
	case j.Gate != nil && !j.Gate.Open:
		return "gated"
	case last.Status == "partial":
		return "partial"
	default:
		return "published"
	}
}

// unfinished gives the state of a run that has steps to do.
func (j *journey) unfinished(last lastOutcome) string {
	switch {
	case last.Status == "running" || last.Status != "" && j.did.After(last.At):
		return "interrupted" // whoever did the last step had no time to say how it ended
	case last.Status == "failed" || last.Status == "stopped" || last.Status == "gated":
		return last.Status
	default:
		return "unfinished"
	}
}

// lastOutcome is what the last command that worked on a run has left in its folder for people to see: at its begin that it
// is running, at its end what came of it. The pipeline does not read it.
type lastOutcome struct {
	Status string        `json:"status"`
	At     time.Time     `json:"at"`
	Errors []stepFailure `json:"errors,omitempty"`
}

// atWork tells whether who noted that it is running still is: else its process ended, and perhaps another is at work.
func (l lastOutcome) atWork(ctx context.Context, s store.Locked) (bool, error) {
	if l.Status != "running" {
		return false, nil
	}
	holder, err := s.Holder(ctx)
	return holder != nil && !holder.Since.After(l.At), err
}

func lastName(run string) string { return run + "/last.json" }

func readLast(s pipeline.Store, run string) (lastOutcome, error) {
	var last lastOutcome
	f, err := s.Open(lastName(run))
	if errors.Is(err, fs.ErrNotExist) {
		return last, nil
	}
	if err != nil {
		return last, err
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
	if err != nil {
		return last, fmt.Errorf("read %s: %w", lastName(run), err)
	}
	_ = json.Unmarshal(text, &last) // a note for people: a damaged one says nothing
	return last, nil
}

func writeLast(s pipeline.Store, run string, last lastOutcome) error {
	text, err := json.MarshalIndent(last, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", lastName(run), err)
	}
	return pipeline.WriteFile(s, lastName(run), append(text, '\n'))
}

// readJourneys reads the newest runs of the nightly flow, at most so many, oldest first; 0 is all.
func (c *Config) readJourneys(ctx context.Context, s store.Locked, most int) ([]*journey, error) {
	steps, err := c.steps(false)
	if err != nil {
		return nil, err
	}
	ids, err := pipeline.Runs(s, flowNightly)
	if err != nil {
		return nil, err
	}
	if most > 0 {
		ids = ids[max(0, len(ids)-most):]
	}
	journeys := make([]*journey, len(ids))
	for i, id := range ids {
		if journeys[i], err = readJourney(ctx, s, id, steps, c.Organisation.location); err != nil {
			return nil, err
		}
	}
	return journeys, nil
}
