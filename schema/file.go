package schema

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

// The profile of every file, chosen for what all warehouses load without surprise: Parquet 1 pages, PLAIN with
// dictionaries, Snappy, bounded row groups. Equal rows in equal order give equal bytes.
const rowsPerGroup = 122_880

// WriterOptions are what a caller may choose of a file.
type WriterOptions struct {
	Version string // of trunkline; part of the file's bytes
}

// RowWriter writes rows of one table to a file. Close completes the file; without it there is none.
type RowWriter interface {
	Write(rows []Row) error
	Close() error
}

// RowReader reads rows of one table from a file. Read fills rows and returns how many; io.EOF may come with the last.
type RowReader interface {
	Read(rows []Row) (int, error)
	Close() error
}

// NewWriter begins a file of the table on w. The rows must come in the table's order, cleaned (see Clean).
func (t *Table) NewWriter(w io.Writer, o WriterOptions) RowWriter { return t.codec.newWriter(w, o) }

// NewReader reads a file of the table. Columns are found by name: one the file lacks reads as NULL or zero, one the table
// lacks is passed over.
func (t *Table) NewReader(r io.ReaderAt, size int64) (RowReader, error) {
	return t.codec.newReader(io.NewSectionReader(r, 0, size))
}

func codecOf[T any, R rowOf[T]]() codec {
	return codec{
		newRow:    func() Row { return R(new(T)) },
		newWriter: func(w io.Writer, o WriterOptions) RowWriter { return newTypedWriter[T, R](w, o) },
		newReader: func(r io.ReaderAt) (RowReader, error) { return newTypedReader[T, R](r) },
	}
}

type typedWriter[T any, R rowOf[T]] struct {
	file  *parquet.GenericWriter[T]
	batch []T
}

func newTypedWriter[T any, R rowOf[T]](w io.Writer, o WriterOptions) RowWriter {
	table := R(new(T)).table()
	sorting := make([]parquet.SortingColumn, len(table.Sort))
	for i, name := range table.Sort {
		sorting[i] = parquet.Ascending(name)
	}
	return &typedWriter[T, R]{file: parquet.NewGenericWriter[T](w,
		parquet.DataPageVersion(1),
		parquet.DefaultEncoding(&parquet.Plain),
		parquet.Compression(&parquet.Snappy),
		parquet.MaxRowsPerRowGroup(rowsPerGroup),
		parquet.CreatedBy("trunkline", o.Version, ""),
		parquet.SortingWriterConfig(parquet.SortingColumns(sorting...)),
	)}
}

func (w *typedWriter[T, R]) Write(rows []Row) error {
	w.batch = w.batch[:0]
	for _, r := range rows {
		typed, ok := r.(R)
		if !ok {
			return fmt.Errorf("write %s: row of table %s", R(new(T)).table().Name, r.table().Name)
		}
		w.batch = append(w.batch, *typed)
	}
	if _, err := w.file.Write(w.batch); err != nil {
		return fmt.Errorf("write %s: %w", R(new(T)).table().Name, err)
	}
	return nil
}

func (w *typedWriter[T, R]) Close() error { return w.file.Close() }

type typedReader[T any, R rowOf[T]] struct {
	file  *parquet.GenericReader[T]
	batch []T
}

func newTypedReader[T any, R rowOf[T]](r io.ReaderAt) (reader RowReader, err error) {
	name := R(new(T)).table().Name
	defer func() { // the library panics on a file whose columns cannot be converted
		if p := recover(); p != nil {
			err = fmt.Errorf("read a file of %s: %v", name, p)
		}
	}()
	return &typedReader[T, R]{file: parquet.NewGenericReader[T](r)}, nil
}

func (r *typedReader[T, R]) Read(rows []Row) (int, error) {
	if cap(r.batch) < len(rows) {
		r.batch = make([]T, len(rows))
	}
	batch := r.batch[:len(rows)]
	clear(batch)
	n, err := r.file.Read(batch)
	for i := range n {
		row := batch[i]
		rows[i] = R(&row)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, fmt.Errorf("read %s: %w", R(new(T)).table().Name, err)
	}
	return n, err
}

func (r *typedReader[T, R]) Close() error { return r.file.Close() }
