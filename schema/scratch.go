package schema

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
	"unsafe"
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
	t, row := r.table(), pointer(r)
	b := w.row[:0]
	for i := range t.Columns {
		c := &t.Columns[i]
		p := c.cell(row)
		if p == nil {
			b = append(b, 0)
			continue
		}
		if c.Nullable {
			b = append(b, 1)
		}
		switch c.Type {
		case Text:
			b = binary.AppendUvarint(b, uint64(len(*textAt(p))))
			b = append(b, *textAt(p)...)
		case Integer:
			b = binary.AppendVarint(b, *intAt(p))
		case Real:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(*realAt(p)))
		case Boolean:
			b = append(b, byte(boolToInt(*boolAt(p))))
		case Timestamp:
			b = binary.AppendVarint(b, timeAt(p).UnixMicro())
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
	line  []byte

	texts slab[string]
	ints  slab[int64]
	reals slab[float64]
	bools slab[bool]
	times slab[time.Time]
}

// slab hands out places of a piece of memory, each once: values that may be NULL are pointers, and an allocation for each of
// them would cost more than all else.
type slab[T any] struct{ free []T }

func (s *slab[T]) next() *T {
	if len(s.free) == 0 {
		s.free = make([]T, 128)
	}
	p := &s.free[0]
	s.free = s.free[1:]
	return p
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
	r.line = slices.Grow(r.line[:0], int(size))[:size]
	if _, err := io.ReadFull(r.in, r.line); err != nil {
		return nil, fmt.Errorf("take up a row of %s: %w", r.table.Name, err)
	}
	row := r.table.New()
	s := scratch{text: string(r.line), bytes: r.line}
	base := pointer(row)
	for i := range r.table.Columns {
		c := &r.table.Columns[i]
		if !c.Nullable {
			s.read(c, c.cell(base))
			continue
		}
		s.at++
		if s.bytes[s.at-1] == 1 {
			p := r.place(c)
			s.read(c, p)
			c.set(base, p)
		}
	}
	return row, nil
}

// place gives memory for a value of the column.
func (r *ScratchReader) place(c *Column) unsafe.Pointer {
	switch c.Type {
	case Text:
		return unsafe.Pointer(r.texts.next())
	case Integer:
		return unsafe.Pointer(r.ints.next())
	case Real:
		return unsafe.Pointer(r.reals.next())
	case Boolean:
		return unsafe.Pointer(r.bools.next())
	default:
		return unsafe.Pointer(r.times.next())
	}
}

// scratch is a row that is being read. The texts of a row share one string.
type scratch struct {
	text  string
	bytes []byte
	at    int
}

// read puts the next value into a place for a value of the column.
func (s *scratch) read(c *Column, p unsafe.Pointer) {
	switch c.Type {
	case Text:
		n, width := binary.Uvarint(s.bytes[s.at:])
		begin := s.at + width
		s.at = begin + int(n) // written by Write: a length of this row
		*textAt(p) = s.text[begin:s.at]
	case Integer:
		*intAt(p) = s.varint()
	case Real:
		*realAt(p) = math.Float64frombits(binary.LittleEndian.Uint64(s.bytes[s.at:]))
		s.at += 8
	case Boolean:
		*boolAt(p) = s.bytes[s.at] == 1
		s.at++
	case Timestamp:
		*timeAt(p) = time.UnixMicro(s.varint()).UTC()
	}
}

func (s *scratch) varint() int64 {
	n, width := binary.Varint(s.bytes[s.at:])
	s.at += width
	return n
}
