package genesys_test

import (
	"context"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"trunkline/pipeline"
	"trunkline/transforms/genesys"
)

// day is an extractor that has what a test gives it.
type day []pipeline.Record

func (day) Streams() []pipeline.Stream { return []pipeline.Stream{{Name: "conversations"}} }

func (d day) Extract(_ context.Context, _ string, _ pipeline.Window, emit func([]pipeline.Record) error) error {
	for page := range 1 + (len(d)-1)/1000 {
		if err := emit(d[page*1000 : min(len(d), page*1000+1000)]); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkStep does the whole step as a night does it (decompress, find the newest version of each record, decode, apply the
// rules, sort, write Parquet, have it read again by another reader) and holds its CPU time, garbage collection included,
// against decoding the same bytes with the JSON library and doing nothing else.
func BenchmarkStep(b *testing.B) {
	const conversations, promised = 20_000, 8.0
	records := simulated(conversations)
	flow := &pipeline.Flow{
		Name: "bench", Sources: map[string]pipeline.Extractor{"genesys": day(records)},
		Transforms: map[string]pipeline.Transform{"genesys": genesys.New(genesys.Config{})},
	}
	run, err := pipeline.NewRun(flow, pipeline.NewLocalStore(b.TempDir()), pipeline.Window{To: time.Now()}, pipeline.Options{Again: true})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := run.Do(b.Context(), "extract/genesys.conversations"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		decode := cpuTime(b, func() {
			for _, r := range records {
				_ = json.Unmarshal(r.Body, genesys.NewDecoded(), genesys.Lenient) // some are broken on purpose
			}
		})
		step := cpuTime(b, func() {
			if _, err := run.Do(b.Context(), "transform/genesys"); err != nil {
				b.Fatal(err)
			}
		})
		ratio := step.Seconds() / decode.Seconds()
		b.ReportMetric(ratio, "x-decode")
		b.ReportMetric(step.Seconds()*1e4/conversations, "cpu-s/10k")
		if ratio > promised {
			b.Errorf("the step takes %.2f times the CPU time of decoding; promised are %.1f", ratio, promised)
		}
	}
}

// cpuTime gives the CPU time, of all threads, that something takes.
func cpuTime(b *testing.B, do func()) time.Duration {
	b.Helper()
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	runtime.GC() // what was left by others is not on this bill
	before := used()
	do()
	return used() - before
}
