// Command trunkline lands contact-centre conversations, and the customers behind them, in one trusted table.
//
// Each subcommand has a file of its name; extractors.go, transforms.go and loaders.go are the only lists of what there is.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a business day must not depend on what the machine has installed
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

// run is the whole command: it gives the exit code. SIGINT and SIGTERM make it stop at the next safe place; a second one
// ends it at once.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return newApp(stdout, stderr).run(ctx, args)
}

func (a *app) run(ctx context.Context, args []string) int {
	ctx, stop := untilSignal(ctx)
	defer stop()
	root := newRoot(a)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil {
		err = signalOr(ctx, err)
	}
	a.report(err)
	return exitCode(err)
}

// stopped is the cause of a context that a signal ended.
type stopped struct{ signal syscall.Signal }

// Error names the signal.
func (s stopped) Error() string { return fmt.Sprintf("stopped by %s", s.signal) }

// untilSignal gives a context that the first SIGINT or SIGTERM ends.
func untilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case s := <-signals:
			signal.Stop(signals) // the next one has its usual effect
			if s, ok := s.(syscall.Signal); ok {
				cancel(stopped{s})
			}
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
		<-ended
	}
}

// signalOr gives the signal that ended the context, if one did, instead of what followed from it.
func signalOr(ctx context.Context, err error) error {
	if s := (stopped{}); errors.As(context.Cause(ctx), &s) {
		return s
	}
	return err
}
