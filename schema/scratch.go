package schema

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"reflect"
	"time"
)

// Scratch files hold rows for a moment, in the order in which they were written, for one process and one version of the
// program: rows that are put aside while they are sorted. They cost a fraction of a Parquet file, and nothing else may ever
// read them.

// ScratchWriter writes rows of one table to a scratch file.
type ScratchWriter struct {
	out *bufio.Writer
	row []byte
}

// NewScratchWriter begins a scratch file.
func NewScratchWriter(w io.Writer) *ScratchWriter {
	return &ScratchWriter{out: bufio.NewWriterSize(w, 64<<10)}
}

// Write adds a row.
func (w *ScratchWriter) Write(r Row) error {
	t := r.table()
	v := reflect.ValueOf(r).Elem()
	b := w.row[:0]
	for i := range t.Columns {
		c := &t.Columns[i]
		f := v.Field(c.field)
		if c.Nullable {
			if f.IsNil() {
				b = append(b, 0)
				continue
			}
			b = append(b, 1)
			f = f.Elem()
		}
		switch c.Type {
		case Text:
			b = binary.AppendUvarint(b, uint64(f.Len()))
			b = append(b, f.String()...)
		case Integer:
			b = binary.AppendVarint(b, f.Int())
		case Real:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f.Float()))
		case Boolean:
			b = append(b, byte(boolToInt(f.Bool())))
		case Timestamp:
			b = binary.AppendVarint(b, f.Addr().Interface().(*time.Time).UnixMicro())
		}
	}
	w.row = b
	var size [binary.MaxVarintLen64]byte
	if _, err := w.out.Write(size[:binary.PutUvarint(size[:], uint64(len(b)))]); err != nil {
		return fmt.Errorf("put a row of %s aside: %w", t.Name, err)
	}
	if _, err := w.out.Write(b); err != nil {
		return fmt.Errorf("put a row of %s aside: %w", t.Name, err)
	}
	return nil
}

// Flush completes the file.
func (w *ScratchWriter) Flush() error { return w.out.Flush() }

// ScratchReader reads what a ScratchWriter wrote.
type ScratchReader struct {
	table *Table
	in    *bufio.Reader
}

// NewScratchReader reads a scratch file of the table from its beginning.
func (t *Table) NewScratchReader(r io.Reader) *ScratchReader {
	return &ScratchReader{table: t, in: bufio.NewReaderSize(r, 64<<10)}
}

// Read gives the next row; after the last it gives io.EOF.
func (r *ScratchReader) Read() (Row, error) {
	size, err := binary.ReadUvarint(r.in)
	if err != nil {
		return nil, err //nolint:wrapcheck // io.EOF is the contract
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(r.in, text); err != nil {
		return nil, fmt.Errorf("take up a row of %s: %w", r.table.Name, err)
	}
	row := r.table.New()
	s := scratch{text: string(text), bytes: text}
	v := reflect.ValueOf(row).Elem()
	for i := range r.table.Columns {
		c := &r.table.Columns[i]
		if c.Nullable {
			null := s.bytes[s.at] == 0
			s.at++
			if null {
				continue
			}
		}
		s.set(v.Field(c.field), c)
	}
	return row, nil
}

// scratch is a row that is being read. The texts of a row share one string.
type scratch struct {
	text  string
	bytes []byte
	at    int
}

func (s *scratch) set(f reflect.Value, c *Column) {
	switch c.Type {
	case Text:
		n, width := binary.Uvarint(s.bytes[s.at:])
		begin := s.at + width
		s.at = begin + int(n) //nolint:gosec // written by Write: a length of this row
		value := s.text[begin:s.at]
		if c.Nullable {
			f.Set(reflect.ValueOf(&value))
			return
		}
		f.SetString(value)
	case Integer:
		value := s.varint()
		if c.Nullable {
			f.Set(reflect.ValueOf(&value))
			return
		}
		f.SetInt(value)
	case Real:
		value := math.Float64frombits(binary.LittleEndian.Uint64(s.bytes[s.at:]))
		s.at += 8
		if c.Nullable {
			f.Set(reflect.ValueOf(&value))
			return
		}
		f.SetFloat(value)
	case Boolean:
		value := s.bytes[s.at] == 1
		s.at++
		if c.Nullable {
			f.Set(reflect.ValueOf(&value))
			return
		}
		f.SetBool(value)
	case Timestamp:
		value := time.UnixMicro(s.varint()).UTC()
		if c.Nullable {
			f.Set(reflect.ValueOf(&value))
			return
		}
		*f.Addr().Interface().(*time.Time) = value
	}
}

func (s *scratch) varint() int64 {
	n, width := binary.Varint(s.bytes[s.at:])
	s.at += width
	return n
}
