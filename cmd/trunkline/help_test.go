package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestErrorPagesAreFresh: what the program explains is what docs/errors says; -update writes it.
func TestErrorPagesAreFresh(t *testing.T) {
	files, err := filepath.Glob("../../docs/errors/TL*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	var pages []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, string(text))
		code := strings.TrimSuffix(filepath.Base(file), ".md")
		if page, ok := errorPage(code); !*update && (!ok || page != string(text)) { // what is embedded is older than what is written now
			t.Errorf("help %s gives %q", code, page)
		}
	}
	golden(t, "errors.txt", strings.Join(pages, "\n"))
}
