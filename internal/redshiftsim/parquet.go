package redshiftsim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// readParquet reads a file into the columns, by position. It takes what is known to load and nothing else: five types, data pages
// of version 1, PLAIN and dictionary encodings, no compression, Snappy or gzip.
func readParquet(ctx context.Context, c *copyCommand, columns []column, f object, out *bytes.Buffer) (rows int64, failed *loadError) {
	defer func() { // the library panics on some damaged files
		if p := recover(); p != nil {
			failed = damaged(f, fmt.Errorf("%v", p))
		}
	}()
	raw, err := file.NewParquetReader(bytes.NewReader(f.body))
	if err != nil {
		return 0, damaged(f, err)
	}
	defer func() { _ = raw.Close() }()
	n := raw.MetaData().Schema.NumColumns()
	if n > len(columns) || n < len(columns) && !c.fillRecord {
		return 0, scanError(15007, fmt.Sprintf("Unmatched number of columns between table and file. Table columns: %d, Data columns: %d, File name: %s",
			len(columns), n, https(f.url)))
	}
	for i := range n {
		if failed := checkColumn(raw, i, columns[i], f); failed != nil {
			return 0, failed
		}
	}
	for _, missing := range columns[n:] {
		if missing.required {
			return 0, scanError(15001, fmt.Sprintf("Column %s is not nullable and missing in the file, File name: %s", missing.name, https(f.url)))
		}
	}
	reader, err := pqarrow.NewFileReader(raw, pqarrow.ArrowReadProperties{BatchSize: 4096}, memory.DefaultAllocator)
	if err != nil {
		return 0, damaged(f, err)
	}
	batches, err := reader.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return 0, damaged(f, err)
	}
	defer batches.Release()
	for batches.Next() {
		if failed := writeBatch(batches.Record(), columns, f, out); failed != nil {
			return 0, failed
		}
		rows += batches.Record().NumRows()
	}
	if err := batches.Err(); err != nil && !errors.Is(err, io.EOF) {
		return 0, damaged(f, err)
	}
	if rows != raw.NumRows() {
		return 0, damaged(f, fmt.Errorf("%d rows where the footer promises %d", rows, raw.NumRows()))
	}
	return rows, nil
}

func scanError(code int, context string) *loadError {
	return &loadError{refusal: spectrum(code, context)}
}

func damaged(f object, err error) *loadError {
	return scanError(15001, fmt.Sprintf("File '%s' cannot be read: %v", https(f.url), err))
}

// https is how Redshift tells of an object.
func https(url string) string {
	return "https://s3.amazonaws.com/" + strings.TrimPrefix(url, "s3://")
}

// checkColumn holds a column of a file against that of the table, and how its pages are written.
func checkColumn(raw *file.Reader, i int, to column, f object) *loadError {
	from := raw.MetaData().Schema.Column(i)
	if kind := kindOf(from); kind != to.kind {
		return scanError(15007, fmt.Sprintf("File '%s' has an incompatible Parquet schema for column '%s.%s'. Column type: %s, Parquet schema:\n%s",
			https(f.url), f.url, from.Name(), strings.ToUpper(to.kind), parquetText(from)))
	}
	for g := range raw.NumRowGroups() {
		chunk, err := raw.MetaData().RowGroup(g).ColumnChunk(i)
		if err != nil {
			return damaged(f, err)
		}
		if codec := chunk.Compression(); !slices.Contains([]compress.Compression{compress.Codecs.Uncompressed, compress.Codecs.Snappy, compress.Codecs.Gzip}, codec) {
			return scanError(15001, fmt.Sprintf("Unsupported compression %s of column %s, File name: %s", codec, from.Name(), https(f.url)))
		}
		pages, err := raw.RowGroup(g).GetColumnPageReader(i)
		if err != nil {
			return damaged(f, err)
		}
		for pages.Next() {
			if wrong := wrongPage(pages.Page()); wrong != "" {
				return scanError(15001, fmt.Sprintf("Unsupported %s of column %s, File name: %s", wrong, from.Name(), https(f.url)))
			}
		}
		if err := pages.Err(); err != nil && !errors.Is(err, io.EOF) {
			return damaged(f, err)
		}
	}
	return nil
}

// wrongPage tells what is wrong with a page.
func wrongPage(p file.Page) string {
	encoding := parquet.Encoding(p.Encoding())
	switch p.(type) {
	case *file.DictionaryPage:
		return ""
	case *file.DataPageV1:
		if !slices.Contains([]parquet.Encoding{parquet.Encodings.Plain, parquet.Encodings.PlainDict, parquet.Encodings.RLEDict}, encoding) {
			return "encoding " + encoding.String()
		}
		return ""
	}
	return "page version"
}

// kindOf gives the type of the table's column that a file's column may fill; empty is none.
func kindOf(c *schema.Column) string {
	if c.MaxRepetitionLevel() > 0 || len(c.ColumnPath()) != 1 {
		return ""
	}
	logical := c.LogicalType()
	switch c.PhysicalType() {
	case parquet.Types.Boolean:
		return "boolean"
	case parquet.Types.Double:
		return "double precision"
	case parquet.Types.ByteArray:
		if _, text := logical.(schema.StringLogicalType); text {
			return "character varying"
		}
	case parquet.Types.Int64:
		switch l := logical.(type) {
		case *schema.TimestampLogicalType:
			if l.TimeUnit() == schema.TimeUnitMicros {
				return "timestamp without time zone"
			}
		case *schema.IntLogicalType:
			if l.BitWidth() == 64 && l.IsSigned() {
				return "bigint"
			}
		case schema.NoLogicalType:
			return "bigint"
		}
	}
	return ""
}

func parquetText(c *schema.Column) string {
	return fmt.Sprintf("optional %s %s [i:0 d:%d r:%d]", strings.ToLower(c.PhysicalType().String()), c.Name(), c.MaxDefinitionLevel(), c.MaxRepetitionLevel())
}

// writeBatch writes rows as lines of PostgreSQL's COPY; columns that the file lacks are NULL.
func writeBatch(b arrow.Record, columns []column, f object, out *bytes.Buffer) *loadError {
	for row := range int(b.NumRows()) {
		from := out.Len()
		for i, c := range columns {
			if i > 0 {
				out.WriteByte('\t')
			}
			if i >= int(b.NumCols()) || b.Column(i).IsNull(row) {
				if c.required {
					return scanError(15001, fmt.Sprintf("NULL in column %s, which is not nullable, File name: %s", c.name, https(f.url)))
				}
				out.WriteString(`\N`)
				continue
			}
			if failed := writeValue(b.Column(i), row, c, f, out); failed != nil {
				return failed
			}
		}
		if out.WriteByte('\n'); out.Len()-from > maxRow {
			return scanError(15001, "A row is longer than 4 MB, File name: "+https(f.url))
		}
	}
	return nil
}

// maxRow is how long a row may be that COPY reads (r_COPY).
const maxRow = 4 << 20

func writeValue(from arrow.Array, row int, c column, f object, out *bytes.Buffer) *loadError {
	switch from := from.(type) {
	case *array.Int64:
		out.WriteString(strconv.FormatInt(from.Value(row), 10))
	case *array.Boolean:
		out.WriteString(strconv.FormatBool(from.Value(row)))
	case *array.Float64:
		out.WriteString(realText(from.Value(row)))
	case *array.Timestamp:
		unit := from.DataType().(*arrow.TimestampType).Unit
		out.WriteString(from.Value(row).ToTime(unit).UTC().Format("2006-01-02 15:04:05.999999"))
	case *array.String:
		return writeText(from.Value(row), c, f, out)
	default:
		return damaged(f, fmt.Errorf("column %s is read as %s", c.name, from.DataType()))
	}
	return nil
}

func realText(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "Infinity"
	case math.IsInf(x, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// writeText writes a text, whose bytes are counted.
func writeText(text string, c column, f object, out *bytes.Buffer) *loadError {
	switch {
	case !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0:
		e := scanError(15001, fmt.Sprintf("String contains invalid or unsupported UTF8 codepoints in column %s, File name: %s", c.name, https(f.url)))
		e.code, e.reason, e.column = 1220, "String contains invalid or unsupported UTF8 codepoints", c
		return e
	case c.bytes > 0 && len(text) > c.bytes:
		e := scanError(15001, fmt.Sprintf("The length of the data column %s is longer than the length defined in the table. Table: %d, Data: %d, File name: %s",
			c.name, c.bytes, len(text), https(f.url)))
		e.code, e.reason, e.column, e.rawField = 1204, "String length exceeds DDL length", c, text
		return e
	}
	appendText(out, text)
	return nil
}
