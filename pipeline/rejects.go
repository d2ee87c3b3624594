package pipeline

import (
	"errors"
	"io/fs"
	"iter"

	"trunkline/schema"
)

// Rejects gives the rejects of a run's transforms, each with its payload, in the order of their tables. A transform that is
// not done has none.
func Rejects(s Store, run string) iter.Seq2[*schema.Reject, error] {
	return func(yield func(*schema.Reject, error) bool) {
		names, err := s.List(run + "/" + StageTransform)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, name := range names {
			m, err := ReadManifest(s, run, StageTransform+"/"+name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !stepRejects(s, m, yield) {
				return
			}
		}
	}
}

// stepRejects gives the rejects of one step; false if nobody wants more.
func stepRejects(s Store, m Manifest, yield func(*schema.Reject, error) bool) bool {
	src := &sources{store: s}
	payloads, err := src.payloads(m)
	if err != nil {
		return yield(nil, err)
	}
	for _, f := range m.Files {
		if f.Kind != schema.EtlRejects.Name {
			continue
		}
		for row, err := range src.fileRows(schema.EtlRejects, f) {
			if err != nil {
				yield(nil, src.damaged(f, err))
				return false
			}
			reject, ok := row.(*schema.Reject)
			if !ok {
				continue
			}
			reject.Payload = payloads[rejectKey(reject)]
			if !yield(reject, nil) {
				return false
			}
		}
	}
	return true
}

// payloads gives the payloads of a step's rejects by their keys.
func (s *sources) payloads(m Manifest) (map[string][]byte, error) {
	found := map[string][]byte{}
	for _, f := range m.Files {
		if f.Kind != KindRejects {
			continue
		}
		chunk, err := newRecordChunk()
		if err != nil {
			return nil, err
		}
		defer chunk.unzip.Close()
		if err := s.readChunk(chunk, f); err != nil {
			return nil, err
		}
		for i := range chunk.len() {
			r, err := parseRecord(chunk.line(i))
			if err != nil {
				return nil, s.damaged(f, err)
			}
			found[r.Key] = append([]byte(nil), r.Body...)
		}
	}
	return found, nil
}

// rejectKey is the key under which a reject's payload is kept.
func rejectKey(r *schema.Reject) string { return r.Source + "." + r.Entity + "/" + r.NaturalKey }
