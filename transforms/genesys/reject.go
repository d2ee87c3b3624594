package genesys

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"

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
func undecodable(err error) flaw {
	var wrong *json.SemanticError
	if !errors.As(err, &wrong) {
		return flaw{"bad_json", err.Error()}
	}
	value := string(wrong.JSONValue)
	if value == "" {
		value = kindName(wrong.JSONKind)
	}
	return flaw{"wrong_type", fmt.Sprintf("%s is %s; right would be %s", wrong.JSONPointer, shortened(value), rightFor(wrong.GoType))}
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case '0':
		return "a number"
	default:
		return k.String()
	}
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

// shortened keeps a message readable whatever a field holds.
func shortened(value string) string {
	const most = 100
	if len(value) <= most {
		return value
	}
	return strings.ToValidUTF8(value[:most], "") + "…"
}

// flaw finds what a conversation cannot be without.
func (c *conversation) flaw(body []byte) *flaw {
	switch {
	case c.ID == "":
		return &flaw{"missing_id", "conversationId is missing; right would be the conversation's id"}
	case len(c.ID) > longestID:
		return &flaw{"bad_id", fmt.Sprintf("conversationId is %s, of %d bytes; right would be at most %d", shortened(c.ID), len(c.ID), longestID)}
	case c.Start.state == absent:
		return &flaw{"missing_start", "conversationStart is missing; right would be a date like " + exampleDate}
	case !c.Start.ok():
		return undated("conversationStart", c.Start, body)
	case c.End.state != absent && !c.End.ok():
		return undated("conversationEnd", c.End, body)
	}
	return nil
}

const exampleDate = "2026-11-19T08:15:00.000Z"

// undated says of a member that it is no date.
func undated(name string, m moment, body []byte) *flaw {
	reason, right := "bad_date", "a date like "+exampleDate
	if m.state == mistyped {
		reason, right = "wrong_type", "a text with a date like "+exampleDate
	}
	return &flaw{reason, fmt.Sprintf("%s is %s; right would be %s", name, shortened(string(member(body, name))), right)}
}

// member gives what a conversation's member holds, as it was received.
func member(body []byte, name string) jsontext.Value {
	var all map[string]jsontext.Value
	if err := json.Unmarshal(body, &all, lenient); err != nil { // it was decoded before
		return nil
	}
	if inner, ok := all["analytics"]; ok {
		return member(inner, name)
	}
	return all[name]
}
