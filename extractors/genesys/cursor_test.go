package genesys

import (
	"errors"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"trunkline/pipeline"
)

var morning = time.Date(2026, 11, 19, 5, 0, 0, 0, time.UTC)

func TestSplitCoversTheWindow(t *testing.T) {
	for _, c := range []struct {
		length time.Duration
		want   int
	}{
		{time.Minute, 1},
		{time.Hour, 1},
		{3 * time.Hour, 3},
		{24 * time.Hour, 4},
		{8 * 24 * time.Hour, 4},
		{70*24*time.Hour + time.Second, 11},
	} {
		w := pipeline.Window{From: morning, To: morning.Add(c.length)}
		parts := split(w, 4)
		if len(parts) != c.want {
			t.Errorf("%s: %d parts, want %d", c.length, len(parts), c.want)
		}
		text, err := json.Marshal(map[string][]part{"parts": parts})
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := parseParts(string(text), w); !ok {
			t.Errorf("%s: the parts %s do not make up the window", c.length, text)
		}
		for _, p := range parts {
			if p.To.Sub(p.From) > oneWeek+time.Minute {
				t.Errorf("%s: a part of %s", c.length, p.To.Sub(p.From))
			}
		}
	}
}

func TestACursorOfAnotherWindowIsOfNoUse(t *testing.T) {
	w := pipeline.Window{From: morning, To: morning.Add(24 * time.Hour)}
	parts := split(w, 4)
	encode := func(parts ...part) string {
		b, _ := json.Marshal(map[string][]part{"parts": parts})
		return string(b)
	}
	live := parts[0]
	live.Live = true
	for name, cursor := range map[string]string{
		"nothing":          "",
		"no parts":         encode(),
		"a later window":   encode(split(pipeline.Window{From: w.From.Add(time.Hour), To: w.To}, 4)...),
		"a shorter window": encode(split(pipeline.Window{From: w.From, To: w.To.Add(-time.Hour)}, 4)...),
		"a gap":            encode(parts[0], parts[1], parts[3]),
		"an overlap":       encode(parts[0], parts[1], parts[1], parts[2], parts[3]),
		"live in between":  encode(live, parts[1], parts[2], parts[3]),
		"cut":              encode(parts...)[:50],
	} {
		if _, ok := parseParts(cursor, w); ok {
			t.Errorf("%s: %s was taken", name, cursor)
		}
	}
	if _, ok := parseParts(encode(parts...), pipeline.Window{From: w.From}); !ok {
		t.Error("an open window does not take the cursor that closed it")
	}
}

func TestNothingIsEmittedAfterAnError(t *testing.T) {
	mine, calls := errors.New("mine"), 0
	s := progress{parts: make([]part, 2), emit: func([]pipeline.Record, string) error { calls++; return mine }}
	page := []pipeline.Record{{Key: "a"}}
	for i := range 2 {
		if err := s.keep(i, part{}, page); !errors.Is(err, mine) {
			t.Errorf("worker %d got %v", i, err)
		}
	}
	if calls != 1 {
		t.Errorf("emit was called %d times", calls)
	}
}

func FuzzParseParts(f *testing.F) {
	f.Add(`{"parts":[{"from":"2026-11-19T05:00:00Z","to":"2026-11-20T05:00:00Z","job":"j","cursor":"c"}]}`)
	f.Add(`{"parts":[{}]}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, cursor string) {
		w := pipeline.Window{From: morning, To: morning.Add(24 * time.Hour)}
		if parts, ok := parseParts(cursor, w); ok && window(parts) != w {
			if all := window(parts); !all.From.Equal(w.From) || !all.To.Equal(w.To) {
				t.Errorf("%s was taken for %v", cursor, w)
			}
		}
	})
}
