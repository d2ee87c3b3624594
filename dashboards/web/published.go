package web

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"trunkline/schema"
	statements "trunkline/sql"
)

// source is a role's file and what of it is open.
type source struct {
	file File
	site *Site

	asking, loading turns // for queries on the page, and for downloads: neither waits for the other, nor for another role

	opening sync.Mutex // held by the one who opens a new file
	mu      sync.Mutex // guards what follows
	current *snapshot
}

// snapshot is a published file that is open: it never changes, a publication puts another in its place.
type snapshot struct {
	db      *sql.DB
	info    fs.FileInfo
	source  *source
	columns map[string][]string // of every table and view that is there
	cubes   map[string]*cube    // views that pages ask, by name
	span    span                // the business days of the file
	counts  map[string]*float64 // rows of each table
	asked   time.Time           // when the contact centre was last asked; zero if that is not known
	pages   kept                // that were asked before

	readers int  // guarded by source.mu
	retired bool // likewise: the last reader closes it
}

// cube is a view whose rows are held in memory while the file is open: asking the view itself would count anew each time.
type cube struct {
	view     *statements.View
	columns  []string
	measures []statements.Measure // whose columns are all there
	days     map[string][]record  // of a daily one, by medium: the sums of each day, by the columns of the measures; "" is all media
}

// has tells whether the cube has a column.
func (c *cube) has(column string) bool { return c != nil && slices.Contains(c.columns, column) }

// measure gives a measure by its column; nil if there is none.
func (c *cube) measure(name string) *statements.Measure {
	if c == nil {
		return nil
	}
	if i := slices.IndexFunc(c.measures, func(m statements.Measure) bool { return m.Name == name }); i >= 0 {
		return &c.measures[i]
	}
	return nil
}

// daily tells whether the cube has a row for each business day, whatever else it tells apart.
func (c *cube) daily() bool {
	return c.has("business_date") && len(c.measures) > 0 && !c.has("hour") && !c.has("hour_start")
}

// dimensions gives the columns by which the rows may be told apart, without the day, and without ids that a name stands beside.
func (c *cube) dimensions() []string {
	var all []string
	for _, d := range c.view.Dimensions {
		named := strings.HasSuffix(d, "_id") && c.has(strings.TrimSuffix(d, "_id")+"_name") || d == "user_id" && c.has("agent_name")
		if c.has(d) && !slices.Contains(dayColumns, d) && !named {
			all = append(all, d)
		}
	}
	return all
}

// dayColumns are the columns that say when.
var dayColumns = []string{"business_date", "week_start", "hour_start", "hour"}

// take gives the file that is published now, opening it if it is not open yet. While somebody else opens a new one, the old one is
// good enough. Whoever takes a snapshot gives it back.
func (s *source) take(ctx context.Context) (*snapshot, error) {
	info, err := s.file.Stat()
	if err != nil {
		return nil, err
	}
	if now := s.held(func(have *snapshot) bool { return have.is(info) }); now != nil {
		return now, nil
	}
	if !s.opening.TryLock() {
		if old := s.held(func(*snapshot) bool { return true }); old != nil {
			return old, nil
		}
		s.opening.Lock()
	}
	defer s.opening.Unlock()
	if now := s.held(func(have *snapshot) bool { return have.is(info) }); now != nil {
		return now, nil // somebody was quicker
	}
	next, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	next.readers = 1
	s.mu.Lock()
	old := s.current
	s.current = next
	s.mu.Unlock()
	return next, old.retire()
}

// follow opens the file that is published now, if it is not open yet.
func (s *source) follow(ctx context.Context) error {
	snap, err := s.take(ctx)
	if err != nil {
		return err
	}
	return snap.give()
}

// held takes the snapshot that is open, if there is one and it will do.
func (s *source) held(will func(*snapshot) bool) *snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil || !will(s.current) {
		return nil
	}
	s.current.readers++
	return s.current
}

// close lets go of what is open.
func (s *source) close() error {
	s.mu.Lock()
	old := s.current
	s.current = nil
	s.mu.Unlock()
	return old.retire()
}

// is tells whether this is the file that info is about.
func (s *snapshot) is(info fs.FileInfo) bool {
	return os.SameFile(s.info, info) && s.info.ModTime().Equal(info.ModTime()) && s.info.Size() == info.Size()
}

// give gives a snapshot back.
func (s *snapshot) give() error {
	s.source.mu.Lock()
	s.readers--
	done := s.retired && s.readers == 0
	s.source.mu.Unlock()
	if done {
		return s.db.Close()
	}
	return nil
}

// retire closes a snapshot as soon as nobody reads it.
func (s *snapshot) retire() error {
	if s == nil {
		return nil
	}
	s.source.mu.Lock()
	s.retired = true
	done := s.readers == 0
	s.source.mu.Unlock()
	if done {
		return s.db.Close()
	}
	return nil
}

// open opens the published file and counts its views once. A publication in between is noticed by the file's info and gone after.
func (s *source) open(ctx context.Context) (*snapshot, error) {
	ctx = context.WithoutCancel(ctx) // others wait for it too
	for {
		info, err := s.file.Stat()
		if err != nil {
			return nil, err
		}
		db, err := s.file.Open(ctx)
		if err != nil {
			return nil, err
		}
		snap := &snapshot{db: db, info: info, source: s, columns: map[string][]string{}, cubes: map[string]*cube{}}
		now, err := s.file.Stat()
		if err == nil && !snap.is(now) {
			if err := db.Close(); err != nil {
				return nil, err
			}
			continue
		}
		if err == nil {
			err = snap.read(ctx)
		}
		if err != nil {
			_ = db.Close()
			return nil, fmt.Errorf("read the published file: %w", err)
		}
		return snap, nil
	}
}

// read learns what there is, and counts the views.
func (s *snapshot) read(ctx context.Context) error {
	const what = `select table_name, column_name
from duckdb_columns()
where database_name = 'published' and schema_name = 'main'
order by table_name, column_index`
	rows, err := s.rows(ctx, what)
	if err != nil {
		return err
	}
	for _, r := range rows {
		name := r.text("table_name")
		s.columns[name] = append(s.columns[name], r.text("column_name"))
	}
	for i := range s.source.site.views {
		if err := s.count(ctx, &s.source.site.views[i]); err != nil {
			return err
		}
	}
	if err := s.readCounts(ctx); err != nil {
		return err
	}
	if s.cubes["data_freshness"].has("last_observed_at") {
		const query = "select max(last_observed_at) as read from memory.main.data_freshness where source like '%/unified_interactions'"
		rows, err := s.rows(ctx, query)
		if err != nil {
			return err
		}
		s.asked = rows[0].at("read")
	}
	if err := s.readSpan(ctx); err != nil {
		return err
	}
	// From here on many small queries run side by side: each is done sooner by one thread than shared out to several.
	if _, err := s.db.ExecContext(ctx, "set threads = 1"); err != nil {
		return fmt.Errorf("set up the engine: %w", err)
	}
	return nil
}

// readCounts counts the rows of the tables; views are not counted.
func (s *snapshot) readCounts(ctx context.Context) error {
	s.counts = map[string]*float64{}
	var parts []string
	for _, t := range schema.All() {
		if s.columns[t.Name] != nil {
			parts = append(parts, "select '"+t.Name+"' as name, count(*) as n from published.main."+s.source.site.dialect.Quote(t.Name))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	rows, err := s.rows(ctx, strings.Join(parts, "\nunion all "))
	for _, r := range rows {
		s.counts[r.text("name")] = r.number("n")
	}
	return err
}

// count holds the rows of a view in memory, if it is there and is not a row for each of something that has an id.
func (s *snapshot) count(ctx context.Context, v *statements.View) error {
	columns := s.columns[v.Name]
	if len(columns) == 0 || each(v) {
		return nil
	}
	name := s.source.site.dialect.Quote(v.Name)
	if _, err := s.db.ExecContext(ctx, "create table memory.main."+name+" as select * from published.main."+name); err != nil {
		return fmt.Errorf("count the view %s: %w", v.Name, err)
	}
	c := &cube{view: v, columns: columns}
	for _, m := range v.Measures() {
		if !slices.ContainsFunc(slices.Concat(m.Numerator, m.Denominator), func(t statements.Term) bool { return !c.has(t.Column) }) {
			c.measures = append(c.measures, m)
		}
	}
	s.cubes[v.Name] = c
	return s.readDays(ctx, c)
}

// each tells whether a view has a row for each contact or the like, and so as many as the table itself.
func each(v *statements.View) bool {
	return slices.ContainsFunc(v.Columns, func(c statements.ViewColumn) bool { return c.Unit == "id" && slices.Contains(v.Grain, c.Name) })
}

// span is the business days of which there is anything.
type span struct {
	first, last time.Time // last is complete: a day that still runs is after it
	any         bool
}

// days is how many days there are.
func (s span) days() int { return int(s.last.Sub(s.first).Hours()/24) + 1 }

// periods gives the numbers of days to choose from: none longer than what there is, all of which can be chosen if that is less than
// the longest.
func (s span) periods() []int {
	var all []int
	for _, d := range overviewDays {
		all = append(all, min(d, s.days()))
	}
	return slices.Compact(all)
}

// readSpan finds the first business day and the newest that is over.
func (s *snapshot) readSpan(ctx context.Context) error {
	var query string
	switch table := s.columns["unified_interactions"]; {
	case slices.Contains(table, "business_date") && slices.Contains(table, "finality"):
		query = `select min(cast(business_date as date)) as first,
    coalesce(max(cast(business_date as date)) filter (where finality <> 'live'), max(cast(business_date as date))) as last
from published.main.unified_interactions`
	case s.cubes["join_quality_daily"] != nil:
		query = "select min(cast(business_date as date)) as first, max(cast(business_date as date)) as last from memory.main.join_quality_daily"
	default:
		return nil
	}
	rows, err := s.rows(ctx, query)
	if err != nil {
		return err
	}
	if first, last := rows[0].at("first"), rows[0].at("last"); !first.IsZero() && !last.IsZero() {
		s.span = span{first, last, true}
	}
	return nil
}
