package salesforceapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// queryError is a query that the service refuses.
type queryError struct {
	code    string
	at      int // where in the query; negative if nowhere in particular
	message string
}

func (e *queryError) Error() string { return e.code + ": " + e.message }

// text gives the message as the service words it: the line, a caret under the place, and the reason.
func (e *queryError) text(soql string) string {
	if e.at < 0 {
		return e.message
	}
	at := min(e.at, len(soql))
	from := max(0, at-30)
	return fmt.Sprintf("\n%s\n%s^\nERROR at Row:1:Column:%d\n%s",
		soql[from:min(len(soql), at+20)], strings.Repeat(" ", at-from), at+1, e.message)
}

func malformed(at int, format string, args ...any) error {
	return &queryError{"MALFORMED_QUERY", at, fmt.Sprintf(format, args...)}
}

// statement is a parsed query. Nothing in it is known to exist yet.
type statement struct {
	items    []item
	countAll bool // SELECT COUNT()
	object   name
	where    *condition
	groupBy  []name
	orderBy  []order
	limit    int // negative: none
}

type name struct {
	text string
	at   int
}

// item is a field of the SELECT list, or an aggregate of one.
type item struct {
	function string // COUNT, SUM or nothing
	field    name
	alias    string
}

type order struct {
	field      name
	descending bool
}

// condition is a comparison, or several conditions of which all or any must hold.
type condition struct {
	all, any []*condition
	field    name
	operator string // = != < > <= >= IN
	literals []literal
}

type literal struct {
	kind string // string, number, boolean, null, date or datetime
	at   int

	text   string
	number float64
	time   time.Time
	truth  bool
}

func (s *statement) aggregates() bool {
	return s.countAll || len(s.groupBy) > 0 || slices.ContainsFunc(s.items, func(i item) bool { return i.function != "" })
}

// parse reads the part of SOQL that is served.
func parse(soql string) (*statement, error) {
	tokens, err := scan(soql)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	s := &statement{limit: -1}
	for _, clause := range []func(*statement) error{p.selectList, p.from, p.where, p.groupBy, p.orderBy, p.limit} {
		if err := clause(s); err != nil {
			return nil, err
		}
	}
	if t := p.peek(); t.kind != end {
		return nil, unexpected(t)
	}
	return s, nil
}

type parser struct {
	tokens []token
	pos    int
	open   int // parentheses around the condition that is being read
}

func (p *parser) peek() token { return p.tokens[p.pos] }

func (p *parser) next() token {
	t := p.tokens[p.pos]
	if t.kind != end {
		p.pos++
	}
	return t
}

// accept takes a keyword or symbol if it is next.
func (p *parser) accept(text string) bool {
	if t := p.peek(); (t.kind == word || t.kind == symbol) && strings.EqualFold(t.text, text) {
		p.pos++
		return true
	}
	return false
}

func (p *parser) expect(text string) error {
	if p.accept(text) {
		return nil
	}
	return unexpected(p.peek())
}

func unexpected(t token) error {
	if t.kind == end {
		return malformed(t.at, "unexpected token: '<EOF>'")
	}
	return malformed(t.at, "unexpected token: '%s'", t.text)
}

// reserved words cannot be fields or aliases.
var reserved = []string{"SELECT", "FROM", "WHERE", "GROUP", "ORDER", "BY", "LIMIT", "AND", "OR", "IN", "NOT", "ASC", "DESC", "NULLS", "OFFSET"}

func isReserved(text string) bool { return slices.Contains(reserved, strings.ToUpper(text)) }

func (p *parser) name() (name, error) {
	t := p.next()
	if t.kind != word || isReserved(t.text) {
		return name{}, unexpected(t)
	}
	return name{t.text, t.at}, nil
}

func (p *parser) selectList(s *statement) error {
	if err := p.expect("SELECT"); err != nil {
		return err
	}
	for {
		if t := p.peek(); t.kind == symbol && t.text == "(" {
			return p.childQuery()
		}
		if err := p.item(s); err != nil {
			return err
		}
		if !p.accept(",") {
			return nil
		}
	}
}

// childQuery refuses a query in a SELECT list: one with an aggregate as the service does, any other because it is not simulated.
func (p *parser) childQuery() error {
	at := p.next().at
	if err := p.expect("SELECT"); err != nil {
		return err
	}
	if t := p.next(); t.kind == word && p.peek().text == "(" {
		return malformed(t.at, "only root queries support aggregate expressions")
	}
	return malformed(at, "child queries are not simulated")
}

func (p *parser) item(s *statement) error {
	field, err := p.name()
	if err != nil {
		return err
	}
	it := item{field: field}
	if p.accept("(") {
		it.function = strings.ToUpper(field.text)
		if it.function != "COUNT" && it.function != "SUM" {
			return malformed(field.at, "unexpected token: '('")
		}
		if it.function == "COUNT" && p.accept(")") {
			if s.countAll = len(s.items) == 0 && strings.EqualFold(p.peek().text, "FROM"); !s.countAll {
				return malformed(field.at, "COUNT() must be the only element in the SELECT list")
			}
			return nil
		}
		if it.field, err = p.name(); err != nil {
			return err
		}
		if err := p.expect(")"); err != nil {
			return err
		}
	}
	if t := p.peek(); t.kind == word && !isReserved(t.text) {
		it.alias = p.next().text
	}
	s.items = append(s.items, it)
	return nil
}

func (p *parser) from(s *statement) (err error) {
	if err := p.expect("FROM"); err != nil {
		return err
	}
	s.object, err = p.name()
	return err
}

func (p *parser) where(s *statement) (err error) {
	if p.accept("WHERE") {
		s.where, err = p.condition()
	}
	return err
}

// condition reads terms that are joined by AND alone or by OR alone: SOQL wants parentheses around a mixture.
func (p *parser) condition() (*condition, error) {
	first, err := p.term()
	if err != nil {
		return nil, err
	}
	terms := []*condition{first}
	joint := ""
	for {
		t := p.peek()
		is := strings.ToUpper(t.text)
		if t.kind != word || (is != "AND" && is != "OR") {
			break
		}
		if joint != "" && joint != is {
			return nil, unexpected(t)
		}
		joint = is
		p.next()
		term, err := p.term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
	}
	switch joint {
	case "AND":
		return &condition{all: terms}, nil
	case "OR":
		return &condition{any: terms}, nil
	default:
		return first, nil
	}
}

// deepest is how far conditions may be nested.
const deepest = 20

func (p *parser) term() (*condition, error) {
	if p.accept("(") {
		if p.open++; p.open > deepest {
			return nil, malformed(p.peek().at, "conditions are nested too deeply")
		}
		c, err := p.condition()
		if err != nil {
			return nil, err
		}
		p.open--
		return c, p.expect(")")
	}
	field, err := p.name()
	if err != nil {
		return nil, err
	}
	c := &condition{field: field, operator: strings.ToUpper(p.peek().text)}
	switch c.operator {
	case "=", "!=", "<", ">", "<=", ">=":
		p.next()
		l, err := p.literal()
		c.literals = []literal{l}
		return c, err
	case "IN":
		p.next()
		c.literals, err = p.list()
		return c, err
	default:
		return nil, unexpected(p.peek())
	}
}

func (p *parser) list() (list []literal, err error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	for {
		l, err := p.literal()
		if err != nil {
			return nil, err
		}
		list = append(list, l)
		if !p.accept(",") {
			return list, p.expect(")")
		}
	}
}

func (p *parser) literal() (literal, error) {
	t := p.next()
	l := literal{at: t.at, text: t.text}
	switch t.kind {
	case text:
		l.kind = "string"
		return l, nil
	case word:
		if l.kind = map[string]string{"TRUE": "boolean", "FALSE": "boolean", "NULL": "null"}[strings.ToUpper(t.text)]; l.kind != "" {
			l.truth = strings.EqualFold(t.text, "true")
			return l, nil
		}
	case number:
		var err error
		if l.number, err = strconv.ParseFloat(t.text, 64); err == nil {
			l.kind = "number"
			return l, nil
		}
		for layout, kind := range map[string]string{time.RFC3339: "datetime", "2006-01-02T15:04:05.000Z0700": "datetime", time.DateOnly: "date"} {
			if at, err := time.Parse(layout, t.text); err == nil {
				l.kind, l.time = kind, at
				return l, nil
			}
		}
	}
	return l, unexpected(t)
}

func (p *parser) groupBy(s *statement) error {
	if !p.accept("GROUP") {
		return nil
	}
	if err := p.expect("BY"); err != nil {
		return err
	}
	for {
		field, err := p.name()
		if err != nil {
			return err
		}
		s.groupBy = append(s.groupBy, field)
		if !p.accept(",") {
			return nil
		}
	}
}

func (p *parser) orderBy(s *statement) error {
	if !p.accept("ORDER") {
		return nil
	}
	if err := p.expect("BY"); err != nil {
		return err
	}
	for {
		field, err := p.name()
		if err != nil {
			return err
		}
		descending := p.accept("DESC")
		if !descending {
			p.accept("ASC")
		}
		s.orderBy = append(s.orderBy, order{field, descending})
		if !p.accept(",") {
			return nil
		}
	}
}

func (p *parser) limit(s *statement) (err error) {
	if !p.accept("LIMIT") {
		return nil
	}
	t := p.next()
	if s.limit, err = strconv.Atoi(t.text); err != nil || s.limit < 0 {
		return unexpected(t)
	}
	return nil
}
