package postgres

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"trunkline/internal/pgtest"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
)

// A server whose files can grow no more while a batch is staged is told as such, and the tables are what they were; a batch for which
// there is room is loaded by the same loader.
//
// It is not parallel: the limit is this process's own for as long as the server starts, which inherits it.
func TestADiskThatIsFull(t *testing.T) {
	l := openAll(t, fresh(t, withoutRoom(t), "no_room"))
	if _, err := l.Load(t.Context(), loadertest.Batch(t, "old", queues(10, "old")...)); err != nil {
		t.Fatal(err)
	}
	_, err := l.Load(t.Context(), loadertest.Batch(t, "new", queues(60_000, strings.Repeat("new ", 80))...))
	e, ok := errors.AsType[*pipeline.Error](err)
	if !ok || e.Code != "TL6020" || e.Kind != pipeline.Upstream || !strings.Contains(e.Cure, "disk") {
		t.Errorf("got %v, want TL6020 with a cure", err)
	}
	const all = "select count(*) as n, max(name) as name, (select count(*) from etl_commits where step_id = 'new') as entered from queues"
	rows, err := selectAll(t.Context(), l, all)
	if err != nil || rows[0]["n"] != int64(10) || rows[0]["name"] != "old" || rows[0]["entered"] != int64(0) {
		t.Errorf("afterwards: %v, %v", rows, err)
	}
	if got, err := l.Load(t.Context(), loadertest.Batch(t, "new", queues(20, "new")...)); err != nil || got["queues"] != (pipeline.Loaded{Inserted: 10, Updated: 10}) {
		t.Errorf("a batch that fits: %+v, %v", got, err)
	}
}

// withoutRoom starts a server whose files end in the middle of the page behind 16 MiB: the files of its log fit.
func withoutRoom(t *testing.T) *pgtest.Server {
	t.Helper()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 16<<20 + 4096, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Error(err)
		}
	}()
	return pgtest.Start(t, pgtest.Options{})
}
