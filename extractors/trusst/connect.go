package trusst

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/secret"
)

// login is where a database is and who reads it.
type login struct {
	Host     string
	Port     int
	Database string
	User     string
	Password secret.Secret
}

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

// certifier makes the TLS configuration of a host; nil is no TLS.
type certifier func(host string) *tls.Config

func newCertifier(c Config) (certifier, error) {
	if c.Plain {
		return func(string) *tls.Config { return nil }, nil
	}
	var roots *x509.CertPool // nil: the machine's own
	if c.CAFile != "" {
		text, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, misuse("read ca_file: " + err.Error())
		}
		roots = x509.NewCertPool()
		if !roots.AppendCertsFromPEM(text) {
			return nil, misuse("ca_file " + c.CAFile + " holds no certificate (PEM)")
		}
	}
	return func(host string) *tls.Config {
		name := host
		if c.ServerName != "" {
			name = c.ServerName
		}
		return &tls.Config{ServerName: name, RootCAs: roots, MinVersion: tls.VersionTLS12}
	}, nil
}

// connectWithin is how long a connection may take.
const connectWithin = 15 * time.Second

// open makes a connection. A password that is refused may have been changed since: it is asked for once more.
func (x *Extractor) open(ctx context.Context) (*pgx.Conn, error) {
	l, err := x.logins.login(ctx, false)
	if err != nil {
		return nil, err
	}
	conn, err := x.dial(ctx, l)
	if code(err) != badPassword {
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

// connConfig makes a session that can only read, and that the server ends if it is forgotten. Nothing of it comes from the
// environment, except what nobody should need to set (PGSERVICE).
func (x *Extractor) connConfig(l login) (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig("host=localhost sslmode=disable")
	if err != nil {
		return nil, fmt.Errorf("prepare a connection: %w", err)
	}
	if l.Port < 1 || l.Port > 65535 {
		return nil, misuse(fmt.Sprintf("port is between 1 and 65535, not %d", l.Port))
	}
	c.Host, c.Port, c.Database, c.User, c.Password = l.Host, uint16(l.Port), l.Database, l.User, l.Password.Reveal()
	c.TLSConfig, c.Fallbacks, c.ConnectTimeout = x.tls(l.Host), nil, connectWithin
	if strings.HasPrefix(l.Host, "/") { // a Unix socket has no TLS
		c.TLSConfig = nil
	}
	c.RuntimeParams = map[string]string{
		"application_name": "trunkline", "TimeZone": "UTC", "default_transaction_read_only": "on",
		"statement_timeout":                   strconv.FormatInt(x.config.StatementTimeout.Milliseconds(), 10),
		"idle_in_transaction_session_timeout": "30000",
	}
	c.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe // planned for the values at hand
	c.OnNotice = nil
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

// code gives the SQLSTATE of an error, if the server sent it.
func code(err error) string {
	if told, ok := errors.AsType[*pgconn.PgError](err); ok {
		return told.Code
	}
	return ""
}

// mayPass tells whether doing it again may help. What the server did not send, but the network, may pass; what was wrong with the
// server's certificate or its answers may not.
func mayPass(err error) bool {
	switch c := code(err); c {
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
