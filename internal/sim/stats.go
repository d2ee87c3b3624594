package sim

import (
	"maps"
	"net/http"
	"strings"
	"sync"
)

// Stats counts what was asked of a centre.
type Stats struct {
	Calls     int64 // answered, or broken off
	Logins    int64 // tokens issued
	Throttled int64 // calls answered with 429
	Routes    map[Route]int64
}

// Route is a kind of call and how it ended.
type Route struct {
	Pattern string // "GET /api/v2/conversations/{id}"
	Status  int
}

// Served counts the calls whose path begins with a prefix, however they ended: "/api/v2/" is what a rate limit counts.
func (s Stats) Served(prefix string) int64 {
	var n int64
	for route, calls := range s.Routes {
		if _, path, _ := strings.Cut(route.Pattern, " "); strings.HasPrefix(path, prefix) {
			n += calls
		}
	}
	return n
}

type counter struct {
	mu    sync.Mutex
	stats Stats
}

func newCounter() *counter { return &counter{stats: Stats{Routes: map[Route]int64{}}} }

func (c *counter) snapshot() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.Routes = maps.Clone(s.Routes)
	return s
}

// count serves through next and counts, also if next breaks the connection.
func (c *counter) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &statusWriter{ResponseWriter: w}
		defer func() { c.add(r, seen.status) }()
		next.ServeHTTP(seen, r)
	})
}

func (c *counter) add(r *http.Request, status int) {
	pattern := r.Pattern // the router's, from the deepest one that looked at the call
	if !strings.Contains(pattern, " ") {
		pattern = r.Method + " " + r.URL.Path
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stats.Calls++
	c.stats.Routes[Route{pattern, status}]++
	switch {
	case status == http.StatusTooManyRequests:
		c.stats.Throttled++
	case status == http.StatusOK && strings.HasSuffix(pattern, "/token"):
		c.stats.Logins++
	}
}

// statusWriter remembers how an answer began.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader begins the answer.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the body.
func (w *statusWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets a response controller reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
