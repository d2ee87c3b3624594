package schema

import (
	"embed"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"sync"
)

// The package reads its own source, so that a comment is written once and reaches DDL and documentation from there.
//
//go:embed *.go
var source embed.FS

// structDoc holds the comments of one struct.
type structDoc struct {
	table  string
	fields map[string]string
}

var structDocs = sync.OnceValue(parseSource)

func docOf(structName string) structDoc { return structDocs()[structName] }

func parseSource() map[string]structDoc {
	docs := map[string]structDoc{}
	entries, err := source.ReadDir(".")
	if err != nil {
		panic("schema: read own source: " + err.Error())
	}
	for _, e := range entries {
		text, err := source.ReadFile(e.Name())
		if err != nil {
			panic("schema: read own source: " + err.Error())
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			panic("schema: parse own source: " + err.Error())
		}
		for _, decl := range file.Decls {
			collect(decl, docs)
		}
	}
	return docs
}

func collect(decl ast.Decl, docs map[string]structDoc) {
	gen, ok := decl.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range gen.Specs {
		ts, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		text := ts.Doc.Text()
		if text == "" {
			text = gen.Doc.Text()
		}
		d := structDoc{table: told(ts.Name.Name, oneLine(text)), fields: map[string]string{}}
		if base, ok := ts.Type.(*ast.Ident); ok { // type B A: B has the fields of A, declared before it
			d.fields = docs[base.Name].fields
			docs[ts.Name.Name] = d
			continue
		}
		st, ok := ts.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, f := range st.Fields.List {
			for _, name := range f.Names {
				d.fields[name.Name] = oneLine(f.Doc.Text() + " " + f.Comment.Text())
			}
		}
		docs[ts.Name.Name] = d
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// told gives what a comment says of a table without the name of its struct: who reads a dictionary or a warehouse does not know it.
func told(name, text string) string {
	for _, verb := range []string{" is ", " are "} {
		if rest, ok := strings.CutPrefix(text, name+verb); ok && rest != "" {
			return strings.ToUpper(rest[:1]) + rest[1:]
		}
	}
	return text
}
