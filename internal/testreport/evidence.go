package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"trunkline/internal/evidence"
)

// shown is what a test that passed says it shows: a capability of a warehouse, on a level (internal/evidence).
type shown struct{ warehouse, capability, level string }

var evidenceLine = regexp.MustCompile(`\bevidence: ([^;]+); ([^;]+); ([^;\n]+)`)

// evidenceIn finds what a test said.
func evidenceIn(output []string) (all []shown) {
	for _, m := range evidenceLine.FindAllStringSubmatch(strings.Join(output, ""), -1) {
		all = append(all, shown{m[1], m[2], m[3]})
	}
	return all
}

// keepEvidence appends what was shown to a file.
func keepEvidence(path string, all []shown) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return fmt.Errorf("keep the evidence: %w", err)
	}
	for _, s := range all {
		if _, err = fmt.Fprintf(file, "evidence: %s; %s; %s\n", s.warehouse, s.capability, s.level); err != nil {
			break
		}
	}
	return errors.Join(err, file.Close())
}

// evidenceEnds is the last line of what was kept when every test has passed.
const evidenceEnds = "all: every test has passed"

// endEvidence says of a file that nothing is missing from it.
func endEvidence(path string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("end the evidence: %w", err)
	}
	_, err = fmt.Fprintln(file, evidenceEnds)
	return errors.Join(err, file.Close())
}

// table writes what was shown as Markdown: each cell has the strongest level, or a dash.
func table(all []shown) (string, error) {
	warehouses, capabilities, levels := evidence.Warehouses(), evidence.Capabilities(), evidence.Levels()
	strongest := map[[2]string]int{}
	for _, s := range all {
		if evidence.Level(s.level) == evidence.Live { // not everybody has an account: docs/warehouses.md tells of those
			continue
		}
		level := slices.Index(levels, evidence.Level(s.level))
		if level < 0 || !slices.Contains(warehouses, s.warehouse) || !slices.Contains(capabilities, evidence.Capability(s.capability)) {
			return "", fmt.Errorf("the table has no place for %s; %s; %s", s.warehouse, s.capability, s.level)
		}
		cell := [2]string{s.warehouse, s.capability}
		if was, ok := strongest[cell]; !ok || level < was {
			strongest[cell] = level
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| | %s |\n|---|%s\n", strings.Join(warehouses, " | "), strings.Repeat("---|", len(warehouses)))
	for _, c := range capabilities {
		fmt.Fprintf(&b, "| %s |", c)
		for _, w := range warehouses {
			if level, ok := strongest[[2]string{w, string(c)}]; ok {
				fmt.Fprintf(&b, " %s |", levels[level])
			} else {
				b.WriteString(" – |")
			}
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

const (
	tableBegins = "<!-- The table is made of what the tests that ran have shown: make evidence -->\n"
	tableEnds   = "<!-- end of the table -->\n"
)

// compareTable holds the table of a page against what was kept in a file, or writes it anew.
func compareTable(page, kept string, update bool) error {
	file, err := os.Open(kept)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no %s: run make test first", kept)
	}
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	var all []shown
	last := ""
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		last = lines.Text()
		all = append(all, evidenceIn([]string{last})...)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if last != evidenceEnds {
		return fmt.Errorf("%s is not of all tests: run make test, with neither PACKAGES nor BQCHECK=no, until it passes", kept)
	}
	want, err := table(all)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, begun := bytes.Cut(text, []byte(tableBegins))
	is, after, ended := bytes.Cut(rest, []byte(tableEnds))
	switch {
	case !begun || !ended:
		return fmt.Errorf("%s has no place for the table: %s… %s", page, tableBegins, tableEnds)
	case string(is) == want:
		return nil
	case !update:
		return fmt.Errorf("the table of warehouses in %s is not what the tests have shown; it should be\n%s\nrun: make evidence", page, want)
	}
	return os.WriteFile(page, slices.Concat(before, []byte(tableBegins+want+tableEnds), after), 0o666)
}
