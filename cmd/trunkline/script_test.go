package main

import (
	"errors"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/pflag"

	"trunkline/internal/sim"
	"trunkline/pipeline"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"trunkline": main, clocked: mainAt})
}

// TestScripts runs the command as its users do: testdata/script/*.txtar. Beside the usual commands there are
//
//	exits CODE PROGRAM ARGS…   what a scheduler does depends on the code
//	centre FLAGS…              opens a centre, by the flags of trunkline sim, at $CENTRE, until the script ends
//	lock DIR                   holds the lock of a run store until the script ends
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "centre": centre, "lock": lock},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			ts.Fatalf("%v", err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func centre(ts *testscript.TestScript, _ bool, args []string) {
	var f simFlags
	flags := pflag.NewFlagSet("centre", pflag.ContinueOnError)
	f.register(flags)
	ts.Check(flags.Parse(args))
	if f.config.Replay != "" {
		f.config.Replay = ts.MkAbs(f.config.Replay)
	}
	config, err := f.complete(time.Now())
	ts.Check(err)
	c, err := sim.New(config)
	ts.Check(err)
	server := httptest.NewServer(c.Handler())
	ts.Defer(server.Close)
	ts.Setenv("CENTRE", server.URL)
}

func lock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: lock DIR")
	}
	release, err := pipeline.NewLocalStore(ts.MkAbs(args[0])).Lock("the script")
	ts.Check(err)
	ts.Defer(func() { _ = release() })
}
