package parquetcheck

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// textBytes is the length to which the bounds of a text are cut.
const textBytes = 64

func newScan(t arrow.DataType) (scan, error) {
	switch t := t.(type) {
	case *arrow.StringType:
		return &textScan{}, nil
	case *arrow.Int64Type:
		return &numberScan[int64]{
			slice: func(a arrow.Array) []int64 { return a.(*array.Int64).Int64Values() },
			show:  func(n int64) string { return strconv.FormatInt(n, 10) },
		}, nil
	case *arrow.Float64Type:
		return &numberScan[float64]{
			slice: func(a arrow.Array) []float64 { return a.(*array.Float64).Float64Values() },
			show:  func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) },
		}, nil
	case *arrow.TimestampType:
		if t.Unit != arrow.Microsecond {
			return nil, fmt.Errorf("a time in %s instead of microseconds", t.Unit)
		}
		return &numberScan[arrow.Timestamp]{
			slice: func(a arrow.Array) []arrow.Timestamp { return a.(*array.Timestamp).TimestampValues() },
			show:  showTime,
		}, nil
	case *arrow.BooleanType:
		return &boolScan{}, nil
	default:
		return nil, fmt.Errorf("type %s is not one of the five", t)
	}
}

func showTime(at arrow.Timestamp) string {
	return time.UnixMicro(int64(at)).UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}

// textScan compares bytes as they lie in the array; only a new bound is copied.
type textScan struct {
	seen            bool
	least, greatest string
}

func (s *textScan) add(values arrow.Array) {
	texts := values.(*array.String)
	nulls := texts.NullN() > 0
	for i := range texts.Len() {
		if nulls && texts.IsNull(i) {
			continue
		}
		v := texts.Value(i)
		if !s.seen {
			s.seen, s.least, s.greatest = true, strings.Clone(v), strings.Clone(v)
			continue
		}
		if v < s.least {
			s.least = strings.Clone(v)
		} else if v > s.greatest {
			s.greatest = strings.Clone(v)
		}
	}
}

func (s *textScan) bounds() (least, greatest string) { return cut(s.least), cut(s.greatest) }

// cut shortens a text to textBytes, on a character's border.
func cut(s string) string {
	if len(s) <= textBytes {
		return s
	}
	return strings.ToValidUTF8(s[:textBytes], "")
}

// numberScan reads the slice that an array of numbers lies in.
type numberScan[V cmp.Ordered] struct {
	slice           func(arrow.Array) []V
	show            func(V) string
	seen            bool
	least, greatest V
}

func (s *numberScan[V]) add(values arrow.Array) {
	nulls := values.NullN() > 0
	for i, v := range s.slice(values) {
		if nulls && values.IsNull(i) {
			continue
		}
		if !s.seen {
			s.seen, s.least, s.greatest = true, v, v
			continue
		}
		s.least, s.greatest = min(s.least, v), max(s.greatest, v)
	}
}

func (s *numberScan[V]) bounds() (least, greatest string) { return s.show(s.least), s.show(s.greatest) }

type boolScan struct{ hasFalse, hasTrue bool }

func (s *boolScan) add(values arrow.Array) {
	bools := values.(*array.Boolean)
	for i := range bools.Len() {
		if bools.IsNull(i) {
			continue
		}
		if bools.Value(i) {
			s.hasTrue = true
		} else {
			s.hasFalse = true
		}
	}
}

func (s *boolScan) bounds() (least, greatest string) {
	return strconv.FormatBool(!s.hasFalse), strconv.FormatBool(s.hasTrue)
}
