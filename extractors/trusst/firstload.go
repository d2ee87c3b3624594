package trusst

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"trunkline/pipeline"
)

// span is how much of a stream's time a first load reads at once.
const span = 7 * 24 * time.Hour

// everything reads all contacts: each stream's by the time they began, a span after the other, then those without one.
func (r *reader) everything(ctx context.Context) error {
	streams, err := query(ctx, r.s, ask{"read streams", streamsSQL, nil}, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, stream := range streams {
		if err := r.stream(ctx, stream); err != nil {
			return err
		}
	}
	next := func(last string) ([]string, error) {
		return query(ctx, r.s, ask{"read contacts without a time", undatedSQL, []any{last, r.x.config.BatchSize}}, pgx.RowTo[string])
	}
	for ids, err := range r.pages(next) {
		if err != nil {
			return err
		}
		if err := r.hydrate(ctx, ids); err != nil {
			return err
		}
	}
	return nil
}

// stream reads the contacts of a stream that have a time.
func (r *reader) stream(ctx context.Context, stream string) error {
	from := pgtype.Timestamp{InfinityModifier: pgtype.NegativeInfinity, Valid: true}
	for {
		began, err := query(ctx, r.s, ask{"find where a stream goes on", beganSQL, []any{stream, from}}, pgx.RowTo[pgtype.Timestamp])
		if err != nil || len(began) == 0 || !began[0].Valid {
			return err
		}
		until := stamp(began[0].Time.Add(span))
		if err := r.span(ctx, stream, began[0], until); err != nil {
			return err
		}
		from = until
	}
}

// span reads the contacts of a stream that began in a span.
func (r *reader) span(ctx context.Context, stream string, from, until pgtype.Timestamp) error {
	type begun struct {
		at pgtype.Timestamp
		id string
	}
	for last := (begun{at: from}); ; {
		args := []any{stream, last.at, last.id, until, r.x.config.BatchSize}
		page, err := query(ctx, r.s, ask{"read contacts of a time", rangeSQL, args}, func(row pgx.CollectableRow) (begun, error) {
			var b begun
			err := row.Scan(&b.at, &b.id)
			return b, err
		})
		if err != nil {
			return err
		}
		ids := make([]string, len(page))
		for i, b := range page {
			ids[i] = b.id
		}
		if err := r.hydrate(ctx, ids); err != nil {
			return err
		}
		if len(page) < r.x.config.BatchSize {
			return nil
		}
		last = page[len(page)-1]
	}
}

// gone makes the record of a contact that is not there any more.
func (r *reader) gone(id string) pipeline.Record {
	body, err := json.Marshal(map[string]string{"contact_id": id})
	if err != nil {
		panic("trusst: a string is no JSON: " + err.Error())
	}
	return pipeline.Record{Key: id, At: r.now.UTC(), Body: body, Gone: true}
}
