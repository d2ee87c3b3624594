package sim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"trunkline/internal/sim/genesysapi"
)

// recordings are conversations that were recorded somewhere, served as they are.
type recordings struct {
	all    []genesysapi.Conversation // by start, then id; those whose start nobody knows come first
	byID   map[string]genesysapi.Conversation
	newest time.Time // the last moment of which a record tells

	files, otherFiles, otherItems int // files read; those passed over; items passed over within files
}

// loadRecorded reads the records of a folder: in each *.json file one record, an array of them, or the answer to a query.
// What has another shape is passed over and counted.
func loadRecorded(dir string) (*recordings, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list recorded conversations in %s: %w", dir, err)
	}
	r := &recordings{byID: map[string]genesysapi.Conversation{}, newest: time.Unix(0, 0).UTC()}
	for _, name := range names {
		text, err := os.ReadFile(name) //nolint:gosec // the folder is the user's choice
		if err != nil {
			return nil, fmt.Errorf("read recorded conversations: %w", err)
		}
		r.addFile(text)
	}
	if len(r.all) == 0 {
		return nil, fmt.Errorf("read recorded conversations: no record in the *.json files of %s", dir)
	}
	slices.SortStableFunc(r.all, func(x, y genesysapi.Conversation) int {
		return cmp.Or(x.Start.Compare(y.Start), cmp.Compare(x.ID, y.ID))
	})
	return r, nil
}

func (r *recordings) addFile(text []byte) {
	items, ok := itemsOf(text)
	before := len(r.all)
	for _, item := range items {
		r.add(item)
	}
	added := len(r.all) - before
	if !ok || added == 0 {
		r.otherFiles++
		return
	}
	r.files++
	r.otherItems += len(items) - added
}

// itemsOf gives what a file holds, whatever it is; false if it holds no JSON.
func itemsOf(text []byte) ([]json.RawMessage, bool) {
	text = bytes.TrimSpace(text)
	if !json.Valid(text) {
		return nil, false
	}
	var list []json.RawMessage
	if json.Unmarshal(text, &list) == nil {
		return list, true
	}
	var answer struct {
		Conversations []json.RawMessage `json:"conversations"`
	}
	if json.Unmarshal(text, &answer) == nil && answer.Conversations != nil {
		return answer.Conversations, true
	}
	return []json.RawMessage{text}, true
}

// add takes an item that is a conversation, as far as one can tell.
func (r *recordings) add(item json.RawMessage) {
	rec, ok := newRecorded(item)
	if !ok {
		return
	}
	c := genesysapi.Conversation{ID: rec.id, Start: rec.start, Division: rec.division, Record: rec}
	r.all = append(r.all, c)
	r.byID[c.ID] = c
	if rec.last.After(r.newest) {
		r.newest = rec.last
	}
}

// Overlapping gives all records, whatever the interval: who replays recordings wants to see them on the road today, however
// long ago they were made.
func (r *recordings) Overlapping(_, _, _ time.Time) iter.Seq[genesysapi.Conversation] {
	return slices.Values(r.all)
}

// StartedOn gives all records too.
func (r *recordings) StartedOn(_, _, _ time.Time) iter.Seq[genesysapi.Conversation] {
	return slices.Values(r.all)
}

// Conversation finds a record by its id; of several with one id, the last that was read.
func (r *recordings) Conversation(id string) (genesysapi.Conversation, bool) {
	c, ok := r.byID[id]
	return c, ok && id != ""
}

// Directory is empty: nobody recorded what the ids mean.
func (r *recordings) Directory(time.Time) genesysapi.Directory { return genesysapi.Directory{} }
