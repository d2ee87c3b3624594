package genesys

import "time"

// Hurry makes an extractor look often whether something is ready.
func (x *Extractor) Hurry() { x.pace = pace{job: time.Millisecond, availability: 5 * time.Millisecond} }
