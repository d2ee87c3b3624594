package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"time"

	"trunkline/schema"
)

// resolveRejects gives a transform that is done again the rejects that it met before, as resolved: those that it meets again come
// after them and take their places. So a reject that was cured does not stay open in the warehouse for ever.
func (r *Run) resolveRejects(m *Manifest, out *tables) error {
	i := slices.IndexFunc(out.sorters, func(s *sorter) bool { return s.table == schema.EtlRejects })
	if i < 0 {
		return nil
	}
	before := File{Name: tableFile(out.dir, schema.EtlRejects), Kind: schema.EtlRejects.Name}
	for row, err := range (&sources{store: r.store}).fileRows(schema.EtlRejects, before) {
		switch reject, ok := row.(*schema.Reject); {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil: // the file is about to be replaced: one that is damaged must not keep that from being done
			m.Warnings = append(m.Warnings, Note{
				Code: "TL2023", What: "read what was rejected before, " + before.Name + ": " + err.Error(),
				Cure: "Rows of etl_rejects of " + r.id + " that are not in trunkline rejects list may be cured and still be open in the warehouse",
			})
			return nil
		case !ok:
			return fmt.Errorf("read %s: its rows are %T", before.Name, row)
		default:
			if reject.ResolvedAt == nil {
				reject.ResolvedAt = new(m.Started.Truncate(time.Microsecond))
			}
			if err := out.sorters[i].add(reject); err != nil {
				return err
			}
		}
	}
	return nil
}

// Rejects gives the rejects of a run's transforms, in the order of their tables: those that are open with their payloads, and
// those that were resolved, whose payloads are where PayloadRef says. A transform that is not done has none.
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
			for reject, err := range StepRejects(s, m) {
				if !yield(reject, err) || err != nil {
					return
				}
			}
		}
	}
}

// StepRejects is Rejects of one step.
func StepRejects(s Store, m Manifest) iter.Seq2[*schema.Reject, error] {
	return func(yield func(*schema.Reject, error) bool) {
		payloads, err := (&sources{store: s}).payloads(m)
		if err != nil {
			yield(nil, err)
			return
		}
		for reject, err := range StepRows[*schema.Reject](s, m) {
			if err == nil {
				reject.Payload = payloads[rejectKey(reject)]
			}
			if !yield(reject, err) {
				return
			}
		}
	}
}

// StepRows gives the rows of one table that a step of a run made: of that which R points to. An error ends it.
func StepRows[R schema.Row](s Store, m Manifest) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		src := &sources{store: s}
		var none R
		table := schema.Of(none)
		for _, f := range m.Files {
			if f.Kind != table.Name {
				continue
			}
			for row, err := range src.fileRows(table, f) {
				if err != nil {
					yield(none, src.damaged(f, err))
					return
				}
				typed, ok := row.(R)
				if !ok {
					yield(none, fmt.Errorf("read %s: its rows are %T", f.Name, row))
					return
				}
				if !yield(typed, nil) {
					return
				}
			}
		}
	}
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
