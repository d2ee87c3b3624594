package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
)

// event is one line of `go test -json`.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build output
	Test        string
	Elapsed     float64
	Output      string
	FailedBuild string
}

// id names the test, or the package, that an event is about.
func (e event) id() string {
	if e.Test == "" {
		return e.Package
	}
	return e.Package + "." + e.Test
}

// report follows the events of a test run.
type report struct {
	out     io.Writer
	allowed []skip

	passed, failed, skipped int
	shown                   []shown             // by those that passed
	unasked                 []string            // skipped without leave
	tests                   map[string]int      // by package: tests that ended
	failures                map[string]int      // by package: tests that failed
	output                  map[string][]string // by test, package or build, while it is not known how it ends
	running                 map[string]bool     // packages begun and not ended
	packages                int
}

func newReport(out io.Writer, allowed []skip) *report {
	return &report{
		out: out, allowed: allowed,
		tests: map[string]int{}, failures: map[string]int{}, output: map[string][]string{}, running: map[string]bool{},
	}
}

// read follows events to the end. A line that is no event is passed on as it is.
func (r *report) read(events io.Reader) error {
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) == nil && e.Action != "" {
				r.add(e)
			} else {
				r.print("%s", line)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) add(e event) {
	switch e.Action {
	case "start":
		r.running[e.Package] = true
		r.packages++
	case "output":
		r.output[e.id()] = append(r.output[e.id()], e.Output)
	case "build-output":
		r.output[e.ImportPath] = append(r.output[e.ImportPath], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.endPackage(e)
		} else {
			r.endTest(e)
		}
	}
}

func (r *report) endTest(e event) {
	r.tests[e.Package]++
	switch e.Action {
	case "pass":
		r.passed++
		r.shown = append(r.shown, evidenceIn(r.output[e.id()])...)
	case "fail":
		r.failed++
		r.failures[e.Package]++
		r.print("FAIL  %s\n%s", e.id(), indent(r.output[e.id()]))
	case "skip":
		r.skipped++
		verdict := "skip"
		if !r.mayBeSkipped(e) {
			verdict = "SKIP"
			r.unasked = append(r.unasked, e.id())
		}
		r.print("%s  %s\n%s", verdict, e.id(), indent(r.output[e.id()]))
	}
	delete(r.output, e.id())
}

func (r *report) mayBeSkipped(e event) bool {
	return slices.ContainsFunc(r.allowed, func(s skip) bool {
		inPackage, _ := path.Match(s.pkg, e.Package)
		inTest, _ := path.Match(s.test, e.Test)
		return inPackage && inTest
	})
}

func (r *report) endPackage(e event) {
	delete(r.running, e.Package)
	if e.Action == "fail" {
		if r.failures[e.Package] == 0 { // it did not build, panicked, or ran out of time
			r.failed++
		}
		r.print("FAIL  %-44s %4d tests %6.1fs\n%s", e.Package, r.tests[e.Package], e.Elapsed,
			indent(append(r.output[e.FailedBuild], r.output[e.Package]...)))
	} else if r.tests[e.Package] > 0 {
		r.print("ok    %-44s %4d tests %6.1fs\n", e.Package, r.tests[e.Package], e.Elapsed)
	}
	delete(r.output, e.Package)
}

// finish prints the totals. err is how `go test` itself ended.
func (r *report) finish(err error) {
	for _, pkg := range slices.Sorted(maps.Keys(r.running)) {
		r.failed++
		r.print("FAIL  %s did not end\n%s", pkg, indent(r.output[pkg]))
	}
	switch {
	case r.packages == 0:
		r.failed++
		r.print("FAIL  no package was tested\n")
	case err != nil && r.failed == 0:
		r.failed++
		r.print("FAIL  go test: %v\n", err)
	}
	if len(r.unasked) > 0 {
		r.print("\nskipped, and %s gives no reason:\n  %s\n", skipsFile, strings.Join(r.unasked, "\n  "))
	}
	r.print("%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
}

// ok tells whether every test passed or was skipped for a known reason.
func (r *report) ok() bool { return r.failed == 0 && len(r.unasked) == 0 }

// print writes to the report's output, which is a terminal or a CI log: there is nobody to tell if that fails.
func (r *report) print(format string, a ...any) { _, _ = fmt.Fprintf(r.out, format, a...) }

func indent(lines []string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.Join(lines, "")) {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "=== ") || strings.HasPrefix(trimmed, "--- ") || trimmed == "" {
			continue
		}
		b.WriteString("      " + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}
