package parquetcheck

import (
	"bytes"
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet/file"
)

// textBytes is the length to which the bounds of a text are cut.
const textBytes = 64

func newScan(t arrow.DataType) (scan, error) {
	switch t := t.(type) {
	case *arrow.StringType:
		return &textScan{}, nil
	case *arrow.Int64Type:
		return &numberScan[int64]{batch: readInts, show: func(n int64) string { return strconv.FormatInt(n, 10) }}, nil
	case *arrow.Float64Type:
		return &numberScan[float64]{batch: readReals, show: func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }}, nil
	case *arrow.TimestampType:
		if t.Unit != arrow.Microsecond {
			return nil, fmt.Errorf("a time in %s instead of microseconds", t.Unit)
		}
		return &numberScan[int64]{batch: readInts, show: showTime}, nil
	case *arrow.BooleanType:
		return &boolScan{}, nil
	default:
		return nil, fmt.Errorf("type %s is not one of the five", t)
	}
}

func showTime(at int64) string {
	return time.UnixMicro(at).UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}

// wrongForm is what is said of a column whose values are not of the form that its type has.
func wrongForm(r file.ColumnChunkReader) error { return fmt.Errorf("its values are %s", r.Type()) }

// textScan compares bytes as they lie in the page; only a new bound is copied.
type textScan struct {
	seen            bool
	least, greatest []byte
}

func (s *textScan) read(from file.ColumnChunkReader, n int64, b *buffers) (all int64, there int, err error) {
	r, ok := from.(*file.ByteArrayColumnChunkReader)
	if !ok {
		return 0, 0, wrongForm(from)
	}
	all, there, err = r.ReadBatch(n, b.texts, b.levels, nil)
	for _, v := range b.texts[:there] {
		switch {
		case !s.seen:
			s.seen, s.least, s.greatest = true, bytes.Clone(v), bytes.Clone(v)
		case bytes.Compare(v, s.least) < 0:
			s.least = append(s.least[:0], v...)
		case bytes.Compare(v, s.greatest) > 0:
			s.greatest = append(s.greatest[:0], v...)
		}
	}
	return all, there, err
}

func (s *textScan) bounds() (least, greatest string) {
	return cut(string(s.least)), cut(string(s.greatest))
}

// cut shortens a text to textBytes, on a character's border.
func cut(s string) string {
	if len(s) <= textBytes {
		return s
	}
	return strings.ToValidUTF8(s[:textBytes], "")
}

// numberScan compares numbers.
type numberScan[V cmp.Ordered] struct {
	batch           func(from file.ColumnChunkReader, n int64, b *buffers) (values []V, all int64, err error)
	show            func(V) string
	seen            bool
	least, greatest V
}

func readInts(from file.ColumnChunkReader, n int64, b *buffers) ([]int64, int64, error) {
	r, ok := from.(*file.Int64ColumnChunkReader)
	if !ok {
		return nil, 0, wrongForm(from)
	}
	all, there, err := r.ReadBatch(n, b.ints, b.levels, nil)
	return b.ints[:there], all, err
}

func readReals(from file.ColumnChunkReader, n int64, b *buffers) ([]float64, int64, error) {
	r, ok := from.(*file.Float64ColumnChunkReader)
	if !ok {
		return nil, 0, wrongForm(from)
	}
	all, there, err := r.ReadBatch(n, b.reals, b.levels, nil)
	return b.reals[:there], all, err
}

func (s *numberScan[V]) read(from file.ColumnChunkReader, n int64, b *buffers) (all int64, there int, err error) {
	values, all, err := s.batch(from, n, b)
	for _, v := range values {
		if !s.seen {
			s.seen, s.least, s.greatest = true, v, v
			continue
		}
		s.least, s.greatest = min(s.least, v), max(s.greatest, v)
	}
	return all, len(values), err
}

func (s *numberScan[V]) bounds() (least, greatest string) { return s.show(s.least), s.show(s.greatest) }

type boolScan struct{ hasFalse, hasTrue bool }

func (s *boolScan) read(from file.ColumnChunkReader, n int64, b *buffers) (all int64, there int, err error) {
	r, ok := from.(*file.BooleanColumnChunkReader)
	if !ok {
		return 0, 0, wrongForm(from)
	}
	all, there, err = r.ReadBatch(n, b.bools, b.levels, nil)
	for _, v := range b.bools[:there] {
		s.hasFalse, s.hasTrue = s.hasFalse || !v, s.hasTrue || v
	}
	return all, there, err
}

func (s *boolScan) bounds() (least, greatest string) {
	return strconv.FormatBool(!s.hasFalse), strconv.FormatBool(s.hasTrue)
}
