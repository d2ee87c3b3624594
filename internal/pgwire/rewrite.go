package pgwire

import (
	"slices"
	"strings"
)

// What clients ask at the beginning is written for PostgreSQL and its catalogue. The catalogue is there as tables and functions
// under the same names, and the few spellings that the engine does not know are put in those that it does, token by token:
// nothing between quotes changes.

// dialect is what rewriting has to know.
type dialect struct {
	// denied are functions that do more than read the attached file.
	denied map[string]bool
	// role is who the client is, database what it is connected to.
	role, database string
}

// catalogueSchema and informationSchema hold the catalogue, in the engine's own database.
const (
	catalogueSchema   = "memory.pg"
	informationSchema = "memory.pg_info"
)

// rewrite puts a statement in the engine's words.
func (d *dialect) rewrite(all []token) ([]token, error) {
	if err := d.refuse(all); err != nil {
		return nil, err
	}
	all = d.qualifiers(all)
	all = operators(all)
	all = collations(all)
	all = matches(all)
	all = arrays(all)
	all = calls(all)
	all = d.names(all)
	return types(all), nil
}

// clauses are the words that begin a part of a query.
var clauses = map[string]bool{
	"select": true, "from": true, "where": true, "group": true, "having": true, "window": true, "order": true, "limit": true, "offset": true,
	"union": true, "intersect": true, "except": true, "fetch": true, "qualify": true, "values": true,
}

// refuse finds functions that are denied, under any spelling of their name.
func (d *dialect) refuse(all []token) error {
	for i, t := range all {
		if (t.kind == word || t.kind == quoted) && d.denied[t.value] && i+1 < len(all) && all[i+1].marks("(") {
			return &Error{
				Code: "42501", Message: "permission denied for function " + t.value,
				Hint: "Here one can only read the published tables and views.",
			}
		}
	}
	return nil
}

// peek gives a token, or one that is nothing.
func peek(all []token, i int) token {
	if i < 0 || i >= len(all) {
		return token{}
	}
	return all[i]
}

// qualifiers leaves out pg_catalog, whose things are found without it, and puts information_schema where it is.
func (d *dialect) qualifiers(all []token) []token {
	var out []token
	for i := 0; i < len(all); i++ {
		t := all[i]
		isSchema := func(n int) bool {
			return (peek(all, n).is("pg_catalog") || peek(all, n).is("information_schema")) && peek(all, n+1).marks(".")
		}
		if peek(out, len(out)-1).marks(".") || t.kind != word && t.kind != quoted {
			out = append(out, t)
			continue
		}
		if t.is(d.database) && peek(all, i+1).marks(".") && isSchema(i+2) {
			all[i+2].gap = t.gap
			i += 2
			t = all[i]
		}
		if !isSchema(i) || i+2 >= len(all) {
			out = append(out, t)
			continue
		}
		next := all[i+2]
		next.gap = t.gap
		i += 2
		if t.is("information_schema") && !peek(all, i+1).marks("(") && !peek(out, len(out)-1).marks("::") {
			next.text = informationSchema + "." + next.text
		}
		out = append(out, next)
	}
	return out
}

// operators writes OPERATOR(~) as ~.
func operators(all []token) []token {
	var out []token
	for i := 0; i < len(all); i++ {
		if all[i].is("operator") && peek(all, i+1).marks("(") && peek(all, i+2).kind == operator && peek(all, i+3).marks(")") {
			sign := all[i+2]
			sign.gap = " "
			out = append(out, sign)
			i += 3
			continue
		}
		out = append(out, all[i])
	}
	return out
}

// collations leaves out those that change nothing.
func collations(all []token) []token {
	var out []token
	for i := 0; i < len(all); i++ {
		if all[i].is("collate") && slices.Contains([]string{"default", "c", "posix"}, peek(all, i+1).value) {
			i++
			continue
		}
		out = append(out, all[i])
	}
	return out
}

// matches gives ~ its meaning in PostgreSQL: the pattern may match anywhere. The engine's must match the whole text.
func matches(all []token) []token {
	out := slices.Clone(all)
	for i := range out {
		t, pattern := out[i], peek(out, i+1)
		negated := strings.HasPrefix(t.text, "!")
		flags, isMatch := map[string]string{"~": "s", "~*": "is"}[strings.TrimPrefix(t.text, "!")]
		if t.kind != operator || !isMatch || pattern.kind != literal && pattern.kind != parameter {
			continue
		}
		const before, after = ").*(?:", ").*"
		if pattern.kind == literal {
			gap := pattern.gap
			pattern = plain("(?" + flags + before + pattern.value + after)
			pattern.gap = gap
		} else {
			pattern.kind = literal
			pattern.text = "('(?" + flags + before + "' || cast(" + pattern.text + " as varchar) || '" + after + "')"
		}
		out[i+1] = pattern
		if out[i].text = "~"; negated {
			out[i].text = "!~"
		}
	}
	return out
}

// arrays writes x = ANY (array) as a call, which may stand in any join, and '{a,b}' as the engine's list.
func arrays(all []token) []token {
	var out []token
	for i := 0; i < len(all); i++ {
		t := all[i]
		switch {
		case t.kind == literal && peek(all, i+1).marks("::") && peek(all, i+3).marks("[") && strings.HasPrefix(t.value, "{") && strings.HasSuffix(t.value, "}"):
			gap := t.gap
			t = plain("[" + t.value[1:len(t.value)-1] + "]")
			t.gap = gap
		case t.kind == operator && t.text == "=" && (peek(all, i+1).is("any") || peek(all, i+1).is("some")) && peek(all, i+2).marks("("):
			end := closing(all, i+2)
			if first := peek(all, i+3); end < 0 || first.is("select") || first.is("with") || first.is("values") || len(out) == 0 {
				break
			}
			start := operandStart(out, len(out))
			operand := slices.Clone(out[start:])
			gap := operand[0].gap
			operand[0].gap = " "
			inner := arrays(all[i+3 : end])
			if len(inner) == 1 && inner[0].kind == parameter { // whatever it is a list of: texts can be compared
				inner, operand = castAs(inner, "varchar[]"), castAs(operand, "varchar")
			}
			out = append(out[:start], token{kind: word, gap: gap, text: "list_contains", value: "list_contains"}, token{kind: mark, text: "("})
			out = append(append(out, inner...), token{kind: mark, text: ","})
			out = append(append(out, operand...), token{kind: mark, text: ")"})
			i = end
			continue
		}
		out = append(out, t)
	}
	return out
}

// castAs writes a cast.
func castAs(operand []token, to string) []token {
	out := []token{{kind: word, gap: " ", text: "cast", value: "cast"}, {kind: mark, text: "("}}
	out = append(out, operand...)
	return append(out, token{kind: word, gap: " ", text: "as " + to, value: "as " + to}, token{kind: mark, text: ")"})
}

// calls gives functions in FROM the meaning that they have in PostgreSQL: with a mere alias, the alias is the column, and a function
// that makes no rows makes one.
func calls(all []token) []token {
	var out []token
	for i := 0; i < len(all); i++ {
		out = append(out, all[i])
		if !all[i].marks(")") {
			continue
		}
		open := opening(out, len(out)-1)
		if open < 1 || out[open-1].kind != word && out[open-1].kind != quoted || !inFrom(out[:open-1]) {
			continue
		}
		next := i + 1
		if peek(all, next).is("as") {
			next++
		}
		alias := peek(all, next)
		if alias.kind != word && alias.kind != quoted || alias.kind == word && followsFrom(alias.value) || peek(all, next+1).marks("(") {
			continue
		}
		if !slices.Contains(harmless, out[open-1].value) {
			function := slices.Clone(out[open-1:])
			gap := function[0].gap
			function[0].gap = " "
			out = append(out[:open-1], token{kind: mark, gap: gap, text: "("}, token{kind: word, text: "select", value: "select"})
			out = append(append(out, function...), token{kind: mark, text: ")"})
		}
		out = append(out, token{kind: word, gap: " ", text: "as", value: "as"}, token{kind: alias.kind, gap: " ", text: alias.text, value: alias.value})
		column := alias
		column.gap = ""
		out = append(out, token{kind: mark, text: "("}, column, token{kind: mark, text: ")"})
		i = next
	}
	return out
}

// inFrom tells whether what follows is an item of FROM.
func inFrom(before []token) bool {
	last := peek(before, len(before)-1)
	if last.is("from") || last.is("join") || last.is("lateral") {
		return true
	}
	if !last.marks(",") {
		return false
	}
	depth := 0
	for i := len(before) - 1; i >= 0; i-- {
		switch t := before[i]; {
		case t.marks(")") || t.marks("]"):
			depth++
		case t.marks("(") || t.marks("["):
			if depth--; depth < 0 {
				return false
			}
		case depth == 0 && t.kind == word && clauses[t.value]:
			return t.value == "from"
		}
	}
	return false
}

// followsFrom tells whether a word goes on with a query, so that it is no alias.
func followsFrom(value string) bool {
	return clauses[value] || slices.Contains([]string{"on", "join", "left", "right", "full", "inner", "cross", "natural", "using", "with", "tablesample", "asof", "positional", "lateral", "returning"}, value)
}

// names says who the client is where PostgreSQL has a word for it.
func (d *dialect) names(all []token) []token {
	out := slices.Clone(all)
	for i, t := range all {
		if t.kind != word || peek(all, i-1).marks(".") || peek(all, i+1).marks(".") || peek(all, i-1).is("as") {
			continue
		}
		switch t.value {
		case "current_user", "session_user", "current_role":
			me := plain(d.role)
			me.gap = t.gap
			out[i] = me
		}
	}
	return out
}

// typeNames are PostgreSQL's types under the engine's names.
func typeName(name string) string {
	switch name {
	case "name", "char", "cstring", "bpchar", "pg_node_tree", "aclitem", "inet", "jsonb", "character_data", "sql_identifier", "yes_or_no":
		return "varchar"
	case "xid", "cid", "cardinal_number":
		return "bigint"
	default:
		return ""
	}
}

// types puts casts in the engine's words. A cast to regclass and its like is a call: of a text it looks up the number, of a number
// the name.
func types(all []token) []token {
	var out []token
	for i := 0; i < len(all); i++ {
		t := all[i]
		cast := peek(out, len(out)-1).marks("::")
		as := peek(out, len(out)-1).is("as") && castStart(out) >= 0
		if !cast && !as || t.kind != word && t.kind != quoted {
			out = append(out, t)
			continue
		}
		if to := typeName(t.value); to != "" {
			t.text = to
		}
		if !isReg(t.value) {
			out = append(out, t)
			continue
		}
		start := operandStart(out, len(out)-1)
		if as {
			start = castStart(out)
		}
		if start < 0 {
			out = append(out, t)
			continue
		}
		operand := slices.Clone(out[start : len(out)-1])
		if as { // cast ( operand as type ): the closing bracket follows
			operand = operand[2:]
			i++
		}
		out = append(out[:start], call(t.value, operand)...)
	}
	return out
}

func isReg(name string) bool {
	return slices.Contains([]string{"regclass", "regtype", "regproc", "regprocedure", "regnamespace", "regrole"}, name)
}

// call writes the look-up of a name or a number.
func call(reg string, operand []token) []token {
	function := reg + "_name"
	if first := operand[0]; len(operand) == 1 && (first.kind == literal || first.kind == parameter) {
		function = reg + "_oid"
	}
	gap := operand[0].gap
	operand[0].gap = ""
	out := []token{{kind: word, gap: gap, text: "pg_" + function, value: "pg_" + function}, {kind: mark, text: "("}}
	return append(append(out, operand...), token{kind: mark, text: ")"})
}

// operandStart finds where the operand begins that ends in front of a sign: a literal, a name with its qualifiers, or brackets
// with the name of the function in front of them.
func operandStart(all []token, end int) int {
	i := end - 1
	if peek(all, i).marks(")") || peek(all, i).marks("]") {
		i = opening(all, i)
		if i > 0 && (all[i-1].kind == word || all[i-1].kind == quoted) && all[i].gap == "" {
			i--
		}
	}
	for i > 1 && all[i-1].marks(".") {
		i -= 2
	}
	return i
}

// opening finds the bracket that one closes; -1 if there is none.
func opening(all []token, i int) int {
	for depth := 0; i >= 0; i-- {
		switch {
		case all[i].marks(")") || all[i].marks("]"):
			depth++
		case all[i].marks("(") || all[i].marks("["):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// closing finds the bracket that closes one; -1 if there is none.
func closing(all []token, i int) int {
	for depth := 0; i < len(all); i++ {
		switch {
		case all[i].marks("(") || all[i].marks("["):
			depth++
		case all[i].marks(")") || all[i].marks("]"):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// castStart finds the beginning of a cast whose AS is the last token.
func castStart(all []token) int {
	depth := 0
	for i := len(all) - 1; i > 0; i-- {
		switch {
		case all[i].marks(")"):
			depth++
		case all[i].marks("(") && depth > 0:
			depth--
		case all[i].marks("("):
			if all[i-1].is("cast") && i+2 < len(all) {
				return i - 1
			}
			return -1
		}
	}
	return -1
}
