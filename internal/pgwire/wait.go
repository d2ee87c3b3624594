package pgwire

import (
	"context"
	"errors"
	"os"
	"time"
)

// waits is how often a client that asks nothing is looked after.
const waits = 2 * time.Second

// errIdle ends a client whose transaction or cursor would hold on to a file that was replaced for ever.
var errIdle = &Error{
	Code: "25P03", Message: "terminating connection due to idle-in-transaction timeout: what is published was replaced",
	Hint: "Connect again, end transactions (COMMIT, or autocommit), and close cursors.",
}

// wait waits until the client sends something. Meanwhile a file that was replaced is let go, at the latest after what a transaction
// may be idle.
func (s *session) wait(ctx context.Context) error {
	begin := time.Now()
	for {
		s.letGo()
		if err := s.client.SetReadDeadline(time.Now().Add(waits)); err != nil {
			return err
		}
		if ctx.Err() != nil { // the deadline may have been the one that ends the session
			return nil //nolint:nilerr // the caller sees that the context has ended
		}
		_, err := s.in.in.Peek(1)
		switch {
		case err == nil:
			return s.client.SetReadDeadline(time.Time{})
		case ctx.Err() != nil:
			return nil //nolint:nilerr // the caller sees that the context has ended
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return err
		case time.Since(begin) > s.server.idleTransaction && s.keeps():
			return errIdle
		}
	}
}

// keeps tells whether the session holds on to a file that was replaced.
func (s *session) keeps() bool {
	if s.shared != nil && s.source.replaced(s.shared) {
		return true
	}
	for _, p := range s.portals {
		if p.shared != nil && s.source.replaced(p.shared) {
			return true
		}
	}
	return false
}

// letGo gives back the engine of a file that was replaced, if no transaction needs it.
func (s *session) letGo() {
	if s.status == idle && !s.begun && s.shared != nil && s.source.replaced(s.shared) {
		s.drop()
	}
}
