package bigquery

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/bigquery"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
)

// Query asks the warehouse. It is asked first what it would do: only what reads is sent.
func Query(ctx context.Context, c Config, query string, to warehouse.Answer) (err error) {
	l, err := connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.client.Close()) }()
	return l.answer(ctx, query, to)
}

func (l *Loader) answer(ctx context.Context, query string, to warehouse.Answer) error {
	q := question{step: "query", text: query}
	told, err := l.dryRun(ctx, q)
	if err != nil {
		return l.unanswered(ctx, err)
	}
	if told.StatementType != "SELECT" {
		return &pipeline.Error{
			Code: "TL6004", Kind: pipeline.Misuse, What: fmt.Sprintf("query: it is a statement of type %s", told.StatementType),
			Cure: "Ask with a select; use bq or the console for everything else",
		}
	}
	job, err := l.run(ctx, q)
	if err != nil {
		return l.unanswered(ctx, err)
	}
	rows, err := job.Read(ctx)
	if err != nil {
		return l.unanswered(ctx, err)
	}
	return give(rows, to)
}

// dryRun asks what a question would do and cost, without doing it.
func (l *Loader) dryRun(ctx context.Context, q question) (*bigquery.QueryStatistics, error) {
	query := l.query(q)
	query.DryRun = true
	query.Location = l.config.Location
	limited, cancel := context.WithTimeout(ctx, l.config.Patience)
	defer cancel()
	job, err := query.Run(limited)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", q.step, err)
	}
	status := job.LastStatus()
	if status == nil || status.Statistics == nil {
		return nil, fmt.Errorf("%s: a dry run that tells nothing", q.step)
	}
	told, ok := status.Statistics.Details.(*bigquery.QueryStatistics)
	if !ok {
		return nil, fmt.Errorf("%s: a dry run that tells nothing", q.step)
	}
	return told, nil
}

// unanswered tells a view that the gate holds back, and a warehouse of which nothing is published, from a name that is misspelt.
func (l *Loader) unanswered(ctx context.Context, err error) error {
	t := tell(err)
	switch {
	case t.reason == "notFound":
	case t.reason == "invalidQuery", t.reason == "invalid":
		return fmt.Errorf("query: %w", err)
	default:
		return l.config.explain("query the warehouse", err)
	}
	rows, look := l.ask(ctx, question{step: "published", text: "select view_name, state, coalesce(reason, '') as reason\nfrom etl_publications"})
	if look != nil || len(rows) == 0 {
		return &pipeline.Error{
			Code: "TL6005", Kind: pipeline.Misuse, What: "query: nothing is published there", Cure: "Run: trunkline run; its last step publishes", Err: err,
		}
	}
	for _, row := range rows {
		if row[1] == string(warehouse.Withheld) && missing(t.message, fmt.Sprint(row[0])) {
			return &pipeline.Error{
				Code: "TL7003", Kind: pipeline.Gated,
				What: fmt.Sprintf("query: %s is withheld because the quality gate was never open: %s", row[0], row[2]),
				Cure: "Look where the ids get lost: trunkline query \"select * from join_quality_daily\"",
			}
		}
	}
	return fmt.Errorf("query: %w", err)
}

// give hands over the rows of an answer.
func give(rows *bigquery.RowIterator, to warehouse.Answer) error {
	headings := make([]warehouse.Heading, len(rows.Schema))
	for i, c := range rows.Schema {
		headings[i] = warehouse.Heading{Name: c.Name, Type: string(c.Type)}
	}
	if err := to.Columns(headings); err != nil {
		return err
	}
	values := make([]any, len(headings))
	return eachRow(rows, func(row []bigquery.Value) error {
		for i, v := range row {
			var err error
			if values[i], err = plain(v); err != nil {
				return fmt.Errorf("query: column %s: %w", headings[i].Name, err)
			}
		}
		return to.Row(values)
	})
}

// plain makes of a value one of those that an Answer takes.
func plain(v bigquery.Value) (any, error) {
	switch v := v.(type) {
	case nil, bool, int64, string:
		return v, nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v), nil
		}
		return v, nil
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.999999Z07:00"), nil
	case *big.Rat: // what float64 holds is a number, the rest a text
		text := strings.TrimRight(strings.TrimRight(bigquery.BigNumericString(v), "0"), ".")
		if f, err := strconv.ParseFloat(text, 64); err == nil && v.Cmp(new(big.Rat).SetFloat64(f)) == 0 {
			return f, nil
		}
		return text, nil
	case fmt.Stringer: // days and times of the clock
		return v.String(), nil
	default:
		text, err := json.Marshal(v)
		return json.RawMessage(text), err
	}
}
