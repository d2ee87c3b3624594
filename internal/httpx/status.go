package httpx

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Verdict is what to do about an answer outside 2xx.
type Verdict int

// The verdicts.
const (
	Fatal   Verdict = iota // the same call would be answered the same way
	Retry                  // wait, call again
	Relogin                // the token is refused: get another, once, and call again
)

// bodyKept is how much of the body of an error is kept.
const bodyKept = 4 << 10

// StatusError is an answer outside 2xx, or HTML where JSON was asked for.
type StatusError struct {
	Method, Path  string
	Code          int
	Header        http.Header
	Body          []byte // the first 4 KiB
	CorrelationID string
}

// Error names the call and the status. It shows nothing of query, headers and body, which may hold secrets.
func (e *StatusError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d", e.Method, e.Path, e.Code)
	if text := http.StatusText(e.Code); text != "" {
		b.WriteString(" " + text)
	}
	if e.Code < 300 {
		b.WriteString(", but HTML in place of JSON")
	}
	if e.CorrelationID != "" {
		b.WriteString(" (correlation id " + e.CorrelationID + ")")
	}
	return b.String()
}

// RetryAfter gives how long the header of that name asks to wait, in seconds or until a date.
func (e *StatusError) RetryAfter(now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(e.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds >= 0 && seconds < 1e6 {
		return time.Duration(seconds * float64(time.Second)), true
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(date.Sub(now), 0), true
	}
	return 0, false
}

// DefaultVerdict retries what passes by itself: 408, 429 and all of 5xx but 501 and 505.
func DefaultVerdict(e *StatusError) Verdict {
	switch e.Code {
	case http.StatusUnauthorized:
		return Relogin
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return Retry
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported:
		return Fatal
	}
	if e.Code >= 500 {
		return Retry
	}
	return Fatal
}

// newStatusError keeps what an answer says. The body is read unless it is given.
func newStatusError(r *Request, res *http.Response, correlation string, body []byte) *StatusError {
	if body == nil {
		body, _ = io.ReadAll(io.LimitReader(res.Body, bodyKept)) // a broken body of an error is still an error
		_, _ = io.CopyN(io.Discard, res.Body, 64<<10)            // lets the connection be used again
	}
	return &StatusError{
		Method: r.method(), Path: r.path(), Code: res.StatusCode, Header: res.Header,
		Body: body[:min(len(body), bodyKept)], CorrelationID: res.Header.Get(correlation),
	}
}
