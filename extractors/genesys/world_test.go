package genesys_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"trunkline/extractors/extractortest"
	"trunkline/extractors/genesys"
	"trunkline/internal/secret"
	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
)

// newSimulation opens a simulated contact centre of three days, at a given time of the day after them.
func newSimulation(t *testing.T, hour time.Duration, change func(*sim.Config)) (*sim.Centre, *genesys.Extractor, time.Time) {
	t.Helper()
	world := scenario.Default()
	world.Days, world.PerDay = 3, 150
	now := world.Start.AddDate(0, 0, world.Days).Add(hour)
	config := sim.Config{Scenario: world, Now: func() time.Time { return now }}
	change(&config)
	centre, err := sim.New(config)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(centre.Handler())
	t.Cleanup(server.Close)
	x, err := genesys.Open(t.Context(), genesys.Config{
		BaseURL: server.URL, ClientID: "trunkline", ClientSecret: secret.New("simulated"),
		RequestsPerMinute: 1_000_000, PageSize: 40, SyncPageSize: 40, Intraday: config.Lag > 0, Aggregates: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	x.Hurry()
	return centre, x, now
}

// alive gives the ids of the conversations whose life overlaps a window, as the centre knows them.
func alive(c *sim.Centre, w pipeline.Window, at time.Time) []string {
	var ids []string
	for conversation := range c.World().Overlapping(w.From, w.To, at) {
		ids = append(ids, conversation.ID)
	}
	return ids
}

// threeDays is the window of all of a simulation.
func threeDays() pipeline.Window {
	from := scenario.Default().Start.UTC()
	return pipeline.Window{From: from, To: from.Add(72 * time.Hour)}
}

func TestASimulatedNightIsReadAsItHappened(t *testing.T) {
	centre, x, now := newSimulation(t, 6*time.Hour, func(*sim.Config) {})
	got := mustRead(t, x, threeDays(), alive(centre, threeDays(), now))
	for id, r := range got {
		c := centre.World().Conversation(id)
		if want := c.AppendJSON(nil, now, true); string(r.Body) != string(want) {
			t.Fatalf("%s: got %s, want %s", id, r.Body, want)
		}
		if !r.At.Equal(c.Start) {
			t.Errorf("%s began at %s, want %s", id, r.At, c.Start)
		}
	}
}

func TestABadDayIsReadWhole(t *testing.T) {
	centre, x, now := newSimulation(t, 6*time.Hour, func(c *sim.Config) { c.Faults = sim.BadDay(7, 0.03) })
	mustRead(t, x, threeDays(), alive(centre, threeDays(), now))
	if u := x.Usage(); u.Retries == 0 {
		t.Errorf("usage %+v: nothing went wrong", u)
	}
}

func TestASimulatedAfternoonIsReadUpToTheMinute(t *testing.T) {
	centre, x, now := newSimulation(t, -6*time.Hour, func(c *sim.Config) { c.Lag = 9 * time.Hour })
	window := pipeline.Window{From: now.Add(-24 * time.Hour).UTC(), To: now.UTC()}
	got := mustRead(t, x, window, alive(centre, window, now))
	joined := 0
	for _, r := range got {
		if strings.HasPrefix(string(r.Body), `{"analytics":`) {
			joined++
		}
	}
	if joined == 0 || joined == len(got) {
		t.Errorf("%d of %d records came from the synchronous query, want some", joined, len(got))
	}
}

func TestTheSimulationKeepsThePromises(t *testing.T) {
	centre, x, now := newSimulation(t, 6*time.Hour, func(*sim.Config) {})
	for stream, want := range map[string]int{
		"conversations": len(alive(centre, threeDays(), now)),
		"users":         len(centre.World().Users(now)),
		"queues":        len(centre.World().Queues(now)),
		"wrapupcodes":   len(centre.World().WrapupCodes(now)),
		"divisions":     len(centre.World().Divisions(now)),
		"flows":         len(centre.World().Flows(now)),
	} {
		t.Run(stream, func(t *testing.T) {
			extractortest.Run(t, x, extractortest.Case{Stream: stream, Window: threeDays(), Want: want})
		})
	}
}
