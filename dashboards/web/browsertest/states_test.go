package browsertest

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// shown gives the figures of a page: as SQL gives them, and as people read them.
const shown = `[...document.querySelectorAll("main data")].map(d => d.value + " " + d.textContent)`

// withoutScripts finds on each page without scripts what is there with them.
func withoutScripts(browser context.Context, t *testing.T, c *centre, pages []string) {
	with, _ := tab(browser, t, desk)
	without, _ := tab(browser, t, desk)
	do(without, t, scriptless())
	for _, page := range pages {
		do(with, t, chromedp.Navigate(c.address(t, everything, page)))
		do(without, t, chromedp.Navigate(c.address(t, everything, page)))
		want, got := ask[[]string](with, t, shown), ask[[]string](without, t, shown)
		if page != "data" && len(want) < 10 {
			t.Errorf("%s shows only %d figures", page, len(want))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s without scripts (-with, +without):\n%s", page, diff)
		}
		if !ask[bool](without, t, `document.querySelector("main h1").getBoundingClientRect().height > 0`) {
			t.Errorf("%s without scripts has no heading to see", page)
		}
	}
	do(without, t, chromedp.Navigate(c.base+"data?sql=select+40%2B2+as+answer"))
	if got := ask[string](without, t, `document.querySelector("table[data-answer] td").innerText`); got != "42" {
		t.Errorf("40+2 is answered by %q without scripts", got)
	}
}

// reducedMotion wants nothing to move for those who ask for that, and something for the others, lest nothing were looked at.
func reducedMotion(browser context.Context, t *testing.T, c *centre) {
	const moving = `[...document.querySelectorAll("body *")].filter(e => { const s = getComputedStyle(e);
  return [...s.transitionDuration.split(","), ...s.animationDuration.split(",")].some(d => parseFloat(d) > 0) || s.scrollBehavior === "smooth" }).length + document.getAnimations().length`
	ctx, _ := tab(browser, t, look{"light", 1200, "reduce"})
	do(ctx, t, chromedp.Navigate(c.address(t, everything, "")))
	if got := ask[int](ctx, t, moving); got != 0 {
		t.Errorf("%d elements move for a reader who wants less motion", got)
	}
	do(ctx, t, media(desk))
	if got := ask[int](ctx, t, moving); got == 0 {
		t.Error("nothing moves for anybody: the count is wrong")
	}
}

// files opens the report as the files that it is, and finds on it what the page shows.
func files(browser context.Context, t *testing.T, c *centre, report string) {
	page, _ := tab(browser, t, desk)
	ctx, w := tab(browser, t, desk)
	do(ctx, t, chromedp.Navigate(report+"index.html"))
	links := ask[[]string](ctx, t, `[...document.querySelectorAll("header nav a")].map(a => a.href)`)
	if len(links) < 5 {
		t.Fatalf("the menu of the report leads to %q", links)
	}
	for _, link := range links {
		do(ctx, t, chromedp.Navigate(link))
		name, _ := strings.CutSuffix(strings.TrimPrefix(link, report), ".html")
		if name == "index" {
			name = ""
		}
		do(page, t, chromedp.Navigate(c.address(t, everything, name)))
		if diff := cmp.Diff(ask[[]string](page, t, shown), ask[[]string](ctx, t, shown)); diff != "" {
			t.Errorf("%s (-page, +report):\n%s", link, diff)
		}
		accessible(ctx, t, desk)
		for _, dead := range ask[[]string](ctx, t, `[...document.querySelectorAll("a[href]")].map(a => a.href)`) {
			if file, _, _ := strings.Cut(dead, "#"); !strings.HasPrefix(file, report) || !strings.HasSuffix(file, ".html") {
				t.Errorf("%s links to %s, which is no page of the report", link, dead)
			}
		}
	}
	for _, wrong := range w.wrong(report) {
		t.Error(wrong)
	}
}

// closedGate looks at the pages while contacts without a customer keep the gate closed: each says so, and the figures that need the CRM too.
func closedGate(browser context.Context, t *testing.T, report string) {
	for _, as := range []look{desk, phone} {
		ctx, w := tab(browser, t, as)
		for _, page := range []string{"index", "explore", "quality"} {
			do(ctx, t, chromedp.Navigate(report+page+".html"))
			if page != "explore" && !ask[bool](ctx, t, `document.querySelector("aside.banner.closed strong") !== null`) {
				t.Errorf("%s does not say that the gate is closed", page)
			}
			if page == "index" && ask[int](ctx, t, `document.querySelectorAll("main .stamp").length`) == 0 {
				t.Error("no figure says that it is of identified customers only, or old")
			}
			accessible(ctx, t, as)
		}
		for _, wrong := range w.wrong(report) {
			t.Error(wrong)
		}
	}
}

// stranger shows nothing to who has no token.
func stranger(browser context.Context, t *testing.T, c *centre) {
	ctx, _ := tab(browser, t, desk)
	r, err := chromedp.RunResponse(ctx, chromedp.Navigate(c.base+"explore"))
	if err != nil {
		t.Fatal(err)
	}
	if text := ask[string](ctx, t, "document.body.innerText"); r.Status != http.StatusUnauthorized || !strings.Contains(text, "token is needed") {
		t.Errorf("without a token: %d %s", r.Status, text)
	}
}
