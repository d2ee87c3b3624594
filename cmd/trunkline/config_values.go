package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Duration is a span as people write it: 90s, 15m, 36h, 7d.
type Duration time.Duration

// UnmarshalText reads a span; d is 24 hours.
func (d *Duration) UnmarshalText(b []byte) error {
	text := string(b)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return fmt.Errorf("%q is not a duration such as 7d, 36h or 15m", text)
		}
		*d = Duration(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	v, err := time.ParseDuration(text)
	if err != nil || v < 0 {
		return fmt.Errorf("%q is not a duration such as 7d, 36h or 15m", text)
	}
	*d = Duration(v)
	return nil
}

// MarshalText writes whole days as days.
func (d Duration) MarshalText() ([]byte, error) {
	const day = 24 * time.Hour
	if v := time.Duration(d); v > 0 && v%day == 0 {
		return fmt.Appendf(nil, "%dd", v/day), nil
	}
	return []byte(time.Duration(d).String()), nil
}

// Date is a calendar day, YYYY-MM-DD.
type Date struct{ year, month, day int }

// UnmarshalText reads a day.
func (d *Date) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("%q is not a day such as 2026-11-19", b)
	}
	*d = dateOf(t)
	return nil
}

// MarshalText writes a day.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// String writes a day.
func (d Date) String() string {
	if d == (Date{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// dateOf gives the day of a time in the time's own location.
func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, int(m), d}
}

// Start gives the moment at which the day begins in a location. Where the clock skips midnight, that is the first moment
// that exists.
func (d Date) Start(loc *time.Location) time.Time {
	t := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, loc)
	if dateOf(t) != d {
		// Midnight is in a gap and time.Date gave a moment before it: the gap's end is at most some hours away.
		_, end := t.ZoneBounds()
		return end
	}
	return t
}

// Add gives the day n days later.
func (d Date) Add(n int) Date {
	return dateOf(time.Date(d.year, time.Month(d.month), d.day+n, 12, 0, 0, 0, time.UTC))
}

// After tells whether d is later than o.
func (d Date) After(o Date) bool { return d.String() > o.String() }

// dirOf gives the folder that relative paths of a file are relative to.
func dirOf(file string) string { return filepath.Dir(file) }

// abs makes a path of the configuration absolute, or relative to where the command runs.
func (c *Config) abs(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dirOf(c.file), path)
}
