package archtest

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// layer says what the packages of a folder may import of ours. Besides, a package may import what lies in its own folder.
type layer struct {
	dir string   // a folder; "*" at the end stands for one name: each of these folders is on its own
	may []string // folders, with what lies below them
}

// leaves are the packages that know nothing of the product. The pure ones only compute.
var (
	pureLeaves = []string{"internal/plainjson", "internal/sfid"}
	leaves     = append([]string{"internal/awsconfig", "internal/httpx", "internal/parquetcheck", "internal/pgconfig", "internal/salesforce", "internal/secret"}, pureLeaves...)
)

// layers are the floors of the house. The first whose folder holds a package is its layer.
var layers = []layer{
	{"schema", nil},
	{"sql", []string{"schema"}},
	{"pipeline", append([]string{"schema"}, leaves...)},
	{"extractors/*", append([]string{"pipeline"}, leaves...)},
	{"transforms/*", append([]string{"schema", "pipeline"}, pureLeaves...)},
	{"loaders/*", append([]string{"schema", "pipeline", "sql", "loaders/warehouse"}, leaves...)}, // which is what they share
	{"dashboards/web", []string{"schema", "pipeline", "sql", "loaders/warehouse"}},               // which is how a warehouse answers
	{"dashboards/*", []string{"schema", "sql"}},
	{"cmd/*", []string{"."}},
	{"internal/sim/scenario", nil}, // the ledger of truth shares no code with what it judges
	{"internal/sim", append([]string{"schema"}, leaves...)},
	{"internal/salesforce", []string{"internal/httpx", "internal/secret", "internal/sfid"}},
	{"internal/httpx", []string{"internal/secret"}},
	{"internal/pgconfig", []string{"internal/secret"}},
	{"internal/pgwire", []string{"internal/secret"}},
	{"internal/redshiftsim", []string{"internal/pgtest", "internal/secret"}},
	{"internal/bench", []string{"."}}, // measures the whole road
	{"internal/testreport", []string{"internal/evidence"}},
	{"internal/*", nil},
}

// testsMay is what a test may import beyond what its package may.
var testsMay = []string{"schema", "pipeline", "sql", "internal", "extractors/extractortest", "loaders/loadertest", "dashboards/grafana/grafanatest"}

// forTests are packages that only tests import, and each other.
var forTests = []string{"internal/pgtest", "internal/redshiftsim", "dashboards/grafana/grafanatest"}

// impure are the standard library's ways out of a function: a transform has none of them.
var impure = []string{"crypto/rand", "database", "io/ioutil", "log", "math/rand", "net", "os", "plugin", "syscall"}

// pureModules are the modules that a transform may use.
var pureModules = []string{"github.com/go-json-experiment/json", "github.com/zeebo/xxh3"}

func importRules() []Rule {
	return []Rule{
		{
			Name: "layers",
			Says: "a package imports only its own folder and the layers below it (imports.go lists them); siblings never each " +
				"other; only cmd and tests import internal/sim, and only tests internal/pgtest, internal/redshiftsim and " +
				"dashboards/grafana/grafanatest",
			Check: checkLayers,
		},
		{
			Name: "pure transforms",
			Says: "a transform is a pure function: of ours it imports schema, pipeline and leaves that only compute; it and those " +
				"leaves import, outside tests, nothing of the standard library that reaches a file, a network, a database, a " +
				"process, a log or chance, of other modules only those known to be pure, and ask no clock",
			Check: checkTransforms,
		},
		{
			Name:  "scenario alone",
			Says:  "internal/sim/scenario, which holds the truth, imports the standard library only",
			Check: checkScenario,
		},
	}
}

// layerOf gives the layer of a folder and the folder that is the package's own.
func layerOf(dir string) (l layer, own string, ok bool) {
	for _, l := range layers {
		own := l.dir
		if parent, isEach := strings.CutSuffix(l.dir, "/*"); isEach {
			rest, inside := strings.CutPrefix(dir, parent+"/")
			if !inside {
				continue
			}
			name, _, _ := strings.Cut(rest, "/")
			own = path.Join(parent, name)
		}
		if below(dir, own) {
			return l, own, true
		}
	}
	return layer{}, "", false
}

func checkLayers(t *Tree) []Violation {
	var vs []Violation
	for _, f := range t.Files {
		l, own, ok := layerOf(f.Dir)
		if !ok {
			vs = append(vs, Violation{f.Path, "no layer is known for " + f.Dir})
			continue
		}
		may := append([]string{own}, l.may...)
		if f.Test {
			may = append(may, testsMay...)
		}
		for _, spec := range f.Syntax.Imports {
			dir, ours := ownFolder(spec)
			if ours && !f.Test && slices.Contains(forTests, dir) && !slices.Contains(forTests, f.Dir) {
				vs = append(vs, Violation{t.line(spec), f.Dir + " must not import " + dir + ", which is for tests"})
			}
			if ours && !slices.ContainsFunc(may, func(m string) bool { return m == "." || below(dir, m) }) {
				vs = append(vs, Violation{t.line(spec), f.Dir + " must not import " + dir})
			}
		}
	}
	return vs
}

func checkTransforms(t *Tree) []Violation {
	var vs []Violation
	for _, f := range t.code() {
		if !slices.ContainsFunc(append([]string{"transforms"}, pureLeaves...), func(dir string) bool { return below(f.Dir, dir) }) {
			continue
		}
		for _, spec := range f.Syntax.Imports {
			name := importPath(spec)
			_, ours := ownFolder(spec)
			inside := func(m string) bool { return below(name, m) }
			if slices.ContainsFunc(impure, inside) || !ours && !standard(name) && !slices.ContainsFunc(pureModules, inside) {
				vs = append(vs, Violation{t.line(spec), f.Dir + " must not import " + name})
			}
		}
		vs = append(vs, t.each([]*File{f}, clock)...)
	}
	return vs
}

// clock finds where the time of day is asked.
func clock(_ *File, n ast.Node) string {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok || !isName(sel.X, "time") || !slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
		return ""
	}
	return "a pure function must not ask time." + sel.Sel.Name + ": the run says when it was"
}

func checkScenario(t *Tree) []Violation {
	var vs []Violation
	for _, f := range t.code() {
		if !below(f.Dir, "internal/sim/scenario") {
			continue
		}
		for _, spec := range f.Syntax.Imports {
			if _, ours := ownFolder(spec); !ours && !standard(importPath(spec)) {
				vs = append(vs, Violation{t.line(spec), "the scenario must not import " + importPath(spec)})
			}
		}
	}
	return vs
}

// ownFolder gives the folder that an import names, if it is ours.
func ownFolder(spec *ast.ImportSpec) (dir string, ours bool) {
	name := importPath(spec)
	if name == Module {
		return ".", true
	}
	return strings.CutPrefix(name, Module+"/")
}

func importPath(spec *ast.ImportSpec) string {
	name, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value
	}
	return name
}

// standard tells whether an import path is of the standard library: its first element has no dot.
func standard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return !strings.Contains(first, ".")
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}
