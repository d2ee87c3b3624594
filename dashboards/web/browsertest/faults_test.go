package browsertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// seesFaults shows a page on which everything is wrong: what is looked for is seen where it is.
func seesFaults(browser context.Context, t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = w.Write([]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`))
	}))
	defer elsewhere.Close()
	const blocked = "http://blocked.invalid/" // which the policy forbids, so that nobody is asked
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "script-src 'unsafe-inline'")
		_, _ = w.Write([]byte(`<!doctype html><title>Bad</title><script src="` + blocked + `"></script>
<script>console.error("said on the console"); setTimeout(() => { throw new Error("thrown") }, 0)</script>
<p style="width: 3000px; color: #ccc; background: #fff">pale</p><img src="` + elsewhere.URL + `/pixel.svg"><img src="missing.png">`))
	}))
	defer bad.Close()
	ctx, w := tab(browser, t, desk)
	do(ctx, t, chromedp.Navigate(bad.URL))
	if width := ask[int64](ctx, t, "document.documentElement.scrollWidth"); width <= desk.width {
		t.Errorf("a page that is too wide is %d pixels wide", width)
	}
	said := strings.Join(violations(ctx, t), "\n") + "\n" + strings.Join(w.wrong(bad.URL), "\n")
	for _, want := range []string{
		"html-has-lang", "image-alt", "color-contrast", "landmark-one-main", "said on the console", "thrown", "Content Security Policy", "csp",
		"404: " + bad.URL, "asked somebody else: " + elsewhere.URL,
	} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q in\n%s", want, said)
		}
	}
}
