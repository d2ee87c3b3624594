package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// LocalStore keeps run folders below a directory of this machine.
type LocalStore struct{ root string }

// NewLocalStore makes a store below root, which need not exist yet.
func NewLocalStore(root string) *LocalStore { return &LocalStore{root: root} }

func (s *LocalStore) path(name string) string { return filepath.Join(s.root, filepath.FromSlash(name)) }

// URI gives the absolute path.
func (s *LocalStore) URI(name string) string {
	p, err := filepath.Abs(s.path(name))
	if err != nil {
		return s.path(name)
	}
	return p
}

// Close does nothing: a folder needs none.
func (s *LocalStore) Close() error { return nil }

// failed says what could not be done, and to a folder that does not let us in what to do: another try would end in the same way.
func (s *LocalStore) failed(doing string, err error) error {
	if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return &Error{
		Code: "TL2004", Kind: Misuse, What: doing, Err: err,
		Cure: "Set store.path to a folder that this user may write to, or give the user " + s.root +
			"; a relative path is relative to the folder of the configuration file",
	}
}

// tempPrefix marks files that are being written; a crash may leave one, which nothing ever reads.
const tempPrefix = ".tmp-"

// Create writes to a temporary file, which is synced and renamed when it is closed.
func (s *LocalStore) Create(name string) (Writer, error) {
	final := s.path(name)
	dir := filepath.Dir(final)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, s.failed("create "+name, err)
	}
	// Not os.CreateTemp: it makes files that only their owner can read, and a warehouse's user must read them too.
	temp := fmt.Sprintf("%s%s-%d-%x", tempPrefix, filepath.Base(final), os.Getpid(), rand.Uint64())
	f, err := os.OpenFile(filepath.Join(dir, temp), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, s.failed("create "+name, err)
	}
	return &localWriter{File: f, final: final}, nil
}

type localWriter struct {
	*os.File
	final string
	ended bool
}

// Close makes the file durable and visible.
func (w *localWriter) Close() error {
	if w.ended {
		return fs.ErrClosed
	}
	w.ended = true
	err := w.File.Sync()
	err = errors.Join(err, w.File.Close())
	if err == nil {
		err = os.Rename(w.Name(), w.final)
	}
	if err == nil {
		err = syncDir(filepath.Dir(w.final))
	}
	if err != nil {
		_ = os.Remove(w.Name())
		return fmt.Errorf("keep %s: %w", filepath.Base(w.final), err)
	}
	return nil
}

// Abort removes what was written.
func (w *localWriter) Abort() error {
	if w.ended {
		return nil
	}
	w.ended = true
	return errors.Join(w.File.Close(), os.Remove(w.Name()))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open opens a file for reading.
func (s *LocalStore) Open(name string) (ReadAtCloser, error) {
	f, err := os.Open(s.path(name))
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &localReader{File: f, size: info.Size()}, nil
}

type localReader struct {
	*os.File
	size int64
}

// Size gives the file's length in bytes.
func (r *localReader) Size() int64 { return r.size }

// List gives the names in a directory, sorted, without files that are still being written.
func (s *LocalStore) List(dir string) ([]string, error) {
	entries, err := os.ReadDir(s.path(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, s.failed("list "+dir, err)
	}
	var names []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// Lock makes the caller the only writer of the store. The system frees the lock of a process that ends, however it ends.
func (s *LocalStore) Lock(_ context.Context, owner string) (release func() error, err error) {
	if err := os.MkdirAll(s.root, 0o777); err != nil {
		return nil, s.failed("lock the run store", err)
	}
	f, err := os.OpenFile(filepath.Join(s.root, ".lock"), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, s.failed("lock the run store", err)
	}
	if err := flock(f, syscall.LOCK_EX); err != nil {
		holder := make([]byte, 512)
		n, _ := f.ReadAt(holder, 0)
		_ = f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock the run store: %w", err)
		}
		return nil, AtWork(s.root, strings.TrimSpace(string(holder[:n])))
	}
	note := fmt.Sprintf("%s, since %s\n", owner, time.Now().UTC().Format(time.RFC3339))
	if err := errors.Join(f.Truncate(0), writeAt(f, note)); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the run store: %w", err), f.Close())
	}
	return f.Close, nil
}

// flock takes a lock if it is free. One that is held for a moment only, by someone who asks for the holder, is waited for.
func flock(f *os.File, how int) error {
	var err error
	for range 3 {
		if err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
	return err
}

// AtWork is the error of a store whose lock another holds.
func AtWork(store, holder string) *Error {
	return &Error{
		Code: "TL2001", Kind: Locked,
		What: "another run is at work on " + store + " (" + holder + ")",
		Cure: "Wait until it has ended, then run the same command again",
	}
}

// Holder is who holds the lock of a store.
type Holder struct {
	Owner string    `json:"owner"`
	Since time.Time `json:"since"`
}

// Holder tells who holds the store's lock now; nil if nobody does.
func (s *LocalStore) Holder(context.Context) (*Holder, error) {
	f, err := os.Open(filepath.Join(s.root, ".lock"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, s.failed("ask for the holder of the run store", err)
	}
	defer func() { _ = f.Close() }() // also ends the lock
	err = flock(f, syscall.LOCK_SH)
	if err == nil {
		return nil, nil
	}
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("ask for the holder of the run store: %w", err)
	}
	note, err := io.ReadAll(io.LimitReader(f, 512))
	if err != nil {
		return nil, fmt.Errorf("ask for the holder of the run store: %w", err)
	}
	owner, since, _ := strings.Cut(strings.TrimSpace(string(note)), ", since ")
	h := Holder{Owner: owner}
	h.Since, _ = time.Parse(time.RFC3339, since) // a note that was cut off still names the owner
	return &h, nil
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text), 0)
	return err
}
