package sql

import (
	"fmt"
	"strings"

	"trunkline/schema"
)

// replace gives the statements that put the children of a batch's rows in the place of those that were there. They go by what
// was planned for the parent: a parent that stays as it is keeps its children, because its hash covers theirs.
func (d Dialect) replace(t *schema.Table) Replace {
	names, values := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i], values[i] = d.Quote(c.Name), "batch."+d.Quote(c.Name)
		if c.Set != schema.Transform { // a child is written anew each time
			values[i] = d.LoadedAt
		}
	}
	parent := d.sameParent(t, planTable, "batch")
	return Replace{
		Table:    t,
		Received: "select count(*)\nfrom " + d.batch(t),
		Count: fmt.Sprintf(`select
    count(case when %[2]s.action <> 'unchanged' and %[2]s.observed_at = batch.observed_at then 1 end) as written,
    count(case when %[2]s.action = 'unchanged' or %[2]s.observed_at <> batch.observed_at then 1 end) as unchanged,
    count(case when %[2]s.action is null then 1 end) as orphans
from %[1]s as batch
left join %[2]s
    on %[3]s`, d.batch(t), planTable, parent),
		Delete: d.deleteWhere(t, d.sameParent(t, planTable, d.Quote(t.Name)), ""),
		Insert: fmt.Sprintf(`insert into %s (%s
)
select%s
from %s as batch
join %s
    on %s
    and %[5]s.observed_at = batch.observed_at
where %[5]s.action <> 'unchanged'`, d.Quote(t.Name), lines(names), lines(values), d.batch(t), planTable, parent),
	}
}

// sameParent is the condition that two relations' rows belong to one row of the table's parent.
func (d Dialect) sameParent(t *schema.Table, a, b string) string {
	var same []string
	for _, k := range d.quoted(t.Parent.Keys()) {
		same = append(same, fmt.Sprintf("%s.%s = %s.%s", a, k, b, k))
	}
	return strings.Join(same, "\n    and ")
}
