package bigquery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/bigquery"

	"trunkline/internal/bqfake"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
)

// Whatever becomes of a request, a batch is staged once and merged once, under ids that tell what was tried.
func TestEveryJobIsDoneOnce(t *testing.T) {
	t.Parallel()
	const stage, merge = "stage_queues", "merge_queues"
	for name, c := range map[string]struct {
		fault  bqfake.Fault
		staged []string // the attempts that were made, and how each ended
		merged []string
	}{
		"nothing goes wrong":               {staged: []string{"1"}, merged: []string{"1"}},
		"an upload is cut":                 {bqfake.Fault{Call: "jobs.insert", Step: stage, CutBefore: true, Times: 2}, []string{"1"}, []string{"1"}},
		"an upload's answer is lost":       {bqfake.Fault{Call: "jobs.insert", Step: stage, CutAfter: true}, []string{"1"}, []string{"1"}},
		"an upload finds a server down":    {bqfake.Fault{Call: "jobs.insert", Step: stage, Code: 503, Reason: "backendError"}, []string{"1"}, []string{"1"}},
		"uploads come too fast":            {bqfake.Fault{Call: "jobs.insert", Step: stage, Code: 403, Reason: "rateLimitExceeded", Times: 2}, []string{"1"}, []string{"1"}},
		"a load fails by itself":           {bqfake.Fault{Call: "jobs.insert", Step: stage, Fails: true, Reason: "backendError", Times: 2}, []string{"1 backendError", "2 backendError", "3"}, []string{"1"}},
		"a load takes its time":            {bqfake.Fault{Call: "jobs.insert", Step: stage, Slow: 3}, []string{"1"}, []string{"1"}},
		"a load tells no statistics":       {bqfake.Fault{Call: "jobs.insert", Step: stage, Bare: true}, []string{"1"}, []string{"1"}},
		"nobody answers how a load stands": {bqfake.Fault{Call: "jobs.get", Step: stage, Code: 500, Reason: "internalError"}, []string{"1"}, []string{"1"}},
		"a merge is cut":                   {bqfake.Fault{Call: "jobs.insert", Step: merge, CutBefore: true}, []string{"1"}, []string{"1"}},
		"a merge's answer is lost":         {bqfake.Fault{Call: "jobs.insert", Step: merge, CutAfter: true}, []string{"1"}, []string{"1"}},
		"a merge and its loss take time":   {bqfake.Fault{Call: "jobs.insert", Step: merge, CutAfter: true, Slow: 2}, []string{"1"}, []string{"1"}},
		"a merge finds a server down":      {bqfake.Fault{Call: "jobs.insert", Step: merge, Code: 502, Reason: "backendError"}, []string{"1"}, []string{"1"}},
		"a merge meets a quota":            {bqfake.Fault{Call: "jobs.insert", Step: merge, Fails: true, Reason: "jobRateLimitExceeded"}, []string{"1"}, []string{"1 jobRateLimitExceeded", "2"}},
		"a merge's tables are written to": {
			bqfake.Fault{Call: "jobs.insert", Step: merge, Fails: true, Reason: "invalidQuery", Message: "Query error: Transaction is aborted due to concurrent update against table acme:calls.etl_leases. Transaction ID: 1 at [3:1]"},
			[]string{"1"},
			[]string{"1 invalidQuery", "2"},
		},
		"the results are not there yet": {bqfake.Fault{Call: "jobs.getQueryResults", Step: merge, Code: 503, Reason: "backendError"}, []string{"1"}, []string{"1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.merges(t, merge, batchID, 1, 0, 0, 0)
			l := w.open(t)
			if c.fault.Call != "" {
				w.Inject(c.fault)
			}
			got, err := l.Load(t.Context(), loadertest.Batch(t, batchID, queues("a")...))
			if err != nil || got["queues"].Inserted != 1 {
				t.Fatal(got, err)
			}
			if c.fault.Call != "" && w.Heal() > 0 && c.fault.Call != "jobs.get" {
				t.Error("the fault never came about")
			}
			for step, want := range map[string][]string{stage: c.staged, merge: c.merged} {
				var ids []string
				for _, j := range w.jobsOf(step) {
					ids = append(ids, strings.TrimSpace(j.ID[strings.LastIndex(j.ID, "_")+1:]+" "+j.Reason))
				}
				if fmt.Sprint(ids) != fmt.Sprint(want) {
					t.Errorf("%s: jobs %v, want %v", step, ids, want)
				}
			}
			if tables := w.Tables(); len(tables) != 1 {
				t.Errorf("%d tables were staged", len(tables))
			}
		})
	}
}

// A merge that failed may have been done after all: the ledger is asked before it is tried again.
func TestAFailedMergeIsLookedUpBeforeItIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.merges(t, "merge_queues", batchID, 9, 9, 9, 0)
	l := w.open(t)
	asked := 0
	w.answers["ledger"] = func(bqfake.Query) bqfake.Result {
		if asked++; asked == 1 {
			return entries()
		}
		return entries(batchID, 1, 0, 0, 0)
	}
	w.Inject(bqfake.Fault{Call: "jobs.insert", Step: "merge_queues", Fails: true, Reason: "internalError"})
	got, err := l.Load(t.Context(), loadertest.Batch(t, batchID, queues("a")...))
	if err != nil || got["queues"] != (pipeline.Loaded{Inserted: 1}) {
		t.Error(got, err)
	}
	if merged := w.jobsOf("merge_queues"); len(merged) != 1 {
		t.Errorf("%d merges", len(merged))
	}
}

// What an earlier process did under the same ids may be older than the tables, so that it is not relied on, but done again under the
// next ones; the ledger keeps it from being doubled.
func TestJobsOfAnEarlierProcessAreNotReliedOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.merges(t, "merge_queues", batchID, 1, 0, 0, 0)
	b := loadertest.Batch(t, batchID, queues("a")...)
	for range 2 {
		if _, err := w.open(t).Load(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []string{"stage_queues", "merge_queues"} {
		jobs := w.jobsOf(step)
		if len(jobs) != 2 || !strings.HasSuffix(jobs[1].ID, "_2") {
			t.Errorf("%+v", jobs)
		}
	}
}

// A job of our id that does what we do is ours, whoever made it that moment; one that does something else is nobody's to take.
func TestAJobOfOurIdIsTakenOnlyIfItIsOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.open(t)
	same := question{id: "tl_mine", step: "release", text: "select 1", parameters: []bigquery.QueryParameter{parameter("a", "b"), parameter("at", time.Now()), parameter("none", nil), parameter("some", []string{"x"})}}
	if _, err := l.run(t.Context(), same); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*question)
		taken  bool
	}{
		"the same":          {func(*question) {}, true},
		"another text":      {func(q *question) { q.text = "select 2" }, false},
		"another parameter": {func(q *question) { q.parameters = append(q.parameters[:0:0], parameter("a", "c")) }, false},
		"fewer parameters":  {func(q *question) { q.parameters = q.parameters[:1] }, false},
		"a parameter of NULL": {func(q *question) {
			q.parameters = append(append(q.parameters[:0:0], parameter("a", nil)), q.parameters[1:]...)
		}, false},
	} {
		q := same
		c.change(&q)
		w.Inject(bqfake.Fault{Call: "jobs.get", Code: 404, Reason: "notFound"}) // as if it were made after we looked
		_, err := l.run(t.Context(), q)
		if c.taken {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		refused(t, l.config.explain("do it", err), "TL6021", pipeline.Misuse, "tl_mine_1")
	}
	if jobs := w.jobsOf("release"); len(jobs) != 1 {
		t.Errorf("%d jobs", len(jobs))
	}
}

// Where the context ends while a job is being made, or while it is at work, the job is told to stop and nothing is made after it.
func TestAJobThatNobodyWaitsForIsToldToStop(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]bqfake.Fault{
		"at work":  {Call: "jobs.insert", Step: "merge_queues", Slow: 1 << 30},
		"in doubt": {Call: "jobs.insert", Step: "merge_queues", Slow: 1 << 30, CutAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			l := w.open(t)
			ctx, cancel := context.WithCancel(t.Context())
			w.answers["merge_queues"] = func(bqfake.Query) bqfake.Result {
				cancel()
				return entries()
			}
			w.Inject(fault)
			_, err := l.Load(ctx, loadertest.Batch(t, batchID, queues("a")...))
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			merged := w.jobsOf("merge_queues")
			if len(merged) != 1 || merged[0].Reason != "stopped" {
				t.Errorf("%+v", merged)
			}
			if _, err := l.Load(ctx, loadertest.Batch(t, batchID, queues("b")...)); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A large file goes in pieces.
func TestALargeFileIsUploadedInPieces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.merges(t, "merge_queues", batchID, 1, 0, 0, 0)
	l := w.open(t)
	l.piece = 256 << 10
	var names []string
	for i := range 30_000 {
		names = append(names, fmt.Sprintf("%x", i*i*1_000_003))
	}
	w.Inject(bqfake.Fault{Call: "upload", Step: "stage_queues", CutBefore: true})
	if _, err := l.Load(t.Context(), loadertest.Batch(t, batchID, queues(names...)...)); err != nil {
		t.Fatal(err)
	}
	calls, uploaded := w.Calls()
	if calls["upload"] < 3 || uploaded < 512<<10 || w.Heal() > 0 {
		t.Errorf("%d pieces, %d bytes", calls["upload"], uploaded)
	}
	for _, table := range w.Tables() {
		if len(table.Rows) != 30_000 || table.Rows[29_999]["queue_id"] != names[29_999] {
			t.Errorf("%d rows", len(table.Rows))
		}
	}
}
