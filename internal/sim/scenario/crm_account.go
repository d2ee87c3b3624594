package scenario

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

var (
	tiers      = []any{"Enterprise", "Enterprise", "Mid-Market", "Mid-Market", "Mid-Market", "SMB", "SMB", "SMB", "SMB", nil}
	industries = []any{"Banking", "Retail", "Healthcare", "Energy", "Insurance", "Telecommunications", "Education", nil}
	trades     = strings.Fields("Logistics Foods Textiles Systems Holdings Partners Media Labs Motors Outfitters")
)

func (w *World) owner(i uint64) *Object {
	d := newDice(w.cfg.Seed, streamOwner, i)
	name := pick(d, firstNames) + " " + pick(d, lastNames)
	o := &Object{ID: w.crmID(prefixUser, streamOwner, i)}
	o.begins(w.longAgo(d), map[string]any{
		"Name": name, "IsActive": i != 3, "Username": fmt.Sprintf("owner%d@crm.example", i), "Email": fmt.Sprintf("owner%d@crm.example", i),
	})
	delete(o.Versions[0].Fields, "IsDeleted") // users cannot be deleted
	if i == 4 {
		o.becomes(w.officeHour(d, 1), map[string]any{"IsActive": false})
	}
	return o
}

// owning names the owner in an account's fields.
func owning(o *Object) map[string]any {
	return map[string]any{"OwnerId": o.ID, "Owner.Name": o.Versions[0].Fields["Name"]}
}

func (w *World) account(i uint64) *Object {
	d := newDice(w.cfg.Seed, streamAccount, i)
	o := &Object{ID: w.crmID(prefixAccount, streamAccount, i)}
	fields := owning(pick(d, w.crm.owners))
	fields["Name"] = fmt.Sprintf("%s %s %d", pick(d, lastNames), pick(d, trades), i+1)
	fields["Type"] = pick(d, []any{"Customer", "Customer", "Customer", "Prospect", nil})
	fields["Industry"] = pick(d, industries)
	fields["Account_Tier__c"] = pick(d, tiers)
	fields["Customer_LTV_USD__c"], fields["AnnualRevenue"], fields["ParentId"], fields["MasterRecordId"] = nil, nil, nil, nil
	if d.chance(0.9) {
		fields["Customer_LTV_USD__c"] = float64(d.between(0, 5_000_000)) / 100
	}
	if d.chance(0.7) {
		fields["AnnualRevenue"] = float64(d.between(1, 900) * 10_000)
	}
	if i > 0 && d.chance(0.1) {
		fields["ParentId"] = w.crm.accounts[d.IntN(int(i))].ID
	}
	o.begins(w.longAgo(d), fields)
	w.promoted(i, o)
	if role := mergeRole(int(i)); role == roleNone || role == roleWinner {
		w.changeAccount(d, newDice(w.cfg.Seed, streamAccount, i, 3), o, role == roleNone)
	}
	return o
}

// changeAccount lets an account change on up to three different days, one thing a day, and perhaps go. Nothing that is read changes
// before the second day's small hours are over: the first mirror sees every account as it has been for long.
func (w *World) changeAccount(d, edits dice, o *Object, mayGo bool) {
	days := d.Perm(w.horizon())[:min(3, w.horizon())]
	slices.Sort(days)
	for _, n := range days {
		at := w.officeHour(d, n+1)
		before := len(o.Versions)
		switch u := d.Float64(); {
		case u < 0.06:
			o.becomes(at, map[string]any{"Account_Tier__c": otherThan(d, tiers, o.Versions[len(o.Versions)-1].Fields["Account_Tier__c"])})
		case u < 0.10:
			o.becomes(at, owning(pick(d, w.crm.owners)))
		case u < 0.14:
			o.becomes(at, map[string]any{"Customer_LTV_USD__c": float64(d.between(0, 5_000_000)) / 100})
		case u < 0.16 && mayGo:
			o.deleted(at)
			if d.chance(0.5) {
				o.purged(w.officeHour(d, n+3))
			}
		}
		if len(o.Versions) > before {
			w.edited(edits, o)
		}
	}
}

// promoted gives some accounts an earlier tier, from which they came to theirs before the world begins, and some an edit on the
// world's first day: a mirror that begins after that sees neither.
func (w *World) promoted(i uint64, o *Object) {
	switch i % 16 {
	case 7:
		d := newDice(w.cfg.Seed, streamAccount, i, 2)
		first := o.Versions[0]
		tier := first.Fields["Account_Tier__c"]
		first.Fields["Account_Tier__c"] = otherThan(d, tiers, tier)
		o.becomes(first.At.AddDate(0, 0, 1+d.IntN(9)), map[string]any{"Account_Tier__c": tier})
	case 9:
		d := newDice(w.cfg.Seed, streamAccount, i, 2)
		o.becomes(w.officeHour(d, 0), edit)
	}
}

// edit changes what nobody reads.
var edit = map[string]any{"Description": "edited"}

// edited lets an account that just changed be edited, or change there and back, within the hour: by its last state alone nobody can
// tell when it changed, or that it did.
func (*World) edited(d dice, o *Object) {
	last := o.Versions[len(o.Versions)-1]
	later := func() time.Time {
		return o.Versions[len(o.Versions)-1].At.Add(time.Duration(d.between(1, 20*minute)) * time.Millisecond).Truncate(time.Second)
	}
	switch tier := last.Fields["Account_Tier__c"]; {
	case d.chance(0.3):
		o.becomes(later(), map[string]any{"Account_Tier__c": otherThan(d, tiers, tier)})
		o.becomes(later(), map[string]any{"Account_Tier__c": tier})
	case d.chance(0.5):
		o.becomes(later(), edit)
	}
}

func otherThan(d dice, from []any, not any) any {
	for {
		if v := pick(d, from); v != not {
			return v
		}
	}
}

// The part that an account plays in the merges. Of every twenty accounts one is merged into its neighbour, of every sixty one
// by way of another loser.
const (
	roleNone = iota
	roleLoser
	roleMiddle // loser of one merge, winner of another
	roleWinner
)

func mergeRole(i int) int {
	switch {
	case i%20 == 3:
		return roleLoser
	case i%60 == 4:
		return roleMiddle
	case i%20 == 4 || i%60 == 5:
		return roleWinner
	}
	return roleNone
}

// mergeAccounts merges the losers away, some before the world begins. A loser is deleted and names its winner.
func (w *World) mergeAccounts() {
	for i, o := range w.crm.accounts {
		role := mergeRole(i)
		if i+1 == len(w.crm.accounts) || (role != roleLoser && role != roleMiddle) {
			w.crm.common = append(w.crm.common, i)
			continue
		}
		w.crm.losers = append(w.crm.losers, i)
		d := newDice(w.cfg.Seed, streamAccount, uint64(i), 1)
		at := w.cfg.Start.Add(-50 * time.Hour).UTC()
		if d.chance(0.5) {
			at = w.officeHour(d, 1+d.IntN(w.horizon()))
		}
		winner := w.crm.accounts[i+1].ID
		if v := o.becomes(at, map[string]any{"IsDeleted": true, "MasterRecordId": winner}); v != nil {
			v.Deleted, v.MasterRecordID = true, winner
		}
	}
}
