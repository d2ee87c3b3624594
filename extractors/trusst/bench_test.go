package trusst

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"trunkline/internal/pgtest"
	"trunkline/pipeline"
)

// sizes are the numbers of inferences that are read. TRUSST_BENCH_INFERENCES gives another largest one: 10000000 takes 10 minutes to
// fill and 5 GB of disk.
func sizes(b *testing.B) []int {
	b.Helper()
	if testing.Short() {
		return []int{100_000}
	}
	text := os.Getenv("TRUSST_BENCH_INFERENCES")
	if text == "" {
		return []int{100_000, 1_000_000}
	}
	largest, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return []int{1_000_000, largest}
}

// year is when the inferences begin that a benchmark reads; they are spread over a year.
var year = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// fill makes a database of so many inferences, three a contact, a third of them updated.
func fill(b *testing.B, inferences int) *Extractor {
	b.Helper()
	s := pgtest.Start(b, pgtest.Options{Settings: map[string]string{"shared_buffers": "256MB", "autovacuum": "off", "max_wal_size": "4GB"}})
	admin, err := pgx.Connect(b.Context(), s.DSN("postgres", "postgres"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = admin.Close(context.Background()) }()
	schema, err := os.ReadFile("testdata/schema.sql")
	if err != nil {
		b.Fatal(err)
	}
	const contacts = `insert into contacts select 'contact-' || n, 's1', null, at, 'inbound', 'COMPLETED', 'agent_' || n % 500, at
		from (select n, '2025-01-01'::timestamp + n * interval '1 year' / $1 as at from generate_series(1, $1::int) n) c`
	const answers = `insert into inferences select 'inference-' || n || '-' || q, 'contact-' || n, 'q' || q, (n % 10)::text, at,
			case when n % 3 = 0 then at + interval '1 minute' end
		from (select n, '2025-01-01'::timestamp + n * interval '1 year' / $1 as at from generate_series(1, $1::int) n) c, generate_series(1, 3) q`
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{string(schema), nil},
		{"update questions set is_universal = true", nil},
		{contacts, []any{inferences / 3}},
		{answers, []any{inferences / 3}},
		{"vacuum analyze", nil},
	} {
		if _, err := admin.Exec(b.Context(), step.sql, step.args...); err != nil {
			b.Fatal(err)
		}
	}
	x, err := New(Config{Host: s.Socket, Port: s.Port, Database: "postgres", User: "reader"})
	if err != nil {
		b.Fatal(err)
	}
	return x
}

// BenchmarkFirstLoad reads everything, as a run without a note does.
func BenchmarkFirstLoad(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			x := fill(b, n)
			for b.Loop() {
				contacts := 0
				if _, err := x.Remember(b.Context(), "contacts", pipeline.Window{}, nil, func(page []pipeline.Record) error {
					contacts += len(page)
					return nil
				}); err != nil || contacts != n/3 {
					b.Fatalf("%d contacts, %v", contacts, err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "inferences/s")
		})
	}
}

// pageLimit is how many ms a page may take, 19 times of 20.
const pageLimit = 50

// BenchmarkPages reads pages at random places: of changed keys, of whole contacts, and, beside them, the keys by OFFSET.
func BenchmarkPages(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			x := fill(b, n)
			s, err := x.connect(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			defer s.close()
			dice := rand.New(rand.NewPCG(1, 2))
			keys := func() []string {
				from := year.Add(time.Duration(dice.Float64() * float64(360*24*time.Hour)))
				ids, err := query(b.Context(), s, ask{"read changes", changedSQL, []any{stamp(from), "", stamp(year.AddDate(2, 0, 0)), x.config.PageSize}}, contactOf)
				if err != nil || len(ids) == 0 {
					b.Fatal(len(ids), err)
				}
				return ids
			}
			hydrate := func() {
				ids := make([]string, x.config.BatchSize)
				first := dice.IntN(n/3 - len(ids))
				for i := range ids {
					ids[i] = fmt.Sprint("contact-", first+i+1)
				}
				if rows, err := query(b.Context(), s, ask{"read contacts", hydrateSQL, []any{ids}}, scanContact); err != nil || len(rows) != 3*len(ids) {
					b.Fatal(len(rows), err)
				}
			}
			offset := func() {
				const sql = `select inference_id from inferences order by greatest(updated_at, created_at), inference_id limit 1000 offset $1`
				if ids, err := query(b.Context(), s, ask{"read by offset", sql, []any{dice.IntN(n - 1000)}}, pgx.RowTo[string]); err != nil || len(ids) != 1000 {
					b.Fatal(len(ids), err)
				}
			}
			keys()
			for b.Loop() {
				changes, whole, control := p95(200, func() { keys() }), p95(200, hydrate), p95(5, offset)
				b.ReportMetric(changes, "ms/keys-p95")
				b.ReportMetric(whole, "ms/contacts-p95")
				b.ReportMetric(control, "ms/offset-p95")
				b.ReportMetric(changes/control, "x-by-offset")
				if changes > pageLimit || whole > pageLimit {
					b.Errorf("a page takes longer than %d ms", pageLimit)
				}
			}
		})
	}
}

func contactOf(row pgx.CollectableRow) (string, error) {
	var at pgtype.Timestamp
	var inference, contact string
	err := row.Scan(&at, &inference, &contact)
	return contact, err
}

// p95 gives how long something takes at most, in ms, 19 times of 20.
func p95(times int, do func()) float64 {
	took := make([]time.Duration, times)
	for i := range took {
		began := time.Now()
		do()
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	return float64(took[(times*95-1)/100].Microseconds()) / 1000
}
