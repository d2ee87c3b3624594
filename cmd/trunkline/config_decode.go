package main

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"trunkline/internal/secret"
)

// decoder fills structs from a YAML tree. It goes on after a fault, so that a file's faults are told all at once, and it
// never quotes the value of a secret.
type decoder struct {
	file     string
	expand   expander
	problems []problem
	unset    []problem
	lines    map[string]int
	secrets  []secret.Secret
}

// defaulted is a section that has defaults of its own.
type defaulted interface{ setDefaults() }

func (d *decoder) document(src []byte, into any) {
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		d.syntax(err)
		return
	}
	switch {
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		d.problems = append(d.problems, problem{d.file, 0, "", "the file is empty"})
	case len(file.Docs) > 1:
		d.fault(file.Docs[1].Body, "", "one document is expected, here a second one begins")
	default:
		d.node(file.Docs[0].Body, reflect.ValueOf(into).Elem(), "")
	}
}

// syntax reports what the parser refused, without the excerpt, which could show a secret.
func (d *decoder) syntax(err error) {
	p := problem{file: d.file, text: err.Error()}
	if syntax, ok := errors.AsType[*yaml.SyntaxError](err); ok {
		p.line, p.text = syntax.Token.Position.Line, "not YAML: "+syntax.Message
	}
	d.problems = append(d.problems, p)
}

func (d *decoder) fault(n ast.Node, key, format string, a ...any) {
	d.problems = append(d.problems, problem{d.file, lineOf(n), key, fmt.Sprintf(format, a...)})
}

func (d *decoder) node(n ast.Node, v reflect.Value, key string) {
	d.lines[key] = lineOf(n)
	if v.Kind() == reflect.Pointer {
		if _, null := n.(*ast.NullNode); null {
			d.fault(n, key, "the section is empty: fill it, or remove it")
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		if s, ok := reflect.TypeAssert[defaulted](v); ok {
			s.setDefaults()
		}
		v = v.Elem()
	}
	if _, isText := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr()); isText {
		d.scalar(n, v, key)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.mapping(n, v, key)
	case reflect.Slice:
		d.sequence(n, v, key)
	default:
		d.scalar(n, v, key)
	}
}

func (d *decoder) mapping(n ast.Node, v reflect.Value, key string) {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	case *ast.NullNode:
		return
	default:
		d.fault(n, key, "keys and values are expected, not %s", kindOf(n))
		return
	}
	for _, pair := range pairs {
		name := pair.Key.String()
		field, ok := fieldNamed(v, name)
		if !ok {
			d.fault(pair, join(key, name), "unknown key%s", suggestion(name, fieldNames(v.Type())))
			continue
		}
		d.node(pair.Value, field, join(key, name))
	}
}

func (d *decoder) sequence(n ast.Node, v reflect.Value, key string) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		d.fault(n, key, "a list is expected, not %s", kindOf(n))
		return
	}
	out := reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values))
	for i, item := range list.Values {
		d.node(item, out.Index(i), fmt.Sprintf("%s[%d]", key, i))
	}
	v.Set(out)
}

func (d *decoder) scalar(n ast.Node, v reflect.Value, key string) {
	raw, ok := scalarText(n)
	if !ok {
		d.fault(n, key, "%s is expected, not %s", wanted(v), kindOf(n))
		return
	}
	text, err := d.expand.expand(raw)
	if missing := (unsetError{}); errors.As(err, &missing) {
		d.unset = append(d.unset, problem{d.file, lineOf(n), key, missing.Error()})
		if v.Kind() == reflect.String || v.Type() == reflect.TypeFor[secret.Secret]() {
			_ = set(v, raw) // takes any text; stands for the value until Complete tells
		}
		return
	}
	if err != nil {
		d.fault(n, key, "%v", err)
		return
	}
	if err := set(v, text); err != nil {
		d.fault(n, key, "%v", err)
	}
	if s, ok := reflect.TypeAssert[secret.Secret](v); ok {
		d.secrets = append(d.secrets, s)
	}
}

// set puts a text into a value of one of the types that configurations have.
func set(v reflect.Value, text string) error {
	if u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr()); ok {
		return u.UnmarshalText([]byte(text))
	}
	var err error
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int:
		var i int64
		i, err = strconv.ParseInt(text, 10, 64)
		v.SetInt(i)
	case reflect.Float64:
		var f float64
		f, err = strconv.ParseFloat(text, 64)
		v.SetFloat(f)
	case reflect.Bool:
		var b bool
		b, err = strconv.ParseBool(text)
		v.SetBool(b)
	default:
		panic("config: no rule for " + v.Type().String())
	}
	if err != nil {
		return fmt.Errorf("%s is expected, not %q", wanted(v), text)
	}
	return nil
}

func wanted(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	default:
		return "a text"
	}
}

func scalarText(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.NullNode:
		return "", true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true // as it was written: 0123 is a text of four characters where a text is wanted
	default:
		return "", false
	}
}

func kindOf(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys and values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode, *ast.TagNode:
		return "an anchor, alias or tag"
	default:
		return "a single value"
	}
}

func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

func fieldNamed(v reflect.Value, name string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("yaml") == name {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func fieldNames(t reflect.Type) []string {
	var names []string
	for f := range t.Fields() {
		if name := f.Tag.Get("yaml"); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func join(key, name string) string { return strings.TrimPrefix(key+"."+name, ".") }
