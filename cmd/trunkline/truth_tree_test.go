package main

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"trunkline/internal/sim/scenario"
	"trunkline/schema"
)

// faults counts in which ways tables are not what happened.
type faults struct {
	lost    int // happened, and is not there
	doubled int // a key that is there more than once
	stale   int // there, with a value that is not today's truth
	phantom int // there, and never happened, or is no more
	torn    int // of another version than the row that it belongs to
	orphan  int // below a row that is not there
}

func (f faults) String() string {
	return fmt.Sprintf("lost %d, doubled %d, stale %d, phantom %d, torn %d, orphan %d", f.lost, f.doubled, f.stale, f.phantom, f.torn, f.orphan)
}

// mostTrees is how many conversations are compared row by row; of more, every so manieth.
const mostTrees = 4000

// treeDifferences compares everything below the conversations, and their own rows, with the ledger.
func treeDifferences(t *testing.T, db *sql.DB, s *stage, day int) []string {
	t.Helper()
	var n faults
	found := structuralFaults(t, db, &n)
	want := tellTrees(s, day)
	of := func(row map[string]any) bool { return want.conversations[row["conversation_id"].(string)] }
	for _, table := range append([]*schema.Table{schema.Conversations}, schema.Conversations.Children()...) {
		found = append(found, tableDifferences(t, db, table, want.rows[table.Name], of, &n)...)
	}
	found = append(found, versionDifferences(t, db, s, &n)...)
	found = append(found, mirrorDifferences(t, db, s, &n)...)
	found = append(found, historyDifferences(t, db, s, &n)...)
	t.Logf("compared %d conversations and all below them: %s", len(want.conversations), n)
	return found
}

// versionDifferences compares the versions of all accounts.
func versionDifferences(t *testing.T, db *sql.DB, s *stage, n *faults) []string {
	t.Helper()
	told := map[string]string{}
	for _, row := range s.centre.World().AccountVersions(s.began, s.now()) {
		told[keyLine(schema.CrmAccountVersions, row)] = cellLine(row)
	}
	return tableDifferences(t, db, schema.CrmAccountVersions, told, func(map[string]any) bool { return true }, n)
}

// mirrorDifferences compares the mirrored CRM. A record that is gone may be unknown, if it was gone before the first night.
func mirrorDifferences(t *testing.T, db *sql.DB, s *stage, n *faults) (found []string) {
	t.Helper()
	objects := map[string]*schema.Table{
		"Account": schema.CrmAccounts, "Case": schema.CrmCases, "Opportunity": schema.CrmOpportunities, "User": schema.CrmUsers,
	}
	for object, records := range s.centre.World().Mirror(s.now()) {
		table, told := objects[object], map[string]string{}
		for id, row := range records {
			if row["is_deleted"] == false {
				told[keyLine(table, map[string]any{table.Keys()[0]: id})] = cellLine(row)
			}
		}
		alive := func(row map[string]any) bool {
			is, known := records[row[table.Keys()[0]].(string)]
			return !known || is["is_deleted"] == false || row["is_deleted"] == false // what is gone has to say so
		}
		found = append(found, tableDifferences(t, db, table, told, alive, n)...)
	}
	return found
}

// historyDifferences compares the CRM's own history of the accounts that are there. Its ids are its own; an owner is told twice, and the
// row with ids says nothing more.
func historyDifferences(t *testing.T, db *sql.DB, s *stage, n *faults) (found []string) {
	t.Helper()
	missing := map[string]int{}
	for _, row := range s.centre.World().AccountChanges(s.now()) {
		missing[cellLine(row)]++
	}
	for _, row := range query(t, db, `select h.account_id, h.changed_at, h.field, h.old_value, h.new_value
from crm_account_history as h
join crm_accounts as a
    on a.account_id = h.account_id
where not a.is_deleted
    and not (h.field = 'Owner' and h.new_value like '005%')`) {
		if missing[cellLine(row)]--; missing[cellLine(row)] < 0 {
			n.phantom++
			found = append(found, "crm_account_history has what never was: "+cellLine(row))
		}
	}
	for line, count := range missing {
		if count > 0 {
			n.lost++
			found = append(found, "crm_account_history lacks "+line)
		}
	}
	return found
}

// dimensionDifferences compares what ids mean with the ledger: every row, and the names of what is deleted.
func dimensionDifferences(t *testing.T, db *sql.DB, s *stage) (found []string) {
	t.Helper()
	var n faults
	every := func(map[string]any) bool { return true }
	for name, rows := range s.centre.World().Dimensions(s.now()) {
		table, want := schema.Lookup(name), map[string]string{}
		for _, row := range rows {
			want[keyLine(table, row)] = cellLine(row)
		}
		found = append(found, tableDifferences(t, db, table, want, every, &n)...)
	}
	t.Logf("compared users, queues, wrap-up codes, divisions and flows: %s", n)
	return found
}

// structuralFaults looks at every row of the family: keys are unique, parents are there, and of the same version.
func structuralFaults(t *testing.T, db *sql.DB, n *faults) (found []string) {
	t.Helper()
	number := func(query string) int {
		var v int
		if err := db.QueryRowContext(t.Context(), query).Scan(&v); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return v
	}
	for _, table := range schema.All() {
		if len(table.Children()) == 0 && table.Parent == nil {
			continue
		}
		keys := strings.Join(table.Keys(), ", ")
		doubled := number(fmt.Sprintf("select count(*) - count(distinct (%s)) from %s", keys, table.Name))
		n.doubled += doubled
		var torn, orphan int
		if table.Parent != nil {
			join := fmt.Sprintf("from %s as c left join %s as p using (%s)", table.Name, table.Parent.Name, strings.Join(table.Parent.Keys(), ", "))
			orphan = number("select count(*) " + join + " where p.observed_at is null")
			torn = number("select count(*) " + join + " where p.observed_at <> c.observed_at or p.source_run <> c.source_run")
		}
		n.torn, n.orphan = n.torn+torn, n.orphan+orphan
		if doubled+torn+orphan > 0 {
			found = append(found, fmt.Sprintf("%s: %d rows doubled, %d torn, %d orphans", table.Name, doubled, torn, orphan))
		}
	}
	return found
}

// trees is what the ledger tells of some conversations: the cells of each row, by table and key.
type trees struct {
	conversations map[string]bool
	rows          map[string]map[string]string
}

func tellTrees(s *stage, day int) trees {
	lake, upTo := s.now().Add(-s.lag), s.window(day).To
	var all []*scenario.Conversation
	for c := range s.centre.World().StartedOn(s.centre.World().Config().Start, upTo, lake) {
		if c.Broken() == "" {
			all = append(all, c)
		}
	}
	told := trees{map[string]bool{}, map[string]map[string]string{}}
	for i := 0; i < len(all); i += 1 + len(all)/mostTrees {
		told.conversations[all[i].ID] = true
		for name, rows := range all[i].Tree(lake) {
			if told.rows[name] == nil {
				told.rows[name] = map[string]string{}
			}
			for _, row := range rows {
				told.rows[name][keyLine(schema.Lookup(name), row)] = cellLine(row)
			}
		}
	}
	return told
}

// wantEveryTable demands that the ledger has something to tell of every table below a conversation, and of those who supervise.
func wantEveryTable(t *testing.T, s *stage, day int) {
	t.Helper()
	told := tellTrees(s, day)
	for _, table := range schema.Conversations.Children() {
		if len(told.rows[table.Name]) == 0 {
			t.Errorf("the ledger tells nothing of %s: the test has lost its grip", table.Name)
		}
	}
	metrics := strings.Join(slices.Collect(maps.Values(told.rows["session_metrics"])), "\n")
	for _, name := range supervision {
		if !strings.Contains(metrics, "name="+name+" ") {
			t.Errorf("the ledger tells of no %s: the test has lost its grip", name)
		}
	}
}

// tableDifferences compares those rows of a table that are told with what is told of them, by key.
func tableDifferences(
	t *testing.T, db *sql.DB, table *schema.Table, missing map[string]string, told func(map[string]any) bool, n *faults,
) (found []string) {
	t.Helper()
	for _, row := range query(t, db, "select * from "+table.Name) {
		if !told(row) {
			continue
		}
		for _, c := range table.Columns {
			if c.Volatile || c.Name == "children_hash" {
				delete(row, c.Name)
			}
		}
		key, is := keyLine(table, row), cellLine(row)
		truth, ok := missing[key]
		delete(missing, key)
		switch {
		case !ok:
			n.phantom++
			found = append(found, table.Name+" has what never was: "+is)
		case is != truth:
			n.stale++
			found = append(found, fmt.Sprintf("%s has\n\t%s, in truth\n\t%s", table.Name, is, truth))
		}
	}
	for _, cells := range missing {
		n.lost++
		found = append(found, table.Name+" lacks "+cells)
	}
	return found
}

func keyLine(t *schema.Table, row map[string]any) string {
	var b strings.Builder
	for _, k := range t.Keys() {
		fmt.Fprintf(&b, "%v\x00", plain(row[k]))
	}
	return b.String()
}

func cellLine(row map[string]any) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(row)) {
		fmt.Fprintf(&b, "%s=%v ", name, plain(row[name]))
	}
	return b.String()
}
