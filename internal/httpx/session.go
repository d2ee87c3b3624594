package httpx

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Token is what a login gives.
type Token struct {
	Value   string
	Expires time.Time // zero: unknown
	BaseURL string    // where the account lives, if the service says so
}

// String keeps the token out of logs.
func (Token) String() string { return "token(hidden)" }

// GoString keeps the token out of logs.
func (t Token) GoString() string { return t.String() }

// grant is a token with its place in the row of tokens: a service may give the same value twice.
type grant struct {
	Token
	number int
	got    time.Time
}

// session holds the token of an account and gets a new one, once for all who wait for it.
type session struct {
	login func(context.Context) (Token, error)
	ttl   time.Duration

	worked atomic.Bool // some token was accepted

	mu      sync.Mutex
	current grant
	running *login
	failed  *login // the last login, if it failed
	until   time.Time
}

// failureKept is how long a failed login answers for those who would try the same again.
const failureKept = 10 * time.Second

// login is a login under way. Its result may be read when done is closed.
type login struct {
	done  chan struct{}
	grant grant
	err   error
}

// patience is how many logins a call may ask for: one, to learn that no token works; a few where tokens did work, because others
// may have them revoked again in the meantime.
func (s *session) patience() int {
	if s.worked.Load() {
		return 3
	}
	return 1
}

// token gives the token to call with, which is empty if the client has no login.
func (c *Client) token(ctx context.Context) (grant, error) {
	if c.session == nil {
		return grant{}, nil
	}
	return c.session.renew(ctx, 0)
}

// renew gives a token later than the one refused. All who ask while a login is under way share its outcome.
func (s *session) renew(ctx context.Context, refused int) (grant, error) {
	for {
		s.mu.Lock()
		if s.current.number > refused && s.fresh(time.Now()) {
			defer s.mu.Unlock()
			return s.current, nil
		}
		if s.failed != nil && time.Now().Before(s.until) {
			defer s.mu.Unlock()
			return grant{}, s.failed.err
		}
		run := s.running
		if run == nil {
			return s.run(ctx)
		}
		s.mu.Unlock()
		select {
		case <-ctx.Done():
			return grant{}, ctx.Err()
		case <-run.done:
		}
		if errors.Is(run.err, context.Canceled) && ctx.Err() == nil {
			continue // the one who logged in for us was called away
		}
		return run.grant, run.err
	}
}

// run logs in. It is called with the mutex held, and releases it.
func (s *session) run(ctx context.Context) (grant, error) {
	run := &login{done: make(chan struct{})}
	s.running = run
	number := s.current.number + 1
	s.mu.Unlock()

	token, err := s.login(ctx)
	run.grant, run.err = grant{Token: token, number: number, got: time.Now()}, err

	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.failed = nil, nil
	switch {
	case err == nil:
		s.current = run.grant
	case ctx.Err() == nil:
		s.failed, s.until = run, time.Now().Add(failureKept)
	}
	close(run.done)
	return run.grant, err
}

// fresh tells whether the current token will live long enough for a call: a tenth of its life, at most half a minute.
func (s *session) fresh(now time.Time) bool {
	expires := s.current.Expires
	if expires.IsZero() {
		if s.ttl == 0 {
			return true
		}
		expires = s.current.got.Add(s.ttl)
	}
	margin := min(30*time.Second, expires.Sub(s.current.got)/10)
	return now.Before(expires.Add(-margin))
}

// Connect logs in, unless a token is at hand.
func (c *Client) Connect(ctx context.Context) error {
	_, err := c.token(ctx)
	return err
}
