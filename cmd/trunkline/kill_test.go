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

	"trunkline/internal/evidence"
	"trunkline/internal/pgtest"
	"trunkline/internal/sim"
	"trunkline/pipeline"
)

const killsANight = 4

// Killed at random moments, between steps and inside them, then started again with the same command, until it is through:
// ten nights, and every row and cell is what truly happened. Nothing is lost, nothing is doubled.
func TestNightsThatAreKilledEqualTheLedger(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "DuckDB", evidence.Kills, evidence.Engine)
	s := newStageWith(t, perDay(2000), 10, func(c *sim.Config) { c.Latency = 5 * time.Millisecond })
	k := newKiller(s, buildBinary(t))
	for day := range 10 {
		k.night(day, killsANight)
	}
	k.again(9, 30)
	wantTruth(t, s, 9)
	wantNoLeftovers(t, s)
}

// The same on PostgreSQL, where a killed run leaves a server behind that has to find out.
func TestNightsOnPostgreSQLThatAreKilledEqualTheLedger(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "PostgreSQL", evidence.Kills, evidence.Engine)
	const nights = 4
	s := newStageWith(t, perDay(400), nights, func(c *sim.Config) { c.Latency = 2 * time.Millisecond })
	s.moveToPostgres(pgtest.Start(t, pgtest.Options{}))
	k := newKiller(s, buildBinary(t))
	for day := range nights {
		k.night(day, 2)
	}
	k.again(nights-1, 6)
	wantTruth(t, s, nights-1)
}

// The same with Trusst, whose reader must remember across nights what it gave out: it is killed within its own extract too.
func TestNightsWithTrusstThatAreKilledEqualTheLedger(t *testing.T) {
	t.Parallel()
	const nights = 3
	s := newTrusstStage(t, 40, nights)
	s.readsEmbeddedTrusst()
	k := newKiller(s, clocked)
	within, reading := time.Second, 0
	for day := range nights {
		s.goTo(day)
		for range 3 {
			killed, took := k.kill(day, within, "extract", "--sources", "trusst", "--again")
			if !killed {
				within = max(took, 200*time.Millisecond)
				continue
			}
			reading++
		}
		k.night(day, 2)
	}
	t.Logf("%d kills while Trusst alone was read", reading)
	k.again(nights-1, 8)
	wantTruth(t, s, nights-1)
	wantTrusstTruth(t, s)
	wantNoLeftovers(t, s)
}

// killer runs nights and kills them at random moments.
type killer struct {
	s       *stage
	binary  string
	dice    *rand.Rand
	typical time.Duration  // how long a night takes
	kills   int            // so far
	inside  map[string]int // by the stage of the next step to do
}

func newKiller(s *stage, binary string) *killer {
	seed := uint64(time.Now().UnixNano())
	s.t.Logf("the moments are of the seed %d", seed)
	return &killer{s, binary, rand.New(rand.NewPCG(seed, 0)), 4 * time.Second, 0, map[string]int{}}
}

// kill starts a command for a day and kills it within a while, unless it was through before.
func (k *killer) kill(day int, within time.Duration, command string, flags ...string) (killed bool, took time.Duration) {
	k.s.t.Helper()
	killed, took = k.s.attempt(k.binary, day, time.Duration(k.dice.Int64N(int64(within))), append([]string{command}, flags...)...)
	if killed {
		k.kills++
		k.inside[k.s.interrupted(day)]++
	}
	return killed, took
}

// night runs a day's night, killed so many times or until it is through, to its end.
func (k *killer) night(day, times int) {
	k.s.t.Helper()
	k.s.goTo(day)
	for n := range times {
		longest := k.typical
		if n%2 == 1 { // an extract takes most of a night: let it end, so that the steps behind it are killed as often
			k.s.extract(k.binary, day)
			longest = time.Second
		}
		if killed, took := k.kill(day, longest, "run"); !killed { // it was through before its time came
			if n%2 == 0 {
				k.typical = max(took, 200*time.Millisecond)
			}
			break
		}
	}
	if took := k.s.mustEnd(k.binary, day); day == 0 {
		k.typical = max(k.typical, took)
	}
}

// again kills a night that is done again from its first step until there were so many kills in all: a fast machine is through too
// often before its time comes. It ends, and the kills must have fallen on more than one stage.
func (k *killer) again(day, times int) {
	k.s.t.Helper()
	for k.kills < times {
		k.kill(day, k.typical, "run", "--again")
	}
	k.s.mustEnd(k.binary, day)
	k.s.t.Logf("%d kills; the next step to do was %v", k.kills, k.inside)
	if len(k.inside) < 2 {
		k.s.t.Errorf("the kills fell only on %v", k.inside)
	}
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

// attempt does a command for a day as a process of its own and kills it after a while, unless it has ended.
func (s *stage) attempt(binary string, day int, after time.Duration, command ...string) (killed bool, took time.Duration) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), after)
	defer cancel()
	command = append(append(command, "--date", s.date(day), "--config", s.config(), "--quiet"), s.wait...)
	cmd := s.command(ctx, binary, command...) // at the deadline it is sent SIGKILL
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
	args := append([]string{"extract", "--date", s.date(day), "--config", s.config(), "--quiet"}, s.wait...)
	cmd := s.command(s.t.Context(), binary, args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("the extracts of %s: %v\n%s", s.date(day), err, out)
	}
}

// mustEnd runs a night as a process of its own, to its end, and tells how long it took.
func (s *stage) mustEnd(binary string, day int, flags ...string) time.Duration {
	s.t.Helper()
	killed, took := s.attempt(binary, day, 10*time.Minute, append([]string{"run"}, flags...)...)
	if killed {
		s.t.Fatalf("the night of %s does not end", s.date(day))
	}
	s.t.Logf("night of %s %v: %v", s.date(day), flags, took.Round(time.Millisecond))
	return took
}

// interrupted gives the stage of the first step of a night that is not done.
func (s *stage) interrupted(day int) string {
	s.t.Helper()
	f := s.flow()
	steps, err := f.Steps()
	if err != nil {
		s.t.Fatal(err)
	}
	store := s.store()
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
