package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
}

// newDoctor is the command that tries everything a run needs.
func newDoctor(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "doctor", Short: "Try everything that a run needs, and tell how to mend what does not work", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.complete()
			if err != nil {
				return err
			}
			findings := examine(cmd.Context(), c)
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
	a.outputFlag(cmd, "text", "json")
	return cmd
}

// diagnosis is an error if anything is not well.
func diagnosis(findings []finding) error {
	ill := 0
	for _, f := range findings {
		if !f.OK {
			ill++
		}
	}
	if ill == 0 {
		return nil
	}
	return &pipeline.Error{
		Code: "TL1020", Kind: pipeline.Denied,
		What: fmt.Sprintf("%d of %d checks found something that a run would trip over", ill, len(findings)),
		Cure: "Mend it as told beside each, then run: trunkline doctor",
	}
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

// examine tries the store, the clock, the sources and the warehouse.
func examine(ctx context.Context, c *Config) []finding {
	findings := []finding{
		{About: "configuration", Name: c.file, OK: true, Detail: "good"},
		of("store", c.abs(c.Store.Path), tryStore(pipeline.NewLocalStore(c.abs(c.Store.Path))), "writable"),
	}
	for _, x := range extractors() {
		if x.configured(c) {
			findings = append(append(findings, tryClock(ctx, x.name, x.url(c))), x.check(ctx, c)...)
		}
	}
	return append(findings, of("warehouse", "connection", tryWarehouse(ctx, c), "opens"))
}

// of makes a finding of an error, or of its absence.
func of(about, name string, err error, well string) finding {
	f := finding{About: about, Name: name, OK: err == nil, Detail: well}
	if err == nil {
		return f
	}
	told := failureOf(err)
	f.Detail, f.Cure = told.What, told.Cure
	if told.Cause != "" {
		f.Detail += ": " + told.Cause
	}
	return f
}

func tryStore(store pipeline.Store) error {
	w, err := store.Create(".doctor")
	if err != nil {
		return err
	}
	_, err = w.Write([]byte("trunkline doctor\n"))
	return errors.Join(err, w.Abort())
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
		f.Detail, f.Cure = err.Error(), "Check the address, DNS, proxy and firewall"
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
		f.Cure = "Set this machine's clock, for example with NTP"
	}
	return f
}
