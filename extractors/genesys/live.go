package genesys

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"

	"trunkline/pipeline"
)

// sweeps is how often a list that changes under our hands is read, at most, until a reading brings nothing new.
const sweeps = 5

// live reads the part of the window whose data are not complete yet, if there is one. Its list gives a day at a time, without
// attributes, and drifts while it is paged: it is read from either end by turns, until a reading brings nothing new.
func (x *Extractor) live(ctx context.Context, state *progress) error {
	i := len(state.parts) - 1
	p := state.at(i)
	if !p.Live || p.Done {
		return nil
	}
	s := sweep{part: p, known: map[string]bool{}, keep: func(page []pipeline.Record) error { return state.keep(i, p, page) }}
	for n := range sweeps {
		before := len(s.known)
		s.order = []string{"asc", "desc"}[n%2]
		if err := x.sweep(ctx, s); err != nil {
			return err
		}
		if n > 0 && len(s.known) == before {
			return nil
		}
	}
	return &pipeline.Error{
		Code: "TL4121", Kind: pipeline.Upstream,
		What: fmt.Sprintf("genesys: read conversations of %s: after %d readings the list still brings new ones", interval(p.From, p.To), sweeps),
		Cure: "Run again, with a window that ends some minutes earlier",
	}
}

// sweep is one reading of the list.
type sweep struct {
	part
	order string
	known map[string]bool // what this or an earlier reading brought
	keep  func([]pipeline.Record) error
}

// sweep reads the list once and gives what was not known.
func (x *Extractor) sweep(ctx context.Context, s sweep) error {
	size := x.config.SyncPageSize
	for number := 1; ; {
		list, err := x.query(ctx, s, size, number)
		if tooLarge(err) && size > 1 {
			size, number = size/2, 1
			continue
		}
		if err != nil {
			return explain(fmt.Sprintf("read page %d of the conversations of %s", number, interval(s.From, s.To)), err)
		}
		if len(list.records) == 0 {
			return nil
		}
		fresh := s.fresh(list.records)
		if err := x.topUp(ctx, fresh); err != nil {
			return err
		}
		if err := s.keep(fresh); err != nil {
			return err
		}
		number++
	}
}

// query reads a page of the synchronous query.
func (x *Extractor) query(ctx context.Context, s sweep, size, number int) (*page, error) {
	type paging struct {
		Size   int `json:"pageSize"`
		Number int `json:"pageNumber"`
	}
	query := struct {
		Interval string `json:"interval"`
		Order    string `json:"order"`
		OrderBy  string `json:"orderBy"`
		Paging   paging `json:"paging"`
	}{interval(s.From, s.To), s.order, "conversationStart", paging{size, number}}
	var list page
	err := x.post(ctx, "/analytics/conversations/details/query", query, func(body []byte) error { return list.read(body, conversation) })
	return &list, err
}

// fresh gives the records that are not known yet and whose life overlaps the part: the query gives all that began on a UTC day
// it touches. A record whose dates cannot be read stays in.
func (s sweep) fresh(records []pipeline.Record) []pipeline.Record {
	var fresh []pipeline.Record
	d := jsontext.NewDecoder(new(bytes.Buffer), lenient)
	for _, r := range records {
		end, err := time.Parse(dateForm, find(d, r.Body, "conversationEnd")[0])
		if s.known[r.Key] || !r.At.IsZero() && !r.At.Before(s.To) || err == nil && end.Before(s.From) {
			continue
		}
		s.known[r.Key] = true
		fresh = append(fresh, r)
	}
	return fresh
}

// topUp puts beside each record the conversation service's view of it, which has the attributes.
func (x *Extractor) topUp(ctx context.Context, records []pipeline.Record) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(x.config.Parallel)
	for i := range records {
		group.Go(func() error { return x.join(ctx, &records[i]) })
	}
	return group.Wait()
}

// join makes the body of a record {"analytics":…,"conversation":…}. A conversation that the service does not show, or whose id it
// does not take for one, stays alone.
func (x *Extractor) join(ctx context.Context, r *pipeline.Record) error {
	var service []byte
	err := x.get(ctx, "/conversations/"+url.PathEscape(r.Key), func(body []byte) error {
		service = body
		return whole(body)
	})
	body := append([]byte(`{"analytics":`), r.Body...)
	switch {
	case err == nil:
		body = append(append(body, `,"conversation":`...), service...)
	case !hasStatus(err, http.StatusNotFound, http.StatusBadRequest):
		return explain("read conversation "+r.Key, err)
	}
	r.Body = append(body, '}')
	return nil
}

// whole tells whether a body is JSON from its beginning to its end.
func whole(body []byte) error {
	if !jsontext.Value(body).IsValid(lenient) {
		return errors.New("not JSON")
	}
	return nil
}
