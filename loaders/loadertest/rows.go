package loadertest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
)

// start is when everything in these tests begins; observed n is n hours later.
var start = time.Date(2026, 11, 19, 23, 59, 59, 123456000, time.UTC)

func observed(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }

// queue makes a sealed row of a table with a hash.
func queue(id, name string, at int) *schema.Queue {
	q := &schema.Queue{QueueID: id, Name: &name, IsListed: true}
	schema.Seal(q, "test", observed(at))
	return q
}

func interaction(id string, at int, fill func(*schema.Interaction)) *schema.Interaction {
	i := &schema.Interaction{
		ConversationID: id, ConversationStart: start, DataSource: "genesys_cloud", BusinessDate: "2026-11-20",
		CrmIDStatus: "missing", Finality: "final", TimeSource: "metric", WasEscalatedSource: "none",
	}
	if fill != nil {
		fill(i)
	}
	schema.Seal(i, "test", observed(at))
	return i
}

// rows reads a table back, sorted by its key.
func (t *Trial) rows(ctx context.Context, l pipeline.Loader, table *schema.Table) ([]map[string]any, error) {
	rows, err := t.warehouse.Rows(ctx, l, table.Name)
	if err != nil {
		return nil, fmt.Errorf("read %s back: %w", table.Name, err)
	}
	key := func(row map[string]any) string {
		var b strings.Builder
		for _, k := range table.Keys() {
			fmt.Fprintf(&b, "%v\x00", row[k])
		}
		return b.String()
	}
	slices.SortFunc(rows, func(a, b map[string]any) int { return strings.Compare(key(a), key(b)) })
	return rows, nil
}

// holds compares a table with rows, given in the order of their keys, but for the columns that the loader fills.
func (t *Trial) holds(ctx context.Context, l pipeline.Loader, table *schema.Table, want ...schema.Row) error {
	got, err := t.rows(ctx, l, table)
	if err != nil {
		return err
	}
	if len(got) != len(want) {
		return fmt.Errorf("%s has %d rows, want %d: %v", table.Name, len(got), len(want), got)
	}
	for i, row := range want {
		for _, c := range table.Columns {
			if c.Set != schema.Transform {
				if got[i][c.Name] == nil && c.Set != schema.OnRestate {
					return fmt.Errorf("%s: row %d: the loader has not filled %s", table.Name, i, c.Name)
				}
				continue
			}
			if diff := cmp.Diff(schema.Value(row, c), got[i][c.Name]); diff != "" {
				return fmt.Errorf("%s: row %d: column %s: %s", table.Name, i, c.Name, diff)
			}
		}
	}
	return nil
}

// ledger compares what etl_commits says of a batch: counts, or none if want is nil.
func (t *Trial) ledger(ctx context.Context, l pipeline.Loader, id string, want *pipeline.Loaded) error {
	commits, err := t.rows(ctx, l, schema.EtlCommits)
	if err != nil {
		return err
	}
	var got *pipeline.Loaded
	for _, c := range commits {
		if c["step_id"] != id {
			continue
		}
		if got != nil {
			return fmt.Errorf("the ledger has %s more than once", id)
		}
		got = &pipeline.Loaded{Inserted: c["inserted"].(int64), Updated: c["updated"].(int64), Unchanged: c["unchanged"].(int64)}
		if n, ok := c["deleted"].(int64); ok {
			got.Deleted = n
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("the ledger about %s: %s", id, diff)
	}
	return nil
}
