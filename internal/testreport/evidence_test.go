package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const said = `    promises_test.go:9: evidence: PostgreSQL; every statement of its SQL; real engine
`

func TestEvidenceIsThatOfTestsThatPassed(t *testing.T) {
	output := func(test string) string {
		return `{"Action":"output","Package":"p","Test":"` + test + `","Output":"    a_test.go:9: evidence: ` + test + `; c; live\n"}` + "\n"
	}
	r := newReport(&strings.Builder{}, nil)
	events := output("A") + output("B") + output("C") + `{"Action":"pass","Package":"p","Test":"A"}
{"Action":"fail","Package":"p","Test":"B"}
{"Action":"skip","Package":"p","Test":"C"}`
	if err := r.read(strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	if len(r.shown) != 1 || r.shown[0] != (shown{"A", "c", "live"}) {
		t.Errorf("shown: %v", r.shown)
	}
}

func TestTheTableIsWhatWasShown(t *testing.T) {
	dir := t.TempDir()
	page, kept := filepath.Join(dir, "README.md"), filepath.Join(dir, "evidence.txt")
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := compareTable(page, kept, true); err == nil || !strings.Contains(err.Error(), "make test") {
		t.Errorf("without any evidence: %v", err)
	}
	write(kept, strings.Replace(said, "real engine", "simulator", 1)+said+strings.Replace(said, "real engine", "docs only", 1))
	write(page, "before\n"+tableBegins+"old\n"+tableEnds+"after\n")
	if err := compareTable(page, kept, true); err == nil || !strings.Contains(err.Error(), "not of all tests") {
		t.Errorf("with some tests missing: %v", err)
	}
	if ok, err := do(t.Context(), []string{"end", kept}); !ok || err != nil {
		t.Fatal(err)
	}
	write(page, "before\n")
	if err := compareTable(page, kept, true); err == nil || !strings.Contains(err.Error(), "no place") {
		t.Errorf("without a place: %v", err)
	}
	write(page, "before\n"+tableBegins+"old\n"+tableEnds+"after\n")
	if err := compareTable(page, kept, false); err == nil || !strings.Contains(err.Error(), "make evidence") {
		t.Errorf("with an old table: %v", err)
	}
	if err := compareTable(page, kept, true); err != nil {
		t.Fatal(err)
	}
	if err := compareTable(page, kept, false); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); !strings.Contains(got, "| every statement of its SQL | – | real engine | – |") ||
		!strings.HasPrefix(got, "before\n") || !strings.HasSuffix(got, "after\n") {
		t.Errorf("written:\n%s", got)
	}
	write(kept, strings.Replace(said, "PostgreSQL", "Abacus", 1)+evidenceEnds+"\n")
	if err := compareTable(page, kept, false); err == nil || !strings.Contains(err.Error(), "no place for Abacus") {
		t.Errorf("of a warehouse that nobody knows: %v", err)
	}
}
