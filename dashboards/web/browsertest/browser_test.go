// Package browsertest looks at the page in a real browser, at what only a browser knows: whether everybody can read it, whether it asks
// anybody else, and whether it can do without a script, a mouse, a wide screen or a server. The page is that of the command itself,
// over what its demo publishes.
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// variable names a Chromium that is not on the PATH.
const variable = "TRUNKLINE_TEST_CHROMIUM"

// patience is how long one tab may take in all; a busy machine is slow.
const patience = 3 * time.Minute

// look is how a page is looked at.
type look struct {
	scheme string // light or dark
	width  int64  // of the window, in CSS pixels
	motion string // reduce or no-preference
}

var (
	desk  = look{"light", 1200, "no-preference"}
	phone = look{"dark", 390, "no-preference"}
	looks = []look{desk, {"dark", 1200, "no-preference"}, {"light", 390, "no-preference"}, phone}
)

// chromium finds the browser. Without it nothing here is tested, so that it is no reason to skip.
func chromium(t *testing.T) string {
	t.Helper()
	if path := os.Getenv(variable); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("the page is tested in Chromium, which is not on the PATH: run apt-get install -y --no-install-recommends chromium, or set %s to the program", variable)
	return ""
}

// browse starts a browser, which ends with the test.
func browse(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.WSURLReadTimeout(patience))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // which Chromium does not set up for root
	}
	ctx, end := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(end)
	ctx, _ = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("end the browser: %v", err)
		}
	})
	do(ctx, t)
	return ctx
}

// tab opens a tab with cookies and a cache of its own, and gives what is seen of it from now on.
func tab(browser context.Context, t *testing.T, as look) (context.Context, *watch) {
	t.Helper()
	ctx, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	do(ctx, t, chromedp.EmulateViewport(as.width, 900, narrow(as)), media(as))
	w := &watch{}
	if err := chromedp.Listen(ctx, w.see); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	t.Cleanup(stop)
	return ctx, w
}

// narrow makes a narrow window that of a telephone, which would grow to what does not fit.
func narrow(as look) chromedp.EmulateViewportOption {
	if as.width < 600 {
		return chromedp.EmulateMobile
	}
	return chromedp.EmulateLandscape
}

// media tells the page what its reader prefers.
func media(as look) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: as.scheme}, {Name: "prefers-reduced-motion", Value: as.motion},
		}})
		return err
	})
}

// scriptless takes scripts from the pages of a tab; those of the test run on.
func scriptless() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
}

// do runs actions in a tab.
func do(ctx context.Context, t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// ask gives the value of an expression on the page.
func ask[T any](ctx context.Context, t *testing.T, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%v\nin %.200s", err, expression)
	}
	return v
}
