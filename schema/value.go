package schema

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

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
	t, row := r.table(), pointer(r)
	for i := range t.Columns {
		c := &t.Columns[i]
		if p := c.cell(row); p != nil && c.clean(row, p) {
			changed++
		}
	}
	return changed
}

// clean makes one cell fit, and tells whether it had to change it. A value that may be NULL may be shared with another row: it
// is replaced.
func (c *Column) clean(row, p unsafe.Pointer) bool {
	switch c.Type {
	case Text:
		s, ok := cleanText(*textAt(p), c.MaxBytes)
		switch {
		case !ok:
			return false
		case c.Nullable:
			c.set(row, unsafe.Pointer(new(s))) // not &s, which would cost memory where nothing has to change
		default:
			*textAt(p) = s
		}
		return true
	case Real:
		if f := *realAt(p); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return false
		}
		if c.Nullable {
			c.set(row, nil)
		} else {
			*realAt(p) = 0
		}
		return true
	case Timestamp:
		at := *timeAt(p)
		if at.Nanosecond()%1000 == 0 && at == at.Round(0).UTC() {
			return false // as they mostly are
		}
		cut := at.UTC().Truncate(time.Microsecond)
		if c.Nullable {
			c.set(row, unsafe.Pointer(&cut))
		} else {
			*timeAt(p) = cut
		}
	}
	return false
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
	var buf [hashBuffer]byte
	sum := xxh3.Hash128(appendCells(buf[:0], r)).Bytes()
	return hex.EncodeToString(sum[:])
}

// hashBuffer is enough for most rows.
const hashBuffer = 2048

// appendCells appends the cells that are hashed, so that no two rows of a table that differ give the same bytes.
func appendCells(b []byte, r Row) []byte {
	t, row := r.table(), pointer(r)
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Volatile {
			continue
		}
		p := c.cell(row)
		if p == nil {
			b = append(b, 0)
			continue
		}
		var n uint64
		switch c.Type {
		case Text:
			n = uint64(len(*textAt(p)))
		case Integer:
			n = uint64(*intAt(p))
		case Real:
			n = math.Float64bits(*realAt(p))
		case Boolean:
			n = uint64(boolToInt(*boolAt(p)))
		case Timestamp:
			n = uint64(timeAt(p).UnixMicro())
		}
		b = binary.LittleEndian.AppendUint64(append(b, 1), n)
		if c.Type == Text {
			b = append(b, *textAt(p)...)
		}
	}
	return b
}

// Seal fills the columns that tell of the run: source_run, observed_at and row_hash, where the table has them. The rows of an
// Internal table are never compared, and stay as they are.
func Seal(r Row, run string, observedAt time.Time) {
	t, row := r.table(), pointer(r)
	if t.Internal {
		return
	}
	if t.run >= 0 {
		*textAt(t.Columns[t.run].cell(row)) = run
	}
	if t.observed >= 0 {
		*timeAt(t.Columns[t.observed].cell(row)) = observedAt.UTC().Truncate(time.Microsecond)
	}
	if t.hash >= 0 {
		*textAt(t.Columns[t.hash].cell(row)) = Hash(r)
	}
}

// Compare orders two rows of one table by its sort columns and then its key: total for rows of different keys. NULL is
// before everything.
func Compare(a, b Row) int { return compareColumns(a, b, a.table().order) }

// CompareKey orders two rows of one table by its primary key alone; 0 means the same key.
func CompareKey(a, b Row) int { return compareColumns(a, b, a.table().keys) }

func compareColumns(a, b Row, columns []Column) int {
	x, y := pointer(a), pointer(b)
	for i := range columns {
		c := &columns[i]
		if n := c.compare(c.cell(x), c.cell(y)); n != 0 {
			return n
		}
	}
	return 0
}

// compare orders two cells of the column.
func (c *Column) compare(x, y unsafe.Pointer) int {
	if x == nil || y == nil {
		return boolToInt(x != nil) - boolToInt(y != nil)
	}
	switch c.Type {
	case Text:
		return strings.Compare(*textAt(x), *textAt(y))
	case Integer:
		return cmp.Compare(*intAt(x), *intAt(y))
	case Real:
		return cmp.Compare(*realAt(x), *realAt(y))
	case Boolean:
		return boolToInt(*boolAt(x)) - boolToInt(*boolAt(y))
	default:
		return timeAt(x).Compare(*timeAt(y))
	}
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
