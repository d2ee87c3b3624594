package pipeline

import (
	"fmt"
	"iter"
	"time"

	"trunkline/schema"
)

// Item is a record as a transform meets it. Its body is valid until the next item is asked for.
type Item struct {
	Record
	Ref string // where the record is kept: file and line in the run store
}

// Inputs is what a transform reads. Each key of a kind comes once, in its newest version, in no particular order.
type Inputs struct {
	Run        string         // the run that the rows will belong to
	Window     Window         // the run's window, without any look-back
	Location   *time.Location // the organisation's time zone
	ObservedAt time.Time      // when the sources were asked

	records func(kind string) iter.Seq2[Item, error]
	rows    func(kind string) iter.Seq2[schema.Row, error]
}

// Records gives the records of a stream.
func (in *Inputs) Records(kind string) iter.Seq2[Item, error] { return in.records(kind) }

// Rows gives the rows of a table that R points to.
func Rows[R schema.Row](in *Inputs, kind string) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		for row, err := range in.rows(kind) {
			typed, ok := row.(R)
			if err == nil && !ok {
				err = fmt.Errorf("read %s: its rows are %T", kind, row)
			}
			if !yield(typed, err) || err != nil {
				return
			}
		}
	}
}

// InMemory makes Inputs of what is given instead of a run's files: for tests of transforms. Unlike a run it neither drops
// earlier versions nor seals rows.
func InMemory(in Inputs, records map[string][]Record, rows map[string][]schema.Row) *Inputs {
	in.records = func(kind string) iter.Seq2[Item, error] {
		return func(yield func(Item, error) bool) {
			for i, r := range records[kind] {
				if !yield(Item{Record: r, Ref: fmt.Sprintf("%s#%d", kind, i+1)}, nil) {
					return
				}
			}
		}
	}
	in.rows = func(kind string) iter.Seq2[schema.Row, error] {
		return func(yield func(schema.Row, error) bool) {
			for _, r := range rows[kind] {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
	if in.Location == nil {
		in.Location = time.UTC
	}
	return &in
}
