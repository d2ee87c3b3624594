package bench

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"trunkline/internal/sim/scenario"
	"trunkline/loaders/duckdb"
	"trunkline/pipeline"
	"trunkline/transforms/genesys"
	"trunkline/transforms/unify"
)

// recorded is an extractor that has what a benchmark gives it.
type recorded struct{ records []pipeline.Record }

func (*recorded) Streams() []pipeline.Stream { return []pipeline.Stream{{Name: "conversations"}} }

func (r *recorded) Extract(_ context.Context, _ string, _ pipeline.Window, emit func([]pipeline.Record) error) error {
	for page := range 1 + (len(r.records)-1)/1000 {
		if err := emit(r.records[page*1000 : min(len(r.records), page*1000+1000)]); err != nil {
			return err
		}
	}
	return nil
}

// A month is read again in one night, and one conversation in fifty has changed meanwhile: the warehouse must not be written
// for the other forty-nine. Counted are the rows of every table that the load wrote, children of a changed conversation
// included, against all rows that were read again.
func BenchmarkRepull(b *testing.B) {
	const days, perDay, promised = 31, 200, 0.025
	config := scenario.Default()
	config.Location, config.Start = time.UTC, time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	config.Days, config.PerDay = days, perDay
	end := config.Start.AddDate(0, 0, days)
	seen := end.AddDate(0, 0, 40) // long after anything changes by itself
	source := &recorded{}
	for c := range scenario.New(config).StartedOn(config.Start, end, seen) {
		source.records = append(source.records, pipeline.Record{Key: c.ID, At: c.Start, Body: c.AppendJSON(nil, seen, true)})
	}
	for b.Loop() {
		dir := b.TempDir()
		now := seen
		flow := &pipeline.Flow{
			Name: "bench", Sources: map[string]pipeline.Extractor{"genesys": source},
			Transforms: map[string]pipeline.Transform{"genesys": genesys.New(genesys.Config{}), "unify": unify.New(unify.Config{})},
			Open: func(ctx context.Context) (pipeline.Loader, error) {
				return duckdb.Open(ctx, duckdb.Config{Path: filepath.Join(dir, "w.duckdb")}, "bench")
			},
		}
		night := func(n int) (written, all int64) {
			now = now.Add(24 * time.Hour)
			w := pipeline.Window{From: end.AddDate(0, 0, n), To: end.AddDate(0, 0, n+1)}
			run, err := pipeline.NewRun(flow, pipeline.NewLocalStore(filepath.Join(dir, "runs")), w, pipeline.Options{Now: func() time.Time { return now }})
			if err != nil {
				b.Fatal(err)
			}
			err = run.DoAll(b.Context(), func(s pipeline.Step) bool { return s.Stage != pipeline.StageAudit && s.Stage != pipeline.StagePublish }, func(_ pipeline.Step, r pipeline.Result) {
				for _, l := range r.Manifest.Loaded {
					written += l.Inserted + l.Updated
					all += l.Inserted + l.Updated + l.Unchanged
				}
			})
			if err != nil {
				b.Fatal(err)
			}
			return written, all
		}
		night(0)
		for i := 0; i < len(source.records); i += 50 {
			source.records[i].Body = turned(source.records[i].Body)
		}
		written, all := night(1)
		share := float64(written) / float64(all)
		b.ReportMetric(share*100, "pct-written")
		b.ReportMetric(float64(all), "rows-read-again")
		if share > promised {
			b.Errorf("%.2f %% of the rows were written, promised are at most %.1f %%", share*100, promised*100)
		}
	}
}

// turned gives a record of which the direction is another: what a source corrects later.
func turned(body []byte) []byte {
	in, out := []byte(`"originatingDirection":"inbound"`), []byte(`"originatingDirection":"outbound"`)
	if bytes.Contains(body, in) {
		return bytes.Replace(body, in, out, 1)
	}
	return bytes.Replace(body, out, in, 1)
}
