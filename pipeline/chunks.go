package pipeline

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// chunkWriter writes packed rows of a chunk: two lengths, then the row.
type chunkWriter struct {
	out    *bufio.Writer
	prefix []byte
	size   int64
}

func (w *chunkWriter) write(row []byte, order int) error {
	w.prefix = binary.AppendUvarint(binary.AppendUvarint(w.prefix[:0], uint64(len(row))), uint64(order))
	w.size += int64(len(w.prefix) + len(row))
	if _, err := w.out.Write(w.prefix); err != nil {
		return err
	}
	_, err := w.out.Write(row)
	return err
}

// chunkReader reads a chunk row by row.
type chunkReader struct {
	age   int // of two rows with one key that of the chunk with the greater one is the row
	in    *bufio.Reader
	row   []byte // valid until the next one is asked for
	order int    // how much of it says what it is ordered by
}

// next moves to the next row; false is the end.
func (c *chunkReader) next() (bool, error) {
	size, err := binary.ReadUvarint(c.in)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	order, err := binary.ReadUvarint(c.in)
	if err != nil {
		return false, err
	}
	c.row, c.order = slices.Grow(c.row[:0], int(size))[:size], int(order)
	_, err = io.ReadFull(c.in, c.row)
	return true, err
}

// chunkHeap merges chunks: the smallest row first, of equal ones the older chunk's.
type chunkHeap []*chunkReader

func (h *chunkHeap) init() { heap.Init(h) }

func (h chunkHeap) Len() int { return len(h) }

func (h chunkHeap) Less(i, j int) bool {
	if n := bytes.Compare(h[i].row[:h[i].order], h[j].row[:h[j].order]); n != 0 {
		return n < 0
	}
	return h[i].age < h[j].age
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
