package trusst

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/pgconfig"
)

// login is where a database is and who reads it.
type login pgconfig.Login

// logins gives the login.
type logins interface {
	// login gives the login, asked for anew if what was known was refused.
	login(ctx context.Context, anew bool) (login, error)
}

// fixed is a login that the configuration holds.
type fixed login

func (f fixed) login(context.Context, bool) (login, error) { return login(f), nil }

func newLogins(c Config) (logins, error) {
	if c.Secret != nil {
		if c.Secret.Name == "" {
			return nil, misuse("the secret has no name")
		}
		return &stored{secret: *c.Secret, defaults: login{Host: c.Host, Port: c.Port, Database: c.Database}}, nil
	}
	for _, needed := range []struct{ name, value string }{{"host", c.Host}, {"database", c.Database}, {"user", c.User}} {
		if needed.value == "" {
			return nil, misuse(needed.name + " is missing")
		}
	}
	return fixed{c.Host, c.Port, c.Database, c.User, c.Password}, nil
}

// stored is a login in AWS Secrets Manager, kept until it is refused.
type stored struct {
	secret   AWSSecret
	defaults login // of what the secret does not say

	mu    sync.Mutex
	known *login
}

func (s *stored) login(ctx context.Context, anew bool) (login, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known != nil && !anew {
		return *s.known, nil
	}
	l, err := s.secret.read(ctx, s.defaults)
	if err != nil {
		return login{}, err
	}
	s.known = &l
	return l, nil
}

// open makes a connection. A password that is refused may have been changed since: it is asked for once more.
func (x *Extractor) open(ctx context.Context) (*pgx.Conn, error) {
	l, err := x.logins.login(ctx, false)
	if err != nil {
		return nil, err
	}
	conn, err := x.dial(ctx, l)
	if pgconfig.Code(err) != badPassword {
		return conn, err
	}
	if l, err = x.logins.login(ctx, true); err != nil {
		return nil, err
	}
	return x.dial(ctx, l)
}

func (x *Extractor) dial(ctx context.Context, l login) (*pgx.Conn, error) {
	c, err := x.connConfig(l)
	if err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, c)
}

// connConfig makes a session that can only read, and that the server ends if it is forgotten.
func (x *Extractor) connConfig(l login) (*pgx.ConnConfig, error) {
	c, err := pgconfig.New(pgconfig.Login(l), x.tls)
	if err != nil {
		return nil, misuse(err.Error())
	}
	c.RuntimeParams["default_transaction_read_only"] = "on"
	c.RuntimeParams["statement_timeout"] = strconv.FormatInt(x.config.StatementTimeout.Milliseconds(), 10)
	c.RuntimeParams["idle_in_transaction_session_timeout"] = "30000"
	c.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe // planned for the values at hand
	return c, nil
}

// SQLSTATEs that something is done about.
const (
	badPassword    = "28P01"
	badLogin       = "28000"
	forbidden      = "42501"
	conflict       = "40001" // also: a standby had to cancel the query to catch up
	deadlock       = "40P01"
	cancelled      = "57014" // by statement_timeout
	shutDown       = "57P01"
	crashed        = "57P02"
	starting       = "57P03"
	tooMany        = "53300"
	stalePlan      = "0A000"
	noColumn       = "42703"
	noTable        = "42P01"
	connectionLost = "08" // a class
)

// mayPass tells whether doing it again may help. What the server did not send, but the network, may pass; what was wrong with the
// server's certificate or its answers may not.
func mayPass(err error) bool {
	switch c := pgconfig.Code(err); c {
	case conflict, deadlock, shutDown, crashed, starting, tooMany, stalePlan:
		return true
	case "":
		return isNetwork(err)
	default:
		return strings.HasPrefix(c, connectionLost)
	}
}

func isNetwork(err error) bool {
	if isCertificate(err) {
		return false
	}
	_, refused := errors.AsType[*pgconn.ConnectError](err)
	_, broken := errors.AsType[net.Error](err)
	return refused || broken || isEnd(err)
}
