package scenario

import (
	"slices"
	"time"
)

// followed are the fields of an account whose history the CRM keeps, by the column that has them.
var followed = map[string]string{"customer_tier": "Account_Tier__c", "industry": "Industry", "owner_name": "Owner.Name"}

// AccountVersions tells the rows of crm_account_versions in truth, as they are at a moment for a mirror that first read the CRM at
// another: of each account from when the CRM's history of some field begins (which is its first change on any account) or, if that is
// later, from its own beginning, or else from its last change before the mirror began. A field is NULL for as long as neither mirror nor
// history tells of it. Accounts that were gone before the mirror began have none.
func (w *World) AccountVersions(first, at time.Time) []map[string]any {
	since := w.historySince(at)
	var rows []map[string]any
	for _, o := range w.crm.accounts {
		seen, existed := o.At(first)
		if !existed || seen.Deleted || seen.Purged {
			continue
		}
		rows = append(rows, o.versions(seen.At, since, at)...)
	}
	return rows
}

// historySince is when each followed field changed for the first time on any account.
func (w *World) historySince(at time.Time) map[string]time.Time {
	since := map[string]time.Time{}
	for _, o := range w.crm.accounts {
		for i := 1; i < len(o.Versions) && !o.Versions[i].At.After(at); i++ {
			for column, field := range followed {
				changed := o.Versions[i].Fields[field] != o.Versions[i-1].Fields[field]
				if known, ok := since[column]; changed && (!ok || o.Versions[i].At.Before(known)) {
					since[column] = o.Versions[i].At
				}
			}
		}
	}
	return since
}

// versions tells the rows of one account, of which the mirror knows since seen, and each column's history since a time.
func (o *Object) versions(seen time.Time, since map[string]time.Time, at time.Time) []map[string]any {
	var moments []time.Time
	known := map[string]time.Time{} // since when a column is known
	for column := range followed {
		known[column] = seen
		if begin, ok := since[column]; ok && begin.Before(seen) {
			known[column] = begin
			if born := o.Versions[0].At; born.After(begin) {
				known[column] = born
			}
		}
		moments = append(moments, known[column])
	}
	begin := slices.MinFunc(moments, time.Time.Compare)
	var end any
	for _, v := range o.Versions {
		if v.At.After(begin) && !v.At.After(at) {
			if v.Deleted || v.Purged {
				end = v.At
				break
			}
			moments = append(moments, v.At)
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	var rows []map[string]any
	for _, m := range slices.CompactFunc(moments, time.Time.Equal) {
		v, _ := o.At(m)
		row := map[string]any{"account_id": o.ID, "valid_from": m, "valid_to": end}
		for column, field := range followed {
			row[column] = v.Fields[field]
			if m.Before(known[column]) {
				row[column] = nil
			}
		}
		if n := len(rows); n > 0 {
			last := rows[n-1]
			if last["customer_tier"] == row["customer_tier"] && last["industry"] == row["industry"] && last["owner_name"] == row["owner_name"] {
				continue
			}
			last["valid_to"] = m
		}
		rows = append(rows, row)
	}
	return rows
}
