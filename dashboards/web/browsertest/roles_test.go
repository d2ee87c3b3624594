package browsertest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"trunkline/sql"
)

// roles reads everything that a role is shown: no word, attribute or figure of it may tell what the role must not see.
func roles(browser context.Context, t *testing.T, c *centre) {
	// Who works in the CRM too, or bears the name of one who does, is seen as the owner of an account.
	agents := c.texts(t, `select agent_id from unified_interactions where agent_id is not null union (
    select agent_name from unified_interactions where agent_name is not null except select account_owner from unified_interactions except select name from crm_users)`)
	whole := c.crawl(browser, t, everything)
	if found := among(agents, whole.html); len(found) == 0 || !strings.Contains(whole.text, "$") {
		t.Fatalf("who sees everything sees neither agents nor amounts: nothing is tried here")
	}
	for _, role := range sql.Roles() {
		got := c.crawl(browser, t, role.Name)
		if !strings.Contains(got.text, role.Name) {
			t.Errorf("the page does not say that it is that of the role %s", role.Name)
		}
		hidden := hides(t, role)
		if len(hidden) == 0 || len(common(hidden, whole.names)) == 0 {
			t.Errorf("%s hides nothing that is on the page of everything", role.Name)
		}
		if found := common(hidden, got.names); len(found) > 0 {
			t.Errorf("%s sees the columns %q", role.Name, found)
		}
		switch role.Name {
		case "supervisor":
			if strings.Contains(got.text, "$") {
				t.Errorf("%s sees amounts: %s", role.Name, around(got.text, "$"))
			}
		case "finance":
			if found := among(agents, got.html); len(found) > 0 {
				t.Errorf("%s sees the agents %q", role.Name, found)
			}
		default:
			t.Errorf("nothing is known of the role %s", role.Name)
		}
	}
}

// seen is all that was seen of a site.
type seen struct {
	html  string   // as the browser holds it
	text  string   // as it is read
	names []string // view.column and table.column of what is shown
}

// crawl reads every page of a role, every figure of Explore with all values of its groups, and the rows of a table.
func (c *centre) crawl(browser context.Context, t *testing.T, role string) seen {
	t.Helper()
	ctx, _ := tab(browser, t, desk)
	var all seen
	read := func(page string) {
		do(ctx, t, chromedp.Navigate(c.address(t, role, page)))
		all.html += ask[string](ctx, t, "document.documentElement.outerHTML")
		all.text += ask[string](ctx, t, "document.body.textContent")
		all.names = append(all.names, ask[[]string](ctx, t, `[
  ...[...document.querySelectorAll("[data-view][data-measure]")].map(e => e.dataset.view + "." + e.dataset.measure),
  ...[...document.querySelectorAll("option")].map(e => e.value),
  ...[...document.querySelectorAll("details[data-name] table.columns th code")].map(e => e.closest("details").dataset.name + "." + e.textContent)]`)...)
	}
	for _, page := range []string{"", "quality", "runs", "data", "data?sql=select+*+from+unified_interactions+limit+200", "explore?figure=revenue_by_segment.ltv_usd", "explore"} {
		read(page)
	}
	if role == everything { // of which the pages above show enough to compare with
		return all
	}
	for _, figure := range ask[[]string](ctx, t, `[...document.querySelectorAll("select[name=figure] option")].map(o => o.value)`) {
		read("explore?figure=" + figure)
	}
	return all
}

// hides gives what a role must not see, as view.column.
func hides(t *testing.T, role sql.Role) []string {
	t.Helper()
	views, err := sql.Views()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, v := range views {
		for _, column := range v.Columns {
			if column.Class.Holds(role.Hides) {
				all = append(all, v.Name+"."+column.Name)
			}
		}
	}
	return all
}

// among gives the texts that are in another.
func among(texts []string, in string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return !strings.Contains(in, text) })
}

// common gives what is in both.
func common(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(text string) bool { return !slices.Contains(b, text) })
}

// around gives a text with what stands beside it.
func around(in, text string) string {
	at := strings.Index(in, text)
	return in[max(0, at-80):min(len(in), at+80)]
}
