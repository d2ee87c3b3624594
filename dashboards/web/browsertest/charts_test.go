package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// charts turns to a chart, which then answers with what its table says, and loads nothing before.
func charts(browser context.Context, t *testing.T, base, address string) {
	ctx, w := tab(browser, t, desk)
	do(ctx, t, chromedp.Navigate(address))
	if w.asked("/chart.") {
		t.Error("the library of charts is loaded before anybody turns to one")
	}
	type point struct{ X, Y float64 }
	middle := func(selector string) point {
		return ask[point](ctx, t, `(() => { const e = [...document.querySelectorAll("`+selector+`")].find(e => e.getBoundingClientRect().height > 0);
  e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return {X: r.x + r.width / 2, Y: r.y + r.height / 2}; })()`)
	}
	at := middle("figure.trend svg.chart")
	do(ctx, t, chromedp.MouseEvent(chromedp.MouseMoved, at.X, at.Y))
	until(ctx, t, `document.querySelector("figure.lively .live svg text") !== null`)
	at = middle("figure.lively .live svg")
	do(ctx, t, chromedp.MouseEvent(chromedp.MouseMoved, at.X, at.Y), chromedp.MouseEvent(chromedp.MouseMoved, at.X+3, at.Y+3))
	// What it says of a day: the day's row of the table, whichever lies under the pointer.
	until(ctx, t, `(() => { const said = document.querySelector("figure.lively .live svg").textContent.replace(/\s+/g, " ");
  return [...document.querySelectorAll("figure.lively tbody tr")].some(tr =>
    said.includes(tr.querySelector("th").textContent) && [...tr.querySelectorAll("data")].every(d => said.includes(d.textContent.replace(/\s+/g, " ")))); })()`)
	if label := ask[string](ctx, t, `document.querySelector("figure.lively .live").getAttribute("aria-label") ?? ""`); len(label) < 20 {
		t.Errorf("the chart says to who does not see it: %q", label)
	}
	accessible(ctx, t, desk)
	for _, wrong := range w.wrong(base) {
		t.Error(wrong)
	}
}

// until waits for a condition of the page.
func until(ctx context.Context, t *testing.T, condition string) {
	t.Helper()
	for end := time.Now().Add(patience / 3); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ask[bool](ctx, t, condition) {
			return
		}
	}
	t.Fatalf("it does not come about that %s", strings.Join(strings.Fields(condition), " "))
}
