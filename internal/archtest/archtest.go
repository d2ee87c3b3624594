// Package archtest holds the rules of the house and finds what breaks them: who may import whom, how large a file, a
// function or an interface may grow, and the habits that no linter knows.
//
// A rule is a function from the project's source to violations. The tests run every rule over the real tree, and prove
// each one able to fail on a small tree that breaks it.
package archtest

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Module is the import path of the project.
const Module = "trunkline"

// Rule is one rule of the house.
type Rule struct {
	Name  string
	Says  string // the rule, as a sentence
	Check func(*Tree) []Violation
}

// Rules gives every rule.
func Rules() []Rule {
	return slices.Concat(importRules(), ceilingRules(), habitRules(), documentRules())
}

// Violation is one place that breaks a rule.
type Violation struct {
	Where string // file:line, or a file
	What  string
}

// String gives the violation on one line.
func (v Violation) String() string { return v.Where + ": " + v.What }

// Tree is the source of the project.
type Tree struct {
	FS    fs.FS
	Files []*File // all Go files, by path

	fset *token.FileSet
}

// File is one Go file.
type File struct {
	Path   string // from the root, with slashes
	Dir    string
	Test   bool // a _test.go file, or any file of a nested module: those are tests with dependencies of their own
	Lines  int
	Syntax *ast.File
}

// Load parses every Go file below the root of fsys; folders that hold no source of ours are passed over.
func Load(fsys fs.FS) (*Tree, error) {
	t := &Tree{FS: fsys, fset: token.NewFileSet()}
	var nested []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if foreign(name, d.Name()) {
				return fs.SkipDir
			}
			if _, err := fs.Stat(fsys, path.Join(name, "go.mod")); err == nil && name != "." {
				nested = append(nested, name)
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		return t.parse(name, nested)
	})
	if err != nil {
		return nil, fmt.Errorf("read the source tree: %w", err)
	}
	return t, nil
}

func foreign(name, base string) bool {
	return name != "." && (base[0] == '.' || base[0] == '_' || base == "testdata" || base == "node_modules" || name == "bin" || name == "runs")
}

func (t *Tree) parse(name string, nested []string) error {
	text, err := fs.ReadFile(t.FS, name)
	if err != nil {
		return err
	}
	syntax, err := parser.ParseFile(t.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	t.Files = append(t.Files, &File{
		Path:   name,
		Dir:    path.Dir(name),
		Test:   strings.HasSuffix(name, "_test.go") || slices.ContainsFunc(nested, func(dir string) bool { return below(name, dir) }),
		Lines:  strings.Count(string(text), "\n"),
		Syntax: syntax,
	})
	return nil
}

// line gives the place of a node as file:line.
func (t *Tree) line(n ast.Node) string {
	p := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// lines counts the lines that a node covers.
func (t *Tree) lines(n ast.Node) int {
	return t.fset.Position(n.End()).Line - t.fset.Position(n.Pos()).Line + 1
}

// code gives the files that are no tests.
func (t *Tree) code() []*File {
	return slices.DeleteFunc(slices.Clone(t.Files), func(f *File) bool { return f.Test })
}

// funcs gives the declared functions of the code, with a body, and their places.
func (t *Tree) funcs() []*ast.FuncDecl {
	var funcs []*ast.FuncDecl
	for _, f := range t.code() {
		for _, d := range f.Syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				funcs = append(funcs, fn)
			}
		}
	}
	return funcs
}

// below tells whether a slash-separated name is dir or lies under it.
func below(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, dir+"/")
}

// each applies check to every node of the files.
func (t *Tree) each(files []*File, check func(f *File, n ast.Node) string) []Violation {
	var vs []Violation
	for _, f := range files {
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			if n == nil {
				return true
			}
			if what := check(f, n); what != "" {
				vs = append(vs, Violation{t.line(n), what})
			}
			return true
		})
	}
	return vs
}

// p95 gives the 95th percentile by the nearest-rank method; 0 of nothing.
func p95[T cmp.Ordered](values []T) (v T) {
	if len(values) == 0 {
		return v
	}
	slices.Sort(values)
	return values[(len(values)*95+99)/100-1]
}
