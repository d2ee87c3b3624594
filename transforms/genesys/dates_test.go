package genesys

import (
	"regexp"
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-16T12:00:00Z":                "2026-11-16T12:00:00Z",
		"2026-11-16T12:00:00":                 "2026-11-16T12:00:00Z",
		"2026-11-16T12:00:00.00Z":             "2026-11-16T12:00:00Z",
		"2026-11-16T12:00:00.4Z":              "2026-11-16T12:00:00.4Z",
		"2026-11-16T12:00:00.123456789999Z":   "2026-11-16T12:00:00.123Z",
		"2026-11-16T12:00:00.000+0000":        "2026-11-16T12:00:00Z",
		"2026-11-16T12:00:00.5-05:30":         "2026-11-16T17:30:00.5Z",
		"2026-11-16T00:00:00+14:00":           "2026-11-15T10:00:00Z",
		"2021-04-2T15:30:51.418Z":             "2021-04-02T15:30:51.418Z",
		"2021-4-12T15:30:51Z":                 "2021-04-12T15:30:51Z",
		"2024-02-29T23:59:59.999Z":            "2024-02-29T23:59:59.999Z",
		"2000-02-29T00:00:00Z":                "2000-02-29T00:00:00Z",
		"1970-01-01T00:00:00Z":                "1970-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z":                "9999-12-31T23:59:59Z",
		"2026-02-29T00:00:00Z":                "",
		"2100-02-29T00:00:00Z":                "",
		"2026-13-01T00:00:00Z":                "",
		"2026-00-01T00:00:00Z":                "",
		"2026-04-31T00:00:00Z":                "",
		"2026-11-00T00:00:00Z":                "",
		"2026-11-16T24:00:00Z":                "",
		"2026-11-16T12:60:00Z":                "",
		"2026-11-16T12:00:60Z":                "",
		"2026-11-16T12:00Z":                   "",
		"2026-11-16":                          "",
		"2026-11-16 12:00:00Z":                "",
		"2026-11-16T12:00:00.Z":               "",
		"2026-11-16T12:00:00ZZ":               "",
		"2026-11-16T12:00:00+5":               "",
		"2026-11-16T12:00:00+24:00":           "",
		"2026-11-16T12:00:00+05:60":           "",
		"2026-11-16T1:00:00Z":                 "",
		"20261116T120000Z":                    "",
		"0001-01-01T00:00:00Z":                "",
		"-2026-11-16T12:00:00Z":               "",
		"12026-11-16T12:00:00Z":               "",
		"2021-04-2xT15:30:51.418Z":            "",
		"":                                    "",
		"soon":                                "",
		"2026-11-16T12:00:00.123Z 2026-11-16": "",
	} {
		ms, ok := parseDate(text)
		got := ""
		if ok {
			got = time.UnixMilli(ms).UTC().Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("parseDate(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestEveryDayIsTheCalendars walks through eight hundred years.
func TestEveryDayIsTheCalendars(t *testing.T) {
	for at := time.Date(1970, 1, 1, 6, 7, 8, 0, time.UTC); at.Year() < 2770; at = at.AddDate(0, 0, 1) {
		if ms, ok := parseDate(at.Format(time.RFC3339)); !ok || ms != at.UnixMilli() {
			t.Fatalf("%s is %d, %t", at, ms, ok)
		}
	}
}

// rfc3339 is what the standard library should take for a date; it takes more.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)

// FuzzParseDate holds the parser against the standard library's: what that reads of our years, this reads to the same
// millisecond.
func FuzzParseDate(f *testing.F) {
	f.Add("2026-11-16T12:00:00.123Z")
	f.Add("2021-04-2T15:30:51.418+05:30")
	f.Fuzz(func(t *testing.T, text string) {
		ms, ok := parseDate(text)
		if ok && (ms < -86_400_000 || time.UnixMilli(ms).UTC().Year() > lastYear+1) {
			t.Errorf("parseDate(%q) = %d", text, ms)
		}
		want, err := time.Parse(time.RFC3339, text)
		if err != nil || want.Year() < firstYear || want.Year() > lastYear || !rfc3339.MatchString(text) {
			return
		}
		if !ok || ms != want.UnixMilli() {
			t.Errorf("parseDate(%q) = %d, %t; want %d", text, ms, ok, want.UnixMilli())
		}
	})
}
