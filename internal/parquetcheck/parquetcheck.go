// Package parquetcheck reads a Parquet file with a reader that shares no code with the one that wrote it, and tells what
// it found: so that a fault of the writer is met on the day it is made and not by a warehouse.
package parquetcheck

import (
	"errors"
	"fmt"
	"io"
	"sync"

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

// batchValues is how many values are in memory at a time: of one page of one column.
const batchValues = 4 << 10

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
	types, err := pqarrow.FromParquet(raw.MetaData().Schema, nil, raw.MetaData().KeyValueMetadata())
	if err != nil {
		return Stats{}, fmt.Errorf("read parquet schema: %w", err)
	}
	if types.NumFields() != raw.MetaData().Schema.NumColumns() {
		return Stats{}, fmt.Errorf("read parquet schema: %d columns in %d fields", raw.MetaData().Schema.NumColumns(), types.NumFields())
	}
	stats.Rows = raw.NumRows()
	buffers := &buffers{
		pool:   sync.Pool{New: func() any { return memory.NewResizableBuffer(memory.DefaultAllocator) }},
		levels: make([]int16, batchValues), texts: make([]parquet.ByteArray, batchValues),
		ints: make([]int64, batchValues), reals: make([]float64, batchValues), bools: make([]bool, batchValues),
	}
	for i := range types.NumFields() {
		c, err := readColumn(raw, i, types.Field(i), buffers)
		if err != nil {
			return Stats{}, fmt.Errorf("read parquet column %s: %w", types.Field(i).Name, err)
		}
		stats.Columns = append(stats.Columns, c)
	}
	return stats, nil
}

func readFull(r io.ReaderAt, b []byte) error {
	_, err := io.ReadFull(io.NewSectionReader(r, 0, int64(len(b))), b)
	return err
}

// buffers are the memory that the columns of a file are read into, one after the other.
type buffers struct {
	pool   sync.Pool
	levels []int16 // whether a value is there
	texts  []parquet.ByteArray
	ints   []int64
	reals  []float64
	bools  []bool
}

// pages gives the pages of a column in a row group, each only when it was asked for: the column's reader asks for the next one
// while it still holds texts of the one before, which are then no more.
type pages struct {
	file.PageReader
	ask    bool  // whether the next page may be read
	values int64 // of the current page
}

// Next goes to the next page.
func (p *pages) Next() bool {
	if !p.ask || !p.PageReader.Next() {
		return false
	}
	_, dictionary := p.Page().(*file.DictionaryPage)
	p.ask, p.values = dictionary, int64(p.Page().NumValues())
	return true
}

func readColumn(raw *file.Reader, i int, field arrow.Field, b *buffers) (Column, error) {
	s, err := newScan(field.Type)
	if err != nil {
		return Column{}, err
	}
	var nulls int64
	for g := range raw.NumRowGroups() {
		n, err := readChunk(raw.RowGroup(g), i, s, b)
		if err != nil {
			return Column{}, err
		}
		nulls += n
	}
	c := Column{Name: field.Name, Nulls: nulls}
	if nulls < raw.NumRows() {
		c.Min, c.Max = s.bounds()
	}
	return c, agrees(raw, i, nulls)
}

// readChunk reads a column of a row group and tells how many values are NULL.
func readChunk(group *file.RowGroupReader, i int, s scan, b *buffers) (nulls int64, err error) {
	from, err := group.GetColumnPageReader(i)
	if err != nil {
		return 0, err
	}
	p := &pages{PageReader: from, ask: true}
	reader := file.NewColumnReader(group.MetaData().Schema.Column(i), p, memory.DefaultAllocator, &b.pool)
	rows := int64(0)
	for ; reader.HasNext(); p.ask = true {
		for left := p.values; left > 0; {
			n, there, err := s.read(reader, min(left, batchValues), b)
			if err == nil && n == 0 {
				err = fmt.Errorf("a page of %d values ends %d too early", p.values, left)
			}
			if err != nil {
				return 0, err
			}
			left -= n
			rows += n
			nulls += n - int64(there)
		}
	}
	if err := reader.Err(); err != nil {
		return 0, err
	}
	if rows != group.NumRows() {
		return 0, fmt.Errorf("%d values where the file promises %d rows", rows, group.NumRows())
	}
	return nulls, nil
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

// scan keeps the least and greatest value of what it reads.
type scan interface {
	// read reads up to n values, NULLs included, and tells how many it read and how many of them are there.
	read(from file.ColumnChunkReader, n int64, b *buffers) (all int64, there int, err error)
	bounds() (least, greatest string)
}
