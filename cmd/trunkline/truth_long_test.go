package main

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sim"
	"trunkline/internal/sim/genesysapi"
	"trunkline/pipeline"
)

// newSlowStage opens a centre where the truth takes its time: conversations are open for a month, opened again after weeks, scored,
// rescored, taken back and deleted for five weeks, and corrected without a word on the afternoons before the nights that read their
// days again.
func newSlowStage(t *testing.T, perDay, days int, change func(*sim.Config)) *stage {
	t.Helper()
	return newStageWith(t, perDay, days, func(c *sim.Config) {
		w := &c.Scenario
		w.SettleDays, w.Reprocess = 36, [4]int{1, 3, 7, 31}
		w.Shares.Reprocessed, w.Shares.Evaluation, w.Shares.Survey, w.Shares.Resolution = 0.10, 0.15, 0.25, 0.15
		w.Shares.Email, w.Shares.Reopened, w.Shares.LongOpen = 0.16, 0.40, 0.40
		change(c)
	})
}

const longNights = 35

// Thirty-five nights of a slow world: every row and every cell is what truly happened.
func TestThirtyFiveNightsEqualTheLedger(t *testing.T) {
	t.Parallel()
	nights := longNights
	if short() {
		nights = 9
	}
	s := newSlowStage(t, 80, nights, func(*sim.Config) {})
	f := s.flow()
	for day := range nights {
		s.night(f, day, false)
	}
	wantTruth(t, s, nights-1)
	if nights == longNights {
		wantSlowness(t, s)
	}
	wantEveryTable(t, s, nights-1)
}

// The same, each night a process that is killed at random and started again.
func TestThirtyFiveNightsThatAreKilledEqualTheLedger(t *testing.T) {
	t.Parallel()
	nights := longNights
	if short() {
		nights = 9
	}
	s := newSlowStage(t, 60, nights, func(c *sim.Config) { c.Latency = 2 * time.Millisecond })
	dice := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	kills, inside, typical := 0, map[string]int{}, 2*time.Second
	for day := range nights {
		s.goTo(day)
		killed, took := s.attempt(clocked, day, time.Duration(dice.Int64N(int64(typical))), "run")
		if killed {
			kills++
			inside[s.interrupted(day)]++
		} else {
			typical = max(took, 200*time.Millisecond)
		}
		s.mustEnd(clocked, day)
	}
	t.Logf("%d kills; the next step to do was %v", kills, inside)
	if kills < nights/2 {
		t.Errorf("only %d kills", kills)
	}
	wantTruth(t, s, nights-1)
	wantNoLeftovers(t, s)
}

// wantSlowness makes sure that what the nights are to find did happen, and so late that no night alone could have known.
func wantSlowness(t *testing.T, s *stage) {
	t.Helper()
	const day = 24 * time.Hour
	lake := s.now().Add(-s.lag)
	found := map[string]int{}
	for c := range s.centre.World().StartedOn(s.world.Start, s.window(longNights-1).To, lake) {
		now := c.Truth(lake)
		if end, ended := c.End(lake); *now.MediaType == "message" && (!ended || end.Sub(c.Start) > 31*day) && lake.Sub(c.Start) > 31*day {
			found["open for more than a month"]++
		}
		for age := 1; age <= 31; age++ {
			then := c.Start.Add(time.Duration(age) * day)
			if then.After(lake) {
				break
			}
			before, after := c.Truth(then.Add(-day)), c.Truth(then)
			silent := !before.IsOpen && !after.IsOpen && before.ConversationEnd.Equal(*after.ConversationEnd)
			switch {
			case silent && !same(before.HandleTimeMs, after.HandleTimeMs) && age > 6:
				found["corrected after a week"]++
			case age > 14 && !same(before.QaScore, after.QaScore) && before.QaScore != nil && after.QaScore != nil:
				found["rescored after a fortnight"]++
			case age > 14 && before.QaScore != nil && after.QaScore == nil:
				found["taken back or deleted after a fortnight"]++
			case age > 21 && before.CsatScore == nil && after.CsatScore != nil:
				found["answered after three weeks"]++
			case age > 14 && !before.IsOpen && after.IsOpen:
				found["opened again after a fortnight"]++
			}
		}
	}
	t.Logf("late facts: %v", found)
	for _, what := range []string{
		"corrected after a week", "rescored after a fortnight", "taken back or deleted after a fortnight", "answered after three weeks",
		"opened again after a fortnight", "open for more than a month",
	} {
		if found[what] == 0 {
			t.Errorf("nothing was %s: the test has lost its grip", what)
		}
	}
}

func same[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// Nights that lack a way of finding what comes late are caught: each of them is needed.
func TestNightsThatMissLateFactsAreCaught(t *testing.T) {
	t.Parallel()
	const nights = 5
	for name, without := range map[string]func(pipeline.Stream) (pipeline.Stream, bool){
		"nothing is missed":      func(s pipeline.Stream) (pipeline.Stream, bool) { return s, true },
		"no day is read again":   func(s pipeline.Stream) (pipeline.Stream, bool) { s.Again = nil; return s, true },
		"no scores are followed": func(s pipeline.Stream) (pipeline.Stream, bool) { return s, s.Name != "scores" },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSlowStage(t, 100, nights, func(*sim.Config) {})
			f := s.flow()
			f.Sources["genesys"] = partial{f.Sources["genesys"].(pipeline.Resumer), without}
			for day := range nights {
				s.night(f, day, false)
			}
			if d := differences(t, s, nights-1); (len(d) == 0) != (name == "nothing is missed") {
				t.Errorf("%d differences", len(d))
			}
		})
	}
}

// partial is an extractor with fewer streams, or lesser ones.
type partial struct {
	pipeline.Resumer
	keep func(pipeline.Stream) (pipeline.Stream, bool)
}

func (p partial) Streams() []pipeline.Stream {
	var kept []pipeline.Stream
	for _, s := range p.Resumer.Streams() {
		if s, ok := p.keep(s); ok {
			kept = append(kept, s)
		}
	}
	return kept
}

// Without the permission for one kind of scores a night is done, says what it lacks and how to mend it; doctor says so before.
func TestANightWithoutAPermissionSaysSo(t *testing.T) {
	t.Parallel()
	s := newSlowStage(t, 30, 1, func(c *sim.Config) {
		c.Faults.Genesys = []genesysapi.Fault{{Kind: genesysapi.Forbidden, Path: "/surveys/aggregates", Share: 1}}
	})
	s.goTo(0)
	for _, c := range []struct {
		args []string
		exit int
		want []string
	}{
		{[]string{"run", "--date", s.date(0)}, exitOK, []string{"warning: TL4140 genesys: find late surveys", "analytics:surveyAggregate:view", "published"}},
		{[]string{"doctor"}, exitDenied, []string{"FAIL  genesys: late surveys: TL4103", "analytics:surveyAggregate:view", "ok    genesys: late evaluations"}},
	} {
		var out, logs bytes.Buffer
		a := newApp(&out, &logs)
		a.now = s.now
		if exit := a.run(t.Context(), append(c.args, "--config", s.config(), "--quiet")); exit != c.exit {
			t.Errorf("%v: exit %d: %s", c.args, exit, &logs)
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: no %q in\n%s", c.args, want, &out)
			}
		}
	}
}

// A correction between two ages is found at the next: when a day was read for the last time, its rows are what truly happened,
// and only younger ones may differ.
func TestCorrectionsBetweenTwoAgesAreFoundAtTheNext(t *testing.T) {
	t.Parallel()
	const nights, last = 11, 7
	s := newStageWith(t, 150, nights, func(c *sim.Config) {
		c.Scenario.Reprocess, c.Scenario.Shares.Reprocessed = [4]int{2, 4, 5, 6}, 0.3
	})
	f := s.flow()
	for day := range nights {
		s.night(f, day, false)
	}
	young := s.date(nights - last)
	differ := map[bool]int{}
	ledger := s.truth(nights - 1)
	days := map[string]string{}
	for _, r := range ledger.Interactions {
		days[r.ConversationID] = r.BusinessDate
	}
	db := s.open(t)
	defer func() { _ = db.Close() }()
	for _, d := range rowDifferences(t, db, ledger) {
		id, _, _ := strings.Cut(d, " ")
		if days[id] < young {
			t.Error(d)
		}
		differ[days[id] < young]++
	}
	if differ[false] == 0 {
		t.Error("no younger row differs: the corrections are not silent, and the test has lost its grip")
	}
}
