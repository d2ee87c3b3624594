package genesys

import (
	"cmp"
	"math"
	"slices"
)

// never is when a session began that has no segment with a start: after all others.
const never = math.MaxInt64

// order makes legs of all sessions: the earliest first, and of those that begin together, or never, the participants' order
// and then the sessions'. The source's own order is not that of time.
func (f *facts) order() {
	f.legs = f.legs[:0]
	for i := range f.Participants {
		p := &f.Participants[i]
		for j := range p.Sessions {
			s := &p.Sessions[j]
			f.legs = append(f.legs, leg{session: s, who: p, position: i, began: s.began()})
		}
	}
	slices.SortStableFunc(f.legs, func(a, b leg) int { return cmp.Compare(a.began, b.began) })
}

// began is when a session's earliest segment starts.
func (s *session) began() int64 {
	at := int64(never)
	for i := range s.Segments {
		if start := s.Segments[i].Start; start.ok() {
			at = min(at, start.ms)
		}
	}
	return at
}

// last gives the segment of these types that ends last, any if none is named. One that still runs is later than all; of two
// that end together the later listed is the last.
func (s *session) last(types ...string) *segment {
	var found *segment
	for i := range s.Segments {
		g := &s.Segments[i]
		if len(types) > 0 && !slices.Contains(types, g.Type) {
			continue
		}
		if found == nil || g.until() >= found.until() {
			found = g
		}
	}
	return found
}

// until is when a segment ends; one that still runs, never.
func (g *segment) until() int64 {
	switch g.End.state {
	case absent:
		return never
	case known:
		return g.End.ms
	default:
		return math.MinInt64 // its end cannot be read
	}
}
