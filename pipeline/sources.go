package pipeline

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/zeebo/xxh3"

	"trunkline/schema"
)

// fileSet is the files of one kind that one run has.
type fileSet struct {
	observed time.Time
	files    []File
}

// kindFiles finds, for each kind that a transform reads, the files that hold it, the last observed first.
func (r *Run) kindFiles(step Step) (map[string][]fileSet, error) {
	t := r.flow.Transforms[stepSubject(step.Name)]
	found := map[string][]fileSet{}
	for _, in := range t.Reads() {
		if table := schema.Lookup(in.Kind); in.Back > 0 && table != nil && table.Parent != nil {
			return nil, fmt.Errorf("read %s of earlier runs: which of them still are children only %s tells", in.Kind, table.Parent.Name)
		}
		own, err := r.filesOf(r.id, in.Kind, step.Needs)
		if err != nil {
			return nil, err
		}
		if len(own.files) > 0 {
			found[in.Kind] = append(found[in.Kind], own)
		}
		var others []fileSet
		switch {
		case in.Last && len(own.files) == 0:
			others, err = r.lastKnown(in.Kind)
		case in.Back > 0:
			others, err = r.back(in)
		}
		if err != nil {
			return nil, err
		}
		found[in.Kind] = append(found[in.Kind], others...)
	}
	return found, nil
}

// back gives the files of the earlier runs that an input reaches, the last observed first: a night that was done again later
// knows better than the nights after it. A run that did not get into the warehouse does not count, so that nothing is taken
// for written that is not.
func (r *Run) back(in Input) ([]fileSet, error) {
	ids, err := r.earlier()
	if err != nil {
		return nil, err
	}
	var sets []fileSet
	for _, id := range ids {
		_, from, err := ParseRunID(id)
		if err != nil {
			return nil, err
		}
		if from.Before(r.window.From.Add(-in.Back)) {
			break
		}
		_, err = ReadManifest(r.store, id, LoadStep)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		set, err := r.filesMadeBy(id, in.Kind)
		if err != nil {
			return nil, err
		}
		if len(set.files) > 0 {
			sets = append(sets, set)
		}
	}
	slices.SortStableFunc(sets, func(a, b fileSet) int { return b.observed.Compare(a.observed) })
	return sets, nil
}

// lastKnown gives the files of the other run that observed a kind last, whatever its window: a state is as of when it was
// asked for, and a day that is filled in later must not forget what is known already.
func (r *Run) lastKnown(kind string) ([]fileSet, error) {
	ids, err := Runs(r.store, r.flow.Name)
	if err != nil {
		return nil, err
	}
	var last fileSet
	for _, id := range slices.Backward(ids) {
		if id == r.id {
			continue
		}
		set, err := r.filesMadeBy(id, kind)
		if err != nil {
			return nil, err
		}
		if len(set.files) > 0 && set.observed.After(last.observed) {
			last = set
		}
	}
	if len(last.files) == 0 {
		return nil, nil
	}
	return []fileSet{last}, nil
}

// filesMadeBy gives the files of one kind that another run made, also by steps that are no longer configured.
func (r *Run) filesMadeBy(run, kind string) (fileSet, error) {
	stage := StageTransform
	if schema.Lookup(kind) == nil {
		stage = StageExtract
	}
	names, err := r.store.List(run + "/" + stage)
	if err != nil {
		return fileSet{}, err
	}
	steps := make([]string, len(names))
	for i, name := range names {
		steps[i] = stage + "/" + name
	}
	return r.filesOf(run, kind, steps)
}

// filesOf gives the files of one kind that some steps of a run made, the last observed last: several streams may have versions
// of one item. Steps that are not done have none.
func (r *Run) filesOf(run, kind string, steps []string) (fileSet, error) {
	var set fileSet
	var makers []Manifest
	for _, step := range steps {
		m, err := ReadManifest(r.store, run, step)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return set, err
		}
		makers = append(makers, m)
	}
	slices.SortStableFunc(makers, func(a, b Manifest) int { return a.Observed.Compare(b.Observed) })
	for _, m := range makers {
		for _, f := range m.Files {
			if f.Kind == kind {
				set.files = append(set.files, f)
				set.observed = earliest(set.observed, m.Observed)
			}
		}
	}
	return set, nil
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// sources reads what a transform asks for.
type sources struct {
	store    Store
	found    map[string][]fileSet
	observed time.Time
	read     int64 // items and rows given so far
}

func (r *Run) sources(step Step) (*sources, error) {
	found, err := r.kindFiles(step)
	if err != nil {
		return nil, err
	}
	s := &sources{store: r.store, found: found}
	for _, need := range step.Needs {
		m, err := ReadManifest(r.store, r.id, need)
		if err != nil {
			return nil, err
		}
		s.observed = earliest(s.observed, m.Observed)
	}
	if s.observed.IsZero() {
		s.observed = r.opts.Now().UTC()
	}
	return s, nil
}

// newestFirst gives the files of a kind, the latest first: the first time that a key is met, its newest version is met.
func (s *sources) newestFirst(kind string) []File {
	var files []File
	for _, set := range s.found[kind] {
		of := slices.Clone(set.files)
		slices.Reverse(of)
		files = append(files, of...)
	}
	return files
}

// records gives the records of a stream, each key once. A file is read from its end.
func (s *sources) records(kind string) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		seen := map[[16]byte]struct{}{}
		chunk, err := newRecordChunk()
		if err != nil {
			yield(Item{}, err)
			return
		}
		defer chunk.unzip.Close()
		for _, f := range s.newestFirst(kind) {
			if err := s.readChunk(chunk, f); err != nil {
				yield(Item{}, err)
				return
			}
			for i := chunk.len() - 1; i >= 0; i-- {
				r, err := parseRecord(chunk.line(i))
				if err != nil {
					yield(Item{}, s.damaged(f, err))
					return
				}
				key := xxh3.HashString128(r.Key).Bytes()
				if _, again := seen[key]; again {
					continue
				}
				seen[key] = struct{}{}
				s.read++
				if !yield(Item{Record: r, Ref: fmt.Sprintf("%s#%d", f.Name, i+1)}, nil) {
					return
				}
			}
		}
	}
}

func (s *sources) readChunk(chunk *recordChunk, f File) error {
	r, err := s.store.Open(f.Name)
	if err != nil {
		return s.damaged(f, err)
	}
	defer func() { _ = r.Close() }()
	if err := chunk.read(io.NewSectionReader(r, 0, r.Size())); err != nil {
		return s.damaged(f, err)
	}
	if int64(chunk.len()) != f.Rows {
		return s.damaged(f, fmt.Errorf("it holds %d records, its manifest says %d", chunk.len(), f.Rows))
	}
	return nil
}

// damaged tells of a file that is not what its manifest says. That a store cannot be reached says nothing of the file.
func (s *sources) damaged(f File, err error) error {
	if _, ok := errors.AsType[*Error](err); ok {
		return fmt.Errorf("read %s: %w", f.Name, err)
	}
	return &Error{
		Code: "TL2021", Kind: Failure, What: "read " + f.Name, Err: err,
		Cure: "The file was changed or lost after its step was done; do that step with --again",
	}
}

// rows gives the rows of a table, each key once.
func (s *sources) rows(kind string) iter.Seq2[schema.Row, error] {
	return func(yield func(schema.Row, error) bool) {
		table := schema.Lookup(kind)
		if table == nil {
			yield(nil, fmt.Errorf("read %s: no such table", kind))
			return
		}
		files := s.newestFirst(kind)
		var seen map[[16]byte]struct{}
		if len(files) > 1 { // one file has each key once
			seen = map[[16]byte]struct{}{}
		}
		for _, f := range files {
			for row, err := range s.fileRows(table, f) {
				if err != nil {
					yield(nil, s.damaged(f, err))
					return
				}
				if seen != nil {
					key := keyHash(row, table)
					if _, again := seen[key]; again {
						continue
					}
					seen[key] = struct{}{}
				}
				s.read++
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

func (s *sources) fileRows(table *schema.Table, f File) iter.Seq2[schema.Row, error] {
	return func(yield func(schema.Row, error) bool) {
		file, err := s.store.Open(f.Name)
		if err != nil {
			yield(nil, err)
			return
		}
		defer func() { _ = file.Close() }()
		rows, err := table.NewReader(file, file.Size())
		if err != nil {
			yield(nil, err)
			return
		}
		defer func() { _ = rows.Close() }()
		batch := make([]schema.Row, 256)
		for {
			n, err := rows.Read(batch)
			for _, row := range batch[:n] {
				if !yield(row, nil) {
					return
				}
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// keyHash gives a hash of a row's primary key.
func keyHash(row schema.Row, table *schema.Table) [16]byte {
	h := xxh3.New128()
	var buf [8]byte
	for _, c := range table.Columns {
		if !c.Key {
			continue
		}
		var n uint64
		switch v := schema.Value(row, c).(type) {
		case string:
			_, _ = h.WriteString(v)
			n = uint64(len(v))
		case int64:
			n = uint64(v)
		case float64:
			n = math.Float64bits(v)
		case time.Time:
			n = uint64(v.UnixMicro())
		}
		binary.LittleEndian.PutUint64(buf[:], n)
		_, _ = h.Write(buf[:])
	}
	return h.Sum128().Bytes()
}
