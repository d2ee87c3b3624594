package web

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// What a figure is of stands with that figure, and not with the one of the days before.
func TestCountBelongsToTheFigure(t *testing.T) {
	s, path := showing(t, small)
	var lines []string
	for _, p := range where(classed(show(t, s, "/explore?days=7"), "big")[0], func(n *html.Node) bool { return n.Data == "p" }) {
		lines = append(lines, text(p))
	}
	known := rowsOf(t, path, "select count(was_escalated) as n from unified_interactions where business_date > '2026-11-19'")[0]["n"]
	if len(lines) != 3 || lines[1] != fmt.Sprintf("of %v contacts", known) || !strings.Contains(lines[2], " from ") {
		t.Errorf("the headline of %v contacts: %q", known, lines)
	}
}

// Days that are not there yet are not compared with days that are: those up to the newest are shown, against as many before them.
func TestDaysToComeAreNotCompared(t *testing.T) {
	s, path := showing(t, small)
	root := show(t, s, "/explore?figure=contact_kpis_daily.contacts&from=2026-11-24&to=2026-11-30")
	if notice := classed(root, "notice"); len(notice) != 1 || !strings.Contains(text(notice[0]), "to=2026-11-30 is ignored. The newest day is "+lastDay) {
		t.Errorf("%d notices of a day to come", len(notice))
	}
	big := classed(root, "big")[0]
	for i, days := range [][2]string{{"2026-11-24", lastDay}, {"2026-11-21", "2026-11-23"}} {
		want, known := measured(t, path, "contact_kpis_daily", "contacts", func(r map[string]any) bool { return between(r, days[0], days[1]) })
		at := where(big, func(n *html.Node) bool { return attr(n, "class") == []string{"value", "was"}[i] })
		same(t, "contacts from "+days[0], raw(t, at[0]), want, known)
	}
	root = show(t, s, "/explore?from=2026-12-01&to=2026-12-07")
	if notice := classed(root, "notice"); len(notice) != 1 || !strings.Contains(text(notice[0]), "from=2026-12-01 is ignored. The newest day is "+lastDay) {
		t.Errorf("%d notices of days to come", len(notice))
	}
}

// A value that nothing has is a filter as any other, and it is said that it finds nothing.
func TestValuesThatNothingHas(t *testing.T) {
	s, _ := showing(t, small)
	for query, want := range map[string]string{
		"customer_tier=Platinum":                   `No contact that this figure counts has customer_tier="Platinum".`,
		"customer_tier=Platinum&customer_tier=SMB": `No contact that this figure counts has customer_tier="Platinum".`,
		"customer_tier=SMB&customer_tier=":         "",
	} {
		got := ""
		root := show(t, s, "/explore?"+query)
		if all := classed(root, "notice"); len(all) > 0 {
			got = text(all[0])
		}
		if got != want {
			t.Errorf("%s is met with %q, not %q", query, got, want)
		}
		if len(classed(root, "chip")) != strings.Count(query, "=") {
			t.Errorf("%s: %d values are chosen", query, len(classed(root, "chip")))
		}
	}
}
