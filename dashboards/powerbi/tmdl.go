package powerbi

import (
	"fmt"
	"regexp"
	"strings"
)

// object is a declaration of TMDL, the language of semantic models: a kind and a name, properties below it, and other objects.
type object struct {
	kind, name string
	doc        string // its description
	value      string // its default property, behind an equals sign: an expression or a word
	properties []property
	children   []object
}

// property is a line below a declaration; without a value it is a flag. An expression stands behind an equals sign, on lines of its
// own, and everything else behind a colon.
type property struct {
	name, value string
	expression  bool
}

// set is a property that is true by being there.
func set(name string) property { return property{name: name} }

// is gives a property.
func is(name, value string) property { return property{name: name, value: value} }

// write writes the object with so many tabs before it.
func (o object) write(b *strings.Builder, depth int) {
	tabs := strings.Repeat("\t", depth)
	if o.doc != "" {
		fmt.Fprintf(b, "%s/// %s\n", tabs, o.doc)
	}
	b.WriteString(tabs + o.kind)
	if o.name != "" {
		b.WriteString(" " + quoted(o.name))
	}
	writeExpression(b, o.value, depth)
	for _, p := range o.properties {
		b.WriteString(tabs + "\t" + p.name)
		switch {
		case p.expression:
			writeExpression(b, p.value, depth+1)
		case p.value != "":
			b.WriteString(": " + p.value + "\n")
		default:
			b.WriteString("\n")
		}
	}
	for _, child := range o.children {
		b.WriteString("\n")
		child.write(b, depth+1)
	}
}

// writeExpression ends a line with an expression, of which several lines stand below it, two tabs further in.
func writeExpression(b *strings.Builder, text string, depth int) {
	switch {
	case text == "":
		b.WriteString("\n")
	case !strings.Contains(text, "\n"):
		b.WriteString(" = " + text + "\n")
	default:
		b.WriteString(" =\n")
		for line := range strings.Lines(text) {
			b.WriteString(strings.Repeat("\t", depth+2) + line)
		}
		b.WriteString("\n")
	}
}

// document gives a file of objects.
func document(objects ...object) string {
	var b strings.Builder
	for i, o := range objects {
		if i > 0 {
			b.WriteString("\n")
		}
		o.write(&b, 0)
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// quoted gives a name as TMDL writes it.
func quoted(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", "''") + "'"
}
