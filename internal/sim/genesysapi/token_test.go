package genesysapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sim/genesysapi"
)

func form(id, secret string) func(*http.Request) {
	return func(r *http.Request) {
		r.SetBasicAuth(id, secret)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
}

func TestLogin(t *testing.T) {
	d := serve(t, world{}, genesysapi.Options{TokenTTL: 5 * time.Minute})
	for _, c := range []struct {
		name, id, secret, body string
		status                 int
		want                   string
	}{
		{"good", "trunkline", "simulated", "grant_type=client_credentials", 200, ""},
		{"wrong secret", "trunkline", "guessed", "grant_type=client_credentials", 400, "invalid_client"},
		{"unknown client", "nobody", "simulated", "grant_type=client_credentials", 400, "invalid_client"},
		{"other grant", "trunkline", "simulated", "grant_type=password", 400, "unsupported_grant_type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := d.send(http.MethodPost, "/oauth/token", c.body, form(c.id, c.secret))
			var answer struct {
				Token       string `json:"access_token"`
				Type        string `json:"token_type"`
				Expires     int    `json:"expires_in"`
				Error       string `json:"error"`
				Description string `json:"error_description"`
			}
			if err := json.Unmarshal(got.body, &answer); err != nil {
				t.Fatal(err)
			}
			if got.status != c.status || answer.Error != c.want {
				t.Errorf("got %d %s", got.status, got.body)
			}
			if good := c.want == ""; good != (answer.Token != "" && answer.Expires == 300 && strings.EqualFold(answer.Type, "bearer")) {
				t.Errorf("got %s", got.body)
			}
		})
	}
	d.send(http.MethodGet, "/oauth/token", "").failed(t, http.StatusNotFound, "not.found")
}

func TestTokensThatAreNoGood(t *testing.T) {
	wall := noon
	d := serve(t, world{}, genesysapi.Options{TokenTTL: time.Hour, Wall: func() time.Time { return wall }})
	const path = "/api/v2/tokens/me"
	good := d.token
	d.token = "invented"
	d.get(path).failed(t, http.StatusUnauthorized, "bad.credentials")
	d.send(http.MethodGet, path, "", func(r *http.Request) { r.Header.Del("Authorization") }).failed(t, http.StatusUnauthorized, "authentication.required")
	d.token = good
	if got := d.get(path); got.status != http.StatusOK {
		t.Fatalf("a good token: %d", got.status)
	}
	wall = wall.Add(time.Hour)
	d.get(path).failed(t, http.StatusUnauthorized, "bad.credentials")
	d.login()
	if got := d.get(path); got.status != http.StatusOK {
		t.Errorf("the next token: %d", got.status)
	}
}

func TestRateLimit(t *testing.T) {
	wall := noon
	d := serve(t, world{}, genesysapi.Options{RatePerMinute: 2, Wall: func() time.Time { return wall }})
	const path = "/api/v2/organizations/me"
	first := d.get(path)
	if h := first.header; h.Get("inin-ratelimit-count") != "1" || h.Get("inin-ratelimit-allowed") != "2" || h.Get("inin-ratelimit-reset") != "60" {
		t.Errorf("headers %v", h)
	}
	d.get(path)
	wall = wall.Add(15 * time.Second)
	for i, code := range []string{"too.many.requests.retry.after", "too.many.requests", "too.many.requests.retry.after"} {
		got := d.get(path)
		if got.status != http.StatusTooManyRequests || !strings.Contains(string(got.body), `"code":"`+code+`"`) {
			t.Errorf("call %d: %d %s", i, got.status, got.body)
		}
		if after := got.header.Get("Retry-After"); after != "45" {
			t.Errorf("call %d: Retry-After %q", i, after)
		}
		if code == "too.many.requests.retry.after" && !strings.Contains(string(got.body), "[45] seconds") {
			t.Errorf("call %d: %s", i, got.body)
		}
	}
	other := *d
	other.login()
	if got := other.get(path); got.status != http.StatusOK {
		t.Errorf("another token: %d", got.status)
	}
	wall = wall.Add(45 * time.Second)
	if got := d.get(path); got.status != http.StatusOK {
		t.Errorf("a minute later: %d", got.status)
	}
}
