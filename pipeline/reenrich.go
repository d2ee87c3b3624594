package pipeline

import (
	"context"

	"trunkline/schema"
)

// reenrich lets rows of earlier runs follow what the CRM has changed. The warehouse finds them, and joins them, by one query;
// here they get their hash, which no warehouse computes alike, and go the way of every batch: a file in the run's folder, a merge
// that notes each changed cell, an entry in the ledger, all under the lease. Done again it finds nothing left to do.
func (r *Run) reenrich(ctx context.Context, m *Manifest) error {
	m.Window.From = r.window.From.Add(-r.flow.Reenrich)
	return r.withLoader(ctx, func(l Loader) error {
		warehouse, ok := l.(Reenricher)
		if !ok {
			return nil
		}
		changed := newSorter(schema.UnifiedInteractions)
		defer changed.close()
		err := warehouse.Reenrich(ctx, m.Window.From, func(row schema.Row) error {
			schema.Seal(row, r.id, row.(*schema.Interaction).ObservedAt)
			return changed.add(row)
		})
		if err != nil {
			return err
		}
		f, err := writeTable(ctx, r.store, r.id+"/"+m.Step, r.flow.Version, changed)
		if err != nil || f.Rows == 0 {
			return err
		}
		m.Files = []File{f}
		return r.loadBatches(ctx, l, batchesOf(r.store, r.id+"/"+m.Step, m.Files), m)
	})
}
