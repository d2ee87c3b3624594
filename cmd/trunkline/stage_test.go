package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"trunkline/internal/pgtest"
	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// stage is a simulated centre, a configuration that points to it, and a clock that a test moves from night to night.
type stage struct {
	t      *testing.T
	dir    string
	centre *sim.Centre
	world  scenario.Config
	lag    time.Duration
	began  time.Time         // when the first night's clock stood
	gone   map[int]time.Time // by day: when its night began, by this machine's clock

	warehouse func(t *testing.T) *sql.DB // opens what people query; nil: a DuckDB file

	wait []string // flags of commands that do steps

	mu    sync.Mutex
	clock time.Time
}

// newStage opens a centre of so many conversations a day in a time zone with its own ideas about midnight.
func newStage(t *testing.T, perDay, days int) *stage {
	t.Helper()
	return newStageWith(t, perDay, days, func(*sim.Config) {})
}

// newStageWith is newStage with a centre that is changed before it opens.
func newStageWith(t *testing.T, perDay, days int, change func(*sim.Config)) *stage {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, dir: t.TempDir(), world: scenario.Default(), lag: 90 * time.Minute, gone: map[int]time.Time{}}
	s.world.Location, s.world.PerDay, s.world.Days = loc, perDay, days+1
	s.world.Start = time.Date(2026, 10, 20, 0, 0, 0, 0, loc) // over the end of summer time: one day has 25 hours
	s.clock = s.world.Start
	c := sim.Config{Scenario: s.world, Lag: s.lag, RatePerMinute: 1_000_000, TokenTTL: time.Hour, Now: s.now}
	change(&c)
	s.centre, err = sim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.centre.Handler())
	t.Cleanup(server.Close)
	config := fmt.Sprintf(`version: 1
organisation: {time_zone: Europe/Berlin}
store: {path: runs}
genesys: {base_url: %q, client_id: trunkline, client_secret: simulated, requests_per_minute: 1000000}
salesforce: {login_url: %q, client_id: trunkline, client_secret: simulated, follow: 60d}
warehouse: {duckdb: {path: warehouse.duckdb, published: published.duckdb, memory_limit: 2GB}}
`, server.URL, server.URL)
	if err := os.WriteFile(s.config(), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// moveToPostgres gives the stage a warehouse on a server.
func (s *stage) moveToPostgres(server *pgtest.Server) {
	s.t.Helper()
	c := newDatabase(s.t, server)
	s.warehouse = func(t *testing.T) *sql.DB { return openPublished(t, server, c) }
	s.moveTo(fmt.Sprintf("{postgres: {host: %q, port: %d, database: %s, user: postgres, tls: false, schema: %s, roles: true}}",
		server.Socket, server.Port, c.Database, c.Schema))
}

// moveToRedshift gives the stage a warehouse on a simulated Redshift. It is read behind the simulator: what people query there is in
// loaders/redshift.
func (s *stage) moveToRedshift(a *amazon) {
	s.t.Helper()
	c := a.config("nights")
	s.warehouse = func(t *testing.T) *sql.DB { return a.openPublished(t, c) }
	s.moveTo(fmt.Sprintf(`{redshift: {host: %q, port: %d, database: %s, user: %s, password: %s, tls: false, schema: %s, roles: true,
  s3: {bucket: %s, region: %s, role: %q, endpoint: %q}}}`, c.Host, c.Port, c.Database, c.User, a.Password, c.Schema, c.S3.Name, c.S3.Region, c.Role, c.S3.Endpoint))
}

// moveTo puts another warehouse into the configuration.
func (s *stage) moveTo(warehouse string) {
	s.t.Helper()
	text, err := os.ReadFile(s.config())
	if err != nil {
		s.t.Fatal(err)
	}
	config, _, _ := strings.Cut(string(text), "warehouse:")
	if err := os.WriteFile(s.config(), []byte(config+"warehouse: "+warehouse+"\n"), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// open opens what people query.
func (s *stage) open(t *testing.T) *sql.DB {
	t.Helper()
	if s.warehouse != nil {
		return s.warehouse(t)
	}
	return openDatabase(t, "duckdb", s.published()+"?access_mode=READ_ONLY")
}

func (s *stage) config() string { return filepath.Join(s.dir, "trunkline.yaml") }

func (s *stage) published() string { return filepath.Join(s.dir, "published.duckdb") }

func (s *stage) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

// goTo moves the centre's clock to half past two in the night after a day.
func (s *stage) goTo(day int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.nightOf(day)
	if s.gone[day].IsZero() {
		s.gone[day] = time.Now()
	}
	if s.began.IsZero() {
		s.began = s.clock
	}
}

// nightOf gives when the night after a day is done.
func (s *stage) nightOf(day int) time.Time {
	d := s.world.Start.AddDate(0, 0, day+1)
	return time.Date(d.Year(), d.Month(), d.Day(), 2, 30, 0, 0, s.world.Location)
}

// date gives a day as the command takes it.
func (s *stage) date(day int) string { return s.world.Start.AddDate(0, 0, day).Format(time.DateOnly) }

func (s *stage) window(day int) pipeline.Window {
	return pipeline.Window{From: s.world.Start.AddDate(0, 0, day).UTC(), To: s.world.Start.AddDate(0, 0, day+1).UTC()}
}

// truth gives what the warehouse must hold after the night of a day.
func (s *stage) truth(day int) *scenario.Ledger {
	now := s.now()
	return s.centre.World().Ledger(now.Add(-s.lag), now, s.window(day).To)
}

// flow gives the flow that the configuration makes.
func (s *stage) flow() *pipeline.Flow {
	s.t.Helper()
	c, err := loadConfig(s.config(), os.LookupEnv)
	if err != nil {
		s.t.Fatal(err)
	}
	f, err := c.flow(false)
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

// store opens the run store of the configuration.
func (s *stage) store() store.Locked {
	s.t.Helper()
	c, err := loadConfig(s.config(), os.LookupEnv)
	if err != nil {
		s.t.Fatal(err)
	}
	opened, err := c.openStore(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = opened.Close() })
	return opened
}

// night runs every step of a day's run in this process.
func (s *stage) night(f *pipeline.Flow, day int, again bool) {
	s.t.Helper()
	s.goTo(day)
	run, err := pipeline.NewRun(f, s.store(), s.window(day), pipeline.Options{Again: again, Now: s.now})
	if err != nil {
		s.t.Fatal(err)
	}
	began := time.Now()
	err = run.DoAll(context.Background(), func(pipeline.Step) bool { return true }, func(step pipeline.Step, r pipeline.Result) {
		if r.Manifest.Gate != nil && !r.Manifest.Gate.Open {
			s.t.Errorf("%s: the gate is closed: %s", step.Name, r.Manifest.Gate.Reason)
		}
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Logf("night of %s: %v", s.date(day), time.Since(began).Round(time.Millisecond))
}
