package httpx

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// errTimeout is what ends an attempt that takes too long.
var errTimeout = errors.New("no answer in time")

// transient is a fault of the network: nothing came, or not all of it. Another attempt may have more luck.
type transient struct{ err error }

func (t *transient) Error() string { return t.err.Error() }
func (t *transient) Unwrap() error { return t.err }

// final is an error of our own, given back as it is.
type final struct{ err error }

func (f *final) Error() string { return f.err.Error() }
func (f *final) Unwrap() error { return f.err }

// tries is the course of one call over its attempts.
type tries struct {
	client   *Client
	began    time.Time
	budgeted time.Duration // waited for the budget, which is not the call's fault
	attempts int
	logins   int // after a token was refused
	backoff  *backoff.ExponentialBackOff
}

// call makes attempts until one succeeds or no other could. consume gets an answer of 2xx.
func (c *Client) call(ctx context.Context, r Request, consume func(*http.Response, *attempt) error) error {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval = c.config.Backoff, max(30*time.Second, c.config.Backoff)
	t := &tries{client: c, began: time.Now(), backoff: b}
	for {
		token, err := c.token(ctx)
		if err != nil {
			return err
		}
		if err := t.spend(ctx); err != nil {
			return err
		}
		err = c.attempt(ctx, &r, token, consume)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := t.recover(ctx, &r, token, err); err != nil {
			return err
		}
	}
}

// spend takes one call off the budget.
func (t *tries) spend(ctx context.Context) error {
	waited, err := t.client.config.Budget.take(ctx)
	t.budgeted += waited
	t.client.usage.throttled.Add(int64(waited))
	if err != nil {
		return err
	}
	t.client.usage.calls.Add(1)
	if t.attempts++; t.attempts > 1 {
		t.client.usage.retries.Add(1)
	}
	return nil
}

// recover does what must be done before the next attempt, or gives the error that ends the call.
func (t *tries) recover(ctx context.Context, r *Request, token grant, err error) error {
	c := t.client
	if own, ok := errors.AsType[*final](err); ok {
		return own.err
	}
	wait := t.backoff.NextBackOff()
	if status, ok := errors.AsType[*StatusError](err); ok {
		switch t.verdict(status) {
		case Relogin:
			if c.session == nil || t.logins >= c.session.patience() {
				return c.failed(err)
			}
			t.logins++
			_, err := c.session.renew(ctx, token.number)
			return err
		case Retry:
			wait = t.asked(status, wait)
		default:
			return c.failed(err)
		}
	} else {
		err = fmt.Errorf("%s %s: %w", r.method(), r.path(), err)
	}
	if time.Since(t.began)-t.budgeted+wait > c.config.MaxElapsed {
		return c.failed(fmt.Errorf("%w; attempts: %d", err, t.attempts))
	}
	return sleep(ctx, wait)
}

func (t *tries) verdict(s *StatusError) Verdict {
	if s.Code < 300 {
		return Retry // a gateway's HTML in place of the answer
	}
	return t.client.config.Verdict(s)
}

// asked gives how long the answer asks to wait. All who share the budget of a 429 wait.
func (t *tries) asked(s *StatusError, otherwise time.Duration) time.Duration {
	wait, said := s.RetryAfter(time.Now())
	if !said && t.client.config.Wait != nil {
		wait = t.client.config.Wait(s)
		said = wait > 0
	}
	if !said {
		wait = otherwise
	}
	if s.Code == http.StatusTooManyRequests {
		t.client.usage.throttled.Add(int64(wait))
		t.client.config.Budget.pause(wait)
	}
	return wait
}

func (c *Client) failed(err error) error {
	if c.config.Name == "" {
		return err
	}
	return fmt.Errorf("%s: %w", c.config.Name, err)
}

// attempt is one sending of a request, with its own deadline.
type attempt struct {
	began   time.Time
	timer   *time.Timer
	timeout time.Duration
}

// alive starts the time allowed anew.
func (a *attempt) alive() { a.timer.Reset(a.timeout) }

func (c *Client) attempt(ctx context.Context, r *Request, token grant, consume func(*http.Response, *attempt) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	a := &attempt{began: time.Now(), timer: time.AfterFunc(c.config.Timeout, func() { cancel(errTimeout) }), timeout: c.config.Timeout}
	defer a.timer.Stop()

	req, err := r.build(ctx, token)
	if err != nil {
		return &final{c.failed(err)}
	}
	res, err := c.http.Do(req)
	if hopeless(err) {
		return &final{c.failed(fmt.Errorf("%s %s: %w", r.method(), r.path(), withoutURL(ctx, err)))}
	}
	if err != nil {
		return &transient{withoutURL(ctx, err)}
	}
	defer func() { _ = res.Body.Close() }()
	if c.session != nil && res.StatusCode != http.StatusUnauthorized {
		c.session.worked.Store(true)
	}
	if res.StatusCode/100 != 2 {
		return newStatusError(r, res, c.config.CorrelationHeader, nil)
	}
	return consume(res, a)
}

// withoutURL keeps the address, which may hold what must not be shown, out of a network error.
func withoutURL(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, errTimeout) {
		return cause
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// hopeless tells that the address itself is wrong, or not to be trusted: no patience helps.
func hopeless(err error) bool {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &certificate)
}

func (r *Request) method() string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}

// path is the address without host and query.
func (r *Request) path() string {
	u, err := url.Parse(r.URL)
	if err != nil {
		return "(malformed address)"
	}
	return u.Path
}

func (r *Request) build(ctx context.Context, token grant) (*http.Request, error) {
	address := r.URL
	if !strings.Contains(strings.SplitN(address, "?", 2)[0], "://") {
		address = strings.TrimSuffix(token.BaseURL, "/") + "/" + strings.TrimPrefix(address, "/")
	}
	req, err := http.NewRequestWithContext(ctx, r.method(), address, bytes.NewReader(r.Body))
	if err != nil || req.URL.Host == "" || req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return nil, fmt.Errorf("%s %s: malformed address", r.method(), r.path())
	}
	maps.Copy(req.Header, r.Header)
	accept := r.Accept
	setDefault(&accept, "application/json")
	req.Header.Set("Accept", accept)
	req.Header.Set("User-Agent", "trunkline")
	if token.Value != "" {
		req.Header.Set("Authorization", "Bearer "+token.Value)
	}
	return req, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
