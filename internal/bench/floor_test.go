package bench

import (
	"context"
	"testing"
	"time"

	"trunkline/extractors/genesys"
	"trunkline/internal/secret"
	"trunkline/internal/sim"
	"trunkline/pipeline"
)

// An extraction takes no longer than the source's limits make it: the calls it needs at the rate it is allowed, or, where
// there is no limit to speak of, the answers it has to wait for one after the other.
func BenchmarkExtractionAgainstTheFloor(b *testing.B) {
	const promised = 1.05
	b.Run("limited", func(b *testing.B) {
		const perMinute, latency = 600, 100 * time.Millisecond
		c := openCentre(b, 20_000, func(s *sim.Config) { s.RatePerMinute, s.Latency = perMinute, latency })
		for b.Loop() {
			wall, calls := extractDay(b, c, genesys.Config{RequestsPerMinute: perMinute, PageSize: 100})
			floor := time.Duration(calls) * time.Minute / perMinute
			report(b, wall, floor, promised)
			b.ReportMetric(float64(calls), "calls")
		}
	})
	b.Run("latency", func(b *testing.B) {
		const latency, parallel, pageSize = 400 * time.Millisecond, 4, 500
		c := openCentre(b, 20_000, func(s *sim.Config) { s.Latency = latency })
		for b.Loop() {
			wall, calls := extractDay(b, c, genesys.Config{RequestsPerMinute: 1_000_000, PageSize: pageSize, Parallel: parallel})
			floor := time.Duration(calls) * latency / parallel
			report(b, wall, floor, promised)
			b.ReportMetric(float64(calls), "calls")
		}
	})
}

func report(b *testing.B, wall, floor time.Duration, promised float64) {
	b.Helper()
	ratio := wall.Seconds() / floor.Seconds()
	b.ReportMetric(ratio, "x-floor")
	b.ReportMetric(floor.Seconds(), "s-floor")
	if ratio > promised {
		b.Errorf("it took %v, %.3f times the floor of %v; promised are %.2f", wall, ratio, floor, promised)
	}
}

// extractDay reads the conversations of the centre's day and counts the calls that it took.
func extractDay(b *testing.B, c *centre, config genesys.Config) (wall time.Duration, calls int64) {
	b.Helper()
	config.BaseURL, config.ClientID, config.ClientSecret = c.url, "trunkline", secret.New("simulated")
	x, err := genesys.Open(b.Context(), config)
	if err != nil {
		b.Fatal(err)
	}
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	began := time.Now()
	err = x.Extract(context.Background(), "conversations", pipeline.Window{From: day, To: day.AddDate(0, 0, 1)},
		func([]pipeline.Record) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(began), x.Usage().Calls
}
