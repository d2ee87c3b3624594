package scenario

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"time"
)

const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
	day24  = 24 * hour

	week = 7 // days: a world that settles within it has conversations of a fortnight at most
)

// lookBack is a number of days longer than any conversation lives: it may be opened again when everybody else has settled.
func (w *World) lookBack() int { return week + max(week, w.cfg.SettleDays) }

// cachedDays is how many days are kept: those that one look back needs, and some more.
func (w *World) cachedDays() int { return 2*week + 4 + w.lookBack() }

// arrivals is how many of a day's conversations begin in each local hour, relative to each other.
var arrivals = [24]float64{1, 1, 1, 1, 1, 2, 4, 9, 16, 20, 22, 20, 17, 19, 20, 19, 17, 14, 10, 7, 5, 4, 3, 2}

// entry is what is kept of a conversation: where it begins in its day and when it opens and closes. The rest is told again
// when it is asked for.
type entry struct {
	closed, reopened, reclosed int64 // ms after start; 0: never
	start                      int32 // ms after the day's beginning
	index                      uint32
}

// day is the table of contents of one day, by start and id.
type day struct {
	once    sync.Once
	used    uint64
	entries []entry
}

func (w *World) dayStart(n int) time.Time {
	y, m, d := w.cfg.Start.Date()
	return time.Date(y, m, d+n, 0, 0, 0, 0, w.cfg.Location)
}

// dayOf is the number of the day in which t lies, which may be outside the world.
func (w *World) dayOf(t time.Time) int {
	n := int(math.Floor(t.Sub(w.cfg.Start).Hours() / 24))
	for w.dayStart(n).After(t) {
		n--
	}
	for !w.dayStart(n + 1).After(t) {
		n++
	}
	return n
}

func (w *World) count(n int) int {
	if n < 0 || n >= w.cfg.Days {
		return 0
	}
	return int(math.Round(float64(w.cfg.PerDay) * math.Pow(1+w.cfg.Growth, float64(n))))
}

// startOf draws when a conversation begins, in ms after the beginning of its day.
func (w *World) startOf(n int, index uint32) int64 {
	d := newDice(w.cfg.Seed, streamStart, uint64(n), uint64(index))
	length := w.dayStart(n + 1).Sub(w.dayStart(n)).Milliseconds()
	if d.chance(w.cfg.Shares.Midnight) {
		return length - d.between(1, 5*minute)
	}
	var sum float64
	for _, share := range arrivals {
		sum += share
	}
	u := d.Float64() * sum
	for h, share := range arrivals {
		if u < share {
			return int64((float64(h) + u/share) / 24 * float64(length))
		}
		u -= share
	}
	return length - 1
}

// contents is the table of contents of day n, made when it is first asked for.
func (w *World) contents(n int) []entry {
	if w.count(n) == 0 {
		return nil
	}
	w.mu.Lock()
	page := w.days[n]
	if page == nil {
		w.forgetOldest()
		page = &day{}
		w.days[n] = page
	}
	w.clock++
	page.used = w.clock
	w.mu.Unlock()
	page.once.Do(func() { page.entries = w.tellDay(n) })
	return page.entries
}

// forgetOldest makes room for a day in the cache; w.mu is held.
func (w *World) forgetOldest() {
	if len(w.days) < w.cachedDays() {
		return
	}
	oldest, used := -1, uint64(math.MaxUint64)
	for n, page := range w.days {
		if page.used < used {
			oldest, used = n, page.used
		}
	}
	delete(w.days, oldest)
}

func (w *World) tellDay(n int) []entry {
	entries := make([]entry, w.count(n))
	for i := range entries {
		s := w.tell(n, uint32(i))
		since := func(t int64) int64 {
			if t == 0 {
				return 0
			}
			return t - s.start
		}
		entries[i] = entry{
			start: int32(w.startOf(n, uint32(i))), index: uint32(i),
			closed: since(s.closed), reopened: since(s.reopened), reclosed: since(s.reclosed),
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if c := cmp.Compare(a.start, b.start); c != 0 {
			return c
		}
		x, y := w.conversationID(n, a.index), w.conversationID(n, b.index)
		return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]))
	})
	return entries
}

// lives says whether the conversation, as known at at, is alive at some moment of [from, to). All are epoch ms; start is the
// conversation's.
func (e entry) lives(start, from, to, at int64) bool {
	if start >= to || start >= at {
		return false
	}
	end, ended := e.end(start, at)
	return !ended || end > from || start >= from
}

// end is the end of the conversation as known at at; false while it is open.
func (e entry) end(start, at int64) (int64, bool) {
	switch {
	case e.reclosed != 0 && start+e.reclosed <= at:
		return start + e.reclosed, true
	case e.reopened != 0 && start+e.reopened <= at:
		return 0, false
	default:
		return start + e.closed, start+e.closed <= at
	}
}
