// Package salesforce is a thin client of the Salesforce REST and Bulk 2.0 APIs: one login for all callers, queries that follow
// their pages, typed errors, and a guard that leaves the organisation's daily calls to others. It knows nothing of what is
// read with it.
package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"trunkline/internal/httpx"
	"trunkline/internal/secret"
)

// Config says which organisation is meant and how it is to be treated. The zero value of a field is its default.
type Config struct {
	URL          string // the My Domain address, https://acme.my.salesforce.com
	ClientID     string
	ClientSecret secret.Secret
	Version      string // of the API; v67.0

	Budget    *httpx.Budget // shared by all clients of one organisation
	CallShare float64       // of the organisation's daily calls, spent by anybody, at which this client stops; 0.8

	Poll       time.Duration // the first wait for a Bulk job, then growing to 30 seconds; 1 second
	BulkPage   int           // rows of a page of Bulk results; 50000
	TempDir    string        // for a page of Bulk results; the system's
	Backoff    time.Duration // httpx.Config.Backoff
	MaxElapsed time.Duration // httpx.Config.MaxElapsed
}

// Client asks one organisation. It may be used by several goroutines.
type Client struct {
	config Config
	http   *httpx.Client
	login  *httpx.Client

	mu          sync.Mutex
	spent, most int           // the organisation's daily calls, as the last answer told them; most is 0 before the first
	ahead       time.Duration // of the server's clock before ours
}

// DefaultVersion is the version of the API that is asked if none is configured.
const DefaultVersion = "v67.0"

// sessionTTL is how long a token is trusted: its life is the organisation's setting, which no answer tells, and at least 15
// minutes, mostly two hours. One that ends earlier is renewed when it is refused.
const sessionTTL = 25 * time.Minute

var versionPattern = regexp.MustCompile(`^v[0-9]{2,3}\.0$`)

// New makes a client. It does not connect.
func New(c Config) (*Client, error) {
	setDefault(&c.Version, DefaultVersion)
	if !strings.HasPrefix(c.Version, "v") { // as people write it
		c.Version = "v" + c.Version
	}
	setDefault(&c.CallShare, 0.8)
	setDefault(&c.Poll, time.Second)
	setDefault(&c.BulkPage, 50_000)
	if err := c.check(); err != nil {
		return nil, err
	}
	c.URL = strings.TrimRight(c.URL, "/")
	client := &Client{config: c}
	shared := httpx.Config{Name: "salesforce", Budget: c.Budget, Backoff: c.Backoff, MaxElapsed: c.MaxElapsed, Verdict: verdict}
	client.login = httpx.New(shared)
	shared.Login, shared.TokenTTL = client.token, sessionTTL
	client.http = httpx.New(shared)
	return client, nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func (c *Config) check() error {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil, u.Host == "", u.Scheme != "https" && u.Scheme != "http":
		return errors.New("login_url: want the My Domain address, like https://acme.my.salesforce.com")
	case u.Scheme == "http" && strings.HasSuffix(u.Hostname(), "salesforce.com"):
		return errors.New("login_url: want https, so that the secret is not sent in the clear")
	case u.Hostname() == "login.salesforce.com", u.Hostname() == "test.salesforce.com":
		return errors.New("login_url: client credentials are accepted only at the My Domain address, like https://acme.my.salesforce.com")
	case c.ClientID == "":
		return errors.New("client_id is missing")
	case c.ClientSecret.IsZero():
		return errors.New("client_secret is missing")
	case !versionPattern.MatchString(c.Version):
		return fmt.Errorf("api_version %q: want a form like %s", c.Version, DefaultVersion)
	case c.CallShare < 0 || c.CallShare > 1:
		return fmt.Errorf("call_share %v: want a share from 0 to 1", c.CallShare)
	}
	return nil
}

// Connect logs in, which the first call would do otherwise.
func (c *Client) Connect(ctx context.Context) error { return classify(c.http.Connect(ctx)) }

// token logs in with client credentials.
func (c *Client) token(ctx context.Context) (httpx.Token, error) {
	form := url.Values{
		"grant_type":    {"client_credentials"},
		"client_id":     {c.config.ClientID},
		"client_secret": {c.config.ClientSecret.Reveal()},
	}
	var got struct {
		AccessToken string `json:"access_token"`
		InstanceURL string `json:"instance_url"`
	}
	_, err := c.login.Do(ctx, httpx.Request{
		Method: http.MethodPost, URL: c.config.URL + "/services/oauth2/token",
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte(form.Encode()),
		Check: func(body []byte) error { return json.Unmarshal(body, &got) },
	})
	if err != nil {
		err = classify(err)
		if e, ok := errors.AsType[*Error](err); ok {
			e.Login = true
			if e.Class == Refused || e.Class == Absent {
				e.Class = Denied
			}
		}
		return httpx.Token{}, err
	}
	home, err := url.Parse(got.InstanceURL)
	if err != nil || got.AccessToken == "" || home.Host == "" || (home.Scheme != "https" && strings.HasPrefix(c.config.URL, "https:")) {
		return httpx.Token{}, &Error{Class: Damaged, Login: true, Message: "the login's answer has no token or no https address of the organisation"}
	}
	return httpx.Token{Value: got.AccessToken, BaseURL: got.InstanceURL}, nil
}

// path gives the address of a resource below the configured version.
func (c *Client) path(parts ...string) string {
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "/services/data/" + c.config.Version + "/" + strings.Join(parts, "/")
}

// do makes a call and decodes its answer into v. A body that is no JSON is asked for again.
func (c *Client) do(ctx context.Context, r httpx.Request, v any) error {
	if err := c.guard(); err != nil {
		return err
	}
	r.Check = func(body []byte) error { return decode(body, v) }
	res, err := c.http.Do(ctx, r)
	if err != nil {
		return classify(err)
	}
	c.note(res.Header)
	return nil
}

// guard stops before the organisation's daily calls are spent, for others need them too.
func (c *Client) guard() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.most > 0 && float64(c.spent) >= c.config.CallShare*float64(c.most) {
		return &Error{Class: Spent, Message: fmt.Sprintf("%d of the organisation's %d daily calls are spent, and the limit is set to %g%%",
			c.spent, c.most, 100*c.config.CallShare)}
	}
	return nil
}

// The header goes on with the share of this application, which has no say here.
var usagePattern = regexp.MustCompile(`(?:^|[^-])api-usage=(\d+)/(\d+)`)

// note keeps what every answer tells of the day's calls and of the server's clock.
func (c *Client) note(h http.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := usagePattern.FindStringSubmatch(h.Get("Sforce-Limit-Info")); m != nil {
		spent, err1 := strconv.Atoi(m[1])
		most, err2 := strconv.Atoi(m[2])
		if err1 == nil && err2 == nil {
			c.spent, c.most = spent, most
		}
	}
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		c.ahead = time.Until(at)
	}
}

// Now is the time by the server's clock, as far as its answers told it.
func (c *Client) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead).UTC()
}

// Usage counts what was asked so far, logins included.
func (c *Client) Usage() httpx.Usage {
	u, l := c.http.Usage(), c.login.Usage()
	return httpx.Usage{
		Calls: u.Calls + l.Calls, Retries: u.Retries + l.Retries, Throttled: u.Throttled + l.Throttled, Bytes: u.Bytes + l.Bytes,
	}
}
