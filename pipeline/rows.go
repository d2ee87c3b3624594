package pipeline

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"

	"trunkline/schema"
)

// A table's rows are sorted outside of memory: so many bytes of packed rows at a time are sorted and put aside in a scratch file,
// and at the end what was put aside is merged. Memory is bounded by one such chunk a table and what a merge reads ahead, however
// many rows there are.
const (
	sortBytes = 512 << 10 // rows of a table in memory
	fanIn     = 64        // chunks that are merged at once
	readAhead = 64 << 10  // of a chunk that is being merged
)

// sorter takes the rows of one table in any order and gives them back in the table's order, of each key the last.
type sorter struct {
	table  *schema.Table
	room   int    // for rows in memory, in bytes
	family int64  // of the rows that come now: they are likely to stay together
	bytes  []byte // rows, packed
	rows   []place
	file   *os.File    // what was put aside; nil if nothing was
	size   int64       // of the file
	levels [][]section // chunks in the file; those of a level are merged to one of the next, which is older than all of the level
}

// place is where a packed row lies in the sorter's bytes, where what it is ordered by ends, and with which rows it came.
type place struct {
	begin, order, end int
	family            int64
}

// section is a chunk's place in the file.
type section struct{ begin, size int64 }

func newSorter(t *schema.Table) *sorter { return &sorter{table: t, room: sortBytes} }

// add takes a row and keeps nothing of it.
func (s *sorter) add(r schema.Row) error {
	begin := len(s.bytes)
	packed, order := schema.AppendPacked(s.bytes, r)
	s.bytes = packed
	s.rows = append(s.rows, place{begin, begin + order, len(packed), s.family})
	if len(packed) < s.room {
		return nil
	}
	return s.putAside()
}

func (s *sorter) order(p place) []byte { return s.bytes[p.begin:p.order] }

// compare orders rows; equal ones as they came.
func (s *sorter) compare(a, b place) int {
	if n := bytes.Compare(s.order(a), s.order(b)); n != 0 {
		return n
	}
	return a.begin - b.begin
}

// sortRows orders the rows held in memory, of each key the last added.
func (s *sorter) sortRows() {
	s.sortRuns()
	kept := s.rows[:0]
	for i, p := range s.rows {
		if i+1 < len(s.rows) && s.table.SameKey(s.order(p), s.order(s.rows[i+1])) {
			continue
		}
		kept = append(kept, p)
	}
	s.rows = kept
}

// sortRuns orders the rows. Children come a family at a time, in order: families are put in order by their first rows, and only if
// two of them meet is everything sorted row by row.
func (s *sorter) sortRuns() {
	var runs [][]place
	for begin, i := 0, 1; i <= len(s.rows); i++ {
		if i == len(s.rows) || s.rows[i-1].family != s.rows[i].family || s.compare(s.rows[i-1], s.rows[i]) > 0 {
			runs = append(runs, s.rows[begin:i])
			begin = i
		}
	}
	if len(runs) < 2 {
		return
	}
	slices.SortFunc(runs, func(a, b []place) int { return s.compare(a[0], b[0]) })
	for i := range len(runs) - 1 {
		if s.compare(runs[i][len(runs[i])-1], runs[i+1][0]) > 0 {
			slices.SortFunc(s.rows, s.compare)
			return
		}
	}
	s.rows = slices.Concat(runs...)
}

// putAside moves the rows from memory to the file.
func (s *sorter) putAside() error {
	s.sortRows()
	err := s.writeChunk(0, func(w *chunkWriter) error {
		for _, p := range s.rows {
			if err := w.write(s.bytes[p.begin:p.end], p.order-p.begin); err != nil {
				return err
			}
		}
		return nil
	})
	s.bytes, s.rows = s.bytes[:0], s.rows[:0]
	for level := 0; err == nil && len(s.levels[level]) == fanIn; level++ {
		err = s.writeChunk(level+1, func(w *chunkWriter) error { return s.merge(s.levels[level], w.write) })
		s.levels[level] = s.levels[level][:0]
	}
	if err != nil {
		return fmt.Errorf("put rows of %s aside: %w", s.table.Name, err)
	}
	return nil
}

// writeChunk puts a chunk at the end of the file.
func (s *sorter) writeChunk(level int, fill func(*chunkWriter) error) error {
	if s.file == nil {
		f, err := os.CreateTemp("", "trunkline-rows-")
		if err != nil {
			return err
		}
		_ = os.Remove(f.Name()) // gone with the process, however it ends
		s.file = f
	}
	w := &chunkWriter{out: bufio.NewWriterSize(io.NewOffsetWriter(s.file, s.size), readAhead)}
	if err := fill(w); err != nil {
		return err
	}
	if err := w.out.Flush(); err != nil {
		return err
	}
	for len(s.levels) <= level+1 {
		s.levels = append(s.levels, nil)
	}
	s.levels[level] = append(s.levels[level], section{s.size, w.size})
	s.size += w.size
	return nil
}

// each gives the rows in order, packed. A row is valid until the function returns.
func (s *sorter) each(give func(row []byte) error) error {
	if s.file == nil {
		s.sortRows()
		for _, p := range s.rows {
			if err := give(s.bytes[p.begin:p.end]); err != nil {
				return err
			}
		}
		return nil
	}
	if len(s.rows) > 0 {
		if err := s.putAside(); err != nil {
			return err
		}
	}
	s.bytes, s.rows = nil, nil
	var all []section
	for _, level := range slices.Backward(s.levels) {
		all = append(all, level...)
	}
	return s.merge(all, func(row []byte, _ int) error { return give(row) })
}

// merge gives the rows of chunks, the oldest first, in order. A row is valid until the function returns.
func (s *sorter) merge(chunks []section, give func(row []byte, order int) error) error {
	var m chunkHeap
	for i, c := range chunks {
		r := &chunkReader{age: i, in: bufio.NewReaderSize(io.NewSectionReader(s.file, c.begin, c.size), readAhead)}
		if ok, err := r.next(); err != nil {
			return s.unreadable(err)
		} else if ok {
			m = append(m, r)
		}
	}
	m.init()
	var row []byte // it is the row once the next one has another key
	order := 0
	for len(m) > 0 {
		next := m[0]
		if len(row) > 0 && !s.table.SameKey(row[:order], next.row[:next.order]) {
			if err := give(row, order); err != nil {
				return err
			}
		}
		row, order = append(row[:0], next.row...), next.order
		if err := m.advance(); err != nil {
			return s.unreadable(err)
		}
	}
	if len(row) == 0 {
		return nil
	}
	return give(row, order)
}

func (s *sorter) unreadable(err error) error {
	return fmt.Errorf("take up rows of %s that were put aside: %w", s.table.Name, err)
}

func (s *sorter) close() {
	if s.file != nil {
		_ = s.file.Close()
	}
}
