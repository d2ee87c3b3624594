package bigquery

import (
	"fmt"
	"testing"
	"time"

	"trunkline/loaders/loadertest"
	"trunkline/schema"
)

// What a load asks of BigQuery, and how much it uploads for a million rows: no seconds, as nobody's BigQuery is here.
func BenchmarkBigQuery(b *testing.B) {
	const rows = 100_000
	w := newWorld(b)
	w.merges(b, "merge_queues", batchID, rows, 0, 0, 0)
	l := w.open(b)
	all := make([]schema.Row, rows)
	for i := range all {
		name := fmt.Sprintf("queue %d", i)
		q := &schema.Queue{QueueID: fmt.Sprintf("%08x-0000-4000-8000-%012d", uint32(i)*2_654_435_761, i), Name: &name, ObservedAt: time.Unix(1_790_000_000, 0)}
		schema.Seal(q, "r", q.ObservedAt)
		all[i] = q
	}
	batch := loadertest.Batch(b, batchID, all...)
	before, _ := w.Calls()
	jobs := len(w.Jobs())
	for n := range b.N {
		batch.ID = fmt.Sprintf("%s%d", batchID, n)
		w.merges(b, "merge_queues", batch.ID, rows, 0, 0, 0)
		if _, err := l.Load(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	after, uploaded := w.Calls()
	requests := 0
	for name, n := range after {
		requests += n - before[name]
	}
	b.ReportMetric(float64(len(w.Jobs())-jobs)/float64(b.N), "jobs/load")
	b.ReportMetric(float64(requests)/float64(b.N), "requests/load")
	b.ReportMetric(float64(uploaded)/float64(b.N)/rows, "MB/Mrows")
	b.ReportMetric(0, "ns/op")
}
