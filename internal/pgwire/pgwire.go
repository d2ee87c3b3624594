// Package pgwire serves DuckDB files to clients of PostgreSQL, over its protocol, for reading only: psql, drivers, and the tools for
// charts and reports that know PostgreSQL.
//
// A user name is a role, and a role is one file. A connection is given an engine that has the file attached read-only and may
// do nothing else: no other file, no network, no settings; statements are let through by what the engine makes of them. The file
// may be replaced by a rename at any time: what is asked from then on is asked of the new one, what is running ends on the old one.
//
// Session by session: startup.go lets a client in, session.go takes its messages, query.go and portal.go answer them.
package pgwire

import (
	"context"
	"crypto/tls"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"trunkline/internal/secret"
)

// Config says what is served, and within which limits.
type Config struct {
	// Roles are who may connect, at least one.
	Roles []Role
	// Database is the name of the one database that there is.
	Database string
	// Keys are the columns of primary keys, by table: of those that the files do not have themselves.
	Keys map[string][]string
	// TLS encrypts every connection; nil encrypts none, which only a loopback address may do.
	TLS *tls.Config
	// Connections is how many clients may be connected at once.
	Connections int
	// QueryBytes is how long a query may be, with its parameters.
	QueryBytes int
	// Timeout is how long a query may take, and how long a client may take to read what it was sent.
	Timeout time.Duration
	// Memory is the most that the engine of a role uses, for example 1GB. A query that needs more than there is fails.
	Memory string
	// Threads is how many threads the engine of a role uses; 0 is one a core.
	Threads int
	// Log is told who connects, and what is wrong with the files.
	Log *slog.Logger
}

// Role is a user and the file that he reads.
type Role struct {
	// Name is the user's name.
	Name string
	// Path is a DuckDB file. It need not be there yet.
	Path string
	// Password is asked of who connects; none is asked if it is empty, which only a loopback address may do.
	Password secret.Secret
}

// version is that of PostgreSQL whose catalogue is imitated: clients choose their questions by it.
const (
	version    = "15.0"
	versionNum = "150000"
)

// Server serves files. Any number of goroutines may use it.
type Server struct {
	config Config
	roles  map[string]*source
	logins *logins
	slots  chan struct{} // of clients that are logged in
	room   room          // of those who are not yet
	// idleTransaction is how long a transaction that asks nothing keeps a file that was replaced.
	idleTransaction time.Duration

	mu       sync.Mutex
	sessions map[uint32]*session // by the number that a request to cancel names
	next     uint32
}

// mostPending is how many clients more than may be connected may be about to log in.
const mostPending = 200

// New makes a server; it opens no file.
func New(c Config) (*Server, error) {
	s := &Server{config: c, roles: map[string]*source{}, slots: make(chan struct{}, c.Connections), sessions: map[uint32]*session{}}
	s.idleTransaction = 10 * time.Minute
	s.room.most = mostPending + c.Connections
	if len(c.Roles) == 0 || c.Database == "" || c.Connections <= 0 || c.QueryBytes <= 0 || c.Timeout <= 0 || c.Log == nil {
		return nil, errors.New("serve over PostgreSQL's protocol: roles, a database's name, limits and a log are needed")
	}
	for _, r := range c.Roles {
		if s.roles[r.Name] != nil {
			return nil, fmt.Errorf("serve over PostgreSQL's protocol: the role %q is there twice", r.Name)
		}
		s.roles[r.Name] = &source{
			path: r.Path, database: c.Database, limits: limits{c.Memory, c.Threads}, catalogue: catalogue(c, r.Name),
		}
	}
	var err error
	s.logins, err = newLogins(c.Roles)
	return s, err
}

//go:embed catalogue.sql
var catalogueSQL string

//go:embed functions.sql
var functionsSQL string

// catalogue gives the statements that make PostgreSQL's catalogue for a role.
func catalogue(c Config, role string) []string {
	var keys strings.Builder
	for _, table := range slices.Sorted(maps.Keys(c.Keys)) {
		var columns []string
		for _, name := range c.Keys[table] {
			columns = append(columns, plain(name).text)
		}
		keys.WriteString(", (" + plain(table).text + ", [" + strings.Join(columns, ", ") + "])")
	}
	in := strings.NewReplacer("@keys@", keys.String(), "@database@", plain(c.Database).text, "@role@", plain(role).text, "@version@", plain(version).text, "@version_num@", plain(versionNum).text)
	var all []string
	for statement := range strings.SplitSeq(in.Replace(catalogueSQL+functionsSQL), ";\n") {
		if strings.TrimSpace(statement) != "" {
			all = append(all, statement)
		}
	}
	return all
}

// leastPassword is how long a password is beyond the machine itself: nobody tries out so many.
const leastPassword = 16

// Exposed tells why an address may not be listened on with this configuration: beyond the machine itself every connection is
// encrypted and every role has a password of at least 16 characters. Nothing is wrong if it is empty.
func (c Config) Exposed(address net.Addr) string {
	at, err := netip.ParseAddrPort(address.String())
	if err == nil && at.Addr().Unmap().IsLoopback() {
		return ""
	}
	if c.TLS == nil {
		return "other machines can reach " + address.String() + ", and connections are not encrypted"
	}
	for _, r := range c.Roles {
		switch n := utf8.RuneCountInString(r.Password.Reveal()); {
		case n == 0:
			return "other machines can reach " + address.String() + ", and the role " + r.Name + " has no password"
		case n < leastPassword:
			return fmt.Sprintf("other machines can reach %s, and the password of the role %s is shorter than %d characters", address, r.Name, leastPassword)
		}
	}
	return ""
}

// Serve takes connections until the context ends, then ends them and gives nil. It closes the listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	if fault := s.config.Exposed(listener.Addr()); fault != "" {
		return errors.Join(errors.New("serve over PostgreSQL's protocol: "+fault), listener.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	var clients sync.WaitGroup
	defer func() {
		cancel()
		stop()
		_ = listener.Close()
		clients.Wait()
	}()
	for {
		conn, err := listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = conn.Close()
			}
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("serve over PostgreSQL's protocol: %w", err)
		case err != nil: // no more handles, say: others may go
			s.config.Log.WarnContext(ctx, "a connection was not taken", "error", err)
			time.Sleep(again)
			continue
		}
		clients.Go(func() { s.serve(ctx, conn) })
	}
}

// serve is one connection, from its first byte to its last.
func (s *Server) serve(ctx context.Context, conn net.Conn) {
	defer func() {
		if fault := recover(); fault != nil { // a fault of ours ends this client's session, not everybody's
			s.config.Log.ErrorContext(ctx, "a session broke", "client", address(conn), "fault", fault, "stack", string(debug.Stack()))
		}
	}()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	client := &client{Conn: conn, raw: conn, turn: make(turn, 1)}
	stop := context.AfterFunc(ctx, client.end)
	defer func() {
		stop()
		_ = client.Close()
	}()
	start, err := s.admit(ctx, client)
	if err != nil || start == nil {
		s.refused(ctx, client, err)
		return
	}
	select { // only now: who cannot log in takes nobody's place
	case s.slots <- struct{}{}:
		defer func() { go s.vacate(client) }()
	default:
		s.refused(ctx, client, &Error{
			Code: "53300", Message: fmt.Sprintf("sorry, %d clients are connected already", s.config.Connections),
			Hint: "Close some, or use fewer connections in the pool of each.",
		})
		return
	}
	one, err := s.enter(ctx, client, start)
	if err != nil {
		s.refused(ctx, client, err)
		return
	}
	defer s.leave(one)
	if err := one.run(ctx); err != nil && ctx.Err() == nil && !gone(err) {
		s.config.Log.WarnContext(ctx, "a PostgreSQL client was cut off", "role", one.role, "error", err)
	}
}

// vacate gives back a client's place, when no call that was left to itself needs it.
func (s *Server) vacate(c *client) {
	c.turn <- struct{}{}
	<-s.slots
}

// address tells where a client is.
func address(conn net.Conn) string {
	if at := conn.RemoteAddr(); at != nil {
		return at.String()
	}
	return "unknown"
}

// refused tells a client why it is not let in.
func (s *Server) refused(ctx context.Context, client *client, err error) {
	if err == nil || gone(err) || errors.Is(err, errForeign) {
		return
	}
	told, ok := errors.AsType[*Error](err)
	if !ok {
		s.config.Log.WarnContext(ctx, "a PostgreSQL client was not let in", "error", err)
		told = &Error{Code: "XX000", Message: "the server cannot let you in; its log says why"}
	}
	var out writer
	out.fail("FATAL", told)
	_ = client.send(out.take())
}
