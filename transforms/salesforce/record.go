package salesforce

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trunkline/internal/sfid"
	"trunkline/pipeline"
	"trunkline/schema"
)

// record is one row of Salesforce. Its accessors keep the first fault they meet: a record is a row, or a reject that says why.
type record struct {
	id     string // 18 characters
	fields map[string]jsontext.Value
	fault  *fault
}

// fault says why a record cannot be a row.
type fault struct{ reason, message string }

// newRecord reads an item. The prefix is that of the object's ids; empty for any.
func newRecord(body []byte, prefix string) record {
	r := record{fault: new(fault)}
	if err := json.Unmarshal(body, &r.fields, jsontext.AllowInvalidUTF8(true)); err != nil {
		r.fail("bad_json", "the record is no JSON object: "+err.Error())
		return r
	}
	given := r.text("Id")
	if given == nil {
		r.fail("missing_id", "Id is missing; it must be the record's id of 18 characters")
		return r
	}
	id, status := sfid.Normalize(*given)
	if status != sfid.OK || !strings.HasPrefix(id, prefix) {
		message := fmt.Sprintf("Id is %q; it must be an id of 15 or 18 characters", *given)
		if prefix != "" {
			message += " that begins with " + prefix
		}
		r.fail("malformed_id", message)
	}
	r.id = id
	return r
}

func (r record) fail(reason, message string) {
	if r.fault.reason == "" {
		*r.fault = fault{reason, message}
	}
}

// value gives a field; nil where it is absent or null.
func (r record) value(field string) jsontext.Value {
	v := r.fields[field]
	if v.Kind() == 'n' {
		return nil
	}
	return v
}

func (r record) wrong(field string, v jsontext.Value, right string) {
	text := string(v)
	if len(text) > 100 {
		text = text[:100] + "…"
	}
	r.fail("wrong_type", fmt.Sprintf("%s is %s; it must be %s", field, text, right))
}

// text reads a text. Salesforce has no empty text: it is null.
func (r record) text(field string) *string {
	v := r.value(field)
	if v == nil {
		return nil
	}
	var s string
	if json.Unmarshal(v, &s, jsontext.AllowInvalidUTF8(true)) != nil {
		r.wrong(field, v, "a text")
		return nil
	}
	if s == "" {
		return nil
	}
	return &s
}

// custom reads a field that the configuration names as a text, whatever its type: a tier may be a number.
func (r record) custom(field string) *string {
	switch v := r.value(field); v.Kind() {
	case '0', 't', 'f':
		s := string(v)
		return &s
	default:
		return r.text(field)
	}
}

// number reads 50000.00, and "50000.00" as Bulk's CSV would have it.
func (r record) number(field string) *float64 {
	v := r.value(field)
	if v == nil {
		return nil
	}
	text := string(v)
	if v.Kind() == '"' {
		s := r.text(field)
		if s == nil {
			return nil
		}
		text = *s
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		r.wrong(field, v, "a number")
		return nil
	}
	return &f
}

func (r record) truth(field string) *bool {
	v := r.value(field)
	if v == nil {
		return nil
	}
	var b bool
	switch string(v) {
	case "true", `"true"`:
		b = true
	case "false", `"false"`:
	default:
		r.wrong(field, v, "true or false")
		return nil
	}
	return &b
}

// timeFormat reads both forms of the service's times, …+0000 of REST and …Z of Bulk, with or without a fraction. time.RFC3339
// reads only the second.
const timeFormat = "2006-01-02T15:04:05Z0700"

func (r record) time(field string) *time.Time {
	s := r.text(field)
	if s == nil {
		return nil
	}
	at, err := time.Parse(timeFormat, *s)
	if err != nil {
		r.fail("bad_date", fmt.Sprintf("%s is %q; it must be a time such as 2026-05-01T07:25:37.000+0000", field, *s))
		return nil
	}
	at = at.UTC()
	return &at
}

// reference gives the 18-character id in a look-up field. One that is no id is kept as NULL: the row is good without it.
func (r record) reference(field string) *string {
	s := r.text(field)
	if s == nil {
		return nil
	}
	id, status := sfid.Normalize(*s)
	if status != sfid.OK {
		return nil
	}
	return &id
}

// parent gives a text of a parent record: Owner.Name.
func (r record) parent(object, field string) *string {
	v := r.value(object)
	if v == nil {
		return nil
	}
	of := record{fault: r.fault}
	if json.Unmarshal(v, &of.fields, jsontext.AllowInvalidUTF8(true)) != nil {
		r.wrong(object, v, "a record")
		return nil
	}
	return of.text(field)
}

// deleted tells whether the record, or the record of its deletion, says that it is gone.
func (r record) deleted(item pipeline.Item) bool {
	d := r.truth("IsDeleted")
	return item.Gone || (d != nil && *d)
}

// tombstone tells whether the record says nothing but that it was deleted.
func (r record) tombstone() bool {
	return r.value("deletedDate") != nil && r.value("SystemModstamp") == nil
}

// reject makes a reject of an item.
func reject(stream string, item pipeline.Item, f *fault) *schema.Reject {
	key := item.Key
	if key == "" {
		sum := sha256.Sum256(item.Body)
		key = "sha256:" + hex.EncodeToString(sum[:])
	}
	return &schema.Reject{
		Source: "salesforce", Entity: stream, NaturalKey: key, ReasonCode: f.reason, Message: f.message,
		PayloadRef: item.Ref, Payload: item.Body,
	}
}
