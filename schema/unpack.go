package schema

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
	"unsafe"
)

// unpack fills the row whose struct is at row with a packed one. The texts are pieces of it: both are valid as long as it is, and
// cells are not reset.
func (t *Table) unpack(packed []byte, row unsafe.Pointer, cells *unpackedCells) {
	u := unpacking{bytes: packed}
	for i := range t.order {
		c := &t.order[i]
		switch {
		case !c.Nullable:
			u.ordered(c.Type, c.cell(row))
		case u.byte() == 0:
			c.set(row, nil)
		default:
			p := cells.place(c.Type)
			u.ordered(c.Type, p)
			c.set(row, p)
		}
	}
	for i := range t.rest {
		c := &t.rest[i]
		switch {
		case !c.Nullable:
			u.plain(c.Type, c.cell(row))
		case u.byte() == 0:
			c.set(row, nil)
		default:
			p := cells.place(c.Type)
			u.plain(c.Type, p)
			c.set(row, p)
		}
	}
}

// unpackedCells is memory for the values that may be NULL of some rows.
type unpackedCells struct {
	texts places[string]
	ints  places[int64]
	reals places[float64]
	bools places[bool]
	times places[time.Time]
}

// place gives memory for a value.
func (c *unpackedCells) place(t Type) unsafe.Pointer {
	switch t {
	case Text:
		return unsafe.Pointer(c.texts.next())
	case Integer:
		return unsafe.Pointer(c.ints.next())
	case Real:
		return unsafe.Pointer(c.reals.next())
	case Boolean:
		return unsafe.Pointer(c.bools.next())
	default:
		return unsafe.Pointer(c.times.next())
	}
}

// reset makes all memory free again.
func (c *unpackedCells) reset() {
	c.texts.used, c.ints.used, c.reals.used, c.bools.used, c.times.used = 0, 0, 0, 0, 0
}

// places is memory for values of a type. Where it is too small there is a new piece; the old one lasts as long as it is pointed to.
type places[T any] struct {
	all  []T
	used int
}

func (p *places[T]) next() *T {
	if p.used == len(p.all) {
		p.all, p.used = make([]T, max(rowsPerBatch, 2*len(p.all))), 0
	}
	p.used++
	return &p.all[p.used-1]
}

// unpacking is a packed row that is being read, cell by cell in the order in which they were appended.
type unpacking struct {
	bytes []byte
	at    int
}

func (u *unpacking) byte() byte {
	u.at++
	return u.bytes[u.at-1]
}

func (u *unpacking) next(n int) []byte {
	u.at += n
	return u.bytes[u.at-n : u.at]
}

// plain reads a cell as appendPlain wrote it, into a place for a value of the type.
func (u *unpacking) plain(t Type, p unsafe.Pointer) {
	switch t {
	case Text:
		n, width := binary.Uvarint(u.bytes[u.at:])
		u.at += width
		*textAt(p) = textOf(u.next(int(n))) // a length of this row
	case Integer:
		*intAt(p) = u.varint()
	case Real:
		*realAt(p) = math.Float64frombits(binary.LittleEndian.Uint64(u.next(8)))
	case Boolean:
		*boolAt(p) = u.byte() == 1
	default:
		*timeAt(p) = time.UnixMicro(u.varint()).UTC()
	}
}

// ordered reads a cell as appendOrdered wrote it, behind what tells whether it is NULL.
func (u *unpacking) ordered(t Type, p unsafe.Pointer) {
	switch t {
	case Text:
		text := u.rawOrderedText()
		if bytes.IndexByte(text, 0) >= 0 {
			text = bytes.ReplaceAll(text, []byte{0, nulInText}, []byte{0})
		}
		*textAt(p) = textOf(text)
	case Integer:
		*intAt(p) = u.orderedInt()
	case Real:
		*realAt(p) = u.orderedReal()
	case Boolean:
		*boolAt(p) = u.byte() == 1
	default:
		*timeAt(p) = time.UnixMicro(u.orderedInt()).UTC()
	}
}

// textOf gives bytes as a text without copying them.
func textOf(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func (u *unpacking) varint() int64 {
	n, width := binary.Varint(u.bytes[u.at:])
	u.at += width
	return n
}

func (u *unpacking) orderedInt() int64 { return int64(binary.BigEndian.Uint64(u.next(8)) ^ signBit) }

func (u *unpacking) orderedReal() float64 {
	bits := binary.BigEndian.Uint64(u.next(8))
	if bits&signBit == 0 {
		return math.Float64frombits(^bits)
	}
	return math.Float64frombits(bits &^ signBit)
}

func (u *unpacking) rawOrderedText() []byte {
	begin := u.at
	for {
		u.at += bytes.IndexByte(u.bytes[u.at:], 0) + 2
		if u.bytes[u.at-1] == endOfText {
			return u.bytes[begin : u.at-2]
		}
	}
}

// skipOrdered gives the bytes of the next cell of the order.
func (u *unpacking) skipOrdered(c *Column) []byte {
	begin := u.at
	if !c.Nullable || u.byte() == 1 {
		switch c.Type {
		case Text:
			u.rawOrderedText()
		case Boolean:
			u.at++
		default:
			u.at += 8
		}
	}
	return u.bytes[begin:u.at]
}
