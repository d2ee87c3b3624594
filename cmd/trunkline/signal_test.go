package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
)

// TestStoppedRunGoesOn: SIGTERM and SIGINT end a run within a moment and with their codes, and the same command completes it.
func TestStoppedRunGoesOn(t *testing.T) {
	world := scenario.Default()
	world.PerDay, world.Days, world.Location = 100, 2, time.UTC
	world.Start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	centre, err := sim.New(sim.Config{Scenario: world, Latency: 150 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(centre.Handler())
	defer server.Close()
	config := filepath.Join(t.TempDir(), "trunkline.yaml")
	text := fmt.Sprintf("version: 1\nstore: {path: runs}\ngenesys: {base_url: %q, client_id: trunkline, client_secret: simulated}\nwarehouse: {duckdb: {}}\n", server.URL)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	extract := func(ctx context.Context) *exec.Cmd {
		return exec.CommandContext(ctx, "trunkline", "-c", config, "extract", "--date", "2026-01-05")
	}
	for _, test := range []struct {
		signal syscall.Signal
		code   int
	}{{syscall.SIGTERM, 143}, {syscall.SIGINT, 130}} {
		cmd := extract(t.Context())
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(400 * time.Millisecond)
		if err := cmd.Process.Signal(test.signal); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		code := codeOf(t, cmd.Wait())
		if took := time.Since(began); code != test.code || took > 5*time.Second {
			t.Errorf("%v: exit code %d after %v, want %d\n%s", test.signal, code, took, test.code, &stderr)
		}
		if !strings.Contains(stderr.String(), "Run the same command again") {
			t.Errorf("%v: no word of what to do now: %s", test.signal, &stderr)
		}
	}
	if out, err := extract(t.Context()).CombinedOutput(); err != nil {
		t.Errorf("the same command afterwards: %v\n%s", err, out)
	}
}

// TestStatusOfKilledRun: status tells a run that works from one that was killed, and neither from a failure before it.
func TestStatusOfKilledRun(t *testing.T) {
	world := scenario.Default()
	world.PerDay, world.Days, world.Location = 100, 2, time.UTC
	world.Start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	centre, err := sim.New(sim.Config{Scenario: world, Latency: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(centre.Handler())
	defer server.Close()
	dir := t.TempDir()
	config := filepath.Join(dir, "trunkline.yaml")
	text := fmt.Sprintf("version: 1\nstore: {path: runs}\ngenesys: {base_url: %q, client_id: trunkline, client_secret: simulated}\nwarehouse: {duckdb: {}}\n", server.URL)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	run := "nightly/2026-01-05T00-00-00Z"
	err = writeLast(pipeline.NewLocalStore(filepath.Join(dir, "runs")), run, lastOutcome{
		Status: "failed", At: time.Now(), Errors: []stepFailure{{failure: failure{Code: "TL4101", What: "log in"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	status := func() string {
		out, err := exec.CommandContext(t.Context(), "trunkline", "-c", config, "status").CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return string(out)
	}
	wants := func(text string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("no %q in\n%s", w, text)
			}
		}
		if strings.Contains(text, "TL4101") {
			t.Errorf("the failure before is still told:\n%s", text)
		}
	}
	if text := status(); !strings.Contains(text, "TL4101") {
		t.Fatalf("no failure is told:\n%s", text)
	}
	cmd := exec.CommandContext(t.Context(), "trunkline", "-c", config, "extract", "--date", "2026-01-05")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(600 * time.Millisecond)
	wants(status(), "state      running (", fmt.Sprintf("process %d, since ", cmd.Process.Pid), "last run   "+run+": running")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	wants(status(), "state      interrupted", "run --date 2026-01-05")
}

func codeOf(t *testing.T, err error) int {
	t.Helper()
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.ExitCode()
	default:
		t.Fatal(err)
		return -1
	}
}

// TestSimServesUntilStopped: what sim prints is a configuration that works, and being stopped is its usual end.
func TestSimServesUntilStopped(t *testing.T) {
	ledger := filepath.Join(t.TempDir(), "ledger.json")
	cmd := exec.CommandContext(t.Context(), "trunkline", "sim", "--addr", "127.0.0.1:0", "--days", "2", "--per-day", "20",
		"--share", "noaccount=0.5", "--ledger", ledger, "--quiet")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var snippet strings.Builder
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		snippet.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "warehouse:") {
			break
		}
	}
	c, err := parseConfig("snippet.yaml", []byte(snippet.String()), vars())
	if err != nil {
		t.Fatalf("%v in:\n%s", err, &snippet)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.Genesys.BaseURL+"/api/v2/users", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a token: status %d, %v", res.StatusCode, err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := codeOf(t, cmd.Wait()); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if text, err := os.ReadFile(ledger); err != nil || !bytes.Contains(text, []byte("escalation_by_tier")) {
		t.Errorf("ledger: %v", err)
	}
}
