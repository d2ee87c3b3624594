package sql

import (
	"fmt"
	"strings"

	"trunkline/schema"
)

// Merge is the statements that put a batch into a table, in the order in which they are sent.
type Merge struct {
	// Received counts the rows of the batch as they came.
	Received string
	// Plan makes the table merge_plan: one row a key.
	Plan string
	// Analyze looks at the plan, so that what follows is done well; empty where that is not needed.
	Analyze string
	// Count gives one row: keys, plans, and of the plans those to insert, to update (with another content, or only more
	// settled) and to leave unchanged. More plans than keys means that the table holds a key twice: nothing may be written then.
	Count string
	// Compare makes the table merge_changes: one row a cell that the batch changes. Record writes it where changes are kept.
	// Both are empty for a table of which they are not.
	Compare, Record string
	// Delete is empty where the insert itself replaces the rows that have the same keys.
	Delete string
	Insert string
	// Children replaces the rows of each child table whose parents are inserted or updated.
	Children []Replace
	// Drop removes the plan.
	Drop string
}

// Replace is the statements that put the children of a batch's rows into their table, sent while merge_plan is there and the
// children's files are the batch.
type Replace struct {
	Table *schema.Table
	// Received counts the rows as they came.
	Received string
	// Count gives one row: the children that are to be written, those whose parent stays as it is, and those that have no
	// parent in the batch, of which there may be none.
	Count  string
	Delete string
	Insert string
}

// The tables that a merge makes for itself.
const (
	planTable    = "merge_plan"    // the fate of each key of a batch
	changesTable = "merge_changes" // the cells that it changes
)

// MergeInto gives the merge of a batch into a table.
func (d Dialect) MergeInto(t *schema.Table) Merge {
	m := Merge{
		Received: "select count(*)\nfrom " + d.Batch,
		Plan:     d.plan(t),
		Count:    countPlans(),
		Insert:   d.insert(t),
		Drop:     "drop table " + planTable,
	}
	if d.Keys {
		m.Insert += d.onConflict(t)
	} else {
		m.Delete = d.deleteReplaced(t)
	}
	if d.Statistics != "" {
		m.Analyze = d.Statistics + " " + planTable
	}
	if t.Changes != nil {
		m.Compare, m.Record = d.compare(t), d.record(t)
	}
	for _, child := range t.Children() {
		m.Children = append(m.Children, d.replace(child))
	}
	return m
}

// Statements gives the steps in their order, each with its name.
func (m Merge) Statements() [][2]string {
	all := [][2]string{
		{"received", m.Received},
		{"plan", m.Plan},
	}
	if m.Analyze != "" {
		all = append(all, [2]string{"analyze", m.Analyze})
	}
	all = append(all, [2]string{"count", m.Count})
	if m.Compare != "" {
		all = append(all, [2]string{"compare", m.Compare}, [2]string{"record", m.Record})
	}
	if m.Delete != "" {
		all = append(all, [2]string{"delete", m.Delete})
	}
	all = append(all, [2]string{"insert", m.Insert})
	for _, c := range m.Children {
		all = append(all,
			[2]string{c.Table.Name + ": received", c.Received},
			[2]string{c.Table.Name + ": count", c.Count},
			[2]string{c.Table.Name + ": delete", c.Delete},
			[2]string{c.Table.Name + ": insert", c.Insert})
	}
	return append(all, [2]string{"drop", m.Drop})
}

func (d Dialect) plan(t *schema.Table) string {
	keys := d.quoted(t.Keys())
	_, observed := t.Column("observed_at")
	_, hashed := t.Column("row_hash")
	state := stateOf(t)

	received, newest := append([]string{}, keys...), append([]string{}, d.File+" desc", d.Row+" desc")
	if observed {
		received = append(received, d.Quote("observed_at"))
		newest = append([]string{d.Quote("observed_at") + " desc"}, newest...)
	}
	if hashed {
		received = append(received, d.Quote("row_hash"))
	}
	if state != "" {
		received = append(received, d.Quote(state))
	}
	received = append(received, d.File+" as batch_file", d.Row+" as batch_row",
		fmt.Sprintf("row_number() over (partition by %s order by %s) as version", strings.Join(keys, ", "), strings.Join(newest, ", ")))

	planned := make([]string, 0, len(keys)+4)
	for _, k := range keys {
		planned = append(planned, "received."+k)
	}
	planned = append(planned, "received.batch_file", "received.batch_row")
	if observed && len(t.Children()) > 0 { // tells a version's children from those of another
		planned = append(planned, "received."+d.Quote("observed_at"))
	}
	for _, c := range t.Columns {
		if c.State || c.Set == schema.OnInsert || c.Set == schema.OnContent || c.Set == schema.OnRestate {
			planned = append(planned, "present."+d.Quote(c.Name))
		}
	}
	planned = append(planned, d.action(t, keys[0], hashed, observed))

	return fmt.Sprintf(`%s
with received as (
    select%s
    from %s
)
select%s
from received
left join %s as present
    on %s
where received.version = 1`,
		d.temporary(planTable), strings.ReplaceAll(lines(received), "\n", "\n    "), d.Batch,
		lines(planned), d.Quote(t.Name), d.sameKey(t, "present", "received"))
}

// stateOf gives the column that tells how settled a row is; empty if the table has none.
func stateOf(t *schema.Table) string {
	for _, c := range t.Columns {
		if c.State {
			return c.Name
		}
	}
	return ""
}

// A row that was final and changed is not called final again, but restated.
const (
	final    = "'final'"
	restated = "'restated'"
)

// action says what becomes of a key: a row replaces one that differs and was not observed later. One that differs in its
// state alone is settled: written, but its content did not change.
func (d Dialect) action(t *schema.Table, key string, hashed, observed bool) string {
	var newer string
	if observed {
		newer = "received.observed_at >= present.observed_at"
	}
	both := func(differs string) string {
		if differs != "" && newer != "" {
			return differs + " and " + newer
		}
		return differs + newer
	}
	var differs string
	if hashed {
		differs = "received.row_hash <> present.row_hash"
	}
	otherwise := "else 'update'"
	if when := both(differs); when != "" {
		otherwise = "when " + when + " then 'update'\n        "
		if state := stateOf(t); state != "" {
			state = d.Quote(state)
			otherwise += fmt.Sprintf("when %s then 'settle'\n        ", both(fmt.Sprintf(
				"received.%[1]s <> case when present.%[1]s = %[2]s then %[3]s else present.%[1]s end", state, restated, final)))
		}
		otherwise += "else 'unchanged'"
	}
	return fmt.Sprintf("case\n        when present.%s is null then 'insert'\n        %s\n    end as action", key, otherwise)
}

func countPlans() string {
	return fmt.Sprintf(`select
    (select count(*) from (select distinct batch_file, batch_row from %[1]s) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action in ('update', 'settle') then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from %[1]s`, planTable)
}

func (d Dialect) deleteReplaced(t *schema.Table) string {
	return fmt.Sprintf(`delete from %[1]s
using %[2]s
where %[3]s
    and %[2]s.action in ('update', 'settle')`, d.Quote(t.Name), planTable, d.sameKey(t, d.Quote(t.Name), planTable))
}

func (d Dialect) insert(t *schema.Table) string {
	names, values := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i], values[i] = d.Quote(c.Name), d.value(t, c)
	}
	return fmt.Sprintf(`insert into %s (%s
)
select%s
from %s as batch
join %s
    on batch.%s = %s.batch_file
    and batch.%s = %s.batch_row
where %s.action <> 'unchanged'`,
		d.Quote(t.Name), lines(names), lines(values), d.Batch, planTable, d.File, planTable, d.Row, planTable, planTable)
}

// onConflict lets an insert replace the row that has its key.
func (d Dialect) onConflict(t *schema.Table) string {
	var set []string
	for _, c := range t.Columns {
		if !c.Key {
			set = append(set, fmt.Sprintf("%[1]s = excluded.%[1]s", d.Quote(c.Name)))
		}
	}
	return fmt.Sprintf("\non conflict (%s) do update set%s", strings.Join(d.quoted(t.Keys()), ", "), lines(set))
}

// value gives what a column is filled with when a planned row is inserted.
func (d Dialect) value(t *schema.Table, c schema.Column) string {
	name := d.Quote(c.Name)
	switch {
	case c.Set == schema.OnInsert:
		return fmt.Sprintf("coalesce(%s.%s, %s)", planTable, name, d.LoadedAt)
	case c.Set == schema.OnChange:
		return d.LoadedAt
	case c.Set == schema.OnContent:
		return fmt.Sprintf("case when %[1]s.action = 'settle' then %[1]s.%[2]s else %[3]s end", planTable, name, d.LoadedAt)
	case c.Set == schema.OnRestate:
		return d.restatedAt(t, c)
	case c.State:
		for _, r := range t.Columns {
			if r.Set == schema.OnRestate {
				return fmt.Sprintf("case when batch.%[1]s = %[2]s and %[4]s is not null then %[3]s else batch.%[1]s end",
					name, final, restated, d.restatedAt(t, r))
			}
		}
	}
	return "batch." + name
}

// restatedAt gives when a row first changed after it had been final.
func (d Dialect) restatedAt(t *schema.Table, c schema.Column) string {
	var same []string
	for _, k := range d.quoted(t.Keys()) {
		same = append(same, fmt.Sprintf("%s.%s = %s.%s", changesTable, k, planTable, k))
	}
	return fmt.Sprintf("coalesce(%[1]s.%[2]s, case when %[1]s.%[3]s in (%[4]s, %[5]s) and exists (select 1 from %[6]s where %[7]s and %[6]s.restates) then %[8]s end)",
		planTable, d.Quote(c.Name), d.Quote(stateOf(t)), final, restated, changesTable, strings.Join(same, " and "), d.LoadedAt)
}

// sameKey is the condition that two relations' rows have one key.
func (d Dialect) sameKey(t *schema.Table, a, b string) string {
	var same []string
	for _, k := range d.quoted(t.Keys()) {
		same = append(same, fmt.Sprintf("%s.%s = %s.%s", a, k, b, k))
	}
	return strings.Join(same, "\n    and ")
}
