package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"trunkline/internal/httpx"
)

func countNew(n *atomic.Int64) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			n.Add(1)
		}
	}
}

// guarded is a service that honours one token at a time; its login gives the next.
type guarded struct {
	logins  atomic.Int64
	honours atomic.Int64
	server  *httptest.Server
}

func newGuarded(t *testing.T) *guarded {
	t.Helper()
	g := &guarded{}
	g.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") != fmt.Sprint(g.honours.Load()) {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(g.server.Close)
	return g
}

func (g *guarded) login(context.Context) (httpx.Token, error) {
	time.Sleep(20 * time.Millisecond) // long enough for the others to arrive
	return httpx.Token{Value: fmt.Sprint(g.logins.Add(1)), BaseURL: g.server.URL}, nil
}

// eight calls from as many workers and gives their errors.
func eight(t *testing.T, client *httpx.Client) []error {
	t.Helper()
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = client.Do(t.Context(), httpx.Request{URL: "/x"}) })
	}
	wg.Wait()
	return errs
}

func TestAStormOf401IsOneLogin(t *testing.T) {
	g := newGuarded(t)
	client := httpx.New(httpx.Config{Login: g.login})
	g.honours.Store(1)
	for _, err := range eight(t, client) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if g.logins.Load() != 1 {
		t.Fatalf("%d logins for eight workers that begin, want 1", g.logins.Load())
	}
	g.honours.Store(2) // the first token is revoked
	for _, err := range eight(t, client) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if g.logins.Load() != 2 {
		t.Errorf("%d logins after the storm, want 2", g.logins.Load())
	}
}

func TestATokenThatNeverWorksFailsAfterOneMoreLogin(t *testing.T) {
	g := newGuarded(t)
	g.honours.Store(-1)
	client := httpx.New(httpx.Config{Login: g.login})
	_, err := client.Do(t.Context(), httpx.Request{URL: "/x"})
	var status *httpx.StatusError
	if !errors.As(err, &status) || status.Code != http.StatusUnauthorized || g.logins.Load() != 2 {
		t.Errorf("%d logins, error %v", g.logins.Load(), err)
	}
}

func TestATokenThatWorksNoMoreFailsAfterAFewLogins(t *testing.T) {
	g := newGuarded(t)
	g.honours.Store(1)
	client := httpx.New(httpx.Config{Login: g.login})
	if _, err := client.Do(t.Context(), httpx.Request{URL: "/x"}); err != nil {
		t.Fatal(err)
	}
	g.honours.Store(-1)
	for _, err := range eight(t, client) {
		var status *httpx.StatusError
		if !errors.As(err, &status) || status.Code != http.StatusUnauthorized {
			t.Errorf("got %v, want 401", err)
		}
	}
	if n := g.logins.Load(); n != 4 {
		t.Errorf("%d logins for eight workers, want 4", n)
	}
}

func TestAFailedLoginIsSharedToo(t *testing.T) {
	var logins atomic.Int64
	refused := errors.New("refused")
	client := httpx.New(httpx.Config{Login: func(context.Context) (httpx.Token, error) {
		logins.Add(1)
		return httpx.Token{}, refused
	}})
	for _, err := range eight(t, client) {
		if !errors.Is(err, refused) {
			t.Errorf("got %v", err)
		}
	}
	if logins.Load() != 1 {
		t.Errorf("%d logins, want 1", logins.Load())
	}
}

func TestALoginCalledAwayIsDoneByAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logins := 0
		client := httpx.New(httpx.Config{
			Transport: script(new(int), status(200)),
			Login: func(ctx context.Context) (httpx.Token, error) {
				if logins++; logins == 1 {
					<-ctx.Done()
					return httpx.Token{}, ctx.Err()
				}
				return httpx.Token{Value: "2"}, nil
			},
		})
		first, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := client.Do(first, httpx.Request{URL: address}); !errors.Is(err, context.Canceled) {
				t.Errorf("the one called away got %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if _, err := client.Do(t.Context(), httpx.Request{URL: address}); err != nil {
				t.Errorf("the one who waited got %v", err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
		if logins != 2 {
			t.Errorf("%d logins, want 2", logins)
		}
	})
}

func TestATokenIsRenewedBeforeItExpires(t *testing.T) {
	for name, c := range map[string]struct {
		expires, ttl time.Duration
		want         int
	}{
		"said by the service": {expires: 10 * time.Minute, want: 7},
		"soft lifetime":       {ttl: 20 * time.Minute, want: 4},
		"unknown":             {want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				logins := 0
				client := httpx.New(httpx.Config{TokenTTL: c.ttl, Transport: script(new(int), status(200)), Login: func(context.Context) (httpx.Token, error) {
					logins++
					token := httpx.Token{Value: "x"}
					if c.expires > 0 {
						token.Expires = time.Now().Add(c.expires)
					}
					return token, nil
				}})
				for range 61 { // an hour, a call a minute
					if _, err := client.Do(t.Context(), httpx.Request{URL: address}); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Minute)
				}
				if logins != c.want {
					t.Errorf("%d logins in an hour, want %d", logins, c.want)
				}
			})
		})
	}
}
