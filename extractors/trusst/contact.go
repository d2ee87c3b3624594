package trusst

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"trunkline/pipeline"
)

// completed is the stage at which a contact has all its answers.
const completed = "COMPLETED"

// contact is one contact as it is given out.
type contact struct {
	ID         string   `json:"contact_id"`
	StreamID   string   `json:"stream_id"`
	StreamName *string  `json:"stream_name"`
	StreamType *string  `json:"stream_type"`
	ExternalID *string  `json:"external_id"`
	StartTime  *string  `json:"start_time"`
	Direction  *string  `json:"direction"`
	Stage      string   `json:"current_stage"`
	AgentID    *string  `json:"agent_id"`
	CreatedAt  *string  `json:"created_at"`
	S3         *s3      `json:"s3"`
	Answers    []answer `json:"answers"`

	created time.Time // on the database's clock
	changed time.Time // the newest of its times and its answers'
}

// s3 is the latest recording of a contact.
type s3 struct {
	ConversationID string  `json:"conversation_id"`
	ConnID         *string `json:"conn_id"`
	AgentID        *string `json:"agent_id"`
	CallTime       *string `json:"call_time"`
	Rows           int64   `json:"rows"` // how many there are
}

// answer is the latest answer to a universal question.
type answer struct {
	InferenceID string  `json:"inference_id"`
	QuestionID  string  `json:"question_id"`
	Key         string  `json:"key"`
	Group       *string `json:"group"`
	ResultType  string  `json:"result_type"`
	Result      *string `json:"result"`
	CreatedAt   *string `json:"created_at"`
	UpdatedAt   *string `json:"updated_at"`
}

// contactRow is a row of hydrate.sql.
type contactRow struct {
	contact
	startTime, createdAt             pgtype.Timestamp
	s3ID, connID, s3Agent            *string
	callTime                         pgtype.Timestamp
	s3Rows                           *int64
	inferenceID, questionID, key     *string
	group, resultType, result        *string
	answerCreatedAt, answerUpdatedAt pgtype.Timestamp
}

func scanContact(row pgx.CollectableRow) (contactRow, error) {
	var r contactRow
	err := row.Scan(&r.ID, &r.StreamID, &r.StreamName, &r.StreamType, &r.ExternalID, &r.startTime, &r.Direction, &r.Stage, &r.AgentID,
		&r.createdAt, &r.s3ID, &r.connID, &r.s3Agent, &r.callTime, &r.s3Rows, &r.inferenceID, &r.questionID, &r.key, &r.group,
		&r.resultType, &r.result, &r.answerCreatedAt, &r.answerUpdatedAt)
	return r, err
}

// assemble makes contacts of rows, which come with those of one contact together.
func (x *Extractor) assemble(rows []contactRow) []contact {
	var made []contact
	for i := range rows {
		r := &rows[i]
		if n := len(made); n == 0 || made[n-1].ID != r.ID {
			made = append(made, x.begin(r))
		}
		if r.inferenceID != nil {
			c := &made[len(made)-1]
			c.Answers = append(c.Answers, answer{
				InferenceID: *r.inferenceID, QuestionID: value(r.questionID), Key: value(r.key), Group: r.group,
				ResultType: value(r.resultType), Result: r.result,
				CreatedAt: x.text(r.answerCreatedAt), UpdatedAt: x.text(r.answerUpdatedAt),
			})
			c.changed = later(c.changed, later(finite(r.answerCreatedAt), finite(r.answerUpdatedAt)))
		}
	}
	for _, c := range made { // not by the database's collation
		slices.SortFunc(c.Answers, func(a, b answer) int { return cmp.Compare(a.QuestionID, b.QuestionID) })
	}
	return made
}

func (x *Extractor) begin(r *contactRow) contact {
	c := r.contact
	c.StartTime, c.CreatedAt, c.Answers = x.text(r.startTime), x.text(r.createdAt), []answer{}
	c.created = finite(r.createdAt)
	c.changed = c.created
	if r.s3ID != nil {
		c.S3 = &s3{*r.s3ID, r.connID, r.s3Agent, x.text(r.callTime), value(r.s3Rows)}
	}
	return c
}

func finite(t pgtype.Timestamp) time.Time {
	if !t.Valid || t.InfinityModifier != pgtype.Finite {
		return time.Time{}
	}
	return t.Time
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// record makes the contact's record.
func (x *Extractor) record(c *contact) (pipeline.Record, error) {
	body, err := json.Marshal(c)
	if err != nil {
		return pipeline.Record{}, fmt.Errorf("write contact %s: %w", c.ID, err)
	}
	r := pipeline.Record{Key: c.ID, Body: body}
	if !c.changed.IsZero() {
		r.At = x.moment(c.changed)
	}
	return r, nil
}
