package genesys_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trunkline/extractors/genesys"
	"trunkline/internal/sim/genesysapi"
	"trunkline/pipeline"
)

func intraday(c *genesys.Config) { c.Intraday = true }

func TestIntradayReadsPastTheCompleteData(t *testing.T) {
	w := newWorld(midnight.Add(-12*time.Hour), 200, 5*time.Minute)
	now := midnight.Add(4 * time.Hour)
	c := newCentre(t, w, genesysapi.Options{Now: clock(4 * time.Hour), Lag: 8 * time.Hour})
	window := pipeline.Window{From: midnight.Add(-12 * time.Hour), To: now.Add(-5 * time.Minute)}
	got := mustRead(t, c.open(t, intraday), window, w.ids(window, now))

	for id, r := range got {
		joined := struct{ Analytics, Conversation jsontext.Value }{}
		if err := json.Unmarshal(r.Body, &joined, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatal(err)
		}
		talk, _ := w.Conversation(id)
		switch isJob := joined.Analytics == nil; {
		case isJob && talk.Start.After(now.Add(-8*time.Hour)):
			t.Errorf("%s began after the complete data, yet it came from a job", id)
		case !isJob && string(joined.Analytics) != string(talk.AppendJSON(nil, now, false)):
			t.Errorf("%s: analytics is %s", id, joined.Analytics)
		case !isJob && string(joined.Conversation) != string(talk.AppendService(nil, now)):
			t.Errorf("%s: conversation is %s", id, joined.Conversation)
		}
	}
}

func TestIntradayAloneDoesNotAskForJobs(t *testing.T) {
	w := newWorld(midnight, 30, 5*time.Minute)
	c := newCentre(t, w, genesysapi.Options{Now: clock(4 * time.Hour), Lag: 8 * time.Hour})
	window := pipeline.Window{From: midnight, To: midnight.Add(2 * time.Hour)}
	mustRead(t, c.open(t, intraday), window, w.ids(window, midnight.Add(4*time.Hour)))
	if n := c.count("POST /api/v2/analytics/conversations/details/jobs"); n != 0 {
		t.Errorf("%d jobs were submitted", n)
	}
}

// TestIntradayFindsAllDespiteDrift has nothing but moving conversations: each page of the list leaves some out.
func TestIntradayFindsAllDespiteDrift(t *testing.T) {
	w := newWorld(midnight, 95, time.Minute)
	for i := range w {
		w[i].end = time.Time{}
	}
	c := newCentre(t, w, genesysapi.Options{Now: clock(2 * time.Hour), Lag: 8 * time.Hour})
	window := pipeline.Window{From: midnight, To: midnight.Add(2 * time.Hour)}
	mustRead(t, c.open(t, intraday), window, w.ids(window, midnight.Add(2*time.Hour)))
}

func TestAConversationTheServiceDoesNotShowIsKept(t *testing.T) {
	w := newWorld(midnight, 3, time.Minute)
	c := newCentre(t, w, genesysapi.Options{Now: clock(2 * time.Hour), Lag: 8 * time.Hour})
	c.fault = func(rw http.ResponseWriter, r *http.Request, _ int64) bool {
		hidden := strings.HasPrefix(r.URL.Path, "/api/v2/conversations/") && strings.HasSuffix(r.URL.Path, w[1].id)
		if hidden {
			genesysapi.WriteError(rw, 404, "not.found", "gone")
		}
		return hidden
	}
	window := pipeline.Window{From: midnight, To: midnight.Add(time.Hour)}
	got := mustRead(t, c.open(t, intraday), window, w.ids(window, midnight.Add(2*time.Hour)))
	want := fmt.Sprintf(`{"analytics":%s}`, w[1].AppendJSON(nil, midnight.Add(2*time.Hour), false))
	if string(got[w[1].id].Body) != want {
		t.Errorf("got %s, want %s", got[w[1].id].Body, want)
	}
}

func TestAListThatNeverSettlesIsAnError(t *testing.T) {
	var w world
	c := newCentre(t, w, genesysapi.Options{Now: clock(2 * time.Hour), Lag: 8 * time.Hour})
	c.fault = func(rw http.ResponseWriter, r *http.Request, n int64) bool {
		if !strings.HasSuffix(r.URL.Path, "/details/query") {
			return false
		}
		if n%2 == 0 { // every other page is the empty last one
			_, _ = rw.Write([]byte(`{"totalHits":1}`))
			return true
		}
		_, _ = fmt.Fprintf(rw, `{"conversations":[{"conversationId":"new-%d","conversationStart":"2026-11-19T00:10:00Z"}]}`, n)
		return true
	}
	_, err := read(t.Context(), c.open(t, intraday), "conversations", pipeline.Window{From: midnight, To: midnight.Add(time.Hour)})
	wantCode(t, err, "TL4121", pipeline.Upstream)
}
