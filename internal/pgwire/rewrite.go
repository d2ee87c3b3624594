package pgwire

import (
	"fmt"
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
	if err := checkDepth(all); err != nil {
		return nil, err
	}
	all = d.qualifiers(all)
	all = operators(all)
	all = collations(all)
	all = matches(all)
	all = arrays(all)
	all, err := bound(all)
	if err != nil {
		return nil, err
	}
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

// What no query of a person or a tool comes near: beyond it, taking a query apart would take more time than it is worth.
const (
	deepest   = 200 // brackets in brackets
	mostCasts = 500 // casts to regclass and its like, and comparisons with any of a list
)

// checkDepth finds queries that are too deep.
func checkDepth(all []token) error {
	depth, casts := 0, 0
	for _, t := range all {
		switch {
		case t.marks("(") || t.marks("["):
			depth++
		case t.marks(")") || t.marks("]"):
			depth--
		case isHeavy(t):
			casts++
		}
		if depth > deepest || casts > mostCasts {
			return &Error{
				Code: "54001", Message: fmt.Sprintf("the query is too complex: at most %d brackets in brackets, and %d casts to regclass or comparisons with ANY", deepest, mostCasts),
				Hint: "Put the parts into a WITH.",
			}
		}
	}
	return nil
}

// isHeavy tells whether a token makes rewriting look back through the query.
func isHeavy(t token) bool { return isReg(t.value) || t.is("any") || t.is("some") }

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
	var n nesting
	for i := 0; i < len(all); i++ {
		out = append(out, all[i])
		open, isFrom := n.follow(out)
		if open < 1 || !isFrom || out[open-1].kind != word && out[open-1].kind != quoted || !startsItem(out[:open-1]) {
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

// nesting follows tokens through brackets and clauses, each in a moment: a query may be long.
type nesting struct {
	open    []int    // where the brackets are that are not yet closed
	clauses []string // the clause that began last inside each, and outside of all
}

// follow takes the last token. Of a closing bracket it gives where the opening one is, else -1, and whether both stand in FROM.
func (n *nesting) follow(out []token) (open int, isFrom bool) {
	if n.clauses == nil {
		n.clauses = []string{""}
	}
	last := len(n.clauses) - 1
	switch t := out[len(out)-1]; {
	case t.marks("(") || t.marks("["):
		n.open, n.clauses = append(n.open, len(out)-1), append(n.clauses, "")
	case (t.marks(")") || t.marks("]")) && last > 0:
		open = n.open[last-1]
		n.open, n.clauses = n.open[:last-1], n.clauses[:last]
		return open, n.clauses[last-1] == "from"
	case t.kind == word && clauses[t.value]:
		n.clauses[last] = t.value
	}
	return -1, false
}

// inside gives where the innermost open bracket is, -1 if there is none.
func (n *nesting) inside() int {
	if len(n.open) == 0 {
		return -1
	}
	return n.open[len(n.open)-1]
}

// startsItem tells whether what follows may begin an item of FROM.
func startsItem(before []token) bool {
	last := peek(before, len(before)-1)
	return last.is("from") || last.is("join") || last.is("lateral") || last.marks(",")
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
	var n nesting
	for _, t := range all {
		start := -1 // of the operand of a cast to t
		switch last := peek(out, len(out)-1); {
		case t.kind != word && t.kind != quoted:
		case last.marks("::"):
			start = operandStart(out, len(out)-1)
		case last.is("as") && n.inside() > 0 && out[n.inside()-1].is("cast"):
			start = n.inside() + 1
		}
		if to := typeName(t.value); start >= 0 && to != "" {
			t.text = to
		}
		if start < 0 || start >= len(out)-1 || !isReg(t.value) {
			out = append(out, t)
			n.follow(out)
			continue
		}
		operand := slices.Clone(out[start : len(out)-1])
		if peek(out, len(out)-1).is("as") { // cast ( operand as type ): the function takes the place of cast, and its brackets stay
			out[start-2] = look(t.value, operand, out[start-2].gap)
			out = out[:len(out)-1]
			continue
		}
		gap := operand[0].gap
		operand[0].gap = ""
		out = append(out[:start], look(t.value, operand, gap), token{kind: mark, text: "("})
		out = append(append(out, operand...), token{kind: mark, text: ")"})
	}
	return out
}

func isReg(name string) bool {
	return slices.Contains([]string{"regclass", "regtype", "regproc", "regprocedure", "regnamespace", "regrole"}, name)
}

// look names the function that looks up a name or a number.
func look(reg string, operand []token, gap string) token {
	function := "pg_" + reg + "_name"
	if len(operand) == 1 && (operand[0].kind == literal || operand[0].kind == parameter) {
		function = "pg_" + reg + "_oid"
	}
	return token{kind: word, gap: gap, text: function, value: function}
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
