package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trunkline/loaders/warehouse"
)

// endless is a published file whose answers do not end.
type endless struct {
	onDisk
	begun chan struct{}
}

func (e endless) Select(ctx context.Context, _ string, to warehouse.Answer) error {
	if err := to.Columns([]warehouse.Heading{{Name: "x", Type: "VARCHAR"}}); err != nil {
		return err
	}
	e.begun <- struct{}{}
	row := []any{strings.Repeat("x", 1<<16)}
	for ctx.Err() == nil {
		if err := to.Row(row); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Downloads that nobody reads keep neither another role nor a query on the page waiting, and end.
func TestSlowDownloadsStopNobody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "published.duckdb")
	centre{contacts: 50, days: 14}.publish(t, path)
	slow := endless{onDisk(path), make(chan struct{}, 2*atOnce)}
	s := siteOf(t, Config{
		Files:  map[string]File{"": onDisk(path), "finance": slow},
		Tokens: map[string]string{"whole-whole-whole": "", "money-money-money": "finance"},
	})
	s.waiting, s.sending = 50*time.Millisecond, 3*time.Second
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	const url = "/download?format=csv&sql=select+1"
	for range atOnce {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer money-money-money")
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		<-slow.begun
	}
	as := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	if w := get(t, s, url, as("money-money-money")); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), errBusy.Error()) {
		t.Errorf("a third download: %d %s", w.Code, w.Body)
	}
	for _, other := range []string{url, "/data?sql=select+1"} {
		if w := get(t, s, other, as("whole-whole-whole")); w.Code != http.StatusOK {
			t.Errorf("%s of another role: %d", other, w.Code)
		}
	}
	if err := s.sources["finance"].asking.take(t.Context(), time.Second, func() error { return nil }); err != nil {
		t.Errorf("a query on the page while the role downloads: %v", err)
	}
	for range atOnce {
		if err := s.sources["finance"].loading.take(t.Context(), time.Minute, func() error { return nil }); err != nil {
			t.Errorf("downloads that nobody reads have not ended: %v", err)
		}
	}
}

// A query that took too long is told how long it might take, and one that had no turn is not told that it took too long.
func TestWhyNot(t *testing.T) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	for want, got := range map[string]string{
		"longer than 20 seconds": whyNot(ctx, ctx.Err(), askTime), "longer than 240 seconds": whyNot(ctx, ctx.Err(), downloadTime),
		"too many queries": whyNot(ctx, errBusy, askTime),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
