package genesysapi

import (
	"encoding/base64"
	"encoding/json"
	"iter"
	"net/http"
	"time"
)

const (
	jobPageDefault = 1_000
	jobPageMaximum = 10_000
)

// cursor is a place within the results of one job: after the seen-th conversation of those that began at start.
type cursor struct {
	Job   string `json:"j"`
	Start int64  `json:"s"` // microseconds
	Seen  int    `json:"n"`
	Total int    `json:"t"` // delivered so far
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil { // it has only numbers and an id
		panic("genesysapi: marshal cursor: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(s, job string) (cursor, error) {
	c := cursor{Job: job, Start: time.Time{}.UnixMicro()}
	if s == "" {
		return c, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(b, &c) != nil || c.Job != job || c.Seen < 0 || c.Total < 0 {
		return c, refuse("invalid.query.param.value", "The cursor is not one of this job")
	}
	return c, nil
}

// after moves the cursor behind a conversation.
func (c *cursor) after(v Conversation) {
	if start := v.Start.UnixMicro(); start != c.Start {
		c.Start, c.Seen = start, 0
	}
	c.Seen++
	c.Total++
}

// jobResults is GET …/details/jobs/{id}/results: a page of what the lake held when the job was submitted, attributes
// included. The last page has no cursor.
func (a *API) jobResults(w http.ResponseWriter, r *http.Request) error {
	j, err := a.jobs.find(r.PathValue("id"))
	if err != nil {
		return err
	}
	size, err := number(r, "pageSize", jobPageDefault, jobPageMaximum)
	if err != nil {
		return err
	}
	at, err := parseCursor(r.URL.Query().Get("cursor"), j.id)
	if err != nil {
		return err
	}
	switch state := a.jobs.state(j, a.opts.Now(), a.opts.Wall()); state {
	case "FULFILLED":
	case "EXPIRED":
		return errNotFound("the results of job " + j.id + " have expired")
	default:
		return refuse("bad.request", "The job has no results: its state is %s", state)
	}
	a.jobs.turn(j)
	page, more := newPage(w), false
	for c := range a.resultsAfter(j, at) {
		if page.n == size {
			more = true
			break
		}
		if !page.add(func(b []byte) []byte { return truncateAttributes(c.AppendJSON(b, j.lake, true)) }) {
			return nil
		}
		at.after(c)
	}
	members := `"dataAvailabilityDate":"` + j.lake.UTC().Format(dateForm) + `"`
	if more {
		members = `"cursor":"` + at.String() + `",` + members
	}
	return page.close(members)
}

// resultsAfter gives the conversations of a job behind a cursor.
func (a *API) resultsAfter(j *job, at cursor) iter.Seq[Conversation] {
	return func(yield func(Conversation) bool) {
		skip, given := at.Seen, at.Total
		for c := range a.lakeFrom(j, at.Start) {
			start := c.Start.UnixMicro()
			if start < at.Start || !a.visible(c.Division) || !j.holds(c) {
				continue
			}
			if start == at.Start && skip > 0 {
				skip--
				continue
			}
			if j.query.Limit != nil && given >= *j.query.Limit || !yield(c) {
				return
			}
			given++
		}
	}
}

// lakeFrom gives what the lake holds for a job's interval, without some of those that began before start: within the
// interval nothing older has to be looked at.
func (a *API) lakeFrom(j *job, start int64) iter.Seq[Conversation] {
	if start >= j.span.from.UnixMicro() {
		return a.source.StartedOn(time.UnixMicro(start).UTC(), j.span.to, j.lake)
	}
	return a.source.Overlapping(j.span.from, j.span.to, j.lake)
}
