package bigquery

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"trunkline/internal/bqfake"
	"trunkline/pipeline"
	"trunkline/schema"
)

// What is as declared is not touched, and what is not is mended by as few statements as BigQuery lets a table take.
func TestMigrateChangesWhatDiffers(t *testing.T) {
	t.Parallel()
	without := func(r bqfake.Result, columns ...string) bqfake.Result {
		r.Rows = slices.DeleteFunc(r.Rows, func(row []any) bool { return row[0] == "queues" && slices.Contains(columns, row[1].(string)) })
		return r
	}
	for name, c := range map[string]struct {
		present bqfake.Result
		want    []string // each statement's beginning; none: no job
		says    []string
	}{
		"nothing differs": {present: catalogueOf(schema.All()...)},
		"a table is new": {
			present: catalogueOf(schema.EtlCommits), want: []string{"create table if not exists `queues`"},
			says: []string{"cluster by `queue_id`", "primary key (`queue_id`) not enforced", "description = "},
		},
		"two columns are missing, one of which was dropped by hand": {
			present: without(catalogueOf(schema.All()...), "name", "etl_loaded_at"), want: []string{"alter table `queues`"},
			says: []string{"add column `name` string options", ",\n    add column `etl_loaded_at` timestamp options"},
		},
		"a description is another one": {
			present: func() bqfake.Result {
				r := catalogueOf(schema.All()...)
				for _, row := range r.Rows {
					if row[0] == "queues" && (row[1] == "name" || row[1] == "queue_id") {
						row[3] = "older words"
					}
				}
				return r
			}(),
			want: []string{"alter table `queues`"}, says: []string{"alter column `queue_id` set options", ",\n    alter column `name` set options"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			l := w.open(t)
			w.answers["catalogue"] = func(bqfake.Query) bqfake.Result { return c.present }
			if err := l.Migrate(t.Context(), []*schema.Table{schema.Queues}); err != nil {
				t.Fatal(err)
			}
			jobs := w.jobsOf("migrate")
			if len(c.want) == 0 {
				if len(jobs) > 0 {
					t.Errorf("sent: %s", jobs[0].Query.Text)
				}
				return
			}
			if len(jobs) != 1 {
				t.Fatalf("%d jobs", len(jobs))
			}
			statements := strings.Split(strings.TrimSuffix(jobs[0].Query.Text, ";\n"), ";\n\n")
			if len(statements) != 2+len(c.want) || !strings.HasPrefix(statements[0], "update etl_leases") || !strings.HasPrefix(statements[1], "assert @@row_count = 1") {
				t.Fatalf("%d statements: %s", len(statements), jobs[0].Query.Text)
			}
			for i, begins := range c.want {
				if !strings.HasPrefix(statements[2+i], begins) {
					t.Errorf("%s", statements[2+i])
				}
			}
			for _, s := range c.says {
				if !strings.Contains(jobs[0].Query.Text, s) {
					t.Errorf("it does not say %q: %s", s, jobs[0].Query.Text)
				}
			}
		})
	}
}

func TestMigrateRefusesAnotherType(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.open(t)
	w.answers["catalogue"] = func(bqfake.Query) bqfake.Result {
		r := catalogueOf(schema.All()...)
		for _, row := range r.Rows {
			if row[0] == "queues" && row[1] == "sla_target_ms" {
				row[2] = "string"
			}
		}
		return r
	}
	err := l.Migrate(t.Context(), schema.All())
	refused(t, err, "TL6003", pipeline.Misuse, "sla_target_ms of table queues is string and declared as int64", "alter table `queues` rename column `sla_target_ms` to `sla_target_ms_before`")
	if len(w.jobsOf("migrate")) > 0 {
		t.Error("something was sent")
	}
}

// A new warehouse's own tables are made before there is a lease, and all others in one job.
func TestANewWarehouseIsMadeByTwoJobs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["catalogue"] = func(bqfake.Query) bqfake.Result { return catalogueOf() }
	l := w.open(t)
	if err := l.Migrate(t.Context(), schema.All()); err != nil {
		t.Fatal(err)
	}
	jobs := w.jobsOf("migrate")
	if len(jobs) != 2 || strings.Contains(jobs[0].Query.Text, "@token") || !strings.Contains(jobs[0].Query.Text, "`etl_leases`") {
		t.Fatalf("%d jobs", len(jobs))
	}
	for _, table := range schema.All() {
		if made := strings.Contains(jobs[1].Query.Text, fmt.Sprintf("create table if not exists `%s` (", table.Name)); made == table.Internal {
			t.Errorf("%s: made is %t", table.Name, made)
		}
	}
}
