package trusst

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"trunkline/pipeline"
)

// question is one question as it is given out.
type question struct {
	ID         string  `json:"question_id"`
	Key        string  `json:"key"`
	Text       string  `json:"text"`
	ResultType string  `json:"result_type"`
	Universal  bool    `json:"is_universal"`
	Scored     bool    `json:"is_scored"`
	Group      *string `json:"group"`
	CreatedAt  *string `json:"created_at"`

	created pgtype.Timestamp
}

// questionPages gives every question to page, some at a time.
func (x *Extractor) questionPages(ctx context.Context, s *session, page func([]question) error) error {
	for last := ""; ; {
		qs, err := query(ctx, s, ask{"read questions", questionsSQL, []any{last, x.config.PageSize}}, func(row pgx.CollectableRow) (question, error) {
			var q question
			err := row.Scan(&q.ID, &q.Key, &q.Text, &q.ResultType, &q.Universal, &q.Scored, &q.Group, &q.created)
			q.CreatedAt = x.text(q.created)
			return q, err
		})
		if err != nil || len(qs) == 0 {
			return err
		}
		if err := page(qs); err != nil {
			return err
		}
		if len(qs) < x.config.PageSize {
			return nil
		}
		last = qs[len(qs)-1].ID
	}
}

// emitQuestions gives out every question.
func (x *Extractor) emitQuestions(ctx context.Context, s *session, emit func([]pipeline.Record) error) error {
	return x.questionPages(ctx, s, func(qs []question) error {
		page := make([]pipeline.Record, len(qs))
		for i, q := range qs {
			body, err := json.Marshal(q)
			if err != nil {
				return fmt.Errorf("write question %s: %w", q.ID, err)
			}
			page[i] = pipeline.Record{Key: q.ID, Body: body}
			if at := finite(q.created); !at.IsZero() {
				page[i].At = x.moment(at)
			}
		}
		return emit(page)
	})
}

// universal gives what the answers to each universal question say of it.
func (x *Extractor) universal(ctx context.Context, s *session) (map[string]digest, error) {
	found := map[string]digest{}
	err := x.questionPages(ctx, s, func(qs []question) error {
		for _, q := range qs {
			if !q.Universal {
				continue
			}
			text, err := json.Marshal([]any{q.Key, q.Group, q.ResultType})
			if err != nil {
				return fmt.Errorf("write question %s: %w", q.ID, err)
			}
			found[q.ID] = digestOf(text)
		}
		return nil
	})
	return found, err
}
