package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
)

func TestBusinessDays(t *testing.T) {
	for _, test := range []struct {
		zone, day, from, to string
		hours               float64
	}{
		{"UTC", "2026-11-19", "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", 24},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23},
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25},
		{"America/New_York", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", 25},
		{"Asia/Kolkata", "2026-02-28", "2026-02-27T18:30:00Z", "2026-02-28T18:30:00Z", 24},
		{"Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z", 23.5},
		// midnight does not exist on this day: the clock goes from 23:59:59 to 01:00
		{"Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z", 23},
		{"America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z", 23},
		// 24 December 2011 has no neighbour on 30 December: Samoa went without that day
		{"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", 24},
	} {
		loc, err := time.LoadLocation(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		d, err := parseDate("--date", test.day)
		if err != nil {
			t.Fatal(err)
		}
		w := dayWindow(d, loc)
		got := []any{w.From.Format(time.RFC3339), w.To.Format(time.RFC3339), w.To.Sub(w.From).Hours()}
		if diff := cmp.Diff([]any{test.from, test.to, test.hours}, got); diff != "" {
			t.Errorf("%s %s: %s", test.zone, test.day, diff)
		}
	}
}

// TestDaysTile: the windows of a year follow one another without gap or overlap, whatever the zone does to its clocks.
func TestDaysTile(t *testing.T) {
	for _, zone := range []string{"Europe/Berlin", "America/Santiago", "Africa/Cairo", "Africa/Casablanca", "Australia/Lord_Howe"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		windows, err := period{from: "2025-01-01", to: "2026-01-01"}.windows(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), loc)
		if err != nil || len(windows) != 366 {
			t.Fatalf("%s: %d windows, %v", zone, len(windows), err)
		}
		for i, w := range windows[1:] {
			if !w.From.Equal(windows[i].To) || !w.From.Before(w.To) {
				t.Errorf("%s: %v follows %v", zone, w, windows[i])
			}
		}
	}
}

func TestTodayBeginsWithItsFirstMinute(t *testing.T) {
	midnight := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for after, want := range map[time.Duration]int{30 * time.Second: 0, time.Minute: 1} {
		windows, err := period{intraday: true}.windows(midnight.Add(after), time.UTC)
		if err != nil || len(windows) != want {
			t.Errorf("%v after midnight: %v, %v", after, windows, err)
		}
	}
}

func TestPeriods(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC) // 00:30 on the 21st in Berlin
	for _, test := range []struct {
		name  string
		p     period
		want  string
		fault string
	}{
		{"the last complete day", period{}, "2026-11-20", ""},
		{"one day", period{date: "2026-11-19"}, "2026-11-19", ""},
		{"a range, both ends included", period{from: "2026-11-17", to: "2026-11-19"}, "2026-11-17 2026-11-18 2026-11-19", ""},
		{"as of a scheduler's time", period{asOf: "2026-11-19T02:30:00+01:00"}, "2026-11-18", ""},
		{"as of a time in UTC that is the next day here", period{asOf: "2026-11-18T23:30:00Z"}, "2026-11-18", ""},
		{"as of a day", period{asOf: "2026-11-19"}, "2026-11-18", ""},
		{"today so far", period{intraday: true}, "2026-11-21", ""},
		{"not over yet", period{date: "2026-11-21"}, "", "2026-11-21 has not ended yet in Europe/Berlin"},
		{"no such day", period{date: "2026-02-30"}, "", `"2026-02-30" is not a day`},
		{"half a range", period{from: "2026-11-17"}, "", "belong together"},
		{"backwards", period{from: "2026-11-19", to: "2026-11-17"}, "", "is after"},
		{"a century", period{from: "1926-11-19", to: "2026-11-17"}, "", "more than"},
		{"contradiction", period{date: "2026-11-19", asOf: "2026-11-19"}, "", "only one of"},
		{"bad moment", period{asOf: "yesterday"}, "", "neither a time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			windows, err := test.p.windows(now, berlin)
			if test.fault != "" {
				if err == nil || !strings.Contains(err.Error(), test.fault) || exitCode(err) != exitMisuse {
					t.Fatalf("error %v, want %q", err, test.fault)
				}
				return
			}
			if got := days(windows, berlin); err != nil || got != test.want {
				t.Errorf("%s, %v; want %s", got, err, test.want)
			}
		})
	}
}

func days(windows []pipeline.Window, loc *time.Location) string {
	var out []string
	for _, w := range windows {
		out = append(out, dateOf(w.From.In(loc)).String())
	}
	return strings.Join(out, " ")
}
