package redshift

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
)

// rowsAtATime are read of a file.
const rowsAtATime = 1000

// examine holds a file against what its manifest promises and its texts against what Redshift can hold. What Redshift would refuse
// after everything was uploaded, and often without naming the column, is refused before.
func examine(t *schema.Table, f pipeline.File) error {
	if err := unchanged(f); err != nil {
		return err
	}
	var texts []schema.Column
	for _, c := range t.Columns {
		if c.Type == schema.Text {
			texts = append(texts, c)
		}
	}
	return eachRow(t, f, func(row schema.Row, _ int64) error {
		for _, c := range texts {
			text, ok := schema.Value(row, c).(string)
			if !ok {
				continue
			}
			if fault := unfit(c, text); fault != "" {
				return &pipeline.Error{
					Code: "TL6101", Kind: pipeline.Misuse,
					What: fmt.Sprintf("load %s: column %s of the row %s %s; nothing was uploaded", t.Name, c.Name, keyOf(t, row), fault),
					Cure: "The file was not written by this version of trunkline; run the transform again with --again",
				}
			}
		}
		return nil
	})
}

// unfit says why a text cannot be loaded; empty if it can.
func unfit(c schema.Column, text string) string {
	switch {
	case len(text) > c.MaxBytes:
		return fmt.Sprintf("has %d bytes where %d fit", len(text), c.MaxBytes)
	case strings.IndexByte(text, 0) >= 0:
		return "holds a NUL character"
	case !utf8.ValidString(text):
		return "is no UTF-8"
	}
	return ""
}

// keyOf names a row.
func keyOf(t *schema.Table, row schema.Row) string {
	var parts []string
	for _, name := range t.Keys() {
		c, _ := t.Column(name)
		parts = append(parts, fmt.Sprintf("%s=%v", name, schema.Value(row, c)))
	}
	return strings.Join(parts, " ")
}

// unchanged refuses a file that is not the one of its manifest.
func unchanged(f pipeline.File) error {
	hash := sha256.New()
	err := warehouse.WithFile(f.URI, func(file *os.File, _ int64) error {
		_, err := io.Copy(hash, file)
		return err
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", f.URI, err)
	}
	if hex.EncodeToString(hash.Sum(nil)) == f.SHA256 {
		return nil
	}
	return &pipeline.Error{
		Code: "TL6006", Kind: pipeline.Failure, What: fmt.Sprintf("read %s: it is not the file that its manifest tells of", f.URI),
		Cure: "The files were changed after they were written; run the transform again with --again",
	}
}

// eachRow gives the rows of a file with their numbers, from 1 on. A row is not kept.
func eachRow(t *schema.Table, f pipeline.File, do func(row schema.Row, number int64) error) error {
	return warehouse.WithRows(t, f, func(rows *schema.RowReader) error {
		batch, number := make([]schema.Row, rowsAtATime), int64(0)
		for {
			n, err := rows.Read(batch)
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			for _, row := range batch[:n] {
				number++
				if err := do(row, number); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
		}
	})
}

// csvNull stands for NULL in a CSV file. Redshift would also take a text for NULL that is written so: it is refused.
const csvNull = "trunkline:null"

// writeCSV is warehouse.WriteStaged for CSV, compressed.
func writeCSV(to io.Writer, t *schema.Table, files []pipeline.File, _ string) (rows int64, err error) {
	packed := gzip.NewWriter(to)
	lines := csv.NewWriter(packed)
	cells := make([]string, 2+len(t.Columns))
	for i, f := range files {
		err := eachRow(t, f, func(row schema.Row, number int64) error {
			cells[0], cells[1] = strconv.Itoa(i), strconv.FormatInt(number, 10)
			for j, c := range t.Columns {
				cell, err := csvCell(schema.Value(row, c))
				if err != nil {
					return fmt.Errorf("column %s of the row %s: %w", c.Name, keyOf(t, row), err)
				}
				cells[2+j] = cell
			}
			rows++
			return lines.Write(cells)
		})
		if err != nil {
			return 0, fmt.Errorf("stage %s: %w", f.URI, err)
		}
	}
	lines.Flush()
	if err := errors.Join(lines.Error(), packed.Close()); err != nil {
		return 0, fmt.Errorf("stage %s: %w", t.Name, err)
	}
	return rows, nil
}

func csvCell(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return csvNull, nil
	case string:
		if v == csvNull {
			return "", errors.New("the text stands for NULL in a CSV file; use format: parquet")
		}
		return v, nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	case bool:
		return strconv.FormatBool(v), nil
	case time.Time:
		return v.UTC().Format(timeText), nil
	default:
		return "", fmt.Errorf("a cell cannot be %T", value)
	}
}
