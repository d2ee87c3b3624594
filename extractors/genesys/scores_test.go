package genesys_test

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/extractors/extractortest"
	"trunkline/extractors/genesys"
	"trunkline/internal/secret"
	"trunkline/internal/sim"
	"trunkline/internal/sim/genesysapi"
	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
)

// newSlowCentre opens a centre whose conversations are judged for five weeks, in the night after one of its days, behind a fault.
func newSlowCentre(t *testing.T, night int, fault func(http.ResponseWriter, *http.Request) bool) (*sim.Centre, *genesys.Extractor, time.Time) {
	t.Helper()
	world := scenario.Default()
	world.Days, world.PerDay, world.SettleDays = 30, 40, 36
	world.Shares.Evaluation, world.Shares.Survey = 0.3, 0.3
	now := world.Start.AddDate(0, 0, night+1).Add(150 * time.Minute)
	centre, err := sim.New(sim.Config{Scenario: world, Now: func() time.Time { return now }, Lag: 90 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	c := newCentre(t, nil, genesysapi.Options{})
	c.fault = func(w http.ResponseWriter, r *http.Request, _ int64) bool {
		if !fault(w, r) {
			centre.Handler().ServeHTTP(w, r)
		}
		return true
	}
	x, err := genesys.Open(t.Context(), genesys.Config{
		BaseURL: c.server.URL, ClientID: "trunkline", ClientSecret: secret.New("simulated"), RequestsPerMinute: 1_000_000, Parallel: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	x.Hurry()
	return centre, x, now.Add(-90 * time.Minute)
}

func noFault(http.ResponseWriter, *http.Request) bool { return false }

// nightOf is what the pipeline asks the scores of a night for: a day of overlap, and the day.
func nightOf(c *sim.Centre, night int) pipeline.Window {
	w := c.World().Config()
	return pipeline.Window{From: w.Start.AddDate(0, 0, night).Add(-24 * time.Hour).UTC(), To: w.Start.AddDate(0, 0, night+1).UTC()}
}

// judged gives the conversations of before the night's day whose truth was another when the window began than it is now, as far
// as scores go: found without asking for an event.
func judged(c *sim.Centre, w pipeline.Window, now time.Time) map[string]string {
	type told struct {
		qa, csat   any
		qaID, csID any
	}
	scores := func(t scenario.Truth) told {
		return told{val(t.QaScore), val(t.CsatScore), val(t.EvaluationID), val(t.SurveyID)}
	}
	changed := map[string]string{}
	for conversation := range c.World().StartedOn(time.Time{}, w.From.Add(24*time.Hour), now) {
		if scores(conversation.Truth(w.From)) != scores(conversation.Truth(now)) {
			changed[conversation.ID] = string(conversation.AppendJSON(nil, now, true))
		}
	}
	return changed
}

func val[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// Whatever became of a score in the window, however old the conversation, it is read again as a night's job gives it.
func TestLateScoresAreFoundWhateverTheirAge(t *testing.T) {
	centre, x, now := newSlowCentre(t, 28, noFault)
	w := nightOf(centre, 28)
	got, err := read(t.Context(), x, "scores", w)
	if err != nil {
		t.Fatal(err)
	}
	oldest, want := now, judged(centre, w, now)
	for id, body := range want {
		r, ok := got[id]
		if !ok {
			t.Errorf("%s was scored and is not read", id)
			continue
		}
		if diff := cmp.Diff(body, string(r.Body)); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
		if r.At.Before(oldest) {
			oldest = r.At
		}
	}
	if len(want) < 20 || now.Sub(oldest) < 21*24*time.Hour {
		t.Errorf("%d conversations, the oldest %s old: the test has lost its grip", len(want), now.Sub(oldest))
	}
	for id, r := range got {
		if !r.At.Before(w.From.Add(24 * time.Hour)) {
			t.Errorf("%s began in the window, which is read anyway", id)
		}
	}
}

func TestScoresKeepThePromises(t *testing.T) {
	centre, x, _ := newSlowCentre(t, 28, noFault)
	w := nightOf(centre, 28)
	all, err := read(t.Context(), x, "scores", w)
	if err != nil {
		t.Fatal(err)
	}
	extractortest.Run(t, x, extractortest.Case{Stream: "scores", Window: w, Want: len(all)})
}

// Without a permission the night goes on, and says so.
func TestScoresThatMayNotBeSeenAreAWarning(t *testing.T) {
	centre, x, now := newSlowCentre(t, 28, func(w http.ResponseWriter, r *http.Request) bool {
		refused := strings.Contains(r.URL.Path, "/surveys/aggregates")
		if refused {
			genesysapi.WriteError(w, 403, "missing.permissions", "Missing the following permission(s): [analytics:surveyAggregate:view]")
		}
		return refused
	})
	w := nightOf(centre, 28)
	got, err := read(t.Context(), x, "scores", w)
	var warnings pipeline.Warnings
	if !errors.As(err, &warnings) || len(warnings) != 1 {
		t.Fatalf("got %v, want one warning", err)
	}
	if e := warnings[0]; e.Code != "TL4140" || e.Kind != pipeline.Denied || !strings.Contains(e.What, "surveys") || !strings.Contains(e.Cure, "analytics:surveyAggregate:view") {
		t.Errorf("warned %v", e)
	}
	evaluated := 0
	for id := range judged(centre, w, now) {
		before, after := centre.World().Conversation(id).Truth(w.From), centre.World().Conversation(id).Truth(now)
		if val(before.EvaluationID) == val(after.EvaluationID) && val(before.QaScore) == val(after.QaScore) {
			continue
		}
		evaluated++
		if _, ok := got[id]; !ok {
			t.Errorf("%s was evaluated and is not read", id)
		}
	}
	if evaluated == 0 {
		t.Error("nothing was evaluated: the test has lost its grip")
	}
}

// A conversation that was judged and is not shown is told of.
func TestScoredConversationsThatAreNotShownAreAWarning(t *testing.T) {
	var hidden string
	centre, x, now := newSlowCentre(t, 28, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/conversations/details") || hidden != "" {
			return false
		}
		hidden, _, _ = strings.Cut(r.URL.Query().Get("id"), ",")
		_, _ = w.Write([]byte(`{}`))
		return true
	})
	w := nightOf(centre, 28)
	_, err := read(t.Context(), x, "scores", w)
	var warnings pipeline.Warnings
	if !errors.As(err, &warnings) || !strings.Contains(warnings[0].What, "50 are not shown, "+hidden) || warnings[0].Kind != pipeline.Gone {
		t.Errorf("got %v, want a warning of 50 conversations; %d were scored", err, len(judged(centre, w, now)))
	}
}

func TestScoresWaitForTheData(t *testing.T) {
	centre, x, _ := newSlowCentre(t, 28, noFault)
	_, err := read(t.Context(), x, "scores", nightOf(centre, 29))
	wantCode(t, err, "TL4120", pipeline.Upstream)
}

// Open for more than a month, opened again at any age: the night's own job brings what lived on its day.
func TestConversationsOfAnyAgeThatLiveOnADayAreRead(t *testing.T) {
	ends := func(days int) time.Time { return midnight.AddDate(0, 0, days).Add(5 * time.Hour) }
	w := world{
		{"00000000-0000-4000-8000-000000000001", midnight.AddDate(0, 0, -40), ends(0)},                      // forty days open, ends today
		{"00000000-0000-4000-8000-000000000002", midnight.AddDate(0, 0, -40), time.Time{}},                  // still open
		{"00000000-0000-4000-8000-000000000003", midnight.AddDate(0, 0, -16), ends(0)},                      // between the ages of seven and thirty-one
		{"00000000-0000-4000-8000-000000000004", midnight.AddDate(0, 0, -16), ends(-9)},                     // over
		{"00000000-0000-4000-8000-000000000005", midnight.AddDate(-1, 0, 0), ends(0).Add(20 * time.Minute)}, // a year later
	}
	c := newCentre(t, w, genesysapi.Options{Now: clock(26 * time.Hour)})
	got := mustRead(t, c.open(t), day, w.ids(day, midnight.Add(26*time.Hour)))
	ids := slices.Sorted(maps.Keys(got))
	if len(ids) != 4 || slices.Contains(ids, w[3].id) {
		t.Errorf("read %v", ids)
	}
}

// The gate is asked about the newest window; older ones are complete.
func TestStreamsOfADayAndOfANight(t *testing.T) {
	c := genesys.Config{BaseURL: "https://api.example", ClientID: "a", ClientSecret: secret.New("b")}
	for _, intraday := range []bool{false, true} {
		c.Intraday = intraday
		x, err := genesys.New(c)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]pipeline.Stream{}
		for _, s := range x.Streams() {
			names[s.Name] = s
		}
		_, scores := names["scores"]
		if again := names["conversations"].Again; scores == intraday || (len(again) == 0) != intraday {
			t.Errorf("intraday %v: reads scores %v, again %v", intraday, scores, again)
		}
	}
}
