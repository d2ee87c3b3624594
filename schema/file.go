package schema

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

// RowReader reads rows of one table from a file. Read fills rows and returns how many; io.EOF may come with the last.
type RowReader interface {
	Read(rows []Row) (int, error)
	Close() error
}

// NewReader reads a file of the table. Columns are found by name: one the file lacks reads as NULL or zero, one the table
// lacks is passed over.
func (t *Table) NewReader(r io.ReaderAt, size int64) (RowReader, error) {
	return t.codec.newReader(io.NewSectionReader(r, 0, size))
}

func codecOf[T any, R rowOf[T]]() codec {
	return codec{
		newRow: func() Row { return R(new(T)) },
		newWriter: func(w io.Writer, o ...parquet.WriterOption) batchWriter {
			return &typedWriter[T]{file: parquet.NewGenericWriter[T](w, o...), batch: make([]T, rowsPerBatch)}
		},
		newReader: func(r io.ReaderAt) (RowReader, error) { return newTypedReader[T, R](r) },
	}
}

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
