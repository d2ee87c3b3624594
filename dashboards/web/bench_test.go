package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// How long a page takes over a published file of a million contacts, once the file is open: the 95th percentile.
func BenchmarkPages(b *testing.B) {
	path := filepath.Join(b.TempDir(), "published.duckdb")
	centre{contacts: 1_000_000, days: 120}.publish(b, path)
	s := siteOf(b, Config{Files: map[string]File{"": onDisk(path)}})
	began := time.Now()
	get(b, s, "/")
	opened := time.Since(began)
	for _, page := range []string{"/", "/explore", "/explore?days=28&customer_tier=SMB", "/quality", "/runs", "/data"} {
		b.Run("p95"+page, func(b *testing.B) {
			h := s.Handler()
			var took []time.Duration
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://127.0.0.1"+page, nil)
				w := httptest.NewRecorder()
				began := time.Now()
				h.ServeHTTP(w, r)
				took = append(took, time.Since(began))
				if w.Code != http.StatusOK {
					b.Fatal(fmt.Sprint(w.Code, w.Body))
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(opened.Seconds(), "s-to-open")
		})
	}
}
