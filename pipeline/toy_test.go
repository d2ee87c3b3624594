package pipeline_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
)

// clock is a fixed time that a test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func day(n int) pipeline.Window {
	from := time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC)
	return pipeline.Window{From: from, To: from.AddDate(0, 0, 1)}
}

// toySource has one stream of users, changed at known times; it pages by twos and can go on from a page.
type toySource struct {
	stream  pipeline.Stream
	users   []toyUser
	calls   int
	windows []pipeline.Window
	failAt  int // the call that breaks off; 0 never
	lacking pipeline.Warnings
}

type toyUser struct {
	ID, Name string
	At       time.Time
}

func (s *toySource) Streams() []pipeline.Stream { return []pipeline.Stream{s.stream} }

func (s *toySource) Extract(ctx context.Context, stream string, w pipeline.Window, emit func([]pipeline.Record) error) error {
	return s.Resume(ctx, stream, w, "", func(page []pipeline.Record, _ string) error { return emit(page) })
}

var errBroken = errors.New("connection broken")

func (s *toySource) Resume(_ context.Context, _ string, w pipeline.Window, cursor string, emit func([]pipeline.Record, string) error) error {
	s.windows = append(s.windows, w)
	start, _ := strconv.Atoi(cursor)
	for i := start; i < len(s.users); i += 2 {
		s.calls++
		if s.calls == s.failAt {
			return errBroken
		}
		var page []pipeline.Record
		for _, u := range s.users[i:min(i+2, len(s.users))] {
			if u.At.Before(w.From) || !w.To.IsZero() && !u.At.Before(w.To) {
				continue
			}
			body, _ := json.MarshalIndent(map[string]string{"id": u.ID, "name": u.Name}, "", " ")
			page = append(page, pipeline.Record{Key: u.ID, At: u.At, Body: body})
		}
		if err := emit(page, strconv.Itoa(i+2)); err != nil {
			return err
		}
	}
	if s.lacking != nil {
		return s.lacking
	}
	return nil
}

// twoStreams has one user in either of two streams, named after the stream.
type twoStreams struct{}

func (twoStreams) Streams() []pipeline.Stream {
	return []pipeline.Stream{{Name: "users"}, {Name: "changes", Of: "users"}}
}

func (twoStreams) Extract(_ context.Context, stream string, _ pipeline.Window, emit func([]pipeline.Record) error) error {
	return emit([]pipeline.Record{{Key: "u1", Body: []byte(`{"id":"u1","name":"` + stream + `"}`)}})
}

// toyTransform makes users of the toy's records and carries on those of earlier runs.
type toyTransform struct {
	applied int
	lenient bool // takes a user without a name
}

func (*toyTransform) Reads() []pipeline.Input {
	return []pipeline.Input{{Kind: "toy.users"}, {Kind: "users", Last: true}}
}

func (*toyTransform) Writes() []*schema.Table {
	return []*schema.Table{schema.Users, schema.EtlRejects}
}

func (t *toyTransform) Apply(_ context.Context, in *pipeline.Inputs, emit func(...schema.Row) error) error {
	t.applied++
	for old, err := range pipeline.Rows[*schema.User](in, "users") {
		if err != nil {
			return err
		}
		if err := emit(old); err != nil {
			return err
		}
	}
	for item, err := range in.Records("toy.users") {
		if err != nil {
			return err
		}
		var u struct{ ID, Name string }
		if err := json.Unmarshal(item.Body, &u); err != nil || u.Name == "" && !t.lenient {
			reject := &schema.Reject{Source: "toy", Entity: "users", NaturalKey: item.Key, ReasonCode: "no_name", PayloadRef: item.Ref, Payload: item.Body}
			if err := emit(reject); err != nil {
				return err
			}
			continue
		}
		if err := emit(&schema.User{UserID: u.ID, Name: &u.Name, IsListed: true}); err != nil {
			return err
		}
	}
	return nil
}

// toyWarehouse keeps batches in memory.
type toyWarehouse struct {
	rows    map[string]map[string]schema.Row // table → key → row
	commits map[string]string                // batch → content
	loads   int
	fail    error
}

func (w *toyWarehouse) Migrate(context.Context, []*schema.Table) error { return nil }

func (w *toyWarehouse) Close() error { return nil }

func (w *toyWarehouse) Load(_ context.Context, b pipeline.Batch) (map[string]pipeline.Loaded, error) {
	if w.fail != nil {
		return nil, w.fail
	}
	content := ""
	for _, f := range b.Files {
		content += f.SHA256
	}
	if w.commits[b.ID] == content {
		return nil, nil
	}
	w.loads++
	var n pipeline.Loaded
	for _, f := range b.Files {
		for _, row := range readParquet(b.Table, f.URI) {
			if w.rows[b.Table.Name] == nil {
				w.rows[b.Table.Name] = map[string]schema.Row{}
			}
			key := ""
			for _, name := range b.Table.Keys() {
				c, _ := b.Table.Column(name)
				key += fmt.Sprint(schema.Value(row, c), "|")
			}
			w.rows[b.Table.Name][key] = row
			n.Inserted++
		}
	}
	w.commits[b.ID] = content
	return map[string]pipeline.Loaded{b.Table.Name: n}, nil
}

func readParquet(t *schema.Table, path string) []schema.Row {
	f, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	defer func() { _ = f.Close() }()
	info, _ := f.Stat()
	r, err := t.NewReader(f, info.Size())
	if err != nil {
		panic(err)
	}
	var rows []schema.Row
	for {
		batch := make([]schema.Row, 7)
		n, err := r.Read(batch)
		rows = append(rows, batch[:n]...)
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			panic(err)
		}
	}
}

// toy is a whole flow over a store in a test's folder.
type toy struct {
	t         *testing.T
	source    *toySource
	transform *toyTransform
	warehouse *toyWarehouse
	flow      *pipeline.Flow
	store     *pipeline.LocalStore
	root      string
	clock     *clock
}

func newToy(t *testing.T, users ...toyUser) *toy {
	t.Helper()
	y := &toy{
		t:         t,
		source:    &toySource{stream: pipeline.Stream{Name: "users", Mirror: true, Settles: time.Hour}, users: users},
		transform: &toyTransform{},
		warehouse: &toyWarehouse{rows: map[string]map[string]schema.Row{}, commits: map[string]string{}},
		root:      t.TempDir(),
		clock:     &clock{time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)},
	}
	y.store = pipeline.NewLocalStore(y.root)
	y.flow = &pipeline.Flow{
		Name: "nightly", Version: "test", Sources: map[string]pipeline.Extractor{"toy": y.source},
		Transforms: map[string]pipeline.Transform{"toy": y.transform},
		Open:       func(context.Context) (pipeline.Loader, error) { return y.warehouse, nil },
	}
	return y
}

func (y *toy) run(w pipeline.Window, o pipeline.Options) *pipeline.Run {
	y.t.Helper()
	o.Now = y.clock.Now
	r, err := pipeline.NewRun(y.flow, y.store, w, o)
	if err != nil {
		y.t.Fatal(err)
	}
	return r
}

func (y *toy) finish(w pipeline.Window, o pipeline.Options) (already int, err error) {
	y.t.Helper()
	y.clock.now = y.clock.now.Add(time.Minute)
	err = y.run(w, o).DoAll(y.t.Context(), func(pipeline.Step) bool { return true }, func(_ pipeline.Step, r pipeline.Result) {
		if r.Already {
			already++
		}
	})
	return already, err
}

func (y *toy) mustFinish(w pipeline.Window, o pipeline.Options) (already int) {
	y.t.Helper()
	already, err := y.finish(w, o)
	if err != nil {
		y.t.Fatal(err)
	}
	return already
}

// names gives the names of the users in the warehouse by id.
func (y *toy) names() map[string]string {
	got := map[string]string{}
	for _, row := range y.warehouse.rows["users"] {
		u := row.(*schema.User)
		got[u.UserID] = *u.Name
	}
	return got
}

func (y *toy) path(name string) string { return filepath.Join(y.root, filepath.FromSlash(name)) }
