package pgwire

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// source is the file of a role. Sessions share the engine that has it open.
type source struct {
	path      string
	database  string
	limits    limits
	catalogue []string

	mu      sync.Mutex
	current *shared
}

// shared is an engine with the file as it was at some time.
type shared struct {
	*engine

	info   os.FileInfo
	users  int  // guarded by the source
	broken bool // guarded by the source: the engine gave up
}

// acquire gives an engine that has the present file, which the caller gives back. A file that was replaced is opened anew.
func (s *source) acquire() (*shared, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{Code: "58P01", Message: "nothing is published for this role yet", Hint: "Run: trunkline run; its last step publishes."}
	}
	if err != nil {
		return nil, fmt.Errorf("look at the published file: %w", err)
	}
	if s.current == nil || s.current.broken || !same(s.current.info, info) {
		e, err := openEngine(s.path, s.database, s.limits, s.catalogue)
		if err != nil {
			return nil, fmt.Errorf("open the published file %s: %w", s.path, err)
		}
		s.current = &shared{engine: e, info: info}
	}
	s.current.users++
	return s.current, nil
}

// share gives an engine that is in use to one more, who gives it back.
func (s *source) share(e *shared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.users++
}

// same tells whether a file is the one it was: replaced by a rename it is another, written in place it has another time.
func same(before, now os.FileInfo) bool {
	return os.SameFile(before, now) && before.ModTime().Equal(now.ModTime()) && before.Size() == now.Size()
}

// replaced tells whether the file is no longer the one that an engine has.
func (s *source) replaced(e *shared) bool {
	info, err := os.Stat(s.path)
	return err == nil && !same(e.info, info)
}

// release gives an engine back. Without users it is closed: nothing holds on to a file that was replaced.
func (s *source) release(e *shared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.users--; e.users > 0 {
		return
	}
	if s.current == e {
		s.current = nil
	}
	e.close()
}

// discard has the next session open an engine of its own.
func (s *source) discard(e *shared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.broken = true
}
