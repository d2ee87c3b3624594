package pipeline

import (
	"container/heap"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"trunkline/schema"
)

// A table's rows are sorted outside of memory: so many at a time are sorted and put aside in a scratch file, and at the end
// the scratch files are merged. Memory is bounded by one such chunk, however many rows there are.
const rowsPerChunk = 8192

// sorter takes the rows of one table in any order and gives them back in the table's order, of each key the last.
type sorter struct {
	table  *schema.Table
	rows   []schema.Row
	chunks []*os.File
}

func (s *sorter) add(r schema.Row) error {
	s.rows = append(s.rows, r)
	if len(s.rows) < rowsPerChunk {
		return nil
	}
	return s.putAside()
}

// sortRows orders the rows held in memory, of each key the last added.
func (s *sorter) sortRows() {
	s.sortRuns()
	kept := s.rows[:0]
	for i, r := range s.rows {
		if i+1 < len(s.rows) && schema.CompareKey(r, s.rows[i+1]) == 0 {
			continue
		}
		kept = append(kept, r)
	}
	clear(s.rows[len(kept):])
	s.rows = kept
}

// sortRuns orders the rows. Children come a family at a time, in order: whole runs are put in order by their first rows, and
// only if two of them meet is everything sorted row by row: of two rows with one key the order in which they came decides.
func (s *sorter) sortRuns() {
	var runs [][]schema.Row
	for begin, i := 0, 1; i <= len(s.rows); i++ {
		if i == len(s.rows) || schema.Compare(s.rows[i-1], s.rows[i]) > 0 {
			runs = append(runs, s.rows[begin:i])
			begin = i
		}
	}
	if len(runs) < 2 {
		return
	}
	slices.SortStableFunc(runs, func(a, b []schema.Row) int { return schema.Compare(a[0], b[0]) })
	for i := range len(runs) - 1 {
		if schema.Compare(runs[i][len(runs[i])-1], runs[i+1][0]) >= 0 {
			slices.SortStableFunc(s.rows, schema.Compare)
			return
		}
	}
	s.rows = slices.Concat(runs...)
}

func (s *sorter) putAside() error {
	s.sortRows()
	f, err := os.CreateTemp("", "trunkline-rows-")
	if err != nil {
		return fmt.Errorf("put rows of %s aside: %w", s.table.Name, err)
	}
	_ = os.Remove(f.Name()) // gone with the process, however it ends
	s.chunks = append(s.chunks, f)
	w := schema.NewScratchWriter(f)
	for _, r := range s.rows {
		if err := w.Write(r); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("put rows of %s aside: %w", s.table.Name, err)
	}
	clear(s.rows)
	s.rows = s.rows[:0]
	return nil
}

// each gives the rows in order, in batches that are valid until the function returns.
func (s *sorter) each(give func([]schema.Row) error) error {
	if len(s.chunks) == 0 {
		s.sortRows()
		if len(s.rows) == 0 {
			return nil
		}
		return give(s.rows)
	}
	if len(s.rows) > 0 {
		if err := s.putAside(); err != nil {
			return err
		}
	}
	s.rows = nil
	return s.merge(give)
}

func (s *sorter) merge(give func([]schema.Row) error) error {
	var m chunkHeap
	for i, f := range s.chunks {
		c := &chunkReader{order: i, file: s.table.NewScratchReader(io.NewSectionReader(f, 0, math.MaxInt64))}
		if ok, err := c.next(); err != nil {
			return err
		} else if ok {
			m = append(m, c)
		}
	}
	heap.Init(&m)
	const batchSize = 1024
	batch := make([]schema.Row, 0, batchSize)
	for m.Len() > 0 {
		row := m[0].row
		if n := len(batch); n > 0 && schema.CompareKey(batch[n-1], row) == 0 {
			batch[n-1] = row // a later chunk's row of the same key
		} else {
			if n == batchSize {
				if err := give(batch); err != nil {
					return err
				}
				batch = batch[:0]
			}
			batch = append(batch, row)
		}
		if err := m.advance(); err != nil {
			return err
		}
	}
	return give(batch)
}

func (s *sorter) close() {
	for _, f := range s.chunks {
		_ = f.Close()
	}
}

// chunkReader reads one scratch file row by row.
type chunkReader struct {
	order int // of the chunk: of two equal keys the later chunk's row is the row
	file  *schema.ScratchReader
	row   schema.Row
}

// next moves to the next row; false is the end.
func (c *chunkReader) next() (bool, error) {
	row, err := c.file.Read()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	c.row = row
	return true, err
}

// chunkHeap merges scratch files: the smallest row first, of equal rows the earlier chunk's.
type chunkHeap []*chunkReader

func (h chunkHeap) Len() int { return len(h) }

func (h chunkHeap) Less(i, j int) bool {
	if n := schema.Compare(h[i].row, h[j].row); n != 0 {
		return n < 0
	}
	return h[i].order < h[j].order
}

func (h chunkHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is part of heap.Interface; rows are merged from a fixed set of chunks, so nothing is ever pushed.
func (h *chunkHeap) Push(any) { panic("pipeline: a merge takes no further chunk") }

// Pop removes the last chunk.
func (h *chunkHeap) Pop() any {
	old := *h
	c := old[len(old)-1]
	*h = old[:len(old)-1]
	return c
}

// advance moves the first chunk to its next row, or drops it.
func (h *chunkHeap) advance() error {
	ok, err := (*h)[0].next()
	if err != nil {
		return err
	}
	if ok {
		heap.Fix(h, 0)
	} else {
		heap.Pop(h)
	}
	return nil
}
