package pgwire

import (
	"encoding/binary"
	"math/big"
	"unsafe"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// vector is a column of a chunk. It is read in place: the engine keeps values as C does, one after the other.
type vector struct {
	column
	data     unsafe.Pointer
	validity unsafe.Pointer
}

// vectors opens the columns of a chunk; they are good until it is destroyed.
func vectors(chunk bindings.DataChunk, columns []column) []vector {
	all := make([]vector, len(columns))
	for i, c := range columns {
		v := bindings.DataChunkGetVector(chunk, bindings.IdxT(i))
		all[i] = vector{column: c, data: bindings.VectorGetData(v), validity: bindings.VectorGetValidity(v)}
	}
	return all
}

// isNull tells whether a row has no value: validity is a bit a row, none at all if every row has one.
func (v *vector) isNull(row int) bool {
	if v.kind == bindings.TypeSQLNull {
		return true
	}
	if v.validity == nil {
		return false
	}
	word := *(*uint64)(unsafe.Add(v.validity, row/64*8))
	return word&(1<<(row%64)) == 0
}

// at reads the value of a row.
func at[T any](v *vector, row int) T {
	var zero T
	return *(*T)(unsafe.Add(v.data, uintptr(row)*unsafe.Sizeof(zero)))
}

// inlined is how long a text may be to lie in the vector itself.
const inlined = 12

// text reads a text or bytes. They are the engine's own memory, good until the chunk is destroyed.
func (v *vector) text(row int) []byte {
	entry := unsafe.Add(v.data, row*16) // a length of 4 bytes, then 12 bytes of text, or 4 bytes and a pointer
	n := *(*uint32)(entry)
	if n <= inlined {
		return unsafe.Slice((*byte)(unsafe.Add(entry, 4)), n)
	}
	return unsafe.Slice(*(**byte)(unsafe.Add(entry, 8)), n)
}

// integer reads a whole number of at most 64 bits.
func (v *vector) integer(row int) int64 {
	switch v.kind {
	case bindings.TypeTinyInt:
		return int64(at[int8](v, row))
	case bindings.TypeUTinyInt:
		return int64(at[uint8](v, row))
	case bindings.TypeSmallInt:
		return int64(at[int16](v, row))
	case bindings.TypeUSmallInt:
		return int64(at[uint16](v, row))
	case bindings.TypeInteger, bindings.TypeDate:
		return int64(at[int32](v, row))
	case bindings.TypeUInteger:
		return int64(at[uint32](v, row))
	default:
		return at[int64](v, row)
	}
}

// unscaled reads a number of any size, without its decimal point.
func (v *vector) unscaled(row int) *big.Int {
	switch v.kind {
	case bindings.TypeUBigInt:
		return new(big.Int).SetUint64(at[uint64](v, row))
	case bindings.TypeHugeInt:
		halves := at[[2]int64](v, row) // the lower one is unsigned
		upper := new(big.Int).Lsh(big.NewInt(halves[1]), 64)
		return upper.Add(upper, new(big.Int).SetUint64(uint64(halves[0])))
	default:
		return big.NewInt(v.integer(row))
	}
}

// uuid reads an identifier: kept as a number whose first bit is the other way round, so that numbers sort as texts do.
func (v *vector) uuid(row int) (id [16]byte) {
	halves := at[[2]uint64](v, row)
	binary.BigEndian.PutUint64(id[:8], halves[1]^(1<<63))
	binary.BigEndian.PutUint64(id[8:], halves[0])
	return id
}

// interval is a span of time as the engine keeps it.
type interval struct {
	months, days int32
	micros       int64
}
