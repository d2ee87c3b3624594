package powerbi

import (
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the project")

// The project is committed, so that a change of any measure, role or visual is read in the diff.
func TestProjectIsCommitted(t *testing.T) {
	want := files(t)
	if *update {
		rewrite(t, want)
	}
	got := map[string]string{}
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		name := filepath.ToSlash(path)
		if err != nil || e.IsDir() || !ours(name) {
			return err
		}
		text, err := os.ReadFile(path)
		got[name] = strings.ReplaceAll(string(text), "\r\n", "\n") // as .gitattributes has it checked out
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the Power BI project is stale; run go test ./dashboards/powerbi -update\n%s", diff)
	}
}

// ours tells whether a file belongs to the project.
func ours(name string) bool { return strings.HasPrefix(name, "Trunkline.") }

func files(t *testing.T) map[string]string {
	t.Helper()
	all, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	for name := range all {
		if !ours(name) {
			t.Fatalf("%s would not be found again", name)
		}
	}
	return all
}

// rewrite leaves nothing of an earlier project.
func rewrite(t *testing.T, files map[string]string) {
	t.Helper()
	for _, dir := range []string{modelFolder, reportFolder} {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	writeAll(t, ".", files)
}

// writeAll writes files as git checks them out.
func writeAll(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name := range maps.Keys(files) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(files[name], "\n", "\r\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
