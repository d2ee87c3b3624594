package postgres

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trunkline/internal/evidence"
	"trunkline/internal/pgtest"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
)

// What the plan tells is what the server is sent, in that order, and nothing else but lease and ledger.
func TestThePlanIsWhatIsSent(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "PostgreSQL", evidence.Plan, evidence.Engine)
	logs := t.TempDir()
	for dir := logs; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) { // the server is another user
		if err := os.Chmod(dir, 0o777); err != nil { //nolint:gosec // it holds a log of made-up rows
			t.Fatal(err)
		}
	}
	s := pgtest.Start(t, pgtest.Options{Settings: map[string]string{
		"logging_collector": "on", "log_destination": "jsonlog", "log_directory": logs, "log_filename": "sent", "log_statement": "all",
	}})
	c := fresh(t, s, "planned")
	l := openAll(t, c)
	now := time.Now().UTC()
	tier := "Gold"
	b := loadertest.Batch(t, "b", &schema.Account{AccountID: "0015f00000aAAAAAA1", SourceRun: "r", ObservedAt: now, RowHash: "h"})
	b.Children = []pipeline.Part{{Table: schema.CrmAccountVersions, Files: loadertest.Batch(t, "v", &schema.AccountVersion{
		AccountID: "0015f00000aAAAAAA1", ValidFrom: now, CustomerTier: &tier, SourceRun: "r", ObservedAt: now,
	}).Files}}
	planned, err := Plan(t.Context(), c, b)
	if err != nil {
		t.Fatal(err)
	}
	l.mustExec(t, "select 'here it begins'")
	if _, err := l.Load(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	l.mustExec(t, "select 'here it ends'")
	sent, next := sentBetween(t, filepath.Join(logs, "sent.json"), "select 'here it begins'", "select 'here it ends'"), 0
	for _, statement := range sent {
		switch {
		case next < len(planned.Statements) && statement == planned.Statements[next]:
			next++
		case !strings.Contains(statement, "etl_leases") && !strings.Contains(statement, "etl_commits"):
			t.Errorf("sent, and not planned here:\n%s", statement)
		}
	}
	if next < len(planned.Statements) {
		t.Errorf("planned, and not sent in this order:\n%s", planned.Statements[next])
	}
	if planned.Upload != b.Files[0].Bytes+b.Children[0].Files[0].Bytes || planned.Billed != nil {
		t.Errorf("planned %d bytes, %v billed", planned.Upload, planned.Billed)
	}
}

// sentBetween reads from a server's log what it was sent between two statements; it waits for the last.
func sentBetween(t *testing.T, path, begin, end string) []string {
	t.Helper()
	for range 100 {
		var sent []string
		inside := false
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var line struct{ Message string }
			if json.Unmarshal(lines.Bytes(), &line) != nil {
				break // half a line
			}
			head, statement, _ := strings.Cut(line.Message, ": ")
			switch {
			case head != "statement" && !strings.HasPrefix(head, "execute"):
			case statement == end:
				_ = file.Close()
				return sent
			case statement == begin:
				inside = true
			case inside:
				sent = append(sent, statement)
			}
		}
		_ = file.Close()
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the log has no %s", end)
	return nil
}

// What Grants tells an administrator to run is enough for everything, and doctor tells who has not.
func TestTheLeastRightsAreEnough(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "PostgreSQL", evidence.Rights, evidence.Engine)
	s := pgtest.Start(t, pgtest.Options{})
	admin := openAll(t, fresh(t, s, "least"))
	c := Config{Host: s.Socket, Port: s.Port, Database: "least", User: "loader", Schema: "contact centre", Roles: true}
	grants := Grants(c)
	admin.mustExec(t, grants[0])
	for name, err := range map[string]error{"schema": nil, "roles": nil} {
		for _, f := range Examine(t.Context(), c) {
			if f.Name == name {
				err = f.Err
			}
		}
		if err == nil || !strings.Contains(err.Error(), "loader may not make") {
			t.Errorf("%s: got %v before anything was granted", name, err)
		}
	}
	for _, statement := range grants[1:] {
		admin.mustExec(t, statement)
	}
	for _, f := range Examine(t.Context(), c) {
		if f.Err != nil || f.Detail == "" {
			t.Errorf("%s: %q, %v", f.Name, f.Detail, f.Err)
		}
	}
	l := openAll(t, c)
	if _, err := l.Load(t.Context(), loadertest.Batch(t, "b", queues(3, "q")...)); err != nil {
		t.Error(err)
	}
	if _, err := l.Audit(t.Context(), pipeline.Audit{Run: "r", At: time.Now()}); err != nil {
		t.Error(err)
	}
	if _, err := l.Publish(t.Context(), pipeline.Publication{Run: "r", GateOpen: true, At: time.Now()}); err != nil {
		t.Error(err)
	}
}
