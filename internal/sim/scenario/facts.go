package scenario

import (
	"slices"
	"strings"
	"time"
)

// facts gathers what the beats of a story tell, up to a moment. Counts are kept in every story; those that nobody measured are
// left out of the Truth.
type facts struct {
	measured bool
	ended    int64 // 0: open

	media                        []string
	firstMedia, messageType      string
	callback                     bool
	external                     string
	custFrom, custTo             int64
	disconnect, hungUp           string
	offered, answered, over      int64
	abandons, short, flowsOut    int64
	answerMs, waitMs             int64
	waits                        int64
	firstWaited, lastWaited      *Queue
	firstServed, lastServed      *Queue
	visited                      []*Queue
	firstAgent, lastAgent        *User
	agents                       []*User
	legs, served, ignored        int64
	lastLeg                      *leg // the last to answer
	wrapup                       string
	transfers, blind, consults   int64
	passedOn                     bool
	talk, talkDone, hold, holden tally
	handle, acw                  tally
	segments, wrapups            tally // ended segments of answered legs
	bot                          bool
	flow                         *flowKind
	cut                          bool // a flow ended with the line
	selfServed                   *bool
	escalated, botHandled        *bool
	evaluations                  []evaluation
	surveys                      []survey
	account, caseID              identity
}

// tally is a sum of which is known how many went into it.
type tally struct{ n, sum int64 }

func (t *tally) add(v int64) { t.n, t.sum = t.n+1, t.sum+v }

func (t tally) known() *int64 {
	if t.n == 0 {
		return nil
	}
	return &t.sum
}

func (f *facts) uses(media string) {
	if media == "callback" {
		f.callback = true
	}
	if !slices.Contains(f.media, media) {
		f.media = append(f.media, media)
	}
}

func (f *facts) waitsIn(q *Queue) {
	f.offered++
	if f.firstWaited == nil {
		f.firstWaited = q
	}
	f.lastWaited = q
	f.visits(q)
}

func (f *facts) visits(q *Queue) {
	if q != nil && !slices.Contains(f.visited, q) {
		f.visited = append(f.visited, q)
	}
}

func (f *facts) waited(ms int64) { f.waits, f.waitMs = f.waits+1, f.waitMs+ms }

// serves says that an agent answered, for a queue or for none.
func (f *facts) serves(l *leg) {
	u, q := l.user, l.queue
	f.served++
	f.lastLeg, f.wrapup = l, ""
	if f.firstAgent == nil {
		f.firstAgent, f.firstServed = u, q
	}
	f.lastAgent, f.lastServed = u, q
	if !slices.Contains(f.agents, u) {
		f.agents = append(f.agents, u)
	}
	f.visits(q)
}

// truth applies what was told until at.
func (s *story) truth(at int64) Truth {
	var f facts
	beats := slices.Clone(s.beats)
	slices.SortStableFunc(beats, func(a, b beat) int { return int(a.at - b.at) })
	for _, b := range beats {
		if b.at > at {
			break
		}
		b.do(&f)
	}
	start := time.UnixMilli(s.start)
	t := Truth{
		ConversationStart: start.UTC(), DataSource: "genesys_cloud",
		BusinessDate: start.In(s.w.cfg.Location).Format(time.DateOnly),
		Direction:    &s.direction, DivisionID: &s.divisions[0], IsOpen: f.ended == 0,
	}
	f.life(&t, s.start)
	f.routing(&t)
	f.handling(&t)
	f.counting(&t)
	f.automation(&t)
	f.scores(&t)
	f.customer(&t)
	t.WrapupName = s.w.codeName(f.wrapup)
	return t
}

func (f *facts) life(t *Truth, start int64) {
	if f.ended != 0 {
		end := time.UnixMilli(f.ended).UTC()
		t.ConversationEnd, t.DurationMs = &end, new(f.ended-start)
		if f.custTo != 0 {
			t.CustomerDurationMs = new(f.custTo - f.custFrom)
		}
	}
	t.MediaType = text(f.firstMedia)
	slices.Sort(f.media)
	t.MediaTypes = text(strings.Join(f.media, ","))
	if f.firstMedia == "message" {
		t.MessageType = text(f.messageType)
	}
	t.HasCallback = new(f.callback)
	t.DisconnectType, t.EndedBy = text(f.disconnect), text(f.hungUp)
	t.ExternalContactID = text(f.external)
}

func (f *facts) routing(t *Truth) {
	first, last := f.firstWaited, f.lastServed
	if first == nil {
		first = f.firstServed
	}
	if f.served == 0 {
		last = f.lastWaited
	}
	if first != nil {
		t.FirstQueueID = &first.ID
	}
	if last != nil {
		t.QueueID, t.LastQueueID, t.QueueName = &last.ID, &last.ID, &last.Name
	}
	t.QueueCount = new(int64(len(f.visited)))
	if f.lastAgent != nil {
		t.AgentID, t.AgentName, t.FirstAgentID = &f.lastAgent.ID, &f.lastAgent.Name, &f.firstAgent.ID
	}
	t.AgentCount, t.AgentLegsNotResponding = new(int64(len(f.agents))), new(f.ignored)
}

func (f *facts) handling(t *Truth) {
	t.TimeSource = "none"
	switch {
	case f.handle.n > 0:
		t.HandleTimeMs, t.TimeSource = f.handle.known(), "metric"
		t.AcwTimeMs = f.acw.known()
	case f.segments.n > 0 && (f.ended != 0 || !f.measured):
		t.HandleTimeMs, t.TimeSource = f.segments.known(), "segments"
		t.AcwTimeMs = f.wrapups.known()
	}
	if f.acw.n > 0 {
		t.AcwTimeMs = f.acw.known()
	}
	t.TalkTimeMs, t.HoldTimeMs = f.talkDone.known(), f.holden.known()
	if t.TalkTimeMs == nil {
		t.TalkTimeMs = f.talk.known()
	}
	if t.HoldTimeMs == nil {
		t.HoldTimeMs = f.hold.known()
	}
	t.WrapupCode = text(f.wrapup)
}

func (f *facts) counting(t *Truth) {
	t.Abandoned = new(f.abandons > 0)
	t.AbandonedBeforeAnswer = new(f.abandons > 0 && f.served == 0)
	t.Transferred = new(f.passedOn)
	if !f.measured {
		return
	}
	t.OfferedCount, t.AnsweredCount, t.AbandonedCount = new(f.offered), new(f.answered), new(f.abandons)
	t.FlowOutCount, t.OverSlaCount, t.HandleCount = new(f.flowsOut), new(f.over), new(f.handle.n)
	t.TransferCount, t.BlindTransferred = new(f.transfers), new(f.blind > 0)
	t.ConsultTransferred, t.ShortAbandon = new(f.consults > 0), new(f.short > 0)
	if f.waits > 0 {
		t.WaitTimeMs = new(f.waitMs)
	}
	if f.answered > 0 {
		t.AnswerTimeMs, t.WithinServiceLevel = new(f.answerMs), new(f.over == 0)
	}
}

func (f *facts) automation(t *Truth) {
	reached := f.offered > 0 || f.legs > 0
	t.BotPresent, t.SelfServed = new(f.bot), f.selfServed
	t.FlowDisconnect = new(f.cut && f.offered == 0)
	if f.flow != nil {
		t.FlowID, t.FlowName = &f.flow.id, &f.flow.name
	}
	t.WasEscalatedSource = "none"
	switch {
	case f.escalated != nil:
		t.WasEscalated, t.WasEscalatedSource = f.escalated, "attribute"
	case f.bot:
		t.WasEscalated, t.WasEscalatedSource = new(reached), "flow"
	}
	if f.ended != 0 {
		t.HandledByBotOnly = new(f.bot && !reached)
		if f.botHandled != nil {
			t.HandledByBotOnly = f.botHandled
		}
	}
}

func (f *facts) customer(t *Truth) {
	t.CrmIDStatus = "missing"
	if f.account.given != "" {
		t.CrmAccountIDGiven, t.CrmMatchMethod = &f.account.given, new("attribute")
		t.CrmAccountID, t.CrmIDStatus = text(f.account.id), "ok"
		if f.account.id == "" {
			t.CrmIDStatus = "malformed"
		}
	}
	t.CrmCaseID = text(f.caseID.id)
}

// codeName is the name of a wrap-up code; the system's own have none.
func (w *World) codeName(id string) *string {
	for i := range w.codes {
		if w.codes[i].ID == id {
			return &w.codes[i].Name
		}
	}
	return nil
}

// text is NULL for nothing.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
