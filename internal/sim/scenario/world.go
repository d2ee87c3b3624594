// Package scenario is a contact centre that never existed, with its customers' CRM, and the ledger of what truly happened in
// it. Everything follows from a Config: the same seed gives the same calls, the same mistakes and the same truth. A
// conversation is a story told twice by the same happenings, once as the payload that an interface would show at a moment,
// once as the truth at that moment; neither is computed from the other.
package scenario

import (
	"iter"
	"sync"
	"time"
)

// World is one simulated contact centre and its CRM. It is safe for concurrent use.
type World struct {
	cfg           Config
	key, unfactor uint64 // see conversationID

	users     []User
	departs   []int64 // by user: when he is deleted, epoch ms; 0: never
	agents    []int   // users who take conversations
	leads     []int   // users who supervise
	queues    []Queue
	closes    []int64 // by queue: when it is deleted
	codes     []WrapupCode
	divisions []string
	flows     []flowKind
	outcomes  []string // what flows are to achieve
	crm       crm

	mu    sync.Mutex
	clock uint64 // counts the uses of days
	days  map[int]*day
}

// New makes the world of c; what c leaves zero, but for Days, PerDay and Growth, is as in Default. Its days are told when they
// are first asked for.
func New(c Config) *World {
	w := &World{cfg: c.filled(), days: map[int]*day{}}
	w.key = hash(w.cfg.Seed, streamKey) & keyMask
	w.unfactor = inverse(keyFactor)
	w.peopleDimensions()
	w.peopleCRM()
	return w
}

func (c Config) filled() Config {
	std := Default()
	if c.Start.IsZero() {
		c.Start, c.Location = std.Start, std.Location
	}
	if c.Location == nil {
		c.Location = c.Start.Location()
	}
	if c.Shares == (Shares{}) {
		c.Shares = std.Shares
	}
	orElse := func(n *int, other int) {
		if *n <= 0 {
			*n = other
		}
	}
	orElse(&c.SettleDays, std.SettleDays)
	orElse(&c.RepeatDays, std.RepeatDays)
	if c.Reprocess == [4]int{} {
		c.Reprocess = std.Reprocess
	}
	orElse(&c.Accounts, std.Accounts)
	orElse(&c.Agents, std.Agents)
	orElse(&c.Queues, std.Queues)
	c.Agents, c.Queues, c.Accounts = max(c.Agents, 5), max(c.Queues, 2), max(c.Accounts, 20)
	y, m, d := c.Start.In(c.Location).Date()
	c.Start = time.Date(y, m, d, 0, 0, 0, 0, c.Location)
	return c
}

// Config is the configuration that the world was made from, with its defaults filled in.
func (w *World) Config() Config { return w.cfg }

// Overlapping gives, by start and id, the conversations that began before at and whose life, as known at at, overlaps
// [from, to).
func (w *World) Overlapping(from, to, at time.Time) iter.Seq[*Conversation] {
	lo, hi, now := from.UnixMilli(), to.UnixMilli(), at.UnixMilli()
	return w.walk(from.AddDate(0, 0, -w.lookBack()), earlier(to, at), func(e entry, start int64) bool {
		return e.lives(start, lo, hi, now)
	})
}

// StartedOn gives, by start and id, the conversations that began in [from, to) and before at.
func (w *World) StartedOn(from, to, at time.Time) iter.Seq[*Conversation] {
	lo, hi := from.UnixMilli(), earlier(to, at).UnixMilli()
	return w.walk(from, earlier(to, at), func(_ entry, start int64) bool {
		return start >= lo && start < hi
	})
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// walk walks the conversations of the days of [from, to).
func (w *World) walk(from, to time.Time, keep func(entry, int64) bool) iter.Seq[*Conversation] {
	return func(yield func(*Conversation) bool) {
		first, last := 0, w.cfg.Days-1
		if from.After(w.cfg.Start) {
			first = w.dayOf(from)
		}
		if to.Before(w.dayStart(w.cfg.Days)) {
			last = w.dayOf(to.Add(-time.Millisecond))
		}
		for n := first; n <= last; n++ {
			begin := w.dayStart(n).UnixMilli()
			for _, e := range w.contents(n) {
				start := begin + int64(e.start)
				if keep(e, start) && !yield(w.conversation(n, e.index, start)) {
					return
				}
			}
		}
	}
}

// Conversation finds a conversation by its id; nil if there is none.
func (w *World) Conversation(id string) *Conversation {
	n, index, ok := w.place(id)
	if !ok {
		return nil
	}
	return w.conversation(n, index, w.dayStart(n).UnixMilli()+w.startOf(n, index))
}

func (w *World) conversation(n int, index uint32, start int64) *Conversation {
	return &Conversation{
		ID: w.conversationID(n, index).String(), Start: time.UnixMilli(start).UTC(),
		world: w, day: n, index: index,
	}
}
