package genesys

import (
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"trunkline/pipeline"
)

// part is a share of a window that one worker reads, and how far it has come.
type part struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Live   bool      `json:"live,omitzero"`   // read by the synchronous query, not by a job
	Day    bool      `json:"day,omitzero"`    // begins with a UTC day: the job leaves out what began before
	Past   bool      `json:"past,omitzero"`   // a Day follows: the job is asked for a second more, lest a border be read differently
	IDs    []string  `json:"ids,omitempty"`   // the only conversations to be given; none is all
	Job    string    `json:"job,omitzero"`    // the job whose pages are being read
	Cursor string    `json:"cursor,omitzero"` // behind the last page kept
	Done   bool      `json:"done,omitzero"`
}

// window gives the span of the parts together.
func window(parts []part) pipeline.Window {
	return pipeline.Window{From: parts[0].From, To: parts[len(parts)-1].To}
}

// parseParts reads a cursor. It is only of use if its parts make up the window, with neither gap nor overlap.
func parseParts(cursor string, w pipeline.Window) ([]part, bool) {
	var state struct {
		Parts []part `json:"parts"`
	}
	if json.Unmarshal([]byte(cursor), &state) != nil || len(state.Parts) == 0 {
		return nil, false
	}
	parts := state.Parts
	for i, p := range parts {
		if !p.From.Before(p.To) || i > 0 && (!p.From.Equal(parts[i-1].To) || parts[i-1].Live) {
			return nil, false
		}
	}
	all := window(parts)
	return parts, all.From.Equal(w.From) && (w.To.IsZero() || all.To.Equal(w.To))
}

// progress lets workers emit one at a time, each page with a cursor that tells how far all of them have come.
type progress struct {
	mu    sync.Mutex
	parts []part
	emit  func([]pipeline.Record, string) error
	err   error // of emit; nothing is emitted after it
}

// keep emits a page and notes that part i has come as far as p.
func (s *progress) keep(i int, p part, page []pipeline.Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.parts[i] = p
	if len(page) == 0 {
		return nil
	}
	cursor, err := json.Marshal(map[string][]part{"parts": s.parts})
	if err == nil {
		err = s.emit(page, string(cursor))
	}
	s.err = err
	return err
}

// once leaves out of a part's page what an earlier part gives: the conversations that began in one. Of those that began before the
// window, which begins at from, any part may be the only one that knows.
func once(page []pipeline.Record, p part, from time.Time) []pipeline.Record {
	return slices.DeleteFunc(page, func(r pipeline.Record) bool { return !r.At.Before(from) && r.At.Before(p.From) })
}

// at gives how far part i has come.
func (s *progress) at(i int) part {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.parts[i]
}

// oneWeek is the most that is asked for at once.
const oneWeek = 7 * 24 * time.Hour

// split cuts a window into so many parts of whole minutes; into more if they were longer than a week, fewer if shorter than an hour.
func split(w pipeline.Window, count int) []part {
	length := w.To.Sub(w.From)
	n := max(1, min(int64(count), int64(length/time.Hour)), int64((length+oneWeek-1)/oneWeek))
	parts := make([]part, 0, n)
	from := w.From
	for i := int64(1); i <= n; i++ {
		to := w.To
		if i < n {
			to = w.From.Add(length / time.Duration(n) * time.Duration(i)).Truncate(time.Minute)
		}
		parts = append(parts, part{From: from, To: to})
		from = to
	}
	return parts
}
