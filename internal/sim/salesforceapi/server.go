// Package salesforceapi is the REST surface of a simulated Salesforce organisation: what an extractor asks of the real one,
// answered the way the real one answers it, errors and oddities included. It shows the CRM of a simulated world as it stands
// at the server's clock.
package salesforceapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"trunkline/internal/sim/scenario"
)

// Source is the world that is shown.
type Source interface {
	// Objects gives every record of an object ("Account", "Case", "Opportunity", "User") that ever exists.
	Objects(object string) []*scenario.Object
}

// Options says how the server behaves. The zero value of a field is its default.
type Options struct {
	ClientID, ClientSecret string           // trunkline, simulated
	Now                    func() time.Time // the clock by which records exist; time.Now
	PageSize               int              // rows of a page of REST, 2000; every third page is shorter
	BulkPageSize           int              // rows of a page of Bulk results, if the caller asks for more; 50000
	DailyCalls             int              // 100000
	LocatorTTL             time.Duration    // by Now; 48 hours
	SessionTTL             time.Duration    // by the wall clock; 2 hours
	JobDelay               time.Duration    // how long a Bulk job takes, by the wall clock
	Hidden                 []string         // what the user must not see: Account.Industry, AccountHistory
	NoBulk                 []string         // objects that Bulk refuses
	Faults                 []Fault
}

// Server is the simulated organisation. It may be used by several goroutines.
type Server struct {
	source  Source
	options Options
	mux     *http.ServeMux

	mu       sync.Mutex
	sessions map[string]time.Time // when each ends
	cursors  ring[*cursor]
	jobs     ring[*job]
	matched  []int // how often each fault's place was called
	stats    Stats
	day      time.Time // when the count of the day's calls began
	calls    int
}

// Stats counts what was asked of a server.
type Stats struct {
	Calls   int64 // calls of the API, those that failed too
	Logins  int64
	Queries int64 // of REST, without their further pages
	Pages   int64 // further pages of REST queries
	Jobs    int64 // Bulk jobs made
	Faults  int64 // faults that struck
}

// New makes a server.
func New(source Source, o Options) *Server {
	setDefault(&o.ClientID, "trunkline")
	setDefault(&o.ClientSecret, "simulated")
	setDefault(&o.PageSize, 2000)
	setDefault(&o.BulkPageSize, 50_000)
	setDefault(&o.DailyCalls, 100_000)
	setDefault(&o.LocatorTTL, 48*time.Hour)
	setDefault(&o.SessionTTL, 2*time.Hour)
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{
		source: source, options: o, mux: http.NewServeMux(),
		sessions: map[string]time.Time{}, matched: make([]int, len(o.Faults)),
		cursors: ring[*cursor]{size: 50}, jobs: ring[*job]{size: 50},
	}
	s.route("POST /services/oauth2/token", s.login)
	s.route("GET /services/data", s.versions)
	s.route("GET /services/data/{version}/limits", s.api(s.limits))
	s.route("GET /services/data/{version}/query", s.api(s.query))
	s.route("GET /services/data/{version}/query/{locator}", s.api(s.queryMore))
	s.route("GET /services/data/{version}/queryAll", s.api(s.queryAll))
	s.route("GET /services/data/{version}/queryAll/{locator}", s.api(s.queryMore))
	s.route("GET /services/data/{version}/sobjects/{object}/describe", s.api(s.describe))
	s.route("GET /services/data/{version}/sobjects/{object}/deleted", s.api(s.deleted))
	s.route("POST /services/data/{version}/jobs/query", s.api(s.createJob))
	s.route("GET /services/data/{version}/jobs/query/{job}", s.api(s.job))
	s.route("GET /services/data/{version}/jobs/query/{job}/results", s.api(s.jobResults))
	s.route("/", func(*http.Request) answer {
		return refuse(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	})
	return s
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Stats gives the counts so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// ServeHTTP answers a call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/") { // the service takes both
		r = r.Clone(r.Context())
		r.URL.Path = strings.TrimRight(r.URL.Path, "/")
	}
	s.mux.ServeHTTP(w, r)
}

// answer is what is sent back.
type answer struct {
	status int
	kind   string // of the content; JSON
	header map[string]string
	body   []byte
	cut    bool // the connection breaks in the middle of the body
}

func refuse(status int, code, message string) answer {
	body, err := json.Marshal([]map[string]string{{"message": message, "errorCode": code}})
	if err != nil { // texts always have JSON
		panic(err)
	}
	return answer{status: status, body: body}
}

func reply(v any) answer {
	body, err := json.Marshal(v)
	if err != nil { // of our own values
		panic(err)
	}
	return answer{status: http.StatusOK, body: body}
}

type handler func(*http.Request) answer

// route serves a pattern: faults strike first.
func (s *Server) route(pattern string, h handler) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		fault, struck := s.strike(r)
		var a answer
		if struck && !fault.Kind.damages() {
			a = fault.Kind.answer()
		} else {
			a = h(r)
		}
		if struck {
			fault.Kind.damage(&a)
		}
		s.send(w, r, a)
	})
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, a answer) {
	header := w.Header()
	setDefault(&a.kind, "application/json;charset=UTF-8")
	header.Set("Content-Type", a.kind)
	header.Set("Date", s.options.Now().UTC().Format(http.TimeFormat))
	header.Set("Content-Length", strconv.Itoa(len(a.body)))
	if r.URL.Path != "/services/oauth2/token" {
		header.Set("Sforce-Limit-Info", s.usage())
	}
	for k, v := range a.header {
		header.Set(k, v)
	}
	w.WriteHeader(a.status)
	if a.cut {
		_, _ = w.Write(a.body[:len(a.body)/2])
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(a.body) // who hung up does not want it
}

// usage is the header that tells how much of the day's calls are spent.
func (s *Server) usage() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("api-usage=%d/%d; per-app-api-usage=%d/%d(appName=%s)", s.calls, s.options.DailyCalls, s.calls, s.options.DailyCalls, s.options.ClientID)
}

var versionPattern = regexp.MustCompile(`^v([0-9]{2,3})\.0$`)

const (
	oldestVersion = 31
	newestVersion = 68
	longestURI    = 16_384
)

// api guards a handler: session, version, lengths and the day's calls.
func (s *Server) api(h handler) handler {
	return func(r *http.Request) answer {
		if a, ok := s.admit(r); !ok {
			return a
		}
		match := versionPattern.FindStringSubmatch(r.PathValue("version"))
		if match == nil {
			return refuse(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
		}
		switch version, _ := strconv.Atoi(match[1]); {
		case version > newestVersion:
			return refuse(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
		case version < oldestVersion:
			return refuse(http.StatusGone, "GONE", "API version "+match[1]+".0 is retired")
		}
		return h(r)
	}
}

func (s *Server) admit(r *http.Request) (answer, bool) {
	if len(r.RequestURI) > longestURI {
		return answer{status: http.StatusRequestURITooLong, kind: "text/html", body: []byte("<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>")}, false
	}
	size := len(r.RequestURI)
	for k, values := range r.Header {
		size += len(k) + len(strings.Join(values, ""))
	}
	if size > longestURI {
		return answer{status: http.StatusRequestHeaderFieldsTooLarge, kind: "text/html", body: []byte("<h1>Bad Message 431</h1><pre>reason: Request Header Fields Too Large</pre>")}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Calls++
	if now := s.options.Now(); now.Sub(s.day) >= 24*time.Hour {
		s.day, s.calls = now, 0
	}
	if s.calls >= s.options.DailyCalls {
		return refuse(http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), false
	}
	s.calls++
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token == "" || (scheme != "Bearer" && scheme != "OAuth") {
		return refuse(http.StatusUnauthorized, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"), false
	}
	if ends, ok := s.sessions[token]; !ok || time.Now().After(ends) {
		return refuse(http.StatusUnauthorized, "INVALID_SESSION_ID", "Session expired or invalid"), false
	}
	return answer{}, true
}

func (s *Server) versions(*http.Request) answer {
	type version struct {
		Label   string `json:"label"`
		URL     string `json:"url"`
		Version string `json:"version"`
	}
	var all []version
	for v := oldestVersion; v <= newestVersion; v++ {
		season, year := [3]string{"Spring", "Summer", "Winter"}[v%3], 4+v/3
		if season == "Winter" { // named after the year it ends in
			year++
		}
		all = append(all, version{fmt.Sprintf("%s '%d", season, year), fmt.Sprintf("/services/data/v%d.0", v), fmt.Sprintf("%d.0", v)})
	}
	return reply(all)
}

func (s *Server) limits(*http.Request) answer {
	type limit struct{ Max, Remaining int }
	s.mu.Lock()
	defer s.mu.Unlock()
	return reply(map[string]limit{
		"DailyApiRequests":                  {s.options.DailyCalls, s.options.DailyCalls - s.calls},
		"DailyBulkV2QueryJobs":              {10_000, 10_000 - int(s.stats.Jobs)},
		"DailyBulkApiBatches":               {15_000, 15_000},
		"ConcurrentAsyncGetReportInstances": {200, 200},
	})
}
