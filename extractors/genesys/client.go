package genesys

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"trunkline/internal/httpx"
	"trunkline/pipeline"
)

// correlationHeader names a call to the vendor's support.
const correlationHeader = "Inin-Correlation-Id"

// apiPath is where the API begins.
const apiPath = "/api/v2"

// login gets a token for the client's own credentials.
func (x *Extractor) login(ctx context.Context) (httpx.Token, error) {
	credentials := x.config.ClientID + ":" + x.config.ClientSecret.Reveal()
	res, err := x.auth.Do(ctx, httpx.Request{
		Method: http.MethodPost,
		URL:    loginHost(x.config.BaseURL) + "/oauth/token",
		Header: http.Header{
			"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(credentials))},
			"Content-Type":  {"application/x-www-form-urlencoded"},
		},
		Body: []byte(url.Values{"grant_type": {"client_credentials"}}.Encode()),
	})
	if err != nil {
		return httpx.Token{}, refusedLogin(err)
	}
	var token struct {
		AccessToken string  `json:"access_token"`
		ExpiresIn   float64 `json:"expires_in"`
	}
	if err := json.Unmarshal(res.Body, &token); err != nil || token.AccessToken == "" {
		return httpx.Token{}, &pipeline.Error{
			Code: "TL4101", Kind: pipeline.Denied, What: "genesys: log in: the answer holds no token",
			Cure: "Check base_url: its login host must be that of the region",
		}
	}
	t := httpx.Token{Value: token.AccessToken, BaseURL: x.config.BaseURL}
	if token.ExpiresIn > 0 {
		t.Expires = time.Now().Add(time.Duration(token.ExpiresIn * float64(time.Second)))
	}
	return t, nil
}

// loginHost is the host of the tokens that belongs to a host of the API. An API elsewhere serves its tokens itself.
func loginHost(base string) string { return strings.Replace(base, "//api.", "//login.", 1) }

// get calls a path and lets decode have the body. An error of decode says that the body is damaged: the call is made again.
func (x *Extractor) get(ctx context.Context, path string, decode func([]byte) error) error {
	_, err := x.api.Do(ctx, httpx.Request{URL: apiPath + path, Check: decode})
	return err
}

// post sends a query and lets decode have the body, like get.
func (x *Extractor) post(ctx context.Context, path string, query any, decode func([]byte) error) error {
	body, err := json.Marshal(query)
	if err != nil {
		return fmt.Errorf("encode the query for %s: %w", path, err)
	}
	_, err = x.api.Do(ctx, httpx.Request{
		Method: http.MethodPost, URL: apiPath + path, Body: body, Check: decode,
		Header: http.Header{"Content-Type": {"application/json"}},
	})
	return err
}

// into decodes a body as a whole.
func into(v any) func([]byte) error {
	return func(body []byte) error { return json.Unmarshal(body, v, lenient) }
}

// interval writes a span of time the way queries want it.
func interval(from, to time.Time) string {
	const layout = "2006-01-02T15:04:05.000Z"
	return from.UTC().Format(layout) + "/" + to.UTC().Format(layout)
}

// verdict knows the codes that mean something else than their status.
func verdict(e *httpx.StatusError) httpx.Verdict {
	switch parseBody(e.Body).Code {
	case "ip.not.authorized":
		return httpx.Fatal
	case "client.failed.request":
		return httpx.Retry
	}
	return httpx.DefaultVerdict(e)
}

var secondsAsked = regexp.MustCompile(`\[?(\d{1,5})\]? *seconds?`)

// askedWait reads the seconds to wait from a message. Only one code means them so: the other names the window of the limit.
func askedWait(e *httpx.StatusError) time.Duration {
	b := parseBody(e.Body)
	if b.Code != "too.many.requests.retry.after" {
		return 0
	}
	m := secondsAsked.FindStringSubmatch(b.Message)
	if m == nil {
		return 0
	}
	seconds, _ := strconv.Atoi(m[1]) // digits by the expression
	return time.Duration(seconds) * time.Second
}
