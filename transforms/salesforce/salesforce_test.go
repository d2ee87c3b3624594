package salesforce_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/sfid"
	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/salesforce"
)

//go:fix inline
func id18(t *testing.T, short string) string {
	t.Helper()
	id, status := sfid.Normalize(short)
	if status != sfid.OK {
		t.Fatalf("%s is %s", short, status)
	}
	return id
}

// state is the mirror as it passes from one night to the next.
type state map[string][]schema.Row

// night puts records over the mirror and gives the new one.
func night(t *testing.T, before state, records map[string][]pipeline.Record) state {
	t.Helper()
	after := state{}
	in := pipeline.InMemory(pipeline.Inputs{Run: "nightly/x"}, records, before)
	err := salesforce.New(salesforce.Config{}).Apply(context.Background(), in, func(rows ...schema.Row) error {
		for _, r := range rows {
			name := schema.Of(r).Name
			after[name] = append(after[name], r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return after
}

func record(body string) pipeline.Record { return pipeline.Record{Key: body, Body: []byte(body)} }

func account(id, at, tier, more string) pipeline.Record {
	return record(fmt.Sprintf(`{"attributes":{"type":"Account"},"Id":%q,"Name":"Acme","Industry":"Retail","Account_Tier__c":%s,
		"OwnerId":"005A000001LRlwI","Owner":{"attributes":{},"Name":"Olga"},"AnnualRevenue":50000.00,"Customer_LTV_USD__c":1234.5,
		"ParentId":null,"MasterRecordId":null,"IsDeleted":false,"CreatedDate":"2020-01-01T00:00:00.000+0000","SystemModstamp":%q%s}`, id, tier, at, more))
}

const (
	monday  = "2026-11-02T10:00:00.000+0000"
	tuesday = "2026-11-03T10:00:00.000Z" // the form of Bulk
)

var (
	mondayAt  = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	tuesdayAt = mondayAt.AddDate(0, 0, 1)
)

func TestARecordBecomesARow(t *testing.T) {
	id := id18(t, "001A000001LRlwI")
	got := night(t, nil, map[string][]pipeline.Record{
		"salesforce.accounts": {account(id[:15], monday, `"Enterprise"`, "")},
		"salesforce.cases": {record(`{"Id":"500A000001LRlwI","AccountId":"001A000001LRlwI","Type":"Billing","Status":"New","Priority":"High",
			"IsClosed":false,"IsDeleted":false,"CreatedDate":"` + monday + `","ClosedDate":null,"SystemModstamp":"` + monday + `"}`)},
		"salesforce.opportunities": {record(`{"Id":"006A000001LRlwI","AccountId":null,"StageName":"Won","Amount":"1e3","IsClosed":"true","IsWon":true,
			"IsDeleted":false,"SystemModstamp":"` + monday + `"}`)},
		"salesforce.users": {record(`{"Id":"005A000001LRlwI","Name":"Olga","IsActive":true,"SystemModstamp":"` + monday + `"}`)},
	})
	want := state{
		"crm_accounts": {&schema.Account{
			AccountID: id, Name: new("Acme"), Industry: new("Retail"), CustomerTier: new("Enterprise"), OwnerID: new(id18(t, "005A000001LRlwI")),
			OwnerName: new("Olga"), AnnualRevenue: new(50000.0), LtvUsd: new(1234.5), CreatedAt: new(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)), ModifiedAt: &mondayAt,
		}},
		"crm_account_versions": {&schema.AccountVersion{AccountID: id, ValidFrom: mondayAt, CustomerTier: new("Enterprise"), Industry: new("Retail"), OwnerName: new("Olga")}},
		"crm_cases": {&schema.Case{
			CaseID: id18(t, "500A000001LRlwI"), AccountID: &id, Category: new("Billing"), Status: new("New"), Priority: new("High"), IsClosed: new(false),
			CreatedAt: &mondayAt, ModifiedAt: &mondayAt,
		}},
		"crm_opportunities": {&schema.Opportunity{
			OpportunityID: id18(t, "006A000001LRlwI"), Stage: new("Won"), Amount: new(1000.0), IsClosed: new(true), IsWon: new(true), ModifiedAt: &mondayAt,
		}},
		"crm_users": {&schema.CrmUser{UserID: id18(t, "005A000001LRlwI"), Name: new("Olga"), IsActive: new(true), ModifiedAt: &mondayAt}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheMirrorIsCarriedOn(t *testing.T) {
	stays, goes := id18(t, "001A000001LRlwI"), id18(t, "001A000001LRlwJ")
	first := night(t, nil, map[string][]pipeline.Record{"salesforce.accounts": {
		account(stays, monday, `"SMB"`, ""), account(goes, monday, `"SMB"`, ""),
	}})
	second := night(t, first, map[string][]pipeline.Record{"salesforce.accounts": {
		{Body: []byte(fmt.Sprintf(`{"Id":%q,"IsDeleted":true,"deletedDate":%q}`, goes, tuesday)), Gone: true},
	}})
	if n := len(second["crm_accounts"]); n != 2 {
		t.Fatalf("%d accounts, want 2", n)
	}
	for _, row := range second["crm_accounts"] {
		a := row.(*schema.Account)
		if a.IsDeleted != (a.AccountID == goes) || a.CustomerTier == nil {
			t.Errorf("%s: deleted %v, tier %v", a.AccountID, a.IsDeleted, a.CustomerTier)
		}
	}
	for _, row := range second["crm_account_versions"] {
		v := row.(*schema.AccountVersion)
		if (v.AccountID == goes) != (v.ValidTo != nil && v.ValidTo.Equal(tuesdayAt)) {
			t.Errorf("%s is true until %v", v.AccountID, v.ValidTo)
		}
	}
}

func TestAMergeIsRememberedWhenOnlyTheDeletionIsTold(t *testing.T) {
	loser, winner := id18(t, "001A000001LRlwI"), id18(t, "001A000001LRlwJ")
	first := night(t, nil, map[string][]pipeline.Record{"salesforce.accounts": {
		record(fmt.Sprintf(`{"Id":%q,"MasterRecordId":%q,"IsDeleted":true,"SystemModstamp":%q}`, loser, winner, monday)),
	}})
	second := night(t, first, map[string][]pipeline.Record{"salesforce.accounts": {
		{Body: []byte(fmt.Sprintf(`{"Id":%q,"IsDeleted":true,"deletedDate":%q}`, loser, tuesday)), Gone: true},
	}})
	a := second["crm_accounts"][0].(*schema.Account)
	if !a.IsDeleted || a.MasterAccountID == nil || *a.MasterAccountID != winner {
		t.Errorf("got %+v", a)
	}
}

func TestVersionsFollowTheTier(t *testing.T) {
	id := id18(t, "001A000001LRlwI")
	tiers := func(s state) (got []string) {
		for _, row := range s["crm_account_versions"] {
			v := row.(*schema.AccountVersion)
			tier, to := "NULL", "now"
			if v.CustomerTier != nil {
				tier = *v.CustomerTier
			}
			if v.ValidTo != nil {
				to = v.ValidTo.Format("02 15:04")
			}
			got = append(got, fmt.Sprintf("%s %s to %s", tier, v.ValidFrom.Format("02 15:04"), to))
		}
		return got
	}
	one := func(r pipeline.Record) map[string][]pipeline.Record {
		return map[string][]pipeline.Record{"salesforce.accounts": {r}}
	}
	s := night(t, nil, one(account(id, monday, `"SMB"`, "")))
	s = night(t, s, one(account(id, "2026-11-02T20:00:00.000+0000", `"SMB"`, ""))) // changed in nothing that is followed
	s = night(t, s, one(account(id, tuesday, `"Enterprise"`, "")))
	s = night(t, s, one(account(id, tuesday, `"Enterprise"`, ""))) // told again, as overlapping reads do
	want := []string{"SMB 02 10:00 to 03 10:00", "Enterprise 03 10:00 to now"}
	if diff := cmp.Diff(want, tiers(s)); diff != "" {
		t.Error(diff)
	}
	s = night(t, s, one(record(fmt.Sprintf(`{"Id":%q,"IsDeleted":true,"SystemModstamp":"2026-11-04T10:00:00.000Z"}`, id))))
	if diff := cmp.Diff([]string{want[0], "Enterprise 03 10:00 to 04 10:00"}, tiers(s)); diff != "" {
		t.Errorf("after its deletion: %s", diff)
	}
}

func TestWhatIsKnownBetterIsNotForgotten(t *testing.T) {
	id := id18(t, "001A000001LRlwI")
	now := night(t, nil, map[string][]pipeline.Record{"salesforce.accounts": {account(id, tuesday, `"Enterprise"`, "")}})
	after := night(t, now, map[string][]pipeline.Record{"salesforce.accounts": {account(id, monday, `"SMB"`, "")}}) // read before
	if a := after["crm_accounts"][0].(*schema.Account); *a.CustomerTier != "Enterprise" || len(after["crm_accounts"]) != 1 {
		t.Errorf("the tier is %s again", *a.CustomerTier)
	}
	if v := after["crm_account_versions"]; len(v) != 1 || *v[0].(*schema.AccountVersion).CustomerTier != "Enterprise" {
		t.Errorf("%d versions", len(v))
	}
}

func TestATierMayBeANumber(t *testing.T) {
	got := night(t, nil, map[string][]pipeline.Record{"salesforce.accounts": {account(id18(t, "001A000001LRlwI"), monday, `2`, "")}})
	if a := got["crm_accounts"][0].(*schema.Account); a.CustomerTier == nil || *a.CustomerTier != "2" {
		t.Errorf("got %v", a.CustomerTier)
	}
}

func TestBadRecordsAreRejectedAndStopNothing(t *testing.T) {
	good := account(id18(t, "001A000001LRlwI"), monday, "null", "")
	for body, reason := range map[string]string{
		`<html>`:                            "bad_json",
		`[]`:                                "bad_json",
		`{"Name":"nobody"}`:                 "missing_id",
		`{"Id":null}`:                       "missing_id",
		`{"Id":"short"}`:                    "malformed_id",
		`{"Id":"500A000001LRlwI"}`:          "malformed_id", // a case among the accounts
		`{"Id":"001A000001LRlwJ","Name":7}`: "wrong_type",
		`{"Id":"001A000001LRlwJ","Owner":"Olga"}`:               "wrong_type",
		`{"Id":"001A000001LRlwJ","AnnualRevenue":"much"}`:       "wrong_type",
		`{"Id":"001A000001LRlwJ","IsDeleted":"perhaps"}`:        "wrong_type",
		`{"Id":"001A000001LRlwJ","SystemModstamp":"yesterday"}`: "bad_date",
	} {
		got := night(t, nil, map[string][]pipeline.Record{"salesforce.accounts": {record(body), good}})
		if len(got["crm_accounts"]) != 1 || len(got["etl_rejects"]) != 1 {
			t.Errorf("%s: %d accounts, %d rejects", body, len(got["crm_accounts"]), len(got["etl_rejects"]))
			continue
		}
		r := got["etl_rejects"][0].(*schema.Reject)
		if r.ReasonCode != reason || r.Message == "" || string(r.Payload) != body || r.PayloadRef == "" {
			t.Errorf("%s: rejected as %s (%s), want %s", body, r.ReasonCode, r.Message, reason)
		}
	}
}

func TestShuffledRecordsGiveTheSameRows(t *testing.T) {
	var records []pipeline.Record
	for i := range 50 {
		records = append(records, account(id18(t, fmt.Sprintf("001A000001LRl%02d", i)), monday, `"SMB"`, ""))
	}
	hashes := func() map[string]bool {
		got := map[string]bool{}
		for _, rows := range night(t, nil, map[string][]pipeline.Record{"salesforce.accounts": records}) {
			for _, r := range rows {
				got[schema.Of(r).Name+schema.Hash(r)] = true
			}
		}
		return got
	}
	want := hashes()
	rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	if diff := cmp.Diff(want, hashes()); diff != "" {
		t.Error(diff)
	}
}

func FuzzApply(f *testing.F) {
	f.Add([]byte(`{"Id":"001A000001LRlwI","Owner":{"Name":"x"},"SystemModstamp":"2026-11-02T10:00:00.000+0000"}`))
	f.Add([]byte(`{"Id":"001A000001LRlwI","deletedDate":"2026-11-02T10:00:00.000+0000"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got := night(t, nil, map[string][]pipeline.Record{"salesforce.accounts": {{Key: "k", Body: body}}})
		if n := len(got["crm_accounts"]) + len(got["etl_rejects"]); n > 1 {
			t.Errorf("one record became %d rows", n)
		}
	})
}
