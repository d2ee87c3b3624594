package browsertest

import (
	"bufio"
	"bytes"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// clock is when the demo and the page think that it is: equal demos make equal screenshots.
const clock = "2026-11-26T14:00:00Z"

// everything is the name of who sees every column.
const everything = "admin"

// centre is a demo's folder, and the command that made it.
type centre struct {
	program, dir string
	base         string            // address of its page, with a slash at the end
	tokens       map[string]string // by role
}

// open makes a demo of so many conversations a day, publishes it for each role, and shows it until the test ends.
func open(t *testing.T, perDay int) *centre {
	t.Helper()
	c := &centre{dir: t.TempDir(), tokens: map[string]string{
		everything: "everything-0123456789", "supervisor": "supervisor-0123456789", "finance": "finance-0123456789",
	}}
	// The tests of the command are the command with a clock of its own, if they are called so.
	c.program = filepath.Join(t.TempDir(), "trunkline-clocked")
	finish(t, exec.CommandContext(t.Context(), "go", "test", "-c", "-o", c.program, "trunkline/cmd/trunkline"))
	finish(t, c.command(t, "demo", "--no-serve", "--quiet", "--dir", c.dir, "--per-day", fmt.Sprint(perDay)))
	c.configure(t, "published: published.duckdb", "published: published.duckdb, roles: {supervisor: supervisor.duckdb, finance: finance.duckdb}")
	finish(t, c.command(t, "publish", "--again", "--quiet"))
	c.serve(t)
	return c
}

// configure replaces a part of the configuration, which must be there.
func (c *centre) configure(t *testing.T, old, with string) {
	t.Helper()
	file := filepath.Join(c.dir, "trunkline.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s has no %q:\n%s", file, old, text)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), old, with, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// command makes a call of the command at the clock.
func (c *centre) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), c.program, args...)
	cmd.Env = append(os.Environ(), "TRUNKLINE_TEST_NOW="+clock, "TRUNKLINE_CONFIG="+filepath.Join(c.dir, "trunkline.yaml"))
	return cmd
}

// serve shows the page until the test ends.
func (c *centre) serve(t *testing.T) {
	t.Helper()
	tokens := filepath.Join(c.dir, "tokens.txt")
	var lines strings.Builder
	for role, token := range c.tokens {
		fmt.Fprintf(&lines, "%s=%s\n", role, token)
	}
	if err := os.WriteFile(tokens, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := c.command(t, "serve", "--addr", "127.0.0.1:0", "--token-file", tokens)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	var said bytes.Buffer
	cmd.Stderr = &said
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Wait() // it was stopped
		if t.Failed() {
			t.Logf("trunkline serve:\n%s", &said)
		}
	})
	lead := bufio.NewScanner(stdout)
	if !lead.Scan() {
		t.Fatal("trunkline serve prints no address; what it says is at the end")
	}
	c.base = lead.Text()
}

// address gives the address of a page for a role.
func (c *centre) address(t *testing.T, role, page string) string {
	t.Helper()
	u, err := url.Parse(c.base + page)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("token", c.tokens[role])
	u.RawQuery = q.Encode()
	return u.String()
}

// report writes the page as files and gives the address of their folder, with a slash at the end.
func (c *centre) report(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	finish(t, c.command(t, "report", "--out", dir))
	return "file://" + filepath.ToSlash(dir) + "/"
}

// closed publishes once more, to another file, with a gate that lets nobody through, and gives the address of the report of it.
func (c *centre) closed(t *testing.T) string {
	t.Helper()
	again := *c
	again.dir = t.TempDir()
	if err := os.CopyFS(again.dir, os.DirFS(c.dir)); err != nil {
		t.Fatal(err)
	}
	again.configure(t, "version: 1", "version: 1\naudit: {join_limit: 0.01}")
	for _, step := range []string{"audit", "publish"} {
		finish(t, again.command(t, step, "--again", "--quiet"), gateClosed)
	}
	return again.report(t)
}

// gateClosed is how a command ends that did its work while the gate is closed.
const gateClosed = 7

// finish runs a command that must end with 0, or with a code that is named.
func finish(t *testing.T, cmd *exec.Cmd, code ...int) {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if want := append(code, 0)[0]; cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != want {
		t.Fatalf("%s: %v, where exit code %d belongs\n%s", cmd, err, want, out)
	}
}
