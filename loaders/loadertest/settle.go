package loadertest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
)

// told gives what the warehouse says of the one interaction that it has.
func (t *Trial) told(ctx context.Context, l pipeline.Loader) (map[string]any, error) {
	rows, err := t.rows(ctx, l, schema.UnifiedInteractions)
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 {
		return nil, fmt.Errorf("%d interactions, want 1", len(rows))
	}
	return rows[0], nil
}

// versions loads versions of one interaction, each of which must be written, and gives what is told after each.
func (t *Trial) versions(ctx context.Context, l pipeline.Loader, versions ...func(*schema.Interaction)) ([]map[string]any, error) {
	var told []map[string]any
	for n, fill := range versions {
		want := pipeline.Loaded{Updated: 1}
		if n == 0 {
			want = pipeline.Loaded{Inserted: 1}
		}
		if err := t.load(ctx, l, fmt.Sprint("version ", n), want, interaction("1", n+1, fill)); err != nil {
			return nil, err
		}
		row, err := t.told(ctx, l)
		if err != nil {
			return nil, err
		}
		told = append(told, row)
	}
	return told, nil
}

func as(finality string, duration int64) func(*schema.Interaction) {
	return func(i *schema.Interaction) { i.Finality, i.DurationMs = finality, &duration }
}

func settled(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.UnifiedInteractions)
	if err != nil {
		return err
	}
	told, err := t.versions(ctx, l, as("provisional", 1), as("final", 1))
	if err != nil {
		return err
	}
	before, after := told[0], told[1]
	if after["finality"] != "final" || after["restated_at"] != nil || after["last_changed_at"] != before["last_changed_at"] {
		return fmt.Errorf("settled: finality %v, restated at %v, last changed %v, was %v",
			after["finality"], after["restated_at"], after["last_changed_at"], before["last_changed_at"])
	}
	changes, err := t.rows(ctx, l, schema.UnifiedInteractionChanges)
	if err == nil && len(changes) > 0 {
		err = fmt.Errorf("changes were written down: %v", changes)
	}
	return err
}

func restated(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.UnifiedInteractions)
	if err != nil {
		return err
	}
	told, err := t.versions(ctx, l, as("final", 1), as("final", 2), as("live", 2), as("final", 2))
	if err != nil {
		return err
	}
	for n, want := range []string{"final", "restated", "live", "restated"} {
		if got := told[n]["finality"]; got != want {
			return fmt.Errorf("version %d is %v, want %s", n, got, want)
		}
		at, _ := told[n]["restated_at"].(time.Time)
		if first, _ := told[1]["restated_at"].(time.Time); at.IsZero() == (n > 0) || n > 0 && !at.Equal(first) {
			return fmt.Errorf("version %d was restated at %v, the first time at %v", n, told[n]["restated_at"], first)
		}
	}
	// The same again is no change, although it calls itself final.
	return t.load(ctx, l, "again", pipeline.Loaded{Unchanged: 1}, interaction("1", 9, as("final", 2)))
}

func followsCRM(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.UnifiedInteractions)
	if err != nil {
		return err
	}
	tier := func(name string) func(*schema.Interaction) {
		return func(i *schema.Interaction) { i.Finality, i.CustomerTier = "final", &name }
	}
	told, err := t.versions(ctx, l, tier("SMB"), tier("Enterprise"))
	if err != nil {
		return err
	}
	if got := told[1]; got["finality"] != "final" || got["restated_at"] != nil || got["customer_tier"] != "Enterprise" {
		return fmt.Errorf("a change of the tier: %v, restated at %v, tier %v", got["finality"], got["restated_at"], got["customer_tier"])
	}
	return nil
}

func changesKept(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.UnifiedInteractions)
	if err != nil {
		return err
	}
	told, err := t.versions(ctx, l, as("provisional", 1), func(i *schema.Interaction) {
		i.QueueName, i.CustomerTier = new("Sales"), new("SMB")
	})
	if err != nil {
		return err
	}
	got, err := t.rows(ctx, l, schema.UnifiedInteractionChanges)
	if err != nil {
		return err
	}
	at := told[1]["etl_loaded_at"]
	change := func(column string, was, is any, restates bool) map[string]any {
		return map[string]any{
			"conversation_id": "1", "column_name": column, "changed_at": at, "source_run": "test",
			"old_value": was, "new_value": is, "restates": restates,
		}
	}
	want := []map[string]any{
		change("customer_tier", nil, "SMB", false), change("duration_ms", "1", nil, true), change("queue_name", nil, "Sales", true),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return errors.New("the changes written down: " + diff)
	}
	return nil
}
