package httpx_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"trunkline/internal/httpx"
)

// transport answers without a network, so that time can be the test's own.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func answer(code int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: code, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// reply makes an answer; the client closes its body.
type reply func() *http.Response

// script answers one call after the other; the last answer is repeated.
func script(calls *int, answers ...reply) transport {
	return func(r *http.Request) (*http.Response, error) {
		a := answers[min(*calls, len(answers)-1)]()
		*calls++
		a.Request = r
		return a, nil
	}
}

func status(code int, headers ...string) reply {
	return func() *http.Response { return answer(code, `{}`, headers...) }
}

const address = "http://centre.example/api/v2/things?token=hush"

func TestWaitsAsLongAsTheServerAsks(t *testing.T) {
	hint := func(e *httpx.StatusError) time.Duration {
		if bytes.Contains(e.Body, []byte("in [7] seconds")) {
			return 7 * time.Second
		}
		return 0
	}
	for name, c := range map[string]struct {
		first reply
		want  time.Duration
	}{
		"seconds": {status(429, "Retry-After", "3"), 3 * time.Second},
		"date": {func() *http.Response {
			return answer(503, "", "Retry-After", time.Now().Add(9*time.Second).UTC().Format(http.TimeFormat))
		}, 9 * time.Second},
		"hint in the message": {func() *http.Response { return answer(429, `{"message":"retry in [7] seconds"}`) }, 7 * time.Second},
		"a date long gone":    {status(429, "Retry-After", "Mon, 03 Jan 1994 15:04:05 GMT"), 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				client := httpx.New(httpx.Config{Transport: script(&calls, c.first, status(200)), Wait: hint})
				began := time.Now()
				if _, err := client.Do(t.Context(), httpx.Request{URL: address}); err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(began); waited != c.want || calls != 2 {
					t.Errorf("waited %s over %d calls, want %s over 2", waited, calls, c.want)
				}
			})
		})
	}
}

func TestBacksOffWithJitterAndGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		client := httpx.New(httpx.Config{Name: "centre", Transport: script(&calls, status(503)), MaxElapsed: time.Minute})
		began := time.Now()
		_, err := client.Do(t.Context(), httpx.Request{URL: address})
		var status *httpx.StatusError
		if !errors.As(err, &status) || status.Code != 503 {
			t.Fatalf("got %v, want a StatusError of 503", err)
		}
		if took := time.Since(began); took > time.Minute || took < 10*time.Second {
			t.Errorf("gave up after %s, want less than the minute allowed and more than a few tries", took)
		}
		if calls < 5 || calls > 30 {
			t.Errorf("%d calls in a minute", calls)
		}
		if u := client.Usage(); u.Calls != int64(calls) || u.Retries != int64(calls-1) {
			t.Errorf("usage %+v, want %d calls", u, calls)
		}
	})
}

func TestDoesNotRetryWhatWouldFailAgain(t *testing.T) {
	for _, code := range []int{400, 403, 404, 409, 413, 501} {
		calls := 0
		client := httpx.New(httpx.Config{Transport: script(&calls, status(code))})
		_, err := client.Do(t.Context(), httpx.Request{URL: address})
		var status *httpx.StatusError
		if !errors.As(err, &status) || status.Code != code || calls != 1 {
			t.Errorf("%d: %d calls, error %v", code, calls, err)
		}
	}
}

func TestBudgetIsSharedAndItsWaitCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		budget := httpx.NewBudget(60, 1)
		a := httpx.New(httpx.Config{Budget: budget, Transport: script(&calls, status(200))})
		b := httpx.New(httpx.Config{Budget: budget, Transport: script(&calls, status(200))})
		began := time.Now()
		for i := range 10 {
			client := a
			if i%2 == 1 {
				client = b
			}
			if _, err := client.Do(t.Context(), httpx.Request{URL: address}); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != 9*time.Second {
			t.Errorf("10 calls at 60 a minute took %s, want 9 s", took)
		}
		if got := a.Usage().Throttled + b.Usage().Throttled; got != 9*time.Second {
			t.Errorf("throttled %s, want 9 s", got)
		}
	})
}

func TestA429HoldsBackAllWhoShareTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		budget := httpx.NewBudget(0, 1)
		limited := httpx.New(httpx.Config{Budget: budget, Transport: script(&calls, status(429, "Retry-After", "20"), status(200))})
		other := httpx.New(httpx.Config{Budget: budget, Transport: script(new(int), status(200))})
		began := time.Now()
		var waited time.Duration
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = limited.Do(t.Context(), httpx.Request{URL: address}) })
		wg.Go(func() {
			time.Sleep(time.Second)
			_, _ = other.Do(t.Context(), httpx.Request{URL: address})
			waited = time.Since(began)
		})
		wg.Wait()
		if waited != 20*time.Second {
			t.Errorf("the other client called after %s, want 20 s", waited)
		}
	})
}

func TestCancellingEndsAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		client := httpx.New(httpx.Config{Transport: script(&calls, status(503, "Retry-After", "300"))})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.Do(ctx, httpx.Request{URL: address}); !errors.Is(err, context.DeadlineExceeded) || calls != 1 {
			t.Errorf("%d calls, error %v", calls, err)
		}
	})
}

func TestAnAttemptThatHangsIsMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		client := httpx.New(httpx.Config{Timeout: 30 * time.Second, Transport: transport(func(r *http.Request) (*http.Response, error) {
			if calls++; calls == 1 {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			res := answer(200, `{}`)
			res.Request = r
			return res, nil
		})})
		if _, err := client.Do(t.Context(), httpx.Request{URL: address}); err != nil || calls != 2 {
			t.Errorf("%d calls, error %v", calls, err)
		}
	})
}

func TestErrorsShowNoSecret(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Inin-Correlation-Id", "abc-1")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.Copy(w, r.Body)
	}))
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	t.Cleanup(server.Close)
	for _, base := range []string{server.URL, closed.URL} {
		client := httpx.New(httpx.Config{
			MaxElapsed: 10 * time.Millisecond, CorrelationHeader: "Inin-Correlation-Id",
			Login: func(context.Context) (httpx.Token, error) {
				return httpx.Token{Value: "hush-token", BaseURL: base}, nil
			},
		})
		_, err := client.Do(t.Context(), httpx.Request{Method: "POST", URL: "/oauth/token?secret=hush", Body: []byte("client_secret=hush")})
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), "hush") {
			t.Errorf("error %v", err)
		}
		if base == server.URL && !strings.Contains(err.Error(), "abc-1") {
			t.Errorf("error %v does not name the correlation id", err)
		}
	}
	if got := fmt.Sprintf("%v %+v %#v %s", httpx.Token{Value: "hush"}, httpx.Token{Value: "hush"}, httpx.Token{Value: "hush"}, httpx.Token{Value: "hush"}); strings.Contains(got, "hush") {
		t.Errorf("a token prints itself: %s", got)
	}
}

func TestBodyKeepsOnlyTheBeginningOfAnError(t *testing.T) {
	client := httpx.New(httpx.Config{Transport: script(new(int), func() *http.Response { return answer(400, strings.Repeat("x", 1<<20)) })})
	_, err := client.Do(t.Context(), httpx.Request{URL: address})
	var status *httpx.StatusError
	if !errors.As(err, &status) || len(status.Body) != 4096 {
		t.Fatalf("error %v, %d bytes kept", err, len(status.Body))
	}
}

// faulty answers its first calls with the faults, then with a good body.
func faulty(t *testing.T, good string, faults ...http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(calls.Add(1))
		if n <= len(faults) {
			faults[n-1](w, r)
			return
		}
		_, _ = io.WriteString(w, good)
	}))
	t.Cleanup(server.Close)
	return server, &calls
}

func truncated(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"entities":[`)
}

func brokenGzip(w http.ResponseWriter, _ *http.Request) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(bytes.Repeat([]byte(`{"a":1}`), 1000))
	_ = z.Close()
	w.Header().Set("Content-Encoding", "gzip")
	_, _ = w.Write(b.Bytes()[:b.Len()/2])
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func html(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = io.WriteString(w, "<html>gateway</html>")
}

func htmlInDisguise(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "\n <!DOCTYPE html><html>gateway</html>")
}

func cutJSON(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"entities":[{"id":`) }

func whole(body []byte) error {
	if !json.Valid(body) {
		return errors.New("not JSON")
	}
	return nil
}

func TestDamagedAnswersAreAskedForAgain(t *testing.T) {
	server, calls := faulty(t, `{"good":true}`, truncated, brokenGzip, hangUp, html, htmlInDisguise, cutJSON)
	client := httpx.New(httpx.Config{Backoff: time.Millisecond})
	res, err := client.Do(t.Context(), httpx.Request{URL: server.URL, Check: whole})
	if err != nil || string(res.Body) != `{"good":true}` || calls.Load() != 7 {
		t.Fatalf("%d calls, %v", calls.Load(), err)
	}
}

func TestStreamBeginsAgainWhenTheBodyBreaks(t *testing.T) {
	server, calls := faulty(t, `whole`, truncated, hangUp)
	client := httpx.New(httpx.Config{Backoff: time.Millisecond})
	var got string
	err := client.Stream(t.Context(), httpx.Request{URL: server.URL, Accept: "text/csv"}, func(res *httpx.Response) error {
		b, err := io.ReadAll(res.Reader)
		got = string(b)
		return err
	})
	if err != nil || got != "whole" || calls.Load() != 3 {
		t.Fatalf("%d calls, got %q, error %v", calls.Load(), got, err)
	}
	mine := errors.New("mine")
	if err := client.Stream(t.Context(), httpx.Request{URL: server.URL}, func(*httpx.Response) error { return mine }); err != mine { //nolint:errorlint // must be the very error
		t.Errorf("an error of read came back as %v", err)
	}
	if calls.Load() != 4 {
		t.Errorf("an error of read was retried")
	}
}

func TestGzipIsAskedForAndUnpacked(t *testing.T) {
	body := strings.Repeat(`{"a":1}`, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			t.Error("gzip was not asked for")
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, body)
		_ = z.Close()
	}))
	t.Cleanup(server.Close)
	client := httpx.New(httpx.Config{})
	res, err := client.Do(t.Context(), httpx.Request{URL: server.URL})
	if err != nil || string(res.Body) != body || client.Usage().Bytes != int64(len(body)) {
		t.Fatalf("usage %+v, error %v", client.Usage(), err)
	}
}

func TestConnectionsAreKept(t *testing.T) {
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, strings.Repeat("x", 10_000))
	}))
	server.Config.ConnState = countNew(&opened)
	server.Start()
	t.Cleanup(server.Close)
	client := httpx.New(httpx.Config{})
	for i := range 20 {
		path := "/good"
		if i%2 == 0 {
			path = "/bad"
		}
		_, _ = client.Do(t.Context(), httpx.Request{URL: server.URL + path})
	}
	if opened.Load() != 1 {
		t.Errorf("%d connections for 20 calls, want 1", opened.Load())
	}
}

func TestHopelessAddressesFailAtOnce(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	for _, address := range []string{secure.URL, "ftp://x", "/no/base", "http://[::1"} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := httpx.New(httpx.Config{}).Do(ctx, httpx.Request{URL: address})
		cancel()
		if err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestRetryAfterOfGarbageIsUnsaid(t *testing.T) {
	for _, value := range []string{"", "soon", "-1", strconv.Itoa(1 << 40), "NaN"} {
		e := httpx.StatusError{Header: http.Header{"Retry-After": {value}}}
		if d, ok := e.RetryAfter(time.Now()); ok {
			t.Errorf("%q was read as %s", value, d)
		}
	}
}
