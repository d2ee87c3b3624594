package scenario

import (
	"strings"
	"testing"
	"time"
)

func TestChecksumsOfRealIDs(t *testing.T) {
	for _, id := range []string{
		"005ak000005hvjJAAQ", "003ak00000luKU2AAM", "003ak00000luKU1AAM", "750ak000009BWKLAA4", "750ak000009Dl5bAAC",
		"750ak000009AVi5AAG", "701E0000000JuFHIA0", "701E00000005ZqAIAU", "a00D0000008pQRAIA2",
	} {
		if got := sealed(id[:15]); got != id {
			t.Errorf("%s is sealed as %s", id[:15], got)
		}
	}
}

func TestCRMRecords(t *testing.T) {
	w := New(small())
	seen := map[string]bool{}
	for object, prefix := range map[string]string{"Account": "001", "Case": "500", "Opportunity": "006", "User": "005"} {
		all := w.Objects(object)
		if len(all) == 0 {
			t.Fatalf("there is no %s", object)
		}
		for i, o := range all {
			if seen[o.ID] || len(o.ID) != 18 || !strings.HasPrefix(o.ID, prefix) || sealed(o.ID[:15]) != o.ID {
				t.Errorf("%s %s is no id of its own", object, o.ID)
			}
			seen[o.ID] = true
			if i > 0 && all[i-1].ID >= o.ID {
				t.Errorf("%s is out of order", o.ID)
			}
			checkVersions(t, w, o)
		}
	}
	if w.Objects("Lead") != nil {
		t.Error("there are leads")
	}
}

func checkVersions(t *testing.T, w *World, o *Object) {
	t.Helper()
	for i, v := range o.Versions {
		if v.At.Nanosecond() != 0 || v.At.Location() != time.UTC {
			t.Errorf("%s changes at %s", o.ID, v.At)
		}
		if i > 0 && !v.At.After(o.Versions[i-1].At) {
			t.Errorf("%s changes backwards at %s", o.ID, v.At)
		}
		if v.Fields["SystemModstamp"] != v.At && !v.Purged {
			t.Errorf("%s is stamped %s at %s", o.ID, v.Fields["SystemModstamp"], v.At)
		}
		local := v.At.In(w.cfg.Location)
		inWorld := !v.At.Before(w.cfg.Start)
		early := i > 0 && v.Fields["Description"] != o.Versions[i-1].Fields["Description"] // an edit, which nobody reads
		if inWorld && (local.Hour() < 4 || (v.At.Before(w.dayStart(1)) && !early)) {
			t.Errorf("%s changes at %s, while it may be mirrored", o.ID, local)
		}
	}
	if first := o.Versions[0]; strings.HasPrefix(o.ID, prefixAccount) && first.At.After(w.cfg.Start.AddDate(0, 0, -30)) {
		t.Errorf("account %s begins at %s", o.ID, first.At)
	}
	if _, existed := o.At(o.Versions[0].At.Add(-time.Second)); existed {
		t.Errorf("%s exists before it begins", o.ID)
	}
}

func TestAccountsHaveHistories(t *testing.T) {
	c := small()
	c.Days = 10
	w := New(c)
	found := map[string]int{}
	stamps := map[time.Time]int{}
	for _, o := range w.Objects("Account") {
		stamps[o.Versions[0].At]++
		for i, v := range o.Versions[1:] {
			before := o.Versions[i].Fields
			for _, name := range []string{"Account_Tier__c", "OwnerId", "Customer_LTV_USD__c"} {
				if v.Fields[name] != before[name] {
					found[name]++
				}
			}
			switch {
			case v.Purged:
				found["purged"]++
			case v.MasterRecordID != "":
				found["merged"]++
			case v.Deleted:
				found["deleted"]++
			}
		}
	}
	for _, name := range []string{"Account_Tier__c", "OwnerId", "Customer_LTV_USD__c", "purged", "merged", "deleted"} {
		if found[name] == 0 {
			t.Errorf("no account is changed: %s", name)
		}
	}
	if stamps[w.cfg.Start.AddDate(0, 0, -60).UTC()] < 20 {
		t.Error("no accounts share a stamp")
	}
	end := w.dayStart(40)
	chains := 0
	d := w.deskAt(end)
	for _, o := range w.Objects("Account") {
		id, merged := d.winner(o.ID)
		last, _ := d.byID[id].At(end)
		if merged && last.Deleted {
			t.Errorf("%s is merged into %s, which is gone", o.ID, id)
		}
		if v, _ := o.At(end); v.MasterRecordID != "" && v.MasterRecordID != id {
			chains++
		}
	}
	if chains == 0 {
		t.Error("no merge has a second behind it")
	}
}

func TestVanishedNamesLeaveTheLists(t *testing.T) {
	w := New(small())
	before, after := w.dayStart(0), w.dayStart(9)
	if len(w.Queues(after)) != len(w.Queues(before))-1 {
		t.Error("no queue is deleted half-way")
	}
	states := func(at time.Time) map[string]int {
		n := map[string]int{}
		for _, u := range w.Users(at) {
			n[u.State]++
		}
		return n
	}
	if a, b := states(before), states(after); a["deleted"]+1 != b["deleted"] || a["inactive"] == 0 || a["deleted"] == 0 {
		t.Errorf("users before %v and after %v", a, b)
	}
	for _, code := range w.WrapupCodes(after) {
		if code.ID == timeoutCode {
			t.Error("a system code is listed")
		}
	}
}
