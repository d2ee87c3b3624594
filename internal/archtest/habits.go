package archtest

import (
	"bytes"
	"go/ast"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func habitRules() []Rule {
	return []Rule{
		{"no init", "no package has an init function: what runs is called", checkInit},
		{"no context in structs", "a context.Context is a parameter, never a field", checkContexts},
		{
			"package comments", "a package says what it is in one comment that begins with Package and its name, or Command and its name",
			checkPackageComments,
		},
		{"exported docs", "an exported name outside tests has a doc comment", checkExported},
		{
			"error wording", "an error says what was being done, to what: not that it failed to, was unable to or could not",
			checkWording,
		},
		{"skips", "a skipped test says which variable to set to have it run", checkSkips},
		{"no secrets", "no testdata, document or configuration holds anything that looks like a credential", checkSecrets},
	}
}

func checkInit(t *Tree) []Violation {
	return t.each(t.Files, func(_ *File, n ast.Node) string {
		if fn, ok := n.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			return "an init function"
		}
		return ""
	})
}

func checkContexts(t *Tree) []Violation {
	var vs []Violation
	for _, f := range t.Files {
		ctx := nameOfImport(f, "context")
		if ctx == "" {
			continue
		}
		vs = append(vs, t.each([]*File{f}, func(_ *File, n ast.Node) string {
			st, ok := n.(*ast.StructType)
			if ok && slices.ContainsFunc(st.Fields.List, func(field *ast.Field) bool { return isSelector(field.Type, ctx, "Context") }) {
				return "a struct that holds a context"
			}
			return ""
		})...)
	}
	return vs
}

// nameOfImport gives the name by which a file knows a package; "" if it does not import it.
func nameOfImport(f *File, name string) string {
	for _, spec := range f.Syntax.Imports {
		if importPath(spec) != name {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(name)
	}
	return ""
}

func isSelector(e ast.Expr, pkg, name string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && isName(sel.X, pkg) && sel.Sel.Name == name
}

func checkPackageComments(t *Tree) []Violation {
	comments, names := map[string][]string{}, map[string]string{}
	var dirs []string
	for _, f := range t.code() {
		if _, seen := names[f.Dir]; !seen {
			dirs = append(dirs, f.Dir)
		}
		names[f.Dir] = f.Syntax.Name.Name
		if doc := f.Syntax.Doc.Text(); doc != "" {
			comments[f.Dir] = append(comments[f.Dir], doc)
		}
	}
	var vs []Violation
	for _, dir := range dirs {
		want := "Package " + names[dir] + " "
		if names[dir] == "main" {
			want = "Command " + path.Base(dir) + " "
		}
		switch docs := comments[dir]; {
		case len(docs) == 0:
			vs = append(vs, Violation{dir, "no package comment"})
		case len(docs) > 1:
			vs = append(vs, Violation{dir, "more than one package comment"})
		case !strings.HasPrefix(docs[0], want):
			vs = append(vs, Violation{dir, "the package comment does not begin with " + strconv.Quote(want)})
		}
	}
	return vs
}

func checkExported(t *Tree) []Violation {
	var vs []Violation
	missing := func(n ast.Node, name string) { vs = append(vs, Violation{t.line(n), name + " has no doc comment"}) }
	for _, f := range t.code() {
		for _, d := range f.Syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
					missing(d, d.Name.Name)
				}
			case *ast.GenDecl:
				undocumented(d, missing)
			}
		}
	}
	return vs
}

// exportedReceiver tells whether a function is no method, or one of an exported type.
func exportedReceiver(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return true
	}
	e := fn.Recv.List[0].Type
	for {
		switch of := e.(type) {
		case *ast.StarExpr:
			e = of.X
		case *ast.IndexExpr:
			e = of.X
		case *ast.IndexListExpr:
			e = of.X
		case *ast.Ident:
			return of.IsExported()
		default:
			return true
		}
	}
}

// undocumented reports the exported names of a declaration without a comment of their own or of their group.
func undocumented(d *ast.GenDecl, missing func(ast.Node, string)) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
				missing(s, s.Name.Name)
			}
		case *ast.ValueSpec:
			if d.Doc != nil || s.Doc != nil || s.Comment != nil {
				continue
			}
			for _, name := range s.Names {
				if name.IsExported() {
					missing(name, name.Name)
				}
			}
		}
	}
}

var complaint = regexp.MustCompile(`(?i)^(failed|unable|could not|couldn't|cannot|can't|error)\b|failed to\b`)

func checkWording(t *Tree) []Violation {
	return t.each(t.code(), func(_ *File, n ast.Node) string {
		var text ast.Expr
		switch e := n.(type) {
		case *ast.CallExpr:
			if (isSelector(e.Fun, "fmt", "Errorf") || isSelector(e.Fun, "errors", "New")) && len(e.Args) > 0 {
				text = e.Args[0]
			}
		case *ast.KeyValueExpr:
			if isName(e.Key, "What") {
				text = e.Value
			}
		}
		if s := literals(text); complaint.MatchString(s) {
			return "an error that complains: " + strconv.Quote(s)
		}
		return ""
	})
}

// literals gives the text of the string literals in an expression, in order; "" of none.
func literals(e ast.Expr) string {
	if e == nil {
		return ""
	}
	var b strings.Builder
	ast.Inspect(e, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				b.WriteString(s)
			}
		}
		return true
	})
	return b.String()
}

var variable = regexp.MustCompile(`\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b`)

func checkSkips(t *Tree) []Violation {
	return t.each(t.Files, func(_ *File, n ast.Node) string {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return ""
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"t", "b", "f", "tb"}, identName(sel.X)) {
			return ""
		}
		switch sel.Sel.Name {
		case "Skip", "Skipf":
			if len(call.Args) > 0 && variable.MatchString(literals(call.Args[0])) {
				return ""
			}
			return "a skip that does not say what to set"
		case "SkipNow":
			return "a skip that says nothing"
		}
		return ""
	})
}

func identName(e ast.Expr) string {
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// credentials are what secrets look like: keys, tokens in a known form, and long values of a name that says so.
var credentials = []*regexp.Regexp{
	regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`),
	regexp.MustCompile(`\bAKIA[0-9A-Z]{16}\b`),
	regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}\.`),
	regexp.MustCompile(`\b00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{20,}`),
	regexp.MustCompile(`(?i)\b(bearer|basic) [A-Za-z0-9+/._~-]{24,}`),
	regexp.MustCompile(`(?i)(secret|password|passwd|access_?token|refresh_?token|api_?key)"?\s*[:=]\s*"?[A-Za-z0-9+/._~-]{16,}`),
}

func checkSecrets(t *Tree) []Violation {
	var vs []Violation
	err := fs.WalkDir(t.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() != "testdata" && foreign(name, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.Contains(name, "testdata/") && !slices.Contains([]string{".md", ".yaml", ".yml", ".json", ".toml"}, path.Ext(name)) {
			return nil
		}
		text, err := fs.ReadFile(t.FS, name)
		if err != nil || bytes.IndexByte(text, 0) >= 0 { // a binary file
			return err
		}
		for _, c := range credentials {
			if found := c.Find(text); found != nil {
				line := 1 + bytes.Count(text[:bytes.Index(text, found)], []byte("\n"))
				vs = append(vs, Violation{name + ":" + strconv.Itoa(line), "looks like a credential"})
			}
		}
		return nil
	})
	if err != nil {
		vs = append(vs, Violation{".", err.Error()})
	}
	return vs
}
