package warehouse

import "trunkline/pipeline"

// Planned is what loading a batch would ask of a warehouse, told before anything is written.
type Planned struct {
	Statements []string // in the order in which they are sent
	Upload     int64    // bytes that are sent to the warehouse or to its bucket
	// Billed is how many bytes the warehouse would bill for, as it says itself; nil where it does not bill by the byte, or was not asked.
	Billed *int64
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
