package main

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// mark tells how far the warehouse is complete of one stream.
type mark struct {
	Source string `json:"source"`
	Stream string `json:"stream"`
	// CompleteTo is the time up to which all is loaded, without a day missing before it; nil is not known, as when the first of them was not
	// read whole.
	CompleteTo *time.Time `json:"complete_to"`
	// LoadedTo is the end of what is loaded at all; later than CompleteTo if a day is missing between.
	LoadedTo   *time.Time `json:"loaded_to"`
	LagSeconds *float64   `json:"lag_seconds"` // from CompleteTo until now
	Run        string     `json:"run"`         // that moved it
	Asked      time.Time  `json:"asked_at"`    // when that run asked the source
	// Ended is what ended CompleteTo before the newest run; nil if nothing did.
	Ended *pause `json:"ended,omitempty"`

	next Date // the day behind those that are complete
}

// pause is the first day that is not complete.
type pause struct {
	Day     string         `json:"day"`
	Warning *pipeline.Note `json:"warning,omitempty"` // of its run, that it could not read all; nil: the day is not loaded
}

// newWatermarks is the command that tells how far the warehouse is complete.
func newWatermarks(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "watermarks", Short: "Show up to when the warehouse is complete, by stream, and how far behind that is", Args: noArgs,
		Long: `Show up to when the warehouse is complete, by stream, and how far behind that is.

It is worked out from the runs that are loaded. A day that is missing, or that could not be read whole, ends what is complete, and is named. There is nothing to set: to have something read again, do its run again (--again).`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			steps, err := c.steps(false)
			if err != nil {
				return err
			}
			var journeys []*journey
			err = c.withStore(cmd.Context(), func(store store.Locked) (err error) {
				journeys, err = c.readJourneys(cmd.Context(), store, 0)
				return err
			})
			if err != nil {
				return err
			}
			found := marks(steps, journeys, a.now())
			if a.flags.output == "json" {
				return writeJSON(a.stdout, found)
			}
			return printMarks(a, c, found)
		},
	}
	a.outputFlag(cmd, "table", "json")
	return cmd
}

// marks works out the marks of the streams that loaded runs have read, in the order of the steps. Of the runs only the newest that
// belong together count: see stretch.
func marks(steps []pipeline.Step, journeys []*journey, now time.Time) []mark {
	found := []mark{}
	if len(journeys) == 0 {
		return found
	}
	first := stretch(journeys)
	for _, step := range steps {
		if step.Stage != pipeline.StageExtract {
			continue
		}
		source, stream, _ := strings.Cut(strings.TrimPrefix(step.Name, pipeline.StageExtract+"/"), ".")
		m := mark{Source: source, Stream: stream}
		for _, j := range journeys {
			if done := j.loaded(step.Name); done != nil && !first.After(j.day) {
				m.add(j, done)
			}
		}
		if m.Run == "" {
			continue
		}
		if m.CompleteTo != nil {
			lag := now.Sub(*m.CompleteTo).Seconds()
			m.LagSeconds = &lag
		}
		found = append(found, m)
	}
	return found
}

// add takes in what a run has read, run by run in the order of their windows.
func (m *mark) add(j *journey, done *pipeline.Manifest) {
	reached := done.Reached()
	if reached.IsZero() && m.Ended == nil {
		m.Ended = &pause{j.day.String(), done.Unread()}
	}
	switch whole := done.Window.To.IsZero(); {
	case whole && done.Observed.Before(m.Asked): // a state: as of when it was asked for last
		return
	case m.Run != "" && (reached.IsZero() || m.CompleteTo == nil && !whole): // not read whole, or a day before it was not
		return
	case reached.IsZero():
	case m.LoadedTo != nil && !whole && done.Window.From.After(*m.CompleteTo): // a day is missing: what is complete ends before it
		m.LoadedTo = &reached
		if m.Ended == nil {
			m.Ended = &pause{Day: m.next.String()}
		}
		return
	default:
		m.CompleteTo, m.LoadedTo, m.Ended = &reached, &reached, nil
		m.next = j.day.Add(j.days())
	}
	m.Run, m.Asked = done.Run, done.Observed
}

// loaded gives the manifest of an extract whose rows are in the warehouse; nil if there is none.
func (j *journey) loaded(extract string) *pipeline.Manifest {
	read, load := j.step(extract), j.step(pipeline.LoadStep)
	if read == nil || load == nil || read.Finished.After(load.Started) {
		return nil
	}
	return read
}

// step gives the manifest of a step that is done; nil if it is not.
func (j *journey) step(name string) *pipeline.Manifest {
	i := slices.IndexFunc(j.Steps, func(m pipeline.Manifest) bool { return m.Step == name })
	if i < 0 {
		return nil
	}
	return &j.Steps[i]
}

func printMarks(a *app, c *Config, found []mark) error {
	if len(found) == 0 {
		a.print("nothing is loaded yet\n")
		return nil
	}
	g := grid{columns: []string{"source", "stream", "complete to", "behind", "run", "asked at"}, spare: "asked at", zone: c.Organisation.location}
	for _, m := range found {
		var to, behind any
		if m.CompleteTo != nil {
			to, behind = *m.CompleteTo, strings.TrimSuffix(time.Duration(*m.LagSeconds*float64(time.Second)).Round(time.Minute).String(), "0s")
		}
		g.add(m.Source, m.Stream, to, behind, m.Run, m.Asked)
	}
	if err := g.writeTable(a.stdout); err != nil {
		return err
	}
	for _, m := range found {
		m.printEnd(a, c)
	}
	return nil
}

// printEnd tells what ended what is complete, and what to do.
func (m mark) printEnd(a *app, c *Config) {
	if m.Ended == nil {
		return
	}
	a.print("%s.%s: %s ", m.Source, m.Stream, m.Ended.Day)
	cure := "Do its run: " + a.verbatim("run --date "+m.Ended.Day)
	if w := m.Ended.Warning; w != nil {
		a.print("was not read whole: %s", strings.TrimSpace(w.Code+" "+a.masker.Mask(w.What)))
		cure = w.Cure
	} else {
		a.print("is not loaded")
	}
	if m.LoadedTo != nil && m.LoadedTo.After(*m.CompleteTo) {
		a.print("; what came later is loaded to %s", localTime(*m.LoadedTo, c.Organisation.location))
	}
	a.print("\n")
	if cure != "" {
		a.print("  do: %s\n", a.masker.Mask(cure))
	}
}
