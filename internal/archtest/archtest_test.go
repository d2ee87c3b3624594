package archtest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "write the index of errors again")

const root = "../.."

// TestHouse runs every rule over the project itself. With -update it judges nothing.
func TestHouse(t *testing.T) {
	if *update {
		updateErrorIndex(t)
		return
	}
	tree, err := Load(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Files) < 10 {
		t.Fatalf("only %d Go files below %s", len(tree.Files), root)
	}
	for _, rule := range Rules() {
		t.Run(strings.ReplaceAll(rule.Name, " ", "-"), func(t *testing.T) {
			for _, v := range rule.Check(tree) {
				t.Error(v)
			}
			if t.Failed() {
				t.Log("the rule: " + rule.Says)
			}
		})
	}
}

func updateErrorIndex(t *testing.T) {
	t.Helper()
	titles, _ := errorPages(os.DirFS(root))
	if err := os.WriteFile(filepath.Join(root, errorsIndex), []byte(ErrorIndex(titles)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// sound is a small project that keeps every rule. The mutations change one file of it.
func sound() map[string]string {
	return map[string]string{
		"go.mod": "module trunkline\n\nrequire (\n\texample.com/known v1.0.0\n)\n",
		"schema/schema.go": `// Package schema declares.
package schema

// Row is a row.
type Row interface{ Table() string }
`,
		"pipeline/pipeline.go": `// Package pipeline runs.
package pipeline

import (
	"context"
	"errors"

	"example.com/known"
	"trunkline/schema"
)

// Step does one thing.
type Step func(ctx context.Context, row schema.Row) error

// ErrEmpty is what an empty window gives.
var ErrEmpty = errors.New("read the window: TL2001 it is empty")

var _ = known.Known
`,
		"transforms/a/a.go": `// Package a makes rows.
package a

import "trunkline/schema"

var _ schema.Row
`,
		"transforms/a/a_test.go": `package a

import (
	"os"
	"testing"

	"trunkline/internal/sim"
)

func TestA(t *testing.T) {
	if os.Getenv("TRUNKLINE_TEST_A") == "" {
		t.Skip("set TRUNKLINE_TEST_A to run it")
	}
	_ = sim.New
}
`,
		"transforms/b/b.go":      "// Package b makes rows.\npackage b\n",
		"extractors/a/a.go":      "// Package a extracts.\npackage a\n\nimport _ \"trunkline/pipeline\"\n",
		"internal/sim/sim.go":    "// Package sim simulates.\npackage sim\n\n// New makes one.\nfunc New() {}\n",
		"cmd/trunkline/main.go":  "// Command trunkline runs.\npackage main\n\nimport _ \"trunkline/internal/sim\"\n\nfunc main() {}\n",
		"docs/errors/TL2001.md":  "# TL2001: the window is empty\n\nTake a longer one.\n",
		"docs/errors/README.md":  ErrorIndex(map[string]string{"TL2001": "the window is empty"}),
		"docs/decisions.md":      "# Decisions\n\n## 2026-11-21 Known\n\n`example.com/known` is known.\n\n## 2026-11-20 Begin\n\nIt began.\n",
		"schema/testdata/a.json": `{"client_secret": "simulated"}`,
	}
}

func load(t *testing.T, files map[string]string) *Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestSoundTreeKeepsEveryRule(t *testing.T) {
	tree := load(t, sound())
	for _, rule := range Rules() {
		for _, v := range rule.Check(tree) {
			t.Errorf("%s: %s", rule.Name, v)
		}
	}
}

// TestEachRuleCanFail changes the sound tree so that exactly one rule is broken, and wants that one to say so.
func TestEachRuleCanFail(t *testing.T) {
	proven := map[string]bool{}
	for _, m := range mutations() {
		t.Run(strings.ReplaceAll(m.rule+" "+m.file, " ", "-"), func(t *testing.T) {
			files := sound()
			files[m.file] = m.text
			tree := load(t, files)
			for _, rule := range Rules() {
				found := ""
				for _, v := range rule.Check(tree) {
					found += v.String() + "\n"
				}
				switch {
				case rule.Name != m.rule && found != "":
					t.Errorf("%s is broken too:\n%s", rule.Name, found)
				case rule.Name == m.rule && !strings.Contains(found, m.want):
					t.Errorf("want %q, have:\n%s", m.want, found)
				}
			}
		})
		proven[m.rule] = true
	}
	for _, rule := range Rules() {
		if !proven[rule.Name] {
			t.Errorf("no mutation breaks the rule %q", rule.Name)
		}
	}
}
