package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/html"

	"trunkline/dashboards/web"
	"trunkline/loaders/duckdb"
	"trunkline/sql"
)

// TestServeShowsTheDemo: the page answers with the demo's numbers, for each role with those of its file, and report writes the same.
func TestServeShowsTheDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	var out, logs bytes.Buffer
	if code := run(t.Context(), []string{"demo", "--per-day", "40", "--dir", dir}, &out, &logs); code != 0 {
		t.Fatalf("demo: %d\n%s", code, &logs)
	}
	if !strings.Contains(out.String(), "serve   shows it at http://"+pageAddr+"/") {
		t.Errorf("the demo does not tell where its page is:\n%s", &out)
	}
	config := filepath.Join(dir, "trunkline.yaml")
	withRoleFiles(t, config)
	if code := run(t.Context(), []string{"-c", config, "publish", "--again", "--as-of", time.Now().Format(time.RFC3339)}, &out, &logs); code != 0 {
		t.Fatalf("publish: %d\n%s", code, &logs)
	}
	site := siteOf(t, config, "")
	published := duckdb.Config{Published: filepath.Join(dir, "published.duckdb")}
	if text := page(t, site, "/metrics"); !strings.Contains(text, `trunkline_run_last_success_timestamp_seconds{stage="publish"}`) {
		t.Errorf("/metrics does not tell of the publication:\n%s", text)
	}
	tiles := tilesOf(t, page(t, site, "/"))
	if len(tiles) < 12 {
		t.Errorf("%d figures on the overview, at least 12 are expected", len(tiles))
	}
	for _, tile := range tiles {
		g, err := ask(t.Context(), published, tile.query(t))
		if err != nil {
			t.Fatal(err)
		}
		if want := cellText(g.rows[0][0]); tile.value != want {
			t.Errorf("%s.%s is %s on the page, and %s in the file", tile.view, tile.measure, tile.value, want)
		}
	}
	for role, hidden := range map[string][]string{
		"supervisor": {"<code>ltv_usd</code>", "Lifetime value", "<code>open_amount</code>"},
		"finance":    {"<code>agent_name</code>", "<code>agent_id</code>", "agent_performance_daily"},
	} {
		own := siteOf(t, config, role)
		for _, url := range []string{"/", "/explore", "/quality", "/runs", "/data"} {
			whole, less := page(t, site, url), page(t, own, url)
			for _, name := range hidden {
				if strings.Contains(less, name) {
					t.Errorf("%s: the page of %s tells of %s", url, role, name)
				}
				if url == "/data" && !strings.Contains(whole, name) {
					t.Errorf("%s is nowhere on the whole page: the test looks for the wrong word", name)
				}
			}
		}
	}
	site2 := filepath.Join(dir, "site")
	if code := run(t.Context(), []string{"-c", config, "report", "--out", site2}, &out, &logs); code != 0 {
		t.Fatalf("report: %d\n%s", code, &logs)
	}
	index, err := os.ReadFile(filepath.Join(site2, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for i, tile := range tilesOf(t, string(index)) {
		if tile != tiles[i] {
			t.Errorf("the report says %v, the page %v", tile, tiles[i])
		}
	}
}

// withRoleFiles lets a configuration publish for each role.
func withRoleFiles(t *testing.T, config string) {
	t.Helper()
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte("memory_limit: 512MB}"), []byte("memory_limit: 512MB, roles: {supervisor: supervisor.duckdb, finance: finance.duckdb}}"), 1)
	if err := os.WriteFile(config, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func siteOf(t *testing.T, config, role string) *web.Site {
	t.Helper()
	a := newApp(new(bytes.Buffer), new(bytes.Buffer))
	a.flags.config = config
	c, err := a.pageConfig(pageFlags{role: role})
	if err != nil {
		t.Fatal(err)
	}
	site, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = site.Close() })
	return site
}

func page(t *testing.T, site *web.Site, url string) string {
	t.Helper()
	w := httptest.NewRecorder()
	site.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1"+url, http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", url, w.Code, w.Body)
	}
	return w.Body.String()
}

// shownTile is a figure as it stands on the page.
type shownTile struct{ view, measure, from, to, value string }

func tilesOf(t *testing.T, text string) []shownTile {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var all []shownTile
	for n := range root.Descendants() {
		if n.Data != "article" {
			continue
		}
		at := map[string]string{}
		for _, a := range n.Attr {
			at[a.Key] = a.Val
		}
		tile := shownTile{view: at["data-view"], measure: at["data-measure"], from: at["data-from"], to: at["data-to"]}
		for d := range n.Descendants() {
			if d.Data == "data" && tile.value == "" && len(d.Attr) == 1 {
				tile.value = d.Attr[0].Val
			}
		}
		all = append(all, tile)
	}
	return all
}

// query asks the view itself.
func (s shownTile) query(t *testing.T) string {
	t.Helper()
	views, err := sql.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		for _, m := range v.Measures() {
			if v.Name == s.view && m.Name == s.measure {
				return fmt.Sprintf("select %s from %s where business_date between '%s' and '%s'", m.Over(sql.DuckDB()), v.Name, s.from, s.to)
			}
		}
	}
	t.Fatalf("there is no figure %s.%s", s.view, s.measure)
	return ""
}

// Other machines need a token, and it must not go to them in clear text.
func TestMayListen(t *testing.T) {
	for addr, near := range map[string]bool{
		"127.0.0.1:9009": true, "localhost:0": true, "[::1]:80": true, ":9009": false, "0.0.0.0:9009": false, "10.1.2.3:80": false, "example.com:80": false,
	} {
		for _, c := range []struct {
			flags pageFlags
			wrong string
		}{
			{pageFlags{}, "no token is asked for"},
			{pageFlags{proxied: true}, "no token is asked for"},
			{pageFlags{cert: "c", key: "k"}, "no token is asked for"},
			{pageFlags{tokens: "t"}, "unencrypted"},
			{pageFlags{tokens: "t", cert: "c", key: "k"}, ""},
			{pageFlags{tokens: "t", proxied: true}, ""},
		} {
			c.flags.addr = addr
			err := c.flags.mayListen()
			if may := near || c.wrong == ""; may != (err == nil) || !may && !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%+v: %v, want %q", c.flags, err, c.wrong)
			}
		}
	}
	if (pageFlags{addr: "9009", tokens: "t", proxied: true}).mayListen() == nil {
		t.Error("an address without a port is one")
	}
}

func TestReadTokens(t *testing.T) {
	files := map[string]web.File{"": nil, "supervisor": nil}
	long := strings.Repeat("x", leastToken)
	for text, wrong := range map[string]string{
		"# ours\n\nadmin=" + long + "\nsupervisor = s" + long + "\nmetrics=m" + long + "\n": "",
		"": "holds none", "admin": "role=token", "finance=" + long: "no file is published", "admin=short": "the token of admin is shorter",
		"admin=" + long + "\nsupervisor=" + long: "another line",
	} {
		file := filepath.Join(t.TempDir(), "tokens")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		tokens, err := readTokens(file, files)
		if wrong == "" && (err != nil || tokens[long] != "" || tokens["s"+long] != "supervisor" || tokens["m"+long] != web.MetricsRole || len(tokens) != 3) {
			t.Errorf("%q: %v, %v", text, tokens, err)
		}
		if wrong != "" && (err == nil || !strings.Contains(err.Error(), wrong)) {
			t.Errorf("%q: %v, want %q", text, err, wrong)
		}
		if wrong == "" {
			if err := os.Chmod(file, 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := readTokens(file, files); err == nil {
				t.Error("tokens that everybody can read are taken")
			}
		}
	}
}

// TestServeUntilStopped: it tells where it is, answers there, and being stopped is its usual end.
func TestServeUntilStopped(t *testing.T) {
	file := filepath.Join(t.TempDir(), "published.duckdb")
	if err := os.WriteFile(file, nil, 0o600); err != nil { // it is opened when somebody asks
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "trunkline", "serve", "--addr", "127.0.0.1:0", "--database", file)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSpace(url)+"healthz", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("status %d, %v", res.StatusCode, err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := codeOf(t, cmd.Wait()); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
