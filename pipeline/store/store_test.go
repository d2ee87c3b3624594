package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
	"trunkline/pipeline/storetest"
)

// memory is a bucket in memory, shared by stores that may each be cut off from it.
type memory struct {
	mu       sync.Mutex
	objects  map[string][]byte
	versions map[string]int
	writes   int
}

// line is how one store reaches the memory.
type line struct {
	*memory
	mu       sync.Mutex
	cut      bool // nothing gets through
	deaf     int  // so many writes are done whose answer gets lost, and that are done again
	breaks   int  // so many reads break off in the middle
	gets     int
	slowness time.Duration
}

var errCut = errors.New("cut off")

func (l *line) set(change func(*line)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(l)
}

func (l *line) take(n *int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	*n--
	return *n >= 0
}

func (l *line) isCut() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cut
}

func (l *line) URI(name string) string { return strings.TrimSuffix("memory://runs/"+name, "/") }

func (l *line) Get(_ context.Context, name, known string) (*store.Object, error) {
	if l.isCut() {
		return nil, errCut
	}
	l.set(func(l *line) { l.gets++ })
	l.memory.mu.Lock()
	defer l.memory.mu.Unlock()
	content, ok := l.objects[name]
	version := strconv.Itoa(l.versions[name])
	switch {
	case !ok:
		return nil, fs.ErrNotExist
	case version == known:
		return nil, store.ErrUnchanged
	}
	var body io.Reader = bytes.NewReader(content)
	if l.take(&l.breaks) {
		body = io.MultiReader(bytes.NewReader(content[:len(content)/2]), failing{})
	}
	return &store.Object{Body: io.NopCloser(body), Size: int64(len(content)), Version: version}, nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errCut }

func (l *line) Put(ctx context.Context, name string, content *io.SectionReader, over store.Condition) (string, error) {
	version, err := l.put(ctx, name, content, over)
	if err == nil && l.take(&l.deaf) {
		return l.put(ctx, name, content, over)
	}
	return version, err
}

func (l *line) put(ctx context.Context, name string, content *io.SectionReader, over store.Condition) (string, error) {
	if l.isCut() {
		return "", errCut
	}
	l.mu.Lock()
	slowness := l.slowness
	l.mu.Unlock()
	if slowness > 0 && name != ".lock" {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(slowness):
		}
	}
	text, err := io.ReadAll(io.NewSectionReader(content, 0, content.Size()))
	if err != nil {
		return "", err
	}
	l.memory.mu.Lock()
	defer l.memory.mu.Unlock()
	_, there := l.objects[name]
	if over.Nothing && there || over.Version != "" && over.Version != strconv.Itoa(l.versions[name]) {
		return "", store.ErrConflict
	}
	l.writes++
	l.objects[name], l.versions[name] = text, l.writes
	return strconv.Itoa(l.writes), nil
}

func (l *line) List(_ context.Context, dir string) ([]string, error) {
	if l.isCut() {
		return nil, errCut
	}
	l.memory.mu.Lock()
	defer l.memory.mu.Unlock()
	if dir != "" {
		dir += "/"
	}
	var names []string
	for name := range l.objects {
		if rest, ok := strings.CutPrefix(name, dir); ok {
			first, _, _ := strings.Cut(rest, "/")
			names = append(names, first)
		}
	}
	return names, nil
}

func newMemory() *memory { return &memory{objects: map[string][]byte{}, versions: map[string]int{}} }

// open gives a store and its line.
func open(t *testing.T, m *memory, o store.Options) (*store.Store, *line) {
	t.Helper()
	if o.Scratch == "" {
		o.Scratch = t.TempDir()
	}
	l := &line{memory: m}
	s, err := store.New(l, "", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, l
}

func write(s pipeline.Store, name, text string) error {
	w, err := s.Create(name)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, text); err != nil {
		return err
	}
	return w.Close()
}

func read(s pipeline.Store, name string) (string, error) {
	f, err := s.Open(name)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
	return string(text), errors.Join(err, f.Close())
}

func TestABucketKeepsThePromisesOfAStore(t *testing.T) {
	storetest.Test(t, func(*testing.T) storetest.Place {
		m := newMemory()
		return func(t *testing.T) store.Locked {
			s, _ := open(t, m, store.Options{})
			return s
		}
	})
}

// A holder that is cut off stops writing before anyone can take its place, and is told so, also when it is back.
func TestAHolderThatIsCutOffStopsBeforeAnotherBegins(t *testing.T) {
	t.Parallel()
	m := newMemory()
	o := store.Options{Lease: 400 * time.Millisecond}
	ours, reach := open(t, m, o)
	theirs, _ := open(t, m, o)
	release, err := ours.Lock(t.Context(), "cut off, process 1")
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * o.Lease) // it is renewed
	if err := write(ours, "file", "before"); err != nil {
		t.Fatal(err)
	}
	reach.set(func(l *line) { l.cut = true })
	var other func() error
	for deadline := time.Now().Add(20 * o.Lease); other == nil && time.Now().Before(deadline); {
		if other, err = theirs.Lock(t.Context(), "process 2"); err != nil && !strings.Contains(err.Error(), "cut off, process 1") {
			t.Fatal(err)
		}
	}
	if other == nil {
		t.Fatal("the lock never became free")
	}
	reach.set(func(l *line) { l.cut = false })
	err = write(ours, "file", "of one that is not the holder")
	if known, ok := errors.AsType[*pipeline.Error](err); !ok || known.Code != "TL2002" || known.Kind != pipeline.Locked {
		t.Errorf("it wrote on: %v", err)
	}
	if text, err := read(theirs, "file"); err != nil || text != "before" {
		t.Errorf("the file holds %q, %v", text, err)
	}
	if err := errors.Join(release(), release()); err != nil {
		t.Error(err)
	}
	if h, err := theirs.Holder(t.Context()); err != nil || h == nil || h.Owner != "process 2" {
		t.Errorf("the holder is %v, %v", h, err)
	}
	if err := other(); err != nil {
		t.Error(err)
	}
}

// What is being written when the lock is lost is broken off.
func TestAWriteUnderWayEndsWithTheLock(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s, reach := open(t, m, store.Options{Lease: 300 * time.Millisecond})
	release, err := s.Lock(t.Context(), "me")
	if err != nil {
		t.Fatal(err)
	}
	reach.set(func(l *line) { l.slowness = time.Minute })
	time.AfterFunc(50*time.Millisecond, func() { // somebody breaks in
		m.mu.Lock()
		defer m.mu.Unlock()
		m.writes++
		m.objects[".lock"], m.versions[".lock"] = []byte(`{"owner":"thief","token":"other"}`), m.writes
	})
	began := time.Now()
	err = write(s, "file", "late")
	if known, ok := errors.AsType[*pipeline.Error](err); !ok || known.Code != "TL2002" {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it ended after %v", took)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}

// A service that did what it was asked, whose answer gets lost, refuses the same request when it comes again: that is not another's lock.
func TestALostAnswerLosesNoLock(t *testing.T) {
	t.Parallel()
	s, reach := open(t, newMemory(), store.Options{Lease: 300 * time.Millisecond})
	reach.set(func(l *line) { l.deaf = 1 })
	release, err := s.Lock(t.Context(), "me")
	if err != nil {
		t.Fatal(err)
	}
	reach.set(func(l *line) { l.deaf = 2 })
	time.Sleep(600 * time.Millisecond)
	if err := write(s, "file", "text"); err != nil {
		t.Error(err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	if h, err := s.Holder(t.Context()); err != nil || h != nil {
		t.Errorf("%v holds it, %v", h, err)
	}
}

func TestATransferThatBreaksOffIsBegunAgain(t *testing.T) {
	t.Parallel()
	m := newMemory()
	ours, _ := open(t, m, store.Options{})
	if err := write(ours, "file", "a text"); err != nil {
		t.Fatal(err)
	}
	theirs, reach := open(t, m, store.Options{})
	reach.set(func(l *line) { l.breaks = 2 })
	if text, err := read(theirs, "file"); err != nil || text != "a text" {
		t.Errorf("read %q, %v", text, err)
	}
	other, reach := open(t, m, store.Options{})
	reach.set(func(l *line) { l.breaks = 3 })
	_, err := read(other, "file")
	if known, ok := errors.AsType[*pipeline.Error](err); !ok || known.Kind != pipeline.Upstream || !errors.Is(err, errCut) {
		t.Errorf("broken three times: %v", err)
	}
}

// Copies stay within their room, those that are in use beside it, and go with their store, or after the death of its process.
func TestScratchSpaceIsBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	dead := filepath.Join(dir, "trunkline-store-dead")
	mark := filepath.Join(dead, ".in-use")
	if err := errors.Join(os.Mkdir(dead, 0o700), os.WriteFile(mark, nil, 0o600), os.Chtimes(mark, time.Time{}, time.Now().Add(-time.Hour))); err != nil {
		t.Fatal(err)
	}
	m := newMemory()
	s, err := store.New(&line{memory: m}, "", store.Options{Scratch: dir, Room: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dead); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what a dead process left is still there: %v", err)
	}
	second, err := store.New(&line{memory: m}, "", store.Options{Scratch: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"a", "b", "c", "d"} {
		if err := write(s, name, strings.Repeat(name, 400)); err != nil {
			t.Fatal(err)
		}
	}
	path, release, err := s.Local("a") // fetched anew
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b", "c", "d"} {
		if text, err := read(s, name); err != nil || text != strings.Repeat(name, 400) {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("a path that is in use is gone: %v", err)
	}
	if n := sizeOf(t, dir); n > 1000+400 {
		t.Errorf("the scratch space holds %d bytes", n)
	}
	if err := errors.Join(release(), s.Close()); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func sizeOf(t *testing.T, dir string) (n int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		n += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// permissive is a bucket that takes conditions and does not care.
type permissive struct{ *line }

func (p permissive) Put(ctx context.Context, name string, content *io.SectionReader, _ store.Condition) (string, error) {
	return p.line.Put(ctx, name, content, store.Condition{})
}

func TestDoctorFindsAServiceThatIgnoresConditions(t *testing.T) {
	t.Parallel()
	good, _ := open(t, newMemory(), store.Options{})
	for _, p := range good.Check(t.Context()) {
		if p.Err != nil {
			t.Errorf("%s: %v", p.Name, p.Err)
		}
	}
	bad, err := store.New(permissive{&line{memory: newMemory()}}, "", store.Options{Scratch: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bad.Close() }()
	probes := bad.Check(t.Context())
	if last := probes[len(probes)-1]; last.Name != "lock" || last.Err == nil {
		t.Errorf("found %+v", probes)
	}
}

// What is still at work when the lock was given back writes no more; with the lock taken again it may.
func TestNothingIsWrittenAfterTheRelease(t *testing.T) {
	t.Parallel()
	s, _ := open(t, newMemory(), store.Options{})
	for range 2 {
		release, err := s.Lock(t.Context(), "process 1")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(write(s, "file", "before"), release()); err != nil {
			t.Fatal(err)
		}
		err = write(s, "file", "after")
		if known, ok := errors.AsType[*pipeline.Error](err); !ok || known.Code != "TL2002" {
			t.Errorf("it was written: %v", err)
		}
		if text, err := read(s, "file"); err != nil || text != "before" {
			t.Errorf("the file holds %q, %v", text, err)
		}
	}
}

// closing is a bucket that is to be closed.
type closing struct {
	store.Bucket
	closed int
}

func (c *closing) Close() error {
	c.closed++
	return nil
}

func TestABucketIsClosedWithItsStore(t *testing.T) {
	t.Parallel()
	c := &closing{Bucket: &line{memory: newMemory()}}
	s, err := store.New(c, "", store.Options{Scratch: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil || c.closed != 1 {
		t.Errorf("closed %d times, %v", c.closed, err)
	}
}
