package pgwire

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	bindings "github.com/duckdb/duckdb-go-bindings"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"
)

// statement is what a client prepared: a query for the engine, or something that the server answers itself.
type statement struct {
	empty      bool
	command    command
	cursor     *declaration // the query is that of a cursor
	tokens     []token      // of a query
	declared   []uint32     // types that the client says its parameters have; 0 leaves it to the engine
	parameters []uint32     // types that it is told
	columns    []column
	text       string    // what the engine is given; "" before it was ever prepared
	ready      *prepared // on some connection; nil if it is on none
}

// shown gives the columns that executing it has.
func (st *statement) shown() []column {
	if st.cursor != nil {
		return nil
	}
	return st.columns
}

// forget gives back what the engine keeps of the statement.
func (st *statement) forget() {
	if st.ready != nil {
		st.ready.close()
		st.ready = nil
	}
}

// simple answers a query without parameters: the results of all its statements, up to the first error.
func (s *session) simple(ctx context.Context, query string) error {
	split, err := s.split(query)
	if err != nil {
		return err
	}
	if len(split) == 0 {
		s.out.add(&pgproto3.EmptyQueryResponse{})
		return nil
	}
	for _, one := range split {
		if err := s.one(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// one answers one statement of a query without parameters.
func (s *session) one(ctx context.Context, all []token) error {
	if err := s.begin(); err != nil {
		return err
	}
	ctx, over := s.running(ctx)
	defer over()
	st, err := s.understand(ctx, all, nil)
	if err != nil {
		return err
	}
	defer st.forget()
	if len(st.parameters) > 0 {
		return &Error{Code: "42P02", Message: "there is no parameter $1", Hint: "Parameters belong to prepared statements."}
	}
	p := &portal{session: s, statement: st}
	defer p.close()
	if columns := st.shown(); len(columns) > 0 {
		s.out.add(description(columns, nil))
	}
	return p.run(ctx, 0)
}

// split takes a query apart into its statements.
func (s *session) split(query string) ([][]token, error) {
	all, err := tokens(query)
	if err != nil {
		return nil, err
	}
	split := statements(all)
	for _, one := range split {
		if len(one) > mostTokens {
			return nil, &Error{
				Code: "54001", Message: fmt.Sprintf("the query is too complex: a statement has at most %d words, numbers, texts and signs, here are %d", mostTokens, len(one)),
				Hint: "A list of values is often better a range, or a join.",
			}
		}
	}
	return split, nil
}

// mostTokens is how long a statement may be: what the engine makes of each token takes a kilobyte and more.
const mostTokens = 50_000

// understand finds out what a statement is, and has the engine check it.
func (s *session) understand(ctx context.Context, all []token, declared []uint32) (*statement, error) {
	c, err := s.command(all)
	if err != nil {
		return nil, err
	}
	if s.status == failed && (c == nil || !c.ends()) {
		return nil, &Error{Code: "25P02", Message: "current transaction is aborted, commands ignored until end of transaction block"}
	}
	if c != nil {
		return &statement{command: c, columns: c.columns()}, nil
	}
	st := &statement{declared: declared}
	if all[0].kind == word && all[0].value == "declare" {
		if st.cursor, all, err = declares(all); err != nil {
			return nil, err
		}
	}
	if !mayRun(all) {
		return nil, notRun(all)
	}
	if len(all) == 2 && all[0].is("show") && all[1].is("tables") {
		if all, err = tokens(showTables); err != nil {
			return nil, err
		}
	}
	d := &dialect{denied: s.shared.denied, role: s.role, database: s.server.config.Database}
	if st.tokens, err = d.rewrite(all); err != nil {
		return nil, err
	}
	l, err := s.connection()
	if err != nil {
		return nil, err
	}
	if st.ready, err = st.first(ctx, l); err != nil {
		return nil, s.judge(why(ctx, err))
	}
	st.tokens = nil // the text says it all
	return st, nil
}

// readers are the words that a statement that reads may begin with. The engine has the last word; this keeps its pragmas away,
// which it takes for queries.
var readers = []string{"select", "with", "explain", "show", "describe", "desc", "summarize", "from", "values", "table", "pivot", "unpivot"}

// showTables is SHOW TABLES, of which the engine's own would list the catalogue too.
const showTables = "select name from " + catalogueSchema + ".things order by name"

// judge has the next session open an engine of its own if this one gave up, and tells the log of a call that was left to itself.
func (s *session) judge(err error) error {
	if len(s.client.turn) > 0 && !errors.Is(err, errUnended) {
		s.server.config.Log.Warn("a query was stopped, but the engine does not stop; the client keeps its place until it does", "role", s.role, "client", address(s.client))
	}
	if e, ok := errors.AsType[*Error](err); ok && e.Code == codeGaveUp {
		s.source.discard(s.shared)
	}
	return err
}

// first prepares a statement for the first time: it learns its parameters and columns.
func (st *statement) first(ctx context.Context, l *link) (*prepared, error) {
	if err := st.checkExplained(ctx, l); err != nil {
		return nil, err
	}
	p, err := l.prepare(ctx, render(st.tokens, st.cast(nil)))
	if err != nil {
		return nil, err
	}
	if !p.reads(explained(st.tokens) != nil) {
		p.close()
		return nil, readOnly(st.tokens)
	}
	found := p.parameters()
	st.parameters = make([]uint32, len(found))
	for i, oid := range found {
		st.parameters[i] = oid
		if i < len(st.declared) && st.declared[i] != 0 {
			st.parameters[i] = st.declared[i]
		} else if oid == 0 {
			st.parameters[i] = pgtype.TextOID
		}
	}
	st.text = render(st.tokens, st.cast(found))
	if len(found) > 0 {
		p.close()
		if p, err = l.prepare(ctx, st.text); err != nil {
			return nil, err
		}
	}
	columns, nested := p.columns()
	if slices.ContainsFunc(columns, unknown) {
		if columns, nested, err = st.probe(ctx, l); err != nil {
			p.close()
			return nil, err
		}
	}
	if len(columns) > mostColumns {
		p.close()
		return nil, &Error{Code: "54011", Message: fmt.Sprintf("a result has at most %d columns, here are %d", mostColumns, len(columns))}
	}
	st.columns = columns
	if !slices.Contains(nested, true) {
		return p, nil
	}
	p.close()
	st.text = asText(st.text, columns, nested)
	for i := range st.columns {
		if nested[i] {
			st.columns[i].kind = bindings.TypeVarchar
		}
	}
	return l.prepare(ctx, st.text)
}

// mostColumns is PostgreSQL's own limit.
const mostColumns = 1664

// unknown tells whether the engine cannot say of what type a column is before it has the parameters.
func unknown(c column) bool { return c.kind == bindings.TypeInvalid }

// probe learns the columns with NULL in the place of the parameters: in a query of its own, or the engine would work it out and forget
// its type.
func (st *statement) probe(ctx context.Context, l *link) ([]column, []bool, error) {
	nulls := slices.Clone(st.tokens)
	for i, t := range nulls {
		if t.kind == parameter {
			nulls[i].kind, nulls[i].text = word, "(select cast(null as "+st.cast(st.parameters)(t.value)+"))"
		}
	}
	p, err := l.prepare(ctx, render(nulls, nil))
	if err != nil {
		return nil, nil, err
	}
	defer p.close()
	columns, nested := p.columns()
	if slices.ContainsFunc(columns, unknown) {
		return nil, nil, &Error{Code: "42P18", Message: "could not determine the type of a column", Hint: "Say of which type each parameter is: $1::text."}
	}
	return columns, nested, nil
}

// cast says of which type a parameter is: what the client declared, else what the engine found. Parameters are given to the engine
// as texts, so that it needs to know.
func (st *statement) cast(found []uint32) func(parameter string) string {
	return func(number string) string {
		i, err := strconv.Atoi(number)
		if err != nil || i < 1 {
			return ""
		}
		declared := uint32(0)
		if i <= len(st.declared) {
			declared = st.declared[i-1]
		}
		if to := castTo(declared); to != "" && to != "varchar" { // a text is what the engine takes it for: a time, say
			return to
		}
		if found == nil || i > len(found) {
			return ""
		}
		if to := castTo(found[i-1]); to != "" {
			return to
		}
		return "varchar"
	}
}

// asText wraps a query so that columns of types that clients do not know are texts: lists as PostgreSQL writes arrays, structures as JSON.
func asText(query string, columns []column, nested []bool) string {
	var names, values []string
	for i, c := range columns {
		inner := "c" + strconv.Itoa(i)
		names = append(names, inner)
		if nested[i] {
			inner = castText(c, inner)
		}
		values = append(values, inner+` as "`+strings.ReplaceAll(c.name, `"`, `""`)+`"`)
	}
	return "select " + strings.Join(values, ", ") + "\nfrom (\n" + query + "\n) as t(" + strings.Join(names, ", ") + ")"
}

// writers are the other words that a statement of PostgreSQL or of the engine begins with.
var writers = []string{
	"abort", "alter", "analyse", "analyze", "attach", "begin", "call", "checkpoint", "close", "cluster", "comment", "commit", "copy", "create",
	"deallocate", "declare", "delete", "detach", "discard", "do", "drop", "end", "execute", "export", "fetch", "force", "grant", "import", "insert",
	"install", "listen", "load", "lock", "merge", "move", "notify", "pragma", "prepare", "reassign", "refresh", "reindex", "release", "reset", "revoke",
	"rollback", "savepoint", "security", "set", "start", "truncate", "unlisten", "update", "use", "vacuum",
}

// notRun tells why a statement that does not begin as one that reads is not run: it would do something else, or it is no statement.
func notRun(all []token) *Error {
	first := peek(all, 0)
	if inner := explained(all); inner != nil {
		first = peek(inner, 0)
	}
	switch {
	case first.kind == nothing:
		return &Error{Code: "42601", Message: "syntax error at end of input"}
	case first.kind != word || !slices.Contains(writers, first.value) && !slices.Contains(readers, first.value):
		return &Error{Code: "42601", Message: fmt.Sprintf(`syntax error at or near "%s"`, first.text), Position: first.at}
	default:
		return readOnly(all)
	}
}

// readOnly tells what a statement may not do.
func readOnly(all []token) *Error {
	what := "this"
	if len(all) > 0 {
		what = strings.ToUpper(all[0].text)
	}
	return &Error{
		Code: "25006", Message: "cannot execute " + what + ": what is published can only be read",
		Hint: "Use SELECT, WITH, EXPLAIN, SHOW or DESCRIBE.",
	}
}

// alike tells whether two columns have the same name, and are kept in the same way.
func alike(a, b column) bool { return a.name == b.name && a.kind == b.kind && a.scale == b.scale }

// on prepares a statement on a connection, if it is not yet there.
func (st *statement) on(ctx context.Context, l *link) (*prepared, error) {
	if st.ready != nil && st.ready.link == l {
		return st.ready, nil
	}
	st.forget()
	p, err := l.prepare(ctx, st.text)
	if err != nil {
		return nil, err
	}
	if columns, _ := p.columns(); !slices.ContainsFunc(columns, unknown) && !slices.EqualFunc(columns, st.columns, alike) {
		p.close()
		return nil, &Error{Code: "0A000", Message: "cached plan must not change result type", Hint: "The published tables changed: prepare the statement again."}
	}
	st.ready = p
	return p, nil
}

// parse prepares a statement under a name.
func (s *session) parse(ctx context.Context, m *pgproto3.Parse) error {
	if m.Name != "" && s.statements[m.Name] != nil {
		return &Error{Code: "42P05", Message: fmt.Sprintf("prepared statement %q already exists", m.Name)}
	}
	if len(s.statements) >= mostStatements {
		return &Error{Code: "54000", Message: fmt.Sprintf("%d statements are prepared already", mostStatements), Hint: "Close some, or DEALLOCATE ALL."}
	}
	split, err := s.split(m.Query)
	if err != nil {
		return err
	}
	st := &statement{empty: true}
	switch {
	case len(split) > 1:
		return &Error{Code: "42601", Message: "cannot insert multiple commands into a prepared statement"}
	case len(split) == 1:
		ctx, over := s.running(ctx)
		defer over()
		if st, err = s.understand(ctx, split[0], slices.Clone(m.ParameterOIDs)); err != nil {
			return err
		}
	}
	s.forgetStatement("")
	if kept := s.kept(); kept+len(st.text) > mostKept {
		st.forget()
		return &Error{
			Code: "54000", Message: fmt.Sprintf("the prepared statements have %d bytes together, and at most %d are kept", kept+len(st.text), mostKept),
			Hint: "Close some, or DEALLOCATE ALL.",
		}
	}
	s.statements[m.Name] = st
	s.out.add(&pgproto3.ParseComplete{})
	return nil
}

// mostStatements is how many prepared statements a client may keep: each takes some of the engine's memory.
const mostStatements = 2000

// mostKept is how many bytes the statements that a client keeps may have together.
const mostKept = 4 << 20

// kept gives how many bytes the prepared statements have together.
func (s *session) kept() (n int) {
	for _, st := range s.statements {
		n += len(st.text)
	}
	return n
}

// describe tells of a statement's parameters and columns, or a portal's columns.
func (s *session) describe(m *pgproto3.Describe) error {
	var columns []column
	var formats []int16
	if m.ObjectType == 'S' {
		st := s.statements[m.Name]
		if st == nil {
			return noStatement(m.Name)
		}
		s.out.add(&pgproto3.ParameterDescription{ParameterOIDs: st.parameters})
		columns = st.shown()
	} else {
		p := s.portals[m.Name]
		if p == nil {
			return noPortal(m.Name)
		}
		columns, formats = p.statement.shown(), p.formats
	}
	if len(columns) == 0 {
		s.out.add(&pgproto3.NoData{})
	} else {
		s.out.add(description(columns, formats))
	}
	return nil
}

// description tells of columns. Without formats they are texts.
func description(columns []column, formats []int16) *pgproto3.RowDescription {
	fields := make([]pgproto3.FieldDescription, len(columns))
	for i, c := range columns {
		fields[i] = pgproto3.FieldDescription{
			Name: []byte(c.name), DataTypeOID: c.oid, DataTypeSize: width(c.oid), TypeModifier: c.modifier, Format: formatOf(formats, i),
		}
	}
	return &pgproto3.RowDescription{Fields: fields}
}

// formatOf gives the format of a column or parameter: none is text for all, one is for all.
func formatOf(formats []int16, i int) int16 {
	switch len(formats) {
	case 0:
		return pgtype.TextFormatCode
	case 1:
		return formats[0]
	default:
		return formats[i]
	}
}

func noStatement(name string) *Error {
	return &Error{Code: "26000", Message: fmt.Sprintf("prepared statement %q does not exist", name)}
}

func noPortal(name string) *Error {
	return &Error{Code: "34000", Message: fmt.Sprintf("portal %q does not exist", name)}
}
