// Package schema declares every table that trunkline writes.
//
// A table is a Go struct: the order of its fields is the order of the columns everywhere (a Parquet file, a warehouse's
// table, a COPY by position), its tags say what a column is, and its comments are the columns' documentation. The Parquet
// schema, the DDL and the merge of every warehouse, the role views and docs/data-dictionary.md are derived from it and
// checked by tests; nothing about a column is written down twice.
//
// Tags. `parquet:"name[,dict][,timestamp(microsecond)]"` names the column; dict marks text of few distinct values.
// `col:"…"` holds, comma-separated: key (part of the primary key), max=N (greatest length in bytes of a text; 255 unless
// told), class=performance|revenue|identity (who may see it; a + joins several), volatile (not part of the row's hash),
// today (follows the CRM: a change of it alone restates nothing), state (how settled the row is: not part of the hash and
// compared on its own), set=insert, set=change, set=content and set=restate (filled by the loader: see Filler).
//
// A column is one of five types: string, int64, float64, bool, time.Time. A pointer is a column that may be NULL; unknown
// is NULL and never 0, "" or false. Times are UTC with microseconds. New columns are added at the end, never elsewhere.
package schema

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
)

// Row is one row of a declared table: a pointer to one of this package's structs, and nothing else can be one.
type Row interface{ table() *Table }

// Of gives the table that a row belongs to.
func Of(r Row) *Table { return r.table() }

// Type is the type of a column: one of the five that every warehouse loads from Parquet without surprise.
type Type int

// The five types and their Go and Parquet forms.
const (
	Text      Type = iota // string: BYTE_ARRAY, UTF8
	Integer               // int64: INT64
	Real                  // float64: DOUBLE
	Boolean               // bool: BOOLEAN
	Timestamp             // time.Time: INT64, TIMESTAMP_MICROS, UTC
)

// String gives the type's name as the data dictionary shows it.
func (t Type) String() string {
	return [...]string{"text", "integer", "real", "boolean", "timestamp"}[t]
}

// Class says what a column tells about whom; role views and grants follow from it.
type Class string

// The classes. A column without one is visible to every role.
const (
	Open        Class = ""
	Performance Class = "performance" // names or measures an individual agent
	Revenue     Class = "revenue"     // tells what a customer is worth
	Identity    Class = "identity"    // identifies a customer
)

// Holds tells whether a class is another one, or is joined of several of which that is one ("identity+performance").
func (c Class) Holds(other Class) bool {
	return slices.Contains(strings.Split(string(c), "+"), string(other))
}

// known tells whether a class is made of declared ones.
func (c Class) known() bool {
	for one := range strings.SplitSeq(string(c), "+") {
		if !slices.Contains([]Class{Performance, Revenue, Identity}, Class(one)) {
			return false
		}
	}
	return true
}

// Filler says who fills a column.
type Filler string

// The fillers.
const (
	Transform Filler = ""        // the transform that makes the row
	OnInsert  Filler = "insert"  // the loader, when it first writes the key
	OnChange  Filler = "change"  // the loader, whenever it writes the row
	OnContent Filler = "content" // the loader, when it writes the row with another content, its state apart
	OnRestate Filler = "restate" // the loader, when a row that was final changes in a column that does not follow the CRM
)

// Column is one column of a table.
type Column struct {
	Name     string
	Doc      string // one paragraph, from the field's comment
	Type     Type
	Nullable bool
	Key      bool
	MaxBytes int // of a Text
	Class    Class
	Volatile bool // not part of the row's hash: tells of the run, not of the world
	Today    bool // follows the CRM: what is true today, not what was true of the conversation
	State    bool // how settled the row is; Volatile, but a row that differs in it alone is written too
	Set      Filler

	field  int     // index in the struct
	offset uintptr // place in the struct
}

// Table is a declared table. Its fields are read-only.
type Table struct {
	Name     string
	Doc      string // from the struct's comment
	Columns  []Column
	Sort     []string // the order of the rows in a file; the key comes after it
	Internal bool     // passed between transforms inside a run; no warehouse ever has it
	Snapshot bool     // a file holds the table's whole present state, not only what is new
	Parent   *Table   // its rows are children: replaced together with the row of Parent that their key begins with
	Changes  *Table   // where the loader writes which columns of which rows a batch changed; nil: nowhere

	goType reflect.Type
	codec  codec
	order  []Column // Sort, then the key: what Compare goes by
	rest   []Column // all others
	family int      // index in the struct of children_hash; −1 if the table has none
	keys   []Column

	orderIsKey bool // rows that are equal in the order, and only those, have one key

	run, observed, hash int // indexes in Columns of what Seal fills; −1 if the table has none
}

// codec is what must know the Go type of the rows: it is made by declare, which does.
type codec struct {
	newWriter func(io.Writer, ...parquet.WriterOption) batchWriter
	newRows   func([]Row) // makes empty rows
	newRow    func() Row
}

// Column finds a column by its name; ok tells whether there is one.
func (t *Table) Column(name string) (c Column, ok bool) {
	for _, c := range t.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// index finds a column by its name; −1 if there is none.
func (t *Table) index(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
}

// Keys gives the names of the columns of the primary key, in their order.
func (t *Table) Keys() []string {
	var keys []string
	for _, c := range t.Columns {
		if c.Key {
			keys = append(keys, c.Name)
		}
	}
	return keys
}

// New makes an empty row of the table.
func (t *Table) New() Row { return t.codec.newRow() }

// rowOf is what a declared struct's pointer is.
type rowOf[T any] interface {
	*T
	Row
}

// option changes a table while it is declared.
type option func(*Table)

// sortedBy sets the order of the rows in files. Files are sorted so that equal input gives equal bytes and a warehouse's
// min/max pruning works.
func sortedBy(columns ...string) option { return func(t *Table) { t.Sort = columns } }

// internal marks a table that never leaves the run's folder.
func internal() option { return func(t *Table) { t.Internal = true } }

// snapshot marks a table of which every file is the whole present state.
func snapshot() option { return func(t *Table) { t.Snapshot = true } }

// childOf makes the rows of a table children: they are written and replaced together with their parent's row, all or none.
// The key begins with the parent's key, and the parent has a column children_hash, so that it differs where a child does.
func childOf(parent *Table) option { return func(t *Table) { t.Parent = parent } }

// tracked marks a table of which every changed cell is written down.
func tracked(changes *Table) option { return func(t *Table) { t.Changes = changes } }

// declare derives a table from its struct. It panics on a bad tag: that is a fault of this package's source and is found
// by any test.
func declare[T any, R rowOf[T]](name string, opts ...option) *Table {
	goType := reflect.TypeFor[T]()
	docs := docOf(goType.Name())
	t := &Table{Name: name, Doc: docs.table, goType: goType, codec: codecOf[T, R](), family: -1}
	for i := range goType.NumField() {
		f := goType.Field(i)
		if f.Tag.Get("parquet") == "-" { // travels with the row, is no column
			continue
		}
		c := columnOf(goType.Name(), f, docs.fields[f.Name], i)
		if c.Name == childrenHash {
			t.family = i
		}
		t.Columns = append(t.Columns, c)
	}
	for _, o := range opts {
		o(t)
	}
	for _, name := range t.Sort {
		c, ok := t.Column(name)
		if !ok {
			panic("schema: " + goType.Name() + ": sorted by " + name + ", which it has not")
		}
		t.order = append(t.order, c)
	}
	for _, c := range t.Columns {
		if c.Key {
			t.keys = append(t.keys, c)
			if !slices.ContainsFunc(t.order, func(o Column) bool { return o.Name == c.Name }) {
				t.order = append(t.order, c)
			}
		}
	}
	for _, c := range t.Columns {
		if !slices.ContainsFunc(t.order, func(o Column) bool { return o.Name == c.Name }) {
			t.rest = append(t.rest, c)
		}
	}
	t.orderIsKey = len(t.order) == len(t.keys)
	t.run, t.observed, t.hash = t.index("source_run"), t.index("observed_at"), t.index("row_hash")
	if t.Parent != nil {
		t.checkParent()
	}
	return t
}

// checkParent panics if the table cannot be a child of its parent.
func (t *Table) checkParent() {
	keys, of := t.Keys(), t.Parent.Keys()
	if len(keys) < len(of) || !slices.Equal(keys[:len(of)], of) {
		panic("schema: " + t.Name + ": its key does not begin with that of its parent " + t.Parent.Name)
	}
	if t.Parent.family < 0 {
		panic("schema: " + t.Name + ": its parent " + t.Parent.Name + " has no column " + childrenHash)
	}
}

func columnOf(owner string, f reflect.StructField, doc string, index int) Column {
	fail := func(format string, a ...any) {
		panic("schema: " + owner + "." + f.Name + ": " + fmt.Sprintf(format, a...))
	}
	name, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
	if name == "" {
		fail("no parquet tag")
	}
	c := Column{Name: name, Doc: doc, field: index, offset: f.Offset}
	if doc == "" {
		fail("no comment")
	}
	base := f.Type
	if base.Kind() == reflect.Pointer {
		c.Nullable, base = true, base.Elem()
	}
	switch {
	case base == reflect.TypeFor[time.Time]():
		c.Type = Timestamp
		if !strings.Contains(f.Tag.Get("parquet"), "timestamp(microsecond)") {
			fail("a time needs timestamp(microsecond)")
		}
	case base.Kind() == reflect.String:
		c.Type, c.MaxBytes = Text, 255
	case base.Kind() == reflect.Int64:
		c.Type = Integer
	case base.Kind() == reflect.Float64:
		c.Type = Real
	case base.Kind() == reflect.Bool:
		c.Type = Boolean
	default:
		fail("type %s is not one of the five", base)
	}
	for opt := range strings.SplitSeq(f.Tag.Get("col"), ",") {
		key, value, _ := strings.Cut(opt, "=")
		switch key {
		case "":
		case "key":
			c.Key = true
		case "max":
			n, err := strconv.Atoi(value)
			if err != nil || c.Type != Text {
				fail("bad max %q", value)
			}
			c.MaxBytes = n
		case "class":
			c.Class = Class(value)
			if !c.Class.known() {
				fail("unknown class %q", value)
			}
		case "volatile":
			c.Volatile = true
		case "today":
			c.Today = true
		case "state":
			c.State, c.Volatile = true, true
		case "set":
			c.Set, c.Volatile = Filler(value), true
			if !slices.Contains([]Filler{OnInsert, OnChange, OnContent, OnRestate}, c.Set) || !c.Nullable || c.Type != Timestamp {
				fail("bad set %q", value)
			}
		default:
			fail("unknown option %q", key)
		}
	}
	if c.Key && c.Nullable {
		fail("a key cannot be NULL")
	}
	return c
}
