package redshiftsim_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"trunkline/internal/redshiftsim"
	"trunkline/internal/secret"
)

const role = "arn:aws:iam::123456789012:role/copy"

// s3Server is an S3 stand-in in this process, with one bucket.
func s3Server(t *testing.T) (endpoint string, put func(key string, body []byte)) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("lake"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return server.URL, func(key string, body []byte) {
		t.Helper()
		if _, err := backend.PutObject("lake", key, nil, strings.NewReader(string(body)), int64(len(body)), nil); err != nil {
			t.Fatal(err)
		}
	}
}

func start(t *testing.T) (*redshiftsim.Server, func(key string, body []byte)) {
	t.Helper()
	endpoint, put := s3Server(t)
	return redshiftsim.Start(t, redshiftsim.Options{
		S3Endpoint: endpoint, S3Region: "eu-central-1", AccessKey: secret.New("key"), SecretKey: secret.New("secret"), Roles: []string{role},
	}), put
}

func connectAs(t *testing.T, s *redshiftsim.Server, user, password string) (*pgx.Conn, error) {
	t.Helper()
	mode := "disable"
	if s.CA != "" {
		mode = "verify-full sslrootcert=" + s.CA
	}
	config, err := pgx.ParseConfig(fmt.Sprintf("host=%s port=%d dbname=%s sslmode=%s", s.Host, s.Port, s.Database, mode))
	if err != nil {
		t.Fatal(err)
	}
	config.User, config.Password, config.DefaultQueryExecMode = user, password, pgx.QueryExecModeDescribeExec
	c, err := pgx.ConnectConfig(t.Context(), config)
	if err == nil {
		t.Cleanup(func() { _ = c.Close(context.Background()) })
	}
	return c, err
}

func connect(t *testing.T, s *redshiftsim.Server) *pgx.Conn {
	t.Helper()
	c, err := connectAs(t, s, s.User, s.Password)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func execute(t *testing.T, c *pgx.Conn, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, told(err))
		}
	}
}

// told gives all that an error says.
func told(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code + " " + pg.Message + " " + pg.Detail
	}
	return fmt.Sprint(err)
}

// value asks for one value, as text.
func value(t *testing.T, c *pgx.Conn, sql string, args ...any) string {
	t.Helper()
	var v any
	if err := c.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, told(err))
	}
	if at, is := v.(time.Time); is {
		return at.Format("2006-01-02 15:04:05.999999")
	}
	return fmt.Sprint(v)
}

// refused expects an error that says a text.
func refused(t *testing.T, c *pgx.Conn, text, sql string, args ...any) {
	t.Helper()
	_, err := c.Exec(t.Context(), sql, args...)
	if err == nil || !strings.Contains(told(err), text) {
		t.Errorf("%s: %v instead of %q", sql, told(err), text)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	if n, err := redshiftsim.Check("begin; -- nothing\nselect 1;\n;commit"); n != 3 || err != nil {
		t.Error(n, err)
	}
	_, err := redshiftsim.Check("select 1;\nselect 2\nfrom t on conflict")
	if want := `line 3: syntax error at or near "on" (SQLSTATE 42601)`; fmt.Sprint(err) != want {
		t.Errorf("%v instead of %s", err, want)
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	s := redshiftsim.Start(t, redshiftsim.Options{TLS: true})
	c := connect(t, s)
	for name, want := range map[string]string{
		"server_version": "8.0.2", "client_encoding": "UNICODE", "standard_conforming_strings": "", "default_transaction_read_only": "",
	} {
		if got := c.PgConn().ParameterStatus(name); got != want {
			t.Errorf("%s is %q instead of %q", name, got, want)
		}
	}
	refused(t, c, "42704", "show standard_conforming_strings")
	for what, try := range map[string]func() error{
		"a wrong password": func() error { _, err := connectAs(t, s, s.User, "Wrong1234"); return err },
		"no TLS": func() error {
			_, err := pgx.Connect(t.Context(), fmt.Sprintf("host=%s port=%d user=%s password=%s dbname=%s sslmode=disable",
				s.Host, s.Port, s.User, s.Password, s.Database))
			return err
		},
	} {
		if err := try(); err == nil {
			t.Errorf("%s was accepted", what)
		}
	}
}

// TestModes: all of pgx's ways of sending a statement but simple_protocol with arguments, which needs what Redshift does not have.
func TestModes(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	c := connect(t, s)
	execute(t, c, "create table numbers (n bigint, word varchar(10))")
	for _, mode := range []pgx.QueryExecMode{
		pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec,
	} {
		if got := value(t, c, "select n + $1 from (select 1 as n) as one", mode, 2); got != "3" {
			t.Errorf("%v: %s", mode, got)
		}
		tag, err := c.Exec(t.Context(), "insert into numbers values ($1, $2)", mode, 7, "x")
		if err != nil || tag.String() != "INSERT 0 1" {
			t.Errorf("%v: %s, %v", mode, tag, told(err))
		}
	}
	if err := c.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := c.Exec(t.Context(), "select $1", pgx.QueryExecModeSimpleProtocol, 1); err == nil {
		t.Error("simple_protocol with arguments works")
	}
	if got := value(t, c, "show query_group"); got != "" {
		t.Error(got)
	}
	execute(t, c, "set query_group to 'night'")
	if got := value(t, c, "show query_group"); got != "night" {
		t.Error(got)
	}
}
