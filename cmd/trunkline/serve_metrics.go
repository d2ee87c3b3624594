package main

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"trunkline/pipeline/store"
)

// scrapeEvery is for how long what the runs tell is not read again, however many ask.
const scrapeEvery = 10 * time.Second

// scraped is what the newest runs told when they were read last.
type scraped struct {
	mu       sync.Mutex
	registry *prometheus.Registry
	at       time.Time
}

// take gives what the runs tell, which is read again if it is older than scrapeEvery. Who asks meanwhile waits for the one reading.
func (s *scraped) take(ctx context.Context, a *app, c *Config) (*prometheus.Registry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := a.now()
	if age := now.Sub(s.at); s.registry != nil && age >= 0 && age < scrapeEvery {
		return s.registry, nil
	}
	var fresh *prometheus.Registry
	err := c.withStore(ctx, func(runs store.Locked) (err error) {
		fresh, err = c.newMetrics(ctx, runs, now)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.registry, s.at = fresh, now
	return fresh, nil
}

// metricsHandler answers a scrape with what the newest runs tell, read without their lock some seconds ago at most. A run store that
// cannot be read is a scrape that failed, which Prometheus shows as up = 0, and never one without series.
func (a *app) metricsHandler(c *Config) http.Handler {
	var last scraped
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		registry, err := last.take(r.Context(), a, c)
		if err != nil {
			a.log.ErrorContext(r.Context(), "no metrics were served", "error", err)
			http.Error(w, "the runs cannot be read; the log of trunkline serve says why", http.StatusServiceUnavailable)
			return
		}
		promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	})
}
