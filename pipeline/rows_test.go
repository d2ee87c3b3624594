package pipeline

import (
	"bytes"
	"fmt"
	"testing"

	"trunkline/schema"
)

// Rows come back in order, of each key the last, whether they are sorted in memory or merged from chunks, or from chunks of chunks.
func TestRowsAreSortedThroughAnyNumberOfChunks(t *testing.T) {
	const keys, versions = 997, 6
	for name, room := range map[string]int{"in memory": 1 << 30, "some chunks": 64 << 10, "several levels of chunks": 1} {
		t.Run(name, func(t *testing.T) {
			s := &sorter{table: schema.Segments, room: room}
			defer s.close()
			for i := range keys * versions {
				id, version := (i*7919)%keys, fmt.Sprint(i/keys)
				row := &schema.Segment{ConversationID: fmt.Sprintf("%04d", id), ParticipantID: "p", SegmentSeq: int64(id) - 500, WrapupNote: &version}
				s.family = int64(i / 3)
				if err := s.add(row); err != nil {
					t.Fatal(err)
				}
			}
			var want, got [][]byte
			last := fmt.Sprint(versions - 1)
			for id := range keys {
				row, _ := schema.AppendPacked(nil, &schema.Segment{ConversationID: fmt.Sprintf("%04d", id), ParticipantID: "p", SegmentSeq: int64(id) - 500, WrapupNote: &last})
				want = append(want, row)
			}
			if err := s.each(func(row []byte) error { got = append(got, bytes.Clone(row)); return nil }); err != nil {
				t.Fatal(err)
			}
			if len(got) != len(want) {
				t.Fatalf("%d rows, want %d", len(got), len(want))
			}
			for i := range want {
				if !bytes.Equal(got[i], want[i]) {
					t.Fatalf("row %d is %q, want %q", i, got[i], want[i])
				}
			}
			if levels := len(s.levels); room == 1 && levels < 3 {
				t.Errorf("%d levels: what is to be tried was not", levels)
			}
		})
	}
}
