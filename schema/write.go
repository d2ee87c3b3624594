package schema

import (
	"fmt"
	"io"
	"unsafe"

	"github.com/klauspost/compress/s2"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/snappy"
)

// The profile of every file, chosen for what all warehouses load without surprise: Parquet 1 pages, PLAIN with
// dictionaries, Snappy, bounded row groups. Equal rows in equal order give equal bytes.
const rowsPerGroup = 122_880

// pageBytes bounds what is gathered of a column before it is compressed: a wide table holds so much eighty times.
const pageBytes = 64 << 10

// rowsPerBatch is how many rows are gathered before each column is given its values of them.
const rowsPerBatch = 128

// WriterOptions are what a caller may choose of a file.
type WriterOptions struct {
	Version string // of trunkline; part of the file's bytes
}

// RowWriter writes rows of one table to a file. Close completes the file; without it there is none.
type RowWriter struct {
	table  *Table
	file   batchWriter
	cells  unpackedCells
	texts  []byte // the batch's rows, packed: its texts are pieces of them
	packed []byte // a row that Write packs
	batch  int    // rows in the batch
}

// batchWriter writes batches of one Go type's rows.
type batchWriter interface {
	row(i int) unsafe.Pointer // the place for a row of the batch
	write(rows int) error
	close() error
}

// NewWriter begins a file of the table on w. The rows must come in the table's order, cleaned (see Clean).
func (t *Table) NewWriter(w io.Writer, o WriterOptions) *RowWriter {
	sorting := make([]parquet.SortingColumn, len(t.Sort))
	for i, name := range t.Sort {
		sorting[i] = parquet.Ascending(name)
	}
	return &RowWriter{table: t, file: t.codec.newWriter(w,
		parquet.DataPageVersion(1),
		parquet.DefaultEncoding(&parquet.Plain),
		parquet.PageBufferSize(pageBytes),
		parquet.Compression(&fastSnappy{}),
		parquet.MaxRowsPerRowGroup(rowsPerGroup),
		parquet.CreatedBy("trunkline", o.Version, ""),
		parquet.SortingWriterConfig(parquet.SortingColumns(sorting...)),
	)}
}

// Write adds rows.
func (w *RowWriter) Write(rows []Row) error {
	for _, r := range rows {
		if r.table().goType != w.table.goType {
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
	w.table.unpack(w.texts[begin:], w.file.row(w.batch), &w.cells)
	if w.batch++; w.batch < rowsPerBatch {
		return nil
	}
	return w.writeBatch()
}

func (w *RowWriter) writeBatch() error {
	if err := w.file.write(w.batch); err != nil {
		return fmt.Errorf("write %s: %w", w.table.Name, err)
	}
	w.texts, w.batch = w.texts[:0], 0
	w.cells.reset()
	return nil
}

// Close completes the file.
func (w *RowWriter) Close() error {
	if err := w.writeBatch(); err != nil {
		return err
	}
	if err := w.file.close(); err != nil {
		return fmt.Errorf("write %s: %w", w.table.Name, err)
	}
	return nil
}

// typedWriter is the batchWriter of a Go type.
type typedWriter[T any] struct {
	file  *parquet.GenericWriter[T]
	batch []T
}

func (w *typedWriter[T]) row(i int) unsafe.Pointer { return unsafe.Pointer(&w.batch[i]) }

func (w *typedWriter[T]) write(rows int) error {
	_, err := w.file.Write(w.batch[:rows])
	return err
}

func (w *typedWriter[T]) close() error { return w.file.Close() }

// fastSnappy is Snappy as fast as it goes: the library's own codec takes twice the time for files a tenth smaller.
type fastSnappy struct{ snappy.Codec }

// Encode compresses a page.
func (*fastSnappy) Encode(dst, src []byte) ([]byte, error) {
	return s2.EncodeSnappy(dst[:cap(dst)], src), nil
}
