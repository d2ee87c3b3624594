package bench

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"trunkline/internal/sim"
)

//go:embed testdata/six_tables.sql
var sixTables string

// bySQL is set, to any value, in the child process that makes the six tables.
const bySQL = "TRUNKLINE_BENCH_SIX_TABLES"

// TestMain is that child process too: what is measured must share a process with nothing.
func TestMain(m *testing.M) {
	if os.Getenv(bySQL) == "" {
		os.Exit(m.Run())
	}
	if err := makeSixTables(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func makeSixTables(ctx context.Context) error {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return fmt.Errorf("open a database in memory: %w", err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, sixTables); err != nil {
		return fmt.Errorf("make the six tables: %w", err)
	}
	return db.Close()
}

// All tables of a night (the tree of every conversation, agent legs and queue visits, unified_interactions; sorted, hashed, read
// again by an independent reader) are held against what DuckDB's SQL takes for the six plain ones of the same bytes. What was
// aimed at is a third of the CPU time and a fifth of the memory; what is held is that it gets no worse. MiB-idle is what the
// program takes that does nothing.
func BenchmarkTreeAgainstSQL(b *testing.B) {
	const conversations, cpuLimit, peakLimit = 10_000, 0.8, 0.5
	binary := trunkline(b)
	c := openCentre(b, conversations, func(*sim.Config) {})
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	dir := projectOf(b, c, "")
	measure(b, dir, binary, "extract", "--date", c.date)
	if err := os.Mkdir(filepath.Join(dir, "six"), 0o750); err != nil {
		b.Fatal(err)
	}
	idle := measure(b, dir, binary, "version")
	for b.Loop() {
		ours := measure(b, dir, binary, "transform", "--date", c.date, "--again")
		b.Setenv(bySQL, "yes")
		theirs := measure(b, dir, self)
		if err := os.Unsetenv(bySQL); err != nil {
			b.Fatal(err)
		}
		cpu, peak := ours.cpu.Seconds()/theirs.cpu.Seconds(), float64(ours.peak)/float64(theirs.peak)
		b.ReportMetric(cpu, "x-cpu")
		b.ReportMetric(peak, "x-peak")
		b.ReportMetric(ours.cpu.Seconds(), "cpu-s")
		b.ReportMetric(theirs.cpu.Seconds(), "cpu-s-sql")
		b.ReportMetric(float64(ours.peak)/mebibyte, "MiB")
		b.ReportMetric(float64(theirs.peak)/mebibyte, "MiB-sql")
		b.ReportMetric(float64(idle.peak)/mebibyte, "MiB-idle")
		if cpu > cpuLimit || peak > peakLimit {
			b.Errorf("%.2f of the CPU time and %.2f of the memory of the six plain tables; held are %.2f and %.2f", cpu, peak, cpuLimit, peakLimit)
		}
	}
}
