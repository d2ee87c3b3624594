package browsertest

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mostStops is how often one may have to press Tab to come to anything on a page.
const mostStops = 60

// keyboard explores with keys alone: takes another figure, then a group of it, and sees both in the address.
func keyboard(browser context.Context, t *testing.T, c *centre) {
	ctx, w := tab(browser, t, desk)
	focused := chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error { // several tabs, and each has its reader
		_, err := cdp.Call(ctx, tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
	do(ctx, t, focused, chromedp.Navigate(c.address(t, everything, "explore")))

	do(ctx, t, chromedp.KeyEvent(kb.Tab))
	if got := ask[string](ctx, t, "document.activeElement.className"); got != "skip" {
		t.Errorf("the first stop is %q, and not the link that skips the menu", got)
	}
	do(ctx, t, chromedp.KeyEvent(kb.Enter))
	if got := ask[string](ctx, t, "document.activeElement.id"); got != "main" {
		t.Errorf("the link that skips the menu leads to %q", got)
	}

	goTo(ctx, t, `select[name="figure"]`)
	before := ask[string](ctx, t, "document.activeElement.value")
	do(ctx, t, chromedp.KeyEvent(kb.ArrowDown))
	chosen := ask[string](ctx, t, "document.activeElement.value")
	title, _, _ := strings.Cut(ask[string](ctx, t, "document.activeElement.selectedOptions[0].text"), " · ") // the view stands behind it
	if chosen == before {
		t.Fatalf("the down key leaves the figure at %q", chosen)
	}
	goTo(ctx, t, "form.controls button")
	if got := press(ctx, t).Get("figure"); got != chosen {
		t.Errorf("the address has the figure %q, not %q", got, chosen)
	}
	if got := ask[string](ctx, t, `document.getElementById("figure").innerText`); got != title {
		t.Errorf("%q is shown, not %q", got, title)
	}

	goTo(ctx, t, `.board tbody th a`)
	dimension := ask[string](ctx, t, `document.activeElement.closest("table").dataset.dimension`)
	value := ask[string](ctx, t, `document.activeElement.closest("tr").dataset.key`)
	if got := press(ctx, t); !got.Has(dimension) || got.Get(dimension) != value || got.Get("figure") != chosen {
		t.Errorf("the address has %v, where %s=%q and figure=%q belong", got, dimension, value, chosen)
	}
	if !ask[bool](ctx, t, `document.querySelector(".chosen .chip") !== null && document.querySelector(".board tr.here") !== null`) {
		t.Error("the page does not say by what it is filtered")
	}
	for _, wrong := range w.wrong(c.base) {
		t.Error(wrong)
	}
}

// goTo presses Tab until an element has the focus. Each stop on the way must be seen to have it.
func goTo(ctx context.Context, t *testing.T, selector string) {
	t.Helper()
	for range mostStops {
		do(ctx, t, chromedp.KeyEvent(kb.Tab))
		at := ask[struct {
			There, Seen bool
			HTML        string
		}](ctx, t, `(() => { const e = document.activeElement, ring = s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
  return {There: e.matches(`+"`"+selector+"`"+`), Seen: ring(getComputedStyle(e)) || ring(getComputedStyle(e, "::after")), HTML: e.outerHTML.slice(0, 150)}; })()`)
		if !at.Seen {
			t.Errorf("nobody sees that this has the focus: %s", at.HTML)
		}
		if at.There {
			return
		}
	}
	t.Fatalf("%s is not reached by pressing Tab %d times", selector, mostStops)
}

// press presses Enter, which must lead to another address, and gives that one's query.
func press(ctx context.Context, t *testing.T) url.Values {
	t.Helper()
	from := ask[string](ctx, t, "location.href")
	do(ctx, t, chromedp.KeyEvent(kb.Enter))
	var at string
	for end := time.Now().Add(patience / 3); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		at, _ = chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState === "complete" ? location.href : ""`)) // it fails while pages change
		if at != "" && at != from {
			break
		}
	}
	u, err := url.Parse(at)
	if err != nil || at == from || at == "" {
		t.Fatalf("Enter leads from %s to %q", from, at)
	}
	if u.Path != "/explore" {
		t.Fatalf("Enter leads to %s", at)
	}
	return u.Query()
}
