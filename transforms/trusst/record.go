package trusst

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trunkline/pipeline"
	"trunkline/schema"
)

// contact is a record of the stream contacts.
type contact struct {
	ContactID    string     `json:"contact_id"`
	StreamID     *string    `json:"stream_id"`
	StreamName   *string    `json:"stream_name"`
	StreamType   *string    `json:"stream_type"`
	ExternalID   *string    `json:"external_id"`
	StartTime    *time.Time `json:"start_time"`
	Direction    *string    `json:"direction"`
	CurrentStage *string    `json:"current_stage"`
	AgentID      *string    `json:"agent_id"`
	CreatedAt    *time.Time `json:"created_at"`
	S3           *recording `json:"s3"`
	Answers      []answer   `json:"answers"`
}

// recording is a contact's row of s3_conversations, the latest where there are more.
type recording struct {
	ConversationID *string    `json:"conversation_id"`
	ConnID         *string    `json:"conn_id"`
	AgentID        *string    `json:"agent_id"`
	CallTime       *time.Time `json:"call_time"`
	Rows           int64      `json:"rows"`
}

// answer is the newest inference of one universal question.
type answer struct {
	InferenceID *string    `json:"inference_id"`
	QuestionID  string     `json:"question_id"`
	Key         *string    `json:"key"`
	Group       *string    `json:"group"`
	ResultType  *string    `json:"result_type"`
	Result      *string    `json:"result"`
	CreatedAt   *time.Time `json:"created_at"`
	UpdatedAt   *time.Time `json:"updated_at"`
}

// question is a record of the stream questions.
type question struct {
	QuestionID  string     `json:"question_id"`
	Key         *string    `json:"key"`
	Text        *string    `json:"text"`
	ResultType  *string    `json:"result_type"`
	IsUniversal *bool      `json:"is_universal"`
	IsScored    *bool      `json:"is_scored"`
	Group       *string    `json:"group"`
	CreatedAt   *time.Time `json:"created_at"`
}

// fault says why a record cannot be a row.
type fault struct{ reason, message string }

// decode reads a record; nil is no fault.
func decode(body []byte, into any) *fault {
	err := json.Unmarshal(body, into, jsontext.AllowInvalidUTF8(true))
	var wrong *json.SemanticError
	var syntax *jsontext.SyntacticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return &fault{"bad_json", "the record is no JSON object: " + err.Error()}
	case errors.As(err, &wrong) && wrong.GoType == timeType:
		return &fault{"bad_date", found(body, wrong.JSONPointer) + "; it must be a time such as 2026-05-01T07:25:37Z"}
	case errors.As(err, &wrong):
		return &fault{"wrong_type", found(body, wrong.JSONPointer) + "; it must be a JSON value that fits " + wrong.GoType.String()}
	default:
		return &fault{"wrong_type", err.Error()}
	}
}

// found names the member at a place of a record, and its value.
func found(body []byte, p jsontext.Pointer) string {
	const most = 100
	name, value := "the record", jsontext.Value(body)
	for token := range p.Tokens() {
		var object map[string]jsontext.Value
		var array []jsontext.Value
		if json.Unmarshal(value, &object, jsontext.AllowInvalidUTF8(true)) == nil {
			value = object[token]
		} else if i, err := strconv.Atoi(token); err == nil && json.Unmarshal(value, &array, jsontext.AllowInvalidUTF8(true)) == nil && i < len(array) {
			value = array[i]
		}
		name = string(p)
	}
	if len(value) > most {
		value = append(value[:most:most], "…"...)
	}
	return name + " is " + string(value)
}

// effective is when an answer last changed: the later of its times, of which either may be missing.
func (a *answer) effective() *time.Time { return later(a.UpdatedAt, a.CreatedAt) }

// later gives the later of two times; one that is missing does not count.
func later(a, b *time.Time) *time.Time {
	if a == nil || (b != nil && b.After(*a)) {
		return b
	}
	return a
}

// reject makes a reject of an item.
func reject(stream string, item pipeline.Item, f *fault) *schema.Reject {
	key := item.Key
	if key == "" {
		sum := sha256.Sum256(item.Body)
		key = "sha256:" + hex.EncodeToString(sum[:])
	}
	return &schema.Reject{
		Source: "trusst", Entity: stream, NaturalKey: key, ReasonCode: f.reason, Message: f.message,
		PayloadRef: item.Ref, Payload: item.Body,
	}
}
