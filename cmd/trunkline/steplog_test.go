package main

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
)

const loggedRun = "nightly/2026-01-05T00-00-00Z"

// smallCentre makes the working directory one with a configuration whose source is simulated.
func smallCentre(t *testing.T) {
	t.Helper()
	world := scenario.Default()
	world.PerDay, world.Days, world.Location = 30, 2, time.UTC
	world.Start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	centre, err := sim.New(sim.Config{Scenario: world})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(centre.Handler())
	t.Cleanup(server.Close)
	t.Chdir(t.TempDir())
	t.Setenv("CENTRE", server.URL)
	t.Setenv("SECRET", "simulated")
	config := "version: 1\nstore: {path: runs}\ngenesys: {base_url: \"${CENTRE}\", client_id: trunkline, client_secret: \"${SECRET}\", requests_per_minute: 100000}\nwarehouse: {duckdb: {}}\n"
	if err := os.WriteFile("trunkline.yaml", []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
}

// expect runs a command that must end with an exit code, and gives what it printed.
func expect(t *testing.T, want int, args ...string) (out, logs string) {
	t.Helper()
	var o, l bytes.Buffer
	if code := run(t.Context(), args, &o, &l); code != want {
		t.Fatalf("trunkline %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), code, want, &o, &l)
	}
	return o.String(), l.String()
}

// A step's log is kept however it ends and however little is shown; trunkline runs prints it, and the page is told why the run failed.
func TestLogOfAStepIsKept(t *testing.T) {
	smallCentre(t)
	t.Setenv("SECRET", "another one")
	expect(t, exitDenied, "extract", "--date", "2026-01-05", "--quiet")
	out, _ := expect(t, exitOK, "runs", "2026-01-05", "--log")
	if !strings.Contains(out, "extract/genesys.conversations") || !strings.Contains(out, "ERROR") || !strings.Contains(out, "step failed") || !strings.Contains(out, "TL") {
		t.Errorf("the log does not tell of the step that failed:\n%s", out)
	}
	a := newApp(new(bytes.Buffer), new(bytes.Buffer))
	a.flags.config = "trunkline.yaml"
	c, err := a.config()
	if err != nil {
		t.Fatal(err)
	}
	told := &journal{config: c, now: a.now}
	runs, err := told.Newest(t.Context())
	if err != nil || len(runs) != 1 || !runs[0].Bad() || len(runs[0].Errors) == 0 || runs[0].Errors[0].Cure == "" {
		t.Errorf("the page is told %+v, %v", runs, err)
	}
	if logs, err := told.Log(t.Context(), loggedRun); err != nil || len(logs) == 0 {
		t.Errorf("the page is told of %d logs, %v", len(logs), err)
	}
	if _, err := told.Log(t.Context(), "nightly/../nightly/2026-01-05T00-00-00Z"); err == nil {
		t.Error("what is no run is read as one")
	}

	t.Setenv("SECRET", "simulated")
	expect(t, exitOK, "extract", "--date", "2026-01-05", "--quiet")
	if out, _ := expect(t, exitOK, "runs", "2026-01-05", "--log"); strings.Contains(out, "step failed") || !strings.Contains(out, "step finished") {
		t.Errorf("after the step was done its log is still that of its failure:\n%s", out)
	}
	expect(t, exitMisuse, "runs", "2026-01-06", "--log")
	expect(t, exitMisuse, "runs", "--log")
}

// A log that the store refuses is a warning; the step is done.
func TestLogThatIsRefusedFailsNoStep(t *testing.T) {
	smallCentre(t)
	inTheWay := filepath.Join("runs", filepath.FromSlash(logName(loggedRun, "extract/genesys.conversations")), "a folder in its place")
	if err := os.MkdirAll(inTheWay, 0o700); err != nil {
		t.Fatal(err)
	}
	_, logs := expect(t, exitOK, "extract", "--date", "2026-01-05")
	if n := strings.Count(logs, "the log of a step is not kept"); n != 1 {
		t.Errorf("%d warnings of a log that is not kept, want 1:\n%s", n, logs)
	}
}

// Of a log that is too long the last lines are kept, and how many are not.
func TestLogIsBounded(t *testing.T) {
	var l stepLog
	const all = 40_000
	for i := range all {
		if _, err := fmt.Fprintf(&l, "{\"msg\":\"line %d of a step that says the same again and again\"}\n", i); err != nil {
			t.Fatal(err)
		}
	}
	text := l.text()
	lines := logLines(text)
	if len(text) > mostLog+200 || len(text) < mostLog/2 {
		t.Errorf("%d bytes are kept, want about %d", len(text), mostLog)
	}
	if want := fmt.Sprintf("the first lines are not kept lines=%d", all-(len(lines)-1)); lines[0].Text != want {
		t.Errorf("it begins with %q, want %q", lines[0].Text, want)
	}
	if last := lines[len(lines)-1].Text; !strings.HasPrefix(last, fmt.Sprintf("line %d ", all-1)) {
		t.Errorf("it ends with %q", last)
	}
}
