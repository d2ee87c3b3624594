package plainjson

import (
	"reflect"
	"strings"
	"unsafe"
)

// kind is what a value is decoded into.
type kind int

const (
	text kind = iota
	integer
	real
	boolean
	structure
	pointer
	list
	own // a Setter
)

// node is how a value is decoded, and where to.
type node struct {
	kind   kind
	goType reflect.Type
	fields []field // of a structure
	elem   *node   // of a pointer or list
	memory memory  // for what a pointer or list holds
}

type field struct {
	name   string
	offset uintptr
	node   *node
}

func nodeOf(t reflect.Type) *node {
	n := &node{goType: t}
	switch {
	case reflect.PointerTo(t).Implements(reflect.TypeFor[Setter]()):
		n.kind = own
	case t.Kind() == reflect.String:
		n.kind = text
	case t.Kind() == reflect.Int64:
		n.kind = integer
	case t.Kind() == reflect.Float64:
		n.kind = real
	case t.Kind() == reflect.Bool:
		n.kind = boolean
	case t.Kind() == reflect.Struct:
		n.kind = structure
		n.addFields(t, 0)
	case t.Kind() == reflect.Pointer:
		n.kind, n.elem, n.memory = pointer, nodeOf(t.Elem()), memory{goType: t.Elem()}
	case t.Kind() == reflect.Slice:
		n.kind, n.elem, n.memory = list, nodeOf(t.Elem()), memory{goType: t.Elem()}
	default:
		panic("plainjson: a value cannot be decoded into " + t.String())
	}
	return n
}

// addFields adds the fields of a struct that begins at an offset, those of embedded structs among them.
func (n *node) addFields(t reflect.Type, offset uintptr) {
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && f.Type.Kind() == reflect.Struct && name == "":
			n.addFields(f.Type, offset+f.Offset)
		case name == "":
			panic("plainjson: " + t.String() + "." + f.Name + " has no name in JSON")
		default:
			n.fields = append(n.fields, field{name, offset + f.Offset, nodeOf(f.Type)})
		}
	}
	if len(n.fields) > 64 {
		panic("plainjson: " + t.String() + " has more than 64 fields")
	}
}

// find gives the field of a name, looked for from one on: members mostly come in one order. −1 if there is none.
func (n *node) find(name string, from int) int {
	for i := range n.fields {
		at := from + i
		if at >= len(n.fields) {
			at -= len(n.fields)
		}
		if n.fields[at].name == name {
			return at
		}
	}
	return -1
}

// reset makes all memory below free again.
func (n *node) reset() {
	n.memory.reset()
	if n.elem != nil {
		n.elem.reset()
	}
	for i := range n.fields {
		n.fields[i].node.reset()
	}
}

// memory is room for values of one type, all zero but those handed out. Where it is too small it is replaced; the old room lasts as
// long as something points into it.
type memory struct {
	goType reflect.Type
	all    reflect.Value // a slice
	base   unsafe.Pointer
	used   int
	room   int
}

func (m *memory) at(i int) unsafe.Pointer { return unsafe.Add(m.base, uintptr(i)*m.goType.Size()) }

func (m *memory) next() unsafe.Pointer {
	if m.used == m.room {
		m.grow(m.used)
	}
	m.used++
	return m.at(m.used - 1)
}

// grow makes new room, to which the values from one on are moved, and tells where they begin.
func (m *memory) grow(from int) (begin int) {
	room := max(16, 2*m.room)
	all := reflect.MakeSlice(reflect.SliceOf(m.goType), room, room)
	moved := m.used - from
	if moved > 0 {
		reflect.Copy(all, m.all.Slice(from, m.used))
	}
	m.all, m.base, m.used, m.room = all, all.UnsafePointer(), moved, room
	return 0
}

func (m *memory) reset() {
	if m.used > 0 {
		m.all.Slice(0, m.used).Clear()
		m.used = 0
	}
}
