// Package salesforce extracts from Salesforce: accounts and their history, cases, opportunities and users, each mirrored by its
// changes. What was deleted is followed too, in the recycle bin and behind it.
package salesforce

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"trunkline/internal/httpx"
	"trunkline/internal/salesforce"
	"trunkline/internal/secret"
	"trunkline/pipeline"
)

// Config says which organisation to read, and how hard. The zero value of a field is its default.
type Config struct {
	URL          string // the My Domain address: https://acme.my.salesforce.com
	ClientID     string
	ClientSecret secret.Secret
	APIVersion   string // v67.0

	// Fields that every organisation names for itself; "none" where there is none.
	TierField          string   // of an account, Account_Tier__c
	LTVField           string   // of an account, Customer_LTV_USD__c
	CaseCategoryField  string   // of a case, Type
	ExtraAccountFields []string // kept with the raw records

	WithoutHistory bool // leaves out the organisation's own history of its accounts

	BulkThreshold     int     // rows above which a Bulk job is made, 50000
	CallShare         float64 // of the organisation's daily calls, spent by anybody, at which to stop; 0.8
	RequestsPerMinute int     // 600
	Burst             int     // calls at once, 10
}

// none is what is written where an organisation has no such field.
const none = "none"

func (c Config) withDefaults() Config {
	c.APIVersion = cmp.Or(c.APIVersion, salesforce.DefaultVersion)
	c.TierField = cmp.Or(c.TierField, "Account_Tier__c")
	c.LTVField = cmp.Or(c.LTVField, "Customer_LTV_USD__c")
	c.CaseCategoryField = cmp.Or(c.CaseCategoryField, "Type")
	c.BulkThreshold = cmp.Or(c.BulkThreshold, 50_000)
	c.RequestsPerMinute = cmp.Or(c.RequestsPerMinute, 600)
	c.Burst = cmp.Or(c.Burst, 10)
	return c
}

var fieldPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$`)

func (c Config) validate() error {
	for _, f := range slices.Concat([]string{c.TierField, c.LTVField, c.CaseCategoryField}, c.ExtraAccountFields) {
		if !fieldPattern.MatchString(f) {
			return misuse(fmt.Sprintf("%q is not the API name of a field", f))
		}
	}
	if c.BulkThreshold < 0 || c.RequestsPerMinute < 0 || c.Burst < 0 {
		return misuse("a number of the configuration is negative")
	}
	return nil
}

// overlap is how much further back than its watermark a run reads: a transaction may take ten minutes, and its rows bear the time
// of their saving, not that of its end.
const overlap = 10 * time.Minute

// source is a stream and the object behind it.
type source struct {
	stream, object string
	fields         []string
	stamp          string // the field that tells when a row last changed, in whose order rows are read
	only           string // a condition that rows must meet; empty: all
	optional       bool   // an organisation may not have the object
}

// Extractor reads one organisation. All of its streams share one token and one budget of calls.
type Extractor struct {
	config  Config
	client  *salesforce.Client
	sources []source

	mu        sync.Mutex
	described map[string]*salesforce.Object
}

var (
	_ pipeline.Resumer = (*Extractor)(nil)
	_ pipeline.Metered = (*Extractor)(nil)
)

// New makes an extractor, which logs in with its first call.
func New(c Config) (*Extractor, error) { return newExtractor(c, salesforce.Config{}) }

// Open makes an extractor and logs in to its organisation.
func Open(ctx context.Context, c Config) (*Extractor, error) {
	x, err := New(c)
	if err == nil {
		err = x.connect(ctx)
	}
	if err != nil {
		return nil, err
	}
	return x, nil
}

func (x *Extractor) connect(ctx context.Context) error {
	return explain("log in to "+x.config.URL, x.client.Connect(ctx))
}

// newExtractor is New with the client's inner settings, which tests change.
func newExtractor(c Config, inner salesforce.Config) (*Extractor, error) {
	c = c.withDefaults()
	if err := c.validate(); err != nil {
		return nil, err
	}
	inner.URL, inner.ClientID, inner.ClientSecret, inner.Version = c.URL, c.ClientID, c.ClientSecret, c.APIVersion
	inner.CallShare, inner.Budget = c.CallShare, httpx.NewBudget(c.RequestsPerMinute, c.Burst)
	client, err := salesforce.New(inner)
	if err != nil {
		return nil, misuse(err.Error())
	}
	return &Extractor{config: c, client: client, sources: sources(c), described: map[string]*salesforce.Object{}}, nil
}

// sources are the streams with the fields they ask for. Every object has the first four, but User no IsDeleted.
func sources(c Config) []source {
	with := func(fields ...string) []string {
		all := []string{"Id", "IsDeleted", "CreatedDate", "SystemModstamp"}
		for _, f := range fields {
			if f != none && !slices.Contains(all, f) {
				all = append(all, f)
			}
		}
		return all
	}
	account := []string{
		"Name", "Type", "Industry", "OwnerId", "Owner.Name", "AnnualRevenue", "ParentId", "MasterRecordId", "LastModifiedDate",
		c.TierField, c.LTVField,
	}
	const modified = "SystemModstamp"
	all := []source{
		{stream: "accounts", object: "Account", stamp: modified, fields: with(append(account, c.ExtraAccountFields...)...)},
		{
			stream: "cases", object: "Case", stamp: modified,
			fields: with("AccountId", "Status", "Priority", "IsClosed", "ClosedDate", c.CaseCategoryField),
		},
		{
			stream: "opportunities", object: "Opportunity", stamp: modified,
			fields: with("AccountId", "StageName", "Amount", "IsClosed", "IsWon"),
		},
		{stream: "users", object: "User", stamp: modified, fields: with("Name", "IsActive")},
	}
	if !c.WithoutHistory {
		all = slices.Insert(all, 1, history(c)) // behind its accounts
	}
	return all
}

// Streams gives what can be read.
func (x *Extractor) Streams() []pipeline.Stream {
	streams := make([]pipeline.Stream, len(x.sources))
	for i, s := range x.sources {
		streams[i] = pipeline.Stream{Name: s.stream, Mirror: true, Settles: overlap}
	}
	return streams
}

// Extract reads a stream from the beginning of the window.
func (x *Extractor) Extract(ctx context.Context, stream string, w pipeline.Window, emit func([]pipeline.Record) error) error {
	return x.Resume(ctx, stream, w, "", func(page []pipeline.Record, _ string) error { return emit(page) })
}

// Resume reads a stream from where a cursor points.
func (x *Extractor) Resume(ctx context.Context, stream string, w pipeline.Window, cursor string, emit func([]pipeline.Record, string) error) error {
	at := slices.IndexFunc(x.sources, func(s source) bool { return s.stream == stream })
	if at < 0 {
		return misuse(fmt.Sprintf("there is no stream %q", stream))
	}
	s := x.sources[at]
	object, err := x.describe(ctx, s.object)
	if s.optional && salesforce.ClassOf(err) == salesforce.Absent {
		return noHistory(err)
	}
	if err != nil {
		return explain("describe "+s.object, err)
	}
	p := &pull{client: x.client, threshold: x.config.BulkThreshold, source: s, object: object, window: w, emit: emit}
	if p.fields, err = present(s, object); err != nil {
		return err
	}
	return explain("read "+stream, p.run(ctx, parsePlace(cursor, w)))
}

// describe asks once what an object has.
func (x *Extractor) describe(ctx context.Context, name string) (*salesforce.Object, error) {
	x.mu.Lock()
	known := x.described[name]
	x.mu.Unlock()
	if known != nil {
		return known, nil
	}
	object, err := x.client.Describe(ctx, name)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.described[name] = object
	return object, nil
}

// Usage gives what was asked of the organisation since it was opened.
func (x *Extractor) Usage() pipeline.Usage {
	u := x.client.Usage()
	return pipeline.Usage{Calls: u.Calls, Retries: u.Retries, Throttled: u.Throttled, Bytes: u.Bytes}
}
