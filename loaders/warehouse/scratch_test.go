package warehouse_test

import (
	"os"
	"testing"

	"trunkline/loaders/warehouse"
)

// A file for staging is in nobody's way when its process is killed: it has no name.
func TestScratchHasNoName(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	f, done, err := warehouse.Scratch()
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if _, wrote := f.WriteString("rows"); err != nil || wrote != nil || len(left) > 0 {
		t.Errorf("%v, %v, left: %v", err, wrote, left)
	}
	if err := done(); err != nil {
		t.Error(err)
	}
}
