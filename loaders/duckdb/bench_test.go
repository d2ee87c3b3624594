package duckdb

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
)

// handwritten is the merge as one would write it by hand: no dedupe, no counts, no ledger, every matched row written.
const handwritten = `merge into unified_interactions as t
using read_parquet(['%s']) as s
    on t.conversation_id = s.conversation_id
when matched then update
when not matched then insert`

// BenchmarkMerge merges a million rows, half of them new and half replacing, into ten million, against the same merge
// written by hand, in turns on copies of the same file. The ratio is that of the medians; with -short everything is a tenth.
func BenchmarkMerge(b *testing.B) {
	table, batch := 10_000_000, 1_000_000
	if testing.Short() {
		table, batch = table/10, batch/10
	}
	dir := b.TempDir()
	base, file := filepath.Join(dir, "base.duckdb"), filepath.Join(dir, "batch.parquet")
	makeBase(b, base, file, table, batch)
	work := pipeline.Batch{ID: "b", Table: schema.UnifiedInteractions, Files: []pipeline.File{{URI: file, Rows: int64(batch), SHA256: "b"}}}

	for b.Loop() {
		var byHand, ours []time.Duration
		for range 3 {
			byHand = append(byHand, timed(b, base, func(l *Loader) error {
				_, err := l.Conn.ExecContext(b.Context(), fmt.Sprintf(handwritten, file))
				return err
			}))
			ours = append(ours, timed(b, base, func(l *Loader) error {
				got, err := l.Load(b.Context(), work)
				if want := (pipeline.Loaded{Inserted: int64(batch / 2), Updated: int64(batch / 2)}); err == nil && got["unified_interactions"] != want {
					return fmt.Errorf("loaded %+v, want %+v", got, want)
				}
				return err
			}))
		}
		b.ReportMetric(median(byHand).Seconds(), "s-by-hand")
		b.ReportMetric(median(ours).Seconds(), "s-merge")
		b.ReportMetric(median(ours).Seconds()/median(byHand).Seconds(), "ratio")
	}
}

func median(d []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(d))[len(d)/2]
}

// timed runs do, and a checkpoint after it, on a fresh copy of a warehouse.
func timed(b *testing.B, base string, do func(*Loader) error) time.Duration {
	b.Helper()
	path := base + ".copy"
	if err := remove(path, path+".wal"); err != nil {
		b.Fatal(err)
	}
	copyFile(b, base, path)
	l, err := Open(b.Context(), Config{Path: path, Threads: 2}, "bench")
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := do(l); err != nil {
		b.Fatal(err)
	}
	l.mustExec(b, "checkpoint")
	took := time.Since(start)
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	return took
}

func copyFile(b *testing.B, from, to string) {
	b.Helper()
	in, err := os.Open(from)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		b.Fatal(err)
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
}

// makeBase makes a warehouse with a table of the real width and a batch for it.
func makeBase(b *testing.B, path, batchFile string, table, batch int) {
	b.Helper()
	l, err := Open(b.Context(), Config{Path: path, Threads: 2}, "bench")
	if err != nil {
		b.Fatal(err)
	}
	if err := l.Migrate(b.Context(), schema.All()); err != nil {
		b.Fatal(err)
	}
	l.mustExec(b, "insert into unified_interactions "+madeUp(0, 0, table))
	l.mustExec(b, fmt.Sprintf("copy (%s) to '%s' (format parquet, compression snappy, row_group_size 122880)",
		madeUp(1, table-batch/2, table+batch/2), batchFile))
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
}

// madeUp selects made-up conversations number from to to, in their version-th version.
func madeUp(version, from, to int) string {
	var columns []string
	for n, c := range schema.UnifiedInteractions.Columns {
		columns = append(columns, madeUpColumn(c, n, version)+" as "+c.Name)
	}
	return fmt.Sprintf("select %s from range(%d, %d) as r(i)", strings.Join(columns, ", "), from, to)
}

func madeUpColumn(c schema.Column, n, version int) string {
	spread := fmt.Sprintf("((i * 2654435761 + %d) %% 1009)", n*7919)
	switch c.Name {
	case "conversation_id":
		return "left(md5(i::varchar), 36)"
	case "row_hash":
		return fmt.Sprintf("md5((i * 10 + %d)::varchar)", version)
	case "observed_at":
		return fmt.Sprintf("timestamp '2026-11-19' + interval %d day", version)
	case "source_run":
		return "'nightly/2026-11-19T00-00-00Z'"
	}
	values := map[schema.Type]string{
		schema.Text:      "'value-' || " + spread + " % 50",
		schema.Integer:   spread + "::bigint",
		schema.Real:      spread + " / 7.0::double",
		schema.Boolean:   spread + " < 300",
		schema.Timestamp: "timestamp '2026-01-01' + interval 1 second * i",
	}
	if c.Nullable && c.Set == schema.Transform {
		return fmt.Sprintf("case when (i + %d) %% 3 > 0 then %s end", n, values[c.Type])
	}
	return values[c.Type]
}
