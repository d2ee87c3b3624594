package schema_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
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
