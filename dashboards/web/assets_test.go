package web

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the bundled assets again")

// What is served is what the sources say. No Node is needed: esbuild is a Go library.
func TestAssetsCommitted(t *testing.T) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{"assets/src/page.ts", "assets/src/chart.ts", "assets/src/styles.css"},
		Outdir:      "assets/dist", Bundle: true, Format: api.FormatIIFE, Target: api.ES2022, Charset: api.CharsetUTF8,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsInline,
		Banner: map[string]string{"js": "/* trunkline; chart.js holds Apache ECharts 6.1.0 (Apache License 2.0), zrender (BSD 3-Clause), tslib (0BSD) */"},
	})
	for _, e := range result.Errors {
		t.Error(e.Text)
	}
	icon, err := os.ReadFile("assets/src/icon.svg")
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]string{"icon.svg": string(icon)}
	for _, f := range result.OutputFiles {
		made[filepath.Base(f.Path)] = string(f.Contents)
	}
	for name, text := range made {
		path := filepath.Join("assets/dist", name)
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(text, string(have)); diff != "" {
			t.Errorf("%s is stale; write it again with: make generate\n%s", path, diff)
		}
	}
	entries, err := os.ReadDir("assets/dist")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, ok := made[e.Name()]; !ok {
			t.Errorf("assets/dist/%s comes from no source", e.Name())
		}
	}
}
