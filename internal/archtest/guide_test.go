package archtest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const guide = "docs/adding-a-source.md"

// block is a fenced block whose info string names a file.
var block = regexp.MustCompile("(?ms)^```go (\\S+)\n(.*?)^```$")

// TestGuide builds the source that the guide adds, holds it to the rules of the house, and runs its tests.
func TestGuide(t *testing.T) {
	if *update { // it has nothing to write
		return
	}
	text, err := os.ReadFile(filepath.Join(root, guide))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, match := range block.FindAllStringSubmatch(string(text), -1) {
		files[match[1]] = match[2]
	}
	if len(files) != 4 {
		t.Fatalf("%d files in %s, want an extractor, a transform and their tests", len(files), guide)
	}

	t.Run("rules", func(t *testing.T) {
		tree := load(t, files)
		for _, rule := range slices.Concat(importRules(), ceilingRules(), habitRules()) {
			for _, v := range rule.Check(tree) {
				t.Errorf("%s: %s", rule.Name, v)
			}
		}
	})
	overlay := writeOverlay(t, files)
	for name := range files {
		if strings.HasSuffix(name, "_test.go") {
			t.Run(path.Dir(name), func(t *testing.T) { runTests(t, overlay, path.Dir(name)) })
		}
	}
}

// writeOverlay keeps the files outside the tree and gives what tells the go command to see them in it.
func writeOverlay(t *testing.T, files map[string]string) string {
	t.Helper()
	base, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for name, text := range files {
		kept := filepath.Join(dir, strings.ReplaceAll(name, "/", "_")+".txt")
		if err := os.WriteFile(kept, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[filepath.Join(base, filepath.FromSlash(name))] = kept
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(name, list, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// runTests compiles the tests of a package that exists in the overlay only, and runs them. They are run by themselves because
// `go test`, like vet, would want to change to the package's folder.
func runTests(t *testing.T, overlay, pkg string) {
	binary := filepath.Join(t.TempDir(), "guide.test")
	run(t, root, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", binary, "./"+pkg)
	out := run(t, t.TempDir(), binary, "-test.v", "-test.timeout=60s")
	if !strings.Contains(out, "--- PASS") {
		t.Errorf("no test ran:\n%s", out)
	}
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
