package genesys

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

func TestPageKeepsItemsVerbatim(t *testing.T) {
	items := []string{
		`{"conversationId":"a","conversationStart":"2026-11-19T08:00:00.5Z" , "x":1.50, "é":"\u00e9"}`,
		`{ "participants":[{"conversationId":"not me"}], "conversationStart":"2021-04-2T15:30:51.418Z","conversationId":"b" }`,
		`{"conversationId":"c","conversationStart":"2021-04-2xT15:30:51.418Z"}`,
		`{"conversationId":7,"conversationStart":null}`,
		`null`,
		`{"conversationId":"","name":"` + "\xff\xfe" + `"}`,
		`{"conversationId":"d","conversationId":"later","conversationStart":"2026-11-19T09:00:00+01:00"}`,
	}
	body := `{"cursor":"next","totalHits":7,"aggregations":[{"a":[1]}],"conversations":[` + strings.Join(items, "\n , ") +
		`],"dataAvailabilityDate":"2026-11-20T00:00:00.000Z"}`
	var p page
	if err := p.read([]byte(body), conversation); err != nil {
		t.Fatal(err)
	}
	if len(p.records) != len(items) || p.texts["cursor"] != "next" || p.texts["dataAvailabilityDate"] != "2026-11-20T00:00:00.000Z" {
		t.Fatalf("read %d records and %v", len(p.records), p.texts)
	}
	for i, want := range []struct {
		key string
		at  time.Time
	}{
		{"a", time.Date(2026, 11, 19, 8, 0, 0, 5e8, time.UTC)},
		{"b", time.Date(2021, 4, 2, 15, 30, 51, 418e6, time.UTC)},
		{"c", time.Time{}},
		{"sha256:", time.Time{}},
		{"sha256:", time.Time{}},
		{"sha256:", time.Time{}},
		{"d", time.Date(2026, 11, 19, 8, 0, 0, 0, time.UTC)},
	} {
		got := p.records[i]
		if string(got.Body) != items[i] {
			t.Errorf("item %d became %s", i, got.Body)
		}
		if !strings.HasPrefix(got.Key, want.key) || !got.At.Equal(want.at) {
			t.Errorf("item %d: key %s at %s, want %s at %s", i, got.Key, got.At, want.key, want.at)
		}
	}
	if p.records[3].Key == p.records[4].Key {
		t.Error("two items without an id share a key")
	}
}

func TestPageRefusesWhatIsNotWhole(t *testing.T) {
	for _, body := range []string{``, `[]`, `null`, `"x"`, `{"conversations":[`, `{"conversations":[{}]`, `{"conversations":[{"a":1}{}]}`, `{} {}`, `{"a":tru}`} {
		var p page
		if err := p.read([]byte(body), conversation); err == nil {
			t.Errorf("%s was read as %d records", body, len(p.records))
		}
	}
}

func TestAPageWithoutTheListIsEmpty(t *testing.T) {
	for _, body := range []string{`{}`, `{"totalHits":12}`, `{"conversations":null}`, `{"conversations":[]}`} {
		var p page
		if err := p.read([]byte(body), conversation); err != nil || len(p.records) != 0 {
			t.Errorf("%s: %d records, %v", body, len(p.records), err)
		}
	}
}

func TestARecordedPage(t *testing.T) {
	body, err := os.ReadFile("testdata/details_query_response_25.json")
	if err != nil {
		t.Fatal(err)
	}
	var p page
	if err := p.read(body, conversation); err != nil || len(p.records) != 25 {
		t.Fatalf("%d records, %v", len(p.records), err)
	}
	for _, r := range p.records {
		if r.At.Year() != 2016 || len(r.Key) != 36 || !bytes.Contains(r.Body, []byte(r.Key)) {
			t.Errorf("record %s at %s", r.Key, r.At)
		}
	}
}

// FuzzPage holds the cutting of a page against the standard decoder: it must accept no more, and cut the same items.
func FuzzPage(f *testing.F) {
	for _, seed := range []string{
		`{"conversations":[{"conversationId":"a","conversationStart":"2026-11-19T08:00:00Z"},null,[1,{}],"x"],"cursor":"c"}`,
		`{"cursor":1,"conversations":{}}`, `{"conversations":[],"conversations":[{}]}`, `{`, "{\"\xff\":[]}", `{"conversations":[{"conversationId":{"a":1}}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		given := bytes.Clone(body)
		var p page
		if err := p.read(body, conversation); err != nil {
			return
		}
		if !bytes.Equal(given, body) {
			t.Fatal("the body was changed")
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(body, &members); err != nil {
			t.Fatalf("%q was accepted: %v", body, err)
		}
		var items []json.RawMessage
		if list := members["conversations"]; bytes.HasPrefix(list, []byte("[")) {
			_ = json.Unmarshal(list, &items)
		}
		if bytes.Count(body, []byte("conversations")) == 1 && len(items) != len(p.records) {
			t.Fatalf("%d items of %q", len(p.records), body)
		}
		for _, r := range p.records {
			if r.Key == "" || !json.Valid(r.Body) || !bytes.Contains(body, r.Body) || !bytes.Equal(bytes.TrimSpace(r.Body), r.Body) {
				t.Fatalf("record %q with body %q", r.Key, r.Body)
			}
		}
	})
}
