package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"trunkline/pipeline/store"
)

// metricsHandler answers a scrape with what the newest runs tell at that moment, read without their lock. A run store that cannot be
// read is a scrape that failed, which Prometheus shows as up = 0, and never one without series.
func (a *app) metricsHandler(c *Config) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var registry *prometheus.Registry
		err := c.withStore(r.Context(), func(s store.Locked) (err error) {
			registry, err = c.newMetrics(r.Context(), s, a.now())
			return err
		})
		if err != nil {
			a.log.ErrorContext(r.Context(), "no metrics were served", "error", err)
			http.Error(w, "the runs cannot be read; the log of trunkline serve says why", http.StatusServiceUnavailable)
			return
		}
		promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
	})
}
