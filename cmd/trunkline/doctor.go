package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trunkline/pipeline"
)

// finding is one thing that doctor looked at.
type finding struct {
	About  string `json:"about"`
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
	Cure   string `json:"cure,omitempty"`

	kind pipeline.Kind // of what is not well
}

// newDoctor is the command that tries everything a run needs.
func newDoctor(a *app) *cobra.Command {
	var grants bool
	cmd := &cobra.Command{
		Use: "doctor", Short: "Try everything that a run needs, and tell how to mend what does not work", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.complete()
			if err != nil {
				return err
			}
			if grants {
				return a.printGrants(c)
			}
			findings := examine(cmd.Context(), c)
			if err := cmd.Context().Err(); err != nil {
				return err // what was found after the end says nothing
			}
			if a.flags.output == "json" {
				if err := writeJSON(a.stdout, findings); err != nil {
					return err
				}
			} else {
				a.printFindings(findings)
			}
			return diagnosis(findings)
		},
	}
	cmd.Flags().BoolVar(&grants, "grants", false, "write what an administrator of the warehouse has to run, for the least rights that a run needs; try nothing")
	a.outputFlag(cmd, "text", "json")
	return cmd
}

// gravity orders the kinds of what is not well, worst first: what a person must mend comes before what passes.
var gravity = []pipeline.Kind{pipeline.Misuse, pipeline.Denied, pipeline.Failure, pipeline.Locked, pipeline.Upstream}

// diagnosis is an error if anything is not well, of the kind of the worst.
func diagnosis(findings []finding) error {
	ill, worst := 0, len(gravity)-1
	for _, f := range findings {
		if f.OK {
			continue
		}
		ill++
		if i := slices.Index(gravity, f.kind); i >= 0 {
			worst = min(worst, i)
		}
	}
	if ill == 0 {
		return nil
	}
	return &pipeline.Error{
		Code: "TL1020", Kind: gravity[worst],
		What: fmt.Sprintf("%d of %d checks found something that a run would trip over", ill, len(findings)),
		Cure: "Mend it as told beside each, then run: trunkline doctor",
	}
}

// cureNow is what helps now: what an extractor says to those whose run stopped is no help to those who have none yet.
func cureNow(kind pipeline.Kind, cure string) string {
	if kind == pipeline.Upstream {
		return "See whether it is up and can be reached from here (address, DNS, proxy, firewall), then run: trunkline doctor"
	}
	return cure
}

func (a *app) printFindings(findings []finding) {
	for _, f := range findings {
		mark := "ok  "
		if !f.OK {
			mark = "FAIL"
		}
		a.print("%s  %s: %s", mark, f.About, f.Name)
		if f.Detail != "" {
			a.print(": %s", a.masker.Mask(f.Detail))
		}
		a.print("\n")
		if f.Cure != "" {
			a.print("      do: %s\n", f.Cure)
		}
	}
}

// examine tries the disks, the clock, the sources and the warehouse.
func examine(ctx context.Context, c *Config) []finding {
	findings := append([]finding{{About: "configuration", Name: c.file, OK: true, Detail: "good"}}, tryFolders(c)...)
	findings = append(findings, tryStore(ctx, c)...)
	for _, x := range extractors() {
		if !x.configured(c) || ctx.Err() != nil {
			continue
		}
		if url := x.url(c); url != "" {
			findings = append(findings, tryClock(ctx, x.name, url))
		}
		findings = append(findings, x.check(ctx, c)...)
	}
	findings = append(findings, of("warehouse", "connection", tryWarehouse(ctx, c), "opens"))
	if w, err := c.oneWarehouse(); err == nil && w.examine != nil && ctx.Err() == nil {
		for _, f := range w.examine(ctx, c) {
			findings = append(findings, of("warehouse", f.Name, f.Err, f.Detail))
		}
	}
	return findings
}

// printGrants writes what an administrator of the warehouse has to run, and nothing more than a run needs.
func (a *app) printGrants(c *Config) error {
	w, err := c.oneWarehouse()
	if err != nil {
		return err
	}
	if w.grants == nil {
		a.print("-- %s has no users: who may write its files may load\n", w.name)
		return nil
	}
	for _, statement := range w.grants(c) {
		a.print("%s\n", statement)
	}
	return nil
}

// of makes a finding of an error, or of its absence.
func of(about, name string, err error, well string) finding {
	f := finding{About: about, Name: name, OK: err == nil, Detail: well}
	if err == nil {
		return f
	}
	told := failureOf(err)
	f.Detail, f.Cure = strings.TrimSpace(told.Code+" "+told.What), told.Cure
	if told.Cause != "" {
		f.Detail += ": " + told.Cause
	}
	if known, ok := errors.AsType[*pipeline.Error](err); ok {
		f.kind, f.Cure = known.Kind, cureNow(known.Kind, told.Cure)
	}
	return f
}

func tryWarehouse(ctx context.Context, c *Config) error {
	l, err := c.openWarehouse(ctx)
	if err != nil {
		return err
	}
	return l.Close()
}

// clockTolerance is by how much this machine's clock may differ from a source's. Tokens and look-back stand more; a
// person should know of less.
const clockTolerance = 30 * time.Second

// tryClock compares this machine's clock with the Date header of a source.
func tryClock(ctx context.Context, about, url string) finding {
	f := finding{About: about, Name: "clock"}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, url, http.NoBody)
	if err != nil {
		return of(about, "clock", err, "")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.Detail, f.kind, f.Cure = err.Error(), pipeline.Upstream, cureNow(pipeline.Upstream, "")
		return f
	}
	defer func() { _ = res.Body.Close() }()
	theirs, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		f.OK, f.Detail = true, "the source does not tell its time"
		return f
	}
	skew := time.Since(theirs).Round(time.Second)
	f.OK, f.Detail = skew.Abs() <= clockTolerance, fmt.Sprintf("differs by %s from %s", skew, url)
	if !f.OK {
		f.kind, f.Cure = pipeline.Misuse, "Set this machine's clock, for example with NTP"
	}
	return f
}
