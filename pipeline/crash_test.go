package pipeline_test

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
)

// dyingStore is a store whose disk is full from its n-th operation on: everything that would have made something durable
// stops there, as it does when a process is killed.
type dyingStore struct {
	*pipeline.LocalStore
	left int
}

func (s *dyingStore) die() error {
	s.left--
	if s.left < 0 {
		return syscall.ENOSPC
	}
	return nil
}

func (s *dyingStore) Create(name string) (pipeline.Writer, error) {
	if err := s.die(); err != nil {
		return nil, err
	}
	w, err := s.LocalStore.Create(name)
	return &dyingWriter{w, s}, err
}

type dyingWriter struct {
	pipeline.Writer
	s *dyingStore
}

func (w *dyingWriter) Write(p []byte) (int, error) {
	if err := w.s.die(); err != nil {
		n, _ := w.Writer.Write(p[:len(p)/2])
		return n, err
	}
	return w.Writer.Write(p)
}

func (w *dyingWriter) Close() error {
	if err := w.s.die(); err != nil {
		return errors.Join(err, w.Abort())
	}
	return w.Writer.Close()
}

// tables gives the hashes of a store's Parquet files; those of etl_runs tell times and are left out.
func parquetHashes(t *testing.T, root string) map[string]string {
	t.Helper()
	hashes := map[string]string{}
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".parquet") || strings.Contains(path, "/publish/") {
			return err
		}
		content, err := os.ReadFile(path)
		sum := sha256.Sum256(content)
		name, _ := filepath.Rel(root, path)
		hashes[name] = string(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hashes
}

// Whatever write is the last that a run gets to, the same command afterwards makes what an undisturbed run makes.
func TestStoppedAtEveryWriteThenFinished(t *testing.T) {
	for name, c := range map[string]struct {
		toy    func(*testing.T) *toy
		window pipeline.Window
	}{
		"a mirror":        {func(t *testing.T) *toy { return newToy(t, fiveUsers()...) }, day(1)},
		"several windows": {newRereader, day(8)},
	} {
		t.Run(name, func(t *testing.T) { stopEverywhere(t, c.toy, c.window) })
	}
}

func stopEverywhere(t *testing.T, newToy func(*testing.T) *toy, w pipeline.Window) {
	t.Helper()
	undisturbed := newToy(t)
	undisturbed.mustFinish(w, pipeline.Options{})
	wantNames := undisturbed.names()

	deaths := 0
	for n := 0; ; n++ {
		y := newToy(t)
		dying := &dyingStore{y.store, n}
		r, err := pipeline.NewRun(y.flow, dying, w, pipeline.Options{Now: y.clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		err = r.DoAll(t.Context(), func(pipeline.Step) bool { return true }, func(pipeline.Step, pipeline.Result) {})
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("write %d: got %v", n, err)
		}
		deaths++
		y.mustFinish(w, pipeline.Options{})
		if diff := cmp.Diff(wantNames, y.names()); diff != "" {
			t.Fatalf("stopped at write %d: %s", n, diff)
		}
		if got := len(y.warehouse.rows["etl_rejects"]); got != 1 {
			t.Fatalf("stopped at write %d: %d rejects", n, got)
		}
		for name := range parquetHashes(t, y.root) {
			if strings.Contains(name, ".tmp-") {
				t.Fatalf("stopped at write %d: %s was left behind", n, name)
			}
		}
	}
	if deaths < 20 {
		t.Errorf("only %d writes were stopped at: the test has lost its grip", deaths)
	}
}

func TestAnAbortedFileNeverWas(t *testing.T) {
	s := pipeline.NewLocalStore(t.TempDir())
	w, err := s.Create("a/b")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("half")); err != nil {
		t.Fatal(err)
	}
	if names, err := s.List("a"); err != nil || len(names) != 0 {
		t.Errorf("a file that is being written is seen: %v %v", names, err)
	}
	if _, err := s.Open("a/b"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opened: %v", err)
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if names, err := s.List("a"); err != nil || len(names) != 0 {
		t.Errorf("an aborted file is there: %v %v", names, err)
	}
}

func TestAClosedFileReplacesTheOldOneWhole(t *testing.T) {
	root := t.TempDir()
	s := pipeline.NewLocalStore(root)
	for _, text := range []string{"a long first version", "second"} {
		w, err := s.Create("dir/file")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := w.Abort(); err != nil {
			t.Errorf("abort after close: %v", err)
		}
	}
	got, err := os.ReadFile(filepath.Join(root, "dir", "file"))
	if err != nil || string(got) != "second" {
		t.Errorf("got %q, %v", got, err)
	}
	info, err := os.Stat(filepath.Join(root, "dir", "file"))
	if err != nil || info.Mode().Perm()&0o044 == 0 {
		t.Errorf("mode %v: a warehouse's user cannot read it", info.Mode())
	}
}
