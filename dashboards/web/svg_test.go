package web

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// A value below 0, as a promoter score may be, is drawn in the frame, on a scale that has a line for 0.
func TestValuesBelowZeroStayInTheChart(t *testing.T) {
	f := func(v float64) *float64 { return &v }
	day := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	for _, values := range [][]*float64{{f(-34), f(12)}, {f(-34), f(-20)}, {f(-0.4), nil}, {f(0), f(0)}, {f(12), f(40)}} {
		c := chart{Unit: "points", Days: []time.Time{day.AddDate(0, 0, -1), day}, Series: []series{{Name: "NPS", Values: values}}}
		root, err := html.Parse(strings.NewReader(string(c.Wide())))
		if err != nil {
			t.Fatal(err)
		}
		dots, zero, heights := classed(root, "dot s0"), 0.0, map[float64]bool{}
		for _, tick := range classed(root, "tick") {
			if text(tick) == "0" || text(tick) == "0.0" {
				zero = numberOf(t, attr(tick, "y")) - 4
			}
		}
		for _, line := range classed(root, "grid") {
			heights[numberOf(t, attr(line, "y1"))] = true
		}
		if len(heights) < 2 || len(heights) > 8 || zero == 0 {
			t.Errorf("%d lines, 0 at %g", len(heights), zero)
		}
		n := 0
		for _, v := range values {
			if v == nil {
				continue
			}
			y := numberOf(t, attr(dots[n], "cy"))
			n++
			if y < wide.top-0.1 || y > wide.height-wide.bottom+0.1 || math.Abs(*v) > 1 && (*v > 0) != (y < zero) {
				t.Errorf("%g is drawn at %g, 0 at %g", *v, y, zero)
			}
		}
	}
}

// A chart that answers has the axis of the drawing: the same lines, with the same words.
func TestTicksAreThoseOfTheDrawing(t *testing.T) {
	f := func(v float64) *float64 { return &v }
	day := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	for unit, top := range map[string]float64{"percent": 57, "ms": 1_990_000, "points": 70, "": 21_000} {
		c := chart{Unit: unit, Days: []time.Time{day.AddDate(0, 0, -1), day}, Series: []series{{Name: "one", Values: []*float64{f(1), f(top)}}}}
		root, err := html.Parse(strings.NewReader(string(c.Wide())))
		if err != nil {
			t.Fatal(err)
		}
		var drawn, told []string
		for _, tick := range classed(root, "tick") {
			if attr(tick, "x") == "41" {
				drawn = append(drawn, text(tick))
			}
		}
		ticks, err := c.Ticks()
		if err != nil {
			t.Fatal(err)
		}
		var all [][2]any
		if err := json.Unmarshal([]byte(ticks), &all); err != nil {
			t.Fatal(err)
		}
		for _, tick := range all {
			told = append(told, strings.ReplaceAll(tick[1].(string), nbsp, " "))
		}
		if diff := cmp.Diff(drawn, told); diff != "" || len(drawn) < 3 || !strings.HasPrefix(drawn[0], "0") {
			t.Errorf("%q: drawn are %q, told %q", unit, drawn, told)
		}
	}
}

// An axis of durations has no parts that are 0.
func TestAxisOfDurations(t *testing.T) {
	for ms, want := range map[float64]string{0: "0", 5e3: "5s", 3e4: "30s", 6e5: "10m", 9e4: "1m30s", 72e5: "2h", 54e5: "1h30m"} {
		if got := axis("ms", ms, 3e4); got != want {
			t.Errorf("%g ms is written %q, want %q", ms, got, want)
		}
	}
}

// The unit is chosen after rounding.
func TestDurationsAreRoundedOnce(t *testing.T) {
	for ms, want := range map[float64]string{
		0.4: "0 ms", 999.4: "999 ms", 999.6: "1.0 s", 9_949: "9.9 s", 9_960: "10 s", 59_600: "1 m 00 s", 59_400: "59 s", 3_599_700: "1 h 00 m", -59_600: minus + "1 m 00 s",
	} {
		if got := strings.ReplaceAll(lasting(ms), nbsp, " "); got != want {
			t.Errorf("%g ms is written %q, want %q", ms, got, want)
		}
	}
}

func numberOf(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
