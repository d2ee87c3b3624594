package schema

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/klauspost/compress/s2"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/snappy"
)

// The profile of every file, chosen for what all warehouses load without surprise: Parquet 1 pages, PLAIN with
// dictionaries, Snappy, bounded row groups. Equal rows in equal order give equal bytes.
const rowsPerGroup = 122_880

// pageBytes bounds what is gathered of a column before it is compressed: a wide table holds so much eighty times.
const pageBytes = 64 << 10

// rowsPerBatch is how many rows are gathered before each column is given its values of them. No power of two: the columns' values
// would compete for the same lines of the processor's cache.
const rowsPerBatch = 200

// WriterOptions are what a caller may choose of a file.
type WriterOptions struct {
	Version string // of trunkline; part of the file's bytes
}

// RowWriter writes rows of one table to a file. Close completes the file; without it there is none.
type RowWriter struct {
	table   *Table
	file    *parquet.GenericWriter[any]
	columns []*parquet.ColumnWriter // of the table's order and then its rest, as a packed row has its cells
	values  [][]parquet.Value       // of the batch, by the same columns; each as long as a batch may be
	texts   []byte                  // the batch's rows, which values point into
	packed  []byte                  // a row that Write packs
	batch   int                     // rows in the batch
	group   int                     // rows in the row group, the batch included
}

// NewWriter begins a file of the table on w. The rows must come in the table's order, cleaned (see Clean).
func (t *Table) NewWriter(w io.Writer, o WriterOptions) *RowWriter {
	sorting := make([]parquet.SortingColumn, len(t.Sort))
	for i, name := range t.Sort {
		sorting[i] = parquet.Ascending(name)
	}
	file := parquet.NewGenericWriter[any](w, t.codec.parquet(),
		parquet.DataPageVersion(1),
		parquet.DefaultEncoding(&parquet.Plain),
		parquet.PageBufferSize(pageBytes),
		parquet.Compression(&fastSnappy{}),
		parquet.CreatedBy("trunkline", o.Version, ""),
		parquet.SortingWriterConfig(parquet.SortingColumns(sorting...)),
	)
	rows := &RowWriter{table: t, file: file}
	room := make([]parquet.Value, len(t.Columns)*rowsPerBatch)
	for chunk := range slices.Chunk(room, rowsPerBatch) {
		rows.values = append(rows.values, chunk)
	}
	columns := file.ColumnWriters()
	for i := range t.order {
		rows.columns = append(rows.columns, columns[t.index(t.order[i].Name)])
	}
	for i := range t.rest {
		rows.columns = append(rows.columns, columns[t.index(t.rest[i].Name)])
	}
	return rows
}

// Write adds rows.
func (w *RowWriter) Write(rows []Row) error {
	for _, r := range rows {
		if r.table() != w.table {
			return fmt.Errorf("write %s: row of table %s", w.table.Name, r.table().Name)
		}
		w.packed, _ = AppendPacked(w.packed[:0], r)
		if err := w.WritePacked(w.packed); err != nil {
			return err
		}
	}
	return nil
}

// WritePacked adds a packed row. It does not keep it.
func (w *RowWriter) WritePacked(row []byte) error {
	begin := len(w.texts)
	w.texts = append(w.texts, row...)
	u := unpacking{bytes: w.texts[begin:]}
	t := w.table
	values := w.values
	for i := range t.order {
		values[i][w.batch] = u.orderedValue(&t.order[i])
	}
	values = values[len(t.order):]
	for i := range t.rest {
		values[i][w.batch] = u.plainValue(&t.rest[i])
	}
	w.batch++
	w.group++
	if w.batch < rowsPerBatch && w.group < rowsPerGroup {
		return nil
	}
	return w.writeBatch()
}

func (w *RowWriter) writeBatch() error {
	for i, c := range w.columns {
		if _, err := c.WriteRowValues(w.values[i][:w.batch]); err != nil {
			return fmt.Errorf("write %s: %w", w.table.Name, err)
		}
	}
	w.texts, w.batch = w.texts[:0], 0
	if w.group < rowsPerGroup {
		return nil
	}
	w.group = 0
	if err := w.file.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", w.table.Name, err)
	}
	return nil
}

// Close completes the file.
func (w *RowWriter) Close() error {
	if w.batch > 0 {
		if err := w.writeBatch(); err != nil {
			return err
		}
	}
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("write %s: %w", w.table.Name, err)
	}
	return nil
}

// orderedValue reads the next cell, of a column that the table is ordered by.
func (u *unpacking) orderedValue(c *Column) parquet.Value {
	if u.null(c) {
		return parquet.Value{}
	}
	var v parquet.Value
	switch c.Type {
	case Text:
		v = parquet.ByteArrayValue(u.orderedText())
	case Real:
		v = parquet.DoubleValue(u.orderedReal())
	case Boolean:
		v = parquet.BooleanValue(u.byte() == 1)
	default:
		v = parquet.Int64Value(u.orderedInt())
	}
	return c.defined(v)
}

// plainValue reads the next cell, of any other column.
func (u *unpacking) plainValue(c *Column) parquet.Value {
	if u.null(c) {
		return parquet.Value{}
	}
	var v parquet.Value
	switch c.Type {
	case Text:
		v = parquet.ByteArrayValue(u.text())
	case Real:
		v = parquet.DoubleValue(math.Float64frombits(binary.LittleEndian.Uint64(u.next(8))))
	case Boolean:
		v = parquet.BooleanValue(u.byte() == 1)
	default:
		v = parquet.Int64Value(u.varint())
	}
	return c.defined(v)
}

// defined marks a value of a column that may be NULL as being there.
func (c *Column) defined(v parquet.Value) parquet.Value {
	if !c.Nullable {
		return v
	}
	return v.Level(0, 1, 0)
}

// fastSnappy is Snappy as fast as it goes: the library's own codec takes twice the time for files a tenth smaller.
type fastSnappy struct{ snappy.Codec }

// Encode compresses a page.
func (*fastSnappy) Encode(dst, src []byte) ([]byte, error) {
	return s2.EncodeSnappy(dst[:cap(dst)], src), nil
}
