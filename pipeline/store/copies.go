package store

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// copies are files of a bucket on this machine. Those that nobody uses stay for later readers as long as there is room.
type copies struct {
	dir  string
	mark *os.File // locked while the process lives: a folder whose mark is free was left by one that died
	room int64

	mu     sync.Mutex
	idle   int64                   // bytes of copies that nobody uses
	clock  int64                   // counts uses
	newest map[string]*scratchCopy // by name
}

// scratchCopy is a version of a file.
type scratchCopy struct {
	name    string
	version string
	path    string
	size    int64
	users   int
	used    int64 // when, by the clock
}

const (
	scratchPrefix = "trunkline-store-"
	markName      = ".in-use"
)

func newCopies(parent string, room int64) (*copies, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	sweep(parent)
	dir, err := os.MkdirTemp(parent, scratchPrefix)
	if err != nil {
		return nil, err
	}
	mark, err := os.OpenFile(filepath.Join(dir, markName), os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = syscall.Flock(int(mark.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &copies{dir: dir, mark: mark, room: room, newest: map[string]*scratchCopy{}}, nil
}

// youth is how old the mark of a folder is that is certainly locked, if its process lives.
const youth = time.Minute

// sweep removes what processes left that died.
func sweep(parent string) {
	left, _ := filepath.Glob(filepath.Join(parent, scratchPrefix+"*", markName)) // only a bad pattern is an error
	for _, name := range left {
		mark, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			continue // another user's, or gone
		}
		info, err := mark.Stat()
		if err == nil && time.Since(info.ModTime()) > youth && syscall.Flock(int(mark.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.RemoveAll(filepath.Dir(name))
		}
		_ = mark.Close()
	}
}

// create begins a file in the scratch space.
func (c *copies) create() (*os.File, error) { return os.CreateTemp(c.dir, "") }

// hold gives the newest copy of a file, nil if there is none. It must be released.
func (c *copies) hold(name string) *scratchCopy {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.newest[name]
	if k != nil {
		c.use(k)
	}
	return k
}

// add makes a scratch file the newest copy of a file. It must be released.
func (c *copies) add(name, version, path string, size int64) *scratchCopy {
	c.mu.Lock()
	defer c.mu.Unlock()
	if before := c.newest[name]; before != nil {
		delete(c.newest, name)
		if before.users == 0 {
			c.idle -= before.size
			_ = os.Remove(before.path)
		}
	}
	k := &scratchCopy{name: name, version: version, path: path, size: size}
	c.newest[name] = k
	c.idle += size
	c.use(k)
	return k
}

func (c *copies) use(k *scratchCopy) {
	if k.users == 0 {
		c.idle -= k.size
	}
	k.users++
	c.clock++
	k.used = c.clock
}

// release ends a use.
func (c *copies) release(k *scratchCopy) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.users--; k.users > 0 {
		return
	}
	if c.newest[k.name] != k { // replaced meanwhile
		_ = os.Remove(k.path)
		return
	}
	c.idle += k.size
	for c.idle > c.room && c.dropOldest() {
	}
}

// dropOldest removes the copy that was unused the longest, if there is any.
func (c *copies) dropOldest() bool {
	var oldest *scratchCopy
	for _, k := range c.newest {
		if k.users == 0 && (oldest == nil || k.used < oldest.used) {
			oldest = k
		}
	}
	if oldest == nil {
		return false
	}
	delete(c.newest, oldest.name)
	c.idle -= oldest.size
	_ = os.Remove(oldest.path)
	return true
}

// close removes everything.
func (c *copies) close() error {
	return errors.Join(os.RemoveAll(c.dir), c.mark.Close())
}
