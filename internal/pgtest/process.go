package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// process is a running program.
type process struct {
	cmd  *exec.Cmd
	done chan error // gets how it ended, once
	err  error
	over bool
}

// stopWithin is how long a server may take to end before it is killed.
const stopWithin = 30 * time.Second

// launch starts a program as the server's user. Its output goes to log, which must not be read before it has ended.
func launch(program, dir string, args []string, log *bytes.Buffer) (*process, error) {
	cmd := exec.Command(program, args...) //nolint:noctx // it is stopped by a signal that lets it clean up, see stop
	cmd.Dir, cmd.SysProcAttr, cmd.Stdout, cmd.Stderr = dir, asServer(), log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, done: make(chan error, 1)}
	go func() { p.done <- cmd.Wait() }()
	return p, nil
}

func (p *process) id() int { return p.cmd.Process.Pid }

// ended tells whether it is over.
func (p *process) ended() bool {
	if p.over {
		return true
	}
	select {
	case p.err = <-p.done:
		p.over = true
	default:
	}
	return p.over
}

// stop ends it, and waits for that: an interrupt is a server's fast shutdown.
func (p *process) stop() error {
	if p.ended() {
		return p.err
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("interrupt: %w", err)
	}
	late := time.NewTimer(stopWithin)
	defer late.Stop()
	select {
	case p.err = <-p.done:
	case <-late.C:
		_ = p.cmd.Process.Kill()
		p.err = errors.Join(errors.New("it had to be killed"), <-p.done)
	}
	p.over = true
	return p.err
}

// needed are the programs of a server.
var needed = []string{"initdb", "postgres", "pg_basebackup"}

// findPrograms gives the folder with PostgreSQL's server programs, of the newest version there is.
func findPrograms() (string, error) {
	var found string
	newest := -1
	for _, dir := range candidates() {
		if hasPrograms(dir) && versionOf(dir) > newest {
			found, newest = dir, versionOf(dir)
		}
	}
	if found == "" {
		return "", errors.New("this test starts a private PostgreSQL, and its server programs (" + strings.Join(needed, ", ") +
			") are not installed here. Install them: apt-get install postgresql (Debian, Ubuntu), dnf install postgresql-server " +
			"postgresql-contrib (Fedora), brew install postgresql (macOS)")
	}
	return found, nil
}

func hasPrograms(dir string) bool {
	for _, program := range needed {
		if _, err := exec.LookPath(filepath.Join(dir, program)); err != nil {
			return false
		}
	}
	return true
}

// candidates are the folders where the programs may be. Debian keeps a server's off the PATH.
func candidates() []string {
	var dirs []string
	if path, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
		"/usr/local/pgsql/bin",
	} {
		found, _ := filepath.Glob(pattern) // the patterns are good
		dirs = append(dirs, found...)
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil { //nolint:noctx // it prints a line
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	return dirs
}

// versionOf reads the version in a folder's path (/usr/lib/postgresql/15/bin); 0 if there is none.
func versionOf(dir string) int {
	name := filepath.Base(filepath.Dir(dir))
	n, _ := strconv.Atoi(strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyz@-"))
	return n
}
