package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
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
	measure := func(name string, url func(n int) string) {
		b.Run(name, func(b *testing.B) {
			const most = 50 * time.Millisecond
			if p95 := percentile(b, s, url, opened); b.N >= 20 && p95 > most {
				b.Errorf("95 in 100 answers take up to %s, at most %s", p95, most)
			}
		})
	}
	for _, page := range []string{"/", "/explore", "/quality", "/runs", "/data"} {
		measure("asked again"+page, func(int) string { return page })
	}
	for _, page := range []string{"/?days=", "/explore?customer_tier=SMB&days=", "/quality?n=", "/runs?n=", "/data?n="} {
		measure("asked first"+page, func(n int) string { return page + strconv.Itoa(1+n%300) })
	}
}

// percentile gives how long 95 in 100 requests take at most.
func percentile(b *testing.B, s *Site, url func(n int) string, opened time.Duration) time.Duration {
	b.Helper()
	h := s.Handler()
	var took []time.Duration
	for n := 0; b.Loop(); n++ {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://127.0.0.1"+url(n), nil)
		w := httptest.NewRecorder()
		began := time.Now()
		h.ServeHTTP(w, r)
		took = append(took, time.Since(began))
		if w.Code != http.StatusOK {
			b.Fatal(fmt.Sprint(w.Code, w.Body))
		}
	}
	slices.Sort(took)
	p95 := took[len(took)*95/100]
	b.ReportMetric(float64(p95.Microseconds())/1000, "p95-ms")
	b.ReportMetric(opened.Seconds(), "s-to-open")
	return p95
}
