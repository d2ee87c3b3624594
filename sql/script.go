package sql

import (
	"fmt"
	"strings"

	"trunkline/schema"
)

// What a script says when it stops. A loader knows by it what happened; nothing of the script was done then.
const (
	LeaseLost      = "trunkline: the lease is no longer ours"
	RowsMissing    = "trunkline: the batch does not hold the rows that its manifest promises"
	KeysDoubled    = "trunkline: the table holds keys of the batch more than once"
	RowsUnplanned  = "trunkline: not as many rows were written as were planned"
	ParentsMissing = "trunkline: rows of the batch have no parent in it"
)

// MergeScript gives all that puts a batch into a table, for a warehouse that takes it as one script: in one transaction with the
// lease and the ledger, all of it or nothing. What it asserts in vain ends the script, and with it the transaction. It can be sent
// again: rows that are there already are unchanged.
//
// Its parameters, by name: loaded_at, seconds (that the lease lasts from now), token, step_id, content_hash, and for each table with rows of a batch
// received_TABLE, how many its files promise. Its answer is the batch's entries in the ledger: step_id, inserted, updated, unchanged,
// deleted. That of a child table is called by the step's id, a slash and the table's name.
//
// What the plan compares, it has to look for in the whole table, reading a few columns of it. All later statements say between which
// days the rows lie that are replaced (first_replaced, last_replaced): constants, found in the plan, because a warehouse leaves out
// partitions by constants alone. They are bounds of the rows that are there and not of those that come. The script never asks where a
// new row's predecessor might be by the new row's own time: one whose time was corrected would not be found, and then doubled.
func (d Dialect) MergeScript(t *schema.Table) string {
	m := d.MergeInto(t)
	var s script
	s.add("declare planned_keys, planned_rows, planned_inserts, planned_updates, planned_unchanged int64")
	if d.partitioned(t) {
		s.add("declare " + replacedFrom + ", " + replacedTo + " timestamp")
	}
	for _, c := range m.Children {
		n := c.Table.Name
		s.add(fmt.Sprintf("declare %[1]s_written, %[1]s_unchanged, %[1]s_orphans, %[1]s_deleted int64", n))
	}
	s.add("begin transaction", holdLease)
	s.expect("@@row_count = 1", LeaseLost)
	s.expect(fmt.Sprintf("(\n    %s\n) = @received_%s", indented(m.Received), t.Name), RowsMissing)
	s.add(m.Plan)
	s.set(m.Count, "planned_keys", "planned_rows", "planned_inserts", "planned_updates", "planned_unchanged")
	s.expect("planned_rows = planned_keys", KeysDoubled)
	if d.partitioned(t) {
		s.set(fmt.Sprintf("select\n    min(case when %[1]s then replaced_at end),\n    max(case when %[1]s then replaced_at end)\nfrom %[2]s",
			replaced, planTable), replacedFrom, replacedTo)
	}
	if m.Compare != "" {
		s.add(m.Compare, m.Record)
	}
	s.add(m.Delete)
	s.expect("@@row_count = planned_updates", RowsUnplanned)
	s.add(m.Insert)
	s.expect("@@row_count = planned_inserts + planned_updates", RowsUnplanned)
	for _, c := range m.Children {
		n := c.Table.Name
		s.expect(fmt.Sprintf("(\n    %s\n) = @received_%s", indented(c.Received), n), RowsMissing)
		s.set(c.Count, n+"_written", n+"_unchanged", n+"_orphans")
		s.expect(n+"_orphans = 0", ParentsMissing)
		s.add(c.Delete, "set "+n+"_deleted = @@row_count", c.Insert)
		s.expect("@@row_count = "+n+"_written", RowsUnplanned)
	}
	s.enter(m)
	return s.String()
}

// holdLease renews the lease of a transaction that writes. It writes the lease's row, so that it conflicts with whoever takes the lease
// before the transaction ends.
const holdLease = `update etl_leases
set expires_at = timestamp_add(current_timestamp(), interval @seconds second)
where resource = 'warehouse'
    and token = @token`

// script is statements in their order.
type script struct{ statements []string }

func (s *script) add(statements ...string) { s.statements = append(s.statements, statements...) }

// expect ends the script unless a condition is true.
func (s *script) expect(condition, otherwise string) {
	s.add(fmt.Sprintf("assert %s as '%s'", condition, otherwise))
}

// set gives variables the values of a query's only row.
func (s *script) set(query string, variables ...string) {
	s.add(fmt.Sprintf("set (%s) = (\n    %s\n)", strings.Join(variables, ", "),
		indented(strings.Replace(query, "select", "select as struct", 1))))
}

// enter enters a batch into the ledger, and answers with what it entered.
func (s *script) enter(m Merge) {
	rows := []string{"(@step_id, @content_hash, planned_inserts, planned_updates, planned_unchanged, @loaded_at, 0)"}
	ids := []string{"@step_id"}
	for _, c := range m.Children {
		n := c.Table.Name
		id := "@step_id || '/" + n + "'"
		ids = append(ids, id)
		rows = append(rows, fmt.Sprintf("(%[2]s, @content_hash, %[1]s_written, 0, %[1]s_unchanged, @loaded_at, %[1]s_deleted)", n, id))
	}
	ours := "where step_id in (" + strings.Join(ids, ", ") + ")"
	s.add("delete from etl_commits\n"+ours,
		"insert into etl_commits (step_id, content_hash, inserted, updated, unchanged, committed_at, deleted)\nvalues"+lines(rows),
		"commit transaction", // before the answer, which is that of the last statement
		"select step_id, inserted, updated, unchanged, deleted\nfrom etl_commits\n"+ours)
}

// String gives the script as it is sent.
func (s *script) String() string { return strings.Join(s.statements, ";\n\n") + ";\n" }

// The variables of a script that hold between which times the rows lie that are replaced.
const replacedFrom, replacedTo = "first_replaced", "last_replaced"

// partitioned tells whether a table is partitioned.
func (d Dialect) partitioned(t *schema.Table) bool {
	_, ok := t.Column(d.Partition)
	return ok
}

// within is the condition that a row lies where replaced rows do, in the words of constants that the script sets; empty where a
// statement needs no such help.
func (d Dialect) within(t *schema.Table, relation string) string {
	if !d.partitioned(t) {
		return ""
	}
	return fmt.Sprintf("%s.%s between %s and %s", relation, d.Quote(d.Partition), replacedFrom, replacedTo)
}
