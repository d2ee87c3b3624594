package web

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// turns lets few queries of people run at a time: each may take an engine's memory. There is a place for each.
type turns chan struct{}

// atOnce is how many queries on the page, and how many downloads, a role may have running.
const atOnce = 2

// errBusy says that nobody's query was at fault: the turn of this one did not come.
var errBusy = errors.New("too many queries of this role are being answered; ask again in a moment")

func newSource(s *Site, file File) *source {
	return &source{file: file, site: s, asking: make(turns, atOnce), loading: make(turns, atOnce)}
}

// grace is how long a query whose time is over has to end, before it is left to itself.
const grace = time.Second

// take does something at its turn. It is errBusy where that does not come in time. The engine does some things in one piece: what has not
// ended soon after the context did is left to itself, and keeps its turn until it ends. Nobody may use what it makes then.
func (t turns) take(ctx context.Context, within time.Duration, do func() error) error {
	wait := time.NewTimer(within)
	defer wait.Stop()
	select {
	case t <- struct{}{}:
	case <-wait.C:
		return errBusy
	case <-ctx.Done():
		return errBusy
	}
	ended := make(chan error, 1)
	go func() {
		defer func() { <-t }()
		ended <- whole(do)
	}()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		select {
		case err = <-ended:
		case <-time.After(grace):
			err = ctx.Err()
		}
	}
	if fault, ok := errors.AsType[*fault](err); ok {
		panic(fault)
	}
	return err
}

// fault is one of ours. It ends the request, if that still waits, and not the server.
type fault struct {
	what  any
	stack []byte
}

func (f *fault) Error() string { return fmt.Sprintf("%v\n%s", f.what, f.stack) }

// whole makes an error of a fault.
func whole(do func() error) (err error) {
	defer func() {
		if what := recover(); what != nil {
			err = &fault{what, debug.Stack()}
		}
	}()
	return do()
}
