package schema

import (
	"encoding/hex"
	"fmt"
	"math/bits"
	"reflect"
	"time"

	"github.com/zeebo/xxh3"
)

// childrenHash is the column by which a parent differs where one of its children does.
const childrenHash = "children_hash"

// Children gives the tables whose rows are replaced together with this one's, in the order of the data dictionary.
func (t *Table) Children() []*Table {
	var children []*Table
	for _, other := range All() {
		if other.Parent == t {
			children = append(children, other)
		}
	}
	return children
}

// SealFamily seals a row and its children (see Seal), of any of its child tables and in any order. The row's children_hash
// becomes a hash of theirs, NULL where there are none, so that a parent's row_hash tells whether any of them changed. A child
// of another row is an error.
func SealFamily(parent Row, children []Row, run string, observedAt time.Time) error {
	var hi, lo uint64 // a sum: children have no order
	var buf [hashBuffer]byte
	for _, child := range children {
		if !isChildOf(child, parent) {
			return fmt.Errorf("a row of %s is emitted with a row of %s that is not its parent", child.table().Name, parent.table().Name)
		}
		Seal(child, run, observedAt)
		sum := xxh3.Hash128(appendCells(append(buf[:0], child.table().Name...), child))
		var carry uint64
		lo, carry = bits.Add64(lo, sum.Lo, 0)
		hi, _ = bits.Add64(hi, sum.Hi, carry)
	}
	if i := parent.table().family; i >= 0 {
		field := reflect.ValueOf(parent).Elem().Field(i)
		if len(children) == 0 {
			field.SetZero()
		} else {
			sum := xxh3.Uint128{Hi: hi, Lo: lo}.Bytes()
			text := hex.EncodeToString(sum[:])
			field.Set(reflect.ValueOf(&text))
		}
	}
	Seal(parent, run, observedAt)
	return nil
}

// isChildOf tells whether a row's key begins with the key of another, of its table's parent.
func isChildOf(child, parent Row) bool {
	of := parent.table()
	if child.table().Parent != of {
		return false
	}
	x, y := pointer(child), pointer(parent)
	for i := range of.keys {
		if of.keys[i].compare(child.table().keys[i].cell(x), of.keys[i].cell(y)) != 0 {
			return false
		}
	}
	return true
}
