package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// short tells that long tests are to be short: where the race detector watches, which makes a night several times as long, and
// under -short. `make test` runs them both ways.
func short() bool { return raced || testing.Short() }

// perDay makes nights shorter where they are to be short.
func perDay(n int) int {
	if short() {
		return n / 20
	}
	return n
}

// The Makefile names the tests that are run again at full length: none that asks whether it is to be short may be forgotten.
func TestLongTestsAreRunAtFullLength(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?m)^LONG +:= (.+)$`).FindSubmatch(makefile)
	if named == nil {
		t.Fatal("the Makefile has no LONG")
	}
	long := regexp.MustCompile(string(named[1]))
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	asking := 0
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Name.Name == "perDay" || !asks(f) {
				continue
			}
			asking++
			if !long.MatchString(f.Name.Name) {
				t.Errorf("%s: %s asks whether it is to be short, and LONG in the Makefile does not match it", file, f.Name.Name)
			}
		}
	}
	if asking < 5 {
		t.Errorf("only %d tests ask", asking)
	}
}

// asks tells whether a function asks whether it is to be short.
func asks(f *ast.FuncDecl) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			name, _ := call.Fun.(*ast.Ident)
			found = found || name != nil && slices.Contains([]string{"short", "perDay"}, name.Name)
		}
		return !found
	})
	return found
}
