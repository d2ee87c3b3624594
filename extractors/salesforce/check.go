package salesforce

import (
	"context"
	"time"

	"trunkline/internal/salesforce"
	"trunkline/pipeline"
)

// Probe is one thing that was tried before a run, and what came of it.
type Probe struct {
	Name string
	Err  error
}

// Check logs in and reads what changed in the last minute of each stream, which tries every permission. Each call is tried
// once: who asks wants to know what is wrong now.
func Check(ctx context.Context, c Config) []Probe {
	x, err := newExtractor(c, salesforce.Config{MaxElapsed: time.Nanosecond})
	if err != nil {
		return []Probe{{"configuration", err}}
	}
	probes := []Probe{{"token", x.connect(ctx)}}
	if probes[0].Err != nil {
		return probes
	}
	for _, s := range x.Streams() {
		if ctx.Err() != nil {
			return nil
		}
		w := pipeline.Window{From: time.Now().Add(-time.Minute)}
		probes = append(probes, Probe{s.Name, x.Extract(ctx, s.Name, w, func([]pipeline.Record) error { return nil })})
	}
	return probes
}
