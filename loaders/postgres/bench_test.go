package postgres

import (
	"context"
	"crypto/md5" //nolint:gosec // names made-up conversations
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trunkline/internal/pgtest"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
)

// turns is how often each side merges a batch.
const turns = 3

// BenchmarkMerge merges a million rows, half of them new and half replacing, into ten million, in turns with psql's \copy followed by
// one upsert written by hand (no dedupe, no counts, no ledger), and with the upserts of single rows that one would write first. All are
// on one server and one table, each time with a batch of its own; of the single rows 5,000 are taken for the whole. With -short
// everything is a tenth.
func BenchmarkMerge(b *testing.B) {
	size := bench{table: 10_000_000, batch: 1_000_000}
	if testing.Short() {
		size = bench{table: size.table / 10, batch: size.batch / 10}
	}
	server := pgtest.Start(b, pgtest.Options{Settings: map[string]string{
		"fsync": "on", "full_page_writes": "on", // as a server has it that is to keep what it was given
		"random_page_cost": "1.1", // and whose disk has no arm
		"shared_buffers":   "1GB", "max_wal_size": "16GB", "checkpoint_timeout": "1h", "work_mem": "256MB", "maintenance_work_mem": "1GB",
	}})
	l := openAll(b, Config{Host: server.Socket, Port: server.Port, Database: "postgres", User: "postgres", Schema: "bench"})
	l.mustExec(b, "insert into unified_interactions "+size.base())
	l.mustExec(b, "vacuum analyze unified_interactions")
	for b.Loop() {
		var byHand, ours, single []time.Duration
		for n := range turns {
			file := writeCSV(b, size.rows(b, 2*n, size.batch))
			byHand = append(byHand, timed(b, l, func() { mergeByHand(b, server, file) }))
			batch := loadertest.Batch(b, fmt.Sprint("b", n), size.rows(b, 2*n+1, size.batch)...)
			ours = append(ours, timed(b, l, func() {
				got, err := l.Load(b.Context(), batch)
				if want := (pipeline.Loaded{Inserted: int64(size.batch / 2), Updated: int64(size.batch / 2)}); err != nil || got["unified_interactions"] != want {
					b.Fatalf("loaded %+v, %v, want %+v", got, err, want)
				}
			}))
			single = append(single, upsertSingly(b, server, size.rows(b, 2*turns+1+n, 5_000))*time.Duration(size.batch/5_000))
		}
		b.ReportMetric(median(byHand).Seconds(), "s-by-hand")
		b.ReportMetric(median(ours).Seconds(), "s-merge")
		b.ReportMetric(median(single).Seconds(), "s-row-by-row")
		b.ReportMetric(median(ours).Seconds()/median(byHand).Seconds(), "ratio")
		b.ReportMetric(median(single).Seconds()/median(ours).Seconds(), "times-faster-than-row-by-row")
	}
}

func median(d []time.Duration) time.Duration { return slices.Sorted(slices.Values(d))[len(d)/2] }

// bench is how large everything is.
type bench struct{ table, batch int }

// base selects the rows of the table.
func (s bench) base() string {
	var columns []string
	for n, c := range schema.UnifiedInteractions.Columns {
		spread := fmt.Sprintf("((i * 2654435761 + %d) %% 1009)", n*7919)
		value := map[schema.Type]string{
			schema.Text: "'value-' || " + spread + " % 50", schema.Integer: spread, schema.Real: spread + " / 7.0::float8",
			schema.Boolean: spread + " < 300", schema.Timestamp: "timestamp '2026-01-01' + interval '1 second' * i",
		}[c.Type]
		switch {
		case c.Name == "conversation_id":
			value = "md5(i::text)"
		case c.Name == "observed_at":
			value = "timestamp '2026-11-19'"
		case c.Name == "row_hash":
			value = "'old'"
		case c.Nullable:
			value = fmt.Sprintf("case when (i + %d) %% 3 > 0 then %s end", n, value)
		}
		columns = append(columns, value)
	}
	return fmt.Sprintf("select %s from generate_series(0::bigint, %d) as i", strings.Join(columns, ", "), s.table-1)
}

// rows makes the n rows of a batch, the first half of which replace others.
func (s bench) rows(b *testing.B, batch, n int) []schema.Row {
	b.Helper()
	rows := make([]schema.Row, n)
	for i := range rows {
		id := batch*s.batch/2 + i
		if i >= n/2 {
			id += s.table
		}
		values := make([]any, len(schema.UnifiedInteractions.Columns))
		for j, c := range schema.UnifiedInteractions.Columns {
			values[j] = madeUp(c, id, j)
		}
		row, err := schema.UnifiedInteractions.Fill(values)
		if err != nil {
			b.Fatal(err)
		}
		rows[i] = row
	}
	return rows
}

func madeUp(c schema.Column, i, n int) any {
	spread := (int64(i)*2654435761 + int64(n)*7919) % 1009 // as in base: little changes but the hash
	switch {
	case c.Name == "conversation_id":
		sum := md5.Sum([]byte(strconv.Itoa(i))) //nolint:gosec // no secret
		return hex.EncodeToString(sum[:])
	case c.Name == "observed_at":
		return time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	case c.Name == "row_hash":
		return "new"
	case c.Nullable && (c.Set != schema.Transform || (i+n)%3 == 0):
		return nil
	}
	switch c.Type {
	case schema.Text:
		return fmt.Sprint("value-", spread%50)
	case schema.Integer:
		return spread
	case schema.Real:
		return float64(spread) / 7
	case schema.Boolean:
		return spread < 300
	default:
		return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Second)
	}
}

// timed gives how long do takes on a server that has written down what was before.
func timed(b *testing.B, l *Loader, do func()) time.Duration {
	b.Helper()
	l.mustExec(b, "checkpoint")
	began := time.Now()
	do()
	return time.Since(began)
}

// writeCSV writes rows to a file.
func writeCSV(b *testing.B, rows []schema.Row) (path string) {
	b.Helper()
	path = filepath.Join(b.TempDir(), "batch.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := csv.NewWriter(f)
	for _, r := range rows {
		var cells []string
		for _, c := range schema.UnifiedInteractions.Columns {
			switch v := schema.Value(r, c).(type) {
			case nil:
				cells = append(cells, "")
			case time.Time:
				cells = append(cells, v.Format("2006-01-02 15:04:05.000000"))
			default:
				cells = append(cells, fmt.Sprint(v))
			}
		}
		if err := w.Write(cells); err != nil {
			b.Fatal(err)
		}
	}
	w.Flush()
	if err := errors.Join(w.Error(), f.Close()); err != nil {
		b.Fatal(err)
	}
	return path
}

// mergeByHand lets psql copy a file and merge it.
func mergeByHand(b *testing.B, server *pgtest.Server, path string) {
	b.Helper()
	psql := exec.CommandContext(b.Context(), server.Program("psql"), "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction",
		"--command=set jit = off", "--command=create temporary table stg (like bench.unified_interactions)", "--command=\\copy stg from '"+path+"' with (format csv)",
		"--command=analyze stg", "--command="+upsert("select * from stg"), server.DSN("postgres", "postgres"))
	if out, err := psql.CombinedOutput(); err != nil {
		b.Fatalf("psql: %v\n%s", err, out)
	}
}

// upsert is the merge as one would write it by hand.
func upsert(source string) string {
	var set []string
	for _, c := range schema.UnifiedInteractions.Columns {
		if !c.Key {
			set = append(set, fmt.Sprintf("%[1]s = excluded.%[1]s", c.Name))
		}
	}
	return "insert into bench.unified_interactions " + source + " on conflict (conversation_id) do update set " + strings.Join(set, ", ")
}

// upsertSingly sends a statement for each row, and commits each, as the guide's loader does.
func upsertSingly(b *testing.B, server *pgtest.Server, rows []schema.Row) time.Duration {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), server.DSN("postgres", "postgres"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var marks []string
	for i := range schema.UnifiedInteractions.Columns {
		marks = append(marks, fmt.Sprint("$", i+1))
	}
	statement := upsert("values (" + strings.Join(marks, ", ") + ")")
	began := time.Now()
	for _, r := range rows {
		var values []any
		for _, c := range schema.UnifiedInteractions.Columns {
			values = append(values, schema.Value(r, c))
		}
		if _, err := conn.Exec(b.Context(), statement, values...); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}
