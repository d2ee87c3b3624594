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

// A night's extraction, look-back included, takes no longer than the source's limit and latency make it. The floor is that of a
// client which knows everything beforehand: one call for a token, one for the state of the data, two for a job, and one for
// each page, at the rate that is allowed. That answers take their time must not show: enough of them are waited for at once.
func BenchmarkExtractionAgainstTheFloor(b *testing.B) {
	const (
		promised      = 1.05
		perMinute     = 300 // what a client is allowed
		latency       = 300 * time.Millisecond
		perDay        = 12_500
		conversations = 8 * perDay
		pageSize      = 100 // small pages: the calls are what is measured
	)
	c := openCentre(b, perDay, func(s *sim.Config) {
		s.RatePerMinute, s.Latency, s.Scenario.Days = perMinute, latency, 8
		s.Scenario.Start = s.Scenario.Start.AddDate(0, 0, -7)
	})
	for b.Loop() {
		wall, calls := extractNight(b, c, genesys.Config{
			RequestsPerMinute: perMinute - 2, // what the client may do at once comes on top of it
			PageSize:          pageSize,
		})
		const needed = 4 + (conversations+pageSize-1)/pageSize
		floor := needed * time.Minute / perMinute
		ratio := wall.Seconds() / floor.Seconds()
		b.ReportMetric(ratio, "x-floor")
		b.ReportMetric(floor.Seconds(), "s-floor")
		b.ReportMetric(float64(calls-needed), "calls-over")
		b.ReportMetric(float64(c.Stats().Throttled), "refused")
		if ratio > promised {
			b.Errorf("it took %v and %d calls, %.3f times the floor of %v for %d; promised are %.2f",
				wall, calls, ratio, floor, needed, promised)
		}
	}
}

// extractNight reads the conversations of the centre's last day and the week before it, and counts the calls that it took.
func extractNight(b *testing.B, c *centre, config genesys.Config) (wall time.Duration, calls int64) {
	b.Helper()
	config.BaseURL, config.ClientID, config.ClientSecret = c.url, "trunkline", secret.New("simulated")
	x, err := genesys.New(config)
	if err != nil {
		b.Fatal(err)
	}
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	began := time.Now()
	err = x.Extract(context.Background(), "conversations", pipeline.Window{From: day.AddDate(0, 0, -7), To: day.AddDate(0, 0, 1)},
		func([]pipeline.Record) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(began), x.Usage().Calls
}
