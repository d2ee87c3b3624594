package redshiftsim

import (
	"maps"
	"net"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// session is one client, with its own connection to PostgreSQL.
type session struct {
	server   *Server
	conn     net.Conn
	client   *pgproto3.Backend
	upstream *pgproto3.Frontend
	pid      uint32
	user     string

	status   byte // of the transaction, as PostgreSQL tells it: I, T or E
	settings map[string]string
	last     copied                // COPY
	before   copied                // as it was when the transaction began
	prepared map[string]*statement // by name; nil is one that PostgreSQL holds
	portals  map[string]*statement
	skip     bool          // to the next Sync, after an error
	stop     chan struct{} // gets a value when the client wants the statement to be cancelled
	lost     bool          // the connection is to be cut
}

func newSession(s *Server, conn net.Conn, client *pgproto3.Backend, upstream *pgconn.HijackedConn, user string) *session {
	return &session{
		server: s, conn: conn, client: client, upstream: upstream.Frontend, pid: upstream.PID, user: user, status: 'I',
		settings: maps.Clone(kept), prepared: map[string]*statement{}, portals: map[string]*statement{},
		stop: make(chan struct{}, 1),
	}
}

// run answers message after message until the client goes, or either connection breaks.
func (s *session) run() {
	for !s.lost {
		m, err := s.client.Receive()
		if err != nil {
			return
		}
		switch m := m.(type) {
		case *pgproto3.Terminate:
			return
		case *pgproto3.Query:
			err = s.simple(m.String)
		default:
			err = s.extended(m)
		}
		if err != nil {
			return
		}
	}
}

// simple answers a Query message: all of its statements, in one transaction if there are several.
func (s *session) simple(sql string) error {
	s.server.record(sql)
	all, err := parse(sql, s.last)
	if err != nil {
		if err := s.refuse(refusalOf(err)); err != nil {
			return err
		}
		return s.ready()
	}
	if len(all) == 0 {
		s.client.Send(&pgproto3.EmptyQueryResponse{})
		return s.ready()
	}
	implicit := len(all) > 1 && s.status == 'I' && !controls(all)
	if implicit {
		if _, err := s.quietly("begin"); err != nil {
			return err
		}
	}
	ok := true
	for _, one := range all {
		if ok, err = s.do(one); err != nil || !ok || s.lost {
			break
		}
	}
	if err != nil || s.lost {
		return err
	}
	if implicit && s.status != 'I' {
		end := "rollback"
		if ok {
			end = "commit"
		}
		refused, err := s.quietly(end)
		if err != nil {
			return err
		}
		if refused != nil {
			s.client.Send(refused.response())
		}
	}
	return s.ready()
}

// controls tells whether one of the statements begins or ends a transaction.
func controls(all []statement) bool {
	for _, s := range all {
		switch s.verb {
		case "begin", "commit", "rollback", "truncate":
			return true
		}
	}
	return false
}

func (s *session) ready() error {
	s.client.Send(&pgproto3.ReadyForQuery{TxStatus: s.status})
	return s.client.Flush()
}

// refuse answers with an error, which a transaction does not survive.
func (s *session) refuse(r *refusal) error {
	s.client.Send(r.response())
	if s.status != 'T' {
		return nil
	}
	_, err := s.quietly("select 1 / 0") // the transaction behind fails as well
	return err
}

// do sends a statement by itself, with what belongs to it. It tells whether it went well; err is a broken connection.
func (s *session) do(one statement) (ok bool, err error) {
	select {
	case <-s.stop: // it was meant for the statement before
	default:
	}
	fault, faulty := s.server.fault(one.verb)
	if faulty {
		if stop, err := s.meet(fault, one); stop || err != nil {
			return false, err
		}
	}
	if one.verb == "begin" {
		s.before = s.last
	}
	switch {
	case one.copy != nil:
		ok, err = s.copy(one.copy, fault, faulty)
	case one.sets != nil || one.shows != "":
		ok, err = s.setting(one)
	case one.verb == "truncate":
		if ok, err = s.relay(one.sql); ok && err == nil && s.status == 'T' {
			_, err = s.quietly("commit")
		}
	case one.verb == "alter column" && s.status != 'I':
		return false, s.refuse(refuse("25001", "ALTER TABLE ALTER COLUMN cannot run inside a transaction block"))
	case len(one.before)+len(one.after) > 0:
		ok, err = s.withChecks(one)
	default:
		ok, err = s.relay(one.sql)
	}
	if one.verb == "rollback" || one.verb == "commit" && !ok {
		s.last.id = s.before.id // r_PG_LAST_COPY_ID: a COPY that was rolled back is none
	}
	if faulty && fault.Trouble == LostAfter && err == nil {
		s.lost = true
	}
	return ok, err
}

// meet lets a fault happen before a statement; stop tells that the statement is over with it.
func (s *session) meet(f Fault, one statement) (stop bool, err error) {
	switch f.Trouble {
	case LostBefore:
		s.lost = true
		return true, nil
	case Slow:
		late := time.NewTimer(f.Delay)
		defer late.Stop()
		select {
		case <-late.C:
		case <-s.stop:
			return true, s.refuse(cancelled())
		case <-s.server.ended:
			s.lost = true
			return true, nil
		}
	case Serialization:
		if one.verb != "commit" {
			return true, s.refuse(serialization())
		}
		s.client.Send(serialization().response())
		_, err := s.quietly("rollback")
		s.last.id = s.before.id
		return true, err
	}
	return false, nil
}

// withChecks sends a statement with what goes before and after it, all or nothing.
func (s *session) withChecks(one statement) (ok bool, err error) {
	alone := s.status == 'I'
	fail := func(r *refusal) (bool, error) {
		s.client.Send(r.response())
		if alone {
			_, err := s.quietly("rollback")
			return false, err
		}
		return false, nil
	}
	before := one.before
	if alone {
		before = append([]string{"begin"}, before...)
	}
	for _, sql := range before {
		if r, err := s.quietly(sql); r != nil || err != nil {
			if err != nil {
				return false, err
			}
			return fail(r)
		}
	}
	tag := []byte(one.tag)
	if !one.isLocal() {
		answer, r, err := s.ask(one.sql)
		if err != nil {
			return false, err
		}
		if r != nil {
			return fail(r)
		}
		tag = answer.tag
	}
	after := one.after
	if alone {
		after = append(slices.Clip(after), "commit")
	}
	for _, sql := range after {
		if r, err := s.quietly(sql); r != nil || err != nil {
			if err != nil {
				return false, err
			}
			return fail(r)
		}
	}
	s.client.Send(&pgproto3.CommandComplete{CommandTag: tag})
	return true, nil
}

// setting keeps a setting, or shows one.
func (s *session) setting(one statement) (bool, error) {
	if s.status == 'E' {
		return false, s.refuse(refuse("25P02", "current transaction is aborted, commands ignored until end of transaction block"))
	}
	if one.sets != nil {
		s.settings[one.sets.name] = one.sets.value
	} else {
		s.client.Send(shownColumn(one.shows))
		s.client.Send(&pgproto3.DataRow{Values: [][]byte{[]byte(s.settings[one.shows])}})
	}
	s.client.Send(&pgproto3.CommandComplete{CommandTag: []byte(one.tag)})
	return true, nil
}

func shownColumn(name string) *pgproto3.RowDescription {
	return &pgproto3.RowDescription{Fields: []pgproto3.FieldDescription{{Name: []byte(name), DataTypeOID: 25, DataTypeSize: -1, TypeModifier: -1}}}
}
