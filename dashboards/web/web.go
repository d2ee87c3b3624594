// Package web is the page over a published file: what the figures are, how far they can be trusted, and how they came about.
//
// Every page is HTML with real tables and drawings, made here out of the published file; it needs no script, and a script only adds
// to it. A figure is asked of the file with the declared measures of the views (sql.Measure), so that a new KPI needs no change
// here. The same pages are written as a folder of files by Site.Write.
//
// A role has a file of its own, in which what it must not see never was; a page shows what is in its file. A request is answered
// out of one file, opened once, so that the numbers of a page agree with each other; a file that was published since is opened by
// the next request.
package web

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// File is what is published for one role.
type File interface {
	// Stat tells one publication from the next.
	Stat() (fs.FileInfo, error)
	// Open opens what is published now, for many readers: a database whose schema published.main cannot be written, and an empty
	// one, memory.main, that can.
	Open(ctx context.Context) (*sql.DB, error)
	// Select answers a query of a person, which must be a single select.
	Select(ctx context.Context, query string, to warehouse.Answer) error
	// Export writes the answer to such a query to a Parquet file.
	Export(ctx context.Context, query, path string) error
}

// Config says what is shown, to whom, and how.
type Config struct {
	// Files are the published files by the name of a role; that of all columns has the name "".
	Files map[string]File
	// Role is whose file is shown where Tokens is empty.
	Role string
	// Tokens are the roles of those who may read, by what they show. Empty: everybody who can reach the page may.
	Tokens map[string]string
	// BehindTLS says that readers come encrypted to a proxy, which asks here in clear text.
	BehindTLS bool
	// Location is the organisation's time zone.
	Location *time.Location
	// Version is that of trunkline.
	Version string
	// Now is the clock; it tells how old the data is.
	Now func() time.Time
	// Log takes what goes wrong while answering.
	Log *slog.Logger
	// Metrics answers a scrape of /metrics by who sees all columns; nil: there are none.
	Metrics http.Handler
	// Journal tells who sees all columns how runs ended, and their logs; nil: nobody does.
	Journal Journal
}

// Site is the page. It is safe for concurrent use.
type Site struct {
	config  Config
	sources map[string]*source
	views   []statements.View
	dialect statements.Dialect
	pages   map[string]*template.Template
	assets  *assets
	waiting time.Duration // how long a query waits for its turn
	sending time.Duration // how long who downloads may leave a piece unread
}

// New makes a site. It opens no file yet.
func New(c Config) (*Site, error) {
	views, err := statements.Views()
	if err != nil {
		return nil, fmt.Errorf("make the page: %w", err)
	}
	s := &Site{
		config: c, sources: map[string]*source{}, views: views, dialect: statements.DuckDB(),
		waiting: 15 * time.Second, sending: 30 * time.Second,
	}
	for role, file := range c.Files {
		s.sources[role] = newSource(s, file)
	}
	if s.assets, err = readAssets(); err != nil {
		return nil, fmt.Errorf("make the page: %w", err)
	}
	if s.pages, err = readTemplates(); err != nil {
		return nil, fmt.Errorf("make the page: %w", err)
	}
	return s, nil
}

// Follow opens what is published while the page is shown, so that no reader waits for that, until the context ends.
func (s *Site) Follow(ctx context.Context) {
	const every = 5 * time.Second
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		for _, role := range s.roles() {
			err := s.sources[role].follow(ctx)
			if _, known := errors.AsType[*pipeline.Error](err); err != nil && !known && ctx.Err() == nil { // nothing published yet is no news
				s.config.Log.WarnContext(ctx, "open what is published", "role", role, "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Close closes the files. Who still reads one keeps it until he is done.
func (s *Site) Close() error {
	var err error
	for _, src := range s.sources {
		err = errors.Join(err, src.close())
	}
	return err
}

// page is one of the pages: its name in the address, its title, and what fills it.
type page struct {
	name, title string
	fill        func(ctx context.Context, v *visit) (any, error)
}

// list gives the pages in the order of the menu.
func (s *Site) list() []page {
	return []page{
		{"overview", "Overview", s.overview},
		{"explore", "Explore", s.explore},
		{"quality", "Quality", s.quality},
		{"runs", "Runs", s.runs},
		{"data", "Data", s.data},
	}
}

// Handler answers requests: the pages, their assets, the downloads and the metrics.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, p := range s.list() {
		pattern := "GET /" + p.name
		if p.name == "overview" {
			pattern = "GET /{$}"
		}
		mux.Handle(pattern, s.admit(s.answer(p)))
	}
	mux.Handle("GET /download", s.admit(http.HandlerFunc(s.download)))
	if s.config.Metrics != nil {
		mux.Handle("GET /metrics", s.admit(wholeOnly(s.config.Metrics)))
	}
	mux.Handle("GET /assets/", http.HandlerFunc(s.assets.serve)) // no data in them
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	return s.protect(mux)
}
