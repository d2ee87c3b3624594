package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
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
	const some = "/download?format=csv&sql=select+1"
	for range atOnce {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+some, http.NoBody)
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
	if w := get(t, s, some, as("money-money-money")); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), errBusy.Error()) {
		t.Errorf("a third download: %d %s", w.Code, w.Body)
	}
	for _, other := range []string{some, "/data?sql=select+1"} {
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

// What the engine does in one piece keeps nobody longer than its time, and no other query; it keeps its turn until it ends.
func TestWhatDoesNotStop(t *testing.T) {
	path := filepath.Join(t.TempDir(), "published.duckdb")
	centre{contacts: 50, days: 14}.publish(t, path)
	s := siteOf(t, Config{Files: map[string]File{"": onDisk(path)}})
	source := s.sources[""]
	for page, turns := range map[string]turns{"/data?sql=": source.asking, "/download?format=csv&sql=": source.loading} {
		w := get(t, s, page+url.QueryEscape("select levenshtein(repeat('a', 40000), repeat('b', 40000))"), func(r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), time.Second)
			t.Cleanup(cancel)
			*r = *r.WithContext(ctx)
		})
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "was stopped") {
			t.Errorf("%s: %d %s", page, w.Code, w.Body)
		}
		if w := get(t, s, page+"select+1"); w.Code != http.StatusOK {
			t.Errorf("%s of another: %d", page, w.Code)
		}
		if len(turns) != 1 {
			t.Errorf("%s: another was answered only after it", page)
		}
		for range atOnce { // both turns come in the end
			if err := turns.take(t.Context(), time.Minute, func() error { return nil }); err != nil {
				t.Error(err)
			}
			turns <- struct{}{}
		}
		for range atOnce {
			<-turns
		}
	}
}

// A fault of ours ends its request, and gives back the turn.
func TestAQueryThatBreaks(t *testing.T) {
	one := make(turns, 1)
	for range 2 {
		func() {
			defer func() {
				if what := recover(); what == nil || !strings.Contains(fmt.Sprint(what), "oh") {
					t.Error(what)
				}
			}()
			t.Error(one.take(t.Context(), time.Minute, func() error { panic("oh") }))
		}()
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
