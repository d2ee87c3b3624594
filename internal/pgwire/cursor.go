package pgwire

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A cursor is a portal that DECLARE opens and FETCH reads. It goes forward only. The engine makes its rows while they are read.

// declaration is what DECLARE says beside the query.
type declaration struct {
	name string
	hold bool // it outlives its transaction
}

// declares reads DECLARE name … CURSOR … FOR, and gives what follows: the query.
func declares(all []token) (*declaration, []token, error) {
	begin := slices.IndexFunc(all, func(t token) bool { return t.kind == word && t.value == "for" })
	if begin < 3 || begin+1 == len(all) || identifier(all[1]) == "" {
		return nil, nil, syntaxError("DECLARE is followed by a name, CURSOR FOR and a query")
	}
	d := &declaration{name: identifier(all[1])}
	is := false
	for i, t := range all[2:begin] {
		before := all[2+i-1]
		switch {
		case t.is("cursor"):
			is = true
		case t.is("hold"):
			d.hold = before.is("with")
		case t.is("scroll") && !before.is("no"):
			return nil, nil, onlyForward("0A000")
		case t.is("binary"):
			return nil, nil, &Error{Code: "0A000", Message: "binary cursors are not understood", Hint: "Ask for binary values by the protocol."}
		case !slices.Contains([]string{"scroll", "no", "with", "without", "insensitive", "asensitive"}, t.value):
			return nil, nil, syntaxError("DECLARE: at or near " + t.text)
		}
	}
	if !is {
		return nil, nil, syntaxError("DECLARE is followed by a name, CURSOR FOR and a query")
	}
	return d, all[begin+1:], nil
}

// identifier gives a name as it is meant: in double quotes as it is spelled, else in lower case. What is no name gives none.
func identifier(t token) string {
	switch t.kind {
	case quoted:
		return strings.ReplaceAll(t.text[1:len(t.text)-1], `""`, `"`)
	case word:
		return t.value
	default:
		return ""
	}
}

// onlyForward says what a cursor cannot do.
func onlyForward(code string) *Error {
	return &Error{Code: code, Message: "cursor can only scan forward", Hint: "Declare another to begin again."}
}

func noCursor(name string) *Error {
	return &Error{Code: "34000", Message: fmt.Sprintf("cursor %q does not exist", name)}
}

// declare opens a cursor on the portal's query, which begins.
func (p *portal) declare(ctx context.Context) error {
	s, d := p.session, p.statement.cursor
	switch {
	case s.status == idle && !d.hold:
		return &Error{Code: "25P01", Message: "DECLARE CURSOR can only be used in transaction blocks", Hint: "Begin one, or declare it WITH HOLD."}
	case s.portals[d.name] != nil:
		return &Error{Code: "42P03", Message: fmt.Sprintf("cursor %q already exists", d.name)}
	case len(s.portals) >= mostPortals:
		return tooManyPortals()
	}
	query := *p.statement
	query.cursor, p.statement.ready = nil, nil // what is prepared goes with the cursor
	cursor := &portal{session: s, statement: &query, texts: p.texts, hold: d.hold}
	if err := cursor.start(ctx); err != nil {
		cursor.close()
		query.forget()
		return s.judge(why(ctx, err))
	}
	cursor.keep()
	s.portals[d.name] = cursor
	s.complete("DECLARE CURSOR")
	return nil
}

// fetchCommand reads from a cursor, or passes over rows of it.
type fetchCommand struct {
	name  string
	most  int // 0: all that are left
	moves bool
	found []column // those of the cursor, when the statement was understood
}

// fetch understands FETCH and MOVE.
func (s *session) fetch(all []token) (command, error) {
	f := fetchCommand{most: 1, moves: all[0].is("move")}
	rest := all[1:]
	if f.name = identifier(peek(rest, len(rest)-1)); f.name == "" {
		return nil, syntaxError(strings.ToUpper(all[0].value) + " is followed by a number of rows, FROM and a cursor")
	}
	if rest = rest[:len(rest)-1]; len(rest) > 0 && (rest[len(rest)-1].is("from") || rest[len(rest)-1].is("in")) {
		rest = rest[:len(rest)-1]
	}
	isNext := peek(rest, 0).is("next")
	if isNext || peek(rest, 0).is("forward") {
		rest = rest[1:]
	}
	switch how := peek(rest, 0); {
	case len(rest) == 0:
	case len(rest) == 1 && !isNext && how.is("all"):
		f.most = 0
	case len(rest) == 1 && !isNext && how.kind == number:
		n, err := strconv.ParseInt(how.text, 10, 32)
		if err != nil {
			return nil, syntaxError("at or near " + how.text)
		}
		if f.most = int(n); n == 0 { // the row where it is: there is no way back to it
			return nil, onlyForward("55000")
		}
	case slices.Contains([]string{"prior", "first", "last", "absolute", "relative", "backward", "-"}, how.value):
		return nil, onlyForward("55000")
	default:
		return nil, syntaxError("at or near " + how.text)
	}
	if p := s.portals[f.name]; p != nil && !f.moves {
		f.found = p.statement.shown()
	}
	return f, nil
}

func (c fetchCommand) columns() []column { return c.found }
func (c fetchCommand) ends() bool        { return false }

func (c fetchCommand) do(ctx context.Context, p *portal) error {
	s := p.session
	cursor := s.portals[c.name]
	if cursor == nil || !cursor.isQuery() {
		return noCursor(c.name)
	}
	if !c.moves && !slices.EqualFunc(cursor.statement.shown(), c.found, alike) {
		return &Error{Code: "0A000", Message: "cached plan must not change result type", Hint: "The cursor is another: prepare the statement again."}
	}
	before := cursor.sent
	if err := cursor.read(ctx, c, p.formats); err != nil {
		cursor.finish()
		return s.judge(why(ctx, err))
	}
	tag := "FETCH"
	if c.moves {
		tag = "MOVE"
	}
	s.complete(tag + " " + strconv.Itoa(cursor.sent-before))
	return nil
}

// read sends the next rows of a cursor in these formats, or passes over them.
func (p *portal) read(ctx context.Context, c fetchCommand, formats []int16) error {
	own := p.formats
	p.formats, p.silent = formats, c.moves
	defer func() { p.formats, p.silent = own, false }()
	if err := p.send(ctx, c.most); err != nil {
		return err
	}
	if !p.finished {
		p.keep()
	}
	return nil
}

// closeCursor understands CLOSE.
func closeCursor(all []token) (command, error) {
	name := identifier(peek(all, 1))
	switch {
	case len(all) != 2 || name == "":
		return nil, syntaxError("CLOSE is followed by a cursor, or ALL")
	case all[1].kind == word && name == "all":
		return plainCommand{tag: "CLOSE CURSOR ALL", work: func(s *session) error {
			s.closePortals(true)
			return nil
		}}, nil
	}
	return plainCommand{tag: "CLOSE CURSOR", work: func(s *session) error {
		p := s.portals[name]
		if p == nil {
			return noCursor(name)
		}
		p.close()
		delete(s.portals, name)
		return nil
	}}, nil
}

// settle keeps the cursors that outlive the transaction that ends well, with the file that they read.
func (s *session) settle() {
	for _, p := range s.portals {
		if !p.hold || p.kept {
			continue
		}
		if p.kept = true; !p.finished {
			s.source.share(s.shared)
			p.shared = s.shared
		}
	}
}
