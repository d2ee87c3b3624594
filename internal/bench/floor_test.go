package bench

import (
	"testing"
	"time"

	"trunkline/extractors/genesys"
	"trunkline/internal/secret"
	"trunkline/internal/sim"
	"trunkline/pipeline"
)

// A night's extraction, the older days that it reads again included, takes no longer than the source's limit and latency make
// it. The floor is that of a client which knows everything beforehand: one call for a token, for each day one for the state of
// the data and two for a job, and one for each page of what was alive on it, at the rate that is allowed. What is over it are the
// cuts inside a day: enough answers are waited for at once that their time does not show, and a conversation that is alive at a
// cut is given on both sides of it.
func BenchmarkExtractionAgainstTheFloor(b *testing.B) {
	const (
		promised  = 1.3
		perMinute = 300 // what a client is allowed
		latency   = 300 * time.Millisecond
		perDay    = 12_500
		pageSize  = 100 // small pages: the calls are what is measured
	)
	ages := genesys.Rereads()
	oldest := ages[len(ages)-1]
	c := openCentre(b, perDay, func(s *sim.Config) {
		s.RatePerMinute, s.Latency, s.Scenario.Days = perMinute, latency, oldest+1
		s.Scenario.Start = s.Scenario.Start.AddDate(0, 0, -oldest)
	})
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	records, needed := int64(0), int64(1)
	for _, age := range append([]int{0}, ages...) {
		n := alive(c, day.AddDate(0, 0, -age))
		records, needed = records+n, needed+3+(n+pageSize-1)/pageSize
	}
	for b.Loop() {
		m := extractNight(b, c, day, genesys.Config{
			RequestsPerMinute: perMinute - 2, // what the client may do at once comes on top of it
			PageSize:          pageSize,
		})
		if m.Counters[pipeline.CountOut] < records { // some are given twice
			b.Fatalf("%d records, %d of them of older days; a night reads %d", m.Counters[pipeline.CountOut], m.Counters[pipeline.CountAgain], records)
		}
		floor := time.Duration(needed) * time.Minute / perMinute
		wall := m.Finished.Sub(m.Started)
		ratio := wall.Seconds() / floor.Seconds()
		b.ReportMetric(ratio, "x-floor")
		b.ReportMetric(floor.Seconds(), "s-floor")
		b.ReportMetric(float64(m.Counters[pipeline.CountCalls]-needed), "calls-over")
		b.ReportMetric(float64(c.Stats().Throttled), "refused")
		if ratio > promised {
			b.Errorf("it took %v and %d calls, %.3f times the floor of %v for %d; promised are %.2f",
				wall, m.Counters[pipeline.CountCalls], ratio, floor, needed, promised)
		}
	}
}

// extractNight does what the night of the centre's last day does first: it reads that day's conversations, and those of the days
// that are old enough to be read again.
func extractNight(b *testing.B, c *centre, day time.Time, config genesys.Config) (m pipeline.Manifest) {
	b.Helper()
	config.BaseURL, config.ClientID, config.ClientSecret = c.url, "trunkline", secret.New("simulated")
	x, err := genesys.New(config)
	if err != nil {
		b.Fatal(err)
	}
	flow := &pipeline.Flow{Name: "bench", Location: time.UTC, Sources: map[string]pipeline.Extractor{"genesys": x}}
	run, err := pipeline.NewRun(flow, pipeline.NewLocalStore(b.TempDir()), pipeline.Window{From: day, To: day.AddDate(0, 0, 1)}, pipeline.Options{})
	if err != nil {
		b.Fatal(err)
	}
	err = run.DoAll(b.Context(), func(s pipeline.Step) bool { return s.Name == "extract/genesys.conversations" },
		func(_ pipeline.Step, r pipeline.Result) { m = r.Manifest })
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// alive counts the conversations that a job of a day gives: those whose life overlaps it.
func alive(c *centre, day time.Time) (n int64) {
	now := time.Date(2026, 11, 3, 2, 30, 0, 0, time.UTC)
	for range c.World().Overlapping(day, day.AddDate(0, 0, 1), now.Add(-time.Hour)) {
		n++
	}
	return n
}
