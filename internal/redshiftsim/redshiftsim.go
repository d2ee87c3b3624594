// Package redshiftsim simulates Amazon Redshift for tests: a front that speaks its protocol, before a private PostgreSQL.
//
// It is a simulation written from AWS's documentation, and not Redshift. What it proves is that a client sends only what Redshift
// documents: a closed grammar is accepted, everything else is refused before PostgreSQL sees it, and what Redshift does otherwise
// than PostgreSQL is done as documented where a loader may meet it (comments name the page of the Amazon Redshift Database
// Developer Guide: r_COPY, r_CREATE_TABLE_NEW …). What it does not prove is that Redshift does as documented, and nothing about
// speed, distribution and concurrency beyond serializable transactions.
//
// Where documentation and practice leave a doubt, the simulator is the stricter: what it refuses may work on Redshift. Left out are,
// among others: that trailing blanks do not count when texts are compared; late binding (a view without schema binding still needs its
// tables); that CREATE TABLE AS gives a text the width of its query's; SUPER; limits on correlated subqueries. select * of a role that may
// not read all columns is refused, as the guide says; newer pages give the permitted ones. The client's password comes in clear text, for PostgreSQL to check.
package redshiftsim

import (
	"context"
	"crypto/tls"
	"embed"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/jackc/pgx/v5"

	"trunkline/internal/pgtest"
	"trunkline/internal/secret"
)

// Options say what the simulated cluster is to be like.
type Options struct {
	// S3Endpoint is the address that COPY reads objects from (http://host:port), path-style, with these credentials. S3Region is the
	// cluster's region, where the buckets have to be.
	S3Endpoint           string
	S3Region             string
	AccessKey, SecretKey secret.Secret
	// Roles are the ARNs of the IAM roles that COPY may assume.
	Roles []string
	// TLS makes the front speak TLS, and refuse whoever does not.
	TLS bool
}

// Server is a running simulator, with what a client connects with. Its user is a superuser.
type Server struct {
	Host                     string // 127.0.0.1; with TLS localhost, which the certificate is for
	Port                     int
	Database, User, Password string
	CA                       string // file with the certificate that signed the front's, with TLS

	options  Options
	postgres *pgtest.Server
	s3       *s3.Client
	listener net.Listener
	tls      *tls.Config
	ended    chan struct{}
	running  sync.WaitGroup
	query    atomic.Int64 // id of the last COPY

	mu     sync.Mutex
	sent   []string
	faults []Fault
	open   map[net.Conn]struct{}
	// sessions are told through these to cancel, by the id that they gave their client.
	sessions map[uint32]chan struct{}
	admin    *pgx.Conn // writes what outlives a transaction that is rolled back
}

//go:embed tables.sql values.sql catalog.sql
var definitions embed.FS

// Start starts PostgreSQL and the front before it. All ends with the test.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := &Server{
		Host: "127.0.0.1", Database: "dev", User: "awsuser", Password: "Simulated1", options: o, ended: make(chan struct{}),
		open: map[net.Conn]struct{}{}, sessions: map[uint32]chan struct{}{},
	}
	s.query.Store(1000)
	s.postgres = pgtest.Start(tb, pgtest.Options{Scram: true, Settings: map[string]string{
		"default_transaction_isolation": "serializable", "timezone": "UTC", "max_connections": "60",
	}})
	s.prepare(tb)
	s.s3 = newS3(o)
	var err error
	if o.TLS {
		s.Host = "localhost"
		s.CA = filepath.Join(tb.TempDir(), "ca.crt")
		var ca []byte
		if s.tls, ca, err = newTLS(s.Host); err == nil {
			err = os.WriteFile(s.CA, ca, 0o600)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	var listen net.ListenConfig
	if s.listener, err = listen.Listen(tb.Context(), "tcp", "127.0.0.1:0"); err != nil {
		tb.Fatal(err)
	}
	s.Port = s.listener.Addr().(*net.TCPAddr).Port
	tb.Cleanup(s.stop)
	s.running.Add(1)
	go s.accept()
	return s
}

// prepare makes the database and what Redshift has beyond PostgreSQL.
func (s *Server) prepare(tb testing.TB) {
	tb.Helper()
	ctx := tb.Context()
	first, err := pgx.Connect(ctx, s.postgres.DSN("postgres", "postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	_, err = first.Exec(ctx, "create role "+s.User+" superuser login password "+literal(s.Password))
	if err == nil {
		_, err = first.Exec(ctx, "create database "+s.Database+" owner "+s.User)
	}
	if err = errors.Join(err, first.Close(ctx)); err != nil {
		tb.Fatal(err)
	}
	if s.admin, err = pgx.Connect(ctx, s.Upstream()); err != nil {
		tb.Fatal(err)
	}
	for _, file := range []string{"tables.sql", "values.sql", "catalog.sql"} {
		sql, err := definitions.ReadFile(file)
		if err == nil {
			_, err = s.admin.Exec(ctx, string(sql))
		}
		if err != nil {
			tb.Fatalf("load %s: %v", file, err)
		}
	}
}

// Upstream is the DSN of the PostgreSQL behind the front, for tests that look behind.
func (s *Server) Upstream() string { return s.postgres.DSN(s.User, s.Database) }

// Sent gives every statement that the front was given until now, in the order of arrival.
func (s *Server) Sent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

func (s *Server) record(sql string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, sql)
}

// accept serves clients until the listener is closed.
func (s *Server) accept() {
	defer s.running.Done()
	for {
		client, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[client] = struct{}{}
		s.mu.Unlock()
		s.running.Go(func() {
			s.serve(client)
			_ = client.Close()
			s.mu.Lock()
			delete(s.open, client)
			s.mu.Unlock()
		})
	}
}

// stop ends the front: whoever is connected is cut off.
func (s *Server) stop() {
	close(s.ended)
	_ = s.listener.Close()
	s.mu.Lock()
	for c := range s.open {
		_ = c.Close()
	}
	s.mu.Unlock()
	ctx := context.Background()
	_, _ = s.admin.Exec(ctx, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'")
	s.running.Wait()
	_ = s.admin.Close(ctx)
}
