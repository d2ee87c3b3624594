package salesforce

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"trunkline/internal/salesforce"
	"trunkline/pipeline"
)

// pull reads the changes of one object.
type pull struct {
	client    *salesforce.Client
	threshold int
	source    source
	object    *salesforce.Object
	fields    []string
	window    pipeline.Window
	emit      func([]pipeline.Record, string) error
	at        place
}

// run passes over the changes from a place, and over those made meanwhile until a pass was so short that the next run's overlap
// covers it.
func (p *pull) run(ctx context.Context, from place) error {
	p.at = from
	began := time.Now()
	if !from.Begun.IsZero() { // by an earlier attempt
		began = began.Add(-p.client.Now().Sub(from.Begun))
	}
	for {
		if p.at.Begun.IsZero() {
			p.at.Begun = p.client.Now().Truncate(time.Second)
		}
		if err := p.deletions(ctx); err != nil {
			return err
		}
		if err := p.rows(ctx); err != nil {
			return err
		}
		if time.Since(began) < overlap/2 {
			return nil
		}
		p.at = place{Since: later(p.window.From, p.at.Begun.Add(-overlap)), Covered: p.at.Covered}
		began = time.Now()
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (p *pull) keep(page []pipeline.Record) error {
	if len(page) == 0 {
		return nil
	}
	cursor, err := p.at.cursor()
	if err != nil {
		return err
	}
	return p.emit(page, cursor)
}

// recycled tells whether the object has a recycle bin, and so deletions to follow.
func (p *pull) recycled() bool { return has(p.object, "IsDeleted") }

// pageSize is how many deletions make a page.
const pageSize = 2000

// deletions emits what was deleted since the last time. They come before the rows: one that is still in the recycle bin, and tells
// more, then comes after its deletion. A mirror that begins has nothing that could have been deleted.
func (p *pull) deletions(ctx context.Context) error {
	if !p.recycled() || !p.object.Replicateable || p.source.stamp == created {
		return nil
	}
	if p.at.Covered.IsZero() {
		p.at.Covered = p.at.Begun
		return nil
	}
	found, err := p.client.Deleted(ctx, p.object.Name, p.at.Covered)
	if err != nil {
		return err
	}
	var page []pipeline.Record
	for _, d := range found.Records {
		if d.At.Before(p.at.Covered.Truncate(time.Second)) { // found only because Salesforce looks at whole minutes
			continue
		}
		if len(page) == pageSize {
			if err := p.keep(page); err != nil {
				return err
			}
			page = nil
		}
		r, err := tombstone(d)
		if err != nil {
			return err
		}
		page = append(page, r)
	}
	p.at.Covered = found.Covered
	return p.keep(page)
}

// rows emits what changed since the place, from a Bulk job if that is a lot.
func (p *pull) rows(ctx context.Context) error {
	resumed := p.at.Bulk.Job != ""
	bulk := resumed
	if !bulk && p.at.After == "" {
		n, err := p.client.Count(ctx, "SELECT COUNT() FROM "+p.object.Name+p.where(p.window.To), p.recycled())
		if err != nil && salesforce.ClassOf(err) != salesforce.TooSlow { // too many to count is many
			return err
		}
		bulk = err != nil || n > p.threshold
	}
	if bulk {
		switch err := p.job(ctx); salesforce.ClassOf(err) {
		case salesforce.NoBulk:
		case salesforce.Absent, salesforce.Expired:
			if !resumed {
				return err
			}
			p.at.Bulk = salesforce.Position{}
			return p.rows(ctx)
		default:
			return err
		}
	}
	return p.queries(ctx)
}

func (p *pull) soql(until time.Time) string {
	return "SELECT " + strings.Join(p.fields, ", ") + " FROM " + p.object.Name + p.where(until)
}

func (p *pull) where(until time.Time) string { return p.at.condition(p.source, until) }

// job emits the rows of a Bulk job. It is not told to order them: that would make it slow, or fail.
func (p *pull) job(ctx context.Context) error {
	b := salesforce.Bulk{SOQL: p.soql(p.window.To), All: p.recycled(), Of: p.object, At: p.at.Bulk}
	return p.client.BulkQuery(ctx, b, func(rows []json.RawMessage, next salesforce.Position, last bool) error {
		p.at.Bulk = next
		if last { // only what changed meanwhile is left
			p.at.Bulk = salesforce.Position{}
			p.at.Since, p.at.After = later(p.at.Since, p.at.Begun.Add(-overlap)), ""
		}
		return p.keep(records(rows, p.source.stamp))
	})
}

// patience is how often a query is begun again whose pages expire before they bring anything new.
const patience = 3

// queries emits the rows in the order of their changes. If the pages of a query expire, another one goes on where they ended; if it
// runs too long, it is asked for half the time.
func (p *pull) queries(ctx context.Context) error {
	s := span{limit: p.window.To}
	for stuck := 0; ; {
		before := p.at
		err := p.client.Query(ctx, p.soql(s.until())+" ORDER BY "+p.source.stamp+", Id", p.recycled(), func(rows []json.RawMessage) error {
			page := records(rows, p.source.stamp)
			p.at.advance(page)
			return p.keep(page)
		})
		if p.at != before {
			stuck = 0
		}
		switch salesforce.ClassOf(err) {
		case salesforce.Expired:
			if stuck++; stuck > patience {
				return err
			}
		case salesforce.TooSlow:
			if !s.halve(p.at.Since, p.client.Now()) {
				return err
			}
		default:
			if err != nil || s.open() {
				return err
			}
			p.at.Since, p.at.After = s.next(p.client.Now()), ""
		}
	}
}

// span bounds queries that run too long.
type span struct {
	limit time.Time // where the window ends; zero is never
	end   time.Time // where the query ends; zero is at the limit
	step  time.Duration
}

// oldest is before any record.
var oldest = time.Date(1999, time.January, 1, 0, 0, 0, 0, time.UTC)

func (s *span) until() time.Time {
	if s.end.IsZero() {
		return s.limit
	}
	return s.end
}

// open tells that the query that ends here is the last one.
func (s *span) open() bool { return s.end.IsZero() }

// halve asks for half as much from since on; false if that would be less than a few seconds.
func (s *span) halve(since, now time.Time) bool {
	since = later(since, oldest)
	end := s.until()
	if end.IsZero() {
		end = now
	}
	s.step = end.Sub(since) / 2
	s.end = since.Add(s.step).Truncate(time.Second)
	return s.step >= 4*time.Second
}

// next goes on to the span behind this one, twice as long, and tells where it begins.
func (s *span) next(now time.Time) time.Time {
	begin := s.end
	s.step *= 2
	if s.end = s.end.Add(s.step); s.end.After(now) || (!s.limit.IsZero() && !s.end.Before(s.limit)) {
		s.end = time.Time{}
	}
	return begin
}
