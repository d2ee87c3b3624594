package salesforceapi

import (
	"bytes"
	"net/http"
	"strings"
)

// Fault makes calls go wrong.
type Fault struct {
	Path  string // part of the path of the calls that it strikes; empty is every one
	At    int    // the first of them that it strikes, from 1
	Times int    // how many from there on; 0 is one, negative is all
	Kind  FaultKind
}

// FaultKind is what goes wrong.
type FaultKind int

// What can go wrong.
const (
	HTML503          FaultKind = iota // 503 with a page of HTML
	Object503                         // 503 with an object where errors are arrays
	Empty406                          // 406 without a body
	Throttled429                      // 429 with Retry-After
	QueryTimeout                      // 400 QUERY_TIMEOUT
	DailyLimit                        // 403: the day's calls are spent
	ConcurrencyLimit                  // 403: too many long calls at once
	SessionExpired                    // 401: the session has ended
	LocatorExpired                    // 400: the further pages of a query are gone
	NotPermitted                      // 403: the user lacks a permission
	CutBody                           // the right answer, but the connection breaks in the middle
	LostRows                          // the right answer, but the last third of its lines is missing
	JobFailed                         // a Bulk job has failed
	LoginPage                         // 200 with a page of HTML
)

// faultAnswers are the answers of the faults that replace the right one.
var faultAnswers = map[FaultKind]answer{
	HTML503:          {status: 503, kind: "text/html; charset=UTF-8", body: []byte("<html><head><title>Server unavailable</title></head><body>Down for maintenance</body></html>")},
	Object503:        {status: 503, body: []byte(`{"errorCode":"SERVER_UNAVAILABLE","message":"We are down for maintenance"}`)},
	Empty406:         {status: 406},
	Throttled429:     {status: 429, header: map[string]string{"Retry-After": "0"}, body: []byte(`[{"message":"Too many requests","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`)},
	QueryTimeout:     refuse(400, "QUERY_TIMEOUT", "Your query request was running for too long."),
	DailyLimit:       refuse(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
	ConcurrencyLimit: refuse(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
	SessionExpired:   refuse(401, "INVALID_SESSION_ID", "Session expired or invalid"),
	LocatorExpired:   refuse(400, "INVALID_QUERY_LOCATOR", "invalid query locator"),
	NotPermitted:     refuse(403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner"),
	JobFailed:        {status: http.StatusOK, body: []byte(`{"state":"Failed","errorMessage":"Internal Server Error"}`)},
	LoginPage:        {status: http.StatusOK, kind: "text/html; charset=UTF-8", body: []byte("<!DOCTYPE html><html><body>Log in</body></html>")},
}

// damages tells whether a fault spoils the right answer instead of replacing it.
func (k FaultKind) damages() bool { return k == CutBody || k == LostRows }

func (k FaultKind) answer() answer { return faultAnswers[k] }

func (k FaultKind) damage(a *answer) {
	switch k {
	case CutBody:
		a.cut = true
	case LostRows:
		lines := bytes.SplitAfter(a.body, []byte("\n"))
		a.body = bytes.Join(lines[:len(lines)-len(lines)/3], nil)
	}
}

// strike gives the fault that this call meets.
func (s *Server) strike(r *http.Request) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var met Fault
	struck := false
	for i, f := range s.options.Faults {
		if !strings.Contains(r.URL.Path, f.Path) {
			continue
		}
		s.matched[i]++
		late := s.matched[i] - max(f.At, 1)
		if !struck && late >= 0 && (f.Times < 0 || late < max(f.Times, 1)) {
			met, struck = f, true
			s.stats.Faults++
		}
	}
	return met, struck
}
