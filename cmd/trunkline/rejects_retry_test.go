package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// TestRetryKeepsTheWindowOfAKilledLoad: a load that is being done again when it is killed still says over which days its run goes.
func TestRetryKeepsTheWindowOfAKilledLoad(t *testing.T) {
	dir := t.TempDir()
	const id = "nightly/2026-11-13T00-00-00Z"
	folder := filepath.Join(dir, "runs", id, pipeline.LoadStep)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	manifest := `{"run": "` + id + `", "step": "load/warehouse", "void": true,
		"window": {"from": "2026-11-13T00:00:00Z", "to": "2026-11-23T00:00:00Z"}}`
	if err := os.WriteFile(filepath.Join(folder, "manifest.json"), []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &Config{Store: StoreConfig{Path: filepath.Join(dir, "runs")}, Organisation: Organisation{location: time.UTC}}
	if err := c.withStore(t.Context(), func(s store.Locked) error {
		w, err := c.windowOf(s, id)
		if days := w.To.Sub(w.From).Hours() / 24; err == nil && days != 10 {
			t.Errorf("the run of ten days is tried again as one of %v", days)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
