package storetest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"trunkline/pipeline"
)

const dir = "nightly/2026-11-01T00-00-00Z/extract/genesys.conversations"

func write(s pipeline.Store, name string, content []byte) error {
	w, err := s.Create(name)
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return errors.Join(err, w.Abort())
	}
	return w.Close()
}

func read(s pipeline.Store, name string) ([]byte, error) {
	f, err := s.Open(name)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
	return content, errors.Join(err, f.Close())
}

func mustWrite(t *testing.T, s pipeline.Store, name string, content []byte) {
	t.Helper()
	if err := write(s, name, content); err != nil {
		t.Fatal(err)
	}
}

// wants holds that a file has a content.
func wants(t *testing.T, s pipeline.Store, name string, content []byte) {
	t.Helper()
	got, err := read(s, name)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%s holds %d bytes that are not the %d of the file, %v", name, len(got), len(content), err)
	}
}

// wantsNothing holds that a folder is empty, and that its file is not there.
func wantsNothing(t *testing.T, s pipeline.Store) {
	t.Helper()
	if names, err := s.List(dir); err != nil || len(names) > 0 {
		t.Errorf("the folder holds %q, %v", names, err)
	}
	if f, err := s.Open(dir + "/file"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opened %v, %v", f, err)
	}
}

func appearsWhole(t *testing.T, place Place) {
	ours, theirs := place(t), place(t)
	w, err := ours.Create(dir + "/file")
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{"first, ", "", "second"} {
		if n, err := w.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Fatalf("wrote %d of %q, %v", n, piece, err)
		}
	}
	wantsNothing(t, ours)
	wantsNothing(t, theirs)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	wants(t, ours, dir+"/file", []byte("first, second"))
	wants(t, theirs, dir+"/file", []byte("first, second"))
	if err := w.Close(); err == nil {
		t.Error("a file was closed twice")
	}
	if err := w.Abort(); err != nil {
		t.Errorf("abort after close: %v", err)
	}
	wants(t, theirs, dir+"/file", []byte("first, second"))
}

func abortLeavesNothing(t *testing.T, place Place) {
	s := place(t)
	w, err := s.Create(dir + "/file")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("half")); err != nil {
		t.Fatal(err)
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err == nil {
		t.Error("an aborted file was closed")
	}
	wantsNothing(t, s)

	mustWrite(t, s, "other/file", []byte("old"))
	if w, err = s.Create("other/file"); err != nil {
		t.Fatal(err)
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	wants(t, s, "other/file", []byte("old"))
}

func deadWriterLeavesNothing(t *testing.T, place Place) {
	w, err := place(t).Create(dir + "/file")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 20<<20)); err != nil { // more than any buffer
		t.Fatal(err)
	}
	wantsNothing(t, place(t)) // whoever wrote it never comes back
}

func replaces(t *testing.T, place Place) {
	ours, theirs := place(t), place(t)
	old, newer := bytes.Repeat([]byte("old "), 100_000), []byte("new")
	mustWrite(t, ours, "dir/file", old)
	f, err := theirs.Open("dir/file")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	mustWrite(t, ours, "dir/file", newer)
	for _, s := range []pipeline.Store{ours, theirs} {
		wants(t, s, "dir/file", newer)
	}
	got, err := io.ReadAll(io.NewSectionReader(f, 0, f.Size()))
	if err != nil || !bytes.Equal(got, old) {
		t.Errorf("who had opened it before reads %d bytes of something else, %v", len(got), err)
	}
	mustWrite(t, theirs, "dir/file", old)
	wants(t, ours, "dir/file", old)
}

func absent(t *testing.T, place Place) {
	s := place(t)
	mustWrite(t, s, "dir/file", []byte("text"))
	for _, name := range []string{"file", "dir/fil", "dir/file2", "dir", "dir/file/below"} {
		if f, err := s.Open(name); err == nil {
			if _, err := f.ReadAt(make([]byte, 1), 0); err == nil || errors.Is(err, io.EOF) { // a folder opens, and cannot be read
				t.Errorf("%s was read", name)
			}
			_ = f.Close()
		} else if !errors.Is(err, fs.ErrNotExist) && name != "dir/file/below" {
			t.Errorf("open %s: %v", name, err)
		}
	}
	if _, _, err := local(s, "dir/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("local path of nothing: %v", err)
	}
	for _, name := range []string{"none", "di", "dir/none"} {
		if names, err := s.List(name); err != nil || len(names) != 0 {
			t.Errorf("list %s: %q, %v", name, names, err)
		}
	}
}

func lists(t *testing.T, place Place) {
	s := place(t)
	for _, name := range []string{"b/file", "a/z", "a/y/deep/er/file", "a/y/deep/file", "a/B", "a/x.json", "ab/file", "top", "a/.hidden"} {
		mustWrite(t, s, name, []byte(name))
	}
	for dir, want := range map[string]string{
		"": "a ab b top", "a": "B x.json y z", "a/y": "deep", "a/y/deep": "er file", "b": "file",
	} {
		if got, err := s.List(dir); err != nil || strings.Join(got, " ") != want {
			t.Errorf("list %q: %q, %v, want %s", dir, got, err, want)
		}
	}
}

func longLists(t *testing.T, place Place) {
	s := place(t)
	const n = 1100 // services give a thousand at a time
	var group errgroup.Group
	group.SetLimit(16)
	var want []string
	for i := range n {
		name := fmt.Sprintf("file-%04d", i*7919%n)
		want = append(want, name)
		if i%10 == 0 {
			group.Go(func() error { return write(s, "long/"+name+"/below/manifest.json", nil) })
			continue
		}
		group.Go(func() error { return write(s, "long/"+name, nil) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	if got, err := s.List("long"); err != nil || !slices.Equal(got, want) {
		t.Errorf("%d of %d names, %v", len(got), n, err)
	}
}

// random gives bytes that are the same each time.
func random(n int) []byte {
	content := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(content) // never fails
	return content
}

func readsAnywhere(t *testing.T, place Place) {
	content := random(37<<20 + 5) // several parts of any service
	mustWrite(t, place(t), "large.parquet", content)
	s := place(t)
	f, err := s.Open("large.parquet")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if f.Size() != int64(len(content)) {
		t.Fatalf("it is %d bytes long", f.Size())
	}
	dice := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		piece := make([]byte, 1+dice.IntN(1<<16))
		at := dice.IntN(len(content) - len(piece))
		if n, err := f.ReadAt(piece, int64(at)); n != len(piece) || err != nil || !bytes.Equal(piece, content[at:at+n]) {
			t.Fatalf("%d bytes at %d: %d, %v", len(piece), at, n, err)
		}
	}
	tail := make([]byte, 8)
	if n, err := f.ReadAt(tail, int64(len(content)-4)); n != 4 || !errors.Is(err, io.EOF) || !bytes.Equal(tail[:4], content[len(content)-4:]) {
		t.Errorf("over the end: %d, %v", n, err)
	}
	if n, err := f.ReadAt(tail, int64(len(content)+1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("behind the end: %d, %v", n, err)
	}
	got, err := read(s, "large.parquet")
	if err != nil || sha256.Sum256(got) != sha256.Sum256(content) {
		t.Errorf("read whole it is something else, %v", err)
	}
}

func emptyFile(t *testing.T, place Place) {
	ours, theirs := place(t), place(t)
	mustWrite(t, ours, "dir/empty", nil)
	for _, s := range []pipeline.Store{ours, theirs, theirs} {
		f, err := s.Open("dir/empty")
		if err != nil {
			t.Fatal(err)
		}
		if n, err := f.ReadAt(make([]byte, 1), 0); f.Size() != 0 || n != 0 || !errors.Is(err, io.EOF) {
			t.Errorf("size %d, read %d, %v", f.Size(), n, err)
		}
		_ = f.Close()
	}
}

func oddNames(t *testing.T, place Place) {
	ours, theirs := place(t), place(t)
	names := []string{
		"records-000.jsonl.zst", "unified_interactions-000.parquet", "a+b", "a b", "100%", "%2F", "a&b=c", "a:b", "Zoë", "a#b?c", "(a)'b'", "~a", "a..b",
	}
	for _, name := range names {
		mustWrite(t, ours, dir+"/"+name, []byte(name))
	}
	got, err := theirs.List(dir)
	slices.Sort(names)
	if err != nil || !slices.Equal(got, names) {
		t.Errorf("listed %q, %v", got, err)
	}
	for _, name := range names {
		wants(t, theirs, dir+"/"+name, []byte(name))
	}
}

func atOnce(t *testing.T, place Place) {
	s := place(t)
	mustWrite(t, s, "shared", random(1<<20))
	theirs := place(t)
	var group errgroup.Group
	for i := range 16 {
		group.Go(func() error {
			name, content := fmt.Sprintf("dir-%d/file", i), fmt.Appendf(nil, "the text of %d", i)
			if err := write(theirs, name, content); err != nil {
				return err
			}
			got, err := read(theirs, name)
			if err == nil && !bytes.Equal(got, content) {
				err = fmt.Errorf("%s holds %q", name, got)
			}
			return err
		})
		group.Go(func() error {
			got, err := read(theirs, "shared")
			if err == nil && !bytes.Equal(got, random(1<<20)) {
				err = errors.New("shared is something else")
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

func sameName(t *testing.T, place Place) {
	s := place(t)
	var group errgroup.Group
	for i := range 8 {
		group.Go(func() error { return write(s, "file", bytes.Repeat([]byte{byte(i)}, 100_000)) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []pipeline.Store{s, place(t)} {
		got, err := read(s, "file")
		if err != nil || len(got) != 100_000 || !bytes.Equal(got, bytes.Repeat(got[:1], len(got))) {
			t.Errorf("%d bytes that nobody wrote, %v", len(got), err)
		}
	}
}

// local gives a file as loaders open it.
func local(s pipeline.Store, name string) (path string, release func() error, err error) {
	if f, ok := s.(pipeline.Fetcher); ok {
		return f.Local(name)
	}
	_, err = os.Stat(s.URI(name))
	return s.URI(name), func() error { return nil }, err
}

func localPath(t *testing.T, place Place) {
	content := random(100_000)
	mustWrite(t, place(t), "dir/file", content)
	s := place(t)
	path, release, err := local(s, "dir/file")
	if err != nil {
		t.Fatal(err)
	}
	mustWrite(t, place(t), "other", nil)
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%s holds %d bytes, %v", path, len(got), err)
	}
	if err := errors.Join(release(), release()); err != nil {
		t.Errorf("released twice: %v", err)
	}
	wants(t, s, "dir/file", content)
}
