package bqfake

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// load carries a load job out.
func (s *Server) load(j *job, media []byte) error {
	c := j.wire.Configuration.Load
	if err := s.locate(j, c.DestinationTable.ProjectID, c.DestinationTable.DatasetID); err != nil {
		return err
	}
	if c.SourceFormat != "PARQUET" || c.Schema == nil {
		return bad("Only Parquet with a schema is known, not %q", c.SourceFormat)
	}
	name := c.DestinationTable.DatasetID + "." + c.DestinationTable.TableID
	before := s.tables[name]
	if before == nil && c.CreateDisposition == "CREATE_NEVER" {
		return refuse(http.StatusNotFound, "notFound", "Not found: Table %s:%s", s.Project, name)
	}
	rows, err := readRows(media, c.Schema.Fields)
	if err != nil {
		return err
	}
	t := &Table{Rows: rows}
	for _, f := range c.Schema.Fields {
		t.Columns = append(t.Columns, Column{f.Name, f.Type})
	}
	switch {
	case c.WriteDisposition == "WRITE_TRUNCATE", before == nil:
	case c.WriteDisposition == "WRITE_EMPTY":
		return refuse(http.StatusConflict, "duplicate", "Already Exists: Table %s:%s", s.Project, name)
	default:
		t.Rows = append(append([]map[string]any{}, before.Rows...), rows...)
	}
	s.tables[name], j.rows = t, int64(len(rows))
	return nil
}

// types are the columns that are known of a Parquet file, by the type that a schema gives them.
var types = map[string]func(arrow.DataType) bool{
	"STRING":  func(t arrow.DataType) bool { return t.ID() == arrow.STRING },
	"INTEGER": func(t arrow.DataType) bool { return t.ID() == arrow.INT64 },
	"FLOAT":   func(t arrow.DataType) bool { return t.ID() == arrow.FLOAT64 },
	"BOOLEAN": func(t arrow.DataType) bool { return t.ID() == arrow.BOOL },
	"TIMESTAMP": func(t arrow.DataType) bool {
		ts, ok := t.(*arrow.TimestampType)
		return ok && ts.Unit == arrow.Microsecond && ts.TimeZone == "UTC"
	},
}

// readRows reads a whole file, and holds it against a schema: its columns by name, type and mode.
func readRows(media []byte, schema []wireField) (rows []map[string]any, err error) {
	defer func() { // the library panics on some damaged files
		if p := recover(); p != nil {
			err = bad("Error while reading data: %v", p)
		}
	}()
	raw, err := file.NewParquetReader(bytes.NewReader(media))
	if err != nil {
		return nil, bad("Error while reading data, error message: Input file is not in Parquet format: %v", err)
	}
	defer func() { _ = raw.Close() }()
	reader, err := pqarrow.NewFileReader(raw, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return nil, bad("Error while reading data: %v", err)
	}
	table, err := reader.ReadTable(context.Background())
	if err != nil {
		return nil, bad("Error while reading data: %v", err)
	}
	defer table.Release()
	if int(table.NumCols()) != len(schema) {
		return nil, bad("The file has %d columns, the schema %d", table.NumCols(), len(schema))
	}
	rows = make([]map[string]any, table.NumRows())
	for i := range rows {
		rows[i] = map[string]any{}
	}
	for _, f := range schema {
		at := table.Schema().FieldIndices(f.Name)
		if len(at) != 1 {
			return nil, bad("Provided Schema does not match: the file has no column %s", f.Name)
		}
		column := table.Column(at[0])
		if fits := types[f.Type]; fits == nil || !fits(column.DataType()) {
			return nil, bad("Provided Schema does not match: column %s is %s, the schema says %s", f.Name, column.DataType(), f.Type)
		}
		if f.Mode == "REQUIRED" && column.NullN() > 0 {
			return nil, bad("Required field %s cannot be null", f.Name)
		}
		row := 0
		for _, chunk := range column.Data().Chunks() {
			for i := range chunk.Len() {
				rows[row][f.Name] = value(chunk, i)
				row++
			}
		}
	}
	return rows, nil
}

func value(a arrow.Array, i int) any {
	if a.IsNull(i) {
		return nil
	}
	switch a := a.(type) {
	case *array.String:
		return a.Value(i)
	case *array.Int64:
		return a.Value(i)
	case *array.Float64:
		return a.Value(i)
	case *array.Boolean:
		return a.Value(i)
	case *array.Timestamp:
		return time.UnixMicro(int64(a.Value(i))).UTC()
	default:
		panic("bqfake: a column of type " + a.DataType().String())
	}
}
