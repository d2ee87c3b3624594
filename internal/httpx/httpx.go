// Package httpx makes HTTP calls that end well: with one shared budget of calls, one login for all callers, retries that wait as long
// as the server asks, and errors that say what happened without showing a secret. It knows nothing of any particular service.
package httpx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Config says how a client behaves. The zero value of a field is its default.
type Config struct {
	Name string // of the service, for errors

	// Login gets a token. It is called by one goroutine at a time, however many wait for it. Without it, calls carry no token.
	Login    func(ctx context.Context) (Token, error)
	TokenTTL time.Duration // how long a token is trusted that does not say when it expires; zero is for ever

	Budget     *Budget       // shared by all clients of one account; nil is unlimited
	Timeout    time.Duration // one attempt, 2 minutes; of a Stream, the silence allowed
	MaxElapsed time.Duration // one call with its retries, without the time waited for the budget; 10 minutes
	Backoff    time.Duration // the first wait between attempts, then growing to 30 seconds; 500 milliseconds

	Verdict           func(*StatusError) Verdict       // what an answer outside 2xx means; DefaultVerdict
	Wait              func(*StatusError) time.Duration // how long an answer asks us to wait, if Retry-After does not say; zero is unsaid
	CorrelationHeader string                           // the header that names a call to the vendor's support; X-Request-Id

	Transport http.RoundTripper // one that keeps connections alive
}

// Client makes calls to one service. It may be used by several goroutines.
type Client struct {
	config  Config
	http    *http.Client
	session *session
	usage   counters
}

// New makes a client. It does not connect.
func New(c Config) *Client {
	setDefault(&c.Timeout, 2*time.Minute)
	setDefault(&c.MaxElapsed, 10*time.Minute)
	setDefault(&c.Backoff, 500*time.Millisecond)
	setDefault(&c.CorrelationHeader, "X-Request-Id")
	if c.Verdict == nil {
		c.Verdict = DefaultVerdict
	}
	if c.Transport == nil {
		c.Transport = newTransport()
	}
	client := &Client{config: c, http: &http.Client{Transport: c.Transport}}
	if c.Login != nil {
		client.session = &session{login: c.Login, ttl: c.TokenTTL}
	}
	return client
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// newTransport keeps as many connections as workers are likely to use; the standard one keeps two a host.
func newTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          64,
		MaxIdleConnsPerHost:   64,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// Request is one call. It may be sent several times.
type Request struct {
	Method string // GET
	URL    string // absolute, or a path below the token's BaseURL
	Header http.Header
	Body   []byte
	Accept string // application/json; an HTML body is then an error, whatever its status says

	// Check looks at a whole body; its error says that the body is damaged, and the call is made again. Only Do asks it.
	Check func(body []byte) error
}

// Response is a 2xx answer.
type Response struct {
	Status int
	Header http.Header
	Body   []byte    // of Do
	Reader io.Reader // of Stream
	// Took is how long the request that succeeded took, its answer read and checked, whatever was waited or tried before; of Do.
	Took time.Duration
}

// Do makes a call and reads its answer, which has a status of 2xx. Other errors than of ctx and Login are a *StatusError, if the
// service answered, or wrap what the network said.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	var answer *Response
	err := c.call(ctx, r, func(res *http.Response, a *attempt) error {
		body, err := readAll(res)
		c.usage.bytes.Add(int64(len(body)))
		if err != nil {
			return &transient{fmt.Errorf("read the answer: %w", withoutURL(res.Request.Context(), err))}
		}
		if r.wantsJSON() && isHTML(res.Header, body) {
			return newStatusError(&r, res, c.config.CorrelationHeader, body)
		}
		if r.Check != nil {
			if err := r.Check(body); err != nil {
				return &transient{fmt.Errorf("damaged answer: %w", err)}
			}
		}
		answer = &Response{Status: res.StatusCode, Header: res.Header, Body: body, Took: time.Since(a.began)}
		return nil
	})
	return answer, err
}

// Stream makes a call and lets read have the body as it arrives. If the body breaks off, the call is made again and read is called
// again, from the beginning; any other error of read ends the call and is returned.
func (c *Client) Stream(ctx context.Context, r Request, read func(*Response) error) error {
	return c.call(ctx, r, func(res *http.Response, a *attempt) error {
		if r.wantsJSON() && isHTML(res.Header, nil) {
			return newStatusError(&r, res, c.config.CorrelationHeader, nil)
		}
		body := &watched{from: res.Body, attempt: a, bytes: &c.usage.bytes}
		err := read(&Response{Status: res.StatusCode, Header: res.Header, Reader: body})
		switch {
		case err == nil:
			return nil
		case body.err != nil:
			return &transient{fmt.Errorf("read the answer: %w", withoutURL(res.Request.Context(), body.err))}
		default:
			return &final{err}
		}
	})
}

// watched is a body that remembers what broke it and holds off the timeout as long as something comes.
type watched struct {
	from    io.Reader
	attempt *attempt
	bytes   *atomic.Int64
	err     error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.from.Read(p)
	w.bytes.Add(int64(n))
	w.attempt.alive()
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

func readAll(res *http.Response) ([]byte, error) {
	var b bytes.Buffer
	if n := res.ContentLength; n > 0 && n < 64<<20 {
		b.Grow(int(n) + bytes.MinRead)
	}
	_, err := b.ReadFrom(res.Body)
	return b.Bytes(), err
}

func (r *Request) wantsJSON() bool {
	return r.Accept == "" || strings.HasPrefix(r.Accept, "application/json")
}

func isHTML(h http.Header, body []byte) bool {
	return strings.HasPrefix(h.Get("Content-Type"), "text/html") || bytes.HasPrefix(bytes.TrimSpace(body[:min(len(body), 64)]), []byte("<"))
}

// Usage is what a client did so far.
type Usage struct {
	Calls     int64         // attempts
	Retries   int64         // attempts after the first
	Throttled time.Duration // waited for the budget and for answers of 429, by all callers together
	Bytes     int64         // received, after decompression
}

type counters struct{ calls, retries, throttled, bytes atomic.Int64 }

// Usage gives the counts so far.
func (c *Client) Usage() Usage {
	return Usage{
		Calls:     c.usage.calls.Load(),
		Retries:   c.usage.retries.Load(),
		Throttled: time.Duration(c.usage.throttled.Load()),
		Bytes:     c.usage.bytes.Load(),
	}
}
