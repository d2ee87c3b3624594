// Package trusst extracts from the database of Trusst (PostgreSQL): its questions, and each contact with its answers to the universal
// ones. No time in the database tells of every change, so contacts are read by more than one: see reader.
//
// Memory: a page of contacts, and for each contact made in the last Reconcile (or still pending) about 150 bytes.
package trusst

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"trunkline/internal/pgconfig"
	"trunkline/internal/secret"
	"trunkline/pipeline"
)

// Config says which database to read, and how. The zero value of a field is its default.
type Config struct {
	// Where it is and who reads it. What Secret holds comes first.
	Host     string // the endpoint's own name: an alias or address breaks the check of its certificate
	Port     int    // 5432
	Database string
	User     string
	Password secret.Secret
	Secret   *AWSSecret // in place of the above; nil is none

	Plain      bool   // no TLS; only on the same machine
	CAFile     string // the certificates that may sign the server's, PEM; the machine's own if empty
	ServerName string // the name in the server's certificate, if it is not Host

	// Overlap is how much before the newest change seen the next read begins: at least the longest writing transaction. 10 min.
	Overlap time.Duration
	// Reconcile is how far back contacts are compared with what was read of them before; 35 days, negative is not at all.
	Reconcile time.Duration
	// PendingFor is how long a contact is looked at again that is not completed; 30 days.
	PendingFor       time.Duration
	StatementTimeout time.Duration  // 60 s
	Location         *time.Location // of the database's times, which have no zone; UTC
	PageSize         int            // keys and fingerprints a query, 1000
	BatchSize        int            // contacts a query, 200
	Log              *slog.Logger   // told of what a person should know; nil is nobody
}

// withDefaults never changes a negative Reconcile.
func (c Config) withDefaults() Config {
	const day = 24 * time.Hour
	c.Port = cmp.Or(c.Port, 5432)
	c.Overlap = cmp.Or(c.Overlap, 10*time.Minute)
	c.Reconcile = cmp.Or(c.Reconcile, 35*day)
	c.PendingFor = cmp.Or(c.PendingFor, 30*day)
	c.StatementTimeout = cmp.Or(c.StatementTimeout, time.Minute)
	c.PageSize = cmp.Or(c.PageSize, 1000)
	c.BatchSize = cmp.Or(c.BatchSize, 200)
	if c.Location == nil {
		c.Location = time.UTC
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// The streams.
const (
	questions = "questions"
	contacts  = "contacts"
)

// Counters of a manifest beside the pipeline's own.
const (
	CountUnchanged  = "unchanged"  // contacts read again that were as before, and not given out
	CountReconciled = "reconciled" // contacts that only their fingerprint told of
	CountExpired    = "expired"    // contacts given up on: not completed for PendingFor
)

// Extractor reads one Trusst database.
type Extractor struct {
	config Config
	logins logins
	tls    pgconfig.TLS
	tries  uint          // of a page
	slots  chan struct{} // a connection each

	mu     sync.Mutex
	usage  pipeline.Usage
	warned bool // of columns that are not known
}

// maxConnections is how many connections there are at once, at most.
const maxConnections = 2

// New makes an extractor. It does not connect.
func New(c Config) (*Extractor, error) {
	c = c.withDefaults()
	x := &Extractor{config: c, tries: 9, slots: make(chan struct{}, maxConnections)}
	var err error
	if x.logins, err = newLogins(c); err != nil {
		return nil, err
	}
	x.tls = pgconfig.TLS{Off: c.Plain, ServerName: c.ServerName}
	if x.tls.Roots, err = pgconfig.Roots(c.CAFile); err != nil {
		return nil, misuse(err.Error())
	}
	return x, nil
}

// Streams gives the questions, which are few, and the contacts, which are followed by their changes.
func (x *Extractor) Streams() []pipeline.Stream {
	return []pipeline.Stream{{Name: questions, Whole: true}, {Name: contacts, Mirror: true, Settles: x.config.Overlap}}
}

// Extract gives everything that changed since the beginning of the window.
func (x *Extractor) Extract(ctx context.Context, stream string, w pipeline.Window, emit func([]pipeline.Record) error) error {
	n := newNote()
	if !w.From.IsZero() {
		n.Watermark = x.wall(w.From)
	}
	_, err := x.read(ctx, stream, n, emit)
	return err
}

// Remember gives what changed since the note was written, whatever the window says.
func (x *Extractor) Remember(
	ctx context.Context, stream string, _ pipeline.Window, note []byte, emit func([]pipeline.Record) error,
) ([]byte, error) {
	n, err := parseNote(note)
	if err != nil {
		return nil, err
	}
	next, err := x.read(ctx, stream, n, emit)
	if err != nil || next == nil {
		return nil, err
	}
	return next.encode()
}

// read gives the note that is left, nil for a stream that has none.
func (x *Extractor) read(ctx context.Context, stream string, n *note, emit func([]pipeline.Record) error) (*note, error) {
	if stream != questions && stream != contacts {
		return nil, fmt.Errorf("trusst: there is no stream %s", stream)
	}
	s, err := x.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if err := x.checkColumns(ctx, s); err != nil {
		return nil, err
	}
	if stream == questions {
		return nil, x.emitQuestions(ctx, s, emit)
	}
	r := &reader{x: x, s: s, note: n, emit: emit}
	if err := r.run(ctx); err != nil {
		return nil, err
	}
	return r.note, nil
}

// Usage gives the counts since the extractor was made. Bytes are not counted.
func (x *Extractor) Usage() pipeline.Usage {
	x.mu.Lock()
	defer x.mu.Unlock()
	u := x.usage
	u.Counts = maps.Clone(u.Counts)
	return u
}

// count adds to the usage.
func (x *Extractor) count(add func(*pipeline.Usage)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.usage.Counts == nil {
		x.usage.Counts = map[string]int64{}
	}
	add(&x.usage)
}
