package web

import (
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
