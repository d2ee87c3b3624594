package duckdb

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
)

func TestReaderReadsWhatIsPublishedAndNothingElse(t *testing.T) {
	c := tempConfig(t)
	l := openAll(t, c)
	contacts(t, l, 10, 0)
	publish(t, l, "first", true)
	db, err := Reader(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	contacts(t, l, 20, 0)
	publish(t, l, "second", true)
	var n int
	const query = "select total_contacts from published.main.escalation_by_tier where customer_tier = 'Gold'"
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil || n != 10 {
		t.Errorf("%d contacts, %v: the file that is open is another now", n, err)
	}
	if _, err := db.ExecContext(t.Context(), "create table memory.main.kept as "+query); err != nil {
		t.Error("nothing can be kept in memory:", err)
	}
	for _, not := range []string{
		"delete from published.main.releases", "attach '" + c.Path + "'", "copy (select 1) to '" + c.Published + ".csv'",
		"select * from read_csv('/etc/hostname')", "set enable_external_access = true",
	} {
		if _, err := db.ExecContext(t.Context(), not); err == nil {
			t.Errorf("%q was let through", not)
		}
	}
	if _, err := Reader(t.Context(), Config{Published: c.Published + ".none"}); !isMisuse(err, "TL6005") {
		t.Errorf("no file: %v", err)
	}
}

func isMisuse(err error, code string) bool {
	known, ok := errors.AsType[*pipeline.Error](err)
	return ok && known.Code == code && known.Kind == pipeline.Misuse
}

func TestSelectAndExportTakeASelectOnly(t *testing.T) {
	c := tempConfig(t)
	publish(t, openAll(t, c), "first", true)
	dir := t.TempDir()
	for _, query := range []string{
		"delete from unified_interactions", "create table memory.main.x (a int)", "set threads = 1", "attach ':memory:' as m",
		"copy (select 1) to '" + dir + "/x.csv'", "select 1; select 2", "select 1) to '" + dir + "/x.csv' --", "", "call pragma_version()",
	} {
		if err := Select(t.Context(), c, query, &loadertest.Answer{}); err == nil {
			t.Errorf("select: %q was let through", query)
		}
		if err := Export(t.Context(), c, query, filepath.Join(dir, "y.parquet")); err == nil {
			t.Errorf("export: %q was let through", query)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	var a loadertest.Answer
	if err := Select(t.Context(), c, "with a as (select 1 as n) select n from a", &a); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([][]any{{int64(1)}}, a.Rows); diff != "" {
		t.Error(diff)
	}
}

// A Parquet file has the types of the columns, as another reader sees them.
func TestExportKeepsTypes(t *testing.T) {
	c := tempConfig(t)
	publish(t, openAll(t, c), "first", true)
	path := filepath.Join(t.TempDir(), "it's.parquet")
	if err := Export(t.Context(), c, "select 1::bigint as i, null::varchar as s, timestamp '2026-11-19 12:00:00' as moment -- the end", path); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var kinds string
	if err := db.QueryRowContext(t.Context(), "select typeof(i) || ' ' || typeof(s) || ' ' || typeof(moment) from read_parquet(?)", path).Scan(&kinds); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("BIGINT VARCHAR TIMESTAMP", kinds); diff != "" {
		t.Error(diff)
	}
}

// Whoever may ask cannot fill the disk: what needs more memory than there is fails, and leaves nothing behind.
func TestReadersWriteNothingToTheDisk(t *testing.T) {
	c := tempConfig(t)
	publish(t, openAll(t, c), "first", true)
	c.MemoryLimit = "64MB"
	const query = "select max(n) from (select row_number() over (order by md5(cast(i as varchar))) as n from range(3000000) as r(i))"
	dir := t.TempDir()
	t.Chdir(dir)
	db, err := Reader(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for name, ask := range map[string]func() error{
		"Reader": func() error { return db.QueryRowContext(t.Context(), query).Scan(new(int64)) },
		"Select": func() error { return Select(t.Context(), c, query, &loadertest.Answer{}) },
		"Export": func() error { return Export(t.Context(), c, query, filepath.Join(t.TempDir(), "answer.parquet")) },
	} {
		if err := ask(); err == nil || !strings.Contains(err.Error(), "Out of Memory") {
			t.Errorf("%s of more than the memory: %v", name, err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
