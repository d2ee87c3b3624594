package trusst

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/jackc/pgx/v5"

	"trunkline/pipeline"
)

// session is a connection that is made again when it breaks. Each statement is a transaction of its own: a standby that has to catch
// up cancels a short one seldom, and all that it costs is to ask for that page again.
type session struct {
	x    *Extractor
	conn *pgx.Conn // nil when there is none
}

// connect takes one of the extractor's connections.
func (x *Extractor) connect(ctx context.Context) (*session, error) {
	select {
	case x.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s := &session{x: x}
	if err := s.try(ctx, "connect", func(*pgx.Conn) error { return nil }); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// close gives the connection back.
func (s *session) close() {
	s.drop()
	<-s.x.slots
}

// drop ends the connection, also when everything else was told to stop.
func (s *session) drop() {
	if s.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	_ = s.conn.Close(ctx) // nothing is lost with it
	s.conn = nil
}

// try does something with the connection, and again where that can help, with longer and longer pauses.
func (s *session) try(ctx context.Context, doing string, do func(*pgx.Conn) error) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = 100*time.Millisecond, 5*time.Second
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := s.once(ctx, do)
		switch {
		case err == nil:
			return struct{}{}, nil
		case ctx.Err() != nil:
			return struct{}{}, backoff.Permanent(ctx.Err())
		case !mayPass(err):
			return struct{}{}, backoff.Permanent(err)
		default:
			return struct{}{}, err
		}
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(s.x.tries), backoff.WithNotify(func(error, time.Duration) {
		s.x.count(func(u *pipeline.Usage) { u.Retries++ })
	}))
	return explain(doing, err)
}

func (s *session) once(ctx context.Context, do func(*pgx.Conn) error) error {
	if s.conn != nil && s.conn.IsClosed() {
		s.conn = nil
	}
	if s.conn == nil {
		var err error
		if s.conn, err = s.x.open(ctx); err != nil {
			return err
		}
	}
	s.x.count(func(u *pipeline.Usage) { u.Calls++ })
	return do(s.conn)
}

// ask is a statement, and what it is for, in words.
type ask struct {
	doing string
	sql   string
	args  []any
}

// query gives the rows of a statement: a page, whole or not at all.
func query[T any](ctx context.Context, s *session, a ask, scan pgx.RowToFunc[T]) ([]T, error) {
	var page []T
	err := s.try(ctx, a.doing, func(c *pgx.Conn) error {
		rows, err := c.Query(ctx, a.sql, a.args...)
		if err != nil {
			return err
		}
		page, err = pgx.CollectRows(rows, scan)
		return err
	})
	if err != nil {
		return nil, err
	}
	return page, nil
}
