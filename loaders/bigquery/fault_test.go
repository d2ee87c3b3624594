package bigquery

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"trunkline/internal/bqfake"
	"trunkline/internal/secret"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prepare func(*world, *Config)
		code    string
		kind    pipeline.Kind
		says    []string
	}{
		"no project":  {func(_ *world, c *Config) { c.Project = "" }, "TL6004", pipeline.Misuse, []string{"project is missing"}},
		"no location": {func(_ *world, c *Config) { c.Location = "" }, "TL6004", pipeline.Misuse, []string{"location is missing"}},
		"credentials that are none": {
			func(_ *world, c *Config) { c.Endpoint, c.Credentials = "", secret.New("very-secret") }, "TL6004", pipeline.Denied, []string{"GOOGLE_APPLICATION_CREDENTIALS"},
		},
		"a dataset elsewhere": {func(_ *world, c *Config) { c.Location = "US" }, "TL6004", pipeline.Misuse, []string{"calls lies in EU", "US"}},
		"no dataset, and no right to make one": {
			func(w *world, _ *Config) {
				w.DropDataset("calls_staging")
				w.Inject(bqfake.Fault{Call: "datasets.insert", Code: http.StatusForbidden, Reason: "accessDenied"})
			}, "TL6004", pipeline.Denied, []string{"bq mk --location=eu --dataset acme:calls_staging"},
		},
		"no right to look": {
			func(w *world, _ *Config) {
				w.Inject(bqfake.Fault{Call: "datasets.get", Code: http.StatusForbidden, Reason: "accessDenied", Message: "Access Denied: Dataset acme:calls"})
			}, "TL6004", pipeline.Denied, []string{"roles/bigquery.dataEditor", "Access Denied"},
		},
		"no right to make jobs": {
			func(w *world, _ *Config) {
				w.Inject(bqfake.Fault{Call: "jobs.insert", Code: http.StatusForbidden, Reason: "accessDenied", Message: "User does not have bigquery.jobs.create permission"})
			}, "TL6004", pipeline.Denied, []string{"roles/bigquery.jobUser", "bigquery.jobs.create"},
		},
		"tables of others": {
			func(w *world, _ *Config) {
				w.answers["catalogue"] = func(bqfake.Query) bqfake.Result { return catalogueOf(schema.Users) }
			}, "TL6008", pipeline.Misuse, []string{"users"},
		},
		"somebody is writing": {
			func(w *world, _ *Config) {
				w.answers["lease"] = func(bqfake.Query) bqfake.Result {
					return bqfake.Result{Reason: "invalidQuery", Message: "Query error: trunkline: held by «other:2» until 2026-11-01T00:15:00Z at [10:5]"}
				}
			}, "TL6001", pipeline.Locked, []string{"other:2 is writing", "ends at 2026-11-01"},
		},
		"an outage": {
			func(w *world, c *Config) {
				impatient(c)
				w.Inject(bqfake.Fault{Call: "jobs.insert", Code: http.StatusServiceUnavailable, Reason: "backendError", Times: -1})
			}, "TL6020", pipeline.Upstream, []string{"status.cloud.google.com"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			config := w.config()
			c.prepare(w, &config)
			l, err := Open(t.Context(), config, "late")
			if l != nil {
				t.Error("a loader was returned")
			}
			refused(t, err, c.code, c.kind, c.says...)
			if strings.Contains(err.Error(), "very-secret") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

// Datasets that are not there are made, the one for staging so that its tables go by themselves.
func TestDatasetsAreMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.DropDataset("calls")
	w.DropDataset("calls_staging")
	w.open(t)
	made, staging := w.Dataset("calls"), w.Dataset("calls_staging")
	if made == nil || staging == nil || made.Location != "eu" || made.Expiry != 0 || staging.Expiry != 24*time.Hour || staging.Location != "eu" {
		t.Errorf("%+v %+v", made, staging)
	}
}

func TestLoadSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	const stage, merge = "stage_queues", "merge_queues"
	stops := func(said string) bqfake.Fault {
		return bqfake.Fault{Call: "jobs.insert", Step: merge, Fails: true, Reason: "invalidQuery", Message: "Query error: " + said + " at [9:1]"}
	}
	for name, c := range map[string]struct {
		fault   bqfake.Fault
		prepare func(*world, *pipeline.Batch)
		code    string
		kind    pipeline.Kind
		says    []string
	}{
		"no right to the staging dataset": {
			fault: bqfake.Fault{Call: "jobs.insert", Step: stage, Code: 403, Reason: "accessDenied", Message: "Permission bigquery.tables.create denied"},
			code:  "TL6004", kind: pipeline.Denied, says: []string{"stage queues", "schema `acme`.`calls_staging`", "tables.create"},
		},
		"the staging dataset is gone": {
			prepare: func(w *world, _ *pipeline.Batch) { w.DropDataset("calls_staging") },
			code:    "TL6004", kind: pipeline.Misuse, says: []string{"Not found: Dataset acme:calls_staging", "Check project, dataset and location"},
		},
		"a quota of the day": {
			fault: bqfake.Fault{Call: "jobs.insert", Step: stage, Times: -1, Code: 403, Reason: "quotaExceeded", Message: "Quota exceeded: Your table exceeded quota for imports or query appends per table"},
			code:  "TL6020", kind: pipeline.Upstream, says: []string{"imports or query appends per table", "raise the quota"},
		},
		"a limit that jobs meet": {
			fault: bqfake.Fault{Call: "jobs.insert", Step: merge, Times: -1, Fails: true, Reason: "rateLimitExceeded", Message: "Exceeded rate limits: too many table update operations"},
			code:  "TL6020", kind: pipeline.Upstream, says: []string{"too many table update operations"},
		},
		"a value that BigQuery refuses": {
			fault: bqfake.Fault{Call: "jobs.insert", Step: stage, Fails: true, Reason: "invalid", Message: "Error while reading data, error message: Row is larger than 104857600"},
			code:  "TL6004", kind: pipeline.Misuse, says: []string{"stage queues", "Row is larger"},
		},
		"a statement that is wrong": {
			fault: stops("Unrecognized name: sla_shar"), code: "TL6004", kind: pipeline.Misuse, says: []string{"merge_queues", "sla_shar"},
		},
		"others who write": {
			fault: bqfake.Fault{Call: "jobs.insert", Step: merge, Times: -1, Fails: true, Reason: "invalidQuery", Message: "Could not serialize access to table acme:calls.queues due to concurrent update"},
			code:  "TL6004", kind: pipeline.Locked, says: []string{"calls.queues"},
		},
		"the lease is another's": {
			fault: stops(statements.LeaseLost),
			prepare: func(w *world, _ *pipeline.Batch) {
				w.answers["owner"] = func(bqfake.Query) bqfake.Result {
					return bqfake.Result{Columns: []bqfake.Column{{Name: "owner", Type: "STRING"}}, Rows: [][]any{{"other:2"}}}
				}
			},
			code: "TL6002", kind: pipeline.Locked, says: []string{"taken over by other:2"},
		},
		"a key that is there twice": {fault: stops(statements.KeysDoubled), code: "TL6007", kind: pipeline.Misuse, says: []string{"queues", "having count(*) > 1"}},
		"rows that got lost":        {fault: stops(statements.RowsMissing), code: "TL6006", kind: pipeline.Failure, says: []string{"promises"}},
		"a file that was cut": {
			prepare: func(_ *world, b *pipeline.Batch) {
				text, _ := os.ReadFile(b.Files[0].URI)
				_ = os.WriteFile(b.Files[0].URI, text[:len(text)/2], 0o600)
			},
			code: "TL6004", kind: pipeline.Failure, says: []string{"stage queues"},
		},
		"a file that was changed": {
			prepare: func(_ *world, b *pipeline.Batch) { b.Files[0].Rows++ },
			code:    "TL6006", kind: pipeline.Failure, says: []string{"hold 1 rows where their manifest promises 2"},
		},
		"more bytes than may be billed": {
			prepare: func(w *world, _ *pipeline.Batch) {
				w.answers[merge] = func(bqfake.Query) bqfake.Result { return bqfake.Result{Bytes: 2 << 30} }
			},
			code: "TL6004", kind: pipeline.Misuse, says: []string{"maximum_bytes_billed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.merges(t, merge, batchID, 1, 0, 0, 0)
			l := w.open(t, impatient, func(c *Config) { c.MaxBytesBilled = 1 << 30 })
			b := loadertest.Batch(t, batchID, queues("a")...)
			if c.prepare != nil {
				c.prepare(w, &b)
			}
			if c.fault.Call != "" {
				w.Inject(c.fault)
			}
			got, err := l.Load(t.Context(), b)
			if got != nil {
				t.Error("counts were given")
			}
			refused(t, err, c.code, c.kind, c.says...)
			if c.fault.Times == 0 && c.fault.Call == "" && !strings.Contains(name, "billed") && len(w.jobsOf(merge)) > 0 {
				t.Error("it was merged")
			}
		})
	}
}

// A load that took in fewer rows than were sent is no load.
func TestRowsThatALoadLosesAreMissed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.open(t)
	w.Inject(bqfake.Fault{Call: "jobs.insert", Step: "stage_queues", Loses: 1})
	_, err := l.Load(t.Context(), loadertest.Batch(t, batchID, queues("a", "b")...))
	refused(t, err, "TL6004", pipeline.Failure, "loaded 1 rows of the 2")
}
