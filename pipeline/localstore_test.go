package pipeline_test

import (
	"path/filepath"
	"testing"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
	"trunkline/pipeline/storetest"
)

func TestAFolderKeepsThePromisesOfAStore(t *testing.T) {
	storetest.Test(t, func(t *testing.T) storetest.Place {
		root := filepath.Join(t.TempDir(), "runs")
		return func(t *testing.T) store.Locked {
			s := pipeline.NewLocalStore(root)
			t.Cleanup(func() { _ = s.Close() })
			return s
		}
	})
}
