package web

import (
	"context"
	"errors"
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

// take does something at its turn. It is errBusy where that does not come in time.
func (t turns) take(ctx context.Context, within time.Duration, do func() error) error {
	wait := time.NewTimer(within)
	defer wait.Stop()
	select {
	case t <- struct{}{}:
		defer func() { <-t }()
		return do()
	case <-wait.C:
	case <-ctx.Done():
	}
	return errBusy
}
