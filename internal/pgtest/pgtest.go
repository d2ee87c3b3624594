// Package pgtest starts private PostgreSQL servers for tests: real ones, each in a folder of its own, gone when the test ends. A
// machine without the server's programs makes the test fail, and tells how to install them: a rule that was not tried is not kept.
package pgtest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Options say what a server is to be like. The zero value is a server that trusts everybody on this machine.
type Options struct {
	// Scram asks for a password (SCRAM-SHA-256) over TCP. The Unix socket is trusted always.
	Scram bool
	// TLS lists the names and IP addresses that the server's certificate is for; none is a server without TLS.
	TLS []string
	// Language makes texts compare as its speakers do (ICU: en-US); empty is byte by byte.
	Language string
	// Settings go to postgresql.conf, after those that make a server small and quick.
	Settings map[string]string
}

// Server is a running PostgreSQL. Its superuser is postgres, its first database too.
type Server struct {
	Host string // 127.0.0.1
	Port int
	// Socket is the folder of the Unix socket.
	Socket string
	// CA is the file with the certificate that signed the server's, if it has TLS.
	CA string

	bin     string
	dir     string
	options Options
	process *process
	log     *bytes.Buffer
}

// startWithin is how long a server may take until it answers. A loaded machine takes its time.
const startWithin = 2 * time.Minute

// Start makes a server and starts it. It is stopped, and its folder removed, when the test ends.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := prepare(t, o)
	args := []string{"--pgdata=" + s.data(), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"}
	if o.Language != "" {
		args = append(args, "--locale-provider=icu", "--icu-locale="+o.Language)
	}
	s.command(t, "initdb", args...)
	if len(o.TLS) > 0 {
		s.certify(t)
	}
	s.settle(t)
	s.start(t)
	return s
}

// Standby makes a streaming, readable copy of a server and starts it. Settings are the standby's own, for example
// max_standby_streaming_delay.
func (s *Server) Standby(t testing.TB, settings map[string]string) *Server {
	t.Helper()
	o := s.options
	o.TLS, o.Settings = nil, maps.Clone(o.Settings)
	if o.Settings == nil {
		o.Settings = map[string]string{}
	}
	maps.Copy(o.Settings, settings)
	copied := prepare(t, o)
	copied.command(t, "pg_basebackup", "--pgdata="+copied.data(), "--host="+s.Socket, "--port="+strconv.Itoa(s.Port),
		"--username=postgres", "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync")
	copied.settle(t)
	copied.start(t)
	return copied
}

// DSN names a database as a user, over the Unix socket, where nobody is asked for a password.
func (s *Server) DSN(user, database string) string {
	return fmt.Sprintf("host=%s port=%d user=%s dbname=%s sslmode=disable", s.Socket, s.Port, user, database)
}

// Program gives where a program of the server's release is: psql.
func (s *Server) Program(name string) string { return filepath.Join(s.bin, name) }

// Stop ends the server; whoever is connected is cut off. It may be started again.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if s.process == nil {
		return
	}
	if err := s.process.stop(); err != nil {
		t.Errorf("stop postgres: %v\n%s", err, s.log)
	}
	s.process = nil
}

// Restart stops the server and starts it again, on the same port.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop(t)
	s.start(t)
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// prepare makes the folder of a server. It is not the test's own: the server's user could not enter that.
func prepare(t testing.TB, o Options) *Server {
	t.Helper()
	bin, err := findPrograms()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "pg") //nolint:usetesting // short (a socket's path has 107 bytes at most) and open to the server's user
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove the server's folder: %v", err)
		}
	})
	s := &Server{Host: "127.0.0.1", Socket: dir, bin: bin, dir: dir, options: o, log: &bytes.Buffer{}}
	if err := giveToServer(dir); err != nil {
		t.Fatal(err)
	}
	if s.Port, err = freePort(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// freePort gives a port that nobody listens on. Another process may take it meanwhile; then the server does not start, and says so.
func freePort(ctx context.Context) (int, error) {
	var network net.ListenConfig
	l, err := network.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err = errors.Join(err, l.Close()); err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	return strconv.Atoi(port)
}

// command runs one of PostgreSQL's programs as the server's user.
func (s *Server) command(t testing.TB, program string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(s.bin, program), args...)
	cmd.Dir, cmd.SysProcAttr = s.dir, asServer()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// settle writes the configuration.
func (s *Server) settle(t testing.TB) {
	t.Helper()
	settings := map[string]string{
		"listen_addresses": s.Host, "unix_socket_directories": s.Socket,
		"fsync": "off", "full_page_writes": "off", // it does not outlive the test
		"shared_buffers": "64MB", "max_connections": "60", "autovacuum": "off", "wal_level": "replica", "max_wal_size": "512MB",
	}
	host := "host"
	if len(s.options.TLS) > 0 {
		host = "hostssl"
		maps.Copy(settings, map[string]string{"ssl": "on", "ssl_cert_file": s.path("server.crt"), "ssl_key_file": s.path("server.key")})
	} else {
		settings["ssl"] = "off"
	}
	maps.Copy(settings, s.options.Settings)
	var conf strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&conf, "%s = '%s'\n", name, strings.ReplaceAll(settings[name], "'", "''"))
	}
	method := "trust"
	if s.options.Scram {
		method = "scram-sha-256"
	}
	hba := "local all all trust\nlocal replication all trust\n" + host + " all all 127.0.0.1/32 " + method + "\n"
	s.write(t, "data/postgresql.conf", []byte(conf.String()))
	s.write(t, "data/pg_hba.conf", []byte(hba))
}

func (s *Server) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// write writes a file that only the server's user may read.
func (s *Server) write(t testing.TB, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(s.path(name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := giveToServer(s.path(name)); err != nil {
		t.Fatal(err)
	}
}

// start starts the server and waits until it answers. The line of its pid file that tells its state is written by itself.
func (s *Server) start(t testing.TB) {
	t.Helper()
	s.log.Reset()
	p, err := launch(filepath.Join(s.bin, "postgres"), s.dir, []string{"-D", s.data(), "-p", strconv.Itoa(s.Port)}, s.log)
	if err != nil {
		t.Fatalf("start postgres: %v", err)
	}
	s.process = p
	t.Cleanup(func() { s.Stop(t) })
	for until := time.Now().Add(startWithin); !s.ready(); time.Sleep(10 * time.Millisecond) {
		if p.ended() || time.Now().After(until) {
			err := p.stop()
			s.process = nil
			t.Fatalf("postgres does not start: %v\n%s", cmp.Or(err, errors.New("it took too long")), s.log)
		}
	}
}

// ready tells whether the server takes connections.
func (s *Server) ready() bool {
	text, err := os.ReadFile(s.path("data/postmaster.pid"))
	lines := strings.Split(string(text), "\n")
	return err == nil && len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready" && lines[0] == strconv.Itoa(s.process.id())
}
