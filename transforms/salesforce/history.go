package salesforce

import (
	"cmp"
	"slices"
	"time"

	"trunkline/internal/sfid"
	"trunkline/schema"
)

func changeObject() object[*schema.AccountChange] {
	return object[*schema.AccountChange]{
		stream: accountHistory, table: schema.CrmAccountHistory,
		make: func(r record, _ bool) *schema.AccountChange {
			return &schema.AccountChange{
				HistoryID: r.id, AccountID: r.reference("AccountId"), ChangedAt: r.time("CreatedDate"), Field: r.text("Field"),
				OldValue: r.custom("OldValue"), NewValue: r.custom("NewValue"),
			}
		},
		id:   func(c *schema.AccountChange) string { return c.HistoryID },
		at:   func(c *schema.AccountChange) *time.Time { return c.ChangedAt },
		bury: func(*schema.AccountChange) {}, // what happened stays true
	}
}

// keepHistory keeps the organisation's own history of its accounts, and gives what it tells.
func (m *mirror) keepHistory(c Config) (*told, error) {
	known := newTold(c)
	listening := &mirror{in: m.in, emit: func(rows ...schema.Row) error {
		for _, r := range rows {
			if change, ok := r.(*schema.AccountChange); ok {
				known.add(change)
			}
		}
		return m.emit(rows...)
	}}
	return known, keep(listening, changeObject())
}

// change is a change of one of the fields that a version consists of.
type change struct {
	id, field string
	at        time.Time
	old, new  *string
}

// told is what an organisation's history tells of its accounts.
type told struct {
	fields  map[string]func(*schema.AccountVersion) **string // where a version has a field, by the history's name for it
	since   map[string]time.Time                             // by that name: from when on every change is told
	changes map[string][]change                              // by account
}

const ownerField = "Owner"

func newTold(c Config) *told {
	return &told{
		fields: map[string]func(*schema.AccountVersion) **string{
			c.TierField: func(v *schema.AccountVersion) **string { return &v.CustomerTier },
			"Industry":  func(v *schema.AccountVersion) **string { return &v.Industry },
			ownerField:  func(v *schema.AccountVersion) **string { return &v.OwnerName },
		},
		since: map[string]time.Time{}, changes: map[string][]change{},
	}
}

// add notes a change. The organisation has kept the history of a field at least since the earliest change of it on any account.
func (t *told) add(c *schema.AccountChange) {
	if c.AccountID == nil || c.ChangedAt == nil || c.Field == nil || t.fields[*c.Field] == nil {
		return
	}
	if *c.Field == ownerField && (isID(c.OldValue) || isID(c.NewValue)) {
		return // a change of a look-up field is told twice, and this is the one with ids
	}
	at := *c.ChangedAt
	if since, ok := t.since[*c.Field]; !ok || at.Before(since) {
		t.since[*c.Field] = at
	}
	t.changes[*c.AccountID] = append(t.changes[*c.AccountID], change{c.HistoryID, *c.Field, at, c.OldValue, c.NewValue})
}

// isID tells whether a text is the id of one who can own an account: a user, or a queue.
func isID(s *string) bool {
	if s == nil {
		return false
	}
	id, status := sfid.Normalize(*s)
	return status == sfid.OK && (sfid.Prefix(id) == sfid.User || sfid.Prefix(id) == "00G")
}

// date gives the versions of an account, oldest first, dated by what the history tells. It may be given what it gave before: told
// the same things, it gives the same again.
func (t *told) date(versions []*schema.AccountVersion, a *schema.Account) []*schema.AccountVersion {
	if len(t.since) == 0 || len(versions) == 0 {
		return versions
	}
	versions = t.reachBack(versions, a.CreatedAt)
	for _, c := range net(t.changes[a.AccountID]) {
		versions = t.apply(versions, c, a.ModifiedAt)
	}
	return joinEqual(versions)
}

// net gives the changes, newest first, those of one field within one second as one: the history tells no finer times.
func net(changes []change) []change {
	sorted := slices.SortedFunc(slices.Values(changes), func(a, b change) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.field, b.field), cmp.Compare(a.id, b.id))
	})
	var out []change
	for _, c := range sorted {
		if n := len(out); n > 0 && out[n-1].field == c.field && out[n-1].at.Equal(c.at) {
			out[n-1].new = c.new
			continue
		}
		out = append(out, c)
	}
	slices.Reverse(out)
	return out
}

// reachBack lets the first version begin where the history does, but never before the account: what no change is told of was the
// same then. A field is unknown from before its own history.
func (t *told) reachBack(versions []*schema.AccountVersion, born *time.Time) []*schema.AccountVersion {
	first := versions[0]
	var begins []time.Time
	for _, since := range t.since {
		if born != nil && since.Before(*born) {
			since = *born
		}
		if since.Before(first.ValidFrom) {
			begins = append(begins, since)
		}
	}
	slices.SortFunc(begins, time.Time.Compare)
	begins = slices.CompactFunc(begins, time.Time.Equal)
	var earlier []*schema.AccountVersion
	for i, from := range begins {
		to := first.ValidFrom
		if i+1 < len(begins) {
			to = begins[i+1]
		}
		v := &schema.AccountVersion{AccountID: first.AccountID, ValidFrom: from, ValidTo: &to}
		for name, since := range t.since {
			if !since.After(from) {
				*t.fields[name](v) = *t.fields[name](first)
			}
		}
		earlier = append(earlier, v)
	}
	return append(earlier, versions...)
}

// apply makes the versions agree with a change. At c.at the field became c.new: if a night saw that later, it is moved there; and it
// was c.old until then, back to the change before, which is applied next. What the mirror says of today stays as it is: the account was
// read before the change, or the same thing goes by another name now (an owner was renamed, a value replaced), and only from the
// change on.
func (t *told) apply(versions []*schema.AccountVersion, c change, modified *time.Time) []*schema.AccountVersion {
	versions, _ = split(versions, t.since[c.field])
	versions, at := split(versions, c.at)
	if at < 0 { // it happened while nothing was known of the account, or it was deleted
		return versions
	}
	field := t.fields[c.field]
	was := *field(versions[at])
	if !same(was, c.new) {
		end := at + 1
		for end < len(versions) && adjoin(versions[end-1], versions[end]) && same(*field(versions[end]), was) {
			end++
		}
		open := versions[end-1].ValidTo == nil
		if open && (modified == nil || c.at.After(*modified)) { // no night has seen it yet
			return versions
		}
		if !open {
			for _, v := range versions[at:end] {
				*field(v) = c.new
			}
		}
	}
	for i := at - 1; i >= 0 && adjoin(versions[i], versions[i+1]) && same(*field(versions[i]), was); i-- {
		if versions[i].ValidFrom.Before(t.since[c.field]) {
			break
		}
		*field(versions[i]) = c.old
	}
	return versions
}

// adjoin tells whether b begins where a ends.
func adjoin(a, b *schema.AccountVersion) bool {
	return a.ValidTo != nil && a.ValidTo.Equal(b.ValidFrom)
}

// split makes a version begin at a time, and gives its place; -1 if no version holds at that time.
func split(versions []*schema.AccountVersion, at time.Time) ([]*schema.AccountVersion, int) {
	i := slices.IndexFunc(versions, func(v *schema.AccountVersion) bool {
		return !v.ValidFrom.After(at) && (v.ValidTo == nil || v.ValidTo.After(at))
	})
	if i < 0 || versions[i].ValidFrom.Equal(at) {
		return versions, i
	}
	v := versions[i]
	later := &schema.AccountVersion{
		AccountID: v.AccountID, ValidFrom: at, ValidTo: v.ValidTo, CustomerTier: v.CustomerTier, Industry: v.Industry, OwnerName: v.OwnerName,
	}
	v.ValidTo = &at
	return slices.Insert(versions, i+1, later), i + 1
}

// joinEqual makes one version of those that follow each other and say the same.
func joinEqual(versions []*schema.AccountVersion) []*schema.AccountVersion {
	var out []*schema.AccountVersion
	for _, v := range versions {
		if n := len(out); n > 0 && adjoin(out[n-1], v) && sameVersion(out[n-1], v) {
			out[n-1].ValidTo = v.ValidTo
			continue
		}
		out = append(out, v)
	}
	return out
}
