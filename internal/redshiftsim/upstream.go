package redshiftsim

import (
	"bytes"

	"github.com/jackc/pgx/v5/pgproto3"
)

// answer is what PostgreSQL gave to a statement that the front sent for itself.
type answer struct {
	rows [][]string // NULL is ""
	tag  []byte
}

// relay sends a statement as a Query and hands the answer on to the client, all but ReadyForQuery.
func (s *session) relay(sql string) (ok bool, err error) {
	s.upstream.Send(&pgproto3.Query{String: sql})
	if err := s.upstream.Flush(); err != nil {
		return false, err
	}
	ok = true
	for n := 1; ; n++ {
		m, err := s.upstream.Receive()
		if err != nil {
			return false, err
		}
		if ready, is := m.(*pgproto3.ReadyForQuery); is {
			s.status = ready.TxStatus
			return ok, nil
		}
		if _, failed := m.(*pgproto3.ErrorResponse); failed {
			ok = false
		}
		s.hand(m)
		if n%500 == 0 {
			if err := s.client.Flush(); err != nil {
				return false, err
			}
		}
	}
}

// hand gives a message of PostgreSQL's to the client, in Redshift's words.
func (s *session) hand(m pgproto3.BackendMessage) {
	switch m := m.(type) {
	case *pgproto3.ErrorResponse:
		s.client.Send(translated(m))
	case *pgproto3.CommandComplete:
		s.client.Send(&pgproto3.CommandComplete{CommandTag: tag(m.CommandTag)})
	case *pgproto3.ParameterStatus, *pgproto3.NotificationResponse: // ours were told at the beginning
	default:
		s.client.Send(m)
	}
}

// tag is that of a statement: PostgreSQL 8.0 does not count the rows of a select.
func tag(of []byte) []byte {
	if bytes.HasPrefix(of, []byte("SELECT ")) {
		return []byte("SELECT")
	}
	return bytes.Clone(of)
}

// quietly sends a statement of the front's own.
func (s *session) quietly(sql string) (*refusal, error) {
	_, r, err := s.ask(sql)
	return r, err
}

// ask sends a statement of the front's own and gives the answer.
func (s *session) ask(sql string) (answer, *refusal, error) {
	s.upstream.Send(&pgproto3.Query{String: sql})
	return s.collect()
}

// collect reads an answer to its end.
func (s *session) collect() (a answer, refused *refusal, err error) {
	if err := s.upstream.Flush(); err != nil {
		return a, nil, err
	}
	for {
		m, err := s.upstream.Receive()
		if err != nil {
			return a, nil, err
		}
		switch m := m.(type) {
		case *pgproto3.DataRow:
			row := make([]string, len(m.Values))
			for i, v := range m.Values {
				row[i] = string(v)
			}
			a.rows = append(a.rows, row)
		case *pgproto3.CommandComplete:
			a.tag = tag(m.CommandTag)
		case *pgproto3.ErrorResponse:
			t := translated(m)
			refused = &refusal{code: t.Code, message: t.Message, detail: t.Detail}
		case *pgproto3.ReadyForQuery:
			s.status = m.TxStatus
			return a, refused, nil
		}
	}
}
