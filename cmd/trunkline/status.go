package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// status answers what a person wants to know at three in the morning.
type status struct {
	State    string           `json:"state"`             // never, ok, running, late, lost, gated, partial, failed, stopped or interrupted
	Running  *pipeline.Holder `json:"running,omitempty"` // who is at work
	Last     *journey         `json:"last_run,omitempty"`
	Complete string           `json:"complete_to,omitempty"` // last business day published without a gap before it
	Missing  []string         `json:"missing_days"`
	Stale    bool             `json:"stale,omitempty"` // the newest run is so old that only yesterday is counted as missing
	Lost     []string         `json:"lost_files"`      // that a manifest names and the store no longer has
	Next     string           `json:"next"`            // command to give now; empty if there is nothing to do
	Then     string           `json:"then,omitempty"`  // command to give when what a person must mend is mended
}

// newStatus is the command that tells whether all is well and what to do.
func newStatus(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "status", Short: "Is the data late or lost, what broke, and what to do next", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			var holder *pipeline.Holder
			var journeys []*journey
			err = c.withStore(cmd.Context(), func(store store.Locked) (err error) {
				if holder, err = store.Holder(cmd.Context()); err != nil {
					return err
				}
				journeys, err = c.readJourneys(cmd.Context(), store, 0)
				return err
			})
			if err != nil {
				return err
			}
			s := assess(journeys, lastComplete(a.now(), c.Organisation.location))
			if holder != nil {
				s.atWork(journeys, holder)
			}
			if s.Next != "" {
				s.Next = a.verbatim(s.Next)
			}
			if s.Then != "" {
				s.Then = a.verbatim(s.Then)
			}
			if a.flags.output == "json" {
				return writeJSON(a.stdout, s)
			}
			s.print(a, c)
			return nil
		},
	}
	a.outputFlag(cmd, "text", "json")
	return cmd
}

// verbatim gives a command as it must be typed here.
func (a *app) verbatim(args string) string { return commandLine(os.Args[0], a.flags.config, args) }

// commandLine gives a command for a shell. The program is named as it was called: it may not be on the PATH.
func commandLine(program, config, args string) string {
	if config != "trunkline.yaml" {
		args = "-c " + shellWord(config) + " " + args
	}
	return shellWord(program) + " " + args
}

// shellWord quotes a word if a shell would take it for something else.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_./:@%+-", r)
	}
	if s != "" && strings.TrimFunc(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// assess draws the conclusion from all runs. A run that is stopped keeps what it has read, and the source still has the
// rest: days that are missing are late. Lost is what a finished step has made and is gone from the store.
func assess(journeys []*journey, lastDay Date) status {
	s := status{State: "never", Missing: []string{}, Lost: []string{}, Next: "run"}
	if len(journeys) == 0 {
		return s
	}
	done := map[Date]bool{}
	for _, j := range journeys {
		for n := range j.days() {
			done[j.day.Add(n)] = !j.Published.IsZero()
		}
		s.Lost = append(s.Lost, j.lost...)
	}
	s.Last = journeys[len(journeys)-1]
	first := stretch(journeys)
	if lastDay.After(s.Last.day.Add(reach)) {
		s.Stale, first = true, lastDay
	}
	var gapFrom, gapTo Date
	for d := first; !d.After(lastDay); d = d.Add(1) {
		switch {
		case !done[d]:
			s.Missing = append(s.Missing, d.String())
			if gapFrom == (Date{}) {
				gapFrom = d
			}
			gapTo = d
		case gapFrom == (Date{}):
			s.Complete = d.String()
		}
	}
	if most := gapFrom.Add(reach - 1); gapTo.After(most) {
		gapTo = most
	}
	s.State, s.Next = s.conclude(gapFrom, gapTo)
	return s
}

// reach is how many days belong together: a longer gap between runs is a new beginning rather than days that were missed,
// and no command for more days is ever proposed.
const reach = 31

// stretch gives the first day of the newest runs that belong together. A single day that was tried long ago, or whose runs
// are of another year, is no reason to call everything since then late.
func stretch(journeys []*journey) Date {
	first := journeys[len(journeys)-1].day
	for _, j := range slices.Backward(journeys) {
		if first.After(j.day.Add(reach)) {
			break
		}
		first = j.day
	}
	return first
}

// atWork changes what was concluded while a run is at work: how it ends is what comes next.
func (s *status) atWork(journeys []*journey, holder *pipeline.Holder) {
	s.State, s.Running, s.Next, s.Then = "running", holder, "", ""
	if i := slices.IndexFunc(journeys, func(j *journey) bool { return j.State == "running" }); i >= 0 {
		s.Last = journeys[i]
	}
}

// conclude gives the state and the command to give now.
func (s *status) conclude(gapFrom, gapTo Date) (state, next string) {
	switch {
	case len(s.Lost) > 0:
		run, _, _ := strings.Cut(strings.TrimPrefix(s.Lost[0], flowNightly+"/"), "/")
		return "lost", "runs " + flowNightly + "/" + run
	case s.Stale && slices.Contains([]string{"failed", "stopped", "interrupted"}, s.Last.State):
		next = "run --date " + s.Last.Day
	case len(s.Missing) == 1:
		next = "run --date " + gapFrom.String()
	case len(s.Missing) > 1:
		next = fmt.Sprintf("run --from %s --to %s", gapFrom, gapTo)
	case s.Last.State == "gated":
		next = "query \"select * from join_quality_daily\""
	case s.Last.State == "partial":
		next = "rejects list " + s.Last.Run
	}
	if s.Last.refused() {
		s.Then, next = next, "doctor"
	}
	switch {
	case s.Last.State != "published" && s.Last.State != "unfinished":
		return s.Last.State, next
	case len(s.Missing) > 0:
		return "late", next
	default:
		return "ok", next
	}
}

// refused tells whether a person must act before the run is tried again: it would end in the same way.
func (j *journey) refused() bool {
	return slices.ContainsFunc(j.Errors, func(e stepFailure) bool { return e.Exit == exitDenied || e.Exit == exitMisuse })
}

// print tells a person.
func (s status) print(a *app, c *Config) {
	a.print("state      %s", s.State)
	if h := s.Running; h != nil {
		a.print(" (%s, since %s)", h.Owner, localTime(h.Since, c.Organisation.location))
	}
	a.print("\n")
	if j := s.Last; j != nil {
		a.print("last run   %s: %s, %d of %d steps done\n", j.Run, j.State, j.Done, j.Of)
		j.printPlace(a)
		if j.Gate != nil && !j.Gate.Open {
			a.print("gate       closed: %s\n", j.Gate.Reason)
		}
		if !j.Published.IsZero() {
			a.print("published  %s\n", localTime(j.Published, c.Organisation.location))
		}
		if j.Rejected > 0 {
			a.print("rejects    %s of %s records\n", count(j.Rejected), count(j.Records))
		}
	}
	if s.Complete != "" {
		a.print("complete   to the end of %s (%s)\n", s.Complete, c.Organisation.location)
	}
	switch n := len(s.Missing); {
	case s.Stale:
		a.print("late       the newest run is of %s, more than %d days back; the days since then are not counted\n", s.Last.Day, reach)
	case n > 0:
		a.print("late       %d business %s from %s; what was read is kept, the rest is still at the source\n",
			n, plural(n, "day", "days"), s.Missing[0])
	}
	switch n := len(s.Lost); {
	case n > 0:
		a.print("lost       %d %s of finished steps, first %s: do its step with --again\n", n, plural(n, "file", "files"), s.Lost[0])
	case s.Last != nil:
		a.print("lost       nothing\n")
	}
	if s.Next != "" {
		a.print("next       %s\n", s.Next)
	}
	if s.Then != "" {
		a.print("then       %s\n", s.Then)
	}
}

// printPlace tells where a run stopped, why, and what to do: of each error its own place.
func (j *journey) printPlace(a *app) {
	if j.Next != "" && len(j.Errors) == 0 {
		a.print("stopped at %s\n", j.Next)
	}
	for _, e := range j.Errors {
		if place := cmp.Or(e.Step, j.Next); place != "" {
			a.print("stopped at %s\n", place)
		}
		a.print("because    %s\n", strings.TrimSpace(e.Code+" "+e.What))
		for _, part := range []struct{ name, text string }{{"why", e.Cause}, {"do", e.Cure}} {
			if part.text != "" {
				a.print("%-10s %s\n", part.name, strings.ReplaceAll(a.masker.Mask(part.text), "\n", "\n           "))
			}
		}
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
