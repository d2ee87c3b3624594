package genesys

import "trunkline/schema"

// handling fills the agents' time. What nobody measured is NULL: a 0 would drag every average down.
func (f *facts) handling(row *schema.GenesysInteraction, c *cells) {
	s := &f.sums
	row.TimeSource = "none"
	row.AcwTimeMs = s.acw.total(c)
	if f.measured {
		row.HandleCount = c.int(s.handle.n)
	}
	switch {
	case s.handle.n > 0:
		row.HandleTimeMs, row.TimeSource = c.int(s.handle.sum), "metric"
	case !f.measured || f.End.ok():
		f.handlingBySegments(row, c)
	}
	row.TalkTimeMs = s.talkComplete.or(s.talk).total(c)
	row.HoldTimeMs = s.heldComplete.or(s.held).total(c)
}

// handlingBySegments takes the times from the answered legs' segments, where no handle time was or will be measured.
func (f *facts) handlingBySegments(row *schema.GenesysInteraction, c *cells) {
	var handle, acw tally
	for i := range f.legs {
		l := &f.legs[i]
		if !l.answered {
			continue
		}
		for j := range l.Segments {
			g := &l.Segments[j]
			if !g.handling() || !g.Start.ok() || !g.End.ok() {
				continue
			}
			length := tally{1, g.End.ms - g.Start.ms}
			handle = handle.and(length)
			if g.Type == "wrapup" {
				acw = acw.and(length)
			}
		}
	}
	if handle.n == 0 {
		return
	}
	row.HandleTimeMs, row.TimeSource = c.int(handle.sum), "segments"
	if row.AcwTimeMs == nil {
		row.AcwTimeMs = acw.total(c)
	}
}

// handling tells whether a segment is part of an agent's work.
func (g *segment) handling() bool {
	switch g.Type {
	case "contacting", "dialing", "interact", "hold", "parked", "wrapup":
		return true
	default:
		return false
	}
}
