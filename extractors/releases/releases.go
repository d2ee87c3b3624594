// Package releases reads the list of the organisation's product releases: a CSV file that a person keeps. It is strict,
// because a release that is silently left out, or stands at a wrong day, makes a change look as if it had no cause.
//
//	product,release,released_on,note
//	Portal,4.2,2026-11-20,new sign-in
package releases

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"trunkline/pipeline"
)

const stream = "list"

// columns are those of the file, in any order; the last one may be missing.
var columns = []string{"product", "release", "released_on", "note"}

const (
	required  = 3
	pageRows  = 500
	longest   = 100 // of product and release, in bytes
	largest   = 16 << 20
	cureShape = "The first line is: product,release,released_on,note (note may be missing)"
)

// Config says where the list is.
type Config struct{ File string }

// Extractor reads the list. It is safe for concurrent use.
type Extractor struct{ file string }

// New makes an extractor; the file is opened when it is read.
func New(c Config) *Extractor { return &Extractor{file: c.File} }

// Streams gives the one stream, list: it is read whole each time.
func (*Extractor) Streams() []pipeline.Stream { return []pipeline.Stream{{Name: stream, Whole: true}} }

// entry is the body of a record.
type entry struct {
	Product    string `json:"product"`
	Release    string `json:"release"`
	ReleasedOn string `json:"released_on"`
	Note       string `json:"note,omitempty"`
}

// Extract emits every line as a record, or nothing if any line is wrong. The window does not matter.
func (x *Extractor) Extract(ctx context.Context, name string, _ pipeline.Window, emit func([]pipeline.Record) error) error {
	if name != stream {
		return &pipeline.Error{Code: "TL3403", Kind: pipeline.Misuse, What: fmt.Sprintf("releases: there is no stream %q", name)}
	}
	records, err := x.read()
	if err != nil {
		return err
	}
	for page := range slices.Chunk(records, pageRows) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := emit(page); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Check tells what is wrong with the list, if anything is.
func Check(_ context.Context, c Config) error {
	_, err := New(c).read()
	return err
}

func (x *Extractor) read() ([]pipeline.Record, error) {
	f, err := os.Open(x.file)
	if err != nil {
		return nil, &pipeline.Error{
			Code: "TL3401", Kind: pipeline.Misuse, What: "read the releases", Err: err,
			Cure: "Write the file, or remove the section releases from the configuration",
		}
	}
	defer func() { _ = f.Close() }() // nothing was written
	text, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err != nil {
		return nil, &pipeline.Error{Code: "TL3401", Kind: pipeline.Failure, What: "read the releases " + x.file, Err: err}
	}
	if len(text) > largest {
		return nil, x.fault(0, fmt.Sprintf("more than %d MiB are no list of releases", largest>>20), "Look at the file")
	}
	return x.parse(text)
}

// fault is what is wrong in a line; line 0 is the file as a whole.
func (x *Extractor) fault(line int, what, cure string) error {
	at := x.file
	if line > 0 {
		at = fmt.Sprintf("%s:%d", x.file, line)
	}
	return &pipeline.Error{Code: "TL3402", Kind: pipeline.Misuse, What: "read the releases: " + at + ": " + what, Cure: cure}
}

// parse makes records of the file's text.
func (x *Extractor) parse(text []byte) ([]pipeline.Record, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // as spreadsheets begin a file
	if !utf8.Valid(text) {
		return nil, x.fault(0, "it is not UTF-8", "Save it as CSV UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(text))
	header, err := r.Read()
	if err != nil {
		return nil, x.unreadable(err)
	}
	place, err := x.places(header)
	if err != nil {
		return nil, err
	}
	var records []pipeline.Record
	seen := map[string]int{}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, x.unreadable(err)
		}
		line, _ := r.FieldPos(0)
		record, err := x.record(line, fields, place)
		if err != nil {
			return nil, err
		}
		if before := seen[record.Key]; before > 0 {
			return nil, x.fault(line, fmt.Sprintf("product %q and release %q are in line %d already", fields[place[0]], fields[place[1]], before), "Keep one of the two lines")
		}
		seen[record.Key] = line
		records = append(records, record)
	}
}

// places finds the columns in the header; −1 for a note that is not there.
func (x *Extractor) places(header []string) ([]int, error) {
	place := make([]int, len(columns))
	for i, c := range columns {
		if place[i] = slices.Index(header, c); place[i] < 0 && i < required {
			return nil, x.fault(1, fmt.Sprintf("column %s is missing in %q", c, strings.Join(header, ",")), cureShape)
		}
	}
	for i, name := range header {
		if !slices.Contains(columns, name) || slices.Index(header, name) < i {
			return nil, x.fault(1, fmt.Sprintf("column %q is unknown, or there twice", name), cureShape)
		}
	}
	return place, nil
}

// unreadable tells of what the CSV reader refused.
func (x *Extractor) unreadable(err error) error {
	if errors.Is(err, io.EOF) {
		return x.fault(0, "it is empty", cureShape)
	}
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		return x.fault(wrong.Line, wrong.Err.Error(), "Give each line the fields of the first, and quote fields with commas")
	}
	return &pipeline.Error{Code: "TL3401", Kind: pipeline.Failure, What: "read the releases " + x.file, Err: err}
}

func (x *Extractor) record(line int, fields []string, place []int) (pipeline.Record, error) {
	e := entry{Product: fields[place[0]], Release: fields[place[1]], ReleasedOn: fields[place[2]]}
	if place[3] >= 0 {
		e.Note = fields[place[3]]
	}
	for i, value := range []string{e.Product, e.Release} {
		if value == "" || value != strings.TrimSpace(value) || len(value) > longest {
			return pipeline.Record{}, x.fault(line, fmt.Sprintf("%s is %q", columns[i], value),
				fmt.Sprintf("Write a name of 1 to %d bytes without spaces around it", longest))
		}
	}
	day, err := time.Parse(time.DateOnly, e.ReleasedOn)
	if err != nil {
		return pipeline.Record{}, x.fault(line, fmt.Sprintf("released_on is %q", e.ReleasedOn), "Write the day as 2026-11-20")
	}
	body, err := json.Marshal(e)
	if err != nil {
		return pipeline.Record{}, fmt.Errorf("keep line %d of %s: %w", line, x.file, err)
	}
	return pipeline.Record{Key: e.Product + "\x00" + e.Release, At: day, Body: body}, nil
}
