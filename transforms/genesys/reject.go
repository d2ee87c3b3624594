package genesys

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trunkline/pipeline"
	"trunkline/schema"
)

// flaw is why a record cannot be a row: a reason for machines, and a sentence with field, value and what would be right.
type flaw struct{ reason, message string }

// longestID is how long a key of the tables may be. A longer one would be cut and could fall together with another.
const longestID = 100

func reject(in *pipeline.Inputs, kind string, item pipeline.Item, why flaw) *schema.Reject {
	source, entity, _ := strings.Cut(kind, ".")
	key := item.Key
	if key == "" {
		sum := sha256.Sum256(item.Body)
		key = "sha256:" + hex.EncodeToString(sum[:])
	}
	return &schema.Reject{
		RunID: in.Run, Source: source, Entity: entity, NaturalKey: key, ReasonCode: why.reason, Message: why.message,
		PayloadRef: item.Ref, SeenAt: in.ObservedAt, Payload: item.Body,
	}
}

// undecodable explains an error of the decoder.
func undecodable(body []byte, err error) flaw {
	var wrong *json.SemanticError
	if !errors.As(err, &wrong) {
		return flaw{"bad_json", err.Error()}
	}
	return flaw{"wrong_type", fmt.Sprintf("%s is %s; right would be %s", place(wrong.JSONPointer), quoted(body, wrong.JSONPointer), rightFor(wrong.GoType))}
}

func place(p jsontext.Pointer) string {
	if p == "" {
		return "the record"
	}
	return strings.TrimPrefix(string(p), "/")
}

// quoted gives what a record holds at a place, as it was received, but short enough to be read.
func quoted(body []byte, at jsontext.Pointer) string {
	const most = 100
	value := jsontext.Value(body)
	for token := range at.Tokens() {
		value = child(value, token)
	}
	text := strings.ToValidUTF8(strings.TrimSpace(string(value)), "\uFFFD")
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// child gives the member of an object, or the element of a list, that a pointer's token names.
func child(of jsontext.Value, token string) jsontext.Value {
	var members map[string]jsontext.Value
	if json.Unmarshal(of, &members, lenient) == nil {
		return members[token]
	}
	var list []jsontext.Value
	i, err := strconv.Atoi(token)
	if json.Unmarshal(of, &list, lenient) != nil || err != nil || i < 0 || i >= len(list) {
		return nil
	}
	return list[i]
}

// rightFor names what a member should have been.
func rightFor(t reflect.Type) string {
	if t == nil {
		return "something else"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	default:
		return "an object"
	}
}

// farAhead is how far a start may lie after the time at which the source was asked: clocks differ, but not by a day. A row of the
// far future would be the newest business day of every view.
const farAhead = 24 * time.Hour

// flaw finds what a conversation cannot be without. within is where in the record it is; asked is when the source was asked.
func (c *conversation) flaw(body []byte, within jsontext.Pointer, asked time.Time) *flaw {
	switch {
	case c.ID == "":
		return &flaw{"missing_id", "conversationId is missing; right would be the conversation's id"}
	case len(c.ID) > longestID:
		return &flaw{"bad_id", fmt.Sprintf("conversationId is %s, of %d bytes; right would be at most %d",
			quoted(body, within.AppendToken("conversationId")), len(c.ID), longestID)}
	case c.Start.state == absent:
		return &flaw{"missing_start", "conversationStart is missing; right would be a date like " + exampleDate}
	case !c.Start.ok():
		return undated(body, within.AppendToken("conversationStart"), c.Start)
	case !asked.IsZero() && c.Start.ms > asked.Add(farAhead).UnixMilli():
		return &flaw{"future_start", fmt.Sprintf("conversationStart is %s, more than a day after it was read at %s; right would be a date before that",
			quoted(body, within.AppendToken("conversationStart")), asked.UTC().Format(time.RFC3339))}
	case c.End.state != absent && !c.End.ok(): // whether it ended is then a guess
		return undated(body, within.AppendToken("conversationEnd"), c.End)
	}
	return nil
}

const exampleDate = "2026-11-19T08:15:00.000Z"

// undated says of a member that it is no date.
func undated(body []byte, at jsontext.Pointer, m moment) *flaw {
	reason, right := "bad_date", "a date like "+exampleDate
	if m.state == mistyped {
		reason, right = "wrong_type", "a text with a date like "+exampleDate
	}
	return &flaw{reason, fmt.Sprintf("%s is %s; right would be %s", place(at), quoted(body, at), right)}
}
