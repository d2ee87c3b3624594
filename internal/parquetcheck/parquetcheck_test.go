package parquetcheck_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/parquetcheck"
	"trunkline/schema"
)

// written gives the bytes of a file as the pipeline writes it.
func written(t testing.TB, table *schema.Table, rows ...schema.Row) []byte {
	t.Helper()
	var b bytes.Buffer
	w := table.NewWriter(&b, schema.WriterOptions{Version: "test"})
	if err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(b []byte) (parquetcheck.Stats, error) {
	return parquetcheck.Read(bytes.NewReader(b), int64(len(b)))
}

var noon = time.Date(2026, 11, 19, 12, 0, 0, 123456000, time.UTC)

func interactions(n int) []schema.Row {
	r := rand.New(rand.NewPCG(1, 2))
	rows := make([]schema.Row, n)
	for i := range rows {
		start := noon.Add(time.Duration(i) * time.Second)
		row := &schema.Interaction{
			ConversationID:    fmt.Sprintf("%08x-%04d", r.Uint32(), i),
			ConversationStart: start,
			DataSource:        "genesys_cloud",
			BusinessDate:      "2026-11-19",
			CrmIDStatus:       "ok",
			Finality:          "final",
			IsOpen:            i%5 == 0,
			ObservedAt:        noon,
			SourceRun:         "nightly/2026-11-19T00-00-00Z",
		}
		if i%3 > 0 {
			ms, score, queue, yes := int64(r.IntN(600_000)), r.Float64()*100, "queue-"+strconv.Itoa(i%40), i%2 == 0
			row.DurationMs, row.HandleTimeMs, row.QaScore, row.LtvUsd = &ms, &ms, &score, &score
			row.QueueID, row.QueueName, row.WasEscalated, row.CrmAccountID = &queue, &queue, &yes, &row.ConversationID
			row.ConversationEnd = new(start.Add(time.Minute))
		}
		rows[i] = row
	}
	return rows
}

// expected computes the statistics from the rows themselves.
func expected(table *schema.Table, rows []schema.Row) parquetcheck.Stats {
	s := parquetcheck.Stats{Rows: int64(len(rows))}
	for _, c := range table.Columns {
		col := parquetcheck.Column{Name: c.Name}
		var least, greatest any
		for _, r := range rows {
			v := schema.Value(r, c)
			if v == nil {
				col.Nulls++
				continue
			}
			if least == nil || less(v, least) {
				least = v
			}
			if greatest == nil || less(greatest, v) {
				greatest = v
			}
		}
		if least != nil {
			col.Min, col.Max = show(least), show(greatest)
		}
		s.Columns = append(s.Columns, col)
	}
	return s
}

func less(a, b any) bool {
	switch a := a.(type) {
	case string:
		return a < b.(string)
	case int64:
		return a < b.(int64)
	case float64:
		return a < b.(float64)
	case bool:
		return !a && b.(bool)
	default:
		return a.(time.Time).Before(b.(time.Time))
	}
}

func show(v any) string {
	switch v := v.(type) {
	case time.Time:
		return v.Format("2006-01-02T15:04:05.000000Z")
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

func TestReadAgreesWithTheWriter(t *testing.T) {
	for _, n := range []int{0, 1, 1000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			rows := interactions(n)
			got, err := read(written(t, schema.UnifiedInteractions, rows...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(expected(schema.UnifiedInteractions, rows), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadGoesThroughAllRowGroups(t *testing.T) {
	rows := make([]schema.Row, 123_000) // the first group has 122,880
	for i := range rows {
		rows[i] = &schema.Queue{QueueID: strconv.Itoa(i), ObservedAt: noon.Add(time.Duration(i) * time.Second)}
	}
	got, err := read(written(t, schema.Queues, rows...))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(expected(schema.Queues, rows), got); diff != "" {
		t.Error(diff)
	}
}

func TestReadEveryTable(t *testing.T) {
	for _, table := range append(schema.All(), schema.GenesysInteractions) {
		got, err := read(written(t, table, table.New(), table.New()))
		if err != nil {
			t.Errorf("%s: %v", table.Name, err)
			continue
		}
		if diff := cmp.Diff(expected(table, []schema.Row{table.New(), table.New()}), got); diff != "" {
			t.Errorf("%s: %s", table.Name, diff)
		}
	}
}

func TestReadCutsLongText(t *testing.T) {
	long := strings.Repeat("é", 100)
	got, err := read(written(t, schema.Queues, &schema.Queue{QueueID: "x" + long, ObservedAt: noon}))
	if err != nil {
		t.Fatal(err)
	}
	if want := "x" + strings.Repeat("é", 31); got.Columns[0].Max != want { // 63 bytes: the 64th is half a character
		t.Errorf("max = %q, want %q", got.Columns[0].Max, want)
	}
}

// Damage must not pass for the file that was written. One row: each value is a bound, so that none can change unseen.
func TestReadSeesDamage(t *testing.T) {
	rows := interactions(2)[1:]
	whole := written(t, schema.UnifiedInteractions, rows...)
	want, err := read(whole)
	if err != nil {
		t.Fatal(err)
	}
	id := schema.Value(rows[0], schema.UnifiedInteractions.Columns[0]).(string)
	value := bytes.Index(whole, []byte(string([]byte{byte(len(id)), 0, 0, 0})+id)) // as PLAIN encodes it; elsewhere are statistics
	if value < 0 {
		t.Fatal("the id is not in the file")
	}
	for name, at := range map[string]int{
		"a value":       value + 7,
		"magic":         0,
		"footer length": len(whole) - 8,
		"end":           len(whole) - 1,
	} {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x40
		if got, err := read(damaged); err == nil && cmp.Equal(want, got) {
			t.Errorf("%s: a flipped byte at %d went unseen", name, at)
		}
	}
	for _, n := range []int{0, 4, 11, len(whole) / 2, len(whole) - 1} {
		if _, err := read(whole[:n]); err == nil {
			t.Errorf("a file cut to %d of %d bytes was read", n, len(whole))
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written(f, schema.Queues, schema.Queues.New()))
	f.Add([]byte("PAR1"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _ = read(b) // neither panics nor hangs
	})
}

func BenchmarkRead(b *testing.B) {
	file := written(b, schema.UnifiedInteractions, interactions(100_000)...)
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(file); err != nil {
			b.Fatal(err)
		}
	}
}
