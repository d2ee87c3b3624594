package schema

import (
	"errors"
	"fmt"
	"io"
	"time"
	"unsafe"

	"github.com/parquet-go/parquet-go"
)

// RowReader reads rows of one table from a file.
type RowReader struct {
	table   *Table
	file    *parquet.File
	group   int            // the row group that is read next
	left    int64          // rows of the current one that were not read yet
	columns []columnReader // of the table's columns that the file has
	values  []parquet.Value
}

// NewReader reads a file of the table. Columns are found by name: one the file lacks reads as NULL or zero, one the table
// lacks is passed over.
func (t *Table) NewReader(r io.ReaderAt, size int64) (*RowReader, error) {
	file, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("read a file of %s: %w", t.Name, err)
	}
	rows := &RowReader{table: t, file: file}
	for i := range t.Columns {
		c := &t.Columns[i]
		leaf, ok := file.Schema().Lookup(c.Name)
		if !ok {
			continue
		}
		if kind := leaf.Node.Type().Kind(); kind != c.Type.kind() || leaf.MaxRepetitionLevel > 0 {
			return nil, fmt.Errorf("read a file of %s: column %s is %s, not %s", t.Name, c.Name, leaf.Node.Type(), c.Type)
		}
		rows.columns = append(rows.columns, columnReader{column: c, leaf: leaf.ColumnIndex})
	}
	return rows, nil
}

// kind gives the Parquet form of a type.
func (t Type) kind() parquet.Kind {
	return [...]parquet.Kind{parquet.ByteArray, parquet.Int64, parquet.Double, parquet.Boolean, parquet.Int64}[t]
}

// Read fills rows and returns how many; io.EOF may come with the last.
func (r *RowReader) Read(rows []Row) (int, error) {
	if r.left == 0 {
		if err := r.nextGroup(); err != nil {
			return 0, err
		}
	}
	n := int(min(int64(len(rows)), r.left))
	r.table.codec.newRows(rows[:n])
	for len(r.values) < n {
		r.values = append(r.values, parquet.Value{})
	}
	for i := range r.columns {
		if err := r.columns[i].read(rows[:n], r.values[:n]); err != nil {
			return 0, fmt.Errorf("read %s.%s: %w", r.table.Name, r.columns[i].column.Name, err)
		}
	}
	if r.left -= int64(n); r.left == 0 && r.group == len(r.file.RowGroups()) {
		return n, io.EOF
	}
	return n, nil
}

// nextGroup begins the next row group that has rows; after the last it is io.EOF.
func (r *RowReader) nextGroup() error {
	for r.left == 0 {
		groups := r.file.RowGroups()
		if r.group == len(groups) {
			return io.EOF
		}
		for i := range r.columns {
			c := &r.columns[i]
			if err := c.close(); err != nil {
				return fmt.Errorf("read %s.%s: %w", r.table.Name, c.column.Name, err)
			}
			c.pages = groups[r.group].ColumnChunks()[c.leaf].Pages()
		}
		r.left = groups[r.group].NumRows()
		r.group++
	}
	return nil
}

// Close ends the reading.
func (r *RowReader) Close() error {
	var all error
	for i := range r.columns {
		all = errors.Join(all, r.columns[i].close())
	}
	return all
}

// columnReader reads a column, page by page.
type columnReader struct {
	column *Column
	leaf   int // its place in the file
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader // of the page; nil if there is none
}

// read fills the column's cells of some rows. Values is memory for as many.
func (c *columnReader) read(rows []Row, values []parquet.Value) error {
	for done := 0; done < len(rows); {
		if c.values == nil {
			page, err := c.pages.ReadPage()
			if errors.Is(err, io.EOF) {
				return io.ErrUnexpectedEOF
			}
			if err != nil {
				return err
			}
			c.page, c.values = page, page.Values()
		}
		n, err := c.values.ReadValues(values[done:])
		c.fill(rows[done:done+n], values[done:done+n])
		done += n
		switch {
		case errors.Is(err, io.EOF):
			parquet.Release(c.page)
			c.page, c.values = nil, nil
		case err != nil:
			return err
		case n == 0:
			return io.ErrNoProgress
		}
	}
	return nil
}

func (c *columnReader) close() error {
	if c.page != nil {
		parquet.Release(c.page)
		c.page, c.values = nil, nil
	}
	if c.pages == nil {
		return nil
	}
	err := c.pages.Close()
	c.pages = nil
	return err
}

// fill sets the column's cells. The cells of one call share their memory.
func (c *columnReader) fill(rows []Row, values []parquet.Value) {
	switch c.column.Type {
	case Text:
		size := 0
		for i := range values {
			if !values[i].IsNull() {
				size += len(values[i].ByteArray())
			}
		}
		texts := make([]byte, 0, size)
		fillCells(c.column, rows, values, func(v parquet.Value) string {
			begin := len(texts)
			texts = append(texts, v.ByteArray()...)
			return textOf(texts[begin:])
		})
	case Integer:
		fillCells(c.column, rows, values, parquet.Value.Int64)
	case Real:
		fillCells(c.column, rows, values, parquet.Value.Double)
	case Boolean:
		fillCells(c.column, rows, values, parquet.Value.Boolean)
	default:
		fillCells(c.column, rows, values, func(v parquet.Value) time.Time { return time.UnixMicro(v.Int64()).UTC() })
	}
}

func fillCells[T any](c *Column, rows []Row, values []parquet.Value, convert func(parquet.Value) T) {
	there := 0
	for i := range values {
		if !values[i].IsNull() {
			there++
		}
	}
	var cells []T
	if c.Nullable {
		cells = make([]T, there)
	}
	for i := range values {
		if values[i].IsNull() {
			continue
		}
		row := pointer(rows[i])
		if !c.Nullable {
			*(*T)(c.cell(row)) = convert(values[i])
			continue
		}
		cells[0] = convert(values[i])
		c.set(row, unsafe.Pointer(&cells[0]))
		cells = cells[1:]
	}
}

func codecOf[T any, R rowOf[T]]() codec {
	return codec{
		newRow: func() Row { return R(new(T)) },
		newRows: func(rows []Row) {
			all := make([]T, len(rows))
			for i := range all {
				rows[i] = R(&all[i])
			}
		},
		newWriter: func(w io.Writer, o ...parquet.WriterOption) batchWriter {
			return &typedWriter[T]{file: parquet.NewGenericWriter[T](w, o...), batch: make([]T, rowsPerBatch)}
		},
	}
}
