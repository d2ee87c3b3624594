package web

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	statements "trunkline/sql"
)

var small = centre{contacts: 3000, days: 21}

// rowsOf reads a view of a file, not as the page does: all of it, to be added up here.
func rowsOf(t *testing.T, path, query string) []map[string]any {
	t.Helper()
	db, err := sql.Open("duckdb", path+"?access_mode=READ_ONLY")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row := map[string]any{}
		for i, n := range names {
			row[n] = simple(values[i])
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// measured adds up the parts of a figure over the rows that a test lets through, and divides then.
func measured(t *testing.T, path, view, column string, let func(map[string]any) bool) (value float64, known bool) {
	t.Helper()
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if v.Name != view {
			continue
		}
		for _, m := range v.Measures() {
			if m.Name != column {
				continue
			}
			above, below, any := 0.0, 0.0, false
			for _, row := range rowsOf(t, path, "select * from "+view) {
				if !let(row) {
					continue
				}
				above += sumOf(row, m.Numerator, &any)
				below += sumOf(row, m.Denominator, new(bool))
			}
			if len(m.Denominator) == 0 {
				return above, any
			}
			return float64(m.Scale()) * above / below, any && below != 0
		}
	}
	t.Fatalf("there is no figure %s.%s", view, column)
	return 0, false
}

func sumOf(row map[string]any, terms []statements.Term, any *bool) (sum float64) {
	for _, term := range terms {
		f, ok := row[term.Column].(float64)
		*any = *any || ok
		if term.Minus {
			f = -f
		}
		sum += f
	}
	return sum
}

// same holds a number of the page against one that was added up; the page rounds as the views do, to a tenth or to a whole ms.
func same(t *testing.T, what, shown string, want float64, known bool) {
	t.Helper()
	if !known {
		if shown != "" {
			t.Errorf("%s: the page says %s, and it is not known", what, shown)
		}
		return
	}
	got, err := strconv.ParseFloat(shown, 64)
	if err != nil || math.Abs(got-want) > 0.5001 && math.Abs(want) > 1000 || math.Abs(got-want) > 0.0501 && math.Abs(want) <= 1000 {
		t.Errorf("%s: the page says %q, the file %v", what, shown, want)
	}
}

func between(row map[string]any, from, to string) bool {
	day, _ := row["business_date"].(string)
	return day >= from && day <= to
}

func TestOverviewIsWhatTheFileSays(t *testing.T) {
	s, path := showing(t, small)
	for _, days := range []int{7, 14} {
		root := show(t, s, fmt.Sprintf("/?days=%d", days))
		tiles := where(root, func(n *html.Node) bool { return attr(n, "class") == "tile" })
		if len(tiles) < 12 {
			t.Errorf("%d tiles, at least 12 are expected", len(tiles))
		}
		for _, tile := range tiles {
			view, column, from, to := attr(tile, "data-view"), attr(tile, "data-measure"), attr(tile, "data-from"), attr(tile, "data-to")
			if to != lastDay {
				t.Errorf("%s: to %s", column, to)
			}
			want, known := measured(t, path, view, column, func(r map[string]any) bool { return between(r, from, to) })
			same(t, view+"."+column, raw(t, where(tile, func(n *html.Node) bool { return attr(n, "class") == "value" })[0]), want, known)
		}
	}
	root := show(t, s, "/")
	for _, view := range []string{"escalation_by_tier", "bot_containment_by_industry"} {
		table := where(root, func(n *html.Node) bool { return n.Data == "table" && attr(n, "data-view") == view })[0]
		column := attr(table, "data-measure")
		found := 0
		for _, row := range rowsOf(t, path, "select * from "+view) {
			for key, name := range map[string]string{"customer_tier": "", "industry": ""} {
				if v, ok := row[key]; ok {
					name, _ = v.(string)
					tr := where(table, func(n *html.Node) bool {
						return n.Data == "tr" && attr(n, "data-key") == name && n.Parent.Data == "tbody"
					})[0]
					value, known := row[column].(float64)
					same(t, view+" "+name, raw(t, with(tr, "data-cell")[0]), value, known)
					found++
				}
			}
		}
		if found < 4 {
			t.Errorf("%s: %d rows were compared", view, found)
		}
	}
}

func TestExploreIsWhatTheFileSays(t *testing.T) {
	s, path := showing(t, small)
	url := "/explore?figure=contact_kpis_daily.escalation_rate_pct&days=7&customer_tier=Enterprise&customer_tier=&media_type=voice"
	root := show(t, s, url)
	from := "2026-11-20"
	chosen := func(r map[string]any, but string) bool {
		tier, _ := r["customer_tier"].(string)
		return between(r, from, lastDay) && (but == "customer_tier" || tier == "Enterprise" || tier == "") && (but == "media_type" || r["media_type"] == "voice")
	}
	want, known := measured(t, path, "contact_kpis_daily", "escalation_rate_pct", func(r map[string]any) bool { return chosen(r, "") })
	same(t, "all", raw(t, where(root, func(n *html.Node) bool { return attr(n, "data-cell") == "now" })[0]), want, known)
	compared := 0
	for _, table := range with(root, "data-dimension") {
		dimension := attr(table, "data-dimension")
		for _, tr := range with(table, "data-key") {
			key := attr(tr, "data-key")
			want, known := measured(t, path, "contact_kpis_daily", "escalation_rate_pct", func(r map[string]any) bool {
				name, _ := r[dimension].(string)
				return name == key && chosen(r, dimension)
			})
			same(t, dimension+"="+key, raw(t, where(tr, func(n *html.Node) bool { return attr(n, "data-cell") == "value" })[0]), want, known)
			compared++
		}
	}
	if compared < 9 {
		t.Errorf("%d groups were compared", compared)
	}
	for _, tr := range with(root, "data-day") {
		day := attr(tr, "data-day")
		want, known := measured(t, path, "contact_kpis_daily", "escalation_rate_pct", func(r map[string]any) bool {
			tier, _ := r["customer_tier"].(string)
			return r["business_date"] == day && (tier == "Enterprise" || tier == "") && r["media_type"] == "voice"
		})
		same(t, day, raw(t, tr), want, known)
	}
}

func TestOtherPagesAreWhatTheFileSays(t *testing.T) {
	s, path := showing(t, small)
	quality := show(t, s, "/quality")
	for _, tr := range with(where(quality, func(n *html.Node) bool { return attr(n, "data-table") == "etl_rejects" })[0], "data-key") {
		same(t, "rejects", raw(t, tr), 3, true)
	}
	for _, row := range rowsOf(t, path, "select * from crm_kpi_bounds") {
		segment, _ := row["segment"].(string)
		found := false
		for _, tr := range with(quality, "data-key") {
			if attr(tr, "data-key") == segment && len(where(tr, func(n *html.Node) bool { return attr(n, "data-cell") == "rate" })) > 0 {
				low := raw(t, where(tr, func(n *html.Node) bool { return attr(n, "data-cell") == "low" })[0])
				found = found || low == strconv.FormatFloat(row["lower_pct"].(float64), 'f', -1, 64)
			}
		}
		if !found {
			t.Errorf("the bound %v of %q is not on the page", row["lower_pct"], segment)
		}
	}
	runs := show(t, s, "/runs")
	if steps := with(runs, "data-step"); len(steps) != 4 {
		t.Errorf("%d steps, 4 are expected", len(steps))
	}
	if cell := where(runs, func(n *html.Node) bool { return attr(n, "data-cell") == "took" }); raw(t, cell[0]) != "4000" {
		t.Errorf("a run of four steps of a second took %s ms", raw(t, cell[0]))
	}
	for _, e := range with(show(t, s, "/data"), "data-name") {
		if attr(e, "data-name") == "unified_interactions" && raw(t, e) != "3000" {
			t.Errorf("unified_interactions has %s rows", raw(t, e))
		}
	}
}

// Foreign text is text, wherever it is shown.
func TestForeignTextIsText(t *testing.T) {
	s, _ := showing(t, small)
	for _, url := range []string{"/", "/quality", "/explore?foo=<script>x</script>", "/data?sql=select+'<script>x</script>'+as+x"} {
		body := get(t, s, url).Body.String()
		if strings.Contains(body, "<script>") || strings.Contains(body, "4.2 <b>") {
			t.Errorf("%s: markup of a stranger is markup", url)
		}
	}
}

func TestAnswersHaveTheirHeaders(t *testing.T) {
	s, _ := showing(t, small)
	for _, url := range []string{"/", "/explore", "/quality", "/runs", "/data", "/nowhere", "/download?format=csv&table=releases"} {
		w := get(t, s, url)
		got := w.Header().Get("Content-Security-Policy")
		if got != csp || w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Referrer-Policy") == "" {
			t.Errorf("%s: %v", url, w.Header())
		}
		body := w.Body.String()
		for _, not := range []string{"https://", "style=", "onclick", "javascript:"} {
			if url != "/nowhere" && strings.Contains(body, not) {
				t.Errorf("%s holds %s", url, not)
			}
		}
	}
	for _, host := range []string{"evil.example", "evil.example:9009", "127.0.0.1.evil.example", "10.0.0.1"} {
		if w := get(t, s, "/", func(r *http.Request) { r.Host = host }); w.Code != http.StatusForbidden {
			t.Errorf("Host %s: %d", host, w.Code)
		}
	}
	for _, host := range []string{"localhost:9009", "127.0.0.1", "[::1]:9009"} {
		if w := get(t, s, "/", func(r *http.Request) { r.Host = host }); w.Code != http.StatusOK {
			t.Errorf("Host %s: %d", host, w.Code)
		}
	}
}

func TestMalformedFiltersAreIgnoredAndSaid(t *testing.T) {
	s, _ := showing(t, small)
	for query, said := range map[string]string{
		"days=abc":                      `days="abc" is ignored`,
		"days=0":                        `days="0" is ignored`,
		"from=yesterday":                `from="yesterday" is ignored`,
		"from=2026-11-20&to=2026-11-01": "The first day is after the last",
		"from=2020-01-01":               "at most 366 can be shown",
		"figure=nothing.here":           "There is no such figure",
		"sort=up":                       "sorted by size or by value",
		"planet=Mars":                   `"planet" is ignored. This figure can be filtered by media_type, customer_tier, industry`,
		"all=planet":                    "groups by media_type",
		"media_type=" + strings.Repeat("x&media_type=", 60): "and 50 can be",
	} {
		notices := where(show(t, s, "/explore?"+query), func(n *html.Node) bool { return attr(n, "class") == "notice" })
		if len(notices) != 1 || !strings.Contains(text(notices[0]), said) {
			t.Errorf("%.60s: %d notices, want one that says %q", query, len(notices), said)
		}
	}
	if n := where(show(t, s, "/?days=x"), func(n *html.Node) bool { return attr(n, "class") == "notice" }); len(n) != 1 {
		t.Error("the overview says nothing of days=x")
	}
	if n := where(show(t, s, "/runs?run=x"), func(n *html.Node) bool { return attr(n, "class") == "notice" }); len(n) != 1 {
		t.Error("Runs says nothing of run=x")
	}
}

func TestRoles(t *testing.T) {
	dir := t.TempDir()
	files := map[string]File{}
	for role, drop := range map[string]string{"": "", "supervisor": "drop view revenue_by_segment", "finance": "drop table etl_runs"} {
		path := filepath.Join(dir, role+".duckdb")
		c := small
		if drop != "" {
			c.after = []string{drop}
		}
		c.publish(t, path)
		files[role] = onDisk(path)
	}
	s := siteOf(t, Config{Files: files, Tokens: map[string]string{"whole-whole-whole": "", "super-super-super": "supervisor", "money-money-money": "finance"}})
	if w := get(t, s, "/"); w.Code != http.StatusUnauthorized {
		t.Errorf("without a token: %d", w.Code)
	}
	if w := get(t, s, "/?token=wrong"); w.Code != http.StatusUnauthorized || len(w.Result().Cookies()) > 0 {
		t.Errorf("with a wrong token: %d", w.Code)
	}
	first := get(t, s, "/explore?days=14&token=super-super-super")
	cookies := first.Result().Cookies()
	if first.Code != http.StatusSeeOther || first.Header().Get("Location") != "/explore?days=14" || len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteStrictMode {
		t.Fatalf("the first visit: %d, %s, %v", first.Code, first.Header().Get("Location"), cookies)
	}
	if w := get(t, s, "//evil.example/?token=super-super-super"); strings.HasPrefix(w.Header().Get("Location"), "//") {
		t.Errorf("a redirect to %s", w.Header().Get("Location"))
	}
	as := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	visits := map[string]string{"revenue_by_segment": "/data", "etl_runs": "/data"}
	for table, url := range visits {
		for token, sees := range map[string]bool{"whole-whole-whole": true, "super-super-super": table != "revenue_by_segment", "money-money-money": table != "etl_runs"} {
			w := get(t, s, url, as(token))
			if got := strings.Contains(w.Body.String(), `data-name="`+table+`"`); w.Code != http.StatusOK || got != sees {
				t.Errorf("%s with %s: %d, seen %v", table, token, w.Code, got)
			}
			w = get(t, s, "/download?format=csv&table="+table, as(token))
			if got := w.Code == http.StatusOK; got != sees {
				t.Errorf("download of %s with %s: %d", table, token, w.Code)
			}
		}
	}
	if w := get(t, s, "/", func(r *http.Request) { r.AddCookie(cookies[0]) }); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `class="role">supervisor`) {
		t.Errorf("the second visit: %d", w.Code)
	}
}

func TestGateClosed(t *testing.T) {
	c := small
	c.closed = true
	// kept before the two newest days were over
	c.after = []string{
		"create table kept_contact_kpis_daily as select * from contact_kpis_daily where business_date <= '2026-11-24'",
		"create or replace view contact_kpis_daily as select * from kept_contact_kpis_daily",
	}
	s, path := showing(t, c)
	root := show(t, s, "/")
	banner := where(root, func(n *html.Node) bool { return attr(n, "class") == "banner closed" })
	if len(banner) != 1 || !strings.Contains(text(banner[0]), "42.0 %") || !strings.Contains(text(banner[0]), "30.0 %") {
		t.Errorf("the banner of a closed gate names neither share nor limit: %d", len(banner))
	}
	stamped := 0
	for _, tile := range where(root, func(n *html.Node) bool { return attr(n, "class") == "tile" }) {
		stamp := where(tile, func(n *html.Node) bool { return attr(n, "class") == "stamp" })
		if needs := attr(tile, "data-view") == "contact_kpis_daily"; needs != (len(stamp) == 1) {
			t.Errorf("%s: %d stamps", attr(tile, "data-measure"), len(stamp))
		}
		stamped += len(stamp)
		from, to := attr(tile, "data-from"), attr(tile, "data-to")
		if want := map[bool]string{true: "2026-11-24", false: lastDay}[len(stamp) == 1]; to != want {
			t.Errorf("%s: to %s, not %s", attr(tile, "data-measure"), to, want)
		}
		if len(stamp) == 0 {
			continue
		}
		if !strings.HasSuffix(text(stamp[0]), ": Wed 18 Nov 2026 to Tue 24 Nov 2026") {
			t.Errorf("the days of a kept tile: %q", text(stamp[0]))
		}
		for class, days := range map[string][2]string{"value": {from, to}, "was": {"2026-11-11", "2026-11-17"}} {
			want, known := measured(t, path, "contact_kpis_daily", attr(tile, "data-measure"), func(r map[string]any) bool { return between(r, days[0], days[1]) })
			same(t, class+" "+attr(tile, "data-measure"), raw(t, classed(tile, class)[0]), want, known)
		}
	}
	if stamped == 0 {
		t.Error("no tile is stamped")
	}
	root = show(t, s, "/explore?figure=contact_kpis_daily.contacts")
	big := classed(root, "big")[0]
	for class, days := range map[string][2]string{"value": {"2026-11-18", "2026-11-24"}, "was": {"2026-11-11", "2026-11-17"}} {
		want, known := measured(t, path, "contact_kpis_daily", "contacts", func(r map[string]any) bool { return between(r, days[0], days[1]) })
		same(t, "explore, "+class, raw(t, classed(big, class)[0]), want, known)
	}
}

func TestEmptyAndLacking(t *testing.T) {
	for name, c := range map[string]centre{
		"empty": {}, "no runs": {contacts: 100, days: 3, after: []string{"delete from etl_runs", "delete from etl_checks", "delete from etl_publications"}},
		"withheld": {contacts: 100, days: 3, without: "contact_kpis_daily"}, "a day": {contacts: 1, days: 1},
	} {
		s, _ := showing(t, c)
		for _, url := range []string{"/", "/explore", "/quality", "/runs", "/data"} {
			if w := get(t, s, url); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "NaN") {
				t.Errorf("%s: %s: %d %.300s", name, url, w.Code, w.Body)
			}
		}
	}
	s := siteOf(t, Config{Files: map[string]File{"": onDisk(filepath.Join(t.TempDir(), "none"))}})
	if w := get(t, s, "/"); w.Code != http.StatusInternalServerError {
		t.Errorf("no file: %d", w.Code)
	}
}

func TestQuestions(t *testing.T) {
	s, _ := showing(t, small)
	w := get(t, s, "/data?sql=select+conversation_id+from+unified_interactions%3B")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "there are more") {
		t.Errorf("a long answer: %d", w.Code)
	}
	if w := get(t, s, "/data?sql=delete+from+releases"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "No answer.") {
		t.Errorf("a delete: %d", w.Code)
	}
	w = get(t, s, "/download?format=json&sql=select+1+as+a,+null+as+b")
	if diff := cmp.Diff("[\n{\"a\":1,\"b\":null}\n]\n", w.Body.String()); diff != "" {
		t.Error(diff)
	}
	w = get(t, s, "/download?format=csv&table=releases")
	if lines := strings.Count(w.Body.String(), "\n"); lines != 2 || !strings.Contains(w.Header().Get("Content-Disposition"), "releases.csv") {
		t.Errorf("%d lines of CSV, %s", lines, w.Header().Get("Content-Disposition"))
	}
	if w := get(t, s, "/download?format=parquet&sql=select+1"); w.Body.String() != "parquet of select 1" {
		t.Errorf("Parquet: %s", w.Body)
	}
	for _, url := range []string{"/download?format=csv&sql=drop+table+x", "/download?format=xls&table=releases", "/download?format=csv&table=nothing"} {
		if w := get(t, s, url); w.Code != http.StatusBadRequest || w.Header().Get("Content-Disposition") != "" && strings.Contains(url, "drop") {
			t.Errorf("%s: %d", url, w.Code)
		}
	}
}

// A publication in the middle of many readers: each page is of one file, and the new one is shown at last.
func TestPublicationWhileReading(t *testing.T) {
	s, path := showing(t, centre{contacts: 200, days: 14})
	contacts := func() string {
		for _, e := range with(show(t, s, "/data"), "data-name") {
			if attr(e, "data-name") == "unified_interactions" {
				return raw(t, e)
			}
		}
		return "none"
	}
	if got := contacts(); got != "200" {
		t.Fatal(got)
	}
	var group sync.WaitGroup
	stop := time.Now().Add(2 * time.Second)
	for range 4 {
		group.Go(func() {
			for time.Now().Before(stop) {
				if got := contacts(); got != "200" && got != "300" {
					t.Errorf("%s contacts", got)
				}
			}
		})
	}
	centre{contacts: 300, days: 14}.publish(t, path)
	group.Wait()
	if got := contacts(); got != "300" {
		t.Errorf("after the publication: %s", got)
	}
	if n := s.sources[""].current.readers; n != 0 {
		t.Errorf("%d readers are left", n)
	}
}

// Who follows the publications has the new file open before anybody asks, and stops when told.
func TestFollow(t *testing.T) {
	s, _ := showing(t, centre{contacts: 50, days: 14})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); s.Follow(ctx) }()
	opened := func() bool {
		now := s.sources[""].held(func(*snapshot) bool { return true })
		return now != nil && now.give() == nil
	}
	for deadline := time.Now().Add(time.Minute); !opened(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the file is not opened")
		}
	}
	cancel()
	<-ended
}

func TestReport(t *testing.T) {
	s, _ := showing(t, small)
	dir := t.TempDir()
	if err := s.Write(t.Context(), "", dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index", "explore", "quality", "runs", "data"} {
		f, err := os.Open(filepath.Join(dir, name+".html"))
		if err != nil {
			t.Fatal(err)
		}
		root, err := html.Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		if n := where(root, func(n *html.Node) bool { return n.Data == "form" }); len(n) > 0 {
			t.Errorf("%s has a form that nobody answers", name)
		}
		for _, n := range where(root, func(n *html.Node) bool {
			return attr(n, "href") != "" || attr(n, "src") != "" || attr(n, "data-chart") != ""
		}) {
			for _, key := range []string{"href", "src", "data-chart"} {
				link, _, _ := strings.Cut(attr(n, key), "#")
				if _, err := os.Stat(filepath.Join(dir, link)); err != nil {
					t.Errorf("%s: %s leads nowhere", name, attr(n, key))
				}
			}
		}
	}
}

func FuzzFilter(f *testing.F) {
	for _, seed := range []string{"", "days=7&figure=contact_kpis_daily.contacts&customer_tier=SMB", "from=2026-11-01&to=2026-11-26&sort=value&all=industry", "%zz&media_type=%00"} {
		f.Add(seed)
	}
	path := filepath.Join(f.TempDir(), "published.duckdb")
	centre{contacts: 50, days: 20}.publish(f, path)
	s := siteOf(f, Config{Files: map[string]File{"": onDisk(path)}})
	f.Fuzz(func(t *testing.T, query string) {
		w := get(t, s, "/explore", func(r *http.Request) { r.URL.RawQuery = query })
		if w.Code != http.StatusOK {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
