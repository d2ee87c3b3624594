package sim_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sim"
)

func TestReplayServesTheRecords(t *testing.T) {
	d := call(t, sim.Config{Replay: "testdata/recorded", Lag: 8 * time.Hour})
	for _, interval := range []string{ // recorded long before, on the day, or long after: a recording is for whoever asks
		"2016-09-05T00:00Z/2016-09-06T00:00Z", "2021-04-02T00:00Z/2021-04-03T00:00Z", "2026-11-20T00:00Z/2026-11-21T00:00Z",
	} {
		if got := d.job(interval, 10); len(got) != 27 {
			t.Errorf("%s: %d records, want 27", interval, len(got))
		}
	}
	var lake struct{ DataAvailabilityDate time.Time }
	d.get(details+"/jobs/availability", &lake)
	if newest := time.Date(2021, 4, 2, 15, 30, 51, 0, time.UTC); lake.DataAvailabilityDate.Before(newest) {
		t.Errorf("available to %s", lake.DataAvailabilityDate)
	}
	var users struct{ Total int }
	if d.get("/api/v2/users?state=any", &users); users.Total != 0 {
		t.Errorf("%d users", users.Total)
	}
}

// A record is served as it was written.
func TestReplayIsVerbatim(t *testing.T) {
	const id = "1bc96a39-6725-40c4-9345-db72aa67b8c6"
	want, err := os.ReadFile("testdata/recorded/conversation_chat_hold.json")
	if err != nil {
		t.Fatal(err)
	}
	d := call(t, sim.Config{Replay: "testdata/recorded"})
	got := d.job("2021-04-01T00:00Z/2021-04-02T00:00Z", 10)
	if !slices.ContainsFunc(got, func(record json.RawMessage) bool { return bytes.Equal(record, bytes.TrimSpace(want)) }) {
		t.Errorf("none of %d records is %s as it was written", len(got), id)
	}
	var service struct {
		ID           string
		Participants []struct{ ID, Purpose string }
	}
	d.get("/api/v2/conversations/"+id, &service)
	if service.ID != id || len(service.Participants) != 3 || service.Participants[0].Purpose != "customer" {
		t.Errorf("%+v", service)
	}
	var sum struct {
		Results []struct {
			Group map[string]string
			Data  []struct {
				Metrics []struct{ Stats map[string]int }
			}
		}
	}
	d.post("/api/v2/analytics/conversations/aggregates/query",
		`{"interval":"2021-04-01T00:00Z/2021-04-02T00:00Z","metrics":["tAcd"],"groupBy":["queueId","mediaType"]}`, &sum)
	if len(sum.Results) != 1 || sum.Results[0].Group["mediaType"] != "chat" || sum.Results[0].Data[0].Metrics[0].Stats["sum"] != 11179 {
		t.Errorf("%+v", sum)
	}
}

func TestReplayOfOddRecords(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"list.json": `[
			{"conversationId": "undated", "conversationStart": "2021-04-2T15:30:51.418Z", "participants": null},
			{"conversationId": 7, "conversationStart": "2021-04-05T00:00:00Z"},
			{"conversationStart": "2021-04-05T01:00:00Z", "participants": [{"participantId": "p", "attributes": {"a/b": "x", "n": 1}, "sessions": "none"}]},
			{"conversationId": "ended", "conversationStart": "2021-04-05T02:00:00.00Z", "conversationEnd": "2021-04-05T03:00:00.5Z"},
			"no record", 7, null, {"other": true}]`,
		"answer.json":    `{"conversations": [], "totalHits": 0}`,
		"cut.json":       `{"conversationId": "x", `,
		"notes.txt":      `{"conversationId": "y"}`,
		"request.json":   `{"interval": "2021-04-05T00:00Z/2021-04-06T00:00Z"}`,
		"undecided.json": `  {"participants": []}  `,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := call(t, sim.Config{Replay: dir, Now: func() time.Time { return time.Unix(0, 0) }})
	for _, interval := range []string{"2021-04-05T00:00Z/2021-04-06T00:00Z", "1999-04-05T00:00Z/1999-04-06T00:00Z"} {
		if got := d.job(interval, 2); len(got) != 5 {
			t.Errorf("%s: %d records, want 5: %s", interval, len(got), got)
		}
	}
	var page struct{ Conversations []json.RawMessage }
	d.post(details+"/query", `{"interval":"2021-04-05T00:00Z/2021-04-06T00:00Z","paging":{"pageSize":100,"pageNumber":1}}`, &page)
	if len(page.Conversations) != 5 {
		t.Errorf("a query finds %d", len(page.Conversations))
	}
	for _, text := range page.Conversations {
		if strings.Contains(string(text), "attributes") {
			t.Errorf("attributes in %s", text)
		}
	}
}

func TestReplayOfNothing(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "request.json"), []byte(`{"interval":""}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{dir, filepath.Join(dir, "missing")} {
		if _, err := sim.New(sim.Config{Replay: d}); err == nil || !strings.Contains(err.Error(), "no record") {
			t.Errorf("%s: %v", d, err)
		}
	}
}

func FuzzReplay(f *testing.F) {
	f.Add([]byte(`[{"conversationId":"a","conversationStart":"2021-04-05T02:00:00Z","participants":[{"attributes":{"a":"b"},"sessions":[{"metrics":[{"name":"tAcd","value":1e300}]}]}]}]`))
	f.Add([]byte(`{"conversations":[{"conversationId":"a"}]}`))
	f.Add([]byte(`{"participants":[{"attributes":{"a":"` + "\xff" + `"}}],"participants":{}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "x.json"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := sim.New(sim.Config{Replay: dir}); err != nil {
			return // it holds no record
		}
		d := call(t, sim.Config{Replay: dir})
		if got := d.job("1900-01-01T00:00Z/2100-01-01T00:00Z", 2); len(got) == 0 {
			t.Error("a record is not served")
		}
		r := d.request(http.MethodPost, details+"/query", `{"interval":"2021-04-05T00:00Z/2021-04-06T00:00Z"}`)
		d.do(r, http.StatusOK, &struct{ TotalHits int }{})
	})
}
