package genesysapi

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault is something that goes wrong on some calls.
type Fault struct {
	Kind  FaultKind
	Path  string        // part of the path of the calls that it may strike; empty is every call
	Calls []int         // which of those calls, counted from 1
	Share float64       // and, by chance, this share of them
	Delay time.Duration // of a Slow answer
}

// FaultKind is a way in which a call goes wrong.
type FaultKind int

// The ways in which a call goes wrong.
const (
	Unavailable FaultKind = iota // 503 in the service's shape
	TimedOut                     // 504 in the service's shape
	BadGateway                   // 502 with a page of HTML from a machine in between
	Truncated                    // the right answer, but the connection breaks at its beginning
	Throttled                    // 429 with Retry-After, whatever the count of calls
	Revoked                      // 401, and every token issued so far is worth nothing
	Slow                         // the right answer, later
	Forbidden                    // 403: the client's role does not cover it
)

const (
	cutAfter   = 100     // bytes of a truncated body that are sent
	cutPromise = 1 << 20 // bytes that it was announced to have
)

// faults decides which calls are struck. Chance is of the seed and the number of a call alone.
type faults struct {
	seed uint64
	list []Fault

	mu    sync.Mutex
	calls []int // that each fault might have struck
}

func newFaults(seed uint64, list []Fault) *faults {
	return &faults{seed: seed, list: list, calls: make([]int, len(list))}
}

// next counts a call and gives the first fault that strikes it.
func (f *faults) next(path string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	struck := -1
	for i, fault := range f.list {
		if !strings.Contains(path, fault.Path) {
			continue
		}
		f.calls[i]++
		if struck < 0 && f.strikes(i) {
			struck = i
		}
	}
	if struck < 0 {
		return Fault{}, false
	}
	return f.list[struck], true
}

func (f *faults) strikes(i int) bool {
	fault, n := f.list[i], f.calls[i]
	if slices.Contains(fault.Calls, n) {
		return true
	}
	chance := rand.New(rand.NewPCG(f.seed+uint64(i), uint64(n))) //nolint:gosec // chance that must be the same in every run
	return chance.Float64() < fault.Share
}

// serveWith answers a call that a fault has struck.
func (a *API) serveWith(f Fault, w http.ResponseWriter, r *http.Request) {
	switch f.Kind {
	case Unavailable:
		writeFailure(w, &failure{status: http.StatusServiceUnavailable, code: "service.unavailable", message: "Service Unavailable - The server is currently unavailable"})
	case TimedOut:
		writeFailure(w, &failure{status: http.StatusGatewayTimeout, code: "request.timeout", message: "The request timed out."})
	case BadGateway:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"))
	case Throttled:
		writeFailure(w, tooMany(a.requests.Load(), max(1, a.opts.RatePerMinute), 1))
	case Revoked:
		a.tokens.revokeAll()
		writeFailure(w, errBadCredentials())
	case Forbidden:
		writeFailure(w, &failure{status: http.StatusForbidden, code: "missing.permissions", message: "Unable to perform the requested action. You are missing a permission"})
	case Truncated:
		a.serveCut(w, r)
	case Slow:
		wait(r.Context(), f.Delay)
		a.serve(w, r)
	}
}

// serveCut begins the right answer and then breaks the connection.
func (a *API) serveCut(w http.ResponseWriter, r *http.Request) {
	a.serve(&cutWriter{ResponseWriter: w, left: cutAfter}, r)
	_ = http.NewResponseController(w).Flush() // what breaks here was to break anyway
	panic(http.ErrAbortHandler)
}

// cutWriter announces a long body and lets only its beginning through.
type cutWriter struct {
	http.ResponseWriter
	left  int
	begun bool
}

// WriteHeader begins the answer.
func (c *cutWriter) WriteHeader(status int) {
	if c.begun {
		return
	}
	c.begun = true
	if status != http.StatusNoContent {
		c.Header().Set("Content-Length", strconv.Itoa(cutPromise))
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write sends what is left to be sent, and lets the rest seem sent.
func (c *cutWriter) Write(p []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	n := min(len(p), c.left)
	c.left -= n
	if _, err := c.ResponseWriter.Write(p[:n]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// wait passes time, unless the context ends first.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
