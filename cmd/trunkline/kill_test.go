package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/internal/pgtest"
	"trunkline/internal/sim"
	"trunkline/pipeline"
)

const killsANight = 4

// Killed at random moments, between steps and inside them, then started again with the same command, until it is through:
// ten nights, and every row and cell is what truly happened. Nothing is lost, nothing is doubled.
func TestNightsThatAreKilledEqualTheLedger(t *testing.T) {
	t.Parallel()
	binary := buildBinary(t)
	s := newStageWith(t, perDay(2000), 10, func(c *sim.Config) { c.Latency = 5 * time.Millisecond })
	dice := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	kills, inside, typical := 0, map[string]int{}, 4*time.Second
	for day := range 10 {
		s.goTo(day)
		for n := 0; n < killsANight; {
			longest := typical
			if n%2 == 1 { // an extract takes most of a night: let it end, so that the steps behind it are killed as often
				s.extract(binary, day)
				longest = time.Second
			}
			killed, took := s.attempt(binary, day, time.Duration(dice.Int64N(int64(longest))))
			if !killed { // it was through before its time came
				if n%2 == 0 {
					typical = max(took, 200*time.Millisecond)
				}
				break
			}
			n++
			kills++
			inside[s.interrupted(day)]++
		}
		if killed, took := s.attempt(binary, day, 10*time.Minute); killed {
			t.Fatalf("the night of %s does not end", s.date(day))
		} else if day == 0 {
			typical = max(typical, took)
		}
	}
	for kills < 30 { // a fast machine was through too often: the last night again, from its first step
		killed, _ := s.attempt(binary, 9, time.Duration(dice.Int64N(int64(typical))), "--again")
		if killed {
			kills++
			inside[s.interrupted(9)]++
		}
	}
	if killed, _ := s.attempt(binary, 9, 10*time.Minute); killed {
		t.Fatal("the last night does not end")
	}
	t.Logf("%d kills; the next step to do was %v", kills, inside)
	if len(inside) < 2 {
		t.Errorf("the kills fell only on %v", inside)
	}
	wantTruth(t, s, 9)
	wantNoLeftovers(t, s)
}

// The same on PostgreSQL, where a killed run leaves a server behind that has to find out.
func TestNightsOnPostgreSQLThatAreKilledEqualTheLedger(t *testing.T) {
	t.Parallel()
	const nights = 5
	binary := buildBinary(t)
	s := newStageWith(t, perDay(400), nights, func(c *sim.Config) { c.Latency = 2 * time.Millisecond })
	s.moveToPostgres(pgtest.Start(t, pgtest.Options{}))
	dice := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	kills, inside := 0, map[string]int{}
	for day := range nights {
		s.goTo(day)
		s.extract(binary, day)
		for range 3 {
			killed, _ := s.attempt(binary, day, time.Duration(dice.Int64N(int64(2*time.Second))))
			if !killed {
				break
			}
			kills++
			inside[s.interrupted(day)]++
		}
		s.mustEnd(binary, day)
	}
	t.Logf("%d kills; the next step to do was %v", kills, inside)
	if kills < 2 {
		t.Errorf("only %d kills", kills)
	}
	wantTruth(t, s, nights-1)
}

// buildBinary builds the command as users have it: without the race detector, which would only make it slow to kill.
func buildBinary(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "trunkline")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// attempt runs a night as a process of its own and kills it after a while, unless it has ended.
func (s *stage) attempt(binary string, day int, after time.Duration, flags ...string) (killed bool, took time.Duration) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), after)
	defer cancel()
	args := append([]string{"run", "--date", s.date(day), "--config", s.config(), "--quiet"}, flags...)
	cmd := s.command(ctx, binary, args...) // at the deadline it is sent SIGKILL
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	err := cmd.Run()
	if err != nil && ctx.Err() == nil {
		s.t.Fatalf("the night of %s: %v\n%s", s.date(day), err, out.String())
	}
	return err != nil, time.Since(began)
}

// clocked is the command with the clock of a centre, by which a day is old or young. It is this test's own executable.
const clocked = "trunkline-clocked"

// mainAt is main at the time that the environment tells.
func mainAt() {
	at, err := time.Parse(time.RFC3339, os.Getenv("TRUNKLINE_TEST_NOW"))
	if err != nil {
		panic(err)
	}
	began, a := time.Now(), newApp(os.Stdout, os.Stderr)
	a.now = func() time.Time { return at.Add(time.Since(began)) }
	os.Exit(a.run(context.Background(), os.Args[1:]))
}

// command makes a process of a binary, or of the clocked command.
func (s *stage) command(ctx context.Context, binary string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary, args...)
	if binary == clocked {
		self, err := os.Executable()
		if err != nil {
			s.t.Fatal(err)
		}
		cmd.Path, cmd.Err = self, nil
		cmd.Env = append(os.Environ(), "TRUNKLINE_TEST_NOW="+s.now().Format(time.RFC3339))
	}
	return cmd
}

// extract does the extracts of a night, to their end.
func (s *stage) extract(binary string, day int) {
	s.t.Helper()
	cmd := s.command(s.t.Context(), binary, "extract", "--date", s.date(day), "--config", s.config(), "--quiet")
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("the extracts of %s: %v\n%s", s.date(day), err, out)
	}
}

// mustEnd runs a night as a process of its own, to its end.
func (s *stage) mustEnd(binary string, day int, flags ...string) {
	s.t.Helper()
	killed, took := s.attempt(binary, day, 10*time.Minute, flags...)
	if killed {
		s.t.Fatalf("the night of %s does not end", s.date(day))
	}
	s.t.Logf("night of %s %v: %v", s.date(day), flags, took.Round(time.Millisecond))
}

// interrupted gives the stage of the first step of a night that is not done.
func (s *stage) interrupted(day int) string {
	s.t.Helper()
	f := s.flow()
	steps, err := f.Steps()
	if err != nil {
		s.t.Fatal(err)
	}
	store := pipeline.NewLocalStore(filepath.Join(s.dir, "runs"))
	for _, step := range steps {
		_, err := pipeline.ReadManifest(store, f.RunID(s.window(day)), step.Name)
		if errors.Is(err, fs.ErrNotExist) {
			return step.Stage
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	return "nothing"
}

// wantNoLeftovers looks for what a killed process may leave where somebody would take it for something.
func wantNoLeftovers(t *testing.T, s *stage) {
	t.Helper()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".wal") || slices.Contains([]string{"published.duckdb.next"}, e.Name()) {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}
