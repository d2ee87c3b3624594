package schema

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"unsafe"
)

// A packed row is a row as bytes: what it is ordered by, so that bytes.Compare orders as Compare does, then its other cells. Rows
// are packed while they are sorted, put aside and written: bytes cost no garbage collection and are compared without being read.
// They last as long as the process; nothing else may ever read them.

// AppendPacked appends a row, which must be clean (see Clean), and tells how many of the bytes it is ordered by.
func AppendPacked(b []byte, r Row) (packed []byte, order int) {
	t, row := r.table(), pointer(r)
	begin := len(b)
	for i := range t.order {
		b = appendOrdered(b, &t.order[i], row)
	}
	order = len(b) - begin
	for i := range t.rest {
		b = appendPlain(b, &t.rest[i], row)
	}
	return b, order
}

// appendOrdered appends a cell so that cells compare as their bytes do, and none is the beginning of another.
func appendOrdered(b []byte, c *Column, row unsafe.Pointer) []byte {
	p := c.cell(row)
	if c.Nullable {
		b = append(b, byte(boolToInt(p != nil)))
	}
	if p == nil {
		return b
	}
	switch c.Type {
	case Text:
		return appendOrderedText(b, *textAt(p))
	case Integer:
		return binary.BigEndian.AppendUint64(b, uint64(*intAt(p))^signBit)
	case Real:
		return binary.BigEndian.AppendUint64(b, orderedReal(*realAt(p)))
	case Boolean:
		return append(b, byte(boolToInt(*boolAt(p))))
	default:
		return binary.BigEndian.AppendUint64(b, uint64(timeAt(p).UnixMicro())^signBit)
	}
}

const signBit = 1 << 63

// A text in an order ends with endOfText behind a NUL; a NUL in it is followed by something greater.
const (
	endOfText   = 0x01
	nulInText   = 0xFF
	endOfTextIn = "\x00\x01"
)

func appendOrderedText(b []byte, s string) []byte {
	for {
		i := strings.IndexByte(s, 0)
		if i < 0 {
			break
		}
		b = append(append(b, s[:i]...), 0, nulInText)
		s = s[i+1:]
	}
	return append(append(b, s...), endOfTextIn...)
}

// orderedReal gives bits that compare as numbers do.
func orderedReal(f float64) uint64 {
	bits := math.Float64bits(f + 0) // −0 is 0
	if bits&signBit != 0 {
		return ^bits
	}
	return bits | signBit
}

// appendPlain appends a cell that nothing is ordered by.
func appendPlain(b []byte, c *Column, row unsafe.Pointer) []byte {
	p := c.cell(row)
	if p == nil {
		return append(b, 0)
	}
	if c.Nullable {
		b = append(b, 1)
	}
	switch c.Type {
	case Text:
		b = binary.AppendUvarint(b, uint64(len(*textAt(p))))
		return append(b, *textAt(p)...)
	case Integer:
		return binary.AppendVarint(b, *intAt(p))
	case Real:
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(*realAt(p)))
	case Boolean:
		return append(b, byte(boolToInt(*boolAt(p))))
	default:
		return binary.AppendVarint(b, timeAt(p).UnixMicro())
	}
}

// SameKey tells whether two rows of the table have the same primary key, by what they are ordered by.
func (t *Table) SameKey(a, b []byte) bool {
	if t.orderIsKey || bytes.Equal(a, b) {
		return bytes.Equal(a, b)
	}
	x, y := unpacking{bytes: a}, unpacking{bytes: b}
	for i := range t.order {
		c := &t.order[i]
		if from, to := x.skipOrdered(c), y.skipOrdered(c); c.Key && !bytes.Equal(from, to) {
			return false
		}
	}
	return true
}
