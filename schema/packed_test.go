package schema_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"trunkline/schema"
)

// anyOf fills a row with values that are easily confounded.
func anyOf(r *rand.Rand, row schema.Row) {
	texts := []string{"", "a", "a\x00", "a\x00\x01", "a\xff", "ab", "b", "é"}
	v := reflect.ValueOf(row).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		if v.Type().Field(i).Tag.Get("parquet") == "-" {
			continue
		}
		if f.Kind() == reflect.Pointer {
			if r.IntN(3) == 0 {
				continue
			}
			f.Set(reflect.New(f.Type().Elem()))
			f = f.Elem()
		}
		switch f.Kind() {
		case reflect.String:
			f.SetString(texts[r.IntN(len(texts))])
		case reflect.Int64:
			f.SetInt(int64(r.IntN(5)) - 2)
		case reflect.Float64:
			f.SetFloat(float64(r.IntN(5))/2 - 1)
		case reflect.Bool:
			f.SetBool(r.IntN(2) == 0)
		default:
			f.Set(reflect.ValueOf(time.UnixMicro(int64(r.IntN(5)) - 2).UTC()))
		}
	}
}

func TestPackedRowsAreOrderedAsRowsAre(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, table := range append(schema.All(), schema.GenesysInteractions) {
		for range 300 {
			a, b := table.New(), table.New()
			anyOf(r, a)
			anyOf(r, b)
			x, n := schema.AppendPacked([]byte("before"), a)
			y, m := schema.AppendPacked(nil, b)
			x, y = x[len("before"):][:n], y[:m]
			if got, want := bytes.Compare(x, y), schema.Compare(a, b); cmp.Compare(got, 0) != cmp.Compare(want, 0) {
				t.Fatalf("%s: packed %d, unpacked %d: %+v and %+v", table.Name, got, want, a, b)
			}
			if got, want := table.SameKey(x, y), schema.CompareKey(a, b) == 0; got != want {
				t.Fatalf("%s: one key %t, should be %t: %+v and %+v", table.Name, got, want, a, b)
			}
		}
	}
}

func TestNumbersThatATableIsOrderedByAreReadBack(t *testing.T) {
	for _, n := range []int64{-1 << 63, -1, 0, 1, 1<<63 - 1} {
		row := &schema.Segment{ConversationID: "a\x00b", SegmentSeq: n, ObservedAt: noon()}
		got := roundTrip(t, schema.Segments, row)[0].(*schema.Segment)
		if got.SegmentSeq != n || got.ConversationID != row.ConversationID {
			t.Error(fmt.Sprint(got))
		}
	}
}

func noon() time.Time { return time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC) }

// Rows are read back whatever pages and row groups they lie in, each cell its own.
func TestManyRowsAreReadBack(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	rows := make([]schema.Row, 130_000) // the first group has 122,880
	for i := range rows {
		row := &schema.Queue{QueueID: fmt.Sprintf("%08d", i), ObservedAt: noon().Add(time.Duration(i) * time.Microsecond), IsListed: i%3 == 0}
		if r.IntN(2) == 0 {
			row.Name, row.SlaTargetMs, row.SlaShare = new(fmt.Sprint(i%77)), new(int64(i)), new(float64(i)/4)
		}
		rows[i] = row
	}
	got := roundTrip(t, schema.Queues, rows...)
	if len(got) != len(rows) {
		t.Fatalf("%d rows came back", len(got))
	}
	for i := range rows {
		if !reflect.DeepEqual(got[i], rows[i]) {
			t.Fatalf("row %d: %+v, want %+v", i, got[i], rows[i])
		}
	}
}

func TestAColumnOfAnotherTypeIsAnError(t *testing.T) {
	var metrics bytes.Buffer
	w := schema.SessionMetrics.NewWriter(&metrics, schema.WriterOptions{}) // its value is a number, that of an attribute is text
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := schema.ParticipantAttributes.NewReader(bytes.NewReader(metrics.Bytes()), int64(metrics.Len()))
	if err == nil || !strings.Contains(err.Error(), "column value is") {
		t.Errorf("a number was read as text: %v", err)
	}
}
