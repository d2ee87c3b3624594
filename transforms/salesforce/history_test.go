package salesforce_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/sfid"
	"trunkline/pipeline"
	"trunkline/schema"
)

// changed makes a record of an account's history; values are JSON.
func changed(n int, account, at, field, before, after string) pipeline.Record {
	return record(fmt.Sprintf(`{"attributes":{"type":"AccountHistory"},"Id":"017A%011d","IsDeleted":false,"AccountId":%q,"CreatedDate":%q,
		"Field":%q,"OldValue":%s,"NewValue":%s}`, n, account, at, field, before, after))
}

const dayTime = "02 15:04"

// told gives the versions of an account: tier, industry, owner, and when they were true, November's day and time.
func told(s state, id string) []string {
	var found []*schema.AccountVersion
	for _, row := range s["crm_account_versions"] {
		if v := row.(*schema.AccountVersion); v.AccountID == id {
			found = append(found, v)
		}
	}
	slices.SortFunc(found, func(a, b *schema.AccountVersion) int { return a.ValidFrom.Compare(b.ValidFrom) })
	var out []string
	for _, v := range found {
		text := fmt.Sprintf("%s/%s/%s from %s", word(v.CustomerTier), word(v.Industry), word(v.OwnerName), v.ValidFrom.Format(dayTime))
		if v.ValidTo != nil {
			text += " to " + v.ValidTo.Format(dayTime)
		}
		out = append(out, text)
	}
	return out
}

func word(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

func nov(day, hour int) string { return fmt.Sprintf("2026-11-%02dT%02d:00:00.000+0000", day, hour) }

// The account is read first on the 10th and again on the 20th, and looks as account makes it, its tier aside.
func TestHistoryDatesWhatTheMirrorSawLater(t *testing.T) {
	a, other := id18(t, "001A000001LRlwI"), id18(t, "001A000001LRlwJ")
	const tierField = "Account_Tier__c"
	for name, c := range map[string]struct {
		tier10, tier20 string
		changes        []pipeline.Record
		want           []string
	}{
		"no history": {`"Gold"`, `"Silver"`, nil, []string{"Gold/Retail/Olga from 10 10:00 to 20 10:00", "Silver/Retail/Olga from 20 10:00"}},
		"a change between two nights begins when it was made": {
			`"Gold"`, `"Silver"`,
			[]pipeline.Record{changed(1, a, nov(15, 7), tierField, `"Gold"`, `"Silver"`)},
			[]string{"Gold/Retail/Olga from 10 10:00 to 15 07:00", "Silver/Retail/Olga from 15 07:00"},
		},
		"a change that no night saw": {
			`"Gold"`, `"Gold"`,
			[]pipeline.Record{
				changed(1, a, nov(12, 7), tierField, `"Gold"`, `"Silver"`), changed(2, a, nov(13, 7), tierField, `"Silver"`, `"Gold"`),
				changed(3, other, nov(2, 7), tierField, `null`, `"Gold"`),
			},
			[]string{
				"Gold/-/- from 02 07:00 to 10 10:00", "Gold/Retail/Olga from 10 10:00 to 12 07:00",
				"Silver/Retail/Olga from 12 07:00 to 13 07:00", "Gold/Retail/Olga from 13 07:00",
			},
		},
		"the first version begins where the history does": {
			`"Gold"`, `"Gold"`,
			[]pipeline.Record{
				changed(1, other, nov(1, 7), tierField, `"X"`, `"Y"`), changed(2, other, nov(3, 7), "Industry", `"X"`, `"Y"`),
				changed(3, a, nov(5, 7), tierField, `null`, `"Bronze"`), changed(4, a, nov(7, 7), tierField, `"Bronze"`, `"Gold"`),
			},
			[]string{
				"-/-/- from 01 07:00 to 03 07:00", "-/Retail/- from 03 07:00 to 05 07:00", "Bronze/Retail/- from 05 07:00 to 07 07:00",
				"Gold/Retail/- from 07 07:00 to 10 10:00", "Gold/Retail/Olga from 10 10:00",
			},
		},
		"an owner is told with names and with ids": {
			`"Gold"`, `"Gold"`,
			[]pipeline.Record{
				changed(1, a, nov(5, 7), "Owner", `"Ben"`, `"Olga"`), changed(2, a, nov(5, 7), "Owner", `"005A000001LRlwI"`, `"005A000001LRlwK"`),
			},
			[]string{"-/-/Olga from 05 07:00 to 10 10:00", "Gold/Retail/Olga from 10 10:00"},
		},
		"several changes within one second are one": {
			`"Gold"`, `"Silver"`,
			[]pipeline.Record{
				changed(2, a, nov(15, 7), tierField, `"X"`, `"Silver"`), changed(1, a, nov(15, 7), tierField, `"Gold"`, `"X"`),
			},
			[]string{"Gold/Retail/Olga from 10 10:00 to 15 07:00", "Silver/Retail/Olga from 15 07:00"},
		},
		"a change that the account was read before": {
			`"Gold"`, `"Gold"`,
			[]pipeline.Record{changed(1, a, nov(21, 7), tierField, `"Gold"`, `"Silver"`)},
			[]string{"Gold/Retail/Olga from 10 10:00"},
		},
		"a value that goes by another name now": {
			`"Premier"`, `"Premier"`,
			[]pipeline.Record{changed(1, other, nov(1, 7), tierField, `"X"`, `"Y"`), changed(2, a, nov(5, 7), tierField, `"Bronze"`, `"Gold"`)},
			[]string{"Bronze/-/- from 01 07:00 to 05 07:00", "Premier/-/- from 05 07:00 to 10 10:00", "Premier/Retail/Olga from 10 10:00"},
		},
		"a field that is no part of a version, and a change of nobody": {
			`"Gold"`, `"Gold"`,
			[]pipeline.Record{changed(1, a, nov(5, 7), "Rating", `"Hot"`, `"Cold"`), changed(2, "", nov(5, 7), tierField, `"Hot"`, `"Cold"`)},
			[]string{"Gold/Retail/Olga from 10 10:00"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			first := []pipeline.Record{account(a, nov(10, 10), c.tier10, "")}
			second := []pipeline.Record{account(a, nov(20, 10), c.tier20, "")}
			s := night(t, night(t, nil, map[string][]pipeline.Record{"salesforce.accounts": first}), map[string][]pipeline.Record{
				"salesforce.accounts": second, "salesforce.account_history": c.changes,
			})
			if d := cmp.Diff(c.want, told(s, a)); d != "" {
				t.Error(d)
			}
			if len(s["crm_account_history"]) != len(c.changes) {
				t.Errorf("%d changes of %d are kept", len(s["crm_account_history"]), len(c.changes))
			}
			again := night(t, s, map[string][]pipeline.Record{"salesforce.account_history": c.changes}) // the overlap of two nights
			if d := cmp.Diff(c.want, told(again, a)); d != "" {
				t.Error("told again:", d)
			}
		})
	}
}

// What changed on an account before it was deleted, both within one day.
func TestHistoryOfADeletedAccount(t *testing.T) {
	a := id18(t, "001A000001LRlwI")
	s := night(t, nil, map[string][]pipeline.Record{"salesforce.accounts": {bare(a, nov(3, 7), `"Gold"`)}})
	s = night(t, s, map[string][]pipeline.Record{
		"salesforce.accounts":        {record(fmt.Sprintf(`{"Id":%q,"IsDeleted":true,"SystemModstamp":%q,"Account_Tier__c":"SMB"}`, a, nov(5, 9)))},
		"salesforce.account_history": {changed(1, a, nov(5, 7), "Account_Tier__c", `"Gold"`, `"SMB"`)},
	})
	if d := cmp.Diff([]string{"Gold/-/- from 03 07:00 to 05 07:00", "SMB/-/- from 05 07:00 to 05 09:00"}, told(s, a)); d != "" {
		t.Error(d)
	}
}

// An account is not known from before it was made, whatever the history of others.
func TestHistoryDoesNotReachBehindAnAccountsBirth(t *testing.T) {
	a := id18(t, "001A000001LRlwI")
	s := night(t, nil, map[string][]pipeline.Record{
		"salesforce.accounts": {record(fmt.Sprintf(`{"Id":%q,"CreatedDate":%q,"SystemModstamp":%q,"Account_Tier__c":"Gold"}`, a, nov(4, 7), nov(9, 7)))},
		"salesforce.account_history": {
			changed(1, id18(t, "001A000001LRlwJ"), nov(1, 7), "Account_Tier__c", `"X"`, `"Y"`),
		},
	})
	if d := cmp.Diff([]string{"Gold/-/- from 04 07:00"}, told(s, a)); d != "" {
		t.Error(d)
	}
}

// Whatever happens to an account, read on whatever nights: where the history is complete, the versions are what was true.
func TestHistoryTellsTheTruthWheneverItIsRead(t *testing.T) {
	a, other := id18(t, "001A000001LRlwI"), id18(t, "001A000001LRlwJ")
	for seed := range uint64(300) {
		dice := rand.New(rand.NewPCG(seed, 1))
		tiers := []string{"null", `"Gold"`, `"Silver"`}
		tier, modified := tiers[dice.IntN(3)], nov(2, 1)
		want := []string{strings.Trim(strings.ReplaceAll(tier, "null", "-"), `"`) + "/-/- from 01 00:00"}
		changes := []pipeline.Record{changed(0, other, nov(1, 0), "Account_Tier__c", `"X"`, `"Y"`)}
		var s state
		for day := 3; day < 28; day++ {
			at := nov(day, dice.IntN(20))
			switch dice.IntN(3) {
			case 0:
				next := tiers[dice.IntN(3)]
				if next == tier {
					continue
				}
				changes = append(changes, changed(day, a, at, "Account_Tier__c", tier, next))
				tier, modified = next, at
				moment, _ := time.Parse("2006-01-02T15:04:05.000-0700", at)
				want[len(want)-1] += " to " + moment.Format(dayTime)
				want = append(want, strings.Trim(strings.ReplaceAll(tier, "null", "-"), `"`)+"/-/- from "+moment.Format(dayTime))
			case 1:
				modified = at
			default:
				s = night(t, s, map[string][]pipeline.Record{"salesforce.accounts": {bare(a, modified, tier)}, "salesforce.account_history": changes})
				changes = changes[len(changes)-dice.IntN(len(changes)+1):]
			}
		}
		s = night(t, s, map[string][]pipeline.Record{"salesforce.accounts": {bare(a, modified, tier)}, "salesforce.account_history": changes})
		if d := cmp.Diff(want, told(s, a)); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
	}
}

func bare(id, at, tier string) pipeline.Record {
	return record(fmt.Sprintf(`{"Id":%q,"CreatedDate":"2020-01-01T00:00:00.000+0000","SystemModstamp":%q,"Account_Tier__c":%s}`, id, at, tier))
}

func TestBadHistoryIsRejected(t *testing.T) {
	for body, reason := range map[string]string{
		`{"AccountId":"001A000001LRlwI"}`:                     "missing_id",
		`{"Id":"017"}`:                                        "malformed_id",
		`{"Id":"017A00000000001","CreatedDate":"today"}`:      "bad_date",
		`{"Id":"017A00000000001","Field":7}`:                  "wrong_type",
		`{"Id":"017A00000000001","NewValue":{"what":"this"}}`: "wrong_type",
	} {
		got := night(t, nil, map[string][]pipeline.Record{"salesforce.account_history": {record(body)}})
		if n := len(got["etl_rejects"]); n != 1 || got["etl_rejects"][0].(*schema.Reject).ReasonCode != reason {
			t.Errorf("%s: %d rejects, want %s", body, n, reason)
		}
	}
	if _, status := sfid.Normalize("017A00000000001"); status != sfid.OK {
		t.Error("the id of the test is none")
	}
}
