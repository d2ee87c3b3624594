package bigquery

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/iterator"
)

// question is a query or a script.
type question struct {
	id         string // begins the job's id; empty: one that was never there
	run, step  string // what it is for
	text       string
	parameters []bigquery.QueryParameter
	done       func(context.Context) (bool, error) // see order
}

// query gives a question as a query job.
func (l *Loader) query(q question) *bigquery.Query {
	query := l.client.Query(q.text)
	query.DefaultProjectID, query.DefaultDatasetID = l.config.Project, l.config.Dataset
	query.Labels = labels(q.run, q.step)
	query.Parameters = q.parameters
	query.MaxBytesBilled = l.config.MaxBytesBilled
	query.DisableQueryCache = true // tables change from statement to statement
	return query
}

// run runs a question to its end.
func (l *Loader) run(ctx context.Context, q question) (*bigquery.Job, error) {
	fresh := q.id == ""
	if fresh {
		q.id = "tl_" + q.step + "_" + rand.Text()
	}
	job, err := l.jobs.run(ctx, order{
		id: q.id, fresh: fresh,
		submit: func(ctx context.Context, id bigquery.JobIDConfig) (*bigquery.Job, error) {
			query := l.query(q)
			query.JobIDConfig = id
			return query.Run(ctx)
		},
		same: func(has bigquery.JobConfig) bool { return sameQuery(has, l.query(q)) },
		done: q.done,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", q.step, err)
	}
	return job, nil
}

// sameQuery tells whether a job asks what a query does, of the same tables.
func sameQuery(has bigquery.JobConfig, q *bigquery.Query) bool {
	of, ok := has.(*bigquery.QueryConfig)
	if !ok || of.Q != q.Q || of.DefaultDatasetID != q.DefaultDatasetID || of.DefaultProjectID != q.DefaultProjectID {
		return false
	}
	return slices.EqualFunc(of.Parameters, q.Parameters, func(a, b bigquery.QueryParameter) bool {
		return a.Name == b.Name && sameValue(a.Value, b.Value)
	})
}

// sameValue compares a parameter's value as it comes back with ours: times may have another form, and NULL is an empty text.
func sameValue(a, b any) bool {
	if b, ok := b.(bigquery.NullString); ok && !b.Valid {
		return a == "" || a == b
	}
	if b, ok := b.(time.Time); ok {
		a, ok := a.(time.Time)
		return ok && a.Equal(b)
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// ask gives the rows of a short answer.
func (l *Loader) ask(ctx context.Context, q question) (all [][]bigquery.Value, err error) {
	err = l.each(ctx, q, func(_ bigquery.Schema, row []bigquery.Value) error {
		all = append(all, row)
		return nil
	})
	return all, err
}

// each gives the rows of an answer one by one.
func (l *Loader) each(ctx context.Context, q question, give func(bigquery.Schema, []bigquery.Value) error) error {
	job, err := l.run(ctx, q)
	if err != nil {
		return err
	}
	rows, err := job.Read(ctx)
	if err != nil {
		return fmt.Errorf("%s: read the answer: %w", q.step, err)
	}
	err = eachRow(rows, func(row []bigquery.Value) error { return give(rows.Schema, row) })
	if err != nil {
		return fmt.Errorf("%s: %w", q.step, err)
	}
	return nil
}

func eachRow(rows *bigquery.RowIterator, give func([]bigquery.Value) error) error {
	for {
		var row []bigquery.Value
		err := rows.Next(&row)
		if errors.Is(err, iterator.Done) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the answer: %w", err)
		}
		if err := give(row); err != nil {
			return err
		}
	}
}

// parameter gives a parameter a value: string, float64, int64, time.Time, []string or nil, which is a text.
func parameter(name string, value any) bigquery.QueryParameter {
	switch v := value.(type) {
	case nil:
		return bigquery.QueryParameter{Name: name, Value: bigquery.NullString{}}
	case time.Time:
		return bigquery.QueryParameter{Name: name, Value: v.UTC().Truncate(time.Microsecond)}
	case []string:
		if v == nil {
			v = []string{}
		}
		return bigquery.QueryParameter{Name: name, Value: v}
	default:
		return bigquery.QueryParameter{Name: name, Value: v}
	}
}
