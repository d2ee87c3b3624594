package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Where the documents are that rules speak of.
const (
	errorsDir     = "docs/errors"
	errorsIndex   = "docs/errors/README.md"
	decisionsFile = "docs/decisions.md"

	maxDecisionLines = 12
)

func documentRules() []Rule {
	return []Rule{
		{
			"error pages", "each code TLxxxx in the code has a page in " + errorsDir + ", each page a code, and the index lists them",
			checkErrorPages,
		},
		{
			"decisions", fmt.Sprintf("%s holds dated entries of at most %d lines, newest first", decisionsFile, maxDecisionLines),
			checkDecisions,
		},
		{"links", "a link in a document leads to a file that is there", checkLinks},
		{"dependencies", "each module that we import is named in " + decisionsFile, checkDependencies},
	}
}

var (
	errorCode = regexp.MustCompile(`\bTL\d{4}\b`)
	errorPage = regexp.MustCompile(`^(TL\d{4})\.md$`)
)

func checkErrorPages(t *Tree) []Violation {
	used := map[string]string{} // code to place
	for _, v := range t.each(t.code(), func(_ *File, n ast.Node) string {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			return strings.Join(errorCode.FindAllString(lit.Value, -1), " ")
		}
		return ""
	}) {
		for code := range strings.FieldsSeq(v.What) {
			used[code] = v.Where
		}
	}
	pages, vs := errorPages(t.FS)
	for code, where := range used {
		if _, ok := pages[code]; !ok {
			vs = append(vs, Violation{where, code + " has no page in " + errorsDir})
		}
	}
	for code := range pages {
		if _, ok := used[code]; !ok {
			vs = append(vs, Violation{path.Join(errorsDir, code+".md"), "no code uses " + code})
		}
	}
	index, _ := fs.ReadFile(t.FS, errorsIndex)
	if string(index) != ErrorIndex(pages) {
		vs = append(vs, Violation{errorsIndex, "is stale: run `make generate`"})
	}
	slices.SortFunc(vs, func(a, b Violation) int { return strings.Compare(a.String(), b.String()) })
	return vs
}

// errorPages gives the title of each page by its code. A page begins with a heading: "# TL1001: title".
func errorPages(fsys fs.FS) (titles map[string]string, vs []Violation) {
	titles = map[string]string{}
	entries, err := fs.ReadDir(fsys, errorsDir)
	if err != nil {
		return titles, []Violation{{errorsDir, err.Error()}}
	}
	for _, e := range entries {
		name := path.Join(errorsDir, e.Name())
		match := errorPage.FindStringSubmatch(e.Name())
		if match == nil {
			if name != errorsIndex {
				vs = append(vs, Violation{name, "is no page of an error"})
			}
			continue
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return titles, append(vs, Violation{name, err.Error()})
		}
		first, rest, _ := strings.Cut(string(text), "\n")
		title, ok := strings.CutPrefix(first, "# "+match[1])
		titles[match[1]] = strings.Trim(title, " :—-")
		if !ok || titles[match[1]] == "" || strings.TrimSpace(rest) == "" {
			vs = append(vs, Violation{name, "does not begin with a heading of its code and a title, followed by what to do"})
		}
	}
	return titles, vs
}

// families are the subjects of error codes, by their first digit.
var families = []struct{ digit, subject string }{
	{"1", "Configuration and usage"},
	{"2", "Run store and pipeline"},
	{"3", "Trusst"},
	{"4", "Genesys Cloud"},
	{"5", "Salesforce"},
	{"6", "Warehouses"},
	{"7", "Audit and gate"},
	{"8", "The command"},
	{"9", "Everything else"},
}

// ErrorIndex gives the text of the index of error pages.
func ErrorIndex(titles map[string]string) string {
	var b strings.Builder
	b.WriteString("# Errors\n\nEvery error that a person can act on has a code, and every code a page: what it means, why it " +
		"happens, what to do.\nThis index is generated from the pages' headings (`make generate`).\n")
	for _, f := range families {
		heading := "\n## TL" + f.digit + "xxx: " + f.subject + "\n\n"
		for code := range 1000 {
			id := fmt.Sprintf("TL%s%03d", f.digit, code)
			if title, ok := titles[id]; ok {
				fmt.Fprintf(&b, "%s- [%s](%s.md) %s\n", heading, id, id, title)
				heading = ""
			}
		}
	}
	return b.String()
}

var decision = regexp.MustCompile(`^\d{4}-\d{2}-\d{2} \S`)

func checkDecisions(t *Tree) []Violation {
	text, err := fs.ReadFile(t.FS, decisionsFile)
	if err != nil {
		return []Violation{{decisionsFile, err.Error()}}
	}
	var vs []Violation
	newest := "9999-99-99"
	for i, entry := range strings.Split(string(text), "\n## ") {
		if i == 0 { // what comes before the first entry
			continue
		}
		title, _, _ := strings.Cut(entry, "\n")
		where := decisionsFile + ": " + title
		if n := strings.Count(strings.TrimSpace(entry), "\n") + 1; n > maxDecisionLines {
			vs = append(vs, Violation{where, fmt.Sprintf("%d lines, at most %d", n, maxDecisionLines)})
		}
		switch {
		case !decision.MatchString(title):
			vs = append(vs, Violation{where, "an entry without a date"})
		case title[:len(newest)] > newest:
			vs = append(vs, Violation{where, "newer than the entry above it"})
		default:
			newest = title[:len(newest)]
		}
	}
	return vs
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)\s]*)?\)`)

func checkLinks(t *Tree) []Violation {
	var vs []Violation
	err := fs.WalkDir(t.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if foreign(name, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".md" {
			return nil
		}
		text, err := fs.ReadFile(t.FS, name)
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(match[1], ":") { // elsewhere in the world
				continue
			}
			if _, err := fs.Stat(t.FS, path.Join(path.Dir(name), match[1])); err != nil {
				vs = append(vs, Violation{name, "leads to " + match[1] + ", which is not there"})
			}
		}
		return err
	})
	if err != nil {
		vs = append(vs, Violation{".", err.Error()})
	}
	return vs
}

var required = regexp.MustCompile(`(?m)^(?:require)?\s+([a-z0-9.-]+\.[a-z]+/\S+) v\S+`)

func checkDependencies(t *Tree) []Violation {
	gomod, err := fs.ReadFile(t.FS, "go.mod")
	if err != nil {
		return []Violation{{"go.mod", err.Error()}}
	}
	decisions, err := fs.ReadFile(t.FS, decisionsFile)
	if err != nil {
		return []Violation{{decisionsFile, err.Error()}}
	}
	var vs []Violation
	for _, match := range required.FindAllStringSubmatch(string(gomod), -1) {
		module := match[1]
		where := importer(t, module)
		if where != "" && !strings.Contains(string(decisions), "`"+module+"`") {
			vs = append(vs, Violation{where, module + " is imported, and " + decisionsFile + " does not say why"})
		}
	}
	return vs
}

// importer gives the first place that imports a module; "" if there is none.
func importer(t *Tree, module string) string {
	for _, f := range t.Files {
		for _, spec := range f.Syntax.Imports {
			if below(importPath(spec), module) {
				return t.line(spec)
			}
		}
	}
	return ""
}
