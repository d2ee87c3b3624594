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
	// Count gives one row: keys, plans, and of the plans those to insert, to update and to leave unchanged. More plans than
	// keys means that the table holds a key twice: nothing may be written then.
	Count  string
	Delete string
	Insert string
	// Drop removes the plan.
	Drop string
}

// planTable is where the fate of each key of a batch is written.
const planTable = "merge_plan"

// MergeInto gives the merge of a batch into a table.
func (d Dialect) MergeInto(t *schema.Table) Merge {
	return Merge{
		Received: "select count(*)\nfrom " + d.Batch,
		Plan:     d.plan(t),
		Count:    countPlans(),
		Delete:   d.deleteReplaced(t),
		Insert:   d.insert(t),
		Drop:     "drop table " + planTable,
	}
}

// Statements gives the steps in their order, each with its name.
func (m Merge) Statements() [][2]string {
	return [][2]string{
		{"received", m.Received},
		{"plan", m.Plan},
		{"count", m.Count},
		{"delete", m.Delete},
		{"insert", m.Insert},
		{"drop", m.Drop},
	}
}

func (d Dialect) plan(t *schema.Table) string {
	keys := d.quoted(t.Keys())
	_, observed := t.Column("observed_at")
	_, hashed := t.Column("row_hash")

	received, newest := append([]string{}, keys...), append([]string{}, d.File+" desc", d.Row+" desc")
	if observed {
		received = append(received, d.Quote("observed_at"))
		newest = append([]string{d.Quote("observed_at") + " desc"}, newest...)
	}
	if hashed {
		received = append(received, d.Quote("row_hash"))
	}
	received = append(received, d.File+" as batch_file", d.Row+" as batch_row",
		fmt.Sprintf("row_number() over (partition by %s order by %s) as version", strings.Join(keys, ", "), strings.Join(newest, ", ")))

	planned := make([]string, 0, len(keys)+4)
	for _, k := range keys {
		planned = append(planned, "received."+k)
	}
	planned = append(planned, "received.batch_file", "received.batch_row")
	for _, c := range t.Columns {
		if c.Set == schema.OnInsert {
			planned = append(planned, "present."+d.Quote(c.Name))
		}
	}
	planned = append(planned, action(keys[0], hashed, observed))

	return fmt.Sprintf(`%s %s as
with received as (
    select%s
    from %s
)
select%s
from received
left join %s as present
    on %s
where received.version = 1`,
		d.Temporary, planTable, strings.ReplaceAll(lines(received), "\n", "\n    "), d.Batch,
		lines(planned), d.Quote(t.Name), d.sameKey(t, "present", "received"))
}

// action says what becomes of a key: a row replaces one that differs and was not observed later.
func action(key string, hashed, observed bool) string {
	var replaces []string
	if hashed {
		replaces = append(replaces, "received.row_hash <> present.row_hash")
	}
	if observed {
		replaces = append(replaces, "received.observed_at >= present.observed_at")
	}
	otherwise := "else 'update'"
	if len(replaces) > 0 {
		otherwise = "when " + strings.Join(replaces, " and ") + " then 'update'\n        else 'unchanged'"
	}
	return fmt.Sprintf("case\n        when present.%s is null then 'insert'\n        %s\n    end as action", key, otherwise)
}

func countPlans() string {
	return fmt.Sprintf(`select
    (select count(*) from (select distinct batch_file, batch_row from %[1]s) as versions) as keys,
    count(*) as plans,
    count(case when action = 'insert' then 1 end) as inserts,
    count(case when action = 'update' then 1 end) as updates,
    count(case when action = 'unchanged' then 1 end) as unchanged
from %[1]s`, planTable)
}

func (d Dialect) deleteReplaced(t *schema.Table) string {
	return fmt.Sprintf(`delete from %[1]s
using %[2]s
where %[3]s
    and %[2]s.action = 'update'`, d.Quote(t.Name), planTable, d.sameKey(t, d.Quote(t.Name), planTable))
}

func (d Dialect) insert(t *schema.Table) string {
	names, values := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = d.Quote(c.Name)
		switch c.Set {
		case schema.OnInsert:
			values[i] = fmt.Sprintf("coalesce(%s.%s, %s)", planTable, names[i], d.LoadedAt)
		case schema.OnChange:
			values[i] = d.LoadedAt
		default:
			values[i] = "batch." + names[i]
		}
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

// sameKey is the condition that two relations' rows have one key.
func (d Dialect) sameKey(t *schema.Table, a, b string) string {
	var same []string
	for _, k := range d.quoted(t.Keys()) {
		same = append(same, fmt.Sprintf("%s.%s = %s.%s", a, k, b, k))
	}
	return strings.Join(same, "\n    and ")
}
