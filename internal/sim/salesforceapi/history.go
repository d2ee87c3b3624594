package salesforceapi

import (
	"fmt"
	"time"

	"trunkline/internal/sfid"
	"trunkline/internal/sim/scenario"
)

const accountHistory = "AccountHistory"

// historyKept is how far back the API tells the history of records.
const historyKept = 2 * 365 * 24 * time.Hour

// tracked are the fields of accounts whose history an administrator turned on.
func tracked() []string { return []string{"Account_Tier__c", "Industry", "OwnerId"} }

// histories makes the history of accounts: a row for each change of a tracked field, two for one of a look-up field (names, and
// ids), and one for the making of each account. Rows go with their account.
func histories(accounts []*scenario.Object) []*scenario.Object {
	var all []*scenario.Object
	for _, account := range accounts {
		first := len(all)
		add := func(at time.Time, field string, before, after any) {
			id, _ := sfid.Normalize(fmt.Sprintf("017%012d", len(all)+1))
			all = append(all, &scenario.Object{ID: id, Versions: []scenario.Version{{At: at, Fields: map[string]any{
				"AccountId": account.ID, "Field": field, "OldValue": before, "NewValue": after, "DataType": "Text",
			}}}})
		}
		for i, v := range account.Versions {
			if i == 0 {
				add(v.At, "created", nil, nil)
				continue
			}
			if v.Deleted || v.Purged {
				for _, row := range all[first:] {
					gone := row.Versions[0]
					gone.At, gone.Deleted, gone.Purged = v.At, v.Deleted, v.Purged
					row.Versions = append(row.Versions, gone)
				}
				continue
			}
			was := account.Versions[i-1].Fields
			for _, field := range tracked() {
				switch {
				case was[field] == v.Fields[field]:
				case field == "OwnerId":
					add(v.At, "Owner", was["Owner.Name"], v.Fields["Owner.Name"])
					add(v.At, "Owner", was[field], v.Fields[field])
				default:
					add(v.At, field, was[field], v.Fields[field])
				}
			}
		}
	}
	return all
}
