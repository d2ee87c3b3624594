package scenario

import (
	"bytes"
	"testing"
	"time"
)

// reopened finds an e-mail that was opened again.
func reopened(t *testing.T, w *World) *Conversation {
	t.Helper()
	for c := range w.StartedOn(time.Time{}, w.dayStart(9), w.dayStart(99)) {
		if c.story().reopened != 0 {
			return c
		}
	}
	t.Fatal("no conversation is opened again")
	return nil
}

func TestAReopenedEmailIsOpenBetweenItsEnds(t *testing.T) {
	w := New(small())
	c := reopened(t, w)
	s := c.story()
	at := func(ms int64) time.Time { return time.UnixMilli(ms) }
	for _, step := range []struct {
		at   time.Time
		open bool
		end  int64
	}{
		{at(s.closed - 1), true, 0},
		{at(s.closed), false, s.closed},
		{at(s.reopened - 1), false, s.closed},
		{at(s.reopened), true, 0},
		{at(s.reclosed - 1), true, 0},
		{at(s.reclosed), false, s.reclosed},
	} {
		end, ended := c.End(step.at)
		truth, shown := c.Truth(step.at), read(t, c, step.at)
		if ended == step.open || truth.IsOpen != step.open || (shown.ConversationEnd == nil) != step.open {
			t.Errorf("as of %s: ended %v, truth open %v, shown end %v", step.at, ended, truth.IsOpen, shown.ConversationEnd)
		}
		if !step.open && (end.UnixMilli() != step.end || !truth.ConversationEnd.Equal(end) || !shown.ConversationEnd.Equal(end)) {
			t.Errorf("as of %s: ended %s, truth %s, shown %s", step.at, end, truth.ConversationEnd, shown.ConversationEnd)
		}
	}
	if gap := s.reopened - s.closed; gap < 20*hour || gap > 4*day24 {
		t.Errorf("opened again after %s", time.Duration(gap)*time.Millisecond)
	}
	before, after := c.Truth(at(s.closed)), c.Truth(at(s.reclosed))
	if *after.OfferedCount <= *before.OfferedCount {
		t.Error("the second mail waited in no queue")
	}
}

// slow is a world in which everything may take five weeks.
func slow() Config {
	c := busy()
	c.SettleDays, c.Reprocess = 36, [4]int{1, 3, 7, 31}
	c.Shares.Reprocessed, c.Shares.LongOpen, c.Shares.Reopened, c.Shares.Evaluation, c.Shares.Survey = 0.2, 0.3, 0.5, 0.3, 0.3
	return c
}

func TestInASlowWorldThingsTakeWeeks(t *testing.T) {
	w := New(slow())
	found := map[string]int{}
	for c := range w.StartedOn(time.Time{}, w.dayStart(9), w.dayStart(99)) {
		s := c.story()
		if s.closed-s.start > 31*day24 {
			found["open for more than a month"]++
		}
		if s.reopened != 0 && s.reopened-s.closed > 21*day24 {
			found["opened again after three weeks"]++
		}
		for _, v := range s.surveys {
			if v.completed && v.at-s.last > 28*day24 {
				found["answered after four weeks"]++
			}
		}
		for i, e := range s.evaluations {
			if i > 1 && e.status == "Finished" && s.evaluations[1].status == "Retracted" {
				found["taken back and not"]++
			}
		}
	}
	for _, what := range []string{"open for more than a month", "opened again after three weeks", "answered after four weeks", "taken back and not"} {
		if found[what] == 0 {
			t.Errorf("nothing is %s", what)
		}
	}
}

// A correction shows in the record, the aggregates and the truth at once, and nothing else does: nobody is told.
func TestACorrectionIsSilent(t *testing.T) {
	w := New(slow())
	ages := map[int]int{}
	for c := range w.StartedOn(time.Time{}, w.dayStart(9), w.dayStart(99)) {
		at := corrected(c)
		if at == 0 {
			continue
		}
		ages[w.dayOf(time.UnixMilli(at))-c.day]++
		then, before := time.UnixMilli(at), time.UnixMilli(at-1)
		was, is := c.Truth(before), c.Truth(then)
		more := *is.HandleTimeMs - *was.HandleTimeMs
		if more <= 0 || *is.AcwTimeMs-*was.AcwTimeMs != more {
			t.Fatalf("%s: handle time %d to %d, after-call work %d to %d", c.ID, *was.HandleTimeMs, *is.HandleTimeMs, *was.AcwTimeMs, *is.AcwTimeMs)
		}
		sum := func(at time.Time) (n int64) {
			for _, m := range c.Emitted(at) {
				if m.Name == "tHandle" {
					n += m.Value
				}
			}
			return n
		}
		if sum(then)-sum(before) != more {
			t.Errorf("%s: the aggregates say %d more", c.ID, sum(then)-sum(before))
		}
		end, _ := c.End(before)
		if later, _ := c.End(then); !later.Equal(end) || at < end.UnixMilli() {
			t.Errorf("%s: it ended %s, then %s", c.ID, end, later)
		}
		if bytes.Equal(c.AppendJSON(nil, before, true), c.AppendJSON(nil, then, true)) {
			t.Errorf("%s: the record shows nothing", c.ID)
		}
	}
	for _, age := range []int{1, 3, 7, 31} {
		if ages[age] == 0 {
			t.Errorf("nothing was corrected at the age of %d days: %v", age, ages)
		}
	}
}

// corrected is when metrics of a conversation are corrected; 0 if they are not.
func corrected(c *Conversation) int64 {
	for _, p := range c.story().parts {
		for _, ses := range p.sessions {
			for _, m := range ses.metrics {
				if m.correctedAt != 0 {
					return m.correctedAt
				}
			}
		}
	}
	return 0
}

func TestLateFactsComeBeforeTheWorldSettles(t *testing.T) {
	c := busy()
	c.Shares.Evaluation, c.Shares.Survey = 1, 1
	for _, settle := range []int{36, 7, 3, 1} {
		c.SettleDays = settle
		late := 0
		w := New(c)
		for conv := range w.StartedOn(time.Time{}, w.dayStart(9), w.dayStart(99)) {
			s := conv.story()
			end, _ := s.end(w.dayStart(99).UnixMilli())
			for _, b := range s.beats {
				if b.at > end+int64(settle-1)*day24 {
					t.Fatalf("%s: something happens %d ms after the end", conv.ID, b.at-end)
				}
			}
			for _, e := range s.evaluations {
				late++
				if e.at <= end {
					t.Errorf("%s is evaluated before its end", conv.ID)
				}
			}
		}
		if (late > 0) != (settle > 1) {
			t.Errorf("settling for %d days: %d late facts", settle, late)
		}
	}
}

func TestLivesAreShorterThanTheLookBack(t *testing.T) {
	c := Default()
	c.Shares.Email, c.Shares.LongOpen, c.Shares.Reopened = 5, 0.5, 0.5
	for _, c.SettleDays = range []int{7, 36} {
		w := New(c)
		for n := range c.Days {
			for _, e := range w.contents(n) {
				if life := max(e.closed, e.reclosed); life > int64(w.lookBack()-1)*day24 || life < 0 {
					t.Fatalf("a life of %d ms", life)
				}
			}
		}
	}
}

// Every kind of thing that is promised happens in three days of the default world.
func TestTheDefaultWorldHasEverything(t *testing.T) {
	c := Default()
	c.Days = 3
	w := New(c)
	settled := w.dayStart(20)
	found := map[string]int{}
	see := func(name string, yes bool) {
		if yes {
			found[name]++
		} else {
			found[name] += 0
		}
	}
	total := 0
	for conv := range w.StartedOn(time.Time{}, w.dayStart(3), settled) {
		total++
		s, truth := conv.story(), conv.Truth(settled)
		seeTruth(see, truth)
		seeStory(see, s)
		see("over midnight", truth.ConversationEnd.In(c.Location).Format(time.DateOnly) > truth.BusinessDate)
		see("open at the nightly read", conv.Truth(w.dayStart(w.dayOf(conv.Start)+1)).IsOpen)
		if kind := conv.Broken(); kind != "" {
			t.Errorf("%s is broken: %s", conv.ID, kind)
		}
	}
	ledger := w.Ledger(settled, settled, settled)
	for _, r := range ledger.Interactions {
		see("id "+r.CrmIDStatus, true)
		see("tier changed since", r.CustomerTier != nil && r.CustomerTierAtContact != nil && *r.CustomerTier != *r.CustomerTierAtContact)
		see("case category", r.CaseCategory != nil)
	}
	for _, status := range []string{"ok", "missing", "malformed", "unknown_account", "merged"} {
		see("id "+status, found["id "+status] > 0)
	}
	for name, n := range found {
		if n == 0 {
			t.Errorf("nothing in %d conversations: %s", total, name)
		}
	}
	if share := float64(found["voice"]) / float64(total); share < 0.55 || share > 0.65 {
		t.Errorf("voice has a share of %.2f", share)
	}
	if share := float64(found["id missing"]) / float64(total); share < 0.09 || share > 0.16 {
		t.Errorf("no id is given in %.2f", share)
	}
}

func seeTruth(see func(string, bool), t Truth) {
	is := func(b *bool) bool { return b != nil && *b }
	for _, media := range []string{"voice", "chat", "email", "message", "callback"} {
		see(media, *t.MediaType == media)
	}
	see("abandoned", is(t.Abandoned))
	see("short abandon", is(t.ShortAbandon))
	see("abandoned after an answer", is(t.Abandoned) && !*t.AbandonedBeforeAnswer)
	see("flow-out", t.FlowOutCount != nil && *t.FlowOutCount > 0)
	see("late answer", t.OverSlaCount != nil && *t.OverSlaCount > 0)
	see("blind transfer", is(t.BlindTransferred))
	see("consult transfer", is(t.ConsultTransferred))
	see("several agents", *t.AgentCount > 1)
	see("not responding", *t.AgentLegsNotResponding > 0)
	see("bot contained", is(t.HandledByBotOnly))
	see("bot escalated", t.WasEscalatedSource == "flow" && is(t.WasEscalated))
	see("escalated by attribute", t.WasEscalatedSource == "attribute" && is(t.WasEscalated))
	see("not escalated by attribute", t.WasEscalatedSource == "attribute" && !is(t.WasEscalated))
	see("hung up in a flow", is(t.FlowDisconnect))
	see("callback after a call", is(t.HasCallback) && *t.MediaType == "voice")
	see("outbound", *t.Direction == "outbound")
	see("no metrics", t.TimeSource == "segments" && t.OfferedCount == nil)
	see("metrics without handling", t.TimeSource == "segments" && t.OfferedCount != nil)
	see("score", t.QaScore != nil)
	see("survey", t.CsatScore != nil)
	see("survey score 0", t.CsatScore != nil && *t.CsatScore == 0)
	see("partial survey", is(t.SurveyPartial))
	see("system wrap-up", t.WrapupCode != nil && *t.WrapupCode == timeoutCode)
	see("ended by the agent", t.EndedBy != nil && *t.EndedBy == "agent")
	see("ended by the customer", t.EndedBy != nil && *t.EndedBy == "customer")
	see("internal caller", t.CustomerDurationMs == nil)
}

func seeStory(see func(string, bool), s *story) {
	see("opened again", s.reopened != 0)
	for odd := oddNone + 1; odd < oddities; odd++ {
		see("oddity", s.odd == odd)
	}
	var supervised, conference, consulted, zero, contacted bool
	for _, p := range s.parts {
		for _, ses := range p.sessions {
			supervised = supervised || ses.monitors != nil || ses.coaches != nil || ses.barges != nil
			for _, g := range ses.segments {
				conference = conference || g.conference
				zero = zero || g.kind == "wrapup" && g.start == g.end
				contacted = contacted || g.kind == "contacting"
			}
			for _, m := range ses.metrics {
				consulted = consulted || m.name == "nConsult"
			}
		}
	}
	see("supervised", supervised)
	see("conference", conference)
	see("consult", consulted)
	see("empty wrap-up", zero)
	see("contacting", contacted)
	see("customer not first", s.parts[0].purpose == "acd" || s.parts[0].purpose == "agent")
	states := map[string]string{}
	for _, e := range s.evaluations {
		states["rescored"] += flagged(e.rescored)
		states["deleted"] += flagged(e.deleted)
		states["retracted"] += flagged(e.status == "Retracted")
		states["calibrated"] += flagged(e.calibration != "")
	}
	for _, state := range []string{"rescored", "deleted", "retracted", "calibrated"} {
		see("evaluation "+state, states[state] != "")
	}
}

func flagged(yes bool) string {
	if yes {
		return "x"
	}
	return ""
}
