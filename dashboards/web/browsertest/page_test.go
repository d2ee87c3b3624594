package browsertest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// heaviest is how many bytes the first view of a page may take, compressed, with all that it loads.
const heaviest = 300_000

// visit is a page as somebody comes to it.
type visit struct {
	name, role, page string
	in               []look // that it is looked at in
	refused          bool   // it is an answer to what may not be asked
}

// TestPage looks at every page. There is one centre, and one browser, for all of it.
func TestPage(t *testing.T) {
	perDay := 60
	if *screenshots {
		perDay = 400 // as in the demo that people see
	}
	c, browser := open(t, perDay), browse(t)
	report := c.report(t)
	pages := c.pages(browser, t)
	t.Run("parts", func(t *testing.T) {
		for name, test := range map[string]func(t *testing.T){
			"numbers":            func(t *testing.T) { numbers(browser, t, c) },
			"without scripts":    func(t *testing.T) { withoutScripts(browser, t, c, pages) },
			"keyboard":           func(t *testing.T) { keyboard(browser, t, c) },
			"charts":             func(t *testing.T) { charts(browser, t, c.base, c.address(t, everything, "")) },
			"charts of a report": func(t *testing.T) { charts(browser, t, report, report+"index.html") },
			"reduced motion":     func(t *testing.T) { reducedMotion(browser, t, c) },
			"report":             func(t *testing.T) { files(browser, t, c, report) },
			"closed gate":        func(t *testing.T) { closedGate(browser, t, c.closed(t)) },
			"roles":              func(t *testing.T) { roles(browser, t, c) },
			"without a token":    func(t *testing.T) { stranger(browser, t, c) },
			"harness sees":       func(t *testing.T) { seesFaults(browser, t) },
			"screenshots":        func(t *testing.T) { shoot(browser, t, c) },
			"every page, looks":  func(t *testing.T) { everyPage(browser, t, c, pages) },
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t)
			})
		}
	})
}

// pages gives the pages of the menu.
func (c *centre) pages(browser context.Context, t *testing.T) []string {
	t.Helper()
	ctx, _ := tab(browser, t, desk)
	do(ctx, t, chromedp.Navigate(c.address(t, everything, "")))
	pages := ask[[]string](ctx, t, `[...document.querySelectorAll("header nav a")].map(a => a.href)`)
	for i, page := range pages {
		pages[i] = strings.TrimPrefix(page, c.base)
	}
	if len(pages) < 5 {
		t.Fatalf("the menu leads to %q, and there are five pages", pages)
	}
	return pages
}

// everyPage looks at each page, in some of its states, in light and dark, wide and narrow.
func everyPage(browser context.Context, t *testing.T, c *centre, pages []string) {
	both := []look{desk, phone} // which differ in everything
	visits := []visit{
		{name: "a filter", role: everything, page: "explore?customer_tier=Enterprise&customer_tier=&days=7", in: both},
		{name: "a figure of agents", role: everything, page: "explore?figure=agent_performance_daily.average_handle_time_ms", in: both},
		{name: "an address that is not understood", role: everything, page: "explore?bogus=1&days=x&figure=agent_performance_daily.no_such_figure_of_this_name", in: both},
		{name: "a long period", role: everything, page: "?days=91", in: both},
		{name: "an answer", role: everything, page: "data?sql=select+*+from+escalation_by_tier", in: both[1:]},
		{name: "a query that writes", role: everything, page: "data?sql=drop+table+unified_interactions", in: both[:1], refused: true},
	}
	for _, page := range pages {
		name := page
		if name == "" {
			name = "overview"
		}
		visits = append(visits, visit{name: name, role: everything, page: page, in: looks},
			visit{name: name + " of a supervisor", role: "supervisor", page: page, in: both[1:]})
	}
	for _, v := range visits {
		for _, as := range v.in {
			t.Run(fmt.Sprintf("%s, %s, %d", v.name, as.scheme, as.width), func(t *testing.T) {
				t.Parallel()
				ctx, w := tab(browser, t, as)
				do(ctx, t, chromedp.Navigate(c.address(t, v.role, v.page)))
				if got := w.weight(); got == 0 || got > heaviest {
					t.Errorf("the first view takes %d bytes, of at most %d", got, heaviest)
				}
				accessible(ctx, t, as)
				for _, wrong := range w.wrong(c.base) {
					if !v.refused || !strings.Contains(wrong, "400") {
						t.Error(wrong)
					}
				}
			})
		}
	}
}

// accessible looks at the page of a tab: whether its readers can all read it, and whether it fits the window, with its details open too.
func accessible(ctx context.Context, t *testing.T, as look) {
	t.Helper()
	if title := ask[string](ctx, t, "document.title"); title == "" {
		t.Fatalf("no page: %s", ask[string](ctx, t, "document.body.innerText"))
	}
	fits(ctx, t, as)
	do(ctx, t, chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll("details")].slice(0, 3).forEach(d => d.open = true)`))
	fits(ctx, t, as)
	for _, violation := range violations(ctx, t) {
		t.Error(violation)
	}
}

// fits wants the page to be no wider than the window.
func fits(ctx context.Context, t *testing.T, as look) {
	t.Helper()
	if got := ask[int64](ctx, t, "document.documentElement.scrollWidth"); got > as.width {
		t.Errorf("the page is %d pixels wide in a window of %d; it goes beyond: %s", got, as.width, ask[string](ctx, t, fmt.Sprintf(
			`[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > %d && !e.parentElement.closest(".scroll, svg, pre")).map(e => e.outerHTML.slice(0, 120)).slice(0, 5).join("\n")`,
			as.width)))
	}
}
