package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trunkline/internal/parquetcheck"
	"trunkline/schema"
)

// transform applies one transform to what the run, and the earlier runs that it reads, have.
func (r *Run) transform(ctx context.Context, step Step, m *Manifest) error {
	t := r.flow.Transforms[stepSubject(step.Name)]
	src, err := r.sources(step)
	if err != nil {
		return err
	}
	out := &tables{run: r.id, observed: src.observed, dir: r.id + "/" + step.Name, store: r.store, version: r.flow.Version}
	for _, table := range t.Writes() {
		out.sorters = append(out.sorters, newSorter(table))
	}
	defer out.close()
	if err := r.resolveRejects(m, out); err != nil {
		return err
	}
	in := &Inputs{
		Run: r.id, Window: r.window, Location: r.flow.Location, ObservedAt: src.observed,
		records: src.records, rows: src.rows,
	}
	err = t.Apply(ctx, in, func(rows ...schema.Row) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := out.add(rows); err != nil {
			return err
		}
		r.opts.Progress(Progress{Step: step.Name, Unit: "rows", Done: out.rows})
		return nil
	})
	if err != nil {
		return err
	}
	if m.Files, err = out.write(ctx); err != nil {
		return err
	}
	m.Observed = src.observed
	for _, f := range m.Files {
		if f.Kind != KindRejects && f.Kind != schema.EtlRejects.Name {
			m.Counters[CountOut] += f.Rows
		}
	}
	m.Counters[CountIn] = src.read
	m.Counters[CountRejected], m.Counters[CountCleaned] = 0, out.cleaned
	for kind, n := range out.rejected {
		m.Counters[CountRejectedOf+kind] = n
		m.Counters[CountRejected] += n
	}
	return nil
}

// tables collects the rows of a transform and writes them as files.
type tables struct {
	run      string
	observed time.Time
	dir      string
	store    Store
	version  string
	sorters  []*sorter
	rejects  *recordWriter
	rows     int64
	rejected map[string]int64 // by stream
	cleaned  int64
}

// add takes the rows of one call of emit: rows without children, or one row with all of its children.
func (t *tables) add(rows []schema.Row) error {
	var parent schema.Row
	var children []schema.Row
	for _, row := range rows {
		if err := t.prepare(row); err != nil {
			return err
		}
		if schema.Of(row).Parent != nil {
			children = append(children, row)
		}
	}
	for _, row := range rows {
		switch table := schema.Of(row); {
		case table.Parent != nil:
		case len(children) > 0 && table == schema.Of(children[0]).Parent:
			if parent != nil {
				return fmt.Errorf("two rows of %s are emitted in one call with children", table.Name)
			}
			parent = row
		default:
			if err := schema.SealFamily(row, nil, t.run, t.observed); err != nil {
				return err
			}
		}
	}
	if len(children) > 0 {
		if parent == nil {
			return fmt.Errorf("a row of %s is emitted without its parent", schema.Of(children[0]).Name)
		}
		if err := schema.SealFamily(parent, children, t.run, t.observed); err != nil {
			return err
		}
	}
	for _, row := range rows {
		s := t.sorters[t.sorter(row)]
		s.family = t.rows
		if err := s.add(row); err != nil {
			return err
		}
	}
	t.rows += int64(len(rows))
	return nil
}

func (t *tables) sorter(row schema.Row) int {
	table := schema.Of(row)
	return slices.IndexFunc(t.sorters, func(s *sorter) bool { return s.table == table })
}

// prepare makes a row fit for a file.
func (t *tables) prepare(row schema.Row) error {
	if t.sorter(row) < 0 {
		return fmt.Errorf("a row of %s, which the transform does not say it writes", schema.Of(row).Name)
	}
	switch row := row.(type) {
	case *schema.Reject:
		row.RunID, row.SeenAt, row.NaturalKey = t.run, t.observed, shortKey(row.NaturalKey)
		if err := t.reject(row); err != nil {
			return err
		}
	case *schema.Check:
		row.RunID = t.run
	}
	t.cleaned += int64(schema.Clean(row))
	return nil
}

// shortKey gives a key that fits its column: a long one keeps its beginning and is told from others by its hash.
func shortKey(key string) string {
	key = strings.ToValidUTF8(strings.ReplaceAll(key, "\x00", ""), "\uFFFD") // as Clean would have it: the payload goes by it
	if len(key) <= 200 {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return strings.ToValidUTF8(key[:160], "") + "~" + hex.EncodeToString(sum[:16])
}

// reject keeps the payload of a reject beside the step's tables.
func (t *tables) reject(row *schema.Reject) error {
	if t.rejected == nil {
		t.rejected = map[string]int64{}
	}
	t.rejected[row.Source+"."+row.Entity]++
	if t.rejects == nil {
		w, err := t.store.Create(t.dir + "/rejects.jsonl.zst")
		if err != nil {
			return err
		}
		if t.rejects, err = newRecordWriter(w); err != nil {
			return errors.Join(err, w.Abort())
		}
	}
	body := json.RawMessage(row.Payload)
	row.Payload = nil
	return t.rejects.write(Record{Key: row.Source + "." + row.Entity + "/" + row.NaturalKey, At: row.SeenAt, Body: body})
}

// write makes one file a table that has rows, each read again by an independent reader.
func (t *tables) write(ctx context.Context) ([]File, error) {
	var files []File
	for _, s := range t.sorters {
		f, err := writeTable(ctx, t.store, t.dir, t.version, s)
		if err != nil {
			return nil, err
		}
		if f.Rows > 0 {
			files = append(files, f)
		}
	}
	if t.rejects != nil {
		f, err := t.rejects.close(t.dir+"/rejects.jsonl.zst", KindRejects)
		if err != nil {
			return nil, err
		}
		t.rejects = nil
		files = append(files, f)
	}
	return files, nil
}

// KindRejects is the kind of the file that keeps the payloads of a step's rejects.
const KindRejects = "rejects"

func (t *tables) close() {
	for _, s := range t.sorters {
		s.close()
	}
	if t.rejects != nil {
		t.rejects.abort()
	}
}

// tableFile gives the name of the file of a step that holds the rows of a table.
func tableFile(dir string, t *schema.Table) string { return dir + "/" + t.Name + "-000.parquet" }

// writeTable writes the rows of a sorter as one Parquet file and has it verified.
func writeTable(ctx context.Context, store Store, dir, version string, s *sorter) (File, error) {
	f := File{Name: tableFile(dir, s.table), Kind: s.table.Name}
	w, err := store.Create(f.Name)
	if err != nil {
		return f, err
	}
	out := newHashingWriter(w)
	rows := s.table.NewWriter(out, schema.WriterOptions{Version: version})
	err = s.each(func(row []byte) error {
		if f.Rows++; f.Rows%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return rows.WritePacked(row)
	})
	if err != nil || f.Rows == 0 {
		return f, errors.Join(err, w.Abort())
	}
	if err := rows.Close(); err != nil {
		return f, errors.Join(fmt.Errorf("write %s: %w", f.Name, err), w.Abort())
	}
	if err := w.Close(); err != nil {
		return f, err
	}
	f.Bytes, f.SHA256 = out.n, out.hash()
	return f, verify(store, &f)
}

// verify reads a Parquet file again with a reader that shares no code with its writer, and records what it found.
func verify(store Store, f *File) error {
	r, err := store.Open(f.Name)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	stats, err := parquetcheck.Read(r, r.Size())
	if err == nil && stats.Rows != f.Rows {
		err = fmt.Errorf("it holds %d rows, %d were written", stats.Rows, f.Rows)
	}
	if err != nil {
		return &Error{
			Code: "TL2020", Kind: Failure, What: "read " + f.Name + " again with an independent reader", Err: err,
			Cure: "Do the step again; if it stays, the disk or the Parquet writer is at fault",
		}
	}
	for _, c := range stats.Columns {
		f.Columns = append(f.Columns, ColumnStats{Name: c.Name, Nulls: c.Nulls, Min: c.Min, Max: c.Max})
	}
	return nil
}

// stepSubject gives what a step is about: the stream's kind, the transform's name.
func stepSubject(step string) string {
	for i := range len(step) {
		if step[i] == '/' {
			return step[i+1:]
		}
	}
	return step
}
