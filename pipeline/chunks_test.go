package pipeline

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

// file is a Writer in memory.
type file struct{ bytes.Buffer }

func (*file) Close() error { return nil }
func (*file) Abort() error { return nil }

// Lines are read whole, however long they are and wherever in a block they end; a chunk that is used again forgets what it held.
func TestAFileOfRecordsIsReadLineByLine(t *testing.T) {
	chunk, err := newRecordChunk()
	if err != nil {
		t.Fatal(err)
	}
	defer chunk.unzip.Close()
	const block = 1 << 20
	envelope := len(`{"key":"0","at":"2026-11-01T00:00:00Z","body":""}` + "\n")
	for name, sizes := range map[string][]int{
		"one longer than several blocks": {10, 5 * block, 10},
		"ends with a block":              {block - envelope, 1},
		"one byte beyond a block":        {block - envelope + 1, 1},
		"many":                           {300_000, 400_000, 500_000, 600_000, 700_000, 800_000, 0, 1, 2},
		"none":                           {},
	} {
		t.Run(name, func(t *testing.T) {
			var f file
			w, err := newRecordWriter(&f)
			if err != nil {
				t.Fatal(err)
			}
			for i, size := range sizes {
				body := fmt.Sprintf("%q", bytes.Repeat([]byte{byte('a' + i)}, size))
				if err := w.write(Record{Key: fmt.Sprint(i), At: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Body: []byte(body)}); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := w.close("f", "k"); err != nil {
				t.Fatal(err)
			}
			whole := bytes.Clone(f.Bytes())
			if err := chunk.read(&f); err != nil {
				t.Fatal(err)
			}
			if chunk.len() != len(sizes) {
				t.Fatalf("%d lines, want %d", chunk.len(), len(sizes))
			}
			for i, size := range sizes {
				r, err := parseRecord(chunk.line(i))
				if err != nil || r.Key != fmt.Sprint(i) || len(r.Body) != size+2 || size > 0 && r.Body[size] != byte('a'+i) {
					t.Errorf("line %d: key %q, %d bytes, %v", i, r.Key, len(r.Body), err)
				}
			}
			if len(whole) > 20 && chunk.read(bytes.NewReader(whole[:len(whole)-5])) == nil {
				t.Error("a file that was cut off was read")
			}
		})
	}
}
