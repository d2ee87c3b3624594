package bqcheck_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-googlesql"

	"trunkline/schema"
)

// missing are features of the language that the analyser has and BigQuery has not.
var missing = []googlesql.LanguageFeature{
	googlesql.LanguageFeatureFeatureInsertOnConflictClause,
	googlesql.LanguageFeatureFeatureAggregateFiltering,
	googlesql.LanguageFeatureFeatureLateralColumnReferences,
	googlesql.LanguageFeatureFeatureV14LateralJoin,
	googlesql.LanguageFeatureFeatureLegacyBinaryConcat,
	googlesql.LanguageFeatureFeatureLimitAll,
	googlesql.LanguageFeatureFeatureRelaxedWithRecursive,
	googlesql.LanguageFeatureFeatureWithRecursiveDepthModifier,
	googlesql.LanguageFeatureFeatureV14UuidType,
	googlesql.LanguageFeatureFeatureMapType,
}

// present are features that the analyser does not count among the usual ones, and that BigQuery documents.
var present = []googlesql.LanguageFeature{
	googlesql.LanguageFeatureFeatureAlterColumnSetDataType, // alter table … alter column … set data type …
}

// synonyms are names that BigQuery documents for types of the language.
var synonyms = []string{"bigint", "integer", "int", "smallint", "tinyint", "byteint"}

// analyser analyses scripts against the declared tables. What a script makes (temporary tables, views, variables) is there for what
// comes after, as the analyser understood it.
type analyser struct {
	t       *testing.T
	types   *googlesql.TypeFactory
	builtin *googlesql.SimpleCatalog // functions and types: made once, for it takes the longest
	options *googlesql.AnalyzerOptions
	parser  *googlesql.ParserOptions

	// Of the script:
	root     *googlesql.SimpleCatalog
	catalog  googlesql.CatalogNode
	datasets map[string]*googlesql.SimpleCatalog
	declared map[string]googlesql.Googlesql_TypeNode // variables
	kept     []any                                   // what the catalogue points at
	last     string                                  // the kind of the last statement
}

func newAnalyser(t *testing.T) *analyser {
	t.Helper()
	if err := googlesql.Init(); err != nil {
		t.Fatal(err)
	}
	a := &analyser{t: t}
	language := newLanguage()
	a.types = must(googlesql.NewTypeFactory())
	a.builtin = must(googlesql.NewSimpleCatalog("builtin", a.types))
	check(a.builtin.AddBuiltinFunctionsAndTypes(&googlesql.BuiltinFunctionOptions{LanguageOptions: language}))
	for _, name := range synonyms {
		check(a.builtin.AddType(name, a.typeOf(schema.Integer)))
	}
	a.parser = must(googlesql.NewParserOptions())
	check(a.parser.SetLanguageOptions(newLanguage())) // which is emptied by it
	a.options = must(googlesql.NewAnalyzerOptions2())
	check(a.options.SetLanguage(language))
	check(a.options.AddSystemVariable([]string{"row_count"}, a.typeOf(schema.Integer)))
	for name, kind := range parameters() {
		check(a.options.AddQueryParameter(name, a.typeOf(kind)))
	}
	check(a.options.AddQueryParameter("pivot_keys", must(a.types.MakeArrayType2(a.typeOf(schema.Text)))))
	return a
}

// newLanguage gives the language as BigQuery speaks it.
func newLanguage() *googlesql.LanguageOptions {
	language := must(googlesql.NewLanguageOptions())
	check(language.EnableMaximumLanguageFeatures())
	for _, feature := range missing {
		check(language.DisableLanguageFeature(feature))
	}
	for _, feature := range present {
		check(language.EnableLanguageFeature(feature))
	}
	check(language.SetSupportsAllStatementKinds())
	check(language.SetProductMode(googlesql.ProductModeProductExternal))
	return language
}

// parameters are those of all statements: what a loader binds, and as what.
func parameters() map[string]schema.Type {
	all := map[string]schema.Type{
		"business_date": schema.Text, "join_limit": schema.Real, "checked_at": schema.Timestamp, "since": schema.Timestamp,
		"unmatched_contacts_limit": schema.Real, "unanalysed_limit": schema.Real,
		"loaded_at": schema.Timestamp, "token": schema.Integer, "owner": schema.Text, "seconds": schema.Integer,
		"step_id": schema.Text, "content_hash": schema.Text,
	}
	for _, t := range schema.All() {
		all["received_"+t.Name] = schema.Integer
	}
	return all
}

func (a *analyser) typeOf(t schema.Type) googlesql.Googlesql_TypeNode {
	switch t {
	case schema.Text:
		return must(a.types.GetString())
	case schema.Integer:
		return must(a.types.GetInt64())
	case schema.Real:
		return must(a.types.GetDouble())
	case schema.Boolean:
		return must(a.types.GetBool())
	default:
		return must(a.types.GetTimestamp())
	}
}

// begin makes the catalogue that a script finds: the declared tables, in the default dataset and by the dataset's name, and what is
// staged of each, with the place where it stood.
func (a *analyser) begin() {
	a.root = must(googlesql.NewSimpleCatalog("default", a.types))
	a.datasets = map[string]*googlesql.SimpleCatalog{"": a.root}
	a.declared = map[string]googlesql.Googlesql_TypeNode{}
	a.kept = nil
	for _, t := range schema.All() {
		if t.Internal {
			continue
		}
		columns := make([]column, len(t.Columns))
		for i, c := range t.Columns {
			columns[i] = column{c.Name, a.typeOf(c.Type)}
		}
		for _, dataset := range []string{"", "trunkline"} {
			a.addTable([]string{dataset, t.Name}, columns)
		}
		place := []column{{"batch_file", a.typeOf(schema.Integer)}, {"batch_row", a.typeOf(schema.Integer)}}
		a.addTable([]string{"trunkline_staging", t.Name}, append(place, columns...))
	}
	catalog := must(googlesql.NewMultiCatalogCreate("all", []googlesql.CatalogNode{a.root, a.builtin}))
	a.catalog = catalog
	a.kept = append(a.kept, catalog)
}

// column is a column of a table of the catalogue.
type column struct {
	name string
	kind googlesql.Googlesql_TypeNode
}

// addTable puts a table or view into the catalogue.
func (a *analyser) addTable(path []string, columns []column) {
	name := path[len(path)-1]
	dataset := strings.Join(path[:len(path)-1], ".")
	home, ok := a.datasets[dataset]
	if !ok {
		home = must(a.root.MakeOwnedSimpleCatalog(dataset))
		a.datasets[dataset] = home
	}
	table := must(googlesql.NewSimpleTable(name, -1))
	for _, c := range columns {
		col := must(googlesql.NewSimpleColumn(name, c.name, c.kind, false, true))
		check(table.AddColumn(col))
	}
	check(home.AddTable(table))
	a.kept = append(a.kept, table)
}

var (
	declaration = regexp.MustCompile(`(?s)^\s*declare\s+(.+)\s+(\w+)\s*$`)
	assignment  = regexp.MustCompile(`(?s)^\s*set\s+(\w+|\([\w\s,]+\))\s*=\s*(.+)$`)
)

// script analyses statement after statement of a file, and gives how many there are.
func (a *analyser) script(text string) (n int, err error) {
	a.begin()
	location := must(googlesql.NewParseResumeLocationFromString(text))
	for {
		from := int(must(location.BytePosition()))
		if strings.TrimSpace(withoutComments(text[from:])) == "" {
			return n, nil
		}
		if _, err := googlesql.ParseNextScriptStatement(location, a.parser); err != nil {
			return n, fmt.Errorf("%w\n%s", err, excerpt(text[from:]))
		}
		to := int(must(location.BytePosition()))
		statement := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(withoutComments(text[from:to])), ";"))
		if err := a.statement(statement); err != nil {
			return n, fmt.Errorf("%w\n%s", err, excerpt(statement))
		}
		n++
	}
}

// withoutComments leaves out the lines that are comments.
func withoutComments(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "--") }), "\n")
}

func excerpt(text string) string { return text[:min(len(text), 2000)] }

// statement analyses one statement; those of a script's own language, which the analyser only parses, by the expressions in them.
func (a *analyser) statement(text string) error {
	if m := declaration.FindStringSubmatch(text); m != nil {
		return a.declare(strings.Split(m[1], ","), m[2])
	}
	if m := assignment.FindStringSubmatch(text); m != nil {
		return a.assign(strings.Split(strings.Trim(m[1], "()"), ","), m[2])
	}
	out, err := googlesql.AnalyzeStatement(text, a.options, a.catalog, a.types)
	if err != nil {
		return err
	}
	resolved, err := out.ResolvedStatement()
	if err != nil {
		return err
	}
	a.kept = append(a.kept, out, resolved)
	if err := joins(resolved); err != nil {
		return err
	}
	a.last = must(resolved.NodeKindString())
	switch made := resolved.(type) {
	case *googlesql.ResolvedCreateTableAsSelectStmt:
		a.addTable(home(must(made.NamePath())), outputs(must(made.OutputColumnList())))
	case *googlesql.ResolvedCreateViewStmt:
		a.addTable(home(must(made.NamePath())), outputs(must(made.OutputColumnList())))
	}
	return nil
}

// home gives the path of what is made: a name alone is in the default dataset.
func home(path []string) []string {
	if len(path) == 1 {
		return []string{"", path[0]}
	}
	return path
}

// outputs gives the columns that the analyser finds a query to have.
func outputs(list []*googlesql.ResolvedOutputColumn) []column {
	columns := make([]column, len(list))
	for i, c := range list {
		columns[i] = column{must(c.Name()), must(must(c.Column()).Type())}
	}
	return columns
}

// declare puts variables into the catalogue: constants, for whoever reads them.
func (a *analyser) declare(names []string, kind string) error {
	of, err := googlesql.AnalyzeType(kind, a.options, a.catalog, a.types)
	if err != nil {
		return err
	}
	for _, name := range names {
		name = strings.TrimSpace(name)
		constant := must(googlesql.NewSimpleConstantCreate([]string{name}, must(googlesql.NewValueNull(of))))
		check(a.root.AddConstant(constant))
		a.declared[name] = of
		a.kept = append(a.kept, constant, of)
	}
	return nil
}

// assign holds the types of what variables are given against theirs: one value, or a struct of several.
func (a *analyser) assign(names []string, expression string) error {
	out, err := googlesql.AnalyzeExpression(expression, a.options, a.catalog, a.types)
	if err != nil {
		return err
	}
	resolved, err := out.ResolvedExpr()
	if err != nil {
		return err
	}
	a.kept = append(a.kept, out, resolved)
	if err := joins(resolved); err != nil {
		return err
	}
	given := []googlesql.Googlesql_TypeNode{must(resolved.Type())}
	if len(names) > 1 {
		of, err := given[0].AsStruct()
		if err != nil || of == nil {
			return fmt.Errorf("%d variables are given what is no struct: %w", len(names), err)
		}
		given = nil
		for _, f := range must(of.Fields()) {
			given = append(given, f.Type_)
		}
	}
	if len(given) != len(names) {
		return fmt.Errorf("%d variables are given %d values", len(names), len(given))
	}
	for i, name := range names {
		name = strings.TrimSpace(name)
		want, ok := a.declared[name]
		if !ok {
			return fmt.Errorf("variable %s is not declared", name)
		}
		if !must(want.Equals(given[i])) {
			return fmt.Errorf("variable %s is given another type", name)
		}
	}
	return nil
}

// must gives a value that is there unless the bindings themselves fail.
func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
