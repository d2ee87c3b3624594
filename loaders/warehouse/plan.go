package warehouse

import (
	"strings"

	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Planned is what loading a batch would ask of a warehouse, told before anything is written.
type Planned struct {
	Statements []string // in the order in which they are sent, without those that keep lease and ledger
	Upload     int64    // bytes that are sent to the warehouse or to its bucket
	// Billed is how many bytes the warehouse would bill for, as it says itself; nil where it does not bill by the byte, or was not asked.
	Billed *int64
	// Price is what that would cost, in US dollars; nil where there is none, or none is known.
	Price *float64
}

// Upload gives how many bytes a batch's files have.
func Upload(b pipeline.Batch) int64 {
	var n int64
	for _, part := range append([]pipeline.Part{{Table: b.Table, Files: b.Files}}, b.Children...) {
		for _, f := range part.Files {
			n += f.Bytes
		}
	}
	return n
}

// Merging gives the statements that merge a batch. stage gives those that make the batch relation hold a table's files.
func Merging(d statements.Dialect, b pipeline.Batch, stage func(*schema.Table, []pipeline.File) []string) []string {
	files := map[string][]pipeline.File{}
	for _, part := range b.Children {
		files[part.Table.Name] = append(files[part.Table.Name], part.Files...)
	}
	all := stage(b.Table, b.Files)
	for _, step := range d.MergeInto(b.Table).Statements() {
		if child, ok := strings.CutSuffix(step[0], ": received"); ok {
			all = append(all, stage(schema.Lookup(child), files[child])...)
		}
		all = append(all, step[1])
	}
	return all
}
