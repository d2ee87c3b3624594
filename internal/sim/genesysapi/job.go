package genesysapi

import (
	"cmp"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

const jobLifetime = aDay // how long the results of a job are kept

// jobQuery is the request of a details job.
type jobQuery struct {
	filters
	Interval                   string `json:"interval"`
	Order                      string `json:"order"`
	OrderBy                    string `json:"orderBy"`
	Limit                      *int   `json:"limit"`
	StartOfDayIntervalMatching bool   `json:"startOfDayIntervalMatching"`
}

func (q *jobQuery) check() (interval, error) {
	span, err := parseInterval(q.Interval)
	if err != nil {
		return span, err
	}
	if o := cmp.Or(q.Order, "asc"); o != "asc" && o != "unordered" {
		return span, beyond("the order %q is not supported for jobs here", o)
	}
	if o := cmp.Or(q.OrderBy, orderedBy); o != orderedBy {
		return span, beyond("orderBy %q is not supported for jobs here", o)
	}
	if q.Limit != nil && *q.Limit < 1 {
		return span, beyond("limit must be at least 1")
	}
	return span, q.filters.check()
}

// job is a query over the lake as it was when the job was submitted.
type job struct {
	id        string
	query     jobQuery
	span      interval
	lake      time.Time
	submitted time.Time
	done      time.Time // by the wall
	fails     bool
	lastPage  int // pages of results after which it expires; -1 is never

	// guarded by jobs.mu
	pages     int
	cancelled bool
}

// holds tells whether a job's conditions let a conversation of its interval pass.
func (j *job) holds(c Conversation) bool {
	if j.query.StartOfDayIntervalMatching && c.Start.Before(j.span.from.Truncate(aDay)) {
		return false
	}
	return j.query.hold(c, j.lake)
}

// jobs are those submitted so far.
type jobs struct {
	faults JobFaults
	delay  time.Duration
	begun  uint64 // tells these jobs from those of a service that ran before
	mu     sync.Mutex
	byID   map[string]*job
}

func newJobs(o Options) *jobs {
	// A client may come back with the id of a job of before: it must be unknown, never another job's.
	return &jobs{faults: o.Jobs, delay: o.JobDelay, begun: rand.Uint64(), byID: map[string]*job{}}
}

func (js *jobs) add(j *job) {
	js.mu.Lock()
	defer js.mu.Unlock()
	serial := len(js.byID) + 1
	j.id = uuidOf("job", js.begun+uint64(serial)) //nolint:gosec // a count of jobs is never negative
	j.fails = slices.Contains(js.faults.Fail, serial)
	j.lastPage = -1
	if n, expires := js.faults.Expire[serial]; expires {
		j.lastPage = n
	}
	js.byID[j.id] = j
}

func (js *jobs) find(id string) (*job, error) {
	js.mu.Lock()
	defer js.mu.Unlock()
	if j := js.byID[id]; j != nil {
		return j, nil
	}
	return nil, errNotFound("job " + id)
}

// state tells how far a job is. It takes its time by the wall, and its results are kept for a day of the contact centre.
func (js *jobs) state(j *job, now, wall time.Time) string {
	js.mu.Lock()
	defer js.mu.Unlock()
	left := j.done.Sub(wall)
	switch {
	case j.cancelled:
		return "CANCELLED"
	case left > js.delay*2/3:
		return "QUEUED"
	case left > 0:
		return "PENDING"
	case j.fails:
		return "FAILED"
	case now.Sub(j.submitted) >= jobLifetime, j.lastPage >= 0 && j.pages >= j.lastPage:
		return "EXPIRED"
	}
	return "FULFILLED"
}

// turn counts a page of results.
func (js *jobs) turn(j *job) {
	js.mu.Lock()
	defer js.mu.Unlock()
	j.pages++
}

func (js *jobs) cancel(j *job) {
	js.mu.Lock()
	defer js.mu.Unlock()
	j.cancelled = true
}

// submitJob is POST …/details/jobs.
func (a *API) submitJob(w http.ResponseWriter, r *http.Request) error {
	var q jobQuery
	if err := decode(w, r, &q); err != nil {
		return err
	}
	span, err := q.check()
	if err != nil {
		return err
	}
	j := &job{query: q, span: span, lake: a.available(), submitted: a.opts.Now(), done: a.opts.Wall().Add(a.opts.JobDelay)}
	a.jobs.add(j)
	writeJSON(w, http.StatusAccepted, map[string]string{"jobId": j.id})
	return nil
}

// jobStatus is GET …/details/jobs/{id}.
func (a *API) jobStatus(w http.ResponseWriter, r *http.Request) error {
	j, err := a.jobs.find(r.PathValue("id"))
	if err != nil {
		return err
	}
	state, done := a.jobs.state(j, a.opts.Now(), a.opts.Wall()), j.submitted.Add(a.opts.JobDelay)
	answer := map[string]string{"state": state, "submissionDate": j.submitted.UTC().Format(dateForm)}
	status := http.StatusOK
	switch state {
	case "QUEUED", "PENDING":
		status = http.StatusAccepted
	case "FAILED":
		answer["errorMessage"] = "The job could not be completed"
		answer["completionDate"] = done.UTC().Format(dateForm)
	case "FULFILLED", "EXPIRED":
		answer["completionDate"] = done.UTC().Format(dateForm)
		answer["expirationDate"] = j.submitted.Add(jobLifetime).UTC().Format(dateForm)
	}
	writeJSON(w, status, answer)
	return nil
}

// cancelJob is DELETE …/details/jobs/{id}.
func (a *API) cancelJob(w http.ResponseWriter, r *http.Request) error {
	j, err := a.jobs.find(r.PathValue("id"))
	if err != nil {
		return err
	}
	a.jobs.cancel(j)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// availability is GET …/details/jobs/availability.
func (a *API) availability(w http.ResponseWriter, _ *http.Request) error {
	writeJSON(w, http.StatusOK, map[string]string{"dataAvailabilityDate": a.available().UTC().Format(dateForm)})
	return nil
}
