package web

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Two figures of one title are of different views, and the closed list of Explore shows of which.
func TestFiguresAreToldApart(t *testing.T) {
	s, _ := showing(t, small)
	seen := map[string]bool{}
	for _, o := range where(show(t, s, "/explore"), func(n *html.Node) bool { return n.Data == "option" && strings.Contains(attr(n, "value"), ".") }) {
		text := o.FirstChild.Data
		if seen[text] {
			t.Errorf("%q is offered twice", text)
		}
		seen[text] = true
	}
	if len(seen) < 10 {
		t.Errorf("%d figures are offered", len(seen))
	}
}
