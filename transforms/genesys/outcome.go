package genesys

import (
	"slices"

	"trunkline/schema"
)

// outcome fills whether the customer was lost in a queue and whether an agent passed him on. The way in which his own line
// ended tells neither: a normal goodbye looks the same.
func (f *facts) outcome(row *schema.GenesysInteraction, c *cells) {
	abandoned, transferred := f.sums.abandoned.n > 0, f.sums.transferred.sum > 0
	if f.measured {
		row.ShortAbandon = c.bool(f.sums.shortAbandoned.n > 0)
		row.TransferCount = c.int(f.sums.transferred.sum)
		row.BlindTransferred = c.bool(f.sums.blind.sum > 0)
		row.ConsultTransferred = c.bool(f.sums.consult.sum > 0)
	} else {
		abandoned, transferred = f.leftQueue(), f.passedOn()
	}
	row.Abandoned, row.Transferred = c.bool(abandoned), c.bool(transferred)
	row.AbandonedBeforeAnswer = c.bool(abandoned && f.final == nil)
}

// leftQueue tells, where nothing was measured, whether a queue's session ended with the line and nobody ever answered.
func (f *facts) leftQueue() bool {
	return f.final == nil && slices.ContainsFunc(f.legs, func(l leg) bool {
		if l.who.Purpose != "acd" {
			return false
		}
		last := l.last()
		return last != nil && (last.DisconnectType == "peer" || last.DisconnectType == "endpoint")
	})
}

// passedOn tells, where nothing was measured, whether an agent's talk ended in a transfer. noAnswerTransfer and its like are
// routing: no agent did that.
func (f *facts) passedOn() bool {
	return slices.ContainsFunc(f.legs, func(l leg) bool {
		return l.answered && slices.ContainsFunc(l.Segments, func(g segment) bool { return g.Type == "interact" && g.transfer() })
	})
}

func (g *segment) transfer() bool {
	switch g.DisconnectType {
	case "transfer", "consultTransfer", "forwardTransfer", "conferenceTransfer":
		return true
	default:
		return false
	}
}

// ending fills how the customer's last leg ended and, where both sides' ends tell, who hung up.
func (f *facts) ending(row *schema.GenesysInteraction, c *cells) {
	customer := f.customerEnd()
	row.DisconnectType = c.text(customer)
	if f.final == nil {
		return
	}
	last := f.final.last("interact", "hold")
	if last == nil {
		return
	}
	switch agent := last.DisconnectType; {
	case agent == "client" && customer == "peer":
		row.EndedBy = c.text("agent")
	case agent == "peer" && (customer == "endpoint" || customer == "client"):
		row.EndedBy = c.text("customer")
	}
}

// customerEnd is how the outside party's last-starting session ended; nothing while it runs.
func (f *facts) customerEnd() string {
	for i := len(f.legs) - 1; i >= 0; i-- {
		l := &f.legs[i]
		if !l.who.outside() || len(l.Segments) == 0 {
			continue
		}
		return l.last().DisconnectType
	}
	return ""
}
