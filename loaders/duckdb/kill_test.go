package duckdb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"trunkline/internal/evidence"
	"trunkline/pipeline"
	"trunkline/schema"
)

// The tests below start this test binary again as another process; these variables tell it what to do.
const (
	childTask  = "TRUNKLINE_TEST_TASK"
	childPath  = "TRUNKLINE_TEST_PATH"
	childBatch = "TRUNKLINE_TEST_BATCH"
)

// TestChild is the other process.
func TestChild(t *testing.T) {
	task, path := os.Getenv(childTask), os.Getenv(childPath)
	if task == "" {
		t.Skip("TRUNKLINE_TEST_TASK is set by the tests that start this one as a process of its own")
	}
	l, err := Open(t.Context(), killConfig(path), "child")
	if err != nil {
		if e, ok := errors.AsType[*pipeline.Error](err); ok && task == "hold" {
			fmt.Println("refused", e.Code)
			return
		}
		t.Fatal(err)
	}
	fmt.Println("ready")
	switch task {
	case "load":
		_, err = l.Load(t.Context(), killBatch(os.Getenv(childBatch)))
	case "publish":
		_, err = l.Publish(t.Context(), pipeline.Publication{Run: "child", GateOpen: true, At: time.Now()})
	case "hold":
		_, err = io.Copy(io.Discard, os.Stdin)
	}
	if err := errors.Join(err, l.Close()); err != nil {
		t.Fatal(err)
	}
	fmt.Println("done")
}

func killConfig(path string) Config {
	return Config{Path: path, Published: path + ".published", Threads: 2}
}

const killRows = 60_000

func killBatch(path string) pipeline.Batch {
	return pipeline.Batch{ID: "b", Table: schema.Queues, Files: []pipeline.File{{URI: path, Rows: killRows, SHA256: "b"}}}
}

// child is a process that runs TestChild.
type child struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func startChild(t *testing.T, task, path, batch string) *child {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), childTask+"="+task, childPath+"="+path, childBatch+"="+batch)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &child{cmd, in, bufio.NewScanner(out)}
}

// says waits for the next line that begins with one of the words and gives it; "" at the end.
func (c *child) says(words ...string) string {
	for c.lines.Scan() {
		for _, w := range words {
			if strings.HasPrefix(c.lines.Text(), w) {
				return c.lines.Text()
			}
		}
	}
	return ""
}

// killAfter lets the process work for a while, kills it, and tells whether it had finished before.
func (c *child) killAfter(t *testing.T, d time.Duration) (finished bool) {
	t.Helper()
	if c.says("ready") == "" {
		t.Fatal("the other process did not begin")
	}
	time.Sleep(d)
	if err := c.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	finished = c.says("done") != ""
	_ = c.cmd.Wait() // killed, or done
	return finished
}

// queues writes a file of n queues, made by the engine for speed.
func queues(t testing.TB, l *Loader, path, name string, from, n, at int) {
	t.Helper()
	l.mustExec(t, fmt.Sprintf(`copy (
    select
        'q' || i as queue_id, '%[1]s' as name, null::varchar as division_id, 0.8::double as sla_share, 20000::bigint as sla_target_ms,
        true as is_listed, 'r' as source_run, timestamptz '2026-11-19 00:00:00+00' + interval %[2]d hour as observed_at,
        md5('%[1]s' || i) as row_hash, null::timestamptz as etl_loaded_at
    from range(%[3]d, %[4]d) as r(i)
) to '%[5]s' (format parquet)`, name, at, from, from+n, path))
}

func count(t *testing.T, l *Loader, query string) int64 {
	t.Helper()
	var n int64
	if err := l.Conn.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Killed at any moment of a merge, the warehouse holds all of the batch and its ledger entry or nothing of either, and the
// same load completes.
func TestKilledWhileMerging(t *testing.T) {
	evidence.Shows(t, "DuckDB", evidence.Kills, evidence.Engine)
	dir := t.TempDir()
	batch := filepath.Join(dir, "batch.parquet")
	undone := 0
	for i := range 6 {
		path := filepath.Join(dir, strconv.Itoa(i), "warehouse.duckdb")
		l, err := Open(t.Context(), killConfig(path), "parent")
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Migrate(t.Context(), schema.All()); err != nil {
			t.Fatal(err)
		}
		first := filepath.Join(dir, "first.parquet")
		queues(t, l, first, "old", 0, killRows, 0)
		queues(t, l, batch, "new", killRows/2, killRows, 1)
		a := killBatch(first)
		a.ID = "a"
		if _, err := l.Load(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}

		finished := startChild(t, "load", path, batch).killAfter(t, time.Duration(i)*50*time.Millisecond)

		l, err = Open(t.Context(), killConfig(path), "parent")
		if err != nil {
			t.Fatalf("after a kill: %v", err)
		}
		entered := count(t, l, "select count(*) from etl_commits where step_id = 'b'")
		loaded := count(t, l, "select count(*) from queues where name = 'new'")
		if loaded != entered*killRows || (finished && entered == 0) {
			t.Errorf("after a kill: %d rows of the batch, %d entries in the ledger, finished %t", loaded, entered, finished)
		}
		if entered == 0 {
			undone++
		}
		got, err := l.Load(t.Context(), killBatch(batch))
		if want := (pipeline.Loaded{Inserted: killRows / 2, Updated: killRows / 2}); err != nil || got["queues"] != want {
			t.Errorf("the same load again: %+v, %v; want %+v", got, err, want)
		}
		if n := count(t, l, "select count(distinct queue_id) from queues where name = 'new'"); n != killRows {
			t.Errorf("%d rows of the batch, want %d", n, killRows)
		}
		if all, keys := count(t, l, "select count(*) from queues"), count(t, l, "select count(distinct queue_id) from queues"); all != keys || all != killRows*3/2 {
			t.Errorf("%d rows with %d keys, want %d", all, keys, killRows*3/2)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of 6 kills came before the commit", undone)
	if undone == 0 {
		t.Error("no kill came before the commit: the test has shown nothing")
	}
}

// Killed at any moment of a publication, the published file is the old one or the new one, and publishing again completes.
func TestKilledWhilePublishing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "warehouse.duckdb")
	c := killConfig(path)
	open := func() *Loader {
		l, err := Open(t.Context(), c, "parent")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	shut := func(l *Loader) {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	l := open()
	if err := l.Migrate(t.Context(), schema.All()); err != nil {
		t.Fatal(err)
	}
	contacts(t, l, 10, 0)
	publish(t, l, "first", true)
	shown, kills := int64(10), 0
	for i := range 10 {
		next := shown + 1
		contacts(t, l, int(next), 0)
		shut(l)
		if !startChild(t, "publish", path, "").killAfter(t, time.Duration(i)*30*time.Millisecond) {
			kills++
		}
		got := ask(t, c, contactsOfGold)[0][0].(int64)
		if got != shown && got != next {
			t.Errorf("after a kill the published file shows %d, want %d or %d", got, shown, next)
		}
		l = open()
		publish(t, l, "again", true)
		if got := ask(t, c, contactsOfGold)[0][0]; got != next {
			t.Errorf("published again, the file shows %v, want %d", got, next)
		}
		shown = next
	}
	shut(l)
	t.Logf("%d of 10 kills came before the end", kills)
	if kills == 0 {
		t.Error("no kill came in time: the test has shown nothing")
	}
}

func TestAnotherProcessIsRefused(t *testing.T) {
	evidence.Shows(t, "DuckDB", evidence.Faults, evidence.Engine)
	path := filepath.Join(t.TempDir(), "warehouse.duckdb")
	holder := startChild(t, "hold", path, "")
	if holder.says("ready") == "" {
		t.Fatal("the other process did not begin")
	}
	_, err := Open(t.Context(), killConfig(path), "parent")
	e, ok := errors.AsType[*pipeline.Error](err)
	if !ok || e.Code != "TL6001" || e.Kind != pipeline.Locked || !strings.Contains(e.What, strconv.Itoa(holder.cmd.Process.Pid)) {
		t.Errorf("%v, want TL6001 that names process %d", err, holder.cmd.Process.Pid)
	}
	if err := errors.Join(holder.in.Close(), waitDone(holder)); err != nil {
		t.Fatal(err)
	}

	// The lock must survive a publication, which reads the locked file through a handle of its own.
	l := openAll(t, killConfig(path))
	publish(t, l, "first", true)
	late := startChild(t, "hold", path, "")
	if got := late.says("ready", "refused"); got != "refused TL6001" {
		t.Errorf("while we have the warehouse open another process is %q, want refused", got)
	}
	if err := errors.Join(late.in.Close(), waitDone(late)); err != nil {
		t.Fatal(err)
	}
}

func waitDone(c *child) error {
	c.says("PASS")
	return c.cmd.Wait()
}

// A load that is cancelled while DuckDB is at work says so, leaves nothing, and the loader goes on.
func TestCancelledWhileMerging(t *testing.T) {
	l := openAll(t, tempConfig(t))
	file := filepath.Join(t.TempDir(), "batch.parquet")
	queues(t, l, file, "new", 0, killRows, 0)
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Millisecond)
	defer cancel()
	if _, err := l.Load(ctx, killBatch(file)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("load: %v, want context.DeadlineExceeded", err)
	}
	if n := count(t, l, "select (select count(*) from queues) + (select count(*) from etl_commits)"); n != 0 {
		t.Errorf("%d rows and ledger entries after a cancelled load", n)
	}
	if got, err := l.Load(t.Context(), killBatch(file)); err != nil || got["queues"].Inserted != killRows {
		t.Errorf("the same load again: %+v, %v", got, err)
	}
}
