package loadertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
)

func rowsComeBack(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.UnifiedInteractions)
	if err != nil {
		return err
	}
	zero := interaction("zero", 1, func(i *schema.Interaction) {
		i.DurationMs, i.QaScore, i.Abandoned, i.QueueName, i.ConversationEnd = new(int64(0)), new(0.0), new(false), new(""), new(time.Unix(0, 0).UTC())
	})
	null := interaction("null", 1, nil)
	odd := interaction("odd", 1, func(i *schema.Interaction) {
		i.DurationMs, i.LtvUsd, i.Abandoned = new(int64(-1)<<62), new(0.1+0.2), new(true)
		i.QueueName = new(`It's "quoted", \backslashed; -- drop` + "\n\ttab, Ünïcödé 漢字 🎧")
		i.ConversationEnd = new(time.Date(2262, 1, 1, 0, 0, 0, 1000, time.UTC))
	})
	if err := t.load(ctx, l, "a", pipeline.Loaded{Inserted: 3}, zero, null, odd); err != nil {
		return err
	}
	return t.holds(ctx, l, schema.UnifiedInteractions, null, odd, zero)
}

func loadedOnce(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	b, err := t.batch("a", schema.Queues, []schema.Row{queue("1", "Billing", 1), queue("2", "Sales", 1)})
	if err != nil {
		return err
	}
	want := pipeline.Loaded{Inserted: 2}
	if err := t.loadBatch(ctx, l, b, want); err != nil {
		return err
	}
	before, err := t.rows(ctx, l, schema.Queues)
	if err != nil {
		return err
	}
	if err := t.loadBatch(ctx, l, b, want); err != nil { // the counts of the first time, not "unchanged"
		return err
	}
	after, err := t.rows(ctx, l, schema.Queues)
	if err != nil {
		return err
	}
	if diff := cmp.Diff(before, after); diff != "" {
		return fmt.Errorf("the second load changed the table: %s", diff)
	}
	return t.ledger(ctx, l, "a", &want)
}

func equalRowsChangeNothing(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	if err := t.load(ctx, l, "a", pipeline.Loaded{Inserted: 2}, queue("1", "Billing", 1), queue("2", "Sales", 1)); err != nil {
		return err
	}
	before, err := t.rows(ctx, l, schema.Queues)
	if err != nil {
		return err
	}
	want := pipeline.Loaded{Unchanged: 2}
	if err := t.load(ctx, l, "b", want, queue("1", "Billing", 2), queue("2", "Sales", 2)); err != nil {
		return err
	}
	after, err := t.rows(ctx, l, schema.Queues)
	if err != nil {
		return err
	}
	if diff := cmp.Diff(before, after); diff != "" {
		return fmt.Errorf("rows of equal content were written: %s", diff)
	}
	return t.ledger(ctx, l, "b", &want)
}

func contentDecides(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	if err := t.load(ctx, l, "a", pipeline.Loaded{Inserted: 1}, queue("1", "Billing", 1)); err != nil {
		return err
	}
	want := pipeline.Loaded{Inserted: 1, Updated: 1}
	again := []schema.Row{queue("1", "Invoices", 1), queue("2", "Sales", 1)}
	if err := t.load(ctx, l, "a", want, again...); err != nil {
		return err
	}
	return errors.Join(t.holds(ctx, l, schema.Queues, again...), t.ledger(ctx, l, "a", &want))
}

func replacedByKey(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	if err := t.load(ctx, l, "a", pipeline.Loaded{Inserted: 3}, queue("1", "Billing", 1), queue("2", "Sales", 1), queue("3", "Help", 1)); err != nil {
		return err
	}
	unnamed := &schema.Queue{QueueID: "2"} // NULL replaces a name, false replaces true
	schema.Seal(unnamed, "test", observed(2))
	want := pipeline.Loaded{Inserted: 1, Updated: 1, Unchanged: 1}
	if err := t.load(ctx, l, "b", want, queue("1", "Billing", 2), unnamed, queue("4", "New", 2)); err != nil {
		return err
	}
	return t.holds(ctx, l, schema.Queues, queue("1", "Billing", 1), unnamed, queue("3", "Help", 1), queue("4", "New", 2))
}

func wholeKey(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.SourceAggregates)
	if err != nil {
		return err
	}
	aggregate := func(queue, metric string, sum int64, at int) *schema.SourceAggregate {
		a := &schema.SourceAggregate{
			IntervalStart: start, IntervalEnd: start.Add(time.Hour), QueueID: queue, MediaType: "voice", Metric: metric, Sum: &sum,
		}
		schema.Seal(a, "test", observed(at))
		return a
	}
	if err := t.load(ctx, l, "a", pipeline.Loaded{Inserted: 3}, aggregate("", "tHandle", 1, 1), aggregate("1", "tAcw", 2, 1), aggregate("1", "tHandle", 3, 1)); err != nil {
		return err
	}
	if err := t.load(ctx, l, "b", pipeline.Loaded{Updated: 1}, aggregate("1", "tHandle", 4, 2)); err != nil {
		return err
	}
	return t.holds(ctx, l, schema.SourceAggregates, aggregate("", "tHandle", 1, 1), aggregate("1", "tAcw", 2, 1), aggregate("1", "tHandle", 4, 2))
}

func withoutHash(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.EtlRejects)
	if err != nil {
		return err
	}
	reject := func(key, reason string) *schema.Reject {
		return &schema.Reject{RunID: "r", Source: "s", Entity: "e", NaturalKey: key, ReasonCode: reason, SeenAt: start}
	}
	if err := t.load(ctx, l, "a", pipeline.Loaded{Inserted: 2}, reject("1", "bad_date"), reject("2", "bad_json")); err != nil {
		return err
	}
	if err := t.load(ctx, l, "b", pipeline.Loaded{Inserted: 1, Updated: 1}, reject("2", "missing_id"), reject("3", "bad_date")); err != nil {
		return err
	}
	return t.holds(ctx, l, schema.EtlRejects, reject("1", "bad_date"), reject("2", "missing_id"), reject("3", "bad_date"))
}

func duplicatesBecomeOne(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	b, err := t.batch("a", schema.Queues,
		[]schema.Row{queue("1", "newest", 3), queue("1", "older", 2), queue("2", "first file", 1), queue("3", "first row", 1), queue("3", "last row", 1)},
		[]schema.Row{queue("1", "oldest", 1), queue("2", "last file", 1)},
	)
	if err != nil {
		return err
	}
	if err := t.loadBatch(ctx, l, b, pipeline.Loaded{Inserted: 3}); err != nil {
		return err
	}
	return t.holds(ctx, l, schema.Queues, queue("1", "newest", 3), queue("2", "last file", 1), queue("3", "last row", 1))
}

func laterStays(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	if err := t.load(ctx, l, "a", pipeline.Loaded{Inserted: 2}, queue("1", "new", 5), queue("2", "new", 5)); err != nil {
		return err
	}
	if err := t.load(ctx, l, "b", pipeline.Loaded{Unchanged: 1, Updated: 1}, queue("1", "old", 4), queue("2", "same time", 5)); err != nil {
		return err
	}
	return t.holds(ctx, l, schema.Queues, queue("1", "new", 5), queue("2", "same time", 5))
}

func loaderFillsTimes(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.UnifiedInteractions)
	if err != nil {
		return err
	}
	times := func() (first, changed, loaded time.Time, err error) {
		rows, err := t.rows(ctx, l, schema.UnifiedInteractions)
		if err != nil {
			return first, changed, loaded, err
		}
		if len(rows) != 1 {
			return first, changed, loaded, fmt.Errorf("%d rows, want 1", len(rows))
		}
		first, _ = rows[0]["first_seen_at"].(time.Time)
		changed, _ = rows[0]["last_changed_at"].(time.Time)
		loaded, _ = rows[0]["etl_loaded_at"].(time.Time)
		return first, changed, loaded, nil
	}
	before := time.Now().Add(-time.Minute)
	if err := t.load(ctx, l, "a", pipeline.Loaded{Inserted: 1}, interaction("1", 1, nil)); err != nil {
		return err
	}
	first, changed, loaded, err := times()
	if err != nil {
		return err
	}
	if first.Before(before) || first.After(time.Now().Add(time.Minute)) || !first.Equal(changed) || !first.Equal(loaded) {
		return fmt.Errorf("after the first load: first seen %s, last changed %s, loaded %s", first, changed, loaded)
	}
	if err := t.load(ctx, l, "b", pipeline.Loaded{Updated: 1}, interaction("1", 2, func(i *schema.Interaction) { i.DurationMs = new(int64(1)) })); err != nil {
		return err
	}
	first2, changed2, loaded2, err := times()
	if err != nil {
		return err
	}
	if !first2.Equal(first) || !changed2.After(changed) || !changed2.Equal(loaded2) {
		return fmt.Errorf("after a change: first seen %s (was %s), last changed %s (was %s), loaded %s", first2, first, changed2, changed, loaded2)
	}
	return nil
}

// broken gives a batch whose second file cannot be read.
func (t *Trial) broken(id string) (pipeline.Batch, error) {
	b, err := t.batch(id, schema.Queues, []schema.Row{queue("1", "changed", 2), queue("3", "new", 2)}, []schema.Row{queue("4", "new", 2)})
	if err != nil {
		return b, err
	}
	text, err := os.ReadFile(b.Files[1].URI)
	if err != nil {
		return b, err
	}
	return b, os.WriteFile(b.Files[1].URI, text[:len(text)/2], 0o600)
}

func allOrNone(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	if err := t.load(ctx, l, "a", pipeline.Loaded{Inserted: 2}, queue("1", "old", 1), queue("2", "old", 1)); err != nil {
		return err
	}
	b, err := t.broken("b")
	if err != nil {
		return err
	}
	if _, err := l.Load(ctx, b); err == nil {
		return errors.New("a batch with a file cut in half was loaded")
	}
	if err := errors.Join(t.holds(ctx, l, schema.Queues, queue("1", "old", 1), queue("2", "old", 1)), t.ledger(ctx, l, "b", nil)); err != nil {
		return err
	}
	return t.load(ctx, l, "b", pipeline.Loaded{Updated: 1}, queue("1", "changed", 2)) // the loader goes on after a failure
}

func promisedRows(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	b, err := t.batch("a", schema.Queues, []schema.Row{queue("1", "one", 1)})
	if err != nil {
		return err
	}
	b.Files[0].Rows = 2
	if _, err := l.Load(ctx, b); err == nil {
		return errors.New("a file with fewer rows than its manifest promises was loaded")
	}
	return errors.Join(t.holds(ctx, l, schema.Queues), t.ledger(ctx, l, "a", nil))
}

func cancelled(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	b, err := t.batch("a", schema.Queues, []schema.Row{queue("1", "one", 1)})
	if err != nil {
		return err
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := l.Load(ended, b); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("load under a cancelled context: %w, want context.Canceled", err)
	}
	if err := errors.Join(t.holds(ctx, l, schema.Queues), t.ledger(ctx, l, "a", nil)); err != nil {
		return err
	}
	return t.loadBatch(ctx, l, b, pipeline.Loaded{Inserted: 1})
}

func emptyBatch(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	none := pipeline.Loaded{}
	if err := t.loadBatch(ctx, l, pipeline.Batch{ID: "a", Table: schema.Queues}, none); err != nil {
		return err
	}
	b, err := t.batch("b", schema.Queues, nil)
	if err != nil {
		return err
	}
	return errors.Join(t.loadBatch(ctx, l, b, none), t.ledger(ctx, l, "a", &none), t.ledger(ctx, l, "b", &none), t.holds(ctx, l, schema.Queues))
}

func migrateAgain(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.All()...)
	if err != nil {
		return err
	}
	if err := t.load(ctx, l, "a", pipeline.Loaded{Inserted: 1}, queue("1", "one", 1)); err != nil {
		return err
	}
	if err := l.Migrate(ctx, schema.All()); err != nil {
		return fmt.Errorf("migrate again: %w", err)
	}
	return t.holds(ctx, l, schema.Queues, queue("1", "one", 1))
}

func grows(ctx context.Context, t *Trial) error {
	older := *schema.UnifiedInteractions
	i := slices.IndexFunc(older.Columns, func(c schema.Column) bool { return c.Name == "last_changed_at" })
	older.Columns = older.Columns[:i] // before it was thought of
	l, err := t.loader(ctx, &older)
	if err != nil {
		return err
	}
	b, err := t.batch("a", &older, []schema.Row{interaction("1", 1, nil), interaction("2", 1, nil)})
	if err != nil {
		return err
	}
	if err := t.loadBatch(ctx, l, b, pipeline.Loaded{Inserted: 2}); err != nil {
		return err
	}
	if err := l.Migrate(ctx, []*schema.Table{schema.UnifiedInteractions}); err != nil {
		return fmt.Errorf("migrate to the newer table: %w", err)
	}
	changed := interaction("2", 2, func(i *schema.Interaction) { i.DurationMs = new(int64(1)) })
	if err := t.load(ctx, l, "b", pipeline.Loaded{Updated: 1}, changed); err != nil {
		return err
	}
	rows, err := t.rows(ctx, l, schema.UnifiedInteractions)
	if err != nil {
		return err
	}
	if len(rows) != 2 || rows[0]["last_changed_at"] != nil || rows[1]["last_changed_at"] == nil {
		return fmt.Errorf("a column that was added is NULL in the old rows and filled in the new: %v", rows)
	}
	return nil
}

func changedType(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	other := *schema.Queues
	other.Columns = append([]schema.Column{}, other.Columns...)
	for i := range other.Columns {
		if other.Columns[i].Name == "sla_target_ms" {
			other.Columns[i].Type = schema.Text
		}
	}
	err = l.Migrate(ctx, []*schema.Table{&other})
	refused, ok := errors.AsType[*pipeline.Error](err)
	if !ok || refused.Kind != pipeline.Misuse {
		return fmt.Errorf("a column of another type: %w, want a *pipeline.Error of kind Misuse", err)
	}
	for _, named := range []string{"queues", "sla_target_ms", "alter table"} {
		if !strings.Contains(refused.Error(), named) {
			return fmt.Errorf("the refusal does not name %q: %w", named, refused)
		}
	}
	return nil
}

// fenced tries two writers: the second is refused for as long as the first is open, or else it takes over.
func fenced(ctx context.Context, t *Trial) error {
	first, err := t.loader(ctx, schema.Queues)
	if err != nil {
		return err
	}
	if err := t.load(ctx, first, "a", pipeline.Loaded{Inserted: 1}, queue("1", "one", 1)); err != nil {
		return err
	}
	b, err := t.batch("b", schema.Queues, []schema.Row{queue("2", "two", 1)})
	if err != nil {
		return err
	}
	second, err := t.loader(ctx)
	if isLocked(err) {
		if err := t.load(ctx, first, "c", pipeline.Loaded{Unchanged: 1}, queue("1", "one", 1)); err != nil {
			return fmt.Errorf("after another was refused: %w", err)
		}
		if err := t.close(first); err != nil {
			return err
		}
		second, err = t.loader(ctx)
	} else if err == nil {
		if _, err := first.Load(ctx, b); !isLocked(err) {
			return fmt.Errorf("load by a loader that was replaced: %w, want a *pipeline.Error of kind Locked", err)
		}
	}
	if err != nil {
		return err
	}
	if err := t.loadBatch(ctx, second, b, pipeline.Loaded{Inserted: 1}); err != nil {
		return err
	}
	return t.holds(ctx, second, schema.Queues, queue("1", "one", 1), queue("2", "two", 1))
}

func isLocked(err error) bool {
	refused, ok := errors.AsType[*pipeline.Error](err)
	return ok && refused.Kind == pipeline.Locked
}
