package loadertest_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
)

// store is a warehouse in memory that keeps its promises, but for the one named in fault.
type store struct {
	fault   string
	columns map[string][]schema.Column
	tables  map[string]map[string]*held
	commits map[string]map[string]any
	token   int
}

type held struct {
	row                     schema.Row
	first, written, content time.Time
	restated                time.Time // zero if it never was
	grown                   bool      // has no value for a column that was added later
}

type loader struct {
	*store
	token int
}

func newStore(fault string) *store {
	return &store{fault: fault, columns: map[string][]schema.Column{}, tables: map[string]map[string]*held{}, commits: map[string]map[string]any{}}
}

func (s *store) Open(context.Context) (pipeline.Loader, error) {
	s.token++
	return &loader{s, s.token}, nil
}

func (l *loader) Close() error { return nil }

func (l *loader) Migrate(_ context.Context, tables []*schema.Table) error {
	for _, t := range tables {
		for _, c := range t.Columns {
			i := slices.IndexFunc(l.columns[t.Name], func(was schema.Column) bool { return was.Name == c.Name })
			if i >= 0 && l.columns[t.Name][i].Type != c.Type && l.fault != "types" {
				return &pipeline.Error{Kind: pipeline.Misuse, What: t.Name + "." + c.Name, Cure: "alter table"}
			}
		}
		if len(t.Columns) > len(l.columns[t.Name]) && len(l.columns[t.Name]) > 0 && l.fault == "growth" {
			return errors.New("a table cannot grow")
		}
		for _, h := range l.tables[t.Name] {
			h.grown = h.grown || len(t.Columns) > len(l.columns[t.Name])
		}
		l.columns[t.Name] = t.Columns
		if l.tables[t.Name] == nil || l.fault == "migrate" {
			l.tables[t.Name] = map[string]*held{}
		}
	}
	return nil
}

func key(r schema.Row) string { return keyOf(r, schema.Of(r)) }

// keyOf gives the key of a row, or of its parent.
func keyOf(r schema.Row, t *schema.Table) string {
	var b strings.Builder
	for _, k := range t.Keys() {
		c, _ := schema.Of(r).Column(k)
		fmt.Fprint(&b, schema.Value(r, c), "\x00")
	}
	return b.String()
}

func value(r schema.Row, name string) any {
	c, ok := schema.Of(r).Column(name)
	if !ok {
		return nil
	}
	return schema.Value(r, c)
}

func (l *loader) Load(ctx context.Context, b pipeline.Batch) (map[string]pipeline.Loaded, error) {
	if err := ctx.Err(); err != nil && l.fault != "context" {
		return nil, err
	}
	if l.token != l.store.token && l.fault != "fence" {
		return nil, &pipeline.Error{Kind: pipeline.Locked}
	}
	var hash string
	for _, f := range b.Files {
		hash += f.SHA256
	}
	was, done := l.commits[b.ID]
	if done && (was["hash"] == hash || l.fault == "content") && l.fault != "ledger" {
		return was["loaded"].(map[string]pipeline.Loaded), nil
	}
	table := map[string]*held{}
	for k, h := range l.tables[b.Table.Name] {
		c := *h
		table[k] = &c
	}
	if l.fault == "half" {
		table = l.tables[b.Table.Name]
	}
	rows, err := l.newest(b.Table, b.Files, table)
	if err != nil {
		return nil, err
	}
	loaded := map[string]pipeline.Loaded{}
	var fates map[string]string
	loaded[b.Table.Name], fates = l.merge(table, rows)
	for _, child := range b.Table.Children() {
		if loaded[child.Name], err = l.replace(b, child, fates); err != nil {
			return nil, err
		}
	}
	l.tables[b.Table.Name] = table
	if l.fault != "commit" {
		l.commits[b.ID] = map[string]any{"hash": hash, "loaded": loaded}
	}
	return loaded, nil
}

// replace puts the children of the rows that were written in the place of those that were there.
func (l *loader) replace(b pipeline.Batch, child *schema.Table, fates map[string]string) (n pipeline.Loaded, err error) {
	table := map[string]*held{}
	for k, h := range l.tables[child.Name] {
		if f := fates[keyOf(h.row, b.Table)]; (f == "update" || f == "settle") && l.fault != "old children" {
			n.Deleted++
			continue
		}
		table[k] = h
	}
	for _, part := range b.Children {
		if part.Table != child {
			continue
		}
		rows, err := l.newest(child, part.Files, table)
		if err != nil {
			return n, err
		}
		now := time.Now().UTC()
		for k, r := range rows {
			if fates[keyOf(r, b.Table)] == "unchanged" && l.fault != "new children" {
				n.Unchanged++
				continue
			}
			table[k] = &held{row: r, first: now, written: now, content: now}
			n.Inserted++
		}
	}
	l.tables[child.Name] = table
	return n, nil
}

// newest reads a batch and keeps the newest row of each key.
func (l *loader) newest(t *schema.Table, files []pipeline.File, table map[string]*held) (map[string]schema.Row, error) {
	rows := map[string]schema.Row{}
	for _, f := range files {
		read, err := readAll(t, f)
		if err != nil {
			return nil, err
		}
		if int64(len(read)) != f.Rows && l.fault != "promise" {
			return nil, errors.New("another number of rows")
		}
		for _, r := range read {
			k := key(r)
			if l.fault == "duplicates" && rows[k] != nil {
				k += "again"
			}
			if rows[k] == nil || !observed(r).Before(observed(rows[k])) || l.fault == "order" {
				rows[k] = r
			}
		}
		if l.fault == "half" {
			l.merge(table, rows)
		}
	}
	return rows, nil
}

func observed(r schema.Row) time.Time {
	at, _ := value(r, "observed_at").(time.Time)
	return at
}

// merge puts rows into a table and says what became of each.
func (l *loader) merge(table map[string]*held, rows map[string]schema.Row) (n pipeline.Loaded, fates map[string]string) {
	now := time.Now().UTC()
	fates = map[string]string{}
	for k, r := range rows {
		h := table[k]
		fates[k] = l.fate(h, r)
		switch fates[k] {
		case "insert":
			table[k] = &held{row: r, first: now, written: now, content: now}
			n.Inserted++
		case "unchanged":
			n.Unchanged++
		case "settle":
			n.Updated++
			if l.fault == "settle" {
				h.content = now
			}
			h.row, h.written = r, now
		case "update":
			n.Updated++
			if l.fault == "update" {
				continue
			}
			if restates := l.record(h.row, r, now); restates && h.final() && h.restated.IsZero() && l.fault != "restate" {
				h.restated = now
			}
			if l.fault == "first seen" {
				h.first = now
			}
			h.row, h.written, h.content, h.grown = r, now, now, false
		}
	}
	return n, fates
}

func (h *held) final() bool { return value(h.row, "finality") == "final" }

func (l *loader) fate(h *held, r schema.Row) string {
	switch {
	case h == nil:
		return "insert"
	case observed(r).Before(observed(h.row)) && l.fault != "observed":
		return "unchanged"
	case value(r, "row_hash") == nil || value(r, "row_hash") != value(h.row, "row_hash") || l.fault == "hash":
		return "update"
	case value(r, "finality") != value(h.row, "finality") && l.fault != "state":
		return "settle"
	default:
		return "unchanged"
	}
}

// record writes down which cells changed, and tells whether one of them restates the row.
func (l *loader) record(was, is schema.Row, now time.Time) (restates bool) {
	t := schema.Of(is)
	if t.Changes == nil {
		return false
	}
	text := func(v any) *string {
		if v == nil {
			return nil
		}
		return new(fmt.Sprint(v))
	}
	for _, c := range t.Columns {
		before, after := text(schema.Value(was, c)), text(schema.Value(is, c))
		if c.Volatile || (before == nil && after == nil) || before != nil && after != nil && *before == *after {
			continue
		}
		restates = restates || !c.Today || l.fault == "today"
		if l.fault == "changes" {
			continue
		}
		change := &schema.InteractionChange{
			ConversationID: key(is)[:1], ColumnName: c.Name, ChangedAt: now, SourceRun: "test", OldValue: before, NewValue: after, Restates: !c.Today,
		}
		if l.tables[t.Changes.Name] == nil {
			l.tables[t.Changes.Name] = map[string]*held{}
		}
		l.columns[t.Changes.Name] = t.Changes.Columns
		l.tables[t.Changes.Name][key(change)] = &held{row: change}
	}
	return restates
}

func readAll(t *schema.Table, f pipeline.File) ([]schema.Row, error) {
	file, err := os.Open(f.URI)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() != f.Bytes {
		return nil, errors.New("a file of another size")
	}
	r, err := t.NewReader(file, info.Size())
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	var all []schema.Row
	page := make([]schema.Row, 10)
	for {
		n, err := r.Read(page)
		all = append(all, page[:n]...)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (s *store) Rows(_ context.Context, _ pipeline.Loader, table string) ([]map[string]any, error) {
	var all []map[string]any
	if table == schema.EtlCommits.Name {
		for _, id := range slices.Sorted(maps.Keys(s.commits)) {
			for _, n := range s.commits[id]["loaded"].(map[string]pipeline.Loaded) {
				all = append(all, map[string]any{"step_id": id, "inserted": n.Inserted, "updated": n.Updated, "unchanged": n.Unchanged})
				break // batches whose commit is looked at have no children
			}
		}
		return all, nil
	}
	for _, h := range slices.SortedFunc(maps.Values(s.tables[table]), func(a, b *held) int { return cmp.Compare(key(a.row), key(b.row)) }) {
		row := map[string]any{}
		for _, c := range s.columns[table] {
			row[c.Name] = s.shown(h, c)
		}
		if h.grown {
			row["last_changed_at"] = nil
		}
		all = append(all, row)
	}
	return all, nil
}

func (s *store) shown(h *held, c schema.Column) any {
	switch v := schema.Value(h.row, c); {
	case c.Set == schema.OnInsert:
		return h.first
	case c.Set == schema.OnChange:
		return h.written
	case c.Set == schema.OnContent:
		return h.content
	case c.Set == schema.OnRestate && h.restated.IsZero():
		return nil
	case c.Set == schema.OnRestate:
		return h.restated
	case c.State && v == "final" && !h.restated.IsZero():
		return "restated"
	case s.fault == "null" && v == false:
		return nil
	case s.fault == "millis" && c.Type == schema.Timestamp && v != nil:
		return v.(time.Time).Truncate(time.Millisecond)
	default:
		return v
	}
}

// broken tries all promises on a warehouse with a fault and gives the names of those that were not kept.
func broken(t *testing.T, fault string) []string {
	t.Helper()
	var names []string
	for _, p := range loadertest.Promises() {
		if err := loadertest.Try(t.Context(), p, newStore(fault), t.TempDir()); err != nil {
			names = append(names, p.Name)
			if fault == "" {
				t.Error(p.Name, err)
			}
		}
	}
	return names
}

func TestAllPromisesCanBeKept(t *testing.T) { broken(t, "") }

// Each fault must be met by the promise that is about it, and every promise must be able to fail.
func TestEveryPromiseCanBeBroken(t *testing.T) {
	faults := map[string]string{
		"null":         "rows come back as they were",
		"millis":       "rows come back as they were",
		"ledger":       "a batch is loaded once",
		"hash":         "equal rows change nothing",
		"content":      "a batch with another content is loaded again",
		"update":       "a row is replaced by its key",
		"duplicates":   "duplicates in a batch become one row",
		"order":        "duplicates in a batch become one row",
		"observed":     "a row never replaces one observed later",
		"first seen":   "first seen stays and last changed moves",
		"settle":       "how settled a row is, is no content of it",
		"state":        "how settled a row is, is no content of it",
		"restate":      "a row that was final and changes is restated",
		"today":        "what follows the CRM restates nothing",
		"changes":      "every changed cell is written down",
		"old children": "children are replaced with their row",
		"new children": "children stay with a row that stays",
		"half":         "all or none",
		"promise":      "files that do not hold what they promise are refused",
		"context":      "a cancelled load leaves nothing",
		"commit":       "an empty batch is a batch",
		"migrate":      "migrating again changes nothing",
		"growth":       "columns are added at the end",
		"types":        "a changed type is refused",
		"fence":        "there is one writer",
	}
	met := map[string]bool{}
	for fault, promise := range faults {
		names := broken(t, fault)
		if !slices.Contains(names, promise) {
			t.Errorf("fault %q: %q held; broken were %q", fault, promise, names)
		}
		for _, n := range names {
			met[n] = true
		}
	}
	for _, p := range loadertest.Promises() {
		if !met[p.Name] {
			t.Errorf("%q was never broken", p.Name)
		}
	}
}
