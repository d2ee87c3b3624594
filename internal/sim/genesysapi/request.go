package genesysapi

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	maxBody  = 1 << 20
	dateForm = "2006-01-02T15:04:05.000Z"
	aDay     = 24 * time.Hour
)

// decode reads a request's body, every member of which must be known.
func decode(w http.ResponseWriter, r *http.Request, into any) error {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return &failure{status: http.StatusUnsupportedMediaType, code: "unsupported.media.type", message: "Unsupported or incorrect media type; application/json is expected"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return &failure{status: http.StatusRequestEntityTooLarge, code: "request.entity.too.large", message: "The request is over the size limit"}
	}
	if err != nil {
		return refuse("client.failed.request", "The request could not be read to its end")
	}
	if err := json.Unmarshal(body, into, json.RejectUnknownMembers(true)); err != nil {
		if semantic := (*json.SemanticError)(nil); errors.As(err, &semantic) {
			return refuse("invalid.property", "The request could not be understood at %s", semantic.JSONPointer)
		}
		return refuse("bad.request", "The request could not be understood by the server due to malformed syntax")
	}
	return nil
}

// interval is a half-open stretch of time.
type interval struct{ from, to time.Time }

// parseInterval reads "start/end" in ISO 8601.
func parseInterval(s string) (interval, error) {
	if s == "" {
		return interval{}, beyond("interval may not be null")
	}
	begin, end, ok := strings.Cut(s, "/")
	from, err1 := parseDate(begin)
	to, err2 := parseDate(end)
	if !ok || err1 != nil || err2 != nil {
		return interval{}, refuse("invalid.date", "The interval %q is not of the form start/end in ISO-8601", s)
	}
	if !from.Before(to) {
		return interval{}, refuse("bad.request", "The interval %q must end after it begins", s)
	}
	return interval{from, to}, nil
}

// parseDate reads a date with minutes at least; without an offset it is UTC.
func parseDate(s string) (time.Time, error) {
	t, err := time.Time{}, error(nil)
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04"} {
		if t, err = time.Parse(form, s); err == nil {
			return t.UTC(), nil
		}
	}
	return t, err
}

func (i interval) String() string {
	return i.from.UTC().Format(dateForm) + "/" + i.to.UTC().Format(dateForm)
}

// days widens an interval to the UTC days that it touches.
func (i interval) days() interval {
	to := i.to.Truncate(aDay)
	if to.Before(i.to) {
		to = to.Add(aDay)
	}
	return interval{i.from.Truncate(aDay), to}
}

// number reads a query parameter between 1 and limit.
func number(r *http.Request, name string, preset, limit int) (int, error) {
	s := r.URL.Query().Get(name)
	if s == "" {
		return preset, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, refuse("invalid.query.param.value", "The value %q of %s is not a number", s, name)
	}
	if n < 1 || n > limit {
		return 0, beyond("%s must be between 1 and %d", name, limit)
	}
	return n, nil
}
