// Package bqfake is a strict stand-in for the part of BigQuery's REST API that a loader uses: datasets, load jobs with an upload, query
// jobs and their results.
//
// It proves how a client goes about its jobs. A job id that was used before is refused (409), whatever the job was; a field, a
// parameter or a path that is not known is refused; a job is found again with the configuration it was given, and only in its
// location; labels, ids and texts keep to BigQuery's limits. An uploaded Parquet file is read, whole, by a reader that shares no code
// with the writer, and its columns and rows are held against the schema of the job. Every fault that a client must outlive can be
// injected: an error by its reason, a connection that is cut during a request or after it was carried out, a job that fails, takes its
// time or comes without statistics.
//
// It proves nothing of SQL. There is no engine here, and no statement is understood: what a query gives is what the test says that it
// gives. That statements are GoogleSQL is for the analyser to prove, and what they mean for the engines that run the same ones.
package bqfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options say what the fake is.
type Options struct {
	Project string
	// Label is the label of a job that names its step: faults and tests find jobs by it.
	Label string
	// Answer gives what a query gives. It is called once for each query job that is made, never concurrently.
	Answer func(Query) Result
}

// Query is a query job as it was made.
type Query struct {
	ID, Step, Text  string
	Dataset         string // where names are looked for that say no dataset
	Parameters      map[string]any
	MaxBytesBilled  int64
	DryRun, NoCache bool
}

// Result is what a query gives: columns and rows, or an error by its reason.
type Result struct {
	Columns         []Column
	Rows            [][]any // nil, string, int64, float64, bool or time.Time
	Bytes           int64   // that it processes
	Kind            string  // of the statement; SCRIPT unless told
	Reason, Message string
}

// Column is a column of a result, with a type of BigQuery's (STRING, INTEGER, FLOAT, BOOLEAN, TIMESTAMP, DATE, …).
type Column struct{ Name, Type string }

// Fault is something that goes wrong with a call, once or as often as told.
type Fault struct {
	Call  string // jobs.insert, jobs.get, jobs.cancel, jobs.getQueryResults, upload (a piece), datasets.get, datasets.insert, datasets.patch
	Step  string // of the job; empty: any
	Times int    // 0 is once; below, always

	Code            int // the call is refused: with this status,
	Reason, Message string
	CutBefore       bool // nothing is done, and the connection is cut; in an upload in the midst of it
	CutAfter        bool // all is done, and the connection is cut
	Fails           bool // the job is made, and fails with Reason
	Bare            bool // the job is made, and has no statistics
	Loses           int  // the load is made, and tells of so many rows fewer
	Slow            int  // the job is made, and is done after so many looks
}

// Server is the running fake.
type Server struct {
	Options

	URL string

	t        testing.TB
	mu       sync.Mutex
	datasets map[string]*Dataset
	tables   map[string]*Table
	jobs     map[string]*job
	uploads  map[string]*upload
	faults   []Fault
	calls    map[string]int
	uploaded int64
	order    []string
}

// Dataset is a dataset.
type Dataset struct {
	Name, Location string
	Created        time.Time
	Expiry         time.Duration // of its tables
	Labels         map[string]string
	Access         []json.RawMessage
}

// Table is a table that was loaded.
type Table struct {
	Columns []Column
	Rows    []map[string]any
}

// New starts a fake that ends with the test.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{
		Options: o, t: t, datasets: map[string]*Dataset{}, tables: map[string]*Table{}, jobs: map[string]*job{},
		uploads: map[string]*upload{}, calls: map[string]int{},
	}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(server.Close)
	s.URL = server.URL + "/"
	return s
}

// AddDataset adds a dataset, as an administrator would.
func (s *Server) AddDataset(name, location string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.datasets[name] = &Dataset{Name: name, Location: location, Created: time.Now()}
}

// DropDataset removes a dataset with its tables.
func (s *Server) DropDataset(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.datasets, name)
	for table := range s.tables {
		if strings.HasPrefix(table, name+".") {
			delete(s.tables, table)
		}
	}
}

// Dataset gives a dataset as it is; nil if there is none.
func (s *Server) Dataset(name string) *Dataset {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.datasets[name]; d != nil {
		kept := *d
		return &kept
	}
	return nil
}

// Tables gives the tables that were loaded, by DATASET.NAME.
func (s *Server) Tables() map[string]*Table {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.tables)
}

// Inject lets something go wrong from now on.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	s.faults = append(s.faults, f)
}

// Heal ends all faults, and tells how many never came about.
func (s *Server) Heal() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := 0
	for _, f := range s.faults {
		if f.Times > 0 {
			left++
		}
	}
	s.faults = nil
	return left
}

// Calls tells how often each call was made, and how many bytes were uploaded.
func (s *Server) Calls() (calls map[string]int, uploaded int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.calls), s.uploaded
}

// Jobs gives the jobs that were made, in their order.
func (s *Server) Jobs() []Job {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Job
	for _, id := range s.order {
		all = append(all, s.jobs[id].public())
	}
	return all
}

// fault takes the next fault of a call; ok tells whether there is one.
func (s *Server) fault(call, step string) (f Fault, ok bool) {
	for i := range s.faults {
		f := &s.faults[i]
		if f.Call == call && (f.Step == "" || f.Step == step) && f.Times != 0 {
			f.Times--
			return *f, true
		}
	}
	return Fault{}, false
}

// refusal is an error of the API.
type refusal struct {
	code            int
	reason, message string
}

func (r *refusal) Error() string { return r.reason + ": " + r.message }

func refuse(code int, reason, format string, a ...any) error {
	return &refusal{code, reason, fmt.Sprintf(format, a...)}
}

// bad refuses a request that a well-behaved client does not send.
func bad(format string, a ...any) error {
	return refuse(http.StatusBadRequest, "invalid", format, a...)
}

// errCut says that the connection is to be cut.
type errCut struct{}

func (errCut) Error() string { return "cut" }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	answer, err := s.route(w, r)
	s.mu.Unlock()
	refused, isRefusal := errors.AsType[*refusal](err)
	switch {
	case err == nil:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	case errors.Is(err, errCut{}):
		cut(w)
	case isRefusal:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(refused.code)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{
			"code": refused.code, "message": refused.message,
			"errors": []any{map[string]any{"domain": "global", "reason": refused.reason, "message": refused.message}},
		}})
	default:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// cut ends a connection in the midst of an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// route finds the call of a request.
func (s *Server) route(w http.ResponseWriter, r *http.Request) (any, error) {
	path, uploading := strings.CutPrefix(r.URL.Path, "/upload/bigquery/v2")
	rest, ok := strings.CutPrefix(path, "/projects/"+s.Project+"/")
	if !ok {
		return nil, refuse(http.StatusNotFound, "notFound", "Not found: %s", r.URL.Path)
	}
	kind, name, _ := strings.Cut(rest, "/")
	switch {
	case uploading && kind == "jobs" && name == "" && r.Method == http.MethodPost:
		return s.uploadJob(w, r)
	case uploading:
	case kind == "jobs" && name == "" && r.Method == http.MethodPost:
		return s.insertJob(r)
	case kind == "jobs" && r.Method == http.MethodPost && strings.HasSuffix(name, "/cancel"):
		return s.cancelJob(r, strings.TrimSuffix(name, "/cancel"))
	case kind == "jobs" && r.Method == http.MethodGet:
		return s.getJob(r, name)
	case kind == "queries" && name != "" && r.Method == http.MethodGet:
		return s.queryResults(r, name)
	case kind == "datasets" && name == "" && r.Method == http.MethodPost:
		return s.insertDataset(r)
	case kind == "datasets" && r.Method == http.MethodGet:
		return s.getDataset(r, name)
	case kind == "datasets" && r.Method == http.MethodPatch:
		return s.patchDataset(r, name)
	}
	return nil, refuse(http.StatusNotFound, "notFound", "Not found: %s %s", r.Method, r.URL.Path)
}

// begin counts a call, holds its parameters against those that it may have, and lets go wrong what is to go wrong before it is done.
func (s *Server) begin(r *http.Request, call, step string, parameters ...string) (Fault, error) {
	s.calls[call]++
	for name := range r.URL.Query() {
		known := name == "alt" || name == "prettyPrint"
		for _, p := range parameters {
			known = known || p == name
		}
		if !known {
			return Fault{}, bad("Unknown parameter %s of %s", name, call)
		}
	}
	f, ok := s.fault(call, step)
	switch {
	case ok && f.CutBefore:
		return f, errCut{}
	case ok && f.Code > 0:
		return f, refuse(f.Code, f.Reason, "%s", f.Message)
	}
	return f, nil
}
