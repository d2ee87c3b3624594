// Package parquetcheck reads a Parquet file with a reader that shares no code with the one that wrote it, and tells what
// it found: so that a fault of the writer is met on the day it is made and not by a warehouse.
package parquetcheck

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// Stats is what a file holds.
type Stats struct {
	Rows    int64
	Columns []Column
}

// Column is what one column holds. Min and Max are empty where every value is NULL: text cut to 64 bytes, numbers in
// their shortest decimal form, times in RFC 3339 with microseconds, UTC.
type Column struct {
	Name     string
	Nulls    int64
	Min, Max string
}

// batchRows is how many values are in memory at a time: of one column, never of a row group.
const batchRows = 16 << 10

// Read reads every value of a file, one column after the other. A file that cannot be read to its end, whose columns
// differ in length, or whose NULLs are not those that its own footer promises is an error.
func Read(r io.ReaderAt, size int64) (stats Stats, err error) {
	defer func() { // the library panics on some damaged files
		if p := recover(); p != nil {
			stats, err = Stats{}, fmt.Errorf("read parquet: %v", p)
		}
	}()
	if magic := make([]byte, 4); size < 4 || readFull(r, magic) != nil || string(magic) != "PAR1" {
		return Stats{}, errors.New("read parquet: it does not begin as a Parquet file does")
	}
	props := parquet.NewReaderProperties(memory.DefaultAllocator)
	props.BufferedStreamEnabled = true
	raw, err := file.NewParquetReader(io.NewSectionReader(r, 0, size), file.WithReadProps(props))
	if err != nil {
		return Stats{}, fmt.Errorf("read parquet: %w", err)
	}
	defer func() { _ = raw.Close() }()
	arrays, err := pqarrow.NewFileReader(raw, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return Stats{}, fmt.Errorf("read parquet schema: %w", err)
	}
	stats.Rows = raw.NumRows()
	for i := range raw.MetaData().Schema.NumColumns() {
		c, err := readColumn(arrays, i)
		if err != nil {
			return Stats{}, fmt.Errorf("read parquet column %s: %w", raw.MetaData().Schema.Column(i).Path(), err)
		}
		stats.Columns = append(stats.Columns, c)
	}
	return stats, nil
}

func readFull(r io.ReaderAt, b []byte) error {
	_, err := io.ReadFull(io.NewSectionReader(r, 0, int64(len(b))), b)
	return err
}

func readColumn(arrays *pqarrow.FileReader, i int) (Column, error) {
	reader, err := arrays.GetColumn(context.Background(), i)
	if err != nil {
		return Column{}, err
	}
	defer reader.Release()
	s, err := newScan(reader.Field().Type)
	if err != nil {
		return Column{}, err
	}
	rows, nulls := arrays.ParquetReader().NumRows(), int64(0)
	for left := rows; left > 0; {
		n := min(left, batchRows)
		chunks, err := reader.NextBatch(n)
		if err != nil {
			return Column{}, err
		}
		if int64(chunks.Len()) != n {
			return Column{}, fmt.Errorf("%d values where the file promises %d rows", rows-left+int64(chunks.Len()), rows)
		}
		for _, values := range chunks.Chunks() {
			nulls += int64(values.NullN())
			s.add(values)
		}
		chunks.Release()
		left -= n
	}
	c := Column{Name: reader.Field().Name, Nulls: nulls}
	if nulls < rows {
		c.Min, c.Max = s.bounds()
	}
	return c, agrees(arrays.ParquetReader(), i, nulls)
}

// agrees holds the NULLs that were read against those that the footer promises: a page whose definition levels are damaged
// can still be decoded.
func agrees(raw *file.Reader, i int, nulls int64) error {
	promised, known := int64(0), true
	for g := range raw.NumRowGroups() {
		chunk, err := raw.MetaData().RowGroup(g).ColumnChunk(i)
		if err != nil {
			return err
		}
		s, err := chunk.Statistics()
		if err != nil {
			return err
		}
		if s == nil || !s.HasNullCount() {
			known = false
			break
		}
		promised += s.NullCount()
	}
	if known && promised != nulls {
		return fmt.Errorf("%d NULLs where the footer promises %d", nulls, promised)
	}
	return nil
}

// scan keeps the least and greatest value of what it is given.
type scan interface {
	add(arrow.Array)
	bounds() (least, greatest string)
}
