package salesforce

import (
	"slices"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
)

// keepAccounts keeps the accounts and what was true of them when.
func (m *mirror) keepAccounts(c Config) error {
	known, err := m.keepHistory(c)
	if err != nil {
		return err
	}
	o := accountObject(c)
	t, err := readTonight(m, o)
	if err != nil {
		return err
	}
	history := map[string][]*schema.AccountVersion{}
	for v, err := range pipeline.Rows[*schema.AccountVersion](m.in, schema.CrmAccountVersions.Name) {
		if err != nil {
			return err
		}
		history[v.AccountID] = append(history[v.AccountID], v)
	}
	for _, versions := range history {
		slices.SortFunc(versions, func(a, b *schema.AccountVersion) int { return a.ValidFrom.Compare(b.ValidFrom) })
	}
	for id, account := range t.rows {
		history[id] = follow(history[id], account)
	}
	for id, r := range t.buried {
		closeLast(history[id], r.time("deletedDate"))
	}
	o.below = func(a *schema.Account) []schema.Row {
		var rows []schema.Row
		for _, v := range known.date(history[a.AccountID], a) {
			rows = append(rows, v)
		}
		return rows
	}
	return carry(m, o, t)
}

// follow adds to the versions of an account, oldest first, what its present state tells. A change is dated by the account's
// SystemModstamp; the first version begins there too, because nobody can vouch for what was before. Where the organisation keeps a
// history, that dates both better. A deleted account has no version that is still true.
func follow(versions []*schema.AccountVersion, a *schema.Account) []*schema.AccountVersion {
	if a.ModifiedAt == nil {
		return versions
	}
	if a.IsDeleted {
		closeLast(versions, a.ModifiedAt)
		return versions
	}
	now := &schema.AccountVersion{
		AccountID: a.AccountID, ValidFrom: *a.ModifiedAt, CustomerTier: a.CustomerTier, Industry: a.Industry, OwnerName: a.OwnerName,
	}
	if n := len(versions); n > 0 {
		last := versions[n-1]
		switch {
		case last.ValidTo == nil && sameVersion(last, now):
			return versions
		case now.ValidFrom.Before(last.ValidFrom): // known better already
			return versions
		case now.ValidFrom.Equal(last.ValidFrom): // the same instant, told better
			versions = versions[:n-1]
		case last.ValidTo == nil:
			last.ValidTo = &now.ValidFrom
		}
	}
	return append(versions, now)
}

// closeLast ends the last version, if it has not ended.
func closeLast(versions []*schema.AccountVersion, at *time.Time) {
	if n := len(versions); n > 0 && at != nil && versions[n-1].ValidTo == nil && at.After(versions[n-1].ValidFrom) {
		versions[n-1].ValidTo = at
	}
}

func sameVersion(a, b *schema.AccountVersion) bool {
	return same(a.CustomerTier, b.CustomerTier) && same(a.Industry, b.Industry) && same(a.OwnerName, b.OwnerName)
}

func same(a, b *string) bool { return a == b || (a != nil && b != nil && *a == *b) }
