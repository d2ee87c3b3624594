package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A folder that this user may not write to is no failure that another try may help.
func TestAFolderThatLetsNobodyWrite(t *testing.T) {
	closed := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 { // whom rights do not stop
		closed = "/sys"
	}
	for _, c := range []struct{ store, warehouse, code, key string }{
		{closed + "/runs", "warehouse.duckdb", "TL2004", "store.path"},
		{"runs", closed + "/warehouse.duckdb", "TL6004", "warehouse.duckdb.path"},
	} {
		config := filepath.Join(t.TempDir(), "trunkline.yaml")
		text := fmt.Sprintf(`version: 1
store: {path: %q}
releases: {file: releases.csv}
warehouse: {duckdb: {path: %q, published: published.duckdb}}
`, c.store, c.warehouse)
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(filepath.Dir(config), "releases.csv"), []byte("product,release,released_on,note\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		exit := newApp(&out, &out).run(t.Context(), []string{"run", "--date", "2026-01-06", "--config", config})
		for _, want := range []string{c.code, c.key, "relative to the folder of the configuration file"} {
			if exit != exitMisuse || !strings.Contains(out.String(), want) {
				t.Errorf("exit %d, no %q in\n%s", exit, want, &out)
			}
		}
	}
}
