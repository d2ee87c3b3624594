package schema

import (
	"reflect"
	"time"
	"unsafe"
)

// What is done to every cell of every row (cleaning, hashing, comparing, putting aside) goes by the columns' places in the
// struct: by reflection it would cost several times as much. A cell's type is the column's; nothing else may be read from it.

// pointer gives where a row's struct is.
func pointer(r Row) unsafe.Pointer { return reflect.ValueOf(r).UnsafePointer() }

// cell gives where the value of a column is, in the row whose struct is at row; nil for NULL.
func (c *Column) cell(row unsafe.Pointer) unsafe.Pointer {
	p := unsafe.Add(row, c.offset)
	if c.Nullable {
		return *(*unsafe.Pointer)(p)
	}
	return p
}

// set makes a column that may be NULL point to a value of its type, or to nothing.
func (c *Column) set(row, value unsafe.Pointer) {
	*(*unsafe.Pointer)(unsafe.Add(row, c.offset)) = value
}

func textAt(p unsafe.Pointer) *string    { return (*string)(p) }
func intAt(p unsafe.Pointer) *int64      { return (*int64)(p) }
func realAt(p unsafe.Pointer) *float64   { return (*float64)(p) }
func boolAt(p unsafe.Pointer) *bool      { return (*bool)(p) }
func timeAt(p unsafe.Pointer) *time.Time { return (*time.Time)(p) }
