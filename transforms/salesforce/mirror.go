package salesforce

import (
	"time"

	"trunkline/internal/sfid"
	"trunkline/pipeline"
	"trunkline/schema"
)

// mirror puts tonight's records over what the newest earlier run had.
type mirror struct {
	in   *pipeline.Inputs
	emit func(...schema.Row) error
}

// prefixes are those of the objects' ids; a history's are not told.
var prefixes = map[string]string{
	accounts: sfid.Account, cases: sfid.Case, opportunities: sfid.Opportunity, users: sfid.User,
}

// read gives each good record of a stream to use, and makes rejects of the others.
func (m *mirror) read(stream string, use func(record, pipeline.Item) error) error {
	for item, err := range m.in.Records(kind(stream)) {
		if err != nil {
			return err
		}
		r := newRecord(item.Body, prefixes[stream])
		if r.fault.reason == "" {
			if err := use(r, item); err != nil {
				return err
			}
		}
		if r.fault.reason != "" {
			if err := m.emit(reject(stream, item, r.fault)); err != nil {
				return err
			}
		}
	}
	return nil
}

// object says how rows of one table are made of records.
type object[R schema.Row] struct {
	stream string
	table  *schema.Table
	make   func(r record, deleted bool) R
	id     func(R) string
	at     func(R) *time.Time   // when it last changed
	bury   func(R)              // marks a row as deleted
	below  func(R) []schema.Row // its children; nil: it has none
}

// family gives a row with its children.
func (o object[R]) family(row R) []schema.Row {
	rows := []schema.Row{row}
	if o.below != nil {
		rows = append(rows, o.below(row)...)
	}
	return rows
}

// tonight is what a run brings of one object.
type tonight[R schema.Row] struct {
	rows   map[string]R
	buried map[string]record // ids of which only the deletion is told
}

func readTonight[R schema.Row](m *mirror, o object[R]) (tonight[R], error) {
	t := tonight[R]{rows: map[string]R{}, buried: map[string]record{}}
	err := m.read(o.stream, func(r record, item pipeline.Item) error {
		if r.tombstone() {
			t.buried[r.id] = r
			return nil
		}
		row := o.make(r, r.deleted(item))
		if r.fault.reason == "" {
			t.rows[r.id] = row
		}
		return nil
	})
	return t, err
}

// carry makes the snapshot of one object: tonight's rows, and the earlier ones that tonight did not bring. What was known of a
// record whose deletion alone is told is kept.
func carry[R schema.Row](m *mirror, o object[R], t tonight[R]) error {
	for old, err := range pipeline.Rows[R](m.in, o.table.Name) {
		if err != nil {
			return err
		}
		id := o.id(old)
		if row, again := t.rows[id]; again {
			if !newer(o.at(old), o.at(row)) {
				continue
			}
			delete(t.rows, id) // what is known already is younger than what was read tonight
		}
		if _, gone := t.buried[id]; gone {
			o.bury(old)
		}
		if err := m.emit(o.family(old)...); err != nil {
			return err
		}
	}
	for _, row := range t.rows {
		if err := m.emit(o.family(row)...); err != nil {
			return err
		}
	}
	return nil
}

// newer tells whether a is known to be later than b.
func newer(a, b *time.Time) bool { return a != nil && b != nil && a.After(*b) }

// keep reads and carries an object that has no history.
func keep[R schema.Row](m *mirror, o object[R]) error {
	t, err := readTonight(m, o)
	if err != nil {
		return err
	}
	return carry(m, o, t)
}
