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

// recent is what the newest runs told when they were read last.
type recent[T any] struct {
	mu   sync.Mutex
	told T
	at   time.Time
}

// take gives what the runs tell, which is read again, without their lock, if it is older than scrapeEvery. Who asks meanwhile waits for
// the one reading.
func (r *recent[T]) take(ctx context.Context, c *Config, now time.Time, read func(store.Locked) (T, error)) (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if age := now.Sub(r.at); !r.at.IsZero() && age >= 0 && age < scrapeEvery {
		return r.told, nil
	}
	var fresh T
	err := c.withStore(ctx, func(runs store.Locked) (err error) {
		fresh, err = read(runs)
		return err
	})
	if err == nil {
		r.told, r.at = fresh, now
	}
	return fresh, err
}

// metricsHandler answers a scrape with what the newest runs tell, read without their lock some seconds ago at most. A run store that
// cannot be read is a scrape that failed, which Prometheus shows as up = 0, and never one without series.
func (a *app) metricsHandler(c *Config) http.Handler {
	var last recent[*prometheus.Registry]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		now := a.now()
		registry, err := last.take(r.Context(), c, now, func(runs store.Locked) (*prometheus.Registry, error) {
			return c.newMetrics(r.Context(), runs, now)
		})
		if err != nil {
			a.log.ErrorContext(r.Context(), "no metrics were served", "error", err)
			http.Error(w, "the runs cannot be read; the log of trunkline serve says why", http.StatusServiceUnavailable)
			return
		}
		promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	})
}
