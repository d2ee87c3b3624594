package sim

import (
	"iter"
	"time"

	"trunkline/internal/sim/genesysapi"
	"trunkline/internal/sim/scenario"
)

// worldSource is a scenario as the interface of Genesys Cloud looks at it.
type worldSource struct{ world *scenario.World }

// Overlapping gives the conversations of an interval.
func (s worldSource) Overlapping(from, to, at time.Time) iter.Seq[genesysapi.Conversation] {
	return told(s.world.Overlapping(from, to, at))
}

// StartedOn gives the conversations that began in an interval.
func (s worldSource) StartedOn(from, to, at time.Time) iter.Seq[genesysapi.Conversation] {
	return told(s.world.StartedOn(from, to, at))
}

// Conversation finds a conversation.
func (s worldSource) Conversation(id string) (genesysapi.Conversation, bool) {
	c := s.world.Conversation(id)
	if c == nil {
		return genesysapi.Conversation{}, false
	}
	return tell(c), true
}

// Directory is what names meant at a moment.
func (s worldSource) Directory(at time.Time) genesysapi.Directory {
	return genesysapi.Directory{
		Users: s.world.Users(at), Queues: s.world.Queues(at), WrapupCodes: s.world.WrapupCodes(at), Divisions: s.world.Divisions(at),
		Flows: s.world.Flows(at),
	}
}

func tell(c *scenario.Conversation) genesysapi.Conversation {
	return genesysapi.Conversation{ID: c.ID, Start: c.Start, Division: c.Division(), Record: c}
}

func told(all iter.Seq[*scenario.Conversation]) iter.Seq[genesysapi.Conversation] {
	return func(yield func(genesysapi.Conversation) bool) {
		for c := range all {
			if !yield(tell(c)) {
				return
			}
		}
	}
}
