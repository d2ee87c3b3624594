// Package plainjson decodes JSON that is as it should be into plain structs, several times as fast as a library that is ready for
// anything. What is out of the ordinary it refuses, without a reason: the caller then asks the library, which gives the value or
// the error. So it must never accept what the library would not, nor read it as something else; a test holds it against the library.
package plainjson

import (
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
)

// Setter is a type that makes itself of a JSON value, of whatever kind. The value is valid as long as the body that it is part of.
type Setter interface {
	SetJSON(value []byte) (ok bool)
}

// Decoder decodes values of one type in memory that it uses again. It is not for concurrent use.
type Decoder[T any] struct {
	root *node
	scan scan
}

// New makes a Decoder. T is a struct of strings, int64, float64, bool, Setters, structs, pointers and slices of these, named by
// their json tags; any other type is a fault of the program, and panics.
func New[T any]() *Decoder[T] { return &Decoder[T]{root: nodeOf(reflect.TypeFor[T]())} }

// Decode fills v, which must be zero, and tells whether it could; if not, v holds anything. What v points to is valid until the
// next call, its strings for ever; body is not kept but by Setters.
func (d *Decoder[T]) Decode(body []byte, v *T) bool {
	d.root.reset()
	d.scan = scan{text: string(body), raw: body}
	s := &d.scan
	if s.space() != '{' || !s.structure(d.root, unsafe.Pointer(v), 0) {
		return false
	}
	return s.space() == 0 && s.at == len(s.text)
}

// deepest is how deep values may be nested.
const deepest = 500

// value reads the next value, at which the scan stands, into a place for it.
func (s *scan) value(n *node, p unsafe.Pointer, depth int) bool {
	c := s.peek()
	if depth > deepest {
		return false
	}
	if c == 'n' && n.kind != own {
		return s.literal("null") // the place is zero
	}
	switch n.kind {
	case text:
		return s.string((*string)(p))
	case integer:
		number, ok := s.number()
		if !ok {
			return false
		}
		i, err := strconv.ParseInt(number, 10, 64)
		*(*int64)(p) = i
		return err == nil
	case real:
		number, ok := s.number()
		if !ok {
			return false
		}
		f, err := strconv.ParseFloat(number, 64)
		*(*float64)(p) = f
		return err == nil
	case boolean:
		*(*bool)(p) = c == 't'
		return c == 't' && s.literal("true") || c == 'f' && s.literal("false")
	case structure:
		return c == '{' && s.structure(n, p, depth)
	case pointer:
		place := n.memory.next()
		*(*unsafe.Pointer)(p) = place
		return s.value(n.elem, place, depth)
	case list:
		return c == '[' && s.list(n, (*sliceHeader)(p), depth)
	default:
		begin := s.at
		return s.skip(depth) && reflect.NewAt(n.goType, p).Interface().(Setter).SetJSON(s.raw[begin:s.at])
	}
}

// structure reads an object into a struct. A name that comes twice is refused.
func (s *scan) structure(n *node, p unsafe.Pointer, depth int) bool {
	s.at++
	if s.space() == '}' {
		s.at++
		return true
	}
	var seen uint64
	for next := 0; ; {
		name, ok := s.name()
		if !ok {
			return false
		}
		f := n.find(name, next)
		if f < 0 {
			ok = s.skip(depth + 1)
		} else {
			ok = seen&(1<<f) == 0 && s.value(n.fields[f].node, unsafe.Add(p, n.fields[f].offset), depth+1)
			seen |= 1 << f
			next = f + 1
		}
		if !ok {
			return false
		}
		if more, ok := s.more('}'); !more {
			return ok
		}
	}
}

// sliceHeader is how a slice of anything lies in memory.
type sliceHeader struct {
	data          unsafe.Pointer
	length, bound int
}

// list reads an array into a slice. Nothing else takes of its memory meanwhile, so its elements lie side by side.
func (s *scan) list(n *node, header *sliceHeader, depth int) bool {
	s.at++
	begin := n.memory.used
	if s.space() == ']' {
		s.at++
		if n.memory.room == 0 {
			n.memory.grow(0)
		}
		*header = sliceHeader{data: n.memory.base} // not behind its end, where something else may lie
		return true
	}
	for {
		if n.memory.used == n.memory.room {
			begin = n.memory.grow(begin)
		}
		if s.space(); !s.value(n.elem, n.memory.next(), depth+1) {
			return false
		}
		if more, ok := s.more(']'); !more {
			length := n.memory.used - begin
			*header = sliceHeader{n.memory.at(begin), length, length}
			return ok
		}
	}
}

// string reads a string.
func (s *scan) string(into *string) bool {
	body, plain, ok := s.quoted()
	if !ok {
		return false
	}
	if plain {
		*into = body
		return true
	}
	if strings.IndexByte(body, '\\') < 0 && utf8.ValidString(body) {
		*into = body
		return true
	}
	unquoted, err := jsontext.AppendUnquote(nil, `"`+body+`"`)
	*into = string(unquoted)
	return err == nil
}
