package salesforce

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// table reads a page of Bulk results as rows of the shape that REST gives: typed values, null for an empty cell (Salesforce has no
// empty text), the fields of a parent in an object of its own.
type table struct {
	csv  *csv.Reader
	root cell
	of   string
	base string // of the address of a record
	id   int    // column of Id, -1 without
	out  []byte
}

// cell is a column, or a parent with its columns.
type cell struct {
	name   string
	column int    // -1 for a parent
	kind   string // of its field; a text if unknown
	cells  []cell
}

// newTable reads the header, which every page repeats.
func newTable(page io.Reader, of *Object, version string) (*table, error) {
	t := &table{csv: newCSV(page), of: of.Name, base: "/services/data/" + version + "/sobjects/" + of.Name + "/"}
	header, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, damaged("bulk results: header: %w", err)
	}
	t.id = slices.Index(header, "Id")
	for i, name := range header {
		if err := t.root.add(strings.Split(name, "."), i, of); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func newCSV(page io.Reader) *csv.Reader {
	r := csv.NewReader(bufio.NewReaderSize(page, 1<<16))
	r.ReuseRecord = true
	return r
}

// deepest is how many levels up a query may go.
const deepest = 5

func (c *cell) add(path []string, column int, of *Object) error {
	at := slices.IndexFunc(c.cells, func(sub cell) bool { return sub.name == path[0] })
	switch {
	case path[0] == "" || len(path) > deepest+1 || (at >= 0 && (len(path) == 1 || c.cells[at].column >= 0)):
		return damaged("bulk results: column %q", strings.Join(path, "."))
	case len(path) == 1:
		sub := cell{name: path[0], column: column}
		if of != nil {
			if i := slices.IndexFunc(of.Fields, func(f Field) bool { return f.Name == path[0] }); i >= 0 {
				sub.kind = of.Fields[i].Type
			}
		}
		c.cells = append(c.cells, sub)
		return nil
	case at < 0:
		c.cells = append(c.cells, cell{name: path[0], column: -1})
		at = len(c.cells) - 1
	}
	return c.cells[at].add(path[1:], column, nil)
}

// next gives the next row; io.EOF after the last.
func (t *table) next() (json.RawMessage, error) {
	record, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		return nil, damaged("bulk results: %w", err)
	}
	b := append(t.out[:0], `{"attributes":{"type":`...)
	b = appendText(b, t.of)
	if t.id >= 0 {
		b = appendText(append(b, `,"url":`...), t.base+record[t.id])
	}
	b = append(b, '}')
	for i := range t.root.cells {
		b = t.root.cells[i].appendTo(append(b, ','), record)
	}
	t.out = append(b, '}')
	return slices.Clone(t.out), nil
}

// empty tells whether there is nothing below a cell: a record without that parent.
func (c *cell) empty(record []string) bool {
	if c.column >= 0 {
		return record[c.column] == ""
	}
	return !slices.ContainsFunc(c.cells, func(sub cell) bool { return !sub.empty(record) })
}

func (c *cell) appendTo(b []byte, record []string) []byte {
	b = append(appendText(b, c.name), ':')
	switch {
	case c.empty(record):
		return append(b, "null"...)
	case c.column >= 0:
		return appendTyped(b, record[c.column], c.kind)
	}
	b = append(b, '{')
	for i := range c.cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = c.cells[i].appendTo(b, record)
	}
	return append(b, '}')
}

// appendTyped writes a value as REST would. What does not look like its type stays the text it is.
func appendTyped(b []byte, text, kind string) []byte {
	switch kind {
	case "boolean":
		if text == "true" || text == "false" {
			return append(b, text...)
		}
	case "int", "long", "double", "currency", "percent":
		if isNumber(text) {
			return append(b, text...)
		}
	case "datetime":
		if at, err := time.Parse(TimeFormat, text); err == nil {
			return append(at.UTC().AppendFormat(append(b, '"'), "2006-01-02T15:04:05.000-0700"), '"')
		}
	}
	return appendText(b, text)
}

func isNumber(text string) bool {
	return strings.IndexByte("-0123456789", text[0]) >= 0 && json.Valid([]byte(text))
}

func appendText(b []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil { // a string always has JSON
		return append(b, "null"...)
	}
	return append(b, quoted...)
}

// countRows counts the rows of a page behind its header.
func countRows(page io.Reader) (int, error) {
	r := newCSV(page)
	for n := -1; ; n++ {
		if _, err := r.Read(); err != nil {
			if errors.Is(err, io.EOF) && n >= 0 {
				return n, nil
			}
			return 0, fmt.Errorf("row %d: %w", n+1, err)
		}
	}
}
