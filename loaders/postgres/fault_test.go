package postgres

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trunkline/internal/evidence"
	"trunkline/internal/pgtest"
	"trunkline/internal/secret"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t, pgtest.Options{Scram: true, TLS: []string{"localhost"}})
	good := fresh(t, s, "faults")
	l := openAll(t, good)
	l.mustExec(t, "create role writer login password 'right-secret'")
	l.mustExec(t, "create role nobody login password 'right-secret'")
	l.mustExec(t, "grant create on database faults to writer")
	over := Config{
		Host: "localhost", Port: s.Port, Database: "faults", User: "writer", Password: secret.New("right-secret"), Schema: "own", CAFile: s.CA,
	}
	for name, c := range map[string]struct {
		change func(*Config)
		kind   pipeline.Kind
		says   string
	}{
		"no host":                  {func(c *Config) { c.Host = "" }, pipeline.Misuse, "host is missing"},
		"a port that is none":      {func(c *Config) { c.Port = 70000 }, pipeline.Misuse, "65535"},
		"no such CA file":          {func(c *Config) { c.CAFile = filepath.Join(t.TempDir(), "no.pem") }, pipeline.Misuse, "ca_file"},
		"a wrong password":         {func(c *Config) { c.Password = secret.New("wrong-secret") }, pipeline.Denied, "password"},
		"no such database":         {func(c *Config) { c.Database = "elsewhere" }, pipeline.Denied, "elsewhere"},
		"nothing listens":          {func(c *Config) { c.Port = 1 }, pipeline.Failure, "connect"},
		"a name not in the paper":  {func(c *Config) { c.Host = "127.0.0.1" }, pipeline.Failure, "certificate"},
		"an authority not trusted": {func(c *Config) { c.CAFile = "" }, pipeline.Failure, "certificate"},
		"no right to the schema":   {func(c *Config) { c.User = "nobody" }, pipeline.Denied, "permission denied"},
		"another one is writing":   {func(c *Config) { *c = good }, pipeline.Locked, "test is writing"},
	} {
		t.Run(name, func(t *testing.T) {
			tried := over
			c.change(&tried)
			l, err := Open(t.Context(), tried, "late")
			e, ok := errors.AsType[*pipeline.Error](err)
			if !ok || e.Kind != c.kind || !strings.Contains(err.Error(), c.says) || e.Cure == "" {
				t.Errorf("got %v, want kind %v with %q", err, c.kind, c.says)
			}
			if err != nil && (strings.Contains(err.Error(), "wrong-secret") || strings.Contains(err.Error(), "right-secret")) {
				t.Errorf("the error shows a secret: %v", err)
			}
			if l != nil {
				t.Error("a loader was returned")
			}
		})
	}
	l.mustExec(t, `create schema "Given to.nobody" authorization nobody`) // who owns a schema needs no right on the database
	given := over
	given.User, given.Schema = "nobody", "Given to.nobody"
	theirs, err := Open(t.Context(), given, "nobody")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(theirs.Migrate(t.Context(), schema.All()), theirs.Close()); err != nil {
		t.Error(err)
	}
	own, err := Open(t.Context(), over, "writer") // and with nothing wrong, beside the other schema's writer
	if err != nil {
		t.Fatal(err)
	}
	if err := own.Close(); err != nil {
		t.Error(err)
	}
}

func TestTablesOfOthersAreLeftAlone(t *testing.T) {
	t.Parallel()
	c := fresh(t, pgtest.Start(t, pgtest.Options{}), "claimed")
	c.Schema = "public"
	db, conn, err := connect(t.Context(), c.withDefaults(), "off")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = errors.Join(conn.Close(), db.Close()) }()
	if _, err := conn.ExecContext(t.Context(), "create table users (id int)"); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), c, "test")
	if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Code != "TL6008" || !strings.Contains(e.What, "users") {
		t.Errorf("got %v, want TL6008", err)
	}
	for name, statement := range map[string]string{"ascii": "create database ascii encoding 'SQL_ASCII' template template0 lc_collate 'C' lc_ctype 'C'"} {
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
		c.Database = name
		_, err := Open(t.Context(), c, "test")
		if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Kind != pipeline.Misuse || !strings.Contains(err.Error(), "SQL_ASCII") {
			t.Errorf("got %v, want the encoding refused", err)
		}
	}
}

func queues(n int, name string) []schema.Row {
	rows := make([]schema.Row, n)
	for i := range rows {
		rows[i] = &schema.Queue{QueueID: fmt.Sprintf("%06d", i), Name: &name, SourceRun: "r", ObservedAt: time.Now().UTC(), RowHash: name}
	}
	return rows
}

// Whatever ends the connection, and whenever: the next run loads the batch whole, or finds it loaded.
func TestAConnectionThatIsCutLeavesAllOrNothing(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "PostgreSQL", evidence.Faults, evidence.Engine)
	s := pgtest.Start(t, pgtest.Options{})
	c := fresh(t, s, "cut")
	l := openAll(t, c)
	if _, err := l.Load(t.Context(), loadertest.Batch(t, "old", queues(30_000, "old")...)); err != nil {
		t.Fatal(err)
	}
	killer := fresh(t, s, "killer")
	db, conn, err := connect(t.Context(), killer.withDefaults(), "off")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = errors.Join(conn.Close(), db.Close()) }()
	cuts := 0
	for n, wait := range []int{0, 5, 20, 50, 100, 200, 400, 800, 1600} {
		name := fmt.Sprint("new", n)
		b := loadertest.Batch(t, name, queues(30_000, name)...)
		done := make(chan error, 1)
		victim, err := Open(t.Context(), Config{Host: c.Host, Port: c.Port, Database: c.Database, User: c.User, Schema: "other"}, "victim")
		if err != nil {
			t.Fatal(err)
		}
		if err := victim.Migrate(t.Context(), []*schema.Table{schema.Queues}); err != nil {
			t.Fatal(err)
		}
		var pid int
		if err := victim.Conn.QueryRowContext(t.Context(), "select pg_backend_pid()").Scan(&pid); err != nil {
			t.Fatal(err)
		}
		go func() {
			_, err := victim.Load(t.Context(), b)
			done <- err
		}()
		time.Sleep(time.Duration(wait) * time.Millisecond)
		if _, err := conn.ExecContext(t.Context(), fmt.Sprintf("select pg_terminate_backend(%d)", pid)); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			cuts++
		}
		_ = victim.Close() // its connection is gone
		next, err := Open(t.Context(), Config{Host: c.Host, Port: c.Port, Database: c.Database, User: c.User, Schema: "other"}, "next")
		if err != nil {
			t.Fatal("after a cut:", err)
		}
		if _, err := next.Load(t.Context(), b); err != nil {
			t.Fatal("after a cut:", err)
		}
		rows, err := selectAll(t.Context(), next, "select count(*) as n, count(distinct queue_id) as keys, min(name) as first, max(name) as last from queues")
		if err != nil {
			t.Fatal(err)
		}
		if r := rows[0]; r["n"] != int64(30_000) || r["keys"] != int64(30_000) || r["first"] != name || r["last"] != name {
			t.Errorf("after a cut at %d ms: %v", wait, r)
		}
		if err := next.Close(); err != nil {
			t.Error(err)
		}
	}
	if cuts < 2 {
		t.Errorf("only %d loads were cut", cuts)
	}
}

// A column that somebody dropped is there again, empty; a table of the same name with another type is refused.
func TestMigrateMendsAndRefuses(t *testing.T) {
	c := fresh(t, pgtest.Start(t, pgtest.Options{}), "mended")
	l := openAll(t, c)
	l.mustExec(t, "alter table queues drop column name")
	if err := l.Migrate(t.Context(), []*schema.Table{schema.Queues}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Load(t.Context(), loadertest.Batch(t, "b", queues(3, strings.Repeat("ü", 500))...)); err != nil {
		t.Fatal(err)
	}
	l.mustExec(t, "alter table queues alter column sla_target_ms type text")
	err := l.Migrate(t.Context(), []*schema.Table{schema.Queues})
	if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Code != "TL6003" || !strings.Contains(e.Cure, "alter table") {
		t.Errorf("got %v, want TL6003 with the statement", err)
	}
}
