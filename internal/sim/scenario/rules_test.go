package scenario

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// columnsOf applies the rules for each column to a record, for as much of a Truth as a record can tell.
func columnsOf(r *record, w *World) Truth {
	legs := r.legs()
	t := Truth{
		ConversationID: r.ConversationID, ConversationStart: *r.ConversationStart, ConversationEnd: r.ConversationEnd,
		DataSource: "genesys_cloud", BusinessDate: r.ConversationStart.In(w.cfg.Location).Format(time.DateOnly),
		IsOpen: r.ConversationEnd == nil, Direction: text(r.OriginatingDirection), DivisionID: &r.DivisionIDs[0], SelfServed: r.SelfServed,
	}
	if !t.IsOpen {
		t.DurationMs = new(r.ConversationEnd.Sub(*r.ConversationStart).Milliseconds())
	}
	outside := keep(legs, purposed("customer", "external"))
	agents := keep(legs, func(l readLeg) bool { return l.p.Purpose == "agent" && l.p.UserID != "" && !l.supervises() })
	if len(agents) == 0 && len(outside) > 0 {
		agents = keep(legs, purposed("user"))
	}
	served := keep(agents, readLeg.answered)
	queues := keep(legs, purposed("acd"))
	measured := slices.ContainsFunc(legs, func(l readLeg) bool { return len(l.ses.Metrics) > 0 })
	r.media(&t, legs, outside)
	r.people(&t, w, served, queues)
	r.times(&t, served, measured)
	r.counts(&t, agents, served, queues, measured)
	r.robots(&t, legs, agents, queues)
	r.goodbye(&t, outside, served)
	r.verdicts(&t)
	t.CrmAccountIDGiven = text(r.attribute("sfAccountId"))
	return t
}

func (r *record) media(t *Truth, legs, outside []readLeg) {
	first := outside
	if len(first) == 0 {
		first = legs
	}
	t.MediaType = text(first[0].ses.MediaType)
	if first[0].ses.MediaType == "message" {
		t.MessageType = text(first[0].ses.MessageType)
	}
	var all []string
	for _, l := range legs {
		if !slices.Contains(all, l.ses.MediaType) {
			all = append(all, l.ses.MediaType)
		}
	}
	slices.Sort(all)
	t.MediaTypes, t.HasCallback = text(strings.Join(all, ",")), new(slices.Contains(all, "callback"))
	for _, l := range outside {
		if l.p.ExternalContactID != "" {
			t.ExternalContactID = &l.p.ExternalContactID
		}
	}
}

func (r *record) people(t *Truth, w *World, served, queues []readLeg) {
	var visited, agents []string
	add := func(to *[]string, id string) {
		if id != "" && !slices.Contains(*to, id) {
			*to = append(*to, id)
		}
	}
	for _, l := range queues {
		add(&visited, l.queue())
	}
	for _, l := range served {
		add(&visited, l.queue())
		add(&agents, l.p.UserID)
	}
	t.QueueCount, t.AgentCount = new(int64(len(visited))), new(int64(len(agents)))
	if len(queues) > 0 {
		t.FirstQueueID, t.LastQueueID = text(queues[0].queue()), text(queues[len(queues)-1].queue())
	}
	if n := len(served); n > 0 {
		last := served[n-1]
		if t.FirstQueueID == nil {
			t.FirstQueueID = text(served[0].queue())
		}
		t.LastQueueID, t.FirstAgentID, t.AgentID = text(last.queue()), &served[0].p.UserID, &last.p.UserID
		for _, u := range w.Users(*r.ConversationStart) {
			if u.ID == *t.AgentID {
				t.AgentName = &u.Name
			}
		}
		for _, g := range last.ses.Segments {
			if g.WrapUpCode != "" {
				t.WrapupCode = text(g.WrapUpCode)
				t.WrapupName = w.codeName(g.WrapUpCode)
			}
		}
	}
	t.QueueID = t.LastQueueID
	for _, q := range w.queues {
		if t.QueueID != nil && q.ID == *t.QueueID {
			t.QueueName = &q.Name
		}
	}
}

func (r *record) times(t *Truth, served []readLeg, measured bool) {
	t.TimeSource, t.HandleTimeMs, t.AcwTimeMs = "none", r.known("tHandle"), r.known("tAcw")
	if t.HandleTimeMs != nil {
		t.TimeSource = "metric"
	} else if !t.IsOpen || !measured {
		var n, m int
		var all, wrapup int64
		for _, l := range served {
			k, ms := l.spent("contacting", "dialing", "interact", "hold", "parked", "wrapup")
			n, all = n+k, all+ms
			k, ms = l.spent("wrapup")
			m, wrapup = m+k, wrapup+ms
		}
		if n > 0 {
			t.HandleTimeMs, t.TimeSource = &all, "segments"
			if m > 0 {
				t.AcwTimeMs = &wrapup
			}
		}
	}
	t.TalkTimeMs, t.HoldTimeMs = r.known("tTalkComplete"), r.known("tHeldComplete")
	if t.TalkTimeMs == nil {
		t.TalkTimeMs = r.known("tTalk")
	}
	if t.HoldTimeMs == nil {
		t.HoldTimeMs = r.known("tHeld")
	}
	t.AnswerTimeMs = r.known("tAnswered")
	for _, name := range []string{"tAnswered", "tAbandon", "tFlowOut"} {
		if v := r.known(name); v != nil {
			if t.WaitTimeMs == nil {
				t.WaitTimeMs = new(int64)
			}
			*t.WaitTimeMs += *v
		}
	}
}

func (r *record) counts(t *Truth, agents, served, queues []readLeg, measured bool) {
	count := func(name string) *int64 { n, _ := r.total(name); return new(int64(n)) }
	sum := func(name string) *int64 { _, v := r.total(name); return &v }
	if !measured {
		var ignored int64
		for _, l := range agents {
			if n, _ := l.spent("interact", "hold", "wrapup", "dialing"); n == 0 && !l.answered() {
				ignored++
			}
		}
		gone := slices.ContainsFunc(queues, func(l readLeg) bool {
			return slices.Contains([]string{"peer", "endpoint"}, l.last().DisconnectType)
		}) && len(served) == 0
		t.AgentLegsNotResponding, t.Abandoned, t.AbandonedBeforeAnswer = &ignored, &gone, &gone
		t.Transferred = new(slices.ContainsFunc(served, func(l readLeg) bool {
			return slices.ContainsFunc(l.ses.Segments, func(g recordSegment) bool {
				return g.SegmentType == "interact" && strings.HasSuffix(strings.ToLower(g.DisconnectType), "transfer")
			})
		}))
		return
	}
	t.AgentLegsNotResponding = new(int64(len(keep(agents, func(l readLeg) bool { return l.has("tNotResponding") }))))
	t.OfferedCount, t.AnsweredCount, t.AbandonedCount = sum("nOffered"), count("tAnswered"), count("tAbandon")
	t.FlowOutCount, t.OverSlaCount, t.HandleCount = count("tFlowOut"), sum("nOverSla"), count("tHandle")
	t.Abandoned = new(*t.AbandonedCount > 0)
	t.AbandonedBeforeAnswer = new(*t.Abandoned && len(served) == 0)
	t.ShortAbandon = new(*count("tShortAbandon") > 0)
	t.TransferCount = sum("nTransferred")
	t.Transferred = new(*t.TransferCount > 0)
	t.BlindTransferred, t.ConsultTransferred = new(*sum("nBlindTransferred") > 0), new(*sum("nConsultTransferred") > 0)
	if *t.AnsweredCount > 0 {
		t.WithinServiceLevel = new(*t.OverSlaCount == 0)
	}
}

func (r *record) robots(t *Truth, legs, agents, queues []readLeg) {
	bot, cut := len(keep(legs, purposed("botflow"))) > 0, false
	if n, _ := r.total("nBotInteractions"); n > 0 {
		bot = true
	}
	for _, l := range legs {
		f := l.ses.Flow
		if f == nil {
			continue
		}
		if t.FlowID == nil {
			t.FlowID, t.FlowName = &f.FlowID, &f.FlowName
		}
		bot = bot || f.FlowType == "BOT" || f.FlowType == "DIGITALBOT"
		cut = cut || strings.Contains(f.ExitReason, "DISCONNECT")
	}
	reached := len(queues) > 0 || len(agents) > 0
	t.BotPresent, t.FlowDisconnect = &bot, new(cut && len(queues) == 0)
	t.WasEscalatedSource = "none"
	yes := func(v string) *bool {
		return new(slices.Contains([]string{"true", "1", "yes", "y"}, strings.ToLower(v)))
	}
	if v := r.attribute("escalated"); v != "" {
		t.WasEscalated, t.WasEscalatedSource = yes(v), "attribute"
	} else if bot {
		t.WasEscalated, t.WasEscalatedSource = &reached, "flow"
	}
	if !t.IsOpen {
		t.HandledByBotOnly = new(bot && !reached)
		if v := r.attribute("botHandled"); v != "" {
			t.HandledByBotOnly = yes(v)
		}
	}
}

func (r *record) goodbye(t *Truth, outside, served []readLeg) {
	if len(outside) == 0 {
		return
	}
	last := outside[len(outside)-1].last()
	t.DisconnectType = text(last.DisconnectType)
	if len(served) > 0 {
		switch agent := served[len(served)-1].last("interact", "hold").DisconnectType; {
		case agent == "client" && last.DisconnectType == "peer":
			t.EndedBy = new("agent")
		case agent == "peer" && (last.DisconnectType == "endpoint" || last.DisconnectType == "client"):
			t.EndedBy = new("customer")
		}
	}
	if t.IsOpen {
		return
	}
	from, to := outside[0].begins(), time.Time{}
	for _, l := range outside {
		for _, g := range l.ses.Segments {
			if g.SegmentEnd.After(to) {
				to = *g.SegmentEnd
			}
		}
	}
	t.CustomerDurationMs = new(to.Sub(from).Milliseconds())
}

func (r *record) verdicts(t *Truth) {
	var best *recordEvaluation
	for i, e := range r.Evaluations {
		if e.EvaluationStatus == "Finished" && !e.Deleted && e.CalibrationID == "" && (best == nil || e.EventTime.After(best.EventTime)) {
			best = &r.Evaluations[i]
		}
	}
	if best != nil {
		t.QaScore, t.EvaluationID = new(float64(*best.OTotalScore)), &best.EvaluationID
	}
	var last *recordSurvey
	for i, v := range r.Surveys {
		if v.SurveyStatus == "Finished" && (last == nil || v.SurveyCompletedDate.After(*last.SurveyCompletedDate)) {
			last = &r.Surveys[i]
		}
	}
	if last != nil {
		t.CsatScore, t.SurveyID, t.SurveyPartial = new(float64(*last.OSurveyTotalScore)), &last.SurveyID, &last.SurveyPartialResponse
		t.Nps = last.SurveyPromoterScore
	}
}

// busy is a world with more of everything rare.
func busy() Config {
	c := Default()
	c.Days, c.PerDay = 3, 120
	c.Shares.Odd, c.Shares.OldStyle, c.Shares.Midnight = 0.3, 0.1, 0.1
	c.Shares.Outbound, c.Shares.Internal, c.Shares.ToCallback, c.Shares.Supervised = 0.15, 0.06, 0.06, 0.1
	c.Shares.Evaluation, c.Shares.Survey, c.Shares.Callback, c.Shares.Resolution = 0.3, 0.4, 0.1, 0.3
	return c
}

func TestTruthAgreesWithTheRulesAtAnyMoment(t *testing.T) {
	w := New(busy())
	hidden := cmp.FilterPath(func(p cmp.Path) bool {
		name := p.Last().String()
		return strings.HasPrefix(name, ".Crm") && name != ".CrmAccountIDGiven" // these need the CRM
	}, cmp.Ignore())
	failures := 0
	for c := range w.StartedOn(w.dayStart(0), w.dayStart(3), w.dayStart(99)) {
		for _, at := range moments(w, c) {
			r := read(t, c, at)
			if diff := cmp.Diff(columnsOf(&r, w), c.Truth(at), hidden); diff != "" {
				t.Errorf("%s as of %s (rules -, truth +):\n%s\n%s", c.ID, at, diff, c.AppendJSON(nil, at, true))
				if failures++; failures == 5 {
					t.Fatal("and so on")
				}
				break
			}
		}
	}
}

// moments are some moments of a conversation's life: those at which something happens, and some between.
func moments(w *World, c *Conversation) []time.Time {
	s := c.story()
	all := []time.Time{c.Start.Add(time.Millisecond), w.dayStart(w.dayOf(c.Start) + 1), w.dayStart(60)}
	for i, b := range s.beats {
		if b.at > s.start {
			all = append(all, time.UnixMilli(b.at))
			if i%3 == 0 {
				all = append(all, time.UnixMilli(b.at+700), time.UnixMilli(b.at-1))
			}
		}
	}
	return slices.DeleteFunc(all, func(at time.Time) bool { return at.Before(c.Start) })
}
