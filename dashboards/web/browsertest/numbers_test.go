package browsertest

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	_ "github.com/duckdb/duckdb-go/v2" // the driver
	"github.com/google/go-cmp/cmp"

	statements "trunkline/sql"
)

// published opens the file that the page shows.
func (c *centre) published(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", filepath.Join(c.dir, "published.duckdb")+"?access_mode=read_only")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// rows gives the answer to a query, each value as the page writes it down: a number without what is not needed, NULL as nothing.
func (c *centre) rows(t *testing.T, query string, args ...any) [][]string {
	t.Helper()
	rows, err := c.published(t).QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%v\nin %s", err, query)
	}
	defer func() { _ = rows.Close() }() // Err tells
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for rows.Next() {
		values, row := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			row[i] = &values[i]
		}
		if err := rows.Scan(row...); err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, v := range values {
			text := v.String
			if f, err := strconv.ParseFloat(text, 64); err == nil {
				text = strconv.FormatFloat(f, 'f', -1, 64)
			}
			texts = append(texts, text)
		}
		all = append(all, texts)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// texts gives the first column of an answer.
func (c *centre) texts(t *testing.T, query string) []string {
	t.Helper()
	var all []string
	for _, row := range c.rows(t, query) {
		all = append(all, row[0])
	}
	return all
}

// numbers holds the figures of the pages against SQL on the file that they show. Where one is simple it is counted again from the
// conversations, by SQL that shares nothing with the page; the others are asked of the views by their declared measures.
func numbers(browser context.Context, t *testing.T, c *centre) {
	ctx, _ := tab(browser, t, desk)
	do(ctx, t, chromedp.Navigate(c.address(t, everything, "")))
	c.tiles(ctx, t, "")
	do(ctx, t, chromedp.Navigate(c.address(t, everything, "?media_type=voice")))
	c.tiles(ctx, t, "voice")
	do(ctx, t, chromedp.Navigate(c.address(t, everything, "")))
	const tiers = `select coalesce(customer_tier, ''), round(100.0 * count(*) filter (was_escalated) / count(was_escalated), 1), count(was_escalated)
from unified_interactions where cast(business_date as date) > (select max(cast(business_date as date)) - 30 from unified_interactions)
group by 1 order by 1`
	c.same(ctx, t, "escalation by tier", tiers, `table[data-view="escalation_by_tier"]`, "value", "of")

	do(ctx, t, chromedp.Navigate(c.address(t, everything, "explore?figure=contact_kpis_daily.escalation_rate_pct&days=7&all=industry&customer_tier=Enterprise&customer_tier=SMB")))
	const industries = `select coalesce(industry, ''), round(100.0 * count(*) filter (was_escalated) / count(was_escalated), 1), count(was_escalated)
from unified_interactions where customer_tier in ('Enterprise', 'SMB')
    and cast(business_date as date) > (select max(cast(business_date as date)) - 7 from unified_interactions)
group by 1 having count(was_escalated) > 0 order by 1`
	c.same(ctx, t, "a filter of two tiers", industries, `table[data-dimension="industry"]`, "value", "of")
	got := ask[string](ctx, t, `document.querySelector('[data-cell="now"] data').value`)
	want := c.rows(t, strings.Replace(strings.Replace(industries, "coalesce(industry, '')", "'all'", 1), "group by 1", "group by all", 1))[0][1]
	if got != want {
		t.Errorf("escalation of two tiers: the page has %s, SQL %s", got, want)
	}

	do(ctx, t, chromedp.Navigate(c.address(t, everything, "quality")))
	const origins = `select coalesce(queue_name, '') || '/' || media_type, count(*), count(*) filter (crm_id_status = 'missing'),
    count(*) filter (crm_id_status = 'malformed'), count(*) filter (crm_id_status = 'unknown_account'),
    round(100.0 * count(*) filter (crm_id_status in ('missing', 'malformed', 'unknown_account')) / count(*), 1)
from unified_interactions where cast(business_date as date) > (select max(cast(business_date as date)) - 30 from unified_interactions)
group by 1 order by 1`
	c.same(ctx, t, "origins", origins, `table[data-view="join_quality_daily"]`, "all", "no_id", "malformed", "orphan", "pct")
	c.same(ctx, t, "rejects", `select source || '/' || entity || '/' || reason_code, count(distinct natural_key) from etl_rejects where resolved_at is null group by all order by 1`, `table[data-table="etl_rejects"]`, "n")

	do(ctx, t, chromedp.Navigate(c.address(t, everything, "data?sql=select+count(*)+as+n,+sum(handle_time_ms)+as+handle+from+unified_interactions")))
	cells := ask[[]string](ctx, t, `[...document.querySelectorAll("table[data-answer] tbody td")].map(td => td.innerText)`)
	if diff := cmp.Diff(c.rows(t, "select count(*), cast(sum(handle_time_ms) as bigint) from unified_interactions")[0], cells); diff != "" {
		t.Errorf("the answer to a query (-SQL, +page):\n%s", diff)
	}
}

// same compares the rows of a table of the page, keys and cells, with an answer. A table may show the first rows only.
func (c *centre) same(ctx context.Context, t *testing.T, what, query, table string, cells ...string) {
	t.Helper()
	var row strings.Builder
	for _, cell := range cells {
		fmt.Fprintf(&row, `, (tr.querySelector('[data-cell=%q] data') ?? tr.querySelector('data[data-cell=%q]'))?.value ?? ""`, cell, cell)
	}
	got := ask[[][]string](ctx, t, fmt.Sprintf("[...document.querySelectorAll(`%s tbody tr[data-key]`)].map(tr => [tr.dataset.key%s])", table, &row))
	if len(got) == 0 {
		t.Errorf("%s: no row is shown", what)
	}
	shown := map[string]bool{}
	for _, r := range got {
		shown[r[0]] = true
	}
	want := slices.DeleteFunc(c.rows(t, query), func(r []string) bool { return !shown[r[0]] })
	slices.SortFunc(got, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	slices.SortFunc(want, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-SQL, +page):\n%s", what, diff)
	}
}

// tile is one figure of the overview, as the page has it.
type tile struct{ View, Measure, From, To, Media, Value, Text string }

// tiles holds each tile of a medium, or of all, against its measure, and what people read against the value behind it.
func (c *centre) tiles(ctx context.Context, t *testing.T, medium string) {
	t.Helper()
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	all := ask[[]tile](ctx, t, `[...document.querySelectorAll(".tile")].map(e => ({View: e.dataset.view, Measure: e.dataset.measure, From: e.dataset.from, To: e.dataset.to, Media: e.dataset.media ?? "",
  Value: e.querySelector(".value data")?.value ?? "", Text: e.querySelector(".value").innerText}))`)
	if len(all) < 10 {
		t.Errorf("the overview has only %d tiles", len(all))
	}
	for _, tile := range all {
		if tile.Media != medium {
			t.Errorf("%s.%s: of the medium %q, not %q", tile.View, tile.Measure, tile.Media, medium)
		}
		expression := ""
		for _, v := range views {
			for _, m := range v.Measures() {
				if v.Name == tile.View && m.Name == tile.Measure {
					expression = m.Over(statements.DuckDB())
				}
			}
		}
		if expression == "" {
			t.Errorf("the tile of %s.%s is of no measure", tile.View, tile.Measure)
			continue
		}
		want := c.rows(t, "select "+expression+" from "+tile.View+" where cast(business_date as date) between cast(? as date) and cast(? as date) and (? = '' or media_type = ?)",
			tile.From, tile.To, tile.Media, tile.Media)[0][0]
		if tile.Value != want {
			t.Errorf("%s.%s: the page has %s, SQL %s", tile.View, tile.Measure, tile.Value, want)
		}
		reads(t, tile)
		if tile.View == "contact_kpis_daily" && tile.Measure == "contacts" {
			again := c.rows(t, "select count(*) from unified_interactions where business_date between ? and ? and (? = '' or media_type = ?)",
				tile.From, tile.To, tile.Media, tile.Media)[0][0]
			if again != tile.Value {
				t.Errorf("contacts: the page has %s, and there are %s conversations", tile.Value, again)
			}
		}
	}
}

// reads compares a tile's text with its value, to the last digit that is shown. Times have units of their own, which are added up.
func reads(t *testing.T, tile tile) {
	t.Helper()
	if tile.Value == "" {
		return
	}
	want, err := strconv.ParseFloat(tile.Value, 64)
	if err != nil {
		t.Errorf("%s: %v", tile.Measure, err)
		return
	}
	got, step := 0.0, 1.0
	units := map[string]float64{"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
	words := strings.Fields(strings.NewReplacer(",", "", "−", "-", "$", "", "%", "").Replace(tile.Text))
	for i, word := range words {
		number, err := strconv.ParseFloat(word, 64)
		if err != nil {
			continue
		}
		unit := 1.0
		if i+1 < len(words) && units[words[i+1]] != 0 {
			unit = units[words[i+1]]
		}
		_, decimals, _ := strings.Cut(word, ".")
		step = unit / math.Pow(10, float64(len(decimals)))
		got += number * unit
	}
	if math.Abs(got-want) > step/2+1e-9 {
		t.Errorf("%s: people read %q, and it is %s", tile.Measure, tile.Text, tile.Value)
	}
}
