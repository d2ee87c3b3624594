package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
)

// The ceilings. A file or function that reaches one has two subjects.
const (
	maxFileLines        = 500
	maxFuncLines        = 80
	maxFuncLinesP95     = 45
	maxParams           = 5
	maxInterfaceMethods = 4
	maxCyclomaticP95    = 10
)

func ceilingRules() []Rule {
	return []Rule{
		{"file size", fmt.Sprintf("a file that is no test has at most %d lines", maxFileLines), checkFiles},
		{"function size", fmt.Sprintf("a function outside tests has at most %d lines, 95 in 100 at most %d",
			maxFuncLines, maxFuncLinesP95), checkFuncs},
		{"parameters", fmt.Sprintf("a function outside tests has at most %d parameters", maxParams), checkParams},
		{"interface size", fmt.Sprintf("an interface has at most %d methods; an embedded one of another package counts once",
			maxInterfaceMethods), checkInterfaces},
		{"cyclomatic", fmt.Sprintf("95 in 100 functions outside tests branch (if, for, case, && and ||) fewer than %d times",
			maxCyclomaticP95), checkBranches},
	}
}

func checkFiles(t *Tree) []Violation {
	var vs []Violation
	for _, f := range t.code() {
		if f.Lines > maxFileLines {
			vs = append(vs, Violation{f.Path, fmt.Sprintf("%d lines, at most %d", f.Lines, maxFileLines)})
		}
	}
	return vs
}

func checkFuncs(t *Tree) []Violation {
	var vs []Violation
	var sizes []int
	for _, fn := range t.funcs() {
		n := t.lines(fn)
		sizes = append(sizes, n)
		if n > maxFuncLines {
			vs = append(vs, Violation{t.line(fn), fmt.Sprintf("%s has %d lines, at most %d", fn.Name.Name, n, maxFuncLines)})
		}
	}
	if n := p95(sizes); n > maxFuncLinesP95 {
		vs = append(vs, Violation{"all functions", fmt.Sprintf("the 95th percentile is %d lines, at most %d", n, maxFuncLinesP95)})
	}
	return vs
}

func checkParams(t *Tree) []Violation {
	return t.each(t.code(), func(_ *File, n ast.Node) string {
		fn, ok := n.(*ast.FuncType)
		if !ok || fn.Params.NumFields() <= maxParams {
			return ""
		}
		return fmt.Sprintf("%d parameters, at most %d", fn.Params.NumFields(), maxParams)
	})
}

func checkInterfaces(t *Tree) []Violation {
	declared := map[string]*ast.InterfaceType{} // by folder and name
	for _, f := range t.code() {
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if i, ok := spec.Type.(*ast.InterfaceType); ok {
					declared[f.Dir+"."+spec.Name.Name] = i
				}
			}
			return true
		})
	}
	return t.each(t.code(), func(f *File, n ast.Node) string {
		i, ok := n.(*ast.InterfaceType)
		if !ok {
			return ""
		}
		if n := countMethods(i, f.Dir, declared); n > maxInterfaceMethods {
			return fmt.Sprintf("an interface of %d methods, at most %d", n, maxInterfaceMethods)
		}
		return ""
	})
}

func countMethods(i *ast.InterfaceType, dir string, declared map[string]*ast.InterfaceType) int {
	n := 0
	for _, f := range i.Methods.List {
		switch e := f.Type.(type) {
		case *ast.FuncType:
			n++
		case *ast.SelectorExpr:
			n++
		case *ast.Ident:
			if embedded, ok := declared[dir+"."+e.Name]; ok {
				n += countMethods(embedded, dir, declared)
			}
		}
	}
	return n
}

func checkBranches(t *Tree) []Violation {
	var counts []int
	worst, most := "", 0
	for _, fn := range t.funcs() {
		n := cyclomatic(fn)
		counts = append(counts, n)
		if n > most {
			worst, most = t.line(fn)+" "+fn.Name.Name, n
		}
	}
	if n := p95(counts); n > maxCyclomaticP95 {
		return []Violation{{"all functions", fmt.Sprintf("the 95th percentile of the cyclomatic number is %d, at most %d (%s has %d)",
			n, maxCyclomaticP95, worst, most)}}
	}
	return nil
}

// cyclomatic gives one more than the number of branches of a function.
func cyclomatic(fn *ast.FuncDecl) int {
	n := 1
	ast.Inspect(fn, func(node ast.Node) bool {
		switch e := node.(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			n++
		case *ast.CaseClause:
			if e.List != nil {
				n++
			}
		case *ast.CommClause:
			if e.Comm != nil {
				n++
			}
		case *ast.BinaryExpr:
			if e.Op == token.LAND || e.Op == token.LOR {
				n++
			}
		}
		return true
	})
	return n
}
