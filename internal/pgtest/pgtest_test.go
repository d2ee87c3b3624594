package pgtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/pgtest"
)

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.WithoutCancel(t.Context())); err != nil { // the test's own context has ended
			t.Error(err)
		}
	})
	return c
}

// TestServer: passwords and TLS are real, a restart keeps what was written.
func TestServer(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t, pgtest.Options{Scram: true, TLS: []string{"localhost"}, Settings: map[string]string{"application_name": "it's"}})
	c := connect(t, s.DSN("postgres", "postgres"))
	if _, err := c.Exec(t.Context(), "create role reader login password 'right'; create table kept (n int)"); err != nil {
		t.Fatal(err)
	}
	s.Restart(t)
	over := func(host, mode, password string) error {
		dsn := fmt.Sprintf("host=%s port=%d user=reader password=%s dbname=postgres sslmode=%s sslrootcert=%s", host, s.Port, password, mode, s.CA)
		c, err := pgx.Connect(t.Context(), dsn)
		if err == nil {
			_, err = c.Exec(t.Context(), "table kept")
			_ = c.Close(t.Context())
		}
		return err
	}
	for _, test := range []struct {
		host, mode, password string
		code                 string
	}{
		{"localhost", "verify-full", "right", "42501"}, // it is in, and may not read
		{"localhost", "verify-full", "wrong", "28P01"},
		{"localhost", "disable", "right", "28000"}, // the server takes nobody without TLS
		{"127.0.0.1", "verify-full", "right", ""},  // the certificate is for another name
	} {
		err := over(test.host, test.mode, test.password)
		var told *pgconn.PgError
		if errors.As(err, &told); err == nil || (told == nil) != (test.code == "") || told != nil && told.Code != test.code {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

// TestStandby: what is written to the primary can be read from its copy, which cannot be written to.
func TestStandby(t *testing.T) {
	t.Parallel()
	primary := pgtest.Start(t, pgtest.Options{})
	standby := primary.Standby(t, map[string]string{"max_standby_streaming_delay": "1s"})
	if _, err := connect(t, primary.DSN("postgres", "postgres")).Exec(t.Context(), "create table copied as select 7 as n"); err != nil {
		t.Fatal(err)
	}
	c := connect(t, standby.DSN("postgres", "postgres"))
	var n int
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := c.QueryRow(t.Context(), "select n from copied").Scan(&n)
		if err == nil {
			break
		}
		if time.Now().After(until) {
			t.Fatal(err)
		}
	}
	var delay string
	if err := c.QueryRow(t.Context(), "show max_standby_streaming_delay").Scan(&delay); err != nil || n != 7 || delay != "1s" {
		t.Errorf("n %d, delay %s, %v", n, delay, err)
	}
	if _, err := c.Exec(t.Context(), "insert into copied values (8)"); err == nil {
		t.Error("the standby was written to")
	}
}
