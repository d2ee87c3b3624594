package postgres

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"trunkline/schema"
)

// copyStream gives the rows of a file as the binary form of COPY, with where each stood before its columns. The five types of columns
// need no more than this, and through the driver's table of types a row would take three times as long.
type copyStream struct {
	table *schema.Table
	rows  *schema.RowReader
	file  int32

	batch []schema.Row
	row   int64
	ready []byte // encoded, not yet read
	kept  []byte // the memory of ready
	ended bool
}

// copyHead is the signature, with no flags and no extension.
const copyHead = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// newCopyStream begins to read a file's rows.
func newCopyStream(t *schema.Table, rows *schema.RowReader, file int32) *copyStream {
	return &copyStream{table: t, rows: rows, file: file, batch: make([]schema.Row, 256), ready: []byte(copyHead)}
}

// Read gives the next bytes.
func (s *copyStream) Read(p []byte) (int, error) {
	for len(s.ready) == 0 {
		if s.ended {
			return 0, io.EOF
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

// fill encodes the next rows, and behind the last the end.
func (s *copyStream) fill() error {
	n, err := s.rows.Read(s.batch)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	b := s.kept[:0]
	for _, r := range s.batch[:n] {
		s.row++
		b = binary.BigEndian.AppendUint16(b, uint16(2+len(s.table.Columns)))
		b = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, 4), uint32(s.file))
		b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), uint64(s.row))
		for _, c := range s.table.Columns {
			var err error
			if b, err = appendCell(b, schema.Value(r, c)); err != nil {
				return fmt.Errorf("row %d, column %s: %w", s.row, c.Name, err)
			}
		}
	}
	if err != nil {
		s.ended = true
		b = binary.BigEndian.AppendUint16(b, math.MaxUint16) // −1
	}
	s.ready, s.kept = b, b
	return nil
}

// since2000 is what a server counts a timestamp's microseconds from.
const since2000 = 946_684_800_000_000

// appendCell appends a value with its length before it; NULL has the length −1 and no value.
func appendCell(b []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return binary.BigEndian.AppendUint32(b, math.MaxUint32), nil
	case string:
		if len(v) > math.MaxInt32 {
			return nil, fmt.Errorf("a text of %d bytes is longer than a server takes", len(v))
		}
		return append(binary.BigEndian.AppendUint32(b, uint32(len(v))), v...), nil
	case int64:
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), uint64(v)), nil
	case float64:
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), math.Float64bits(v)), nil
	case bool:
		b = binary.BigEndian.AppendUint32(b, 1)
		if v {
			return append(b, 1), nil
		}
		return append(b, 0), nil
	case time.Time:
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(b, 8), uint64(v.UnixMicro()-since2000)), nil
	default:
		return nil, fmt.Errorf("a cell cannot be %T", value)
	}
}
