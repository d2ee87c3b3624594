package genesysapi

import (
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A rate window opens with a token's first call and lasts this long.
const rateWindow = time.Minute

// tokens are what the service has issued, and how often each was used.
type tokens struct {
	credentials map[string]string
	ttl         time.Duration
	rate        int

	mu      sync.Mutex
	issued  uint64
	refused uint64 // for the rate
	live    map[string]*token
}

type token struct {
	client  string
	expires time.Time
	window  time.Time // when the rate window opened
	calls   int       // in the window
}

func newTokens(o Options) *tokens {
	return &tokens{credentials: o.Credentials, ttl: o.TokenTTL, rate: o.RatePerMinute, live: map[string]*token{}}
}

// login is POST /oauth/token. Its errors are those of OAuth, not of the platform API.
func (a *API) login(w http.ResponseWriter, r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if kind != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
		return &oauthFailure{"invalid_request", "a form is expected"}
	}
	id, secret, ok := r.BasicAuth()
	if want, known := a.tokens.credentials[id]; !ok || !known || want != secret {
		return &oauthFailure{"invalid_client", "authentication failed"}
	}
	if r.PostForm.Get("grant_type") != "client_credentials" {
		return &oauthFailure{"unsupported_grant_type", "the client may only use client_credentials"}
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": a.tokens.issue(id, a.opts.Wall()), "token_type": "bearer", "expires_in": int(a.tokens.ttl / time.Second),
	})
	return nil
}

func (t *tokens) issue(client string, now time.Time) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.issued++
	value := "simulated-" + strings.ReplaceAll(uuidOf("token", t.issued), "-", "")
	t.live[value] = &token{client: client, expires: now.Add(t.ttl)}
	return value
}

func (t *tokens) revokeAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.live)
}

// clientOf names the OAuth client of a call that was admitted.
func (t *tokens) clientOf(r *http.Request) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if held := t.live[bearer(r)]; held != nil {
		return held.client
	}
	return ""
}

// admit counts a call of a token, and refuses it if the token is not good or has no calls left in this minute.
func (t *tokens) admit(h http.Header, r *http.Request, now time.Time) error {
	value := bearer(r)
	if value == "" {
		return &failure{status: http.StatusUnauthorized, code: "authentication.required", message: "No authentication bearer token specified in authorization header."}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	held := t.live[value]
	if held == nil || !now.Before(held.expires) {
		delete(t.live, value)
		return errBadCredentials()
	}
	if t.rate == 0 {
		return nil
	}
	if !now.Before(held.window.Add(rateWindow)) || now.Before(held.window) {
		held.window, held.calls = now, 0
	}
	held.calls++
	left := held.window.Add(rateWindow).Sub(now)
	reset := max(1, int((left+time.Second-1)/time.Second))
	h.Set("Inin-Ratelimit-Count", strconv.Itoa(held.calls))
	h.Set("Inin-Ratelimit-Allowed", strconv.Itoa(t.rate))
	h.Set("Inin-Ratelimit-Reset", strconv.Itoa(reset))
	if held.calls <= t.rate {
		return nil
	}
	t.refused++
	return tooMany(t.refused, t.rate, reset)
}

func errBadCredentials() error {
	return &failure{status: http.StatusUnauthorized, code: "bad.credentials", message: "Invalid login credentials."}
}

// tooMany is the refusal of a call over the limit: the service has two ways to say it.
func tooMany(serial uint64, rate, reset int) error {
	if serial%2 == 1 {
		return &failure{
			status: http.StatusTooManyRequests, code: "too.many.requests.retry.after", retryAfter: reset,
			message: fmt.Sprintf("Rate limit exceeded the maximum. Retry the request in [%d] seconds", reset),
			params:  map[string]string{"retryAfter": strconv.Itoa(reset)},
		}
	}
	seconds := int(rateWindow / time.Second)
	return &failure{
		status: http.StatusTooManyRequests, code: "too.many.requests", retryAfter: reset,
		message: fmt.Sprintf("Rate limit exceeded the maximum [%d] requests within [%d] seconds", rate, seconds),
		params:  map[string]string{"maxRequests": strconv.Itoa(rate), "timeWindow": strconv.Itoa(seconds)},
	}
}

func bearer(r *http.Request) string {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(value)
}
