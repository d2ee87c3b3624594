package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"trunkline/internal/sim/scenario"
)

// recorded is a conversation as it was recorded, whatever it looks like. Only what is needed to serve it is read; time makes
// no difference to it.
type recorded struct {
	id, division string
	start, last  time.Time // the first moment is zero, and the last one too, if its date cannot be read
	end          time.Time // zero if it has none
	full, plain  []byte    // with and without participant attributes
	service      []byte
	metrics      []scenario.Metric
}

// newRecorded reads an item; false if it is no conversation.
func newRecorded(item json.RawMessage) (*recorded, bool) {
	var tree map[string]any
	if json.Unmarshal(item, &tree) != nil {
		return nil, false
	}
	_, id := tree["conversationId"]
	_, start := tree["conversationStart"]
	_, participants := tree["participants"]
	if !id && !start && !participants {
		return nil, false
	}
	r := &recorded{full: item, plain: withoutAttributes(item), id: text(tree, "conversationId")}
	r.start, r.end = date(tree, "conversationStart"), date(tree, "conversationEnd")
	if list, _ := tree["divisionIds"].([]any); len(list) > 0 {
		r.division, _ = list[0].(string)
	}
	r.last = latest(tree)
	if r.last.Before(r.start) {
		r.last = r.start
	}
	r.service = serviceShape(tree)
	r.metrics = metricsOf(tree)
	return r, true
}

// End is the recorded end.
func (r *recorded) End(time.Time) (time.Time, bool) { return r.end, !r.end.IsZero() }

// AppendJSON appends the record.
func (r *recorded) AppendJSON(b []byte, _ time.Time, attributes bool) []byte {
	if attributes {
		return append(b, r.full...)
	}
	return append(b, r.plain...)
}

// AppendService appends what the record tells in the shape of the conversation service.
func (r *recorded) AppendService(b []byte, _ time.Time) []byte { return append(b, r.service...) }

// Emitted are the recorded metrics.
func (r *recorded) Emitted(time.Time) []scenario.Metric { return r.metrics }

func text(tree map[string]any, name string) string {
	s, _ := tree[name].(string)
	return s
}

func date(tree map[string]any, name string) time.Time {
	t, err := time.Parse(time.RFC3339, text(tree, name))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// objects gives the members of a list that are objects.
func objects(tree map[string]any, name string) []map[string]any {
	list, _ := tree[name].([]any)
	var all []map[string]any
	for _, v := range list {
		if o, ok := v.(map[string]any); ok {
			all = append(all, o)
		}
	}
	return all
}

// latest is the last moment of the conversation's life that can be read.
func latest(tree map[string]any) time.Time {
	last := date(tree, "conversationEnd")
	see := func(t time.Time) {
		if t.After(last) {
			last = t
		}
	}
	for _, p := range objects(tree, "participants") {
		for _, s := range objects(p, "sessions") {
			for _, g := range objects(s, "segments") {
				see(date(g, "segmentStart"))
				see(date(g, "segmentEnd"))
			}
			for _, m := range objects(s, "metrics") {
				see(date(m, "emitDate"))
			}
		}
	}
	return last
}

func metricsOf(tree map[string]any) []scenario.Metric {
	var all []scenario.Metric
	for _, p := range objects(tree, "participants") {
		for _, s := range objects(p, "sessions") {
			queue := ""
			for _, g := range objects(s, "segments") {
				if q := text(g, "queueId"); q != "" {
					queue = q
				}
			}
			for _, m := range objects(s, "metrics") {
				value, _ := m["value"].(float64)
				all = append(all, scenario.Metric{
					Name: text(m, "name"), Value: int64(value), Emit: date(m, "emitDate"), QueueID: queue,
					MediaType: text(s, "mediaType"), UserID: text(p, "userId"), Direction: text(s, "direction"),
				})
			}
		}
	}
	return all
}

// serviceShape tells of a record what the conversation service would.
func serviceShape(tree map[string]any) []byte {
	shape := map[string]any{"id": tree["conversationId"], "startTime": tree["conversationStart"], "endTime": tree["conversationEnd"]}
	people := []map[string]any{}
	for _, p := range objects(tree, "participants") {
		person := map[string]any{"id": p["participantId"], "purpose": p["purpose"], "attributes": map[string]any{}}
		for _, name := range []string{"userId", "externalContactId", "attributes"} {
			if v, ok := p[name]; ok {
				person[name] = v
			}
		}
		people = append(people, person)
	}
	shape["participants"] = people
	b, err := json.Marshal(shape)
	if err != nil { // it came from JSON
		panic("sim: marshal a recorded conversation: " + err.Error())
	}
	return b
}

// withoutAttributes copies a record without the attributes of its participants. One that cannot be parsed so is left as it is.
func withoutAttributes(item []byte) []byte {
	if !bytes.Contains(item, []byte(`"attributes"`)) {
		return item
	}
	lax := []jsontext.Options{jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true), jsontext.PreserveRawStrings(true)}
	var out bytes.Buffer
	in, to := jsontext.NewDecoder(bytes.NewReader(item), lax...), jsontext.NewEncoder(&out, lax...)
	for {
		t, err := in.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return bytes.TrimSpace(out.Bytes())
		case err != nil:
			return item
		case isAttributes(in.StackPointer()) && t.Kind() == '"':
			if in.SkipValue() != nil {
				return item
			}
		default:
			if to.WriteToken(t) != nil {
				return item
			}
		}
	}
}

func isAttributes(at jsontext.Pointer) bool {
	parts := strings.Split(string(at), "/")
	return len(parts) == 4 && parts[1] == "participants" && parts[3] == "attributes"
}
