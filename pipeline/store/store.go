package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"trunkline/pipeline"
)

// Locked is a store that one process at a time may write: a bucket, or a folder (pipeline.LocalStore).
type Locked interface {
	pipeline.Store
	// Lock makes the caller the only writer until it is released or the process dies, however it dies: then the lock frees itself.
	// Who is refused is told who holds it, as a *pipeline.Error of kind Locked.
	Lock(ctx context.Context, owner string) (release func() error, err error)
	// Holder tells who holds the lock now; nil if nobody does.
	Holder(ctx context.Context) (*pipeline.Holder, error)
	// Close gives back what the store uses of this machine.
	Close() error
}

// Options are what a caller may choose of a store.
type Options struct {
	Lease   time.Duration // how long a lock outlives the last sign of its holder; 0 is DefaultLease
	Scratch string        // folder for copies; the machine's own if empty
	Room    int64         // bytes of copies to keep for later readers; 0 is DefaultRoom
}

// What holds where Options are silent.
const (
	DefaultLease = 30 * time.Second
	DefaultRoom  = 4 << 30
)

// Store keeps run folders in a bucket. It is Locked, and a pipeline.Fetcher.
type Store struct {
	bucket  Bucket
	service string
	lease   time.Duration
	copies  *copies

	mu   sync.Mutex
	held *tenure // of the lock, the last one; nil if this store never held it
}

// New makes a store of a bucket of the service at an address. It must be closed.
func New(b Bucket, service string, o Options) (*Store, error) {
	if o.Lease == 0 {
		o.Lease = DefaultLease
	}
	if o.Room == 0 {
		o.Room = DefaultRoom
	}
	c, err := newCopies(o.Scratch, o.Room)
	if err != nil {
		return nil, fmt.Errorf("make scratch space for %s: %w", b.URI(""), err)
	}
	return &Store{bucket: b, service: service, lease: o.Lease, copies: c}, nil
}

// Service gives the address of the service, whose clock can be asked for there.
func (s *Store) Service() string { return s.service }

// Close removes the scratch space, and closes the bucket if that is to be closed.
func (s *Store) Close() error {
	err := s.copies.close()
	if c, ok := s.bucket.(io.Closer); ok {
		err = errors.Join(err, c.Close())
	}
	return err
}

// Nothing of a store takes a context, so each call has a limit of its own: it ends when nothing has moved for this long, and a
// transfer when it is slower than the slowest line.
const (
	patience    = 2 * time.Minute
	slowestLine = 256 << 10 // bytes a second
)

// Create writes to a scratch file, which is sent when it is closed.
func (s *Store) Create(name string) (pipeline.Writer, error) {
	f, err := s.copies.create()
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", name, err)
	}
	return &writer{File: f, store: s, name: name}, nil
}

type writer struct {
	*os.File
	store *Store
	name  string
	ended bool
}

// Close makes the file visible.
func (w *writer) Close() error {
	if w.ended {
		return fs.ErrClosed
	}
	w.ended = true
	info, err := w.Stat()
	var version string
	if err == nil {
		version, err = w.store.put(w.name, io.NewSectionReader(w.File, 0, info.Size()))
	}
	if err = errors.Join(err, w.File.Close()); err != nil {
		return errors.Join(fmt.Errorf("keep %s: %w", w.name, err), os.Remove(w.Name()))
	}
	w.store.copies.release(w.store.copies.add(w.name, version, w.Name(), info.Size()))
	return nil
}

// Abort removes what was written.
func (w *writer) Abort() error {
	if w.ended {
		return nil
	}
	w.ended = true
	return errors.Join(w.File.Close(), os.Remove(w.Name()))
}

// put sends a file, if the store holds the lock or never did: what is still at work when the lock was given back writes no more.
func (s *Store) put(name string, content *io.SectionReader) (string, error) {
	limit := patience + time.Duration(content.Size()/slowestLine)*time.Second
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	s.mu.Lock()
	held := s.held
	s.mu.Unlock()
	if held == nil {
		return s.bucket.Put(ctx, name, content, Condition{})
	}
	return held.while(ctx, func(ctx context.Context) (string, error) { return s.bucket.Put(ctx, name, content, Condition{}) })
}

// Open fetches a file, unless a copy of it is here.
func (s *Store) Open(name string) (pipeline.ReadAtCloser, error) {
	c, err := s.fetch(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	f, err := os.Open(c.path)
	if err != nil {
		s.copies.release(c)
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	return &reader{File: f, store: s, copy: c}, nil
}

type reader struct {
	*os.File
	store *Store
	copy  *scratchCopy
}

// Size gives the file's length in bytes.
func (r *reader) Size() int64 { return r.copy.size }

// Close lets go of the copy.
func (r *reader) Close() error {
	if err := r.File.Close(); err != nil {
		return err
	}
	r.store.copies.release(r.copy)
	return nil
}

// Local fetches a file, unless a copy of it is here.
func (s *Store) Local(name string) (path string, release func() error, err error) {
	c, err := s.fetch(name)
	if err != nil {
		return "", nil, fmt.Errorf("fetch %s: %w", name, err)
	}
	var once sync.Once
	return c.path, func() error { once.Do(func() { s.copies.release(c) }); return nil }, nil
}

// attempts is how often a transfer is begun that breaks off. That nothing can be begun is for the bucket to try again.
const attempts = 3

// fetch gives a copy of the file as it is now; it must be released.
func (s *Store) fetch(name string) (*scratchCopy, error) {
	known := s.copies.hold(name)
	version := ""
	if known != nil {
		version = known.version
	}
	for n := 1; ; n++ {
		c, broken, err := s.fetchOnce(name, version)
		if errors.Is(err, ErrUnchanged) && known != nil {
			return known, nil
		}
		if err == nil || !broken || n == attempts {
			if known != nil {
				s.copies.release(known)
			}
			return c, err
		}
	}
}

// fetchOnce gives a copy of the file; broken tells that its transfer had begun.
func (s *Store) fetchOnce(name, known string) (c *scratchCopy, broken bool, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	still := time.AfterFunc(patience, cancel)
	defer still.Stop()
	o, err := s.bucket.Get(ctx, name, known)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = o.Body.Close() }()
	f, err := s.copies.create()
	if err != nil {
		return nil, false, err
	}
	n, err := io.Copy(f, moving{o.Body, still})
	if err == nil && n != o.Size {
		err = io.ErrUnexpectedEOF
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, true, errors.Join(&pipeline.Error{
			Code: "TL2003", Kind: pipeline.Upstream, What: "read " + s.bucket.URI(name), Err: err, Cure: "Try again later",
		}, os.Remove(f.Name()))
	}
	return s.copies.add(name, o.Version, f.Name(), n), false, nil
}

// moving is a reader that lets a timer run out only while nothing moves.
type moving struct {
	r     io.Reader
	still *time.Timer
}

// Read reads on.
func (m moving) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.still.Reset(patience)
	return n, err
}

// URI gives s3://… or gs://….
func (s *Store) URI(name string) string { return s.bucket.URI(name) }

// List gives the names in a directory, sorted, without the store's own objects.
func (s *Store) List(dir string) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	names, err := s.bucket.List(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, ".") })
	slices.Sort(names)
	return slices.Compact(names), nil
}
