package pgwire

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"
)

// What a client is told of its transaction.
const (
	idle    = 'I'
	inBlock = 'T'
	failed  = 'E'
)

// session is a client that was let in. One goroutine runs it; interrupt may be called by others.
type session struct {
	server   *Server
	client   *client
	role     string
	id       uint32
	key      []byte
	in       *frames
	out      writer
	encoder  encoder
	settings *settings
	timeout  time.Duration

	statements map[string]*statement
	portals    map[string]*portal
	status     byte
	skipping   bool // an error of the extended protocol: nothing is done before the next Sync
	begun      bool // something was asked since the last Sync outside a transaction

	source *source
	shared *shared // the engine in use; nil before the first query
	link   *link   // to it; nil while a portal that waits has it

	mu   sync.Mutex
	stop context.CancelCauseFunc // ends the query that runs
}

// errTerminated is a client that said good-bye.
var errTerminated = errors.New("the client said good-bye")

// run takes messages until the client goes, or breaks the protocol.
func (s *session) run(ctx context.Context) error {
	s.encoder.types = pgtype.NewMap()
	for {
		err := s.wait(ctx)
		if errors.Is(err, errIdle) {
			s.out.fail("FATAL", errIdle)
			return errors.Join(errIdle, s.flush())
		}
		var m pgproto3.FrontendMessage
		if err == nil && ctx.Err() == nil {
			m, err = s.in.next()
		}
		if ctx.Err() != nil {
			s.out.fail("FATAL", &Error{Code: "57P01", Message: "the server stops"})
			return s.flush()
		}
		if long, ok := errors.AsType[tooLong](err); ok {
			err = s.tooLong(m, long)
		} else if err == nil {
			err = s.take(ctx, m)
		}
		if errors.Is(err, errForeign) {
			s.out.fail("FATAL", &Error{Code: "08P01", Message: err.Error()})
			return errors.Join(err, s.flush())
		}
		if errors.Is(err, errTerminated) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (s *session) tooLong(m pgproto3.FrontendMessage, e tooLong) error {
	problem := &Error{
		Code: "54000", Message: fmt.Sprintf("a query of %d bytes is too long: at most %d are taken", e.length, e.limit),
		Hint: "Ask for less at a time; a list of values is often better a range, or a join.",
	}
	if _, simple := m.(*pgproto3.Query); simple && !s.skipping {
		s.report(problem)
		return s.ready()
	}
	if !s.skipping {
		s.report(problem)
		s.skipping = true
	}
	return nil
}

// take answers a message. An error ends the session; what is wrong with a query is told to the client.
func (s *session) take(ctx context.Context, m pgproto3.FrontendMessage) error {
	switch m := m.(type) {
	case *pgproto3.Terminate:
		return errTerminated
	case *pgproto3.Sync:
		s.skipping = false
		return s.ready()
	case *pgproto3.Flush:
		return s.flush()
	case *pgproto3.CopyData, *pgproto3.CopyDone, *pgproto3.CopyFail:
		return nil // of a COPY that was refused: the protocol has them passed over
	case *pgproto3.Query:
		if s.skipping {
			return nil
		}
		if _, err := s.told(s.simple(ctx, m.String)); err != nil {
			return err
		}
		return s.ready()
	}
	if s.skipping {
		return nil
	}
	told, err := s.told(s.extended(ctx, m))
	s.skipping = told
	return err
}

// told reports what is wrong with a query to the client, and gives other errors back: those of the connection.
func (s *session) told(err error) (bool, error) {
	if err == nil {
		return false, nil
	}
	problem, ok := errors.AsType[*Error](err)
	if !ok {
		return false, err
	}
	s.report(problem)
	return true, nil
}

// report tells the client an error, after which a transaction takes nothing but its end.
func (s *session) report(e *Error) {
	s.out.fail("ERROR", e)
	if s.status == inBlock {
		s.status = failed
	}
}

// extended answers a message of the protocol with statements and portals.
func (s *session) extended(ctx context.Context, m pgproto3.FrontendMessage) error {
	if err := s.begin(); err != nil {
		return err
	}
	switch m := m.(type) {
	case *pgproto3.Parse:
		return s.parse(ctx, m)
	case *pgproto3.Bind:
		return s.bind(m)
	case *pgproto3.Describe:
		return s.describe(m)
	case *pgproto3.Execute:
		return s.executePortal(ctx, m)
	case *pgproto3.Close:
		s.closeNamed(m)
		return nil
	default:
		return &Error{Code: "0A000", Message: "functions cannot be called by the protocol", Hint: "Use SELECT."}
	}
}

// begin makes sure of an engine. Between transactions it is one with the present file.
func (s *session) begin() error {
	if s.begun || s.status != idle {
		return nil
	}
	now, err := s.source.acquire()
	if err != nil {
		if told, ok := errors.AsType[*Error](err); ok {
			return told
		}
		s.server.config.Log.Error("a published file cannot be read", "role", s.role, "error", err)
		return &Error{Code: "58030", Message: "the published file cannot be read", Hint: "The log of the server says why."}
	}
	s.begun = true
	if now == s.shared {
		s.source.release(now)
		return nil
	}
	s.drop()
	s.shared = now
	return nil
}

// connection gives the connection for the next query.
func (s *session) connection() (*link, error) {
	if s.link != nil && s.link.isLent() {
		s.link.close()
		s.link = nil
	}
	if s.link != nil {
		return s.link, nil
	}
	l, err := s.shared.connect(s.client.turn)
	if err != nil {
		return nil, err
	}
	s.link = l
	return l, nil
}

// ready ends what was asked, and tells the client so.
func (s *session) ready() error {
	if s.status == idle {
		s.settle()
		s.closePortals(false)
		s.begun = false
	}
	s.out.add(&pgproto3.ReadyForQuery{TxStatus: s.status})
	return s.flush()
}

func (s *session) flush() error { return s.client.send(s.out.take()) }

// closePortals closes them, but for cursors that outlive their transaction, if not all are meant.
func (s *session) closePortals(all bool) {
	for name, p := range s.portals {
		if p.kept && !all {
			continue
		}
		p.close()
		delete(s.portals, name)
	}
}

// drop lets go of the engine. Statements stay, and are prepared again on the next.
func (s *session) drop() {
	s.closePortals(false)
	for _, st := range s.statements {
		st.forget()
	}
	if s.link != nil {
		s.link.close()
		s.link = nil
	}
	if s.shared != nil {
		s.source.release(s.shared)
		s.shared = nil
	}
}

// close ends the session.
func (s *session) close() {
	s.closePortals(true)
	s.drop()
}

// closeNamed forgets a statement or a portal; there need not be one.
func (s *session) closeNamed(m *pgproto3.Close) {
	if m.ObjectType == 'S' {
		s.forgetStatement(m.Name)
	} else if p := s.portals[m.Name]; p != nil {
		p.close()
		delete(s.portals, m.Name)
	}
	s.out.add(&pgproto3.CloseComplete{})
}

func (s *session) forgetStatement(name string) {
	if st := s.statements[name]; st != nil {
		st.forget()
		delete(s.statements, name)
	}
}

// forgetStatements forgets all statements.
func (s *session) forgetStatements() {
	for _, name := range slices.Collect(maps.Keys(s.statements)) {
		s.forgetStatement(name)
	}
}

// The ends of a query that are not its own.
var (
	errCancelled = &Error{Code: "57014", Message: "canceling statement due to user request"}
	errStopped   = &Error{Code: "57P01", Message: "the server stops"}
)

// running gives the context of a query: it ends with the server, when its time is over, or when the client cancels it.
func (s *session) running(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancelCause(ctx)
	limit := s.timeout
	ctx, over := context.WithTimeoutCause(ctx, limit, &Error{
		Code: "57014", Message: fmt.Sprintf("canceling statement due to statement timeout: it took longer than %v", limit),
		Hint: "Ask for less, or use a view that has it summed up.",
	})
	s.mu.Lock()
	s.stop = stop
	s.mu.Unlock()
	return ctx, func() {
		s.mu.Lock()
		s.stop = nil
		s.mu.Unlock()
		over()
		stop(nil)
	}
}

// interrupt cancels the query that runs, if one does.
func (s *session) interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		s.stop(errCancelled)
	}
}
