package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The runs are read once in ten seconds, however often somebody asks; a store that cannot be read is not remembered as one without runs.
func TestServeReadsRunsOnceInAWhile(t *testing.T) {
	dir := t.TempDir()
	file, runs := filepath.Join(dir, "trunkline.yaml"), filepath.Join(dir, "runs")
	if err := os.WriteFile(file, []byte("version: 1\nstore: {path: runs}\ngenesys: {base_url: \"http://127.0.0.1:1\", client_id: trunkline, client_secret: simulated}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	a := newApp(&said, &said)
	a.flags.config = file
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	a.now = func() time.Time { return now }
	c, err := a.config()
	if err != nil {
		t.Fatal(err)
	}
	metrics := a.metricsHandler(c)
	for _, step := range []struct {
		later  time.Duration
		broken bool
		want   int
	}{{0, false, http.StatusOK}, {9 * time.Second, true, http.StatusOK}, {time.Second, true, http.StatusServiceUnavailable}, {0, false, http.StatusOK}} {
		now = now.Add(step.later)
		if err := os.RemoveAll(runs); err != nil {
			t.Fatal(err)
		}
		if step.broken {
			if err := os.WriteFile(runs, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		w := httptest.NewRecorder()
		metrics.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
		if w.Code != step.want {
			t.Errorf("%s, broken %v: %d, want %d\n%s", now.Format(time.TimeOnly), step.broken, w.Code, step.want, &said)
		}
	}
}
