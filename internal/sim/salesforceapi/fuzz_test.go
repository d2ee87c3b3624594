package salesforceapi

import (
	"errors"
	"testing"
	"time"

	"trunkline/internal/sim/scenario"
)

type oneAccount struct{}

// Objects gives one account.
func (oneAccount) Objects(object string) []*scenario.Object {
	if object != "Account" {
		return nil
	}
	return []*scenario.Object{{ID: "001000000000001AAA", Versions: []scenario.Version{{
		At: time.Unix(0, 0), Fields: map[string]any{"Name": "x", "AnnualRevenue": 1.5, "IsDeleted": false},
	}}}}
}

// FuzzSOQL parses, binds and runs whatever comes: a query is answered or refused as a query.
func FuzzSOQL(f *testing.F) {
	for _, seed := range []string{
		"SELECT Id, Owner.Name FROM Account WHERE (Name = 'a\\'b' OR AnnualRevenue >= -1.5e3) AND SystemModstamp < 2026-11-20T11:00:00Z ORDER BY Name DESC, Id LIMIT 5",
		"SELECT COUNT() FROM Case", "SELECT Type, COUNT(Id) n, SUM(AnnualRevenue) FROM Account GROUP BY Type",
		"SELECT Id FROM Account WHERE Id IN ('x', null) AND IsDeleted != true", "SELECT (SELECT COUNT() FROM Cases) FROM Account", "'",
	} {
		f.Add(seed)
	}
	s := New(oneAccount{}, Options{})
	f.Fuzz(func(t *testing.T, soql string) {
		p, err := s.plan(soql)
		if err != nil {
			var q *queryError
			if !errors.As(err, &q) || q.text(soql) == "" {
				t.Fatalf("%q: %v", soql, err)
			}
			return
		}
		found := s.run(p, true)
		if p.aggregates() {
			p.aggregate(found)
			return
		}
		for i := range found {
			p.appendRow(nil, "v67.0", &found[i])
		}
		p.appendCSV(nil, found)
	})
}
