package warehouse

import (
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/parquet-go/parquet-go"

	"trunkline/pipeline"
	"trunkline/schema"
)

// The columns of a staged file that say where a row stood: in which file of the batch, and which row of it that was, from 1.
const (
	StagedFile = "batch_file"
	StagedRow  = "batch_row"
)

// stagedDictionary bounds the dictionary of a column: one of mostly different texts goes on without.
const stagedDictionary = 1 << 20

// WriteStaged writes the rows of a table's files as one Parquet file, for a warehouse that loads files and nothing else: first
// StagedFile and StagedRow, then the declared columns in their order, all of which may be NULL. A column that a file lacks is NULL.
// It gives the number of rows. Equal files give equal bytes, in the profile of all our files (see schema.Table.NewWriter).
func WriteStaged(to io.Writer, t *schema.Table, files []pipeline.File, version string) (rows int64, err error) {
	w := parquet.NewGenericWriter[any](to, stagedSchema(t),
		parquet.DataPageVersion(1),
		parquet.DefaultEncoding(&parquet.Plain),
		parquet.Compression(&parquet.Snappy),
		parquet.PageBufferSize(64<<10),
		parquet.DictionaryMaxBytes(stagedDictionary),
		parquet.CreatedBy("trunkline", version, ""),
	)
	for i, f := range files {
		n, err := stageFile(w, t, f.URI, i)
		if err != nil {
			return 0, fmt.Errorf("stage %s: %w", f.URI, err)
		}
		rows += n
	}
	if err := w.Close(); err != nil {
		return 0, fmt.Errorf("stage %s: %w", t.Name, err)
	}
	return rows, nil
}

// stagedSchema gives the columns of a staged file. A struct keeps their order.
func stagedSchema(t *schema.Table) *parquet.Schema {
	number := reflect.TypeFor[int64]()
	fields := []reflect.StructField{
		{Name: "File", Type: number, Tag: `parquet:"` + StagedFile + `"`},
		{Name: "Row", Type: number, Tag: `parquet:"` + StagedRow + `"`},
	}
	for i, c := range t.Columns {
		form := stagedForms()[c.Type]
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprintf("Column%d", i), Type: form.kind, Tag: reflect.StructTag(`parquet:"` + c.Name + form.options + `"`),
		})
	}
	return parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
}

type stagedForm struct {
	kind    reflect.Type
	options string
}

// stagedForms gives the form of each type: a pointer is optional.
func stagedForms() map[schema.Type]stagedForm {
	return map[schema.Type]stagedForm{
		schema.Text:      {reflect.TypeFor[*string](), ",optional,dict"},
		schema.Integer:   {reflect.TypeFor[*int64](), ",optional"},
		schema.Real:      {reflect.TypeFor[*float64](), ",optional"},
		schema.Boolean:   {reflect.TypeFor[*bool](), ",optional"},
		schema.Timestamp: {reflect.TypeFor[*int64](), ",optional,timestamp(microsecond)"},
	}
}

// stageFile adds the rows of a file, a row group and in it a column at a time.
func stageFile(w *parquet.GenericWriter[any], t *schema.Table, path string, number int) (rows int64, err error) {
	err = WithFile(path, func(in *os.File, size int64) error {
		file, err := parquet.OpenFile(in, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
		if err != nil {
			return err
		}
		for _, group := range file.RowGroups() {
			if err := stageGroup(w, t, file.Schema(), group, place{file: int64(number), row: rows}); err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return err
			}
			rows += group.NumRows()
		}
		return nil
	})
	return rows, err
}

// place says which file a row group is of, and how many of the file's rows stand before it.
type place struct{ file, row int64 }

func stageGroup(w *parquet.GenericWriter[any], t *schema.Table, of *parquet.Schema, group parquet.RowGroup, at place) error {
	columns, n := w.ColumnWriters(), group.NumRows()
	values := make([]parquet.Value, 0, stagedValues)
	for i, value := range []func(row int64) int64{
		func(int64) int64 { return at.file },
		func(row int64) int64 { return at.row + row + 1 },
	} {
		err := fillColumn(columns[i], n, values, func(row int64) parquet.Value { return parquet.Int64Value(value(row)).Level(0, 0, i) })
		if err != nil {
			return err
		}
	}
	for i, c := range t.Columns {
		to, index := columns[2+i], 2+i
		leaf, ok := of.Lookup(c.Name)
		if !ok {
			null := parquet.NullValue().Level(0, 0, index)
			if err := fillColumn(to, n, values, func(int64) parquet.Value { return null }); err != nil {
				return fmt.Errorf("column %s: %w", c.Name, err)
			}
			continue
		}
		if err := sameForm(leaf, c); err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
		if err := copyColumn(to, index, group.ColumnChunks()[leaf.ColumnIndex], n); err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
	}
	return nil
}

const stagedValues = 1024 // that are handed on at a time

// sameForm refuses a column of a file that is not of the declared type.
func sameForm(leaf parquet.LeafColumn, c schema.Column) error {
	kind := map[schema.Type]parquet.Kind{
		schema.Text: parquet.ByteArray, schema.Integer: parquet.Int64, schema.Real: parquet.Double,
		schema.Boolean: parquet.Boolean, schema.Timestamp: parquet.Int64,
	}[c.Type]
	if leaf.Node.Type().Kind() != kind || leaf.MaxRepetitionLevel > 0 {
		return fmt.Errorf("it is %s in the file and declared as %s", leaf.Node.Type(), c.Type)
	}
	return nil
}

func fillColumn(to *parquet.ColumnWriter, rows int64, values []parquet.Value, value func(row int64) parquet.Value) error {
	for row := int64(0); row < rows; {
		values = values[:0]
		for ; row < rows && len(values) < cap(values); row++ {
			values = append(values, value(row))
		}
		if _, err := to.WriteRowValues(values); err != nil {
			return err
		}
	}
	return nil
}

// copyColumn copies a column of a row group that must have so many rows.
func copyColumn(to *parquet.ColumnWriter, index int, chunk parquet.ColumnChunk, rows int64) (err error) {
	pages := chunk.Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	values, done := make([]parquet.Value, stagedValues), int64(0)
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			if done != rows {
				return fmt.Errorf("it has %d values in a group of %d rows", done, rows)
			}
			return nil
		}
		if err != nil {
			return err
		}
		n, err := copyPage(to, index, page, values)
		parquet.Release(page)
		if err != nil {
			return err
		}
		done += n
	}
}

func copyPage(to *parquet.ColumnWriter, index int, page parquet.Page, values []parquet.Value) (done int64, err error) {
	for from := page.Values(); ; {
		n, err := from.ReadValues(values)
		for i, v := range values[:n] {
			there := 1
			if v.IsNull() {
				there = 0
			}
			values[i] = v.Level(0, there, index)
		}
		if n > 0 {
			if _, err := to.WriteRowValues(values[:n]); err != nil {
				return done, err
			}
			done += int64(n)
		}
		switch {
		case errors.Is(err, io.EOF):
			return done, nil
		case err != nil:
			return done, err
		case n == 0:
			return done, io.ErrNoProgress
		}
	}
}
