// Command testreport runs `go test -json` with the arguments it is given and tells what came of it: a line for each
// package, the output of what failed, and at the end how many tests passed, failed and were skipped.
//
// With -C and a directory before all others, it tests there: in a module of its own.
//
// A skipped test is a failure unless .ci/skips.txt names it with a reason: a lane that nobody runs must not look green.
//
// With -evidence=FILE first, it appends to the file what the tests say they show of a warehouse (internal/evidence); `testreport table
// PAGE FILE` holds the table of a page against that, and `testreport write PAGE FILE` writes it. Both want a file that `testreport end FILE`
// has ended: one from which no test is missing.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

const skipsFile = ".ci/skips.txt"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ok, err := do(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// do does what the command line says; ok tells whether all is well.
func do(ctx context.Context, args []string) (ok bool, err error) {
	if len(args) == 2 && args[0] == "end" {
		err := endEvidence(args[1])
		return err == nil, err
	}
	if len(args) == 3 && (args[0] == "table" || args[0] == "write") {
		err := compareTable(args[1], args[2], args[0] == "write")
		return err == nil, err
	}
	kept := ""
	if len(args) > 0 {
		if path, given := strings.CutPrefix(args[0], "-evidence="); given {
			kept, args = path, args[1:]
		}
	}
	r, err := run(ctx, args, os.Stdout, os.Stderr)
	if err != nil {
		return false, err
	}
	if kept != "" {
		err = keepEvidence(kept, r.shown)
	}
	return r.ok(), err
}

// run tests what args say.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (*report, error) {
	file, err := os.Open(skipsFile)
	if err != nil {
		return nil, fmt.Errorf("read the skips that are allowed: %w", err)
	}
	defer func() { _ = file.Close() }()
	allowed, err := readSkips(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", skipsFile, err)
	}

	var dir string
	if len(args) > 1 && args[0] == "-C" {
		dir, args = args[1], args[2:]
	}
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, args...)...)
	cmd.Dir = dir
	cmd.Stderr = stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("go test: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("go test: %w", err)
	}
	r := newReport(stdout, allowed)
	readErr := r.read(events)
	waitErr := cmd.Wait()
	if readErr != nil {
		return nil, fmt.Errorf("read the output of go test: %w", readErr)
	}
	r.finish(waitErr)
	return r, nil
}
