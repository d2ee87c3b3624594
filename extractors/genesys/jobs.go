package genesys

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/sync/errgroup"

	"trunkline/internal/httpx"
	"trunkline/pipeline"
)

// jobsPath is where details jobs live.
const jobsPath = "/analytics/conversations/details/jobs"

const (
	resubmits   = 2             // how often a part begins again before it is given up
	jobPatience = 2 * time.Hour // how long a job may take
)

// conversation is the shape of what jobs and the synchronous query give.
var conversation = shape{list: "conversations", key: "conversationId", at: "conversationStart"}

// lostError says that a job, or a place in it, is no more: the part must begin again.
type lostError struct{ why string }

func (l *lostError) Error() string { return l.why }

// jobs reads the parts that are not done, several at once. All of them are submitted first: they ripen while others are read.
func (x *Extractor) jobs(ctx context.Context, state *progress) error {
	err := x.each(ctx, state, func(ctx context.Context, i int, p part) error {
		if p.Job != "" {
			return nil
		}
		if err := x.submit(ctx, &p); err != nil {
			return err
		}
		return state.keep(i, p, nil)
	})
	if err != nil {
		return err
	}
	from := state.at(0).From
	return x.each(ctx, state, func(ctx context.Context, i int, p part) error {
		return x.job(ctx, p, func(p part, page []pipeline.Record) error { return state.keep(i, p, once(page, p, from)) })
	})
}

// each does something for every part that jobs are to read and have not.
func (x *Extractor) each(ctx context.Context, state *progress, do func(context.Context, int, part) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(x.config.Parallel)
	for i := range state.parts {
		if p := state.at(i); !p.Live && !p.Done {
			group.Go(func() error { return do(ctx, i, p) })
		}
	}
	return group.Wait()
}

// job reads a part, page by page, and keeps each with the state behind it. A job that is lost is submitted again.
func (x *Extractor) job(ctx context.Context, p part, keep func(part, []pipeline.Record) error) error {
	for again := 0; ; again++ {
		err := x.pages(ctx, &p, keep)
		var lost *lostError
		if !errors.As(err, &lost) {
			return err
		}
		if again == resubmits {
			return &pipeline.Error{
				Code: "TL4130", Kind: pipeline.Upstream,
				What: fmt.Sprintf("genesys: read conversations of %s: the details job %s", interval(p.From, p.To), lost.why),
				Cure: "Run again later; if it goes on, name the job to the vendor's support",
			}
		}
		p.Job, p.Cursor = "", ""
	}
}

// pages reads the job of a part from its cursor on, and submits it first if there is none.
func (x *Extractor) pages(ctx context.Context, p *part, keep func(part, []pipeline.Record) error) error {
	if p.Job == "" {
		if err := x.submit(ctx, p); err != nil {
			return err
		}
	}
	if err := x.fulfilled(ctx, p.Job); err != nil {
		return err
	}
	size := x.config.PageSize
	for !p.Done {
		result, err := x.page(ctx, *p, size)
		if tooLarge(err) && size > 1 {
			size /= 2
			continue
		}
		if err != nil {
			return err
		}
		p.Cursor = result.texts["cursor"]
		p.Done = p.Cursor == ""
		if err := keep(*p, result.records); err != nil {
			return err
		}
	}
	return nil
}

// submit gives a part a job.
func (x *Extractor) submit(ctx context.Context, p *part) error {
	to := p.To
	if p.Past {
		to = to.Add(time.Second)
	}
	query := struct {
		Interval   string   `json:"interval"`
		Order      string   `json:"order"`
		OrderBy    string   `json:"orderBy"`
		StartOfDay bool     `json:"startOfDayIntervalMatching,omitzero"`
		Filters    []filter `json:"conversationFilters,omitempty"`
	}{interval(p.From, to), "asc", "conversationStart", p.Day, only(p.IDs)}
	var answer struct {
		JobID string `json:"jobId"`
	}
	named := func(body []byte) error {
		if err := into(&answer)(body); err != nil || answer.JobID != "" {
			return err
		}
		return errors.New("no jobId")
	}
	if err := x.post(ctx, jobsPath, query, named); err != nil {
		return explain("submit a details job for "+query.Interval, err)
	}
	p.Job, p.Cursor = answer.JobID, ""
	return nil
}

// filter is a condition of a query: a conversation has one of some ids.
type filter struct {
	Type       string      `json:"type"`
	Predicates []predicate `json:"predicates"`
}

type predicate struct {
	Dimension string `json:"dimension"`
	Value     string `json:"value"`
}

// only gives the condition that a conversation is one of those; none if all are wanted.
func only(ids []string) []filter {
	if len(ids) == 0 {
		return nil
	}
	f := filter{Type: "or"}
	for _, id := range ids {
		f.Predicates = append(f.Predicates, predicate{"conversationId", id})
	}
	return []filter{f}
}

// fulfilled waits until the pages of a job can be read. Only the job's state says so; the status of the answer does not.
func (x *Extractor) fulfilled(ctx context.Context, id string) error {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = x.pace.job, 15*time.Second
	began := time.Now()
	for {
		var job struct {
			State string `json:"state"`
			Error string `json:"errorMessage"`
		}
		err := x.get(ctx, jobsPath+"/"+url.PathEscape(id), into(&job))
		if hasStatus(err, http.StatusNotFound, http.StatusGone, http.StatusBadRequest) {
			return &lostError{id + " is not known"}
		}
		if err != nil {
			return explain("ask for the state of details job "+id, err)
		}
		switch job.State {
		case "FULFILLED":
			return nil
		case "FAILED", "CANCELLED", "EXPIRED":
			return &lostError{fmt.Sprintf("%s is %s: %s", id, job.State, job.Error)}
		}
		if time.Since(began) > jobPatience {
			return &lostError{fmt.Sprintf("%s was still %s after %s", id, job.State, jobPatience)}
		}
		if err := wait(ctx, pause.NextBackOff()); err != nil {
			return err
		}
	}
}

// page reads the page of a job that a part's cursor points to.
func (x *Extractor) page(ctx context.Context, p part, size int) (*page, error) {
	query := url.Values{"pageSize": {strconv.Itoa(size)}}
	if p.Cursor != "" {
		query.Set("cursor", p.Cursor)
	}
	var result page
	res, err := x.api.Do(ctx, httpx.Request{
		URL:   apiPath + jobsPath + "/" + url.PathEscape(p.Job) + "/results?" + query.Encode(),
		Check: func(body []byte) error { return result.read(body, conversation) },
	})
	switch {
	case tooLarge(err):
		return nil, err
	case hasStatus(err, http.StatusNotFound, http.StatusGone), p.Cursor != "" && hasStatus(err, http.StatusBadRequest):
		return nil, &lostError{p.Job + " has no such page any more"}
	case err != nil:
		return nil, explain("read a page of details job "+p.Job, err)
	}
	if result.texts["cursor"] != "" { // the last page of a job is a short one
		x.pageTook.Store(int64(res.Took))
	}
	if date, err := time.Parse(time.RFC3339, result.texts["dataAvailabilityDate"]); err == nil && date.Before(p.To) {
		return nil, &lostError{fmt.Sprintf("%s has data only up to %s", p.Job, stamp(date))}
	}
	return &result, nil
}
