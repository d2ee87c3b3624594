package pgwire

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgproto3"
)

// portal is a statement with its parameters, and how far its result was read.
type portal struct {
	session   *session
	statement *statement
	texts     []*string // the parameters
	formats   []int16   // those of the columns

	begun    bool
	finished bool
	rows     *stream
	some     *chunk // rows that are not yet all sent
	next     int    // of them
	sent     int
	silent   bool // rows are passed over, not sent

	// hold: a cursor that outlives its transaction. When that has ended, it is kept, with the engine that it reads from.
	hold, kept bool
	shared     *shared

	// own are the connection and the statement that the portal took with it when it was left half read, so that the session
	// can go on with others.
	own      *link
	prepared *prepared
}

// bind makes a portal.
func (s *session) bind(m *pgproto3.Bind) error {
	st := s.statements[m.PreparedStatement]
	if st == nil {
		return noStatement(m.PreparedStatement)
	}
	if s.status == failed && (st.command == nil || !st.command.ends()) {
		return &Error{Code: "25P02", Message: "current transaction is aborted, commands ignored until end of transaction block"}
	}
	if m.DestinationPortal != "" && s.portals[m.DestinationPortal] != nil {
		return &Error{Code: "42P03", Message: fmt.Sprintf("portal %q already exists", m.DestinationPortal)}
	}
	if len(s.portals) >= mostPortals {
		return tooManyPortals()
	}
	if err := checkFormats(m, st); err != nil {
		return err
	}
	texts := make([]*string, len(st.parameters))
	for i, oid := range st.parameters {
		text, err := s.parameter(m.Parameters[i], oid, formatOf(m.ParameterFormatCodes, i))
		if err != nil {
			return &Error{Code: "22P02", Message: fmt.Sprintf("parameter $%d: %v", i+1, err)}
		}
		texts[i] = text
	}
	if old := s.portals[m.DestinationPortal]; old != nil {
		old.close()
	}
	formats := append([]int16{}, m.ResultFormatCodes...)
	s.portals[m.DestinationPortal] = &portal{session: s, statement: st, texts: texts, formats: formats}
	s.out.add(&pgproto3.BindComplete{})
	return nil
}

// mostPortals is how many results a client may have open: each that is half read has a connection to the engine.
const mostPortals = 64

func tooManyPortals() *Error {
	return &Error{Code: "54000", Message: fmt.Sprintf("%d results are open already", mostPortals), Hint: "Read them to the end, or close some."}
}

// isQuery tells whether the engine answers it.
func (p *portal) isQuery() bool {
	return !p.statement.empty && p.statement.command == nil && p.statement.cursor == nil
}

// checkFormats finds counts that do not agree, and formats that there are not.
func checkFormats(m *pgproto3.Bind, st *statement) error {
	wrong := func(format string, args ...any) error {
		return &Error{Code: "08P01", Message: fmt.Sprintf(format, args...)}
	}
	n := len(st.parameters)
	switch {
	case len(m.Parameters) != n:
		return wrong("bind message supplies %d parameters, but the prepared statement requires %d", len(m.Parameters), n)
	case len(m.ParameterFormatCodes) > 1 && len(m.ParameterFormatCodes) != n:
		return wrong("bind message has %d parameter formats but %d parameters", len(m.ParameterFormatCodes), n)
	case len(m.ResultFormatCodes) > 1 && len(m.ResultFormatCodes) != len(st.shown()):
		return wrong("bind message has %d result formats but query has %d columns", len(m.ResultFormatCodes), len(st.shown()))
	}
	for _, codes := range [][]int16{m.ParameterFormatCodes, m.ResultFormatCodes} {
		for _, code := range codes {
			if code != 0 && code != 1 {
				return wrong("there is no format %d", code)
			}
		}
	}
	return nil
}

// executePortal sends rows of a portal.
func (s *session) executePortal(ctx context.Context, m *pgproto3.Execute) error {
	p := s.portals[m.Portal]
	if p == nil {
		return noPortal(m.Portal)
	}
	ctx, over := s.running(ctx)
	defer over()
	return p.run(ctx, int(m.MaxRows))
}

// run sends rows, at most so many if that is not 0, and how it ended.
func (p *portal) run(ctx context.Context, most int) error {
	s := p.session
	if p.statement.empty {
		s.out.add(&pgproto3.EmptyQueryResponse{})
		return nil
	}
	if p.statement.command != nil {
		return p.statement.command.do(ctx, p)
	}
	if p.statement.cursor != nil {
		return p.declare(ctx)
	}
	if err := p.send(ctx, most); err != nil {
		p.finish()
		return s.judge(why(ctx, err))
	}
	if !p.finished {
		p.keep()
		s.out.add(&pgproto3.PortalSuspended{})
		return nil
	}
	s.out.add(&pgproto3.CommandComplete{CommandTag: []byte(fmt.Sprintf("SELECT %d", p.sent))})
	return nil
}

// why gives the reason that a query ended, as the client is told it.
func why(ctx context.Context, err error) error {
	if _, told := errors.AsType[*Error](err); told || gone(err) {
		return err
	}
	if ctx.Err() != nil {
		if e, ok := errors.AsType[*Error](context.Cause(ctx)); ok {
			return e
		}
		return errStopped
	}
	return &Error{Code: "XX000", Message: err.Error()}
}

// send starts the query if it has to, and sends rows.
func (p *portal) send(ctx context.Context, most int) error {
	if !p.begun {
		if err := p.start(ctx); err != nil {
			return err
		}
	}
	for n := 0; !p.finished; {
		if p.some == nil || p.next == p.some.size {
			if err := p.more(ctx); err != nil {
				return err
			}
			continue
		}
		if most > 0 && n == most {
			return nil
		}
		if err := p.row(); err != nil {
			return err
		}
		n++
		if len(p.session.out.to) >= flushAt {
			if err := p.session.flush(); err != nil {
				return err
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
	}
	return nil
}

// start has the engine begin.
func (p *portal) start(ctx context.Context) error {
	p.begun = true
	l, err := p.session.connection()
	if err != nil {
		return err
	}
	ready, err := p.statement.on(ctx, l)
	if err != nil {
		return err
	}
	if p.rows, err = ready.stream(ctx, p.texts); err != nil {
		return err
	}
	if !p.rows.has(p.statement.columns) {
		return &Error{Code: "0A000", Message: "the parameters make columns of other types than were described", Hint: "Say of which type each parameter is: $1::text."}
	}
	return nil
}

// more fetches the next rows.
func (p *portal) more(ctx context.Context) error {
	if p.some != nil {
		p.some.free()
		p.some = nil
	}
	if p.rows == nil {
		p.finished = true
		return nil
	}
	some, err := p.rows.chunk(ctx, p.statement.columns)
	if err != nil {
		return err
	}
	if p.some, p.next = some, 0; some == nil {
		p.finish()
	}
	return nil
}

// row sends the next row, or passes over it.
func (p *portal) row() error {
	if p.silent {
		p.next++
		p.sent++
		return nil
	}
	out := &p.session.out
	start := out.row(len(p.some.vectors))
	for i := range p.some.vectors {
		to, err := p.session.encoder.cell(out.to, &p.some.vectors[i], p.next, formatOf(p.formats, i))
		if err != nil {
			out.to = out.to[:start]
			return err
		}
		out.to = to
	}
	out.done(start)
	p.next++
	p.sent++
	return nil
}

// keep takes the connection with the portal that is left half read.
func (p *portal) keep() {
	if p.own == nil {
		s := p.session
		p.own, s.link = s.link, nil
		p.prepared, p.statement.ready = p.statement.ready, nil
	}
}

// finish gives back what reading took.
func (p *portal) finish() {
	p.finished = true
	if p.some != nil {
		p.some.free()
		p.some = nil
	}
	if p.rows != nil {
		p.rows.close()
		p.rows = nil
	}
	if p.prepared != nil {
		p.prepared.close()
		p.prepared = nil
	}
	if p.own != nil {
		p.own.close()
		p.own = nil
	}
	if p.shared != nil {
		p.session.source.release(p.shared)
		p.shared = nil
	}
}

func (p *portal) close() { p.finish() }
