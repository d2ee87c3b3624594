package web

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

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

func numberOf(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
