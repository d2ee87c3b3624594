package trusst

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"trunkline/pipeline"
)

// reader reads the contacts that changed since a note was written, and writes the next one. Four things tell of a change, because
// each misses some:
//
//   - the times of inferences, from an overlap before the newest one seen: a transaction may commit long after its times. The
//     contact's stage plays no part, because nothing tells when it changes;
//   - the pending contacts, read again each time until they are completed;
//   - the set of universal questions: a question that enters, leaves or is defined anew concerns all contacts that were asked it;
//   - a fingerprint of each contact made lately, compared as a set with those before: stages that went back, late S3 rows, deleted
//     answers, deleted contacts.
//
// Each contact that is told of is read whole, and given out if it is not what was given out last.
type reader struct {
	x    *Extractor
	s    *session
	note *note
	emit func([]pipeline.Record) error

	now    time.Time // the server's
	upper  time.Time // changes from here on are left to the next run: the replica may not have all of them
	since  time.Time // contacts made since then are reconciled, on the database's clock; zero is none
	prints map[string]digest
}

// set is contacts by id.
type set map[string]struct{}

func (r *reader) run(ctx context.Context) error {
	if err := r.position(ctx); err != nil {
		return err
	}
	universal, err := r.x.universal(ctx, r.s)
	if err != nil {
		return err
	}
	first := r.note.Watermark.IsZero()
	watermark, touched, err := r.changed(ctx, first)
	if err != nil {
		return err
	}
	maps.Copy(touched, r.pending())
	if err := r.reconcile(ctx, touched, first && len(r.note.Contacts) == 0); err != nil {
		return err
	}
	if first {
		err = r.everything(ctx)
	} else {
		err = r.backfill(ctx, universal, touched)
	}
	if err != nil {
		return err
	}
	if err := r.hydrateAll(ctx, touched); err != nil {
		return err
	}
	r.note.Watermark, r.note.Universal = watermark, universal
	r.expire(ctx)
	return nil
}

// position asks how far the server has come. A standby is where its last transaction was; if it does not tell there is no bound.
func (r *reader) position(ctx context.Context) error {
	p, err := askPosition(ctx, r.s)
	if err != nil {
		return err
	}
	r.now, r.upper = p.now, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	if at := p.at(); !at.IsZero() {
		r.upper = r.x.wall(at).Add(time.Microsecond)
		if p.now.Sub(at) > lagTolerance {
			r.x.config.Log.WarnContext(ctx, "trusst's replica is behind, or nothing happens: what it does not have is left to the next run",
				"newest", at.UTC())
		}
	}
	if r.x.config.Reconcile > 0 {
		r.since = r.x.wall(r.now.Add(-r.x.config.Reconcile))
	}
	return nil
}

// position is how far a server has come.
type position struct {
	standby  bool
	replayed *time.Time // when the last transaction was committed that the standby has; nil if it does not tell
	now      time.Time  // the server's clock
}

// at gives the time up to which the server has everything; zero if it does not tell.
func (p position) at() time.Time {
	if !p.standby {
		return p.now
	}
	return value(p.replayed)
}

func askPosition(ctx context.Context, s *session) (position, error) {
	found, err := query(ctx, s, ask{"ask for the position", positionSQL, nil}, func(row pgx.CollectableRow) (position, error) {
		var p position
		err := row.Scan(&p.standby, &p.replayed, &p.now)
		return p, err
	})
	if err != nil {
		return position{}, err
	}
	if len(found) != 1 {
		return position{}, errors.New("trusst: ask for the position: no answer")
	}
	return found[0], nil
}

// changed gives the contacts of changed inferences and the newest change. Before a first load there is nothing to compare with: it
// gives only the watermark that the load, which begins after, may claim.
func (r *reader) changed(ctx context.Context, first bool) (time.Time, set, error) {
	touched := set{}
	if first {
		newest, err := query(ctx, r.s, ask{"find the newest change", newestSQL, []any{stamp(r.upper)}}, pgx.RowTo[pgtype.Timestamp])
		if err != nil || len(newest) == 0 {
			return time.Time{}, touched, err
		}
		return finite(newest[0]), touched, nil
	}
	type change struct {
		at      time.Time
		id      string
		contact string
	}
	last := change{at: r.note.Watermark.Add(-r.x.overlap())}
	newest := r.note.Watermark
	for {
		args := []any{stamp(last.at), last.id, stamp(r.upper), r.x.config.PageSize}
		page, err := query(ctx, r.s, ask{"read changes", changedSQL, args}, func(row pgx.CollectableRow) (change, error) {
			var c change
			err := row.Scan(&c.at, &c.id, &c.contact)
			return c, err
		})
		if err != nil {
			return newest, nil, err
		}
		for _, c := range page {
			touched[c.contact] = struct{}{}
		}
		if len(page) > 0 {
			last = page[len(page)-1]
			newest = later(newest, last.at)
		}
		if len(page) < r.x.config.PageSize {
			return newest, touched, nil
		}
	}
}

func (r *reader) pending() set {
	waiting := set{}
	for id, k := range r.note.Contacts {
		if k.waits() {
			waiting[id] = struct{}{}
		}
	}
	return waiting
}

// reconcile adds the contacts to touched whose fingerprint is not the one known, and those known that have none any more. Where
// nothing is known it only takes the fingerprints. They are taken before the contacts are read: one that is older than what was given out costs
// another look, one that is younger would hide a change.
func (r *reader) reconcile(ctx context.Context, touched set, fresh bool) error {
	r.prints = map[string]digest{}
	if r.since.IsZero() {
		return nil
	}
	var found int64
	differs := func(id string) {
		if _, already := touched[id]; !already && !fresh {
			touched[id] = struct{}{}
			found++
		}
	}
	for last := ""; ; {
		type print struct{ id, sum string }
		args := []any{stamp(r.since), last, r.x.config.PageSize}
		page, err := query(ctx, r.s, ask{"reconcile", fingerprintsSQL, args}, func(row pgx.CollectableRow) (print, error) {
			var p print
			err := row.Scan(&p.id, &p.sum)
			return p, err
		})
		if err != nil {
			return err
		}
		for _, p := range page {
			var d digest
			if err := d.UnmarshalText([]byte(p.sum)); err != nil {
				return err
			}
			r.prints[p.id] = d
			if k, ok := r.note.Contacts[p.id]; !ok || k.Print != d {
				differs(p.id)
			}
		}
		if len(page) < r.x.config.PageSize {
			break
		}
		last = page[len(page)-1].id
	}
	for id, k := range r.note.Contacts {
		if _, ok := r.prints[id]; !ok && k.Created >= r.since.UnixMicro() {
			differs(id)
		}
	}
	r.x.count(func(u *pipeline.Usage) { u.Counts[CountReconciled] += found })
	return nil
}

// backfill reads the contacts that were asked a question which entered the universal ones, left them, or means something else now.
func (r *reader) backfill(ctx context.Context, universal map[string]digest, touched set) error {
	if r.note.Universal == nil { // it was not known before which there were
		return nil
	}
	concerned := set{}
	for id, d := range universal {
		if old, ok := r.note.Universal[id]; !ok || old != d {
			concerned[id] = struct{}{}
		}
	}
	for id := range r.note.Universal {
		if _, ok := universal[id]; !ok {
			concerned[id] = struct{}{}
		}
	}
	for _, q := range slices.Sorted(maps.Keys(concerned)) {
		next := func(last string) ([]string, error) {
			return query(ctx, r.s, ask{"read who was asked a question", askedSQL, []any{q, last, r.x.config.BatchSize}}, pgx.RowTo[string])
		}
		for ids, err := range r.pages(next) {
			if err != nil {
				return err
			}
			if err := r.hydrate(ctx, slices.DeleteFunc(ids, func(id string) bool { _, later := touched[id]; return later })); err != nil {
				return err
			}
		}
	}
	return nil
}

// pages gives pages of contacts, each asked for behind the last contact of the one before.
func (r *reader) pages(next func(last string) ([]string, error)) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for last := ""; ; {
			ids, err := next(last)
			if err != nil {
				yield(nil, err)
				return
			}
			if len(ids) == 0 {
				return
			}
			last = ids[len(ids)-1]
			if more := len(ids) == r.x.config.BatchSize; !yield(ids, nil) || !more {
				return
			}
		}
	}
}

// hydrateAll reads contacts in the order of their ids, so that equal runs write equal files.
func (r *reader) hydrateAll(ctx context.Context, ids set) error {
	for batch := range slices.Chunk(slices.Sorted(maps.Keys(ids)), r.x.config.BatchSize) {
		if err := r.hydrate(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// hydrate reads contacts whole and gives out those that are not what was given out last. One that is not there any more is gone.
func (r *reader) hydrate(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := query(ctx, r.s, ask{"read contacts", hydrateSQL, []any{ids}}, scanContact)
	if err != nil {
		return err
	}
	var page []pipeline.Record
	there := set{}
	for _, c := range r.x.assemble(rows) {
		there[c.ID] = struct{}{}
		rec, err := r.x.record(&c)
		if err != nil {
			return err
		}
		if r.know(&c, digestOf(rec.Body)) {
			page = append(page, rec)
		}
	}
	r.x.count(func(u *pipeline.Usage) { u.Counts[CountUnchanged] += int64(len(there) - len(page)) })
	for _, id := range ids {
		if _, ok := there[id]; !ok {
			page = append(page, r.gone(id))
			delete(r.note.Contacts, id)
		}
	}
	if len(page) == 0 {
		return nil
	}
	return r.emit(page)
}

// know notes a contact as it is now, and tells whether it is another than before.
func (r *reader) know(c *contact, content digest) bool {
	old, ok := r.note.Contacts[c.ID]
	k := known{Created: c.created.UnixMicro(), Content: content, Print: r.prints[c.ID], Pending: old.Pending, Expired: old.Expired}
	switch {
	case c.Stage == completed:
		k.Pending, k.Expired = 0, false
	case k.Pending == 0:
		k.Pending = r.now.Unix()
	}
	if k.waits() || r.isRecent(k) {
		r.note.Contacts[c.ID] = k
	} else {
		delete(r.note.Contacts, c.ID)
	}
	return !ok || old.Content != content
}

func (r *reader) isRecent(k known) bool { return !r.since.IsZero() && k.Created >= r.since.UnixMicro() }

// expire gives up on contacts that were not completed for too long, says so, and forgets what no later run needs.
func (r *reader) expire(ctx context.Context) {
	limit := r.now.Add(-r.x.config.PendingFor).Unix()
	var given []string
	for id, k := range r.note.Contacts {
		if k.waits() && k.Pending <= limit {
			k.Expired = true
			r.note.Contacts[id] = k
			given = append(given, id)
		}
		if !k.waits() && !r.isRecent(k) {
			delete(r.note.Contacts, id)
		}
	}
	if len(given) == 0 {
		return
	}
	slices.Sort(given)
	r.x.count(func(u *pipeline.Usage) { u.Counts[CountExpired] += int64(len(given)) })
	r.x.config.Log.ErrorContext(ctx, "trusst contacts are given up: not completed in time, a later change or reconciliation finds them again",
		"contacts", len(given), "after", r.x.config.PendingFor, "first", given[:min(len(given), 10)])
}
