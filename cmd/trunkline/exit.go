package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
)

// The exit codes.
const (
	exitOK       = 0
	exitFailure  = 1
	exitCrash    = 2 // left to the Go runtime
	exitPartial  = 3
	exitDenied   = 4
	exitMisuse   = 5
	exitUpstream = 6
	exitGated    = 7
	exitLocked   = 8
	exitNothing  = 99
	exitSignal   = 128 // plus the signal's number
)

// errNothing says that there was nothing to do, to those who asked to be told.
var errNothing = errors.New("nothing to do")

// exitCode gives the code that tells a scheduler what to do about an error.
func exitCode(err error) int {
	var known *pipeline.Error
	var signal stopped
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errNothing):
		return exitNothing
	case errors.As(err, &signal):
		return exitSignal + int(signal.signal)
	case errors.As(err, &known):
		return exitOfKind(known.Kind)
	case errors.Is(err, context.Canceled):
		return exitSignal + int(syscall.SIGINT)
	default:
		return exitFailure
	}
}

func exitOfKind(kind pipeline.Kind) int {
	switch kind {
	case pipeline.Partial:
		return exitPartial
	case pipeline.Denied:
		return exitDenied
	case pipeline.Misuse:
		return exitMisuse
	case pipeline.Upstream:
		return exitUpstream
	case pipeline.Gated:
		return exitGated
	case pipeline.Locked:
		return exitLocked
	default:
		return exitFailure
	}
}

// What a scheduler does about an exit code.
const (
	actSuccess = "success" // go on
	actNotice  = "notice"  // go on, and tell the owner of the data
	actSkip    = "skip"    // there was nothing to do
	actFail    = "fail"    // a person must act: another try would end in the same way
	actRetry   = "retry"   // the same command again, later
)

// exit is an exit code: what it means, for a person, and what a scheduler does.
type exit struct {
	Code   int    `json:"code"`
	Action string `json:"action"`
	Means  string `json:"means"`
	Do     string `json:"do"`
}

// exitTable is every exit code. A code that is not among them is a failure that a retry may help.
func exitTable() []exit {
	return []exit{
		{exitOK, actSuccess, "done, or already done", "go on"},
		{exitFailure, actRetry, "failure; a retry may help", "retry"},
		{exitCrash, actFail, "reserved: a crash of the program itself", "report it"},
		{exitPartial, actNotice, "done, but with more rejects than rejects.limit", "look at: trunkline rejects list"},
		{exitDenied, actFail, "credentials or permissions refused", "do not retry: a person must act"},
		{exitMisuse, actFail, "wrong usage, configuration or schema", "do not retry: a person must act"},
		{exitUpstream, actRetry, "a source or the warehouse is down, late or limiting us", "retry later"},
		{
			exitGated, actNotice, "the quality gate is closed: the views that need the\nCRM keep their last good state, all others are new",
			"no page: tell the owner of the data",
		},
		{exitLocked, actRetry, "another run is at work", "retry later"},
		{exitNothing, actSkip, "nothing to do, if asked to tell (--skip-empty and such)", "skip"},
		{exitSignal + int(syscall.SIGINT), actRetry, "stopped by SIGINT; run the same command to go on", "retry"},
		{exitSignal + int(syscall.SIGTERM), actRetry, "stopped by SIGTERM; run the same command to go on", "retry"},
	}
}

// exitCodesHelp tells a person of every exit code.
func exitCodesHelp() string {
	var b strings.Builder
	b.WriteString("Exit codes, and what a scheduler should do:\n\n")
	for _, e := range exitTable() {
		first, rest, _ := strings.Cut(e.Means, "\n")
		fmt.Fprintf(&b, "%5d   %-56s %s\n", e.Code, first, e.Do)
		if rest != "" {
			fmt.Fprintf(&b, "%5s   %s\n", "", rest)
		}
	}
	b.WriteString("\nEvery step may be repeated at any time: what is done is not done again. An error is explained by: trunkline help CODE.\n")
	return b.String()
}

func newExitCodes() *cobra.Command {
	return &cobra.Command{Use: "exit-codes", Short: "What each exit code means", Long: exitCodesHelp()}
}

// failure is an error as programs read it: the last line of stderr with -o json.
type failure struct {
	Code  string `json:"code,omitempty"`
	Exit  int    `json:"exit"`
	What  string `json:"what"`
	Cause string `json:"cause,omitempty"`
	Cure  string `json:"cure,omitempty"`
	More  string `json:"more,omitempty"`
}

// failureOf takes an error apart.
func failureOf(err error) failure {
	f := failure{Exit: exitCode(err), What: err.Error()}
	var known *pipeline.Error
	if !errors.As(err, &known) {
		if errors.As(err, new(stopped)) {
			f.Cure = "Run the same command again: it goes on where it was stopped"
		}
		return f
	}
	where, _, found := strings.Cut(err.Error(), known.Error())
	if !found {
		where = ""
	}
	f.Code, f.What, f.Cure = known.Code, where+known.What, known.Cure
	if known.Err != nil {
		f.Cause = known.Err.Error()
	}
	f.More = "trunkline help " + known.Code
	return f
}

// report tells the user of an error: what, why, and what to do.
func (a *app) report(err error) {
	if err == nil || errors.Is(err, errNothing) {
		return
	}
	f := failureOf(err)
	if a.flags.output == "json" || a.flags.logFormat == "json" {
		line, _ := json.Marshal(map[string]failure{"error": f}) // strings and a number: cannot fail
		a.printErr("%s\n", line)
		return
	}
	var steps pipeline.StepErrors
	if !errors.As(err, &steps) {
		f.print(a)
		return
	}
	for _, s := range steps {
		failureOf(s.Err).print(a)
	}
}

// print tells a person.
func (f failure) print(a *app) {
	var b strings.Builder
	b.WriteString(strings.Join(strings.Fields("trunkline: "+f.Code), " ") + " " + f.What + "\n")
	for _, part := range []struct{ name, text string }{{"why", f.Cause}, {"do", f.Cure}, {"more", f.More}} {
		if part.text != "" {
			fmt.Fprintf(&b, "%6s: %s\n", part.name, strings.ReplaceAll(part.text, "\n", "\n        "))
		}
	}
	a.printErr("%s", b.String())
}

// misuse is a usage error. Where there is no better cure, help is one.
func misuse(cure, format string, args ...any) error {
	return &pipeline.Error{
		Code: "TL1001", Kind: pipeline.Misuse, What: fmt.Sprintf(format, args...), Cure: cmp.Or(cure, "See: trunkline help"),
	}
}
