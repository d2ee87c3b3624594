package genesysapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sim/genesysapi"
)

const organization = "/api/v2/organizations/me"

func TestFaults(t *testing.T) {
	strike := func(k genesysapi.FaultKind) *desk {
		return serve(t, world{talks: day(3)}, genesysapi.Options{Faults: []genesysapi.Fault{
			{Kind: k, Path: "/organizations", Calls: []int{2}, Delay: 20 * time.Millisecond},
		}})
	}
	for name, c := range map[string]struct {
		kind   genesysapi.FaultKind
		status int
		code   string
	}{
		"503": {genesysapi.Unavailable, http.StatusServiceUnavailable, "service.unavailable"},
		"504": {genesysapi.TimedOut, http.StatusGatewayTimeout, "request.timeout"},
		"403": {genesysapi.Forbidden, http.StatusForbidden, "missing.permissions"},
		"401": {genesysapi.Revoked, http.StatusUnauthorized, "bad.credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			d := strike(c.kind)
			if got := d.get(organization); got.status != http.StatusOK {
				t.Errorf("the first call: %d", got.status)
			}
			d.get(organization).failed(t, c.status, c.code)
			again := d.get("/api/v2/tokens/me")
			if revoked := again.status == http.StatusUnauthorized; revoked != (c.kind == genesysapi.Revoked) {
				t.Errorf("the same token: %d", again.status)
			}
		})
	}
	t.Run("502 is HTML", func(t *testing.T) {
		d := strike(genesysapi.BadGateway)
		d.get(organization)
		got := d.get(organization)
		if got.status != http.StatusBadGateway || !strings.HasPrefix(string(got.body), "<html>") || got.header.Get("Content-Type") != "text/html" {
			t.Errorf("%d %s", got.status, got.body)
		}
	})
	t.Run("429 says when", func(t *testing.T) {
		d := strike(genesysapi.Throttled)
		d.get(organization)
		if got := d.get(organization); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "1" {
			t.Errorf("%d %v", got.status, got.header)
		}
	})
	t.Run("slow", func(t *testing.T) {
		d, begin := strike(genesysapi.Slow), time.Now()
		d.get(organization)
		if got := d.get(organization); got.status != http.StatusOK || time.Since(begin) < 20*time.Millisecond {
			t.Errorf("%d after %s", got.status, time.Since(begin))
		}
	})
}

func TestTruncatedBodies(t *testing.T) {
	d := serve(t, world{talks: day(3)}, genesysapi.Options{Faults: []genesysapi.Fault{{Kind: genesysapi.Truncated, Path: "/details", Calls: []int{1, 2}}}})
	for _, encoding := range []string{"identity", "gzip"} {
		got, err := d.try(http.MethodPost, details+"/query", `{`+yesterday+`}`, func(r *http.Request) { r.Header.Set("Accept-Encoding", encoding) })
		if err == nil || got.status != http.StatusOK || len(got.body) == 0 || len(got.body) > 200 {
			t.Errorf("%s: %d, %d bytes, error %v", encoding, got.status, len(got.body), err)
		}
	}
	if got := d.post(details+"/query", `{`+yesterday+`}`); got.status != http.StatusOK {
		t.Errorf("afterwards: %d", got.status)
	}
}

func TestTokenThatNeverWorks(t *testing.T) {
	d := serve(t, world{}, genesysapi.Options{Faults: []genesysapi.Fault{{Kind: genesysapi.Revoked, Path: "/api/v2/", Share: 1}}})
	for range 3 {
		d.get(organization).failed(t, http.StatusUnauthorized, "bad.credentials")
		d.login()
	}
}

func TestChanceIsTheSameInEveryRun(t *testing.T) {
	run := func(seed uint64) (struck []int) {
		d := serve(t, world{}, genesysapi.Options{Seed: seed, Faults: []genesysapi.Fault{{Kind: genesysapi.Unavailable, Path: "/api/v2/", Share: 0.2}}})
		for i := range 100 {
			if d.get(organization).status != http.StatusOK {
				struck = append(struck, i)
			}
		}
		return struck
	}
	first, second, other := run(1), run(1), run(2)
	if !slices.Equal(first, second) || slices.Equal(first, other) || len(first) < 5 || len(first) > 40 {
		t.Errorf("struck %v, %v and %v", first, second, other)
	}
}
