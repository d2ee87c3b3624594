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

// a guide is a page that builds something.
type guide struct {
	page             string
	created, changed int // files
	try              func(t *testing.T, overlay string)
}

// block is a fenced block whose info string names a file: the whole of a new one, or what is added to one that is there.
var block = regexp.MustCompile("(?ms)^```(go|diff) (\\S+)\n(.*?)^```$")

// TestGuides builds what each guide adds, holds it to the rules of the house, runs its tests, and tries the command with it.
func TestGuides(t *testing.T) {
	if *update { // it has nothing to write
		return
	}
	for _, g := range []guide{
		{"docs/adding-a-source.md", 5, 3, askSteps},
		{"docs/adding-a-warehouse.md", 4, 2, askDoctor},
	} {
		t.Run(path.Base(g.page), g.build)
	}
}

func (g guide) build(t *testing.T) {
	created, changed := map[string]string{}, map[string]string{}
	for _, match := range block.FindAllStringSubmatch(existing(t, g.page), -1) {
		if kind, name, body := match[1], match[2], match[3]; kind == "go" {
			created[name] = body
		} else {
			if _, begun := changed[name]; !begun {
				changed[name] = existing(t, name)
			}
			changed[name] = applied(t, changed[name], body)
		}
	}
	if len(created) != g.created || len(changed) != g.changed {
		t.Fatalf("%s makes %d files and changes %d", g.page, len(created), len(changed))
	}

	t.Run("rules", func(t *testing.T) {
		for _, rule := range slices.Concat(importRules(), ceilingRules(), habitRules()) {
			for _, v := range rule.Check(load(t, created)) {
				if v.Where != "cmd/trunkline" && v.Where != "sql" { // their package comments are elsewhere
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
	t.Run("command", func(t *testing.T) { g.try(t, overlay) })
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
		t.Fatalf("a guide quotes this, which is there %d times:\n%s", n, before)
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

// askSteps asks for the steps of a run with the new source.
func askSteps(t *testing.T, overlay string) {
	steps := command(t, overlay, "version: 1\nparlour:\n  url: http://127.0.0.1:1\nwarehouse:\n  duckdb: {}\n", "steps")
	for _, step := range []string{"extract/parlour.calls", "transform/parlour"} {
		if !strings.Contains(steps, step) {
			t.Errorf("there is no step %s:\n%s", step, steps)
		}
	}
}

// askDoctor lets the command open the new warehouse.
func askDoctor(t *testing.T, overlay string) {
	found := command(t, overlay, "version: 1\nwarehouse:\n  cellar: {path: cellar.db}\n", "doctor")
	if !strings.Contains(found, "ok    warehouse: connection: opens") {
		t.Errorf("the warehouse was not opened:\n%s", found)
	}
}

// command builds the command with what a guide adds, and runs it.
func command(t *testing.T, overlay, config string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "trunkline.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "trunkline")
	run(t, root, "go", "build", "-overlay", overlay, "-o", binary, "./cmd/trunkline")
	return run(t, dir, binary, args...)
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
