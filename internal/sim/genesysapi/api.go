// Package genesysapi is the HTTP surface of Genesys Cloud over a scenario: enough of the platform API to extract from it, with
// the habits that make extraction hard. What the vendor documents is answered as documented; what it does not, or what the
// scenario cannot answer truly, is refused, never guessed.
package genesysapi

import (
	"fmt"
	"iter"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"trunkline/internal/sim/scenario"
)

// Source is the contact centre behind the interface: what happened, as known at a moment.
type Source interface {
	// Overlapping gives, by start, the conversations that began before at and whose life, as known at at, overlaps [from, to).
	Overlapping(from, to, at time.Time) iter.Seq[Conversation]
	// StartedOn gives, by start, the conversations that began in [from, to) and before at.
	StartedOn(from, to, at time.Time) iter.Seq[Conversation]
	// Conversation finds a conversation by its id.
	Conversation(id string) (Conversation, bool)
	// Directory is what names meant at a moment.
	Directory(at time.Time) Directory
}

// Conversation is one conversation and where it belongs.
type Conversation struct {
	ID       string
	Start    time.Time // zero if nobody knows
	Division string
	Record
}

// Record tells a conversation as it was known at a moment.
type Record interface {
	// End is when it had ended; false while it was open.
	End(at time.Time) (time.Time, bool)
	// AppendJSON appends its shape in analytics.
	AppendJSON(b []byte, at time.Time, attributes bool) []byte
	// AppendService appends its shape in the conversation service, attributes included.
	AppendService(b []byte, at time.Time) []byte
	// Emitted are its metrics so far.
	Emitted(at time.Time) []scenario.Metric
}

// Directory is what ids mean.
type Directory struct {
	Users       []scenario.User
	Queues      []scenario.Queue
	WrapupCodes []scenario.WrapupCode
	Divisions   []scenario.Division
	Flows       []scenario.Flow
}

// Options are the habits of the service. The zero value is a fast and generous one.
type Options struct {
	Credentials   map[string]string // OAuth clients: secret by id; none is trunkline with the secret simulated
	TokenTTL      time.Duration     // lifetime of a token; 0 is a day
	RatePerMinute int               // calls a token may make in a minute; 0 is any number
	Lag           time.Duration     // how far the data lake of the jobs is behind
	JobDelay      time.Duration     // how long a job takes
	Divisions     []string          // the divisions that the client may see; none is all
	Now           func() time.Time  // when it is in the contact centre; nil is now
	Wall          func() time.Time  // by which tokens expire, calls are limited and jobs take their time; nil is Now
	Seed          uint64            // of the faults that strike by chance
	Faults        []Fault
	Jobs          JobFaults
}

// JobFaults says which jobs go wrong, counted from 1 in the order of their submission.
type JobFaults struct {
	Fail   []int       // end FAILED
	Expire map[int]int // become EXPIRED after that many pages of results
}

// API serves the interface. It is safe for concurrent use.
type API struct {
	source   Source
	opts     Options
	mux      *http.ServeMux
	tokens   *tokens
	jobs     *jobs
	faults   *faults
	requests atomic.Uint64
}

// New makes the interface over a source.
func New(source Source, o Options) *API {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wall == nil {
		o.Wall = o.Now
	}
	if len(o.Credentials) == 0 {
		o.Credentials = map[string]string{"trunkline": "simulated"}
	}
	if o.TokenTTL == 0 {
		o.TokenTTL = 24 * time.Hour
	}
	a := &API{
		source: source, opts: o, mux: http.NewServeMux(),
		tokens: newTokens(o), jobs: newJobs(o), faults: newFaults(o.Seed, o.Faults),
	}
	a.routes()
	return a
}

func (a *API) routes() {
	const v2, details = "/api/v2", "/api/v2/analytics/conversations/details"
	a.open("POST /oauth/token", a.login)
	a.guarded("POST "+details+"/query", a.queryDetails)
	a.guarded("GET "+details, a.detailsOfSeveral)
	a.guarded("GET "+v2+"/analytics/conversations/{id}/details", a.detailsOfOne)
	a.guarded("POST "+details+"/jobs", a.submitJob)
	a.guarded("GET "+details+"/jobs/availability", a.availability)
	a.guarded("GET "+details+"/jobs/{id}", a.jobStatus)
	a.guarded("GET "+details+"/jobs/{id}/results", a.jobResults)
	a.guarded("DELETE "+details+"/jobs/{id}", a.cancelJob)
	a.guarded("POST "+v2+"/analytics/conversations/aggregates/query", a.queryAggregates)
	a.guarded("POST "+v2+"/analytics/evaluations/aggregates/query", a.queryEvaluations)
	a.guarded("POST "+v2+"/analytics/surveys/aggregates/query", a.querySurveys)
	a.guarded("GET "+v2+"/conversations/{id}", a.conversation)
	a.guarded("GET "+v2+"/users", a.users)
	a.guarded("GET "+v2+"/users/{id}", a.user)
	a.guarded("GET "+v2+"/routing/queues", a.queues)
	a.guarded("GET "+v2+"/routing/wrapupcodes", a.wrapupCodes)
	a.guarded("GET "+v2+"/flows", a.flows)
	a.guarded("GET "+v2+"/authorization/divisions", a.divisions)
	a.guarded("GET "+v2+"/organizations/me", a.organization)
	a.guarded("GET "+v2+"/tokens/me", a.tokenInfo)
	a.open("/", func(http.ResponseWriter, *http.Request) error { return errNotFound("resource") })
}

// ServeHTTP answers one call. Every answer carries a correlation id and is compressed if the caller takes gzip.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Inin-Correlation-Id", uuidOf("correlation", a.requests.Add(1)))
	w.Header().Set("Cache-Control", "no-cache, no-store, must-revalidate")
	if f, struck := a.faults.next(r.URL.Path); struck {
		a.serveWith(f, w, r)
		return
	}
	a.serve(w, r)
}

func (a *API) serve(w http.ResponseWriter, r *http.Request) {
	zipped := gzipFor(w, r)
	defer zipped.finish()
	a.mux.ServeHTTP(zipped, r)
}

// handler answers a call, or says why not.
type handler func(w http.ResponseWriter, r *http.Request) error

// open serves a route to anybody.
func (a *API) open(pattern string, h handler) {
	a.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			writeFailure(w, err)
		}
	})
}

// guarded serves a route to holders of a token that has calls left.
func (a *API) guarded(pattern string, h handler) {
	a.open(pattern, func(w http.ResponseWriter, r *http.Request) error {
		if err := a.tokens.admit(w.Header(), r, a.opts.Wall()); err != nil {
			return err
		}
		return h(w, r)
	})
}

// RevokeTokens makes every token issued so far worth nothing.
func (a *API) RevokeTokens() { a.tokens.revokeAll() }

// available is the moment up to which the lake is complete.
func (a *API) available() time.Time {
	return a.opts.Now().Add(-a.opts.Lag).Truncate(time.Millisecond)
}

// visible tells whether the client's divisions let it see what belongs to a division.
func (a *API) visible(division string) bool {
	return len(a.opts.Divisions) == 0 || slices.Contains(a.opts.Divisions, division)
}

// find gives a conversation that the client may see.
func (a *API) find(id string, at time.Time) (Conversation, error) {
	c, ok := a.source.Conversation(id)
	if !ok || !a.visible(c.Division) || !c.Start.Before(at) {
		return Conversation{}, errNotFound(fmt.Sprintf("conversation %q", id))
	}
	return c, nil
}
