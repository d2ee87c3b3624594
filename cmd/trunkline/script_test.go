package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/pflag"

	"trunkline/internal/pgtest"
	"trunkline/internal/sim"
	"trunkline/pipeline"
)

func TestMain(m *testing.M) {
	for name, value := range map[string]string{ // of whom the simulated S3 is asked; the machine's own AWS is left alone
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	testscript.Main(m, map[string]func(){"trunkline": main, clocked: mainAt})
}

// TestScripts runs the command as its users do: testdata/script/*.txtar. Beside the usual commands there are
//
//	exits CODE PROGRAM ARGS…   what a scheduler does depends on the code
//	centre FLAGS…              opens a centre, by the flags of trunkline sim, at $CENTRE, until the script ends
//	sim FLAGS…                 runs trunkline sim until the script ends; what it prints is trunkline.yaml then
//	postgres                   gives the script a database of a real PostgreSQL, named by $TRUSST_DSN
//	sql STATEMENT              sends it a statement
//	lock DIR                   holds the lock of a run store until the script ends
func TestScripts(t *testing.T) {
	server := sync.OnceValue(func() *pgtest.Server { return pgtest.Start(t, pgtest.Options{}) }) // only for those that want it
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Deadline:            time.Now().Add(20 * time.Minute), // one that serves for ever fails, and says where
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "centre": centre, "lock": lock, "sim": simulate, "sql": execute,
			"postgres": func(ts *testscript.TestScript, _ bool, _ []string) { database(ts, server()) },
		},
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

// simulate runs the command itself, so that what it prints is tried too.
func simulate(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: sim FLAGS…")
	}
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "trunkline", append([]string{"sim", "--addr", "127.0.0.1:0", "--quiet"}, args...)...)
	cmd.Dir, cmd.Cancel = ts.MkAbs("."), func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Env = append(os.Environ(), "TRUSST_DSN="+ts.Getenv("TRUSST_DSN"))
	var said bytes.Buffer
	cmd.Stderr = &said
	stdout, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		stop()
		if err := cmd.Wait(); !errors.Is(err, context.Canceled) { // that is how a process ends well that was stopped
			ts.Logf("trunkline sim: %v\n%s", err, &said)
		}
	})
	var config strings.Builder
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		config.WriteString(lines.Text() + "\n")
		if strings.HasPrefix(lines.Text(), "warehouse:") {
			ts.Check(os.WriteFile(ts.MkAbs("trunkline.yaml"), []byte(config.String()), 0o600))
			return
		}
	}
	ts.Fatalf("trunkline sim prints no configuration: %s%s", &config, &said)
}

// database makes a database of the script's own.
func database(ts *testscript.TestScript, server *pgtest.Server) {
	name := strings.ReplaceAll(ts.Name(), "-", "_")
	ts.Setenv("TRUSST_DSN", server.DSN("postgres", "postgres"))
	execute(ts, false, []string{"create database " + name})
	ts.Setenv("TRUSST_DSN", server.DSN("postgres", name))
}

func execute(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sql STATEMENT")
	}
	conn, err := pgx.Connect(context.Background(), ts.Getenv("TRUSST_DSN"))
	ts.Check(err)
	_, err = conn.Exec(context.Background(), args[0])
	ts.Check(errors.Join(err, conn.Close(context.Background())))
}

func lock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: lock DIR")
	}
	release, err := pipeline.NewLocalStore(ts.MkAbs(args[0])).Lock(context.Background(), "the script")
	ts.Check(err)
	ts.Defer(func() { _ = release() })
}
