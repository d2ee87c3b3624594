package genesys_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"trunkline/extractors/genesys"
	"trunkline/internal/secret"
	"trunkline/internal/sim/genesysapi"
	"trunkline/pipeline"
)

func wantCode(t *testing.T, err error, code string, kind pipeline.Kind) {
	t.Helper()
	var e *pipeline.Error
	if !errors.As(err, &e) || e.Code != code || e.Kind != kind {
		t.Errorf("got %v, want %s", err, code)
	}
	if e != nil && e.Cure == "" {
		t.Errorf("%v has no cure", err)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		status        int
		code, message string
		want          string
		kind          pipeline.Kind
		says          string
	}{
		"permission named": {
			403, "missing.permissions", "Unable to perform the requested action. You are missing the following permission(s): routing:queue:search",
			"TL4103", pipeline.Denied, "routing:queue:search",
		},
		"permission not named": {403, "not.authorized", "You are not authorized", "TL4103", pipeline.Denied, "routing:queue:view"},
		"address refused":      {401, "ip.not.authorized", "Not from here", "TL4102", pipeline.Denied, "ip.not.authorized"},
		"token never good":     {401, "bad.credentials", "Invalid login credentials.", "TL4102", pipeline.Denied, "bad.credentials"},
		"our own fault":        {400, "constraint.validation", "pageSize", "TL4110", pipeline.Failure, "constraint.validation"},
	} {
		t.Run(name, func(t *testing.T) {
			centre := newCentre(t, nil, genesysapi.Options{})
			centre.fault = func(w http.ResponseWriter, r *http.Request, _ int64) bool {
				hit := r.URL.Path == "/api/v2/routing/queues"
				if hit {
					w.Header().Set("Inin-Correlation-Id", "corr-17")
					genesysapi.WriteError(w, c.status, c.code, c.message)
				}
				return hit
			}
			_, err := read(t.Context(), centre.open(t), "queues", day)
			wantCode(t, err, c.want, c.kind)
			for _, text := range []string{c.says, "corr-17"} {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%v does not say %s", err, text)
				}
			}
			if logins := centre.count("POST /oauth/token"); logins > 2 {
				t.Errorf("%d logins", logins)
			}
		})
	}
}

func TestAClientThatIsRefused(t *testing.T) {
	c := newCentre(t, nil, genesysapi.Options{})
	config := c.config(func(c *genesys.Config) { c.ClientSecret = secret.New("wrong-secret") })
	_, err := genesys.Open(t.Context(), config)
	wantCode(t, err, "TL4101", pipeline.Denied)
	if strings.Contains(err.Error(), "wrong-secret") || !strings.Contains(err.Error(), "invalid_client") {
		t.Errorf("error %v", err)
	}
	if n := c.count("POST /oauth/token"); n != 1 {
		t.Errorf("%d logins, want 1", n)
	}
}

func TestAnAnswerWithoutAToken(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"ok":true}`)) }))
	t.Cleanup(s.Close)
	_, err := genesys.Open(t.Context(), genesys.Config{BaseURL: s.URL, ClientID: "a", ClientSecret: secret.New("b")})
	wantCode(t, err, "TL4101", pipeline.Denied)
}

func TestConfigurationsThatCannotWork(t *testing.T) {
	good := genesys.Config{BaseURL: "https://api.example", ClientID: "a", ClientSecret: secret.New("b")}
	for name, spoil := range map[string]func(*genesys.Config){
		"no address":        func(c *genesys.Config) { c.BaseURL = "" },
		"not an address":    func(c *genesys.Config) { c.BaseURL = "api.mypurecloud.com" },
		"no client":         func(c *genesys.Config) { c.ClientID = "" },
		"no secret":         func(c *genesys.Config) { c.ClientSecret = secret.Secret{} },
		"negative parallel": func(c *genesys.Config) { c.Parallel = -1 },
		"read again today":  func(c *genesys.Config) { c.Again = []int{1, 0} },
	} {
		t.Run(name, func(t *testing.T) {
			c := good
			spoil(&c)
			_, err := genesys.Open(t.Context(), c)
			wantCode(t, err, "TL4100", pipeline.Misuse)
		})
	}
}

func TestARateLimitIsWaitedOut(t *testing.T) {
	w := newWorld(midnight, 60, 10*time.Minute)
	began := time.Now()
	fast := func() time.Time { return midnight.Add(48 * time.Hour).Add(time.Since(began) * 60) } // a minute a second
	c := newCentre(t, w, genesysapi.Options{Now: fast, RatePerMinute: 10})
	c.fault = func(rw http.ResponseWriter, r *http.Request, _ int64) bool {
		inner := &unhurried{ResponseWriter: rw}
		c.api.ServeHTTP(inner, r)
		return true
	}
	x := c.open(t)
	mustRead(t, x, day, w.ids(day, midnight.Add(48*time.Hour)))
	if u := x.Usage(); u.Throttled == 0 {
		t.Errorf("usage %+v: nothing was throttled", u)
	}
}

// A source that is down is asked once, and what the network said is told.
func TestCheckTriesOnce(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	began := time.Now()
	f := genesys.Check(t.Context(), genesys.Config{BaseURL: gone.URL, ClientID: "a", ClientSecret: secret.New("b")})
	if len(f) != 1 || f[0].Kind != pipeline.Upstream || !strings.Contains(f[0].Detail, "refused") || !strings.Contains(f[0].Detail, "attempts: 1") {
		t.Errorf("%+v, want one finding that the connection was refused", f)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

// unhurried makes the seconds to wait those of the test's clock.
type unhurried struct{ http.ResponseWriter }

func (u *unhurried) WriteHeader(code int) {
	if code == http.StatusTooManyRequests {
		u.Header().Set("Retry-After", "0.2")
	}
	u.ResponseWriter.WriteHeader(code)
}

func TestCheckFindsWhatIsMissing(t *testing.T) {
	c := newCentre(t, nil, genesysapi.Options{Lag: 8 * time.Hour})
	config := c.config(func(c *genesys.Config) { c.Intraday, c.Aggregates = true, true })
	for _, f := range genesys.Check(t.Context(), config) {
		if !f.OK {
			t.Errorf("%+v", f)
		}
	}
	c.fault = func(w http.ResponseWriter, r *http.Request, _ int64) bool {
		hit := strings.Contains(r.URL.Path, "/wrapupcodes")
		if hit {
			genesysapi.WriteError(w, 403, "missing.permissions", "no")
		}
		return hit
	}
	var bad []string
	for _, f := range genesys.Check(t.Context(), config) {
		if !f.OK {
			bad = append(bad, f.Name)
			if !strings.Contains(f.Cure, "routing:wrapupCode:view") || !strings.Contains(f.Detail, "TL4103") {
				t.Errorf("%+v", f)
			}
		}
	}
	if len(bad) != 1 || bad[0] != "wrapupcodes" {
		t.Errorf("found %q", bad)
	}
	config.ClientSecret = secret.New("wrong")
	if f := genesys.Check(t.Context(), config); len(f) != 1 || f[0].OK || f[0].Cure == "" {
		t.Errorf("a refused client: %+v", f)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if f := genesys.Check(ended, config); len(f) > 1 {
		t.Errorf("after the end: %+v", f)
	}
	if f := genesys.Check(t.Context(), genesys.Config{}); len(f) != 1 || f[0].OK {
		t.Errorf("no configuration: %+v", f)
	}
}
