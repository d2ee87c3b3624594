package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The overview of one medium counts it alone, in every tile and in the chart, and its links keep it.
func TestOverviewOfAMedium(t *testing.T) {
	s, path := showing(t, small)
	root := show(t, s, "/?days=14&media_type=voice")
	tiles := classed(root, "tile")
	if len(tiles) < 12 {
		t.Errorf("%d tiles, at least 12 are expected", len(tiles))
	}
	for _, tile := range tiles {
		view, column, from, to := attr(tile, "data-view"), attr(tile, "data-measure"), attr(tile, "data-from"), attr(tile, "data-to")
		want, known := measured(t, path, view, column, func(r map[string]any) bool { return between(r, from, to) && r["media_type"] == "voice" })
		same(t, view+"."+column, raw(t, classed(tile, "value")[0]), want, known)
		if link := attr(with(tile, "href")[0], "href"); attr(tile, "data-media") != "voice" || !strings.Contains(link, "media_type=voice") {
			t.Errorf("%s is of the medium %q and leads to %s", column, attr(tile, "data-media"), link)
		}
	}
	for _, tr := range with(root, "data-day")[:4] {
		for i, tier := range []string{"Enterprise", "Mid-Market", "SMB"} {
			want, known := measured(t, path, "contact_kpis_daily", "escalation_rate_pct", func(r map[string]any) bool {
				return r["business_date"] == attr(tr, "data-day") && r["media_type"] == "voice" && r["customer_tier"] == tier
			})
			cell := where(tr, func(n *html.Node) bool { return attr(n, "class") == "n" })[i]
			same(t, tier+" on "+attr(tr, "data-day"), raw(t, cell), want, known)
		}
	}
	for _, a := range where(classed(root, "choices")[0], func(n *html.Node) bool { return n.Data == "a" }) {
		if !strings.Contains(attr(a, "href"), "media_type=voice") {
			t.Errorf("%s leads to all media: %s", text(a), attr(a, "href"))
		}
	}
}

// Each medium is offered, all of them first, and it is said what is mixed. A medium that is not there is none.
func TestSwitchOfMedium(t *testing.T) {
	s, _ := showing(t, small)
	for query, want := range map[string]struct{ here, says, notice string }{
		"":                                  {here: "All media", says: "waiting and handling times mix chat, email and voice, which have little in common"},
		"?media_type=":                      {here: "All media", says: "mix chat, email and voice"},
		"?media_type=chat":                  {here: "chat", says: "count contacts of chat only; what changed and the tables count all media"},
		"?media_type=fax":                   {here: "All media", says: "mix chat", notice: `media_type="fax" is ignored. There are chat, email, voice.`},
		"?media_type=chat&media_type=voice": {here: "All media", says: "mix chat", notice: "media_type is ignored. One medium can be shown at a time, and all are shown."},
	} {
		root := show(t, s, "/"+query)
		line := classed(root, "sorts soft")[0]
		var offered []string
		for _, a := range with(line, "href") {
			offered = append(offered, text(a))
		}
		if got := strings.Join(offered, ", "); got != "All media, chat, email, voice" {
			t.Errorf("%s offers %s", query, got)
		}
		if here := with(line, "aria-current"); len(here) != 1 || text(here[0]) != want.here || !strings.Contains(text(line), want.says) {
			t.Errorf("%s: %d are marked, and it is said: %q", query, len(here), text(line))
		}
		notice := ""
		if all := classed(root, "notice"); len(all) > 0 {
			notice = text(all[0])
		}
		if notice != want.notice {
			t.Errorf("%s is met with %q, not %q", query, notice, want.notice)
		}
	}
	dir := t.TempDir()
	if err := s.Write(t.Context(), "", dir); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	if body := string(page); strings.Contains(body, "media_type=") || !strings.Contains(body, "mix chat, email and voice") {
		t.Error("a report has a switch of medium, or does not say what its figures mix")
	}
	c := small
	c.after = []string{"update unified_interactions set media_type = 'voice'", "update queue_visits set media_type = 'voice'"}
	s, _ = showing(t, c)
	if line := classed(show(t, s, "/"), "sorts soft"); len(line) != 0 {
		t.Errorf("of one medium it is said: %q", text(line[0]))
	}
}
