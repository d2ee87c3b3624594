package pipeline

import (
	"testing"
	"time"
)

func TestNewestDay(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, berlin).UTC()
	}
	for _, c := range []struct {
		name string
		w    Window
		want string
	}{
		{"one day", Window{From: at(11, 19, 0), To: at(11, 20, 0)}, "2026-11-19"},
		{"a range", Window{From: at(11, 1, 0), To: at(11, 20, 0)}, "2026-11-19"},
		{"a day of 25 hours", Window{From: at(10, 25, 0), To: at(10, 26, 0)}, "2026-10-25"},
		{"today so far", Window{From: at(11, 20, 0), To: at(11, 20, 9)}, ""},
		{"no window", Window{}, ""},
	} {
		if got := newestDay(c.w, berlin); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
