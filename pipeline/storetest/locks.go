package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// wantsRefused holds that an error says who is at work.
func wantsRefused(t *testing.T, err error, holder string) {
	t.Helper()
	coded, ok := errors.AsType[*pipeline.Error](err)
	if !ok || coded.Code != "TL2001" || coded.Kind != pipeline.Locked || !strings.Contains(coded.What, holder) || coded.Cure == "" {
		t.Errorf("got %v, want TL2001 that names %s", err, holder)
	}
}

func oneHolder(t *testing.T, place Place) {
	ours, theirs := place(t), place(t)
	wantsHolder(t, theirs, "")
	release, err := ours.Lock(t.Context(), "night shift, process 1")
	if err != nil {
		t.Fatal(err)
	}
	wantsHolder(t, ours, "night shift, process 1")
	wantsHolder(t, theirs, "night shift, process 1")
	for _, s := range []store.Locked{ours, theirs} {
		_, err = s.Lock(t.Context(), "process 2")
		wantsRefused(t, err, "night shift, process 1")
	}
	mustWrite(t, ours, "dir/file", []byte("by its holder"))
	if names, err := theirs.List(""); err != nil || len(names) != 1 {
		t.Errorf("beside the folder there is %q, %v", names, err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	wantsHolder(t, theirs, "")
	for i, s := range []store.Locked{theirs, ours, ours} {
		release, err := s.Lock(t.Context(), fmt.Sprint("process ", i))
		if err != nil {
			t.Fatal(err)
		}
		wantsHolder(t, ours, fmt.Sprint("process ", i))
		if err := release(); err != nil {
			t.Fatal(err)
		}
	}
}

func wantsHolder(t *testing.T, s store.Locked, owner string) {
	t.Helper()
	h, err := s.Holder(t.Context())
	switch {
	case err != nil:
		t.Error(err)
	case owner == "" && h != nil:
		t.Errorf("%s holds the lock, want nobody", h.Owner)
	case owner != "" && (h == nil || h.Owner != owner || time.Since(h.Since).Abs() > time.Minute):
		t.Errorf("the holder is %v, want %s since now", h, owner)
	}
}

func contended(t *testing.T, place Place) {
	var inside, turns atomic.Int64
	var group errgroup.Group
	for i := range 6 {
		s := place(t)
		group.Go(func() error {
			for had, tries := 0, 0; had < 3 && tries < 2000; tries++ {
				release, err := s.Lock(t.Context(), fmt.Sprint("process ", i))
				if coded, ok := errors.AsType[*pipeline.Error](err); ok && coded.Kind == pipeline.Locked {
					time.Sleep(2 * time.Millisecond)
					continue
				}
				if err != nil {
					return err
				}
				if n := inside.Add(1); n != 1 {
					t.Errorf("%d hold the lock at once", n)
				}
				had++
				turns.Add(1)
				inside.Add(-1)
				if err := release(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := turns.Load(); n != 18 {
		t.Errorf("%d turns, want 18", n)
	}
}
