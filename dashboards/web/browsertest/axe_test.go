package browsertest

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// fewestPasses is how many rules of axe hold of any page of ours: with fewer, it looked at something else.
const fewestPasses = 20

// axe is axe-core 4.14.1 as npm has it (MPL-2.0, testdata/axe.LICENSE), compressed.
func axe(t *testing.T) string {
	t.Helper()
	file, err := os.Open("testdata/axe.min.js.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was read
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// violations gives what of WCAG 2.2 A and AA, and of axe's best practices, the page of a tab breaks.
func violations(ctx context.Context, t *testing.T) []string {
	t.Helper()
	do(ctx, t, chromedp.Evaluate[chromedp.Void](axe(t)))
	found := ask[struct {
		Passes     int
		Violations []struct {
			ID, Help string
			Nodes    []struct{ HTML, Why string }
		}
	}](ctx, t, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], preload: false}).then(r => ({
  Passes: r.passes.length,
  Violations: r.violations.map(v => ({ID: v.id, Help: v.help, Nodes: v.nodes.map(n => ({HTML: n.html.slice(0, 200), Why: n.failureSummary}))})),
}))`)
	var all []string
	for _, v := range found.Violations {
		var text strings.Builder
		fmt.Fprintf(&text, "axe: %s, %s, at %d places:", v.ID, v.Help, len(v.Nodes))
		for _, n := range v.Nodes[:min(3, len(v.Nodes))] {
			fmt.Fprintf(&text, "\n  %s\n    %s", n.HTML, strings.ReplaceAll(n.Why, "\n", " "))
		}
		all = append(all, text.String())
	}
	if found.Passes < fewestPasses {
		all = append(all, fmt.Sprintf("axe found that %d rules hold, which is too few for a page", found.Passes))
	}
	return all
}
