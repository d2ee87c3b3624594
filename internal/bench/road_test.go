package bench

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
)

// centre is a simulated contact centre of one day, two and a half hours after its end.
type centre struct {
	*sim.Centre
	url  string
	date string
}

func openCentre(b *testing.B, perDay int, change func(*sim.Config)) *centre {
	b.Helper()
	world := scenario.Default()
	world.Location, world.PerDay, world.Days = time.UTC, perDay, 1
	world.Start = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	night := time.Date(2026, 11, 3, 2, 30, 0, 0, time.UTC)
	config := sim.Config{Scenario: world, Lag: time.Hour, Now: func() time.Time { return night }}
	change(&config)
	c, err := sim.New(config)
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(c.Handler())
	b.Cleanup(server.Close)
	return &centre{c, server.URL, "2026-11-02"}
}

// trunkline builds the binary that the benchmarks run; it is the one that users have.
func trunkline(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "trunkline")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", binary, "trunkline/cmd/trunkline")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build trunkline: %v\n%s", err, out)
	}
	return binary
}

// project makes a folder with a configuration that reads the centre and its CRM.
func project(b *testing.B, c *centre) string {
	return projectOf(b, c, fmt.Sprintf("salesforce: {login_url: %q, client_id: trunkline, client_secret: simulated}\n", c.url))
}

// projectOf makes a folder with a configuration that reads the centre; more is further sections.
func projectOf(b *testing.B, c *centre, more string) string {
	b.Helper()
	dir := b.TempDir()
	config := fmt.Sprintf(`version: 1
organisation: {time_zone: UTC}
store: {path: runs}
genesys: {base_url: %q, client_id: trunkline, client_secret: simulated, requests_per_minute: 1000000}
warehouse: {duckdb: {path: warehouse.duckdb, published: published.duckdb}}
%s`, c.url, more)
	if err := os.WriteFile(filepath.Join(dir, "trunkline.yaml"), []byte(config), 0o600); err != nil {
		b.Fatal(err)
	}
	return dir
}

// cost is what a child process used.
type cost struct {
	peak int64 // resident memory, bytes
	cpu  time.Duration
	wall time.Duration
}

func measure(b *testing.B, dir, binary string, args ...string) cost {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), binary, args...)
	cmd.Dir = dir
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("trunkline %v: %v\n%s", args, err, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		b.Fatal("this system does not tell what a process used")
	}
	peak := usage.Maxrss
	if runtime.GOOS != "darwin" {
		peak *= 1024
	}
	return cost{peak: peak, cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), wall: time.Since(began)}
}

const mebibyte = 1 << 20

// Memory is bounded by a page, not by a day: a day ten times as long takes no more of it.
func BenchmarkMemoryOfADay(b *testing.B) {
	const limit = 256 * mebibyte
	binary := trunkline(b)
	for _, perDay := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("%d-conversations", perDay), func(b *testing.B) {
			c := openCentre(b, perDay, func(*sim.Config) {})
			for b.Loop() {
				dir := project(b, c)
				extract := measure(b, dir, binary, "extract", "--date", c.date)
				transform := measure(b, dir, binary, "transform", "--date", c.date)
				b.ReportMetric(float64(extract.peak)/mebibyte, "MiB-extract")
				b.ReportMetric(float64(transform.peak)/mebibyte, "MiB-transform")
				b.ReportMetric(extract.cpu.Seconds()*1e4/float64(perDay), "cpu-s-extract/10k")
				b.ReportMetric(transform.cpu.Seconds()*1e4/float64(perDay), "cpu-s-transform/10k")
				if peak := max(extract.peak, transform.peak); peak > limit {
					b.Errorf("peak memory is %d MiB, promised are %d", peak/mebibyte, limit/mebibyte)
				}
			}
		})
	}
}
