package genesys

import (
	"slices"

	"trunkline/schema"
)

// routing fills the queues and agents that it went through. The agent is the last who answered, and the queue his: the first
// agent in a record may only have let it ring, and a customer's segment names a queue even if the call died in a menu.
func (f *facts) routing(row *schema.GenesysInteraction, c *cells) {
	firstWaited, lastWaited := f.waited()
	first, last := firstWaited, lastWaited
	if f.final != nil {
		if last = f.final.queue(); first == "" {
			first = f.first.queue()
		}
		row.FirstAgentID, row.AgentID = c.text(f.first.who.UserID), c.text(f.final.who.UserID)
		row.WrapupCode = c.text(f.final.wrapup())
	}
	row.FirstQueueID, row.LastQueueID = c.text(first), c.text(last)
	row.QueueID = row.LastQueueID
	f.headcount(row, c)
}

// waited gives the first and the last queue of the queues' own sessions.
func (f *facts) waited() (first, last string) {
	for i := range f.legs {
		l := &f.legs[i]
		if l.who.Purpose != "acd" {
			continue
		}
		if q := l.queue(); q != "" {
			if last = q; first == "" {
				first = q
			}
		}
	}
	return first, last
}

// queue is the last that a session's segments name.
func (s *session) queue() string {
	for _, g := range slices.Backward(s.Segments) {
		if g.QueueID != "" {
			return g.QueueID
		}
	}
	return ""
}

// wrapup is the last code that was set.
func (s *session) wrapup() string {
	for _, g := range slices.Backward(s.Segments) {
		if g.WrapUpCode != "" {
			return g.WrapUpCode
		}
	}
	return ""
}

// headcount counts the queues visited, the agents who answered and the lines that rang in vain: segments tell them, metrics or
// not, so 0 is known.
func (f *facts) headcount(row *schema.GenesysInteraction, c *cells) {
	var queueRoom, agentRoom [8]string
	queues, agents, ignored := queueRoom[:0], agentRoom[:0], int64(0)
	for i := range f.legs {
		l := &f.legs[i]
		if l.agent && l.unanswered(f.measured) {
			ignored++
		}
		if l.answered && !slices.Contains(agents, l.who.UserID) {
			agents = append(agents, l.who.UserID)
		}
		if !l.answered && l.who.Purpose != "acd" {
			continue
		}
		for j := range l.Segments {
			if q := l.Segments[j].QueueID; q != "" && !slices.Contains(queues, q) {
				queues = append(queues, q)
			}
		}
	}
	row.QueueCount, row.AgentCount = c.int(int64(len(queues))), c.int(int64(len(agents)))
	row.AgentLegsNotResponding = c.int(ignored)
}

// queueing fills what happened in the queues, which only metrics tell: without any, nothing is known of it.
func (f *facts) queueing(row *schema.GenesysInteraction, c *cells) {
	if !f.measured {
		return
	}
	s := &f.sums
	row.OfferedCount, row.AnsweredCount = c.int(s.offered.sum), c.int(s.answered.n)
	row.AbandonedCount, row.FlowOutCount = c.int(s.abandoned.n), c.int(s.flowOut.n)
	row.OverSlaCount = c.int(s.overSLA.sum)
	row.AnswerTimeMs = s.answered.total(c)
	row.WaitTimeMs = s.answered.and(s.abandoned).and(s.flowOut).total(c)
	if s.answered.n > 0 {
		row.WithinServiceLevel = c.bool(s.overSLA.sum == 0)
	}
}
