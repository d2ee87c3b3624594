package genesys

// sums adds up the metrics of all sessions of a conversation.
type sums struct {
	handle, acw                                  tally
	talk, talkComplete, held, heldComplete       tally
	answered, abandoned, shortAbandoned, flowOut tally
	offered, overSLA                             tally
	transferred, blind, consult, consults        tally
	alert, contacting, dialing                   tally
}

// tally is how often a metric was emitted, and the sum of its values.
type tally struct{ n, sum int64 }

func (s *sums) add(metrics []metric) {
	for i := range metrics {
		if t := s.of(metrics[i].Name); t != nil {
			t.n++
			t.sum += metrics[i].Value
		}
	}
}

func (s *sums) of(name string) *tally {
	switch name {
	case "tHandle":
		return &s.handle
	case "tAcw":
		return &s.acw
	case "tTalk":
		return &s.talk
	case "tTalkComplete":
		return &s.talkComplete
	case "tHeld":
		return &s.held
	case "tHeldComplete":
		return &s.heldComplete
	case "tAnswered":
		return &s.answered
	case "tAbandon":
		return &s.abandoned
	case "tShortAbandon":
		return &s.shortAbandoned
	case "tFlowOut":
		return &s.flowOut
	case "nOffered":
		return &s.offered
	case "nOverSla":
		return &s.overSLA
	case "nTransferred":
		return &s.transferred
	case "nBlindTransferred":
		return &s.blind
	case "nConsultTransferred":
		return &s.consult
	case "nConsult":
		return &s.consults
	case "tAlert":
		return &s.alert
	case "tContacting":
		return &s.contacting
	case "tDialing":
		return &s.dialing
	default:
		return nil
	}
}

// total is NULL for a metric that was never emitted: nothing was measured, which is not 0.
func (t tally) total(c *cells) *int64 {
	if t.n == 0 {
		return nil
	}
	return c.int(t.sum)
}

// or gives another tally where this one is empty.
func (t tally) or(other tally) tally {
	if t.n > 0 {
		return t
	}
	return other
}

// and adds two tallies.
func (t tally) and(other tally) tally { return tally{t.n + other.n, t.sum + other.sum} }
