package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/pgwire"
	"trunkline/internal/secret"
)

// published makes a folder with a configuration, and the files of the whole and of the supervisor as a publication does.
func published(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	config := "version: 1\nwarehouse: {duckdb: {roles: {supervisor: supervisor.duckdb, finance: finance.duckdb}}}\n"
	if err := os.WriteFile(filepath.Join(dir, "trunkline.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, columns := range map[string]string{"published": "id integer, agent_name varchar, ltv_usd double", "supervisor": "id integer, agent_name varchar"} {
		db, err := sql.Open("duckdb", filepath.Join(dir, file+".duckdb"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.ExecContext(t.Context(), "create table unified_interactions ("+columns+")")
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Once a role has a password the others are not served without one.
func TestServePostgresOnlyWithPasswords(t *testing.T) {
	passwords := map[string]secret.Secret{"supervisor": secret.New("x")}
	all := []pgwire.Role{{Name: "admin"}, {Name: "finance"}, {Name: "supervisor", Password: passwords["supervisor"]}}
	roles, open, err := closed(all, nil, passwords)
	if err != nil || len(roles) != 1 || roles[0].Name != "supervisor" || strings.Join(open, " ") != "admin finance" {
		t.Error(roles, open, err)
	}
	if roles, open, err = closed(all, nil, nil); err != nil || len(roles) != 3 || open != nil {
		t.Error(roles, open, err)
	}
}

// startServing runs serve --pg for some roles, and gives how each connects. stop ends it, which has to go well, and gives what it told.
func startServing(t *testing.T, config string, roles []string, more ...string) (dsn map[string]string, stop func() string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	var stderr strings.Builder
	ended := make(chan int, 1)
	args := append([]string{"serve", "--config", config, "--pg", "127.0.0.1:0"}, more...)
	for _, role := range roles {
		args = append(args, "--role", role)
	}
	go func() {
		ended <- newApp(write, &stderr).run(ctx, args)
		_ = write.Close()
	}()
	dsn = map[string]string{}
	lines := bufio.NewScanner(read)
	for len(dsn) < len(roles) && lines.Scan() {
		text := strings.TrimSuffix(strings.TrimPrefix(lines.Text(), `psql "`), `"`)
		for _, role := range roles {
			if strings.Contains(text, "user="+role+" ") {
				dsn[role] = text + " sslmode=disable"
			}
		}
	}
	if len(dsn) != len(roles) {
		cancel()
		t.Fatalf("it ends with %d: %s", <-ended, stderr.String())
	}
	return dsn, func() string {
		cancel()
		select {
		case exit := <-ended:
			if exit != 0 {
				t.Errorf("it ends with %d: %s", exit, stderr.String())
			}
			return stderr.String()
		case <-time.After(20 * time.Second):
			t.Error("it does not stop")
			return ""
		}
	}
}

// The command serves each role its own file, with the passwords of file and environment, says how to connect, and ends well when it is
// stopped.
func TestServePostgres(t *testing.T) {
	dir := published(t)
	first, second := rand.Text(), rand.Text()
	passwords := filepath.Join(dir, "passwords")
	if err := os.WriteFile(passwords, []byte("# of whom\nadmin:"+first+"\nsupervisor:not this one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TRUNKLINE_PG_PASSWORD_SUPERVISOR", second)
	dsn, stop := startServing(t, filepath.Join(dir, "trunkline.yaml"), []string{"admin", "supervisor"}, "--pg-password-file", passwords)
	ask := func(role, password, query string) string {
		conn, err := pgx.Connect(t.Context(), dsn[role]+" password="+password)
		if err == nil {
			_, err = conn.Exec(t.Context(), query)
			err = errors.Join(err, conn.Close(t.Context()))
		}
		if e, ok := errors.AsType[*pgconn.PgError](err); ok {
			return e.Code
		}
		return fmt.Sprint(err)
	}
	for _, c := range []struct{ role, password, query, want string }{
		{"admin", first, "select ltv_usd, agent_name from unified_interactions", "<nil>"},
		{"supervisor", second, "select agent_name from unified_interactions", "<nil>"},
		{"supervisor", second, "select ltv_usd from unified_interactions", "42703"},
		{"supervisor", second, "drop table unified_interactions", "25006"},
		{"supervisor", first, "select 1", "28P01"},
		{"admin", second, "select 1", "28P01"},
	} {
		if got := ask(c.role, c.password, c.query); got != c.want {
			t.Errorf("%s: %s: %s, want %s", c.role, c.query, got, c.want)
		}
	}
	if said := stop(); strings.Contains(said, first) || strings.Contains(said, second) {
		t.Error("a password is told")
	}
}
