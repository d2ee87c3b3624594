package web

import (
	"net/http"
	"path/filepath"
	"testing"
)

// A browser sends the token over encrypted connections only, if those are what reaches the page, by a proxy or not.
func TestCookieBehindTLS(t *testing.T) {
	for _, behind := range []bool{false, true} {
		s := siteOf(t, Config{
			Files: map[string]File{"": onDisk(filepath.Join(t.TempDir(), "none"))}, Tokens: map[string]string{"whole-whole-whole": ""}, BehindTLS: behind,
		})
		cookies := get(t, s, "/?token=whole-whole-whole").Result().Cookies()
		if len(cookies) != 1 || cookies[0].Secure != behind {
			t.Errorf("behind TLS %v: %v", behind, cookies)
		}
	}
}

// Metrics tell of all data, and so only to who may see all.
func TestMetricsAreOfTheWhole(t *testing.T) {
	none := onDisk(filepath.Join(t.TempDir(), "none"))
	c := Config{
		Files:   map[string]File{"": none, "finance": none},
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("up 1")) }),
	}
	for role, want := range map[string]int{"": http.StatusOK, "finance": http.StatusForbidden} {
		c.Tokens, c.Role = map[string]string{"the token of it": role}, ""
		w := get(t, siteOf(t, c), "/metrics", func(r *http.Request) { r.Header.Set("Authorization", "Bearer the token of it") })
		if w.Code != want || want != http.StatusOK && w.Body.String() == "up 1" {
			t.Errorf("with a token of %q: %d", role, w.Code)
		}
		c.Tokens, c.Role = nil, role
		if w := get(t, siteOf(t, c), "/metrics"); w.Code != want {
			t.Errorf("as %q without tokens: %d", role, w.Code)
		}
	}
	c.Tokens, c.Role = map[string]string{"the token of it": MetricsRole}, ""
	s := siteOf(t, c)
	for url, want := range map[string]int{"/metrics": http.StatusOK, "/": http.StatusForbidden, "/download?table=accounts": http.StatusForbidden} {
		w := get(t, s, url, func(r *http.Request) { r.Header.Set("Authorization", "Bearer the token of it") })
		if w.Code != want {
			t.Errorf("%s with a token for metrics: %d", url, w.Code)
		}
	}
}
