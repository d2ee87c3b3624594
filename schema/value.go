package schema

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zeebo/xxh3"
)

// Value gives the value of a column of a row: string, int64, float64, bool, time.Time (UTC), or nil for NULL.
func Value(r Row, c Column) any {
	v := reflect.ValueOf(r).Elem().Field(c.field)
	if c.Nullable {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if c.Type == Timestamp {
		return v.Interface().(time.Time).UTC()
	}
	return v.Interface()
}

// Fill makes a row of the values of its columns, in their order: string, int64, float64, bool, time.Time, or nil for NULL.
func (t *Table) Fill(values []any) (Row, error) {
	if len(values) != len(t.Columns) {
		return nil, fmt.Errorf("a row of %s has %d columns, here are %d values", t.Name, len(t.Columns), len(values))
	}
	r := t.New()
	row := reflect.ValueOf(r).Elem()
	for i, c := range t.Columns {
		field := row.Field(c.field)
		switch {
		case values[i] == nil && c.Nullable:
			continue
		case c.Nullable:
			field.Set(reflect.New(field.Type().Elem()))
			field = field.Elem()
		}
		v := reflect.ValueOf(values[i])
		if !v.IsValid() || v.Type() != field.Type() {
			return nil, fmt.Errorf("%s of %s cannot be %v (%[3]T)", c.Name, t.Name, values[i])
		}
		field.Set(v)
	}
	return r, nil
}

// Clean makes a row fit for every warehouse and returns how many values it had to change: invalid UTF-8 becomes U+FFFD, NUL
// characters go, NaN and infinities become NULL (0 where the column cannot be NULL), text over the column's length is cut
// on a character's border, times are cut to microseconds UTC.
func Clean(r Row) (changed int) {
	t := r.table()
	row := reflect.ValueOf(r).Elem()
	for i := range t.Columns {
		c := &t.Columns[i]
		v := row.Field(c.field)
		if c.Nullable {
			if v.IsNil() {
				continue
			}
			v = v.Elem()
		}
		switch c.Type {
		case Text:
			if s, ok := cleanText(v.String(), c.MaxBytes); ok {
				if c.Nullable { // the string may be shared with another row
					row.Field(c.field).Set(reflect.ValueOf(&s))
				} else {
					v.SetString(s)
				}
				changed++
			}
		case Real:
			if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
				row.Field(c.field).SetZero()
				changed++
			}
		case Timestamp:
			at := v.Interface().(time.Time)
			if cut := at.UTC().Truncate(time.Microsecond); cut != at {
				if c.Nullable {
					row.Field(c.field).Set(reflect.ValueOf(&cut))
				} else {
					v.Set(reflect.ValueOf(cut))
				}
			}
		}
	}
	return changed
}

func cleanText(s string, maxBytes int) (clean string, changed bool) {
	clean = s
	if !utf8.ValidString(clean) {
		clean = strings.ToValidUTF8(clean, "\uFFFD")
	}
	if strings.IndexByte(clean, 0) >= 0 {
		clean = strings.ReplaceAll(clean, "\x00", "")
	}
	if len(clean) > maxBytes {
		cut := maxBytes
		for cut > 0 && !utf8.RuneStart(clean[cut]) {
			cut--
		}
		clean = clean[:cut]
	}
	return clean, clean != s
}

// Hash gives the hash of all columns of a row that tell of the world (those not volatile), as 32 hexadecimal digits.
// Rows that differ in any of them, NULL and empty included, have different hashes.
func Hash(r Row) string {
	t := r.table()
	h := xxh3.New128()
	row := reflect.ValueOf(r).Elem()
	var buf [9]byte
	for i := range t.Columns {
		if c := &t.Columns[i]; !c.Volatile {
			hashColumn(h, c, row.Field(c.field), &buf)
		}
	}
	sum := h.Sum128().Bytes()
	return hex.EncodeToString(sum[:])
}

func hashColumn(h hash.Hash, c *Column, v reflect.Value, buf *[9]byte) {
	if c.Nullable {
		if v.IsNil() {
			buf[0] = 0
			h.Write(buf[:1])
			return
		}
		v = v.Elem()
	}
	buf[0] = 1
	var n uint64
	switch c.Type {
	case Text:
		s := v.String()
		binary.LittleEndian.PutUint64(buf[1:], uint64(len(s)))
		h.Write(buf[:])
		h.Write([]byte(s))
		return
	case Integer:
		n = uint64(v.Int())
	case Real:
		n = math.Float64bits(v.Float())
	case Boolean:
		if v.Bool() {
			n = 1
		}
	case Timestamp:
		n = uint64(v.Interface().(time.Time).UnixMicro())
	}
	binary.LittleEndian.PutUint64(buf[1:], n)
	h.Write(buf[:])
}

// Seal fills the columns that tell of the run: source_run, observed_at and row_hash, where the table has them. The rows of an
// Internal table are never compared, and stay as they are.
func Seal(r Row, run string, observedAt time.Time) {
	t := r.table()
	if t.Internal {
		return
	}
	row := reflect.ValueOf(r).Elem()
	for i := range t.Columns {
		c := &t.Columns[i]
		switch c.Name {
		case "source_run":
			row.Field(c.field).SetString(run)
		case "observed_at":
			row.Field(c.field).Set(reflect.ValueOf(observedAt.UTC().Truncate(time.Microsecond)))
		case "row_hash":
			row.Field(c.field).SetString(Hash(r))
		}
	}
}

// Compare orders two rows of one table by its sort columns and then its key: total for rows of different keys. NULL is
// before everything.
func Compare(a, b Row) int {
	if n := compareColumns(a, b, a.table().order); n != 0 {
		return n
	}
	return CompareKey(a, b)
}

// CompareKey orders two rows of one table by its primary key alone; 0 means the same key.
func CompareKey(a, b Row) int { return compareColumns(a, b, a.table().keys) }

func compareColumns(a, b Row, columns []Column) int {
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range columns {
		c := &columns[i]
		if n := compareColumn(x.Field(c.field), y.Field(c.field), c); n != 0 {
			return n
		}
	}
	return 0
}

func compareColumn(x, y reflect.Value, c *Column) int {
	if c.Nullable {
		if x.IsNil() || y.IsNil() {
			return boolToInt(!x.IsNil()) - boolToInt(!y.IsNil())
		}
		x, y = x.Elem(), y.Elem()
	}
	switch c.Type {
	case Text:
		return strings.Compare(x.String(), y.String())
	case Integer:
		return cmp.Compare(x.Int(), y.Int())
	case Real:
		return cmp.Compare(x.Float(), y.Float())
	case Boolean:
		return boolToInt(x.Bool()) - boolToInt(y.Bool())
	default:
		return x.Interface().(time.Time).Compare(y.Interface().(time.Time))
	}
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
