package scenario

import (
	"slices"
	"strings"
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
				known, ok := since[column]
				if changed(o.Versions[i-1], o.Versions[i], field) && (!ok || o.Versions[i].At.Before(known)) {
					since[column] = o.Versions[i].At
				}
			}
		}
	}
	return since
}

// changed tells whether the CRM's history has a change of a followed field between two versions: of an owner also when the next one is
// another of the same name.
func changed(was, is Version, field string) bool {
	if field == "Owner.Name" {
		field = "OwnerId"
	}
	return was.Fields[field] != is.Fields[field]
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

// mirrored maps the columns of the mirrored tables to the fields of the CRM's objects.
func mirrored() map[string]map[string]string {
	return map[string]map[string]string{
		"Account": {
			"account_id": "Id", "name": "Name", "type": "Type", "industry": "Industry", "customer_tier": "Account_Tier__c", "owner_id": "OwnerId",
			"owner_name": "Owner.Name", "annual_revenue": "AnnualRevenue", "ltv_usd": "Customer_LTV_USD__c", "parent_id": "ParentId",
			"master_account_id": "MasterRecordId", "created_at": "CreatedDate", "modified_at": "SystemModstamp",
		},
		"Case": {
			"case_id": "Id", "account_id": "AccountId", "category": "Type", "status": "Status", "priority": "Priority", "is_closed": "IsClosed",
			"created_at": "CreatedDate", "closed_at": "ClosedDate", "modified_at": "SystemModstamp",
		},
		"Opportunity": {
			"opportunity_id": "Id", "account_id": "AccountId", "stage": "StageName", "amount": "Amount", "is_closed": "IsClosed",
			"is_won": "IsWon", "created_at": "CreatedDate", "modified_at": "SystemModstamp",
		},
		"User": {"user_id": "Id", "name": "Name", "is_active": "IsActive", "modified_at": "SystemModstamp"},
	}
}

// Mirror tells the rows of the mirrored tables in truth, by object and id: those of records that are there whole, those of records that
// are gone by is_deleted alone, for how much is known of them depends on when a mirror last saw them.
func (w *World) Mirror(at time.Time) map[string]map[string]map[string]any {
	all := map[string]map[string]map[string]any{}
	for object, columns := range mirrored() {
		all[object] = map[string]map[string]any{}
		for _, o := range w.Objects(object) {
			v, exists := o.At(at)
			if !exists {
				continue
			}
			row := map[string]any{"is_deleted": v.Deleted || v.Purged}
			if row["is_deleted"] == false {
				for column, field := range columns {
					row[column] = v.Fields[field]
				}
			}
			all[object][o.ID] = row
		}
	}
	return all
}

// AccountChanges tells what the CRM's history holds of accounts that are there: account_id, changed_at, field, old_value and new_value of
// each change of a followed field, an owner's by name.
func (w *World) AccountChanges(at time.Time) []map[string]any {
	var rows []map[string]any
	for _, o := range w.crm.accounts {
		if v, exists := o.At(at); !exists || v.Deleted || v.Purged {
			continue
		}
		for i := 1; i < len(o.Versions) && !o.Versions[i].At.After(at); i++ {
			was, is := o.Versions[i-1].Fields, o.Versions[i].Fields
			for _, field := range followed {
				if !changed(o.Versions[i-1], o.Versions[i], field) {
					continue
				}
				name, _, _ := strings.Cut(field, ".")
				rows = append(rows, map[string]any{
					"account_id": o.ID, "changed_at": o.Versions[i].At, "field": name, "old_value": was[field], "new_value": is[field],
				})
			}
		}
	}
	return rows
}
