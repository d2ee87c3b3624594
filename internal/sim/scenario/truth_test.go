package scenario

import (
	"testing"
	"time"
)

// byHand is a conversation told by the test, in a world where nothing else happens.
func byHand(t *testing.T) (*story, *Queue, *Queue, *User, *User) {
	t.Helper()
	w := New(small())
	s := &story{
		w: w, d: newDice(7), start: w.dayStart(0).UnixMilli() + 10*hour, direction: "inbound", measured: true,
		divisions: []string{w.divisions[0]},
	}
	s.last = s.start
	s.tell(s.start, func(f *facts) { f.measured = s.measured })
	return s, &w.queues[0], &w.queues[1], &w.users[0], &w.users[2]
}

func want[T comparable](t *testing.T, what string, got *T, value T) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is NULL, want %v", what, value)
	} else if *got != value {
		t.Errorf("%s is %v, want %v", what, *got, value)
	}
}

func unknown[T any](t *testing.T, what string, got *T) {
	t.Helper()
	if got != nil {
		t.Errorf("%s is %v, want NULL", what, *got)
	}
}

// A caller waits 30 s (target 20 s), the first line rings in vain for 10 s of it; he talks 60 s, is held 20 s, talks 5 s, is
// passed on, waits 15 s, talks 40 s with a second agent and hangs up. Work after the call: 10 s and 3 s.
func TestTruthOfATransferredCall(t *testing.T) {
	s, q1, q2, ann, bob := byHand(t)
	at := func(sec int64) int64 { return s.start + sec*second }
	c := s.contacts(at(0), onVoice, "inbound", "customer")
	v := s.waits(at(0), q1, onVoice)
	s.rings(at(10), bob, q1, onVoice).ignores(at(20))
	a := s.rings(at(25), ann, q1, onVoice)
	a.answers(at(30), v)
	a.speaks(at(90))
	a.hangs(at(110))
	a.speaks(at(115))
	a.leaves("transfer")
	a.ses.emits(at(115), "nTransferred", 1)
	s.tell(at(115), func(f *facts) { f.passedOn, f.transfers, f.blind = true, 1, 1 })
	a.wrapsUp(10*second, "code-a")
	v2 := s.waits(at(115), q2, onVoice)
	b := s.rings(at(128), bob, q2, onVoice)
	b.answers(at(130), v2)
	b.speaks(at(170))
	s.hangsUp(c, b, "endpoint")
	b.wrapsUp(3*second, timeoutCode)
	s.closes()

	end := s.truth(at(173))
	want(t, "duration_ms", end.DurationMs, 173*second)
	want(t, "customer_duration_ms", end.CustomerDurationMs, 170*second)
	want(t, "handle_time_ms", end.HandleTimeMs, (85+10+40+3)*second)
	want(t, "handle_count", end.HandleCount, 2)
	want(t, "talk_time_ms", end.TalkTimeMs, 105*second)
	want(t, "hold_time_ms", end.HoldTimeMs, 20*second)
	want(t, "acw_time_ms", end.AcwTimeMs, 13*second)
	want(t, "wait_time_ms", end.WaitTimeMs, 45*second)
	want(t, "answer_time_ms", end.AnswerTimeMs, 45*second)
	want(t, "offered_count", end.OfferedCount, 2)
	want(t, "answered_count", end.AnsweredCount, 2)
	want(t, "over_sla_count", end.OverSlaCount, 1)
	want(t, "within_service_level", end.WithinServiceLevel, false)
	want(t, "abandoned", end.Abandoned, false)
	want(t, "transferred", end.Transferred, true)
	want(t, "blind_transferred", end.BlindTransferred, true)
	want(t, "consult_transferred", end.ConsultTransferred, false)
	want(t, "queue_id", end.QueueID, q2.ID)
	want(t, "first_queue_id", end.FirstQueueID, q1.ID)
	want(t, "queue_count", end.QueueCount, 2)
	want(t, "agent_id", end.AgentID, bob.ID)
	want(t, "first_agent_id", end.FirstAgentID, ann.ID)
	want(t, "agent_count", end.AgentCount, 2)
	want(t, "agent_legs_not_responding", end.AgentLegsNotResponding, 1)
	want(t, "ended_by", end.EndedBy, "customer")
	want(t, "disconnect_type", end.DisconnectType, "endpoint")
	want(t, "wrapup_code", end.WrapupCode, timeoutCode)
	unknown(t, "wrapup_name", end.WrapupName)
	unknown(t, "qa_score", end.QaScore)

	open := s.truth(at(100))
	if !open.IsOpen || open.TimeSource != "none" {
		t.Errorf("on hold it is %v, %s", open.IsOpen, open.TimeSource)
	}
	unknown(t, "handle_time_ms", open.HandleTimeMs)
	unknown(t, "duration_ms", open.DurationMs)
	unknown(t, "handled_by_bot_only", open.HandledByBotOnly)
	unknown(t, "hold_time_ms", open.HoldTimeMs)
	want(t, "talk_time_ms", open.TalkTimeMs, 60*second)
	want(t, "offered_count", open.OfferedCount, 1)
	want(t, "transferred", open.Transferred, false)
	want(t, "agent_id", open.AgentID, ann.ID)
	want(t, "handle_time_ms after the first leg", s.truth(at(126)).HandleTimeMs, 95*second)
}

// A bot cannot help, the queue does not answer, the customer leaves after 3 s.
func TestTruthOfAnAbandonedBotChat(t *testing.T) {
	s, q, _, _, _ := byHand(t)
	c := s.contacts(s.start, onChat, "inbound", "customer")
	bot := s.enters(s.start+second, s.w.flows[3], "botflow", onChat)
	early := s.truth(s.start + second)
	want(t, "was_escalated before", early.WasEscalated, false)
	bot.exits(s.start+9*second, "TRANSFER", "transfer")
	v := s.waits(s.start+9*second, q, onChat)
	v.abandoned(s.start+12*second, "peer")
	c.leaves(s.start+12*second, "client")
	s.closes()
	end := s.truth(s.last)
	want(t, "was_escalated", end.WasEscalated, true)
	want(t, "handled_by_bot_only", end.HandledByBotOnly, false)
	want(t, "abandoned", end.Abandoned, true)
	want(t, "abandoned_before_answer", end.AbandonedBeforeAnswer, true)
	want(t, "short_abandon", end.ShortAbandon, true)
	want(t, "wait_time_ms", end.WaitTimeMs, 3*second)
	want(t, "queue_id", end.QueueID, q.ID)
	want(t, "handle_count", end.HandleCount, 0)
	unknown(t, "handle_time_ms", end.HandleTimeMs)
	unknown(t, "within_service_level", end.WithinServiceLevel)
	unknown(t, "agent_id", end.AgentID)
	unknown(t, "ended_by", end.EndedBy)
}

// What nobody measured is not known, and is taken from the segments where that is allowed.
func TestTruthWithoutMetrics(t *testing.T) {
	s, q, _, ann, _ := byHand(t)
	s.measured = false
	c := s.contacts(s.start, onVoice, "inbound", "customer")
	v := s.waits(s.start, q, onVoice)
	a := s.rings(s.start+4*second, ann, q, onVoice)
	want(t, "agent_legs_not_responding while it rings", s.truth(s.start+4*second).AgentLegsNotResponding, 1)
	a.answers(s.start+6*second, v)
	a.speaks(s.start + 26*second)
	c.leaves(a.at, "peer")
	a.leaves("client")
	a.wrapsUp(0, "code")
	s.closes()
	end := s.truth(s.last)
	if end.TimeSource != "segments" {
		t.Error(end.TimeSource)
	}
	want(t, "handle_time_ms", end.HandleTimeMs, 20*second)
	want(t, "acw_time_ms", end.AcwTimeMs, 0)
	want(t, "abandoned", end.Abandoned, false)
	want(t, "agent_legs_not_responding", end.AgentLegsNotResponding, 0)
	unknown(t, "offered_count", end.OfferedCount)
	unknown(t, "talk_time_ms", end.TalkTimeMs)
	unknown(t, "handle_count", end.HandleCount)
	unknown(t, "short_abandon", end.ShortAbandon)
}

// Of several judgements the newest that counts is the score.
func TestTruthOfScores(t *testing.T) {
	s, q, _, ann, _ := byHand(t)
	s.closes()
	at := func(days int64) int64 { return s.start + days*day24 }
	first := evaluation{id: "e1", at: at(1), status: "Finished", score: 80, user: ann, queue: q}
	rescored, calibrated, retracted, deleted := first, first, first, first
	rescored.at, rescored.score, rescored.rescored = at(2), 90, true
	calibrated.id, calibrated.at, calibrated.score, calibrated.calibration = "e2", at(3), 1, "c"
	retracted.id, retracted.at, retracted.status = "e3", at(4), "Retracted"
	deleted.at, deleted.deleted = at(5), true
	s.judges(first, rescored, calibrated, retracted, deleted)
	unknown(t, "qa_score", s.truth(at(1)-1).QaScore)
	want(t, "qa_score", s.truth(at(1)).QaScore, 80)
	want(t, "qa_score rescored", s.truth(at(2)).QaScore, 90)
	want(t, "qa_score after the calibration", s.truth(at(4)).QaScore, 90)
	unknown(t, "qa_score deleted", s.truth(at(5)).QaScore)

	s.hears(survey{id: "s1", at: at(1), status: "Sent"})
	s.hears(survey{id: "s1", at: at(2), status: "Finished", completed: true, partial: true})
	unknown(t, "csat_score", s.truth(at(1)).CsatScore)
	unknown(t, "nps", s.truth(at(2)).Nps)
	want(t, "csat_score", s.truth(at(2)).CsatScore, 0)
	want(t, "survey_partial", s.truth(at(2)).SurveyPartial, true)
}

func TestIdentities(t *testing.T) {
	w := New(small())
	d := newDice(3)
	id := w.crm.accounts[5].ID
	lower := 0
	for range 200 {
		switch got := spelled(d, id); len(got) {
		case 15:
			if got != id[:15] {
				t.Errorf("%s is spelled %s", id, got)
			}
		case 18:
			if got != id {
				lower++
			}
		default:
			t.Errorf("%s is spelled %s", id, got)
		}
	}
	if lower == 0 {
		t.Error("no id loses its capitals")
	}
	for c := range w.StartedOn(time.Time{}, w.dayStart(3), w.dayStart(9)) {
		truth, given := c.Truth(w.dayStart(9)), c.story().given
		switch truth.CrmIDStatus {
		case "missing":
			unknown(t, "crm_account_id", truth.CrmAccountID)
		case "malformed":
			unknown(t, "crm_account_id", truth.CrmAccountID)
			want(t, "crm_account_id_given", truth.CrmAccountIDGiven, given.given)
		default:
			if sealed((*truth.CrmAccountID)[:15]) != *truth.CrmAccountID {
				t.Errorf("%s is not sealed", *truth.CrmAccountID)
			}
		}
	}
}
