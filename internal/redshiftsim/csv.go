package redshiftsim

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// readCSV reads a delimited file into the columns, by position (copy-parameters-data-format: CSV). A field that is the null string is
// NULL, in quotes or not; an empty one is an empty text, and NULL where the column is no text.
func readCSV(c *copyCommand, columns []column, f object, out *bytes.Buffer) (rows int64, failed *loadError) {
	var from io.Reader = bytes.NewReader(f.body)
	if c.gzip {
		unzipped, err := gzip.NewReader(from)
		if err != nil {
			return 0, &loadError{refusal: internal("Invalid GZIP file "+f.url, 8001, f.url)}
		}
		from = unzipped
	}
	if c.quote != '"' {
		return 0, &loadError{refusal: refuse("0A000", "another QUOTE than \" is not simulated")}
	}
	reader := csv.NewReader(from)
	reader.Comma, reader.FieldsPerRecord = rune(c.delimiter), -1
	skip, err := strconv.ParseInt("0"+c.skip, 10, 64)
	if err != nil {
		return 0, &loadError{refusal: refuse("22023", "invalid IGNOREHEADER")}
	}
	for line := int64(1); ; line++ {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return 0, &loadError{line: line, code: 1214, reason: "Delimited value missing end quote"}
		}
		if line <= skip {
			continue
		}
		before := out.Len()
		failed := writeRecord(c, columns, record, out)
		if failed == nil && out.Len()-before > maxRow {
			failed = &loadError{code: 1216, reason: "Input row exceeds the maximum of 4 MB"}
		}
		if failed != nil {
			failed.line, failed.raw = line, strings.Join(record, string(c.delimiter))
			return 0, failed
		}
		rows++
	}
}

func writeRecord(c *copyCommand, columns []column, record []string, out *bytes.Buffer) *loadError {
	if len(record) > len(columns) {
		return &loadError{code: 1202, reason: "Extra column(s) found"}
	}
	if len(record) < len(columns) && !c.fillRecord {
		return &loadError{code: 1203, reason: "Delimiter not found", column: columns[len(record)]}
	}
	for i, to := range columns {
		if i > 0 {
			out.WriteByte('\t')
		}
		value := "" // of a column that is missing: an empty text, or NULL
		if i < len(record) {
			value = record[i]
		}
		text := to.kind == "character varying"
		null := i < len(record) && value == c.null || value == "" && (!text || c.emptyAsNull) ||
			c.blankNull && value != "" && strings.Trim(value, " ") == ""
		if null {
			if to.required {
				return &loadError{code: 1213, reason: "Missing data for not-null field", column: to}
			}
			out.WriteString(`\N`)
			continue
		}
		converted, failed := convert(c, to, value)
		if failed != nil {
			failed.column, failed.rawField = to, value
			return failed
		}
		appendText(out, converted)
	}
	out.WriteByte('\n')
	return nil
}

// convert gives a field as the column's type writes it.
func convert(c *copyCommand, to column, value string) (string, *loadError) {
	switch to.kind {
	case "character varying":
		if !utf8.ValidString(value) || strings.IndexByte(value, 0) >= 0 {
			return "", &loadError{code: 1220, reason: "String contains invalid or unsupported UTF8 codepoints"}
		}
		if to.bytes > 0 && len(value) > to.bytes {
			if !c.truncateColumns {
				return "", &loadError{code: 1204, reason: "String length exceeds DDL length"}
			}
			for value = value[:to.bytes]; !utf8.ValidString(value); {
				value = value[:len(value)-1]
			}
		}
		return value, nil
	case "bigint", "integer", "smallint":
		bits := map[string]int{"bigint": 64, "integer": 32, "smallint": 16}[to.kind]
		if _, err := strconv.ParseInt(value, 10, bits); err != nil {
			if errors.Is(err, strconv.ErrRange) {
				return "", &loadError{code: 1207, reason: fmt.Sprintf("Overflow, Value '%s', Type: %s", value, to.kind)}
			}
			return "", &loadError{code: 1207, reason: fmt.Sprintf("Invalid digit, Value '%.1s', Pos 0, Type: %s", value, to.kind)}
		}
		return value, nil
	case "double precision", "real":
		if _, err := strconv.ParseFloat(value, 64); err != nil || strings.ContainsAny(value, "xXpP_") {
			return "", &loadError{code: 1208, reason: fmt.Sprintf("Invalid digit, Value '%.1s', Pos 0, Type: Double", value)}
		}
		return value, nil
	case "boolean":
		switch strings.ToLower(value) {
		case "t", "true", "y", "yes", "1":
			return "t", nil
		case "f", "false", "n", "no", "0":
			return "f", nil
		}
		return "", &loadError{code: 1210, reason: "Unknown boolean format"}
	case "timestamp without time zone":
		for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z"} { // of those that 'auto' knows
			if t, err := time.Parse(layout, value); err == nil {
				return t.Format("2006-01-02 15:04:05.999999"), nil
			}
		}
		return "", &loadError{code: 1206, reason: "Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]"}
	case "date":
		if _, err := time.Parse("2006-01-02", value); err != nil {
			return "", &loadError{code: 1205, reason: "Invalid Date Format - length must be 10 or more"}
		}
		return value, nil
	}
	return value, nil
}
