package pgwire

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// loginTime is how long a client may take to log in.
const loginTime = 10 * time.Second

// admit greets a client and has it prove who it is. Nothing to begin: it wanted a query of another to be cancelled.
func (s *Server) admit(ctx context.Context, c *client) (*pgproto3.StartupMessage, error) {
	s.room.enter(c)
	defer s.room.leave(c)
	start, err := s.greet(c)
	if err != nil || start == nil {
		return nil, err
	}
	if replication := start.Parameters["replication"]; replication != "" && replication != "false" && replication != "off" {
		return nil, &Error{Code: "0A000", Message: "there is no replication here"}
	}
	err = s.logins.check(c, start.Parameters["user"])
	if told, ok := errors.AsType[*Error](err); ok && strings.HasPrefix(told.Code, "28") {
		s.config.Log.WarnContext(ctx, "a PostgreSQL client failed to log in", "role", start.Parameters["user"], "client", address(c), "error", err)
		select { // whoever tries out passwords waits, in a place of those who are about to log in
		case <-time.After(loginPause):
		case <-ctx.Done():
		}
	}
	return start, err
}

// loginPause is how long the answer to a failed log-in takes.
const loginPause = 500 * time.Millisecond

// greet answers requests for encryption until the client begins. Nothing to begin: it wanted a query of another to be cancelled.
func (s *Server) greet(c *client) (*pgproto3.StartupMessage, error) {
	if err := c.SetDeadline(time.Now().Add(loginTime)); err != nil {
		return nil, err
	}
	for {
		m, err := readStartup(c)
		if err != nil {
			return nil, err
		}
		_, encrypted := c.Conn.(*tls.Conn)
		switch m := m.(type) {
		case *pgproto3.SSLRequest:
			if encrypted || s.config.TLS == nil {
				if err := c.send([]byte("N")); err != nil {
					return nil, err
				}
				continue
			}
			if err := c.send([]byte("S")); err != nil {
				return nil, err
			}
			c.Conn = tls.Server(c.Conn, s.config.TLS)
		case *pgproto3.GSSEncRequest:
			if err := c.send([]byte("N")); err != nil {
				return nil, err
			}
		case *pgproto3.CancelRequest:
			s.cancel(m.ProcessID, m.SecretKey)
			return nil, nil
		case *pgproto3.StartupMessage:
			if s.config.TLS != nil && !encrypted {
				return nil, &Error{Code: "28000", Message: "this server takes encrypted connections only", Hint: "Set sslmode=require, or better verify-full."}
			}
			return m, nil
		}
	}
}

// enter gives a client that proved who it is a session, and tells it what it has to know.
func (s *Server) enter(ctx context.Context, c *client, start *pgproto3.StartupMessage) (*session, error) {
	user, database := start.Parameters["user"], start.Parameters["database"]
	if database == "" {
		database = user
	}
	if database != s.config.Database {
		return nil, &Error{
			Code: "3D000", Message: fmt.Sprintf("database %q does not exist", database),
			Hint: fmt.Sprintf("There is one, %q; the user name says whose view of it.", s.config.Database),
		}
	}
	one, err := s.newSession(c, user)
	if err != nil {
		return nil, err
	}
	var out writer
	negotiate(&out, start)
	out.add(&pgproto3.AuthenticationOk{})
	for _, p := range one.settings.reported() {
		out.add(&pgproto3.ParameterStatus{Name: p[0], Value: p[1]})
	}
	for name, value := range start.Parameters {
		if strings.EqualFold(name, "client_encoding") && !isUTF8(value) {
			s.leave(one)
			return nil, unknownEncoding(value)
		}
	}
	out.add(&pgproto3.BackendKeyData{ProcessID: one.id, SecretKey: one.key})
	out.add(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	err = c.send(out.take())
	if err == nil {
		err = c.SetDeadline(time.Time{})
	}
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		s.leave(one)
		return nil, err
	}
	c.patience = s.config.Timeout
	s.config.Log.DebugContext(ctx, "a PostgreSQL client is connected", "role", user, "application", start.Parameters["application_name"])
	return one, nil
}

// negotiate names the extensions of the protocol that a client asked for and that there are not.
func negotiate(out *writer, start *pgproto3.StartupMessage) {
	var unknown []string
	for name := range start.Parameters {
		if strings.HasPrefix(name, "_pq_.") {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 || start.ProtocolVersion != pgproto3.ProtocolVersion30 {
		out.add(&pgproto3.NegotiateProtocolVersion{NewestMinorProtocol: 0, UnrecognizedOptions: unknown})
	}
}

// newSession gives a client a number and a key, by which it may cancel its queries.
func (s *Server) newSession(c *client, role string) (*session, error) {
	key := make([]byte, 4)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	one := &session{
		server: s, client: c, role: role, source: s.roles[role], key: key,
		in: newFrames(c, s.config.QueryBytes+queryRoom), settings: newSettings(role), timeout: s.config.Timeout,
		statements: map[string]*statement{}, portals: map[string]*portal{}, status: idle,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.next++; s.next == 0 || s.sessions[s.next] != nil; s.next++ {
	}
	one.id = s.next
	s.sessions[one.id] = one
	return one, nil
}

// queryRoom is what a message may have beside the query or the parameters themselves.
const queryRoom = 1 << 10

// leave forgets a client and gives back what it held.
func (s *Server) leave(one *session) {
	s.mu.Lock()
	delete(s.sessions, one.id)
	s.mu.Unlock()
	one.close()
}

// cancel ends what a session does, if the key is its own.
func (s *Server) cancel(id uint32, key []byte) {
	s.mu.Lock()
	one := s.sessions[id]
	s.mu.Unlock()
	if one != nil && subtle.ConstantTimeCompare(one.key, key) == 1 {
		one.interrupt()
	}
}
