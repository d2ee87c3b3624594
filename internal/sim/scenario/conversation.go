package scenario

import (
	"sync"
	"time"
)

// Conversation is one story of the world. It is safe for concurrent use.
type Conversation struct {
	ID    string
	Start time.Time

	world *World
	day   int
	index uint32
	once  sync.Once
	told  *story
}

// Metric is one metric as the contact centre's aggregates count it: by the moment at which it was emitted.
type Metric struct {
	Name      string
	Value     int64
	Emit      time.Time
	QueueID   string // empty outside queues
	MediaType string
	UserID    string // empty where no user is involved
	Direction string
}

func (c *Conversation) story() *story {
	c.once.Do(func() { c.told = c.world.tell(c.day, c.index) })
	return c.told
}

// End is when the conversation had ended, as known at at; false while it was open, also when it had been opened again.
func (c *Conversation) End(at time.Time) (time.Time, bool) {
	end, ended := c.story().end(at.UnixMilli())
	if !ended {
		return time.Time{}, false
	}
	return time.UnixMilli(end).UTC(), true
}

// AppendJSON appends the conversation as the analytics interface showed it at at, with participant attributes or without.
func (c *Conversation) AppendJSON(b []byte, at time.Time, attributes bool) []byte {
	p := pen{b: b, s: c.story(), at: at.UnixMilli(), attributes: attributes}
	p.conversation(c.ID)
	return p.b
}

// AppendService appends the conversation as the conversation service (GET /conversations/{id}) showed it at at.
func (c *Conversation) AppendService(b []byte, at time.Time) []byte {
	p := pen{b: b, s: c.story(), at: at.UnixMilli(), attributes: true}
	p.service(c.ID)
	return p.b
}

// Emitted are the metrics emitted until at.
func (c *Conversation) Emitted(at time.Time) []Metric {
	var all []Metric
	until := at.UnixMilli()
	for _, p := range c.story().parts {
		for _, ses := range p.sessions {
			for _, m := range ses.metrics {
				if m.emit > until {
					continue
				}
				all = append(all, Metric{
					Name: m.name, Value: m.at(until), Emit: time.UnixMilli(m.emit).UTC(),
					QueueID: ses.queueID(), MediaType: ses.media, UserID: p.userID(), Direction: ses.direction,
				})
			}
		}
	}
	return all
}

// Truth is what had really happened until at.
func (c *Conversation) Truth(at time.Time) Truth {
	t := c.story().truth(at.UnixMilli())
	t.ConversationID = c.ID
	return t
}

// Division is the first division of the conversation.
func (c *Conversation) Division() string { return c.story().divisions[0] }

// Broken is the way in which the conversation's record is broken on purpose; empty for a sound one.
func (c *Conversation) Broken() string { return c.story().broken }
