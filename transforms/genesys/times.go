package genesys

import "trunkline/schema"

// times fills when it was and how long it took. What is open has no duration yet.
func (f *facts) times(row *schema.GenesysInteraction, c *cells) {
	row.ConversationStart = f.Start.time()
	row.IsOpen = !f.End.ok()
	if row.IsOpen {
		return
	}
	row.ConversationEnd = c.times.keep(f.End.time())
	row.DurationMs = c.int(f.End.ms - f.Start.ms)
	row.CustomerDurationMs = f.customerDuration(c)
}

// customerDuration is from the first to the last moment of the outside party's sessions.
func (f *facts) customerDuration(c *cells) *int64 {
	from, to := int64(never), int64(-1)
	for i := range f.legs {
		l := &f.legs[i]
		if !l.who.outside() {
			continue
		}
		from = min(from, l.began)
		for j := range l.Segments {
			if end := l.Segments[j].End; end.ok() {
				to = max(to, end.ms)
			}
		}
	}
	if from == never || to < 0 {
		return nil
	}
	return c.int(to - from)
}
