package web

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// told is a journal of one run that failed.
type told struct{ err error }

const failedRun = "nightly/2026-11-27T00-00-00Z"

func (j told) Newest(context.Context) ([]RunState, error) {
	return []RunState{{ID: failedRun, Day: "2026-11-27", State: "failed", Done: 1, Of: 9, Errors: []RunError{{
		Step: "extract/genesys.conversations", Code: "TL3001", What: "log in to Genesys", Cause: "invalid <client>", Cure: "Correct genesys.client_secret",
	}}}}, j.err
}

func (j told) Log(_ context.Context, run string) ([]StepLog, error) {
	if run != failedRun {
		return nil, fs.ErrNotExist
	}
	lines := make([]LogLine, mostLines+4)
	for i := range lines {
		lines[i] = LogLine{At: time.Date(2026, 11, 27, 2, 30, i, 0, time.UTC), Level: "INFO", Text: "an earlier line"}
	}
	lines[len(lines)-1] = LogLine{At: time.Date(2026, 11, 27, 2, 40, 0, 0, time.UTC), Level: "ERROR", Text: "step failed <client>"}
	return []StepLog{{Step: "extract/genesys.conversations", Lines: lines}}, j.err
}

// A run that failed stands first on Runs, with what to do, and its log; only who sees all columns is told.
func TestRunsTellsOfFailures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "published.duckdb")
	centre{contacts: 50, days: 3}.publish(t, path)
	file := onDisk(path)
	log := "/runs?log=" + url.QueryEscape(failedRun)
	text := func(c Config, role, at string) string {
		t.Helper()
		c.Files, c.Tokens = map[string]File{"": file, "finance": file}, map[string]string{"the token of it": role}
		w := get(t, siteOf(t, c), at, func(r *http.Request) { r.Header.Set("Authorization", "Bearer the token of it") })
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d\n%s", at, w.Code, w.Body)
		}
		return w.Body.String()
	}
	whole := text(Config{Journal: told{}}, "", log)
	for _, want := range []string{"TL3001", "invalid &lt;client&gt;", "Correct genesys.client_secret", "step failed &lt;client&gt;", "(4 lines before)", `<details data-log="extract/genesys.conversations" open>`} {
		if !strings.Contains(whole, want) {
			t.Errorf("the page does not tell %q", want)
		}
	}
	if failed, listed := strings.Index(whole, "data-told"), strings.Index(whole, `data-table="etl_runs"`); failed < 0 || listed < failed {
		t.Errorf("the failed run is at %d, after what is published at %d", failed, listed)
	}
	if less := text(Config{Journal: told{}}, "finance", log); strings.Contains(less, "TL3001") || strings.Contains(less, "step failed") || strings.Contains(less, "data-told") {
		t.Error("finance is told of failures, whose words may quote what it must not see")
	}
	if none := text(Config{}, "", log); strings.Contains(none, "data-told") || !strings.Contains(none, `data-table="etl_runs"`) {
		t.Error("without a journal the page is not what it was")
	}
	if other := text(Config{Journal: told{}}, "", "/runs?log=../x"); !strings.Contains(other, "log=&#34;../x&#34; is ignored") {
		t.Error("a run that is not there is not told")
	}
	if broken := text(Config{Journal: told{errors.New("no store")}}, "", "/runs"); !strings.Contains(broken, "cannot be read now") || !strings.Contains(broken, `data-table="etl_runs"`) {
		t.Error("a run store that cannot be read takes the page with it, or is not told")
	}
}
