package main

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"
)

// skip is a test that may be skipped. Its fields are patterns of path.Match.
type skip struct{ pkg, test, reason string }

// readSkips reads one skip a line: package, test, reason. Empty lines and those that begin with # say nothing.
func readSkips(r io.Reader) ([]skip, error) {
	var skips []skip
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 3 {
			return nil, fmt.Errorf("line %d: want package, test and reason, have %q", n, line)
		}
		s := skip{pkg: fields[0], test: fields[1], reason: strings.Join(fields[2:], " ")}
		for _, pattern := range []string{s.pkg, s.test} {
			if _, err := path.Match(pattern, ""); err != nil {
				return nil, fmt.Errorf("line %d: %q: %w", n, pattern, err)
			}
		}
		skips = append(skips, s)
	}
	return skips, lines.Err()
}
