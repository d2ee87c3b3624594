package archtest

import (
	"encoding/json"
	"maps"
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

// block is a fenced block whose info string names a file: the whole of a new one, or what is added to one that is there.
var block = regexp.MustCompile("(?ms)^```(go|diff) (\\S+)\n(.*?)^```$")

// TestGuide builds the source that the guide adds, holds it to the rules of the house, runs its tests, and asks the command
// for the steps that it makes of it.
func TestGuide(t *testing.T) {
	if *update { // it has nothing to write
		return
	}
	text, err := os.ReadFile(filepath.Join(root, guide))
	if err != nil {
		t.Fatal(err)
	}
	created, changed := map[string]string{}, map[string]string{}
	for _, match := range block.FindAllStringSubmatch(string(text), -1) {
		if kind, name, body := match[1], match[2], match[3]; kind == "go" {
			created[name] = body
		} else {
			if _, begun := changed[name]; !begun {
				changed[name] = existing(t, name)
			}
			changed[name] = applied(t, changed[name], body)
		}
	}
	if len(created) != 5 || len(changed) != 3 {
		t.Fatalf("%s makes %d files and changes %d", guide, len(created), len(changed))
	}

	t.Run("rules", func(t *testing.T) {
		for _, rule := range slices.Concat(importRules(), ceilingRules(), habitRules()) {
			for _, v := range rule.Check(load(t, created)) {
				if v.Where != "cmd/trunkline" { // its package comment is elsewhere
					t.Errorf("%s: %s", rule.Name, v)
				}
			}
		}
	})
	maps.Copy(changed, created)
	overlay := writeOverlay(t, changed)
	for name := range created {
		if strings.HasSuffix(name, "_test.go") {
			t.Run(path.Dir(name), func(t *testing.T) { runTests(t, overlay, path.Dir(name)) })
		}
	}
	t.Run("steps", func(t *testing.T) { askSteps(t, overlay) })
}

func existing(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// applied gives the text with what a block of the guide adds to it, behind the lines that the block quotes.
func applied(t *testing.T, text, diff string) string {
	t.Helper()
	before, after := "", ""
	for line := range strings.Lines(diff) {
		switch line[0] {
		case ' ':
			before += line[1:]
			after += line[1:]
		case '+':
			after += line[1:]
		default:
			t.Fatalf("a line that neither quotes nor adds: %q", line)
		}
	}
	if n := strings.Count(text, before); n != 1 {
		t.Fatalf("%s quotes this, which is there %d times:\n%s", guide, n, before)
	}
	return strings.Replace(text, before, after, 1)
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

// askSteps builds the command with the new source and asks for the steps of a run.
func askSteps(t *testing.T, overlay string) {
	dir := t.TempDir()
	config := "version: 1\nparlour:\n  url: http://127.0.0.1:1\nwarehouse:\n  duckdb: {}\n"
	if err := os.WriteFile(filepath.Join(dir, "trunkline.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "trunkline")
	run(t, root, "go", "build", "-overlay", overlay, "-o", binary, "./cmd/trunkline")
	steps := run(t, dir, binary, "steps")
	for _, step := range []string{"extract/parlour.calls", "transform/parlour"} {
		if !strings.Contains(steps, step) {
			t.Errorf("there is no step %s:\n%s", step, steps)
		}
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
