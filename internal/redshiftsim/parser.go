package redshiftsim

import (
	"errors"
	"fmt"
	"strings"
)

// statement is one that was understood.
type statement struct {
	verb string
	// sql is the statement in PostgreSQL's words; it is empty where the front itself does what there is to do.
	sql string
	// tag is what the front answers where it does it itself.
	tag string
	// before and after are sent around it.
	before, after []string
	// sets is a setting that the front keeps by itself, and shows one that it tells.
	sets  *setting
	shows string
	copy  *copyCommand
}

// isLocal tells whether the front answers by itself.
func (s statement) isLocal() bool { return s.sql == "" }

type setting struct{ name, value string }

// parser reads statements by recursive descent and writes them in PostgreSQL's words as it goes: each of its methods gives the
// PostgreSQL text of what it read. Whatever it has no method for is refused. A refusal is thrown, and caught by parse.
type parser struct {
	all []token
	at  int
	// lastCopy is what pg_last_copy_count() and pg_last_copy_id() give.
	lastCopy copied

	ctes  []string // names of the WITH clauses around
	depth int      // of nested expressions and queries
	use   use
	sorts map[string]bool // orders of the sorting aggregates of the query that is read
	outer bool            // an outer join was read
	block *block
	// recursed is a WITH clause's name where its own query read from it.
	recursed string
}

// use is what a statement touches, for the rules on what only the leader node can do.
type use struct {
	user, system bool
	bare         bool   // a table of a user's without its schema
	leader       string // a function or table that only the leader node has
	catalogue    bool
}

// copied is what is known of a session's last COPY.
type copied struct{ count, id int64 }

// maxDepth bounds nesting: a statement of a thousand parentheses must not exhaust the stack.
const maxDepth = 200

// Check tells how many statements a text has, and an error if one of them is not accepted: with no server, and without looking whether
// what they name exists.
func Check(sql string) (statements int, err error) {
	all, err := parse(sql, copied{})
	if err == nil {
		return len(all), nil
	}
	r := refusalOf(err)
	if r.position > 0 {
		return 0, fmt.Errorf("line %d: %w", 1+strings.Count(sql[:min(r.position-1, len(sql))], "\n"), r)
	}
	return 0, r
}

// parse reads all statements of a text. One that is not understood refuses them all, as a syntax error does.
func parse(sql string, last copied) (all []statement, err error) {
	if len(sql) > 16<<20 {
		return nil, refuse("54000", "Statement is too large. Statement Size: %d bytes. Maximum Allowed: %d bytes", len(sql), 16<<20)
	}
	toks, err := tokens(sql)
	if err != nil {
		return nil, err
	}
	p := &parser{all: toks, lastCopy: last}
	defer func() {
		if thrown := recover(); thrown != nil {
			r, ours := thrown.(*refusal)
			if !ours {
				panic(thrown)
			}
			all, err = nil, r
		}
	}()
	for {
		for p.take(";") {
			continue
		}
		if p.peek().kind == end {
			return all, nil
		}
		p.ctes, p.use, p.sorts, p.block = nil, use{}, nil, nil
		s := p.statement()
		if p.peek().kind != end && !p.is(";") {
			p.unexpected()
		}
		p.nodes()
		all = append(all, s)
	}
}

// statement reads one by its first word.
func (p *parser) statement() statement {
	verbs := map[string]func() statement{
		"select": p.queryStatement, "with": p.queryStatement, "insert": p.insert, "update": p.update, "delete": p.delete,
		"merge": p.merge, "truncate": p.truncate, "copy": p.copy, "create": p.create, "alter": p.alter, "drop": p.drop,
		"comment": p.comment, "grant": p.grant, "revoke": p.revoke, "analyze": p.analyze, "lock": p.lock, "set": p.set,
		"show": p.show, "reset": p.reset, "begin": p.begin, "start": p.begin, "commit": p.commit, "end": p.commit,
		"rollback": p.rollback, "abort": p.rollback,
	}
	t := p.peek()
	read := verbs[t.val]
	if t.kind != word && !p.is("(") || read == nil && !p.is("(") {
		p.unexpected()
	}
	if p.is("(") {
		return p.queryStatement()
	}
	s := read()
	if s.verb == "" {
		s.verb = t.val
	}
	return s
}

// queryStatement reads a SELECT, or a WITH clause with what it belongs to.
func (p *parser) queryStatement() statement {
	if p.is("with") {
		from := p.at
		with := p.with(true)
		if p.is("update") || p.is("delete") {
			return p.writeWith(with)
		}
		p.at, p.ctes, p.use = from, nil, use{}
	}
	return statement{verb: "select", sql: p.query(true)}
}

// nodes holds to what runs on the leader node only (c_SQL_functions_leader_node_only): its functions meet no tables but PG_*, and
// the catalogue meets no tables of users.
func (p *parser) nodes() {
	if p.use.leader != "" && (p.use.user || p.use.system) || p.use.catalogue && (p.use.user || p.use.system) {
		r := refuse("0A000", "Specified types or functions (one per INFO message) not supported on Redshift tables.")
		if p.use.leader != "" {
			r.detail = fmt.Sprintf("Function %q not supported.", p.use.leader)
		}
		panic(r)
	}
}

func (p *parser) peek() token { return p.all[p.at] }

func (p *parser) peekAt(n int) token { return p.all[min(p.at+n, len(p.all)-1)] }

func (p *parser) next() token {
	t := p.all[p.at]
	if t.kind != end {
		p.at++
	}
	return t
}

// is tells whether the next token is a word (not in quotes) or a symbol.
func (p *parser) is(what string) bool {
	t := p.peek()
	return (t.kind == word || t.kind == symbol) && t.val == what
}

// words tells whether the next tokens are these words or symbols, in this order.
func (p *parser) words(all ...string) bool {
	for i, w := range all {
		if t := p.peekAt(i); t.kind != word && t.kind != symbol || t.val != w {
			return false
		}
	}
	return true
}

// take goes over words or symbols, if the next ones are these.
func (p *parser) take(all ...string) bool {
	if !p.words(all...) {
		return false
	}
	p.at += len(all)
	return true
}

// takeOne goes over one of several words, and gives it.
func (p *parser) takeOne(any ...string) string {
	for _, w := range any {
		if p.take(w) {
			return w
		}
	}
	return ""
}

// need goes over words or symbols that have to come.
func (p *parser) need(all ...string) {
	for _, w := range all {
		if !p.take(w) {
			p.unexpected()
		}
	}
}

// unexpected refuses the next token.
func (p *parser) unexpected() {
	t := p.peek()
	if t.kind == end {
		panic(refuseAt("42601", "syntax error at end of input", t.pos))
	}
	panic(refuseAt("42601", `syntax error at or near "`+t.raw+`"`, t.pos))
}

// identifier reads a name: in double quotes anything, else no reserved word. It has 127 bytes at most (r_names), and here no more
// than PostgreSQL can keep.
func (p *parser) identifier() string {
	t := p.peek()
	if t.kind != quoted && (t.kind != word || reserved[t.val]) {
		p.unexpected()
	}
	p.next()
	if len(t.val) > 63 {
		panic(refuseAt("42622", fmt.Sprintf("identifier %q is longer than this simulator keeps (63 bytes)", t.val), t.pos))
	}
	return t.val
}

// identifiers reads names in parentheses.
func (p *parser) identifiers() []string {
	p.need("(")
	all := []string{p.identifier()}
	for p.take(",") {
		all = append(all, p.identifier())
	}
	p.need(")")
	return all
}

// text reads a string.
func (p *parser) text() string {
	if p.peek().kind != text {
		p.unexpected()
	}
	return p.next().val
}

// integer reads a whole number.
func (p *parser) integer() string {
	if t := p.peek(); t.kind != number || strings.ContainsAny(t.val, ".eE") {
		p.unexpected()
	}
	return p.next().val
}

// list reads what read reads, once or more, with commas between.
func (p *parser) list(read func() string) string {
	var all strings.Builder
	all.WriteString(read())
	for p.take(",") {
		all.WriteString(", " + read())
	}
	return all.String()
}

// deeper runs read one level deeper.
func (p *parser) deeper(read func() string) string {
	if p.depth++; p.depth > maxDepth {
		panic(refuseAt("54001", "stack depth limit exceeded", p.peek().pos))
	}
	defer func() { p.depth-- }()
	return read()
}

// quotedNames writes identifiers for PostgreSQL.
func quotedNames(all []string) string {
	out := make([]string, len(all))
	for i, n := range all {
		out[i] = name(n)
	}
	return strings.Join(out, ", ")
}

// refusalOf gives the refusal that an error is.
func refusalOf(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	return refuse("XX000", "%s", err.Error())
}
