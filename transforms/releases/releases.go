// Package releases makes the table of releases from the list that a person keeps. A release that is no longer listed stays,
// marked as deleted.
package releases

import (
	"context"
	"encoding/json"
	"fmt"

	"trunkline/pipeline"
	"trunkline/schema"
)

const list = "releases.list"

// Transform makes the table releases.
type Transform struct{}

// New makes the transform.
func New() *Transform { return &Transform{} }

// Reads gives the list, and the table as it was.
func (*Transform) Reads() []pipeline.Input {
	return []pipeline.Input{{Kind: list}, {Kind: schema.Releases.Name, Last: true}}
}

// Writes gives the table.
func (*Transform) Writes() []*schema.Table { return []*schema.Table{schema.Releases} }

// key identifies a release.
type key struct{ product, release string }

// Apply emits what is listed, and as deleted what was listed once. An empty list is a list.
func (*Transform) Apply(ctx context.Context, in *pipeline.Inputs, emit func(...schema.Row) error) error {
	listed := map[key]bool{}
	for item, err := range in.Records(list) {
		if err != nil {
			return err
		}
		var e struct {
			Product    string  `json:"product"`
			Release    string  `json:"release"`
			ReleasedOn string  `json:"released_on"`
			Note       *string `json:"note"`
		}
		if err := json.Unmarshal(item.Body, &e); err != nil {
			return fmt.Errorf("read a release as it was kept: %w", err)
		}
		listed[key{e.Product, e.Release}] = true
		row := &schema.Release{Product: e.Product, Release: e.Release, ReleasedOn: e.ReleasedOn, Note: e.Note}
		if err := emit(row); err != nil {
			return err
		}
	}
	for row, err := range pipeline.Rows[*schema.Release](in, schema.Releases.Name) {
		if err != nil {
			return err
		}
		if listed[key{row.Product, row.Release}] {
			continue
		}
		kept := *row
		kept.IsDeleted = true
		if err := emit(&kept); err != nil {
			return err
		}
	}
	return ctx.Err()
}
