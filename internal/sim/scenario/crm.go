package scenario

import (
	"maps"
	"slices"
	"sort"
	"strings"
	"time"
)

// Object is one record of the CRM through its whole life.
type Object struct {
	ID       string    // 18 characters
	Versions []Version // by At
}

// Version is what a CRM record is from a moment on.
type Version struct {
	At             time.Time      // its SystemModstamp
	Fields         map[string]any // by API name, parents' fields dotted (Owner.Name); values string, float64, bool, time.Time or nil
	Deleted        bool           // in the recycle bin
	Purged         bool           // gone for good: only the list of deleted records names it
	MasterRecordID string         // the account that it was merged into
}

// At is the version in force at t; false before the record exists.
func (o *Object) At(t time.Time) (Version, bool) {
	n := sort.Search(len(o.Versions), func(i int) bool { return o.Versions[i].At.After(t) })
	if n == 0 {
		return Version{}, false
	}
	return o.Versions[n-1], true
}

// begins gives the record its first version.
func (o *Object) begins(at time.Time, fields map[string]any) {
	fields["Id"], fields["IsDeleted"] = o.ID, false
	fields["CreatedDate"], fields["LastModifiedDate"], fields["SystemModstamp"] = at, at, at
	o.Versions = append(o.Versions, Version{At: at, Fields: fields})
}

// becomes gives the record a new version in which the given fields differ; nil if it is already deleted.
func (o *Object) becomes(at time.Time, differs map[string]any) *Version {
	last := o.Versions[len(o.Versions)-1]
	if last.Deleted || !at.After(last.At) {
		return nil
	}
	fields := maps.Clone(last.Fields)
	maps.Copy(fields, differs)
	fields["LastModifiedDate"], fields["SystemModstamp"] = at, at
	o.Versions = append(o.Versions, Version{At: at, Fields: fields})
	return &o.Versions[len(o.Versions)-1]
}

// deleted puts the record into the recycle bin.
func (o *Object) deleted(at time.Time) {
	if v := o.becomes(at, map[string]any{"IsDeleted": true}); v != nil {
		v.Deleted = true
	}
}

// purged empties the recycle bin of the record.
func (o *Object) purged(at time.Time) {
	last := o.Versions[len(o.Versions)-1]
	if last.Deleted && at.After(last.At) {
		last.At, last.Purged = at, true
		o.Versions = append(o.Versions, last)
	}
}

// crm is the world's CRM.
type crm struct {
	accounts, cases, opportunities, owners []*Object

	byID    map[string]*Object
	common  []int      // accounts that are never merged away
	losers  []int      // accounts that are
	casesOf [][]string // by account: the cases that conversations may name
}

// Objects are all records of a CRM object ("Account", "Case", "Opportunity", "User") that ever exist, by id.
func (w *World) Objects(object string) []*Object {
	all := map[string][]*Object{
		"Account": w.crm.accounts, "Case": w.crm.cases, "Opportunity": w.crm.opportunities, "User": w.crm.owners,
	}[object]
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b *Object) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func (w *World) peopleCRM() {
	w.crm.byID = map[string]*Object{}
	w.crm.casesOf = make([][]string, w.cfg.Accounts)
	for i := range 20 {
		w.crm.owners = append(w.crm.owners, w.owner(uint64(i)))
	}
	for i := range w.cfg.Accounts {
		w.crm.accounts = append(w.crm.accounts, w.account(uint64(i)))
	}
	w.mergeAccounts()
	for i := range w.cfg.Accounts {
		w.openOpportunities(i)
		w.openCases(i)
	}
	for _, kind := range [][]*Object{w.crm.accounts, w.crm.cases, w.crm.opportunities, w.crm.owners} {
		for _, o := range kind {
			w.crm.byID[o.ID] = o
		}
	}
}

// longAgo draws a moment well before the world's days, by the second; one in five is the moment of a mass update.
func (w *World) longAgo(d dice) time.Time {
	if d.chance(0.2) {
		return w.cfg.Start.AddDate(0, 0, -60).UTC()
	}
	return w.cfg.Start.Add(-time.Duration(d.between(40*day24, 700*day24)) * time.Millisecond).Truncate(time.Second).UTC()
}

// horizon is how many days of the world the CRM goes on changing.
func (w *World) horizon() int { return w.cfg.Days + 3 }

// officeHour draws a moment of day n between 04:30 and 23:00, by the second.
func (w *World) officeHour(d dice, n int) time.Time {
	return w.dayStart(n).Add(time.Duration(d.between(9*hour/2, 22*hour)) * time.Millisecond).Truncate(time.Second).UTC()
}
