package salesforce

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/extractors/extractortest"
	"trunkline/internal/sfid"
	"trunkline/internal/sim/salesforceapi"
	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
)

// promoted is a CRM of n accounts, each of which went from Silver to Gold, changed hands, and was edited since.
func promoted(n int) world {
	w := world{}
	for i := range n {
		first := version(noon.Add(-100*time.Hour), "Silver")
		second := version(noon.Add(time.Duration(i-50*n)*time.Second), "Gold")
		third := version(second.At.Add(time.Hour), "Gold")
		third.Fields["OwnerId"], third.Fields["Owner.Name"] = id(sfid.User, 2), "Ben"
		w["Account"] = append(w["Account"], account(i, first, second, third, version(noon.Add(-time.Minute), "Gold")))
	}
	w["Account"][0].Versions[3].Fields = w["Account"][0].Versions[2].Fields
	return w
}

// change is a row of a history.
type change struct {
	AccountID          string `json:"AccountId"`
	Field              string
	OldValue, NewValue any
}

func changeOf(t *testing.T, r pipeline.Record) (c change) {
	t.Helper()
	if err := json.Unmarshal(r.Body, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestHistory(t *testing.T) {
	for name, bulk := range map[string]int{"REST": 1 << 40, "Bulk": 1} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, promoted(300), salesforceapi.Options{PageSize: 100})
			x := c.open(t, func(c *Config) { c.BulkThreshold = bulk })
			// A promotion, and twice two rows for the owner that came and went; the first account kept its second one.
			extractortest.Run(t, x, extractortest.Case{Stream: "account_history", Want: 300*5 - 2})
			var rows []string
			for _, r := range read(t, x, "account_history", time.Time{}, "").last() {
				row := changeOf(t, r)
				if row.AccountID == id(sfid.Account, 0) {
					rows = append(rows, fmt.Sprint(row.Field, " ", row.OldValue, " → ", row.NewValue))
				}
			}
			slices.Sort(rows)
			want := []string{
				"Account_Tier__c Silver → Gold", "Owner " + id(sfid.User, 1) + " → " + id(sfid.User, 2), "Owner Ada Byron → Ben",
			}
			if d := cmp.Diff(want, rows); d != "" {
				t.Error(d)
			}
			if rest, later := len(read(t, x, "account_history", noon.Add(-2*time.Minute), "").last()), 2*299; rest != later {
				t.Errorf("%d records since two minutes ago, want %d", rest, later)
			}
		})
	}
}

// An organisation that keeps no history is read all the same, and it is said what is missing.
func TestWithoutHistory(t *testing.T) {
	c := serve(t, many(3), salesforceapi.Options{Hidden: []string{"AccountHistory"}})
	x := c.open(t)
	err := x.Extract(t.Context(), "account_history", pipeline.Window{}, func([]pipeline.Record) error { return nil })
	warnings, ok := errors.AsType[pipeline.Warnings](err)
	if !ok || len(warnings) != 1 || warnings[0].Code != "TL5103" || !strings.Contains(err.Error(), "account_history to false") {
		t.Errorf("got %v", err)
	}
	for _, s := range c.open(t, func(c *Config) { c.WithoutHistory = true }).Streams() {
		if s.Name == "account_history" {
			t.Error("the history is read although it was not asked for")
		}
	}
}

// The history of a world is what its accounts went through.
func TestHistoryOfAWorld(t *testing.T) {
	config := scenario.Default()
	config.Days = 20
	w := scenario.New(config)
	now := config.Start.AddDate(0, 0, 15)
	want := map[string]int{}
	for _, o := range w.Objects("Account") {
		if v, _ := o.At(now); v.Purged {
			continue
		}
		for i := 1; i < len(o.Versions) && !o.Versions[i].At.After(now); i++ {
			if before, after := o.Versions[i-1].Fields["Account_Tier__c"], o.Versions[i].Fields["Account_Tier__c"]; before != after {
				want[fmt.Sprint(o.ID, " ", o.Versions[i].At.Unix(), " ", before, " ", after)]++
			}
		}
	}
	got := map[string]int{}
	x := serve(t, w, salesforceapi.Options{Now: func() time.Time { return now }}).open(t)
	for _, r := range read(t, x, "account_history", time.Time{}, "").last() {
		row := changeOf(t, r)
		if row.Field == "Account_Tier__c" {
			got[fmt.Sprint(row.AccountID, " ", r.At.Unix(), " ", row.OldValue, " ", row.NewValue)]++
		}
	}
	if d := cmp.Diff(want, got); d != "" || len(want) < 10 {
		t.Errorf("of %d changes of tier (-world +history):\n%s", len(want), d)
	}
}
