package loadertest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
)

// account makes a sealed account with one version for each tier that it had.
func account(id string, at int, tiers ...string) (*schema.Account, []schema.Row) {
	a := &schema.Account{AccountID: id}
	var versions []schema.Row
	for n, tier := range tiers {
		a.CustomerTier = &tier
		versions = append(versions, &schema.AccountVersion{AccountID: id, ValidFrom: start.Add(time.Duration(n) * time.Hour), CustomerTier: &tier})
	}
	if err := schema.SealFamily(a, versions, "test", observed(at)); err != nil {
		panic(err)
	}
	return a, versions
}

// families is a batch of accounts with their versions, and what is to become of both.
type families struct {
	id          string
	rows, below []schema.Row
	want        [2]pipeline.Loaded
}

func (t *Trial) loadFamilies(ctx context.Context, l pipeline.Loader, f families) error {
	b, err := t.batch(f.id, schema.CrmAccounts, f.rows)
	if err != nil {
		return err
	}
	if len(f.below) > 0 {
		f, err := t.file(schema.CrmAccountVersions, f.below...)
		if err != nil {
			return err
		}
		b.Children = []pipeline.Part{{Table: schema.CrmAccountVersions, Files: []pipeline.File{f}}}
	}
	for range 2 { // the second time it is in the ledger, with the same counts
		got, err := l.Load(ctx, b)
		if err != nil {
			return fmt.Errorf("load %s: %w", f.id, err)
		}
		for i, table := range []*schema.Table{schema.CrmAccounts, schema.CrmAccountVersions} {
			if got[table.Name] != f.want[i] {
				return fmt.Errorf("load %s into %s: %+v, want %+v", f.id, table.Name, got[table.Name], f.want[i])
			}
		}
	}
	return nil
}

func childrenReplaced(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.CrmAccounts, schema.CrmAccountVersions)
	if err != nil {
		return err
	}
	a, wasA := account("a", 1, "SMB", "Enterprise")
	b, ofB := account("b", 1, "SMB")
	c, wasC := account("c", 1, "SMB")
	below := append(append(append([]schema.Row{}, wasA...), ofB...), wasC...)
	if err := t.loadFamilies(ctx, l, families{"1", []schema.Row{a, b, c}, below, [2]pipeline.Loaded{{Inserted: 3}, {Inserted: 4}}}); err != nil {
		return err
	}
	// Of a one version is gone, another is new, the account itself is the same; c has no version any more.
	a2, isA := account("a", 2, "Enterprise")
	c2, _ := account("c", 2)
	if err := t.loadFamilies(ctx, l, families{"2", []schema.Row{a2, c2}, isA, [2]pipeline.Loaded{{Updated: 2}, {Inserted: 1, Deleted: 3}}}); err != nil {
		return err
	}
	return errors.Join(t.holds(ctx, l, schema.CrmAccounts, a2, b, c2), t.holds(ctx, l, schema.CrmAccountVersions, append(isA, ofB...)...))
}

func childrenStay(ctx context.Context, t *Trial) error {
	l, err := t.loader(ctx, schema.CrmAccounts, schema.CrmAccountVersions)
	if err != nil {
		return err
	}
	a, ofA := account("a", 5, "SMB", "Enterprise")
	b, ofB := account("b", 5, "SMB")
	if err := t.loadFamilies(ctx, l, families{"1", []schema.Row{a, b}, append(append([]schema.Row{}, ofA...), ofB...), [2]pipeline.Loaded{{Inserted: 2}, {Inserted: 3}}}); err != nil {
		return err
	}
	sameA, sameOfA := account("a", 6, "SMB", "Enterprise") // equal
	oldB, oldOfB := account("b", 4, "Mid-Market", "SMB")   // another, but observed earlier
	again := append(append([]schema.Row{}, sameOfA...), oldOfB...)
	if err := t.loadFamilies(ctx, l, families{"2", []schema.Row{sameA, oldB}, again, [2]pipeline.Loaded{{Unchanged: 2}, {Unchanged: 4}}}); err != nil {
		return err
	}
	return errors.Join(t.holds(ctx, l, schema.CrmAccounts, a, b), t.holds(ctx, l, schema.CrmAccountVersions, append(ofA, ofB...)...))
}
