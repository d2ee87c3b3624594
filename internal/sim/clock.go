package sim

import (
	"sync"
	"time"
)

// Clock is the time in the contact centre. It is safe for concurrent use.
type Clock struct {
	mu    sync.Mutex
	shown time.Time // when it was last set
	since time.Time // our time at that moment
	speed float64
}

// NewClock makes a clock that begins at start and runs speed times as fast as ours; at speed 0 it stands still until it is
// moved.
func NewClock(start time.Time, speed float64) *Clock {
	return &Clock{shown: start, since: time.Now(), speed: speed}
}

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	return c.shown.Add(time.Duration(float64(time.Since(c.since)) * c.speed))
}

// Set moves the clock to t; from there it runs on.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown, c.since = t, time.Now()
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown, c.since = c.now().Add(d), time.Now()
}
