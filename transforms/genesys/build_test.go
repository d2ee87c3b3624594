package genesys_test

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"testing"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/genesys"
)

// m is a JSON object.
type m = map[string]any

// began is when the tests' conversations begin; segments count seconds from it.
var began = time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC)

func stamp(second float64) string {
	return began.Add(time.Duration(second * float64(time.Second))).Format("2006-01-02T15:04:05.000Z")
}

// ended is a conversation of ten minutes; open one that goes on.
func ended(participants ...m) m {
	c := open(participants...)
	c["conversationEnd"] = stamp(600)
	return c
}

func open(participants ...m) m {
	return m{"conversationId": "c1", "conversationStart": stamp(0), "participants": participants}
}

// with sets members of an object.
func with(object, members m) m {
	maps.Copy(object, members)
	return object
}

// party is a participant with one session, made of segments, metrics and members of its own (m).
func party(purpose, user string, parts ...any) m {
	return m{"purpose": purpose, "userId": user, "sessions": []m{session(parts...)}}
}

func customer(parts ...any) m         { return party("customer", "", parts...) }
func agent(id string, parts ...any) m { return party("agent", id, parts...) }
func acd(parts ...any) m              { return party("acd", "", parts...) }

type (
	segment m
	metric  m
)

func session(parts ...any) m {
	s := m{"mediaType": "voice"}
	var segments []segment
	var metrics []metric
	for _, p := range parts {
		switch p := p.(type) {
		case segment:
			segments = append(segments, p)
		case metric:
			metrics = append(metrics, p)
		case m:
			with(s, p)
		}
	}
	s["segments"], s["metrics"] = segments, metrics
	return s
}

// seg is a segment between two seconds; with a negative end it still runs. words are queue and disconnect type.
func seg(kind string, from, to float64, words ...string) segment {
	s := segment{"segmentType": kind, "segmentStart": stamp(from)}
	if to >= 0 {
		s["segmentEnd"] = stamp(to)
	}
	if len(words) > 0 && words[0] != "" {
		s["queueId"] = words[0]
	}
	if len(words) > 1 {
		s["disconnectType"] = words[1]
	}
	return s
}

func emits(name string, value int64) metric { return metric{"name": name, "value": value} }

// apply gives the rows of records, the trees left out.
func apply(t testing.TB, c genesys.Config, in pipeline.Inputs, records map[string][]pipeline.Record, rows map[string][]schema.Row) []schema.Row {
	t.Helper()
	all, _ := applyAll(t, c, in, records, rows)
	return all
}

// applyAll gives the rows of records, and apart from them the tree of each conversation, its own row first.
func applyAll(t testing.TB, c genesys.Config, in pipeline.Inputs, records map[string][]pipeline.Record, rows map[string][]schema.Row) (all []schema.Row, trees [][]schema.Row) {
	t.Helper()
	err := genesys.New(c).Apply(context.Background(), pipeline.InMemory(in, records, rows), func(some ...schema.Row) error {
		if schema.Of(some[0]) == schema.Conversations {
			trees = append(trees, some)
		} else {
			all = append(all, some...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, trees
}

func record(t testing.TB, body any) pipeline.Record {
	t.Helper()
	raw, ok := body.(string)
	if !ok {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		raw = string(text)
	}
	return pipeline.Record{Key: "key", Body: json.RawMessage(raw)}
}

// rowOf gives the one row of a conversation.
func rowOf(t testing.TB, body any) *schema.GenesysInteraction {
	t.Helper()
	return rowWith(t, genesys.Config{}, pipeline.Inputs{}, body)
}

func rowWith(t testing.TB, c genesys.Config, in pipeline.Inputs, body any) *schema.GenesysInteraction {
	t.Helper()
	rows := apply(t, c, in, map[string][]pipeline.Record{"genesys.conversations": {record(t, body)}}, nil)
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	if r, ok := rows[0].(*schema.Reject); ok {
		t.Fatalf("rejected: %s: %s", r.ReasonCode, r.Message)
	}
	return rows[0].(*schema.GenesysInteraction)
}

// check compares columns, named as fields; nil is NULL and a number is an int64.
func check(t *testing.T, row *schema.GenesysInteraction, want m) {
	t.Helper()
	for name, value := range want {
		field := reflect.ValueOf(row).Elem().FieldByName(name)
		if !field.IsValid() {
			t.Fatalf("no column %s", name)
		}
		var got any
		switch {
		case field.Kind() != reflect.Pointer:
			got = field.Interface()
		case !field.IsNil():
			got = field.Elem().Interface()
		}
		if n, ok := value.(int); ok {
			value = int64(n)
		}
		if got != value {
			t.Errorf("%s is %v, want %v", name, got, value)
		}
	}
}
