package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	statements "trunkline/sql"
)

// classed gives the elements that have all of some classes, and no other.
func classed(root *html.Node, class string) []*html.Node {
	return where(root, func(n *html.Node) bool { return attr(n, "class") == class })
}

// keyed gives the row of a key in a table of a view.
func keyed(t *testing.T, root *html.Node, view, key string) *html.Node {
	t.Helper()
	for _, table := range where(root, func(n *html.Node) bool { return n.Data == "table" && attr(n, "data-view") == view }) {
		for _, tr := range with(table, "data-key") {
			if attr(tr, "data-key") == key {
				return tr
			}
		}
	}
	t.Fatalf("%s has no row %q", view, key)
	return nil
}

// Two groups of contacts have two names: those of which the tier is not known, and the identified that have none.
func TestGroupsWithoutATier(t *testing.T) {
	c := small
	c.after = []string{"update unified_interactions set customer_tier = null where conversation_id in ('c1', 'c2', 'c3')"}
	s, path := showing(t, c)
	if got := text(keyed(t, show(t, s, "/"), "escalation_by_tier", "")); !strings.HasPrefix(got, "not known") {
		t.Errorf("contacts of which the tier is not known: %q", got)
	}
	table := where(show(t, s, "/"), func(n *html.Node) bool { return n.Data == "table" && attr(n, "data-view") == "escalation_by_tier" })[0]
	foot := classed(table.Parent.Parent, "foot")[0]
	want := rowsOf(t, path, "select count(was_escalated) filter (customer_tier is not null) as known, count(was_escalated) as n from unified_interactions")[0]
	numbers := with(foot, "value")
	if attr(numbers[0], "value") != fmt.Sprint(want["known"]) || attr(numbers[1], "value") != fmt.Sprint(want["n"]) || !strings.Contains(text(foot), "contacts have a known tier.") {
		t.Errorf("%q, and of %v contacts %v have a known tier", text(foot), want["n"], want["known"])
	}
	if got := text(keyed(t, show(t, s, "/quality"), "crm_kpi_bounds", "")); !strings.HasPrefix(got, "identified, no tier") {
		t.Errorf("known customers without a tier: %q", got)
	}
}

// A difference is written so that one sees on which side of the limit, 0.1, it is.
func TestDifferencesAgainstTheirLimit(t *testing.T) {
	for value, want := range map[float64]string{0.104: "0.104", -0.1: "−0.100", 0.099: "0.099"} {
		if got := number("deviations", &value).Text; got != want {
			t.Errorf("%v is written %s, not %s", value, got, want)
		}
	}
}

// A share without a limit is no success: a role's file has no checks.
func TestBannerOfARole(t *testing.T) {
	c := small
	c.after = []string{"drop table etl_checks"}
	s, _ := showing(t, c)
	for _, url := range []string{"/", "/quality"} {
		banner := where(show(t, s, url), func(n *html.Node) bool { return n.Data == "aside" })
		if len(banner) != 1 || attr(banner[0], "class") != "banner counted" || !strings.HasPrefix(text(banner[0]), "i 20.0 % of contacts have no known customer.") {
			t.Errorf("%s: %d banners, of which the first says %q", url, len(banner), text(banner[0]))
		}
	}
	c.after = append(c.after, "drop view join_quality_daily")
	s, _ = showing(t, c)
	if w := get(t, s, "/quality"); w.Code != 200 || !strings.Contains(w.Body.String(), "What each view shows") {
		t.Errorf("without checks and without a share: %d", w.Code)
	}
}

// No period is offered that is longer than the file, and no column compares with days that are not there.
func TestPeriodsOfAShortFile(t *testing.T) {
	s, _ := showing(t, centre{contacts: 500, days: 20})
	for url, compared := range map[string]bool{"/?days=7": true, "/explore?days=7": true, "/explore?days=14": false, "/explore?days=91": false} {
		root := show(t, s, url)
		var offered []string
		for _, a := range where(classed(root, "choices")[0], func(n *html.Node) bool { return n.Data == "a" }) {
			offered = append(offered, text(a))
		}
		if got := strings.Join(offered, ", "); got != "7 days, 14 days, 20 days" {
			t.Errorf("%s offers %s", url, got)
		}
		if here := with(classed(root, "choices")[0], "aria-current"); len(here) != 1 || strings.Contains(url, "91") && text(here[0]) != "20 days" {
			t.Errorf("%s marks %d periods", url, len(here))
		}
		changes := where(root, func(n *html.Node) bool { return n.Data == "th" && text(n) == "Change" })
		if boards := len(classed(root, "panel board")); strings.HasPrefix(url, "/explore") && (boards == 0 || len(changes) != 0 != compared) {
			t.Errorf("%s compares in %d of %d boards", url, len(changes), boards)
		}
	}
}

// Checks that are well and say the same are one line, which tells of what; one that failed stands for itself.
func TestChecksThatSayTheSame(t *testing.T) {
	c := small
	const check = "insert into etl_checks by name select * replace ('unique_key' as check_id, '%s' as scope, '%s' as status, 'Keys held more than once: 0 keys' as message) from etl_checks where check_id = 'join_rate'"
	for scope, status := range map[string]string{"queues": "pass", "users": "pass", "sessions": "pass", "segments": "fail"} {
		c.after = append(c.after, fmt.Sprintf(check, scope, status))
	}
	s, _ := showing(t, c)
	var got []string
	for _, tr := range with(where(show(t, s, "/quality"), func(n *html.Node) bool { return attr(n, "data-table") == "etl_checks" })[0], "data-key") {
		if strings.HasPrefix(attr(tr, "data-key"), "unique_key") {
			got = append(got, text(tr.FirstChild))
		}
	}
	if diff := cmp.Diff([]string{"unique_keysegments", "unique_key3 alikequeues, sessions, users"}, got); diff != "" {
		t.Errorf("the lines of unique_key (-want, +got):\n%s", diff)
	}
}

// A record that could not become a row is one, however often it was read, until it is resolved. The command beside the number lists the same.
func TestRejectsAreCountedOnce(t *testing.T) {
	for statement, want := range map[string]string{
		"insert into etl_rejects by name select * replace ('nightly/2026-11-25T00-00-00Z' as run_id) from etl_rejects":         "3",
		"update etl_rejects set resolved_at = timestamp '2026-11-27 03:00:00' where natural_key = 'k1'":                        "2",
		"insert into etl_rejects by name select * replace ('bad_id' as reason_code) from etl_rejects where natural_key = 'k0'": "4",
	} {
		c := small
		c.after = []string{statement}
		s, path := showing(t, c)
		section := where(show(t, s, "/quality"), func(n *html.Node) bool { return attr(n, "aria-labelledby") == "rejects" })[0]
		command := text(where(section, func(n *html.Node) bool { return n.Data == "code" })[0])
		query := strings.TrimSuffix(strings.TrimPrefix(command, `trunkline query "`), `"`)
		if got, listed := raw(t, section), len(rowsOf(t, path, query)); got != want || fmt.Sprint(listed) != want {
			t.Errorf("after %s the page counts %s, %s lists %d; want %s", statement, got, command, listed, want)
		}
	}
}

// The steps of a run are all but the one that made the file, and the page says so while that is so.
func TestStepThatMadeTheFile(t *testing.T) {
	for statement, want := range map[string]bool{
		"select 1": true,
		"insert into etl_runs by name select * replace ('publish' as step) from etl_runs where step = 'audit'": false,
	} {
		c := small
		c.after = []string{statement}
		s, _ := showing(t, c)
		if got := strings.Contains(text(show(t, s, "/runs")), "The step publish is not among them"); got != want {
			t.Errorf("after %s it is said: %v", statement, got)
		}
	}
}

// A finding says nothing twice: its change and its verdict stand beside the text.
func TestFindingsSayNothingTwice(t *testing.T) {
	s, path := showing(t, small)
	root := show(t, s, "/")
	found := with(root, "data-finding")
	if len(found) == 0 {
		t.Fatal("no finding is shown")
	}
	for _, li := range found {
		words, whole := text(classed(li, "soft")[0]), attr(li, "data-finding")
		verdict := text(classed(li, "chance")[0])
		if !strings.HasSuffix(whole, "; "+verdict) || strings.Contains(words, verdict) || strings.Contains(words, " points (") || !strings.Contains(words, "(95 % interval ") || !strings.Contains(words, "in the 7 days before") {
			t.Errorf("of %q it is said: %q, %q", whole, words, verdict)
		}
	}
	panel := where(root, func(n *html.Node) bool { return attr(n, "aria-labelledby") == "changed" })[0]
	if want := rowsOf(t, path, "select count(p_value) as n from what_changed")[0]["n"]; raw(t, classed(panel, "foot")[0]) != fmt.Sprint(want) {
		t.Errorf("%s comparisons, and %v were made", raw(t, classed(panel, "foot")[0]), want)
	}
}

func TestParted(t *testing.T) {
	metric, words, chance := parted("Abandon rate in Billing; EU: no contacts after 2.0 % in the 7 days before; 0.0 % of the contacts bring -1.0 of -0.2 points overall; too few to tell")
	if metric != "Abandon rate in Billing; EU" || words != "no contacts after 2.0 % in the 7 days before; 0.0 % of the contacts bring -1.0 of -0.2 points overall" || chance != "too few to tell" {
		t.Errorf("%q, %q, %q", metric, words, chance)
	}
}

// What is said of an address is one notice, below the heading, with a line for each part.
func TestNoticesStandTogether(t *testing.T) {
	s, _ := showing(t, small)
	root := show(t, s, "/explore?days=x&planet=Mars&figure=nothing.here")
	notices := classed(root, "notice")
	if len(notices) != 1 || len(where(notices[0], func(n *html.Node) bool { return n.Data == "p" })) != 3 {
		t.Fatalf("%d notices, of which the first says %q", len(notices), text(notices[0]))
	}
	heading := false
	for n := range root.Descendants() {
		heading = heading || n.Data == "h1"
		if n == notices[0] && !heading {
			t.Error("the notice stands above the heading")
		}
	}
}

// The days that a table counts are named; of one that is kept from another day they are not known.
func TestDaysOfASplit(t *testing.T) {
	for _, days := range []int{21, 40} {
		s, path := showing(t, centre{contacts: 2000, days: days})
		table := where(show(t, s, "/"), func(n *html.Node) bool {
			return attr(n, "data-view") == "escalation_by_tier" && n.Data == "table"
		})[0]
		first := "28 Oct"
		if days == 21 {
			first = "6 Nov"
		}
		section := table.Parent.Parent
		heading := where(section, func(n *html.Node) bool { return n.Data == "h2" })[0]
		if got := text(heading); !strings.HasSuffix(got, ", last 30 days") || !strings.Contains(text(table), "Could be") {
			t.Errorf("the heading of a table that counts 30 days, whatever the page does: %q", got)
		}
		if got, want := text(classed(section, "sub")[0]), first+" to Thu 26 Nov 2026."; got != want {
			t.Errorf("%d days: %q, not %q", days, got, want)
		}
		from, err := time.Parse("2 Jan 2006", first+" 2026")
		if err != nil {
			t.Fatal(err)
		}
		want := rowsOf(t, path, "select count(was_escalated) as n from unified_interactions where business_date >= '"+iso(from)+"'")[0]["n"]
		if all := with(classed(section, "foot")[0], "value"); attr(all[1], "value") != fmt.Sprint(want) {
			t.Errorf("%d days: %s contacts are in the table, %v in the days that it names", days, attr(all[1], "value"), want)
		}
	}
	c := small
	c.closed = true
	s, _ := showing(t, c)
	section := where(show(t, s, "/"), func(n *html.Node) bool { return attr(n, "aria-labelledby") == "escalation_by_tier" })[0]
	if got := text(classed(section, "sub")[0]); !strings.HasPrefix(got, "The 30 business days up to and including the newest in the table. Kept from") {
		t.Errorf("of a view that is kept it is said: %q", got)
	}
}

// What changed says that it is of another day, as everything that is kept does.
func TestStampOfWhatChanged(t *testing.T) {
	for statement, want := range map[string]string{
		"select 1": ", against the 7 days before.",
		"insert into etl_publications by name select * replace ('what_changed' as view_name, 'kept' as state) from etl_publications limit 1": ", against the 7 days before. Kept from Wed 25 Nov 2026, as the gate is closed.",
	} {
		c := small
		c.after = []string{statement}
		s, _ := showing(t, c)
		section := where(show(t, s, "/"), func(n *html.Node) bool { return attr(n, "aria-labelledby") == "changed" })[0]
		if got := text(classed(section, "sub")[0]); !strings.HasSuffix(got, want) {
			t.Errorf("after %s it is said: %q", statement, got)
		}
	}
}

// The banner of a closed gate says each reason once.
func TestReasonsOfAClosedGate(t *testing.T) {
	for reason, want := range map[string]string{
		"Conversations without a known CRM account: 42.0 %, limit 30.0 %":                                   "",
		"Conversations without a known CRM account: 42.0 %, limit 30.0 %; Keys held more than once: 2 keys": "Keys held more than once: 2 keys. ",
		"Keys held more than once: 2 keys":                                                                  "Keys held more than once: 2 keys. ",
	} {
		c := small
		c.closed = true
		c.after = []string{"update etl_publications set reason = '" + reason + "'"}
		s, _ := showing(t, c)
		want = "! The quality gate is closed: 42.0 % of contacts have no known customer; the limit is 30.0 %. " + want + "2 views that need the CRM go on showing"
		if got := text(classed(show(t, s, "/"), "banner closed")[0]); !strings.HasPrefix(got, want) {
			t.Errorf("closed as %q: %q", reason, got)
		}
	}
}

// Names of columns are set as names; everything else is text, whatever it is.
func TestCoded(t *testing.T) {
	view := &statements.View{Columns: []statements.ViewColumn{{Name: "known_contacts"}, {Name: "contacts"}}}
	got := coded("contacts <b> of known_contacts; NULL (known_contacts) when no_column is 0.", view)
	if want := "contacts &lt;b&gt; of <code>known_contacts</code>; NULL (known_contacts) when no_column is 0."; string(got) != want {
		t.Errorf("%s", got)
	}
	s, _ := showing(t, small)
	foot := classed(show(t, s, "/explore"), "foot")[0]
	if code := where(foot, func(n *html.Node) bool { return n.Data == "code" }); len(code) < 3 || !strings.HasPrefix(text(code[len(code)-1]), "100 × Σ(") {
		t.Errorf("the meaning of a figure: %q", text(foot))
	}
}

// An axis writes a percentage as everything else does.
func TestAxis(t *testing.T) {
	if got, want := axis("percent", 60, 20), "60"+nbsp+"%"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
	s, _ := showing(t, small)
	for _, tick := range classed(show(t, s, "/"), "tick") {
		if got := text(tick); strings.Contains(got, "%") && !strings.HasSuffix(got, " %") {
			t.Errorf("the axis says %q", got)
		}
	}
}

// The form says which days are shown. Sent as they are, they are still the newest so many; another day makes them days of their own.
func TestDaysOfTheForm(t *testing.T) {
	s, _ := showing(t, small)
	for query, want := range map[string]string{
		"":                                     "from=2026-11-20 to=2026-11-26 days=7",
		"days=14":                              "from=2026-11-13 to=2026-11-26 days=14",
		"days=7&from=2026-11-20&to=2026-11-26": "from=2026-11-20 to=2026-11-26 days=7",
		"days=7&from=2026-11-19&to=2026-11-26": "from=2026-11-19 to=2026-11-26",
		"from=2026-11-20&to=2026-11-26":        "from=2026-11-20 to=2026-11-26",
		"days=7&from=&to=":                     "from=2026-11-20 to=2026-11-26 days=7",
	} {
		var got []string
		for _, input := range where(classed(show(t, s, "/explore?"+query), "controls")[0], func(n *html.Node) bool { return n.Data == "input" }) {
			got = append(got, attr(input, "name")+"="+attr(input, "value"))
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: the form has %s, not %s", query, got, want)
		}
	}
}

// What is counted over 30 days says where it begins, which is not before the file does.
func TestOriginsBeginWithTheFile(t *testing.T) {
	s, _ := showing(t, small)
	section := where(show(t, s, "/quality"), func(n *html.Node) bool { return attr(n, "aria-labelledby") == "origins" })[0]
	if got := text(classed(section, "sub")[0]); !strings.HasPrefix(got, "Since Fri 6 Nov 2026,") {
		t.Errorf("%q", got)
	}
}
