package trusst

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"trunkline/internal/pgconfig"
	"trunkline/internal/pgtest"
	"trunkline/pipeline"
)

// TestReplicaCancels: a standby that has to catch up cancels a query (the connection survives) or ends a session (it does not).
// Either way the page is asked for again.
func TestReplicaCancels(t *testing.T) {
	t.Parallel()
	primary := pgtest.Start(t, pgtest.Options{})
	admin, err := pgx.Connect(t.Context(), primary.DSN("postgres", "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = admin.Close(context.Background()) })
	exec := func(sql string) {
		t.Helper()
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec("create table crowd as select generate_series(1, 1000) as n")
	standby := primary.Standby(t, map[string]string{"max_standby_streaming_delay": "100ms"})
	x, err := New(Config{Host: standby.Socket, Port: standby.Port, Database: "postgres", User: "postgres"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := x.connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	cleanUp := func() { // takes away what a query on the standby may still see
		exec("insert into crowd select generate_series(1, 1000)")
		exec("delete from crowd where n % 2 = 0")
		exec("vacuum crowd")
	}
	for name, provoke := range map[string]func(*pgx.Conn) error{
		"query": func(c *pgx.Conn) error {
			done := make(chan error, 1)
			go func() {
				_, err := c.Exec(t.Context(), "select count(*), pg_sleep(20) from (select 1 from crowd limit 1) c")
				done <- err
			}()
			time.Sleep(200 * time.Millisecond)
			cleanUp()
			return <-done
		},
		"session": func(c *pgx.Conn) error {
			if _, err := c.Exec(t.Context(), "begin isolation level repeatable read"); err != nil {
				return err
			}
			if _, err := c.Exec(t.Context(), "select count(*) from crowd"); err != nil {
				return err
			}
			cleanUp()
			// A listener hears why; who writes next would only find the connection broken.
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			_, err := c.WaitForNotification(ctx)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			tries := 0
			var first error
			var before *pgx.Conn
			err := s.try(t.Context(), "read", func(c *pgx.Conn) error {
				if tries++; tries == 1 {
					before, first = c, provoke(c)
					return first
				}
				_, err := c.Exec(t.Context(), "select count(*) from crowd")
				return err
			})
			if err != nil || tries != 2 || pgconfig.Code(first) != conflict {
				t.Errorf("tried %d times, first %v, then %v", tries, first, err)
			}
			if survives := name == "query"; survives != (s.conn == before) {
				t.Errorf("survived: %v", s.conn == before)
			}
		})
	}
	if x.Usage().Retries != 2 {
		t.Errorf("%d retries", x.Usage().Retries)
	}
}

func TestRemedies(t *testing.T) {
	x, err := New(Config{Host: "/nowhere", Database: "d", User: "u"})
	if err != nil {
		t.Fatal(err)
	}
	x.tries = 2
	_, err = x.connect(t.Context())
	if known, ok := errors.AsType[*pipeline.Error](err); !ok || known.Code != "TL3201" || x.Usage().Retries != 1 {
		t.Errorf("got %v after %d retries", err, x.Usage().Retries)
	}
	if len(x.slots) != 0 {
		t.Error("the connection's place is not given back")
	}
}

// FuzzNote: no text makes the reader of notes panic, and what it reads it writes the same.
func FuzzNote(f *testing.F) {
	for _, text := range []string{
		`{"version":1,"watermark":"2026-11-20T10:00:00Z","universal":{"q1":"00112233445566778899aabbccddeeff"},"contacts":{"c1":` +
			`{"c":1,"h":"00112233445566778899aabbccddeeff","f":"00000000000000000000000000000000","p":5,"x":true}}}`,
		`{"version":2}`, `null`, `{}`, ``, `{"version":1,"universal":{},"contacts":{"c":{"h":"0"}}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if text == nil {
			text = []byte{}
		}
		n, err := parseNote(text)
		if err != nil {
			if known, ok := errors.AsType[*pipeline.Error](err); !ok || known.Code != "TL3204" {
				t.Errorf("got %v", err)
			}
			return
		}
		written, err := n.encode()
		if err != nil {
			return // a year that JSON cannot write
		}
		again, err := parseNote(written)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(n, again); diff != "" {
			t.Error(diff)
		}
	})
}

// FuzzLogin: no secret makes its reader panic, and no error shows a part of it.
func FuzzLogin(f *testing.F) {
	for _, text := range []string{
		`{"username":"u","password":"p","host":"h","port":"5432","database":"d"}`, `{"username":"u","password":"p","host":"h","port":5432,"dbname":"d"}`,
		`{"port":[]}`, `"x"`, `{"username":"u","password":"p","host":"h","port":"p4ss","database":"d"}`, `{"username":"u","password":"p","host":"h","port":1e99,"database":"d"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := parseLogin(text, login{Port: 5432})
		if err == nil && (l.Host == "" || l.User == "" || l.Database == "" || l.Password.IsZero() || l.Port < 1 || l.Port > 65535) {
			t.Errorf("%q is taken: %+v", text, l)
		}
	})
}
