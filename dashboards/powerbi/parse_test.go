package powerbi

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// node is an object of TMDL as it is read back: by its own reading of the language, not by what wrote it.
type node struct {
	kind, name, value string
	properties        map[string]string
	children          []*node
}

// grammar is what each kind of object may have: the properties that Power BI knows of it, as far as we use any.
var grammar = map[string][]string{
	"database": {"compatibilityLevel"}, "model": {"culture", "defaultPowerBIDataSourceVersion", "sourceQueryCulture"},
	"ref table": nil, "ref role": nil, "expression": nil,
	"table":   {"dataCategory"},
	"measure": {"formatString", "displayFolder"},
	"column":  {"dataType", "isKey", "formatString", "isNameInferred", "summarizeBy", "sourceColumn"}, "partition": {"mode", "source"},
	"relationship": {"fromColumn", "toColumn"}, "role": {"modelPermission"},
	"tablePermission": {"metadataPermission"}, "columnPermission": {"metadataPermission"},
}

// below says which kinds stand in which.
var below = map[string][]string{
	"":      {"database", "model", "ref table", "ref role", "expression", "table", "relationship", "role"},
	"table": {"measure", "column", "partition"}, "role": {"tablePermission"}, "tablePermission": {"columnPermission"},
}

// parseTMDL reads a file of TMDL by its indentation. Its errors name the line.
func parseTMDL(text string) ([]*node, error) {
	root := &node{}
	open := []*node{root} // by depth
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		fail := func(format string, a ...any) ([]*node, error) {
			return nil, fmt.Errorf("line %d: %s", i+1, fmt.Sprintf(format, a...))
		}
		line := strings.TrimLeft(lines[i], "\t")
		depth := len(lines[i]) - len(line)
		switch {
		case line == "" || strings.HasPrefix(line, "/// "):
			continue
		case line != strings.TrimSpace(line):
			return fail("is indented by something else than tabs, or ends in a space")
		case depth >= len(open):
			return fail("stands too far in")
		}
		open = open[:depth+1]
		in := open[depth]
		var expression string
		for strings.HasSuffix(line, " =") && i+1 < len(lines) && strings.HasPrefix(lines[i+1], strings.Repeat("\t", depth+2)) {
			i++
			expression += lines[i][depth+2:] + "\n"
		}
		o, isObject := declaration(line)
		if !isObject {
			name, value, err := propertyOf(line, expression)
			if err != nil || !slices.Contains(grammar[in.kind], name) {
				return fail("%s %s has no property %q (%v)", in.kind, in.name, name, err)
			}
			if _, twice := in.properties[name]; twice || len(in.children) > 0 {
				return fail("property %s stands twice, or behind an object", name)
			}
			in.properties[name] = value
			continue
		}
		if !slices.Contains(below[in.kind], o.kind) {
			return fail("a %s stands in a %s", o.kind, in.kind)
		}
		o.value += expression
		in.children = append(in.children, o)
		open = append(open, o)
	}
	return root.children, nil
}

// declaration reads the line of an object: its kind, its name and the beginning of its value.
func declaration(line string) (*node, bool) {
	for kind := range grammar {
		rest, ok := strings.CutPrefix(line, kind+" ")
		if !ok {
			continue
		}
		o := &node{kind: kind, properties: map[string]string{}}
		if strings.HasPrefix(rest, "'") {
			end := 1
			for end < len(rest) && (rest[end] != '\'' || strings.HasPrefix(rest[end:], "''")) {
				if rest[end] == '\'' {
					end++
				}
				end++
			}
			if end >= len(rest) {
				return nil, false
			}
			o.name, rest = strings.ReplaceAll(rest[1:end], "''", "'"), rest[end+1:]
		} else {
			o.name, rest, _ = strings.Cut(rest, " ")
			if rest != "" {
				rest = " " + rest
			}
		}
		if rest != "" && !strings.HasPrefix(rest, " =") {
			return nil, false
		}
		o.value = strings.TrimPrefix(strings.TrimPrefix(rest, " ="), " ")
		return o, true
	}
	return nil, false
}

func propertyOf(line, expression string) (name, value string, err error) {
	if name, ok := strings.CutSuffix(line, " ="); ok {
		if expression == "" {
			return name, "", fmt.Errorf("an expression is missing")
		}
		return name, expression, nil
	}
	name, value, ok := strings.Cut(line, ":")
	if ok && !strings.HasPrefix(value, " ") {
		return name, "", fmt.Errorf("no space behind the colon")
	}
	return name, strings.TrimSpace(value), nil
}

func TestTMDLThatIsWrittenWrongIsNotRead(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"spaces", "table a\n    column b\n", "something else than tabs"},
		{"too deep", "table a\n\t\tcolumn b\n", "too far in"},
		{"unknown property", "table a\n\tcolumn b\n\t\tsize: 3\n", `column b has no property "size"`},
		{"wrong place", "table a\n\tcolumn b\n\t\tmeasure c = 1\n", "a measure stands in a column"},
		{"a property behind an object", "table a\n\tcolumn b\n\tdataCategory: Time\n", "behind an object"},
		{"a property twice", "table a\n\tdataCategory: Time\n\tdataCategory: Time\n", "stands twice"},
		{"no expression", "table a\n\tpartition a = m\n\t\tsource =\n\t\tmode: import\n", "an expression is missing"},
		{"name without its end", "table 'a b\n\tcolumn c\n", "has no property"},
	} {
		_, err := parseTMDL(tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

func FuzzParseTMDL(f *testing.F) {
	f.Add("table 'a b'\n\t/// c\n\tmeasure 'it''s' =\n\t\t\t1\n\t\tformatString: 0\n")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = parseTMDL(text) // it reads only what we wrote, and must not end the test instead of failing it
	})
}
