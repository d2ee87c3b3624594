// Package genesys reads Genesys Cloud: conversations through the details jobs, which alone give participant attributes, and beyond
// the reach of those through the synchronous query; those that were evaluated or surveyed late; users, queues and wrap-up codes;
// aggregates to reconcile with.
package genesys

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"trunkline/internal/httpx"
	"trunkline/internal/secret"
	"trunkline/pipeline"
)

// Config says which organisation to read, and how hard. The zero value of a field is its default.
type Config struct {
	BaseURL      string        `yaml:"base_url"` // of the API: https://api.mypurecloud.com
	ClientID     string        `yaml:"client_id"`
	ClientSecret secret.Secret `yaml:"client_secret"`

	RequestsPerMinute int `yaml:"requests_per_minute"` // 280: a little under what a token is allowed
	Parallel          int `yaml:"parallel"`            // details jobs read at once, 8: enough to use up the budget when an answer takes a second and a half
	PageSize          int `yaml:"page_size"`           // of a details job, 1000
	SyncPageSize      int `yaml:"sync_page_size"`      // of the synchronous query, 100

	Again            []int         `yaml:"reread_days"`       // the ages, in days, at which a window is read again; nil is Rereads()
	AvailabilityWait time.Duration `yaml:"availability_wait"` // how long to wait for the data of a window to be complete: not at all
	Intraday         bool          `yaml:"intraday"`          // read past the end of complete data, one call for each conversation
	Aggregates       bool          `yaml:"aggregates"`        // also read what the source itself counts
	Granularity      string        `yaml:"granularity"`       // of the aggregates, PT1H
}

// Rereads gives the ages, in days, at which a window is read again unless told otherwise: what the vendor corrects within days is
// corrected within days here, what it corrects later within the month.
func Rereads() []int { return []int{1, 3, 7, 31} }

func (c Config) withDefaults() Config {
	c.RequestsPerMinute = cmp.Or(c.RequestsPerMinute, 280)
	c.Parallel = cmp.Or(c.Parallel, 8)
	c.PageSize = cmp.Or(c.PageSize, 1000)
	c.SyncPageSize = cmp.Or(c.SyncPageSize, 100)
	if c.Again == nil {
		c.Again = Rereads()
	}
	c.Granularity = cmp.Or(c.Granularity, "PT1H")
	return c
}

func (c Config) validate() error {
	u, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || u.Host == "":
		return misuse("base_url is not an address of an API")
	case c.ClientID == "" || c.ClientSecret.IsZero():
		return misuse("client_id or client_secret is missing")
	case c.Parallel < 1 || c.PageSize < 1 || c.SyncPageSize < 1 || c.AvailabilityWait < 0 || len(c.Again) > 0 && slices.Min(c.Again) < 1:
		return misuse("a number of the configuration is too small")
	}
	return nil
}

// Extractor reads one organisation. All of its streams share one token and one budget of calls.
type Extractor struct {
	config    Config
	api, auth *httpx.Client
	pace      pace
	pageTook  atomic.Int64 // ns that the newest full page of a job took, its turn not waited for; 0 before the first
}

// pace is how often the extractor looks whether something is ready.
type pace struct {
	job, availability time.Duration
}

var (
	_ pipeline.Resumer = (*Extractor)(nil)
	_ pipeline.Metered = (*Extractor)(nil)
)

// Open logs in to an organisation.
func Open(ctx context.Context, c Config) (*Extractor, error) {
	x, err := New(c)
	if err != nil {
		return nil, err
	}
	if err := x.api.Connect(ctx); err != nil {
		return nil, explain("log in to "+x.config.BaseURL, err)
	}
	return x, nil
}

// New makes an Extractor that logs in with its first call: for those who only ask what streams there are, too.
func New(c Config) (*Extractor, error) { return newExtractor(c, 0) }

// newExtractor is New with the time that a call may take with its retries; zero is the usual one.
func newExtractor(c Config, patience time.Duration) (*Extractor, error) {
	c = c.withDefaults()
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if err := c.validate(); err != nil {
		return nil, err
	}
	x := &Extractor{config: c, pace: pace{job: 500 * time.Millisecond, availability: time.Minute}}
	x.auth = httpx.New(httpx.Config{CorrelationHeader: correlationHeader, MaxElapsed: patience})
	x.api = httpx.New(httpx.Config{
		Login:             x.login,
		Budget:            httpx.NewBudget(c.RequestsPerMinute, c.RequestsPerMinute/150),
		Verdict:           verdict,
		Wait:              askedWait,
		CorrelationHeader: correlationHeader,
		MaxElapsed:        patience,
	})
	return x, nil
}

// Streams gives what can be read. A window of the present day reaches back to all of yesterday and is neither read again nor
// followed up: that is for the nights.
func (x *Extractor) Streams() []pipeline.Stream {
	streams := []pipeline.Stream{{Name: conversations, Again: x.config.Again}, {Name: scores, Of: conversations, Settles: scoreOverlap}}
	if x.config.Intraday {
		streams = []pipeline.Stream{{Name: conversations, Settles: 24 * time.Hour}}
	}
	for _, l := range lists {
		streams = append(streams, pipeline.Stream{Name: l.stream, Whole: true})
	}
	if x.config.Aggregates {
		streams = append(streams, pipeline.Stream{Name: "aggregates"})
	}
	return streams
}

// The streams of conversations.
const (
	conversations = "conversations"
	scores        = "scores"
)

// Extract reads a stream from the beginning of the window.
func (x *Extractor) Extract(ctx context.Context, stream string, w pipeline.Window, emit func([]pipeline.Record) error) error {
	return x.Resume(ctx, stream, w, "", func(page []pipeline.Record, _ string) error { return emit(page) })
}

// Resume reads a stream from where a cursor points.
func (x *Extractor) Resume(ctx context.Context, stream string, w pipeline.Window, cursor string, emit func([]pipeline.Record, string) error) error {
	switch stream {
	case conversations:
		return x.conversations(ctx, w, cursor, emit)
	case scores:
		return x.scores(ctx, w, cursor, emit)
	case "aggregates":
		if x.config.Aggregates {
			return x.aggregates(ctx, w, cursor, emit)
		}
	}
	for _, l := range lists {
		if l.stream == stream {
			return x.list(ctx, l, cursor, emit)
		}
	}
	return misuse(fmt.Sprintf("there is no stream %q", stream))
}

// Usage gives what was asked of the organisation since it was opened.
func (x *Extractor) Usage() pipeline.Usage {
	a, b := x.api.Usage(), x.auth.Usage()
	return pipeline.Usage{
		Calls:     a.Calls + b.Calls,
		Retries:   a.Retries + b.Retries,
		Throttled: a.Throttled + b.Throttled,
		Bytes:     a.Bytes + b.Bytes,
	}
}
