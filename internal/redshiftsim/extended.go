package redshiftsim

import (
	"github.com/jackc/pgx/v5/pgproto3"
)

// extended answers one message of the extended protocol. After an error everything up to Sync is left out, as PostgreSQL does
// behind.
func (s *session) extended(m pgproto3.FrontendMessage) error {
	if _, sync := m.(*pgproto3.Sync); sync {
		return s.sync()
	}
	if _, flush := m.(*pgproto3.Flush); flush {
		return s.client.Flush()
	}
	if s.skip {
		return nil
	}
	switch m := m.(type) {
	case *pgproto3.Parse:
		return s.parse(m)
	case *pgproto3.Bind:
		return s.bind(m)
	case *pgproto3.Describe:
		return s.describe(m)
	case *pgproto3.Execute:
		return s.execute(m)
	case *pgproto3.Close:
		return s.close(m)
	}
	return s.fail(refuse("08P01", "unexpected message"))
}

// fail refuses, and what follows up to Sync with it. PostgreSQL is given an error as well, for what it holds of the same group.
func (s *session) fail(r *refusal) error {
	s.skip = true
	s.client.Send(r.response())
	s.upstream.Send(&pgproto3.Parse{Query: "refused"})
	s.upstream.Send(&pgproto3.Flush{})
	if err := s.upstream.Flush(); err != nil {
		return err
	}
	for {
		m, err := s.upstream.Receive()
		if _, failed := m.(*pgproto3.ErrorResponse); failed || err != nil {
			return err
		}
	}
}

// sync ends a group of messages.
func (s *session) sync() error {
	s.upstream.Send(&pgproto3.Sync{})
	_, _, err := s.collect()
	s.skip = false
	if err != nil {
		return err
	}
	return s.ready()
}

// parse understands a statement. PostgreSQL gets it where it needs nothing of the front; the others wait for Execute.
func (s *session) parse(m *pgproto3.Parse) error {
	s.server.record(m.Query)
	all, err := parse(m.Query, s.last)
	switch {
	case err != nil:
		return s.fail(refusalOf(err))
	case len(all) > 1:
		return s.fail(refuse("42601", "cannot insert multiple commands into a prepared statement"))
	case len(all) == 1 && s.byFront(all[0]):
		s.prepared[m.Name] = &all[0]
		s.client.Send(&pgproto3.ParseComplete{})
		return nil
	}
	behind := pgproto3.Parse{Name: m.Name, ParameterOIDs: m.ParameterOIDs}
	verb := ""
	if len(all) == 1 {
		behind.Query, verb = all[0].sql, all[0].verb
	}
	s.prepared[m.Name] = &statement{verb: verb, sql: behind.Query}
	return s.forward(&behind)
}

// byFront tells whether the front sends a statement by itself.
func (s *session) byFront(one statement) bool {
	switch one.verb {
	case "begin", "commit", "rollback", "truncate", "copy", "alter column":
		return true
	}
	return one.isLocal() || len(one.before)+len(one.after) > 0
}

// maxParameters is how many a statement may have in PostgreSQL 8.0, which counts them with a sign.
const maxParameters = 32767

func (s *session) bind(m *pgproto3.Bind) error {
	one := s.prepared[m.PreparedStatement]
	if one == nil {
		return s.fail(refuse("26000", "prepared statement %q does not exist", m.PreparedStatement))
	}
	if len(m.Parameters) > maxParameters {
		return s.fail(refuse("08P01", "bind message supplies %d parameters, more than %d", len(m.Parameters), maxParameters))
	}
	s.portals[m.DestinationPortal] = one
	if !s.byFront(*one) {
		return s.forward(m)
	}
	if len(m.Parameters) > 0 {
		return s.fail(refuse("08P01", "bind message supplies %d parameters, but the statement takes none", len(m.Parameters)))
	}
	s.client.Send(&pgproto3.BindComplete{})
	return nil
}

func (s *session) describe(m *pgproto3.Describe) error {
	one := s.portals[m.Name]
	if m.ObjectType == 'S' {
		one = s.prepared[m.Name]
	}
	if one == nil || !s.byFront(*one) {
		return s.forward(m)
	}
	if m.ObjectType == 'S' {
		s.client.Send(&pgproto3.ParameterDescription{})
	}
	if one.shows != "" {
		s.client.Send(shownColumn(one.shows))
	} else {
		s.client.Send(&pgproto3.NoData{})
	}
	return nil
}

func (s *session) execute(m *pgproto3.Execute) error {
	one := s.portals[m.Portal]
	if one == nil {
		return s.fail(refuse("34000", "portal %q does not exist", m.Portal))
	}
	if s.byFront(*one) {
		ok, err := s.do(*one)
		s.skip = !ok
		return err
	}
	fault, faulty := s.server.fault(one.verb)
	if faulty {
		if stop, err := s.meet(fault, *one); stop || err != nil {
			s.skip = true
			return err
		}
	}
	err := s.forward(m)
	s.lost = s.lost || faulty && fault.Trouble == LostAfter
	return err
}

func (s *session) close(m *pgproto3.Close) error {
	all := s.portals
	if m.ObjectType == 'S' {
		all = s.prepared
	}
	one := all[m.Name]
	delete(all, m.Name)
	if one != nil && s.byFront(*one) {
		s.client.Send(&pgproto3.CloseComplete{})
		return nil
	}
	return s.forward(m)
}

// forward hands a message to PostgreSQL and its answer to the client.
func (s *session) forward(m pgproto3.FrontendMessage) error {
	s.upstream.Send(m)
	s.upstream.Send(&pgproto3.Flush{})
	if err := s.upstream.Flush(); err != nil {
		return err
	}
	for n := 1; ; n++ {
		answer, err := s.upstream.Receive()
		if err != nil {
			return err
		}
		s.hand(answer)
		if n%500 == 0 {
			if err := s.client.Flush(); err != nil {
				return err
			}
		}
		switch answer.(type) {
		case *pgproto3.ErrorResponse:
			s.skip = true
			return nil
		case *pgproto3.ParseComplete, *pgproto3.BindComplete, *pgproto3.CloseComplete, *pgproto3.RowDescription, *pgproto3.NoData:
			return nil
		case *pgproto3.CommandComplete, *pgproto3.EmptyQueryResponse, *pgproto3.PortalSuspended:
			return nil
		}
	}
}
