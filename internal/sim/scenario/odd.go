package scenario

// oddity is a harmless way in which a record differs from what one expects.
type oddity int

const (
	oddNone     oddity = iota
	oddNulls           // explicit nulls where a member could be absent
	oddFields          // members that nobody knows yet
	oddFraction        // dates with fractions of two digits
	oddDay             // dates with days of one digit
	oddPreface         // the first segment begins just before the conversation
	oddEnum            // a value that no list of values has
	oddLongText        // an attribute longer than the interface hands out
	oddSession         // sessions without id, and one without segments and metrics
	oddities
)

// The ways in which a record can be beyond reading.
const (
	brokenID      = "no id"
	brokenStart   = "malformed start"
	brokenType    = "start is a number"
	brokenParties = "participants are text"
	brokenMetric  = "metric value is text"
)

// breaks draws one of them. A value can be broken only where there is one.
func (s *story) breaks() string {
	ways := []string{brokenID, brokenStart, brokenType, brokenParties, brokenMetric}
	if !s.measured {
		ways = ways[:4]
	}
	return pick(s.d, ways)
}

// shuffle puts the participants out of their order, as the interface often does.
func (s *story) shuffle() {
	if s.d.chance(0.1) {
		s.d.Shuffle(len(s.parts), func(i, j int) { s.parts[i], s.parts[j] = s.parts[j], s.parts[i] })
	}
}
