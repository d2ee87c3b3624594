package unify_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/sfid"
	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/unify"
)

// id18 makes the 18-character form of an id.
//
//go:fix inline
func id18(t *testing.T, short string) string {
	t.Helper()
	id, status := sfid.Normalize(short)
	if status != sfid.OK {
		t.Fatalf("%s is %s", short, status)
	}
	return id
}

var start = time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)

// world is a small CRM: a customer in good standing, one merged away twice, one deleted, one merged in a circle.
type world struct {
	good, winner, middle, loser, deleted, circle, deadEnd, unknown, kase string
	rows                                                                 map[string][]schema.Row
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		good: id18(t, "001A000001LRlwI"), winner: id18(t, "001A000001LRlwJ"), middle: id18(t, "001A000001LRlwK"),
		loser: id18(t, "001A000001LRlwL"), deleted: id18(t, "001A000001LRlwM"), circle: id18(t, "001A000001LRlwN"),
		deadEnd: id18(t, "001A000001LRlwO"), unknown: id18(t, "001A000001LRlwP"), kase: id18(t, "500A000001LRlwI"),
	}
	w.rows = map[string][]schema.Row{
		"crm_accounts": {
			&schema.Account{AccountID: w.good, Name: new("Good"), CustomerTier: new("Enterprise"), Industry: new("Retail"), OwnerName: new("Olga"), LtvUsd: new(10.5)},
			&schema.Account{AccountID: w.winner, Name: new("Winner"), CustomerTier: new("SMB")},
			&schema.Account{AccountID: w.middle, IsDeleted: true, MasterAccountID: &w.winner},
			&schema.Account{AccountID: w.loser, IsDeleted: true, MasterAccountID: &w.middle},
			&schema.Account{AccountID: w.deleted, IsDeleted: true, CustomerTier: new("SMB")},
			&schema.Account{AccountID: w.circle, IsDeleted: true, MasterAccountID: &w.circle},
			&schema.Account{AccountID: w.deadEnd, IsDeleted: true, MasterAccountID: &w.deleted},
		},
		"crm_account_versions": {
			&schema.AccountVersion{AccountID: w.good, ValidFrom: start.Add(time.Hour), CustomerTier: new("Enterprise")},
			&schema.AccountVersion{AccountID: w.good, ValidFrom: start.Add(-time.Hour), ValidTo: new(start.Add(time.Hour)), CustomerTier: new("Mid-Market")},
			&schema.AccountVersion{AccountID: w.winner, ValidFrom: start.Add(time.Minute), CustomerTier: new("SMB")},
		},
		"crm_cases": {
			&schema.Case{CaseID: w.kase, AccountID: &w.good, Category: new("Billing"), IsClosed: new(false)},
			&schema.Case{CaseID: id18(t, "500A000001LRlwJ"), AccountID: &w.good, IsClosed: new(true)},
			&schema.Case{CaseID: id18(t, "500A000001LRlwK"), AccountID: &w.good, IsClosed: new(false), IsDeleted: true},
			&schema.Case{CaseID: id18(t, "500A000001LRlwL"), AccountID: &w.good},
		},
		"crm_opportunities": {
			&schema.Opportunity{OpportunityID: id18(t, "006A000001LRlwI"), AccountID: &w.loser, IsClosed: new(false)},
			&schema.Opportunity{OpportunityID: id18(t, "006A000001LRlwJ"), AccountID: &w.winner, IsClosed: new(false)},
			&schema.Opportunity{OpportunityID: id18(t, "006A000001LRlwK"), AccountID: &w.winner, IsClosed: new(true)},
			&schema.Opportunity{OpportunityID: id18(t, "006A000001LRlwL"), IsClosed: new(false)},
		},
	}
	return w
}

func fact(conversation, given string) *schema.GenesysInteraction {
	f := &schema.GenesysInteraction{ConversationID: conversation, ConversationStart: start, CrmIDStatus: "missing"}
	if given != "" {
		f.CrmIDStatus, f.CrmAccountID, f.CrmAccountIDGiven, f.CrmMatchMethod = "ok", &given, &given, new("attribute")
	}
	return f
}

func apply(t *testing.T, rows map[string][]schema.Row) map[string]*schema.Interaction {
	t.Helper()
	got := map[string]*schema.Interaction{}
	in := pipeline.InMemory(pipeline.Inputs{Run: "nightly/2026-11-10T00-00-00Z", ObservedAt: start}, nil, rows)
	err := unify.New(unify.Config{}).Apply(context.Background(), in, func(rows ...schema.Row) error {
		for _, r := range rows {
			row := r.(*schema.Interaction)
			if got[row.ConversationID] != nil {
				t.Errorf("%s was emitted twice", row.ConversationID)
			}
			got[row.ConversationID] = row
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTheVerdictOnEveryKindOfAccountID(t *testing.T) {
	w := newWorld(t)
	w.rows["genesys_interactions"] = []schema.Row{
		fact("good", w.good), fact("merged", w.loser), fact("deleted", w.deleted), fact("circle", w.circle),
		fact("deadEnd", w.deadEnd), fact("unknown", w.unknown), fact("missing", ""),
		&schema.GenesysInteraction{ConversationID: "malformed", ConversationStart: start, CrmIDStatus: "malformed", CrmAccountIDGiven: new("001-nope")},
	}
	got := apply(t, w.rows)
	for conversation, want := range map[string]struct{ status, account string }{
		"good": {"ok", w.good}, "merged": {"merged", w.winner}, "deleted": {"unknown_account", w.deleted},
		"circle": {"unknown_account", w.circle}, "deadEnd": {"unknown_account", w.deadEnd},
		"unknown": {"unknown_account", w.unknown}, "missing": {"missing", ""}, "malformed": {"malformed", ""},
	} {
		row := got[conversation]
		account := ""
		if row.CrmAccountID != nil {
			account = *row.CrmAccountID
		}
		if row.CrmIDStatus != want.status || account != want.account {
			t.Errorf("%s: %s %q, want %s %q", conversation, row.CrmIDStatus, account, want.status, want.account)
		}
		known := want.status == "ok" || want.status == "merged"
		if (row.OpenOpportunityCount != nil) != known || (row.CrmAccountName != nil) != known {
			t.Errorf("%s: the CRM's columns are known: %v", conversation, !known)
		}
	}
}

func TestTheCustomersColumns(t *testing.T) {
	w := newWorld(t)
	f := fact("c", w.good)
	f.CrmCaseID = &w.kase
	f.HandleTimeMs = new(int64(42))
	w.rows["genesys_interactions"] = []schema.Row{f}
	want := &schema.Interaction{
		ConversationID: "c", ConversationStart: start, HandleTimeMs: new(int64(42)), CrmCaseID: &w.kase,
		CrmAccountID: &w.good, CrmAccountIDGiven: &w.good, CrmMatchMethod: new("attribute"), CrmIDStatus: "ok",
		CrmAccountName: new("Good"), CustomerTier: new("Enterprise"), Industry: new("Retail"), AccountOwner: new("Olga"), LtvUsd: new(10.5),
		OpenOpportunityCount: new(int64(0)), OpenCaseCount: new(int64(1)), CaseCategory: new("Billing"),
		CustomerTierAtContact: new("Mid-Market"),
	}
	if diff := cmp.Diff(want, apply(t, w.rows)["c"]); diff != "" {
		t.Error(diff)
	}
}

func TestTheOwnerHasTodaysName(t *testing.T) {
	w := newWorld(t)
	w.rows["crm_accounts"][0].(*schema.Account).OwnerID = new("005A000001LRlwIAAX")
	w.rows["crm_users"] = []schema.Row{&schema.CrmUser{UserID: "005A000001LRlwIAAX", Name: new("Olga Renamed")}}
	w.rows["genesys_interactions"] = []schema.Row{fact("c", w.good)}
	if got := *apply(t, w.rows)["c"].AccountOwner; got != "Olga Renamed" {
		t.Errorf("got %s", got)
	}
}

func TestMergedAccountsBringTheirOpportunitiesAlong(t *testing.T) {
	w := newWorld(t)
	w.rows["genesys_interactions"] = []schema.Row{fact("c", w.loser)}
	if got := *apply(t, w.rows)["c"].OpenOpportunityCount; got != 2 {
		t.Errorf("%d open opportunities, want the winner's and the loser's", got)
	}
}

func TestTierAtContactIsNullWhereNoVersionVouchesForIt(t *testing.T) {
	w := newWorld(t)
	w.rows["genesys_interactions"] = []schema.Row{fact("c", w.winner)} // first seen a minute after the contact
	if got := apply(t, w.rows)["c"].CustomerTierAtContact; got != nil {
		t.Errorf("got %s", *got)
	}
}

func TestEarlierRowsFollowTheCRM(t *testing.T) {
	w := newWorld(t)
	w.rows["genesys_interactions"] = []schema.Row{fact("changed", w.good), fact("unchanged", w.good), fact("tonight", w.good), fact("merged later", w.winner)}
	first := apply(t, w.rows)
	var earlier []schema.Row
	for _, row := range first {
		earlier = append(earlier, row)
	}
	if again := apply(t, map[string][]schema.Row{
		"unified_interactions": earlier, "crm_accounts": w.rows["crm_accounts"], "crm_account_versions": w.rows["crm_account_versions"],
		"crm_cases": w.rows["crm_cases"], "crm_opportunities": w.rows["crm_opportunities"],
	}); len(again) != 0 {
		t.Fatalf("%d rows were written again although nothing has changed", len(again))
	}

	first["changed"].CustomerTier = new("SMB") // as it was before the account rose
	w.rows["crm_accounts"][1] = &schema.Account{AccountID: w.winner, IsDeleted: true, MasterAccountID: &w.good}
	w.rows["unified_interactions"] = earlier
	w.rows["genesys_interactions"] = []schema.Row{fact("tonight", w.good)}
	w.rows["crm_opportunities"] = nil
	got := apply(t, w.rows)
	if len(got) != 3 || got["changed"] == nil || got["tonight"] == nil || got["merged later"] == nil {
		t.Fatalf("wrote %d rows", len(got))
	}
	if *got["changed"].CustomerTier != "Enterprise" {
		t.Errorf("the tier of an earlier row is still %s", *got["changed"].CustomerTier)
	}
	if row := got["merged later"]; row.CrmIDStatus != "merged" || *row.CrmAccountID != w.good || *row.CrmAccountIDGiven != w.winner {
		t.Errorf("an account merged later: %s %s given %s", row.CrmIDStatus, *row.CrmAccountID, *row.CrmAccountIDGiven)
	}
}

func TestShuffledInputsGiveTheSameRows(t *testing.T) {
	w := newWorld(t)
	for i := range 20 {
		w.rows["genesys_interactions"] = append(w.rows["genesys_interactions"], fact(string(rune('a'+i)), []string{w.good, w.loser, w.unknown, ""}[i%4]))
	}
	hashes := func() map[string]string {
		got := map[string]string{}
		for id, row := range apply(t, w.rows) {
			got[id] = schema.Hash(row)
		}
		return got
	}
	want := hashes()
	for _, rows := range w.rows {
		rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	for i, row := range w.rows["genesys_interactions"] { // the join fills the rows it is given
		f := row.(*schema.GenesysInteraction)
		given := ""
		if f.CrmAccountIDGiven != nil {
			given = *f.CrmAccountIDGiven
		}
		w.rows["genesys_interactions"][i] = fact(f.ConversationID, given)
	}
	if diff := cmp.Diff(want, hashes()); diff != "" {
		t.Error(diff)
	}
}
