// Package storetest holds stores to what pipeline.Store and store.Locked promise: one body of tests for all of them.
package storetest

import (
	"testing"

	"trunkline/pipeline/store"
)

// Place is where runs are kept. Each call opens another store on it, as another process would.
type Place func(t *testing.T) store.Locked

// Test makes the tests, each on a place of its own that is empty.
func Test(t *testing.T, fresh func(t *testing.T) Place) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Place){
		"a file appears when it is closed":        appearsWhole,
		"an aborted file never was":               abortLeavesNothing,
		"a writer that dies leaves nothing":       deadWriterLeavesNothing,
		"a file is replaced whole":                replaces,
		"what is absent is told":                  absent,
		"lists are sorted and of one level":       lists,
		"long lists are whole":                    longLists,
		"a large file is read at any place":       readsAnywhere,
		"an empty file is one":                    emptyFile,
		"names are kept as they are":              oddNames,
		"many read and write at once":             atOnce,
		"of writers of one file one wins":         sameName,
		"a file is a path of this machine":        localPath,
		"one at a time holds the lock":            oneHolder,
		"the lock changes hands, one at any time": contended,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh(t))
		})
	}
}
