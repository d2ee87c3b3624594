package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/extractors/extractortest"
	"trunkline/internal/salesforce"
	"trunkline/internal/secret"
	"trunkline/internal/sfid"
	"trunkline/internal/sim/salesforceapi"
	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
)

// noon is when the tests take place.
var noon = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

// world is a CRM made by hand.
type world map[string][]*scenario.Object

// Objects gives the records of an object.
func (w world) Objects(object string) []*scenario.Object { return w[object] }

func id(prefix string, n int) string {
	full, _ := sfid.Normalize(fmt.Sprintf("%s%012d", prefix, n))
	return full
}

func account(n int, versions ...scenario.Version) *scenario.Object {
	return &scenario.Object{ID: id(sfid.Account, n), Versions: versions}
}

func version(at time.Time, tier string) scenario.Version {
	return scenario.Version{At: at, Fields: map[string]any{
		"Name": `Acme, "the best"` + "\nof all", "Type": "Customer", "Industry": "Retail", "Account_Tier__c": tier,
		"Customer_LTV_USD__c": 50000.0, "AnnualRevenue": nil, "OwnerId": id(sfid.User, 1), "Owner.Name": "Ada Byron",
	}}
}

// many makes accounts that all changed in the same second, as those of a demo organisation did.
func many(n int) world {
	w := world{}
	for i := range n {
		w["Account"] = append(w["Account"], account(i, version(noon.Add(-time.Hour), "Gold")))
	}
	return w
}

type centre struct {
	*salesforceapi.Server
	url string
}

func serve(t *testing.T, w salesforceapi.Source, o salesforceapi.Options) centre {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	s := salesforceapi.New(w, o)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return centre{s, h.URL}
}

func (c centre) open(t *testing.T, change ...func(*Config)) *Extractor {
	t.Helper()
	x, err := c.try(t.Context(), change...)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func (c centre) try(ctx context.Context, change ...func(*Config)) (*Extractor, error) {
	config := Config{URL: c.url, ClientID: "trunkline", ClientSecret: secret.New("simulated"), RequestsPerMinute: 1_000_000, Burst: 1000}
	for _, f := range change {
		f(&config)
	}
	x, err := newExtractor(config, salesforce.Config{
		Poll: time.Millisecond, BulkPage: 250, Backoff: time.Millisecond, MaxElapsed: 200 * time.Millisecond,
	})
	if err != nil {
		return nil, err
	}
	return x, x.connect(ctx)
}

// pages is what an extraction gave.
type pages struct {
	list    []pipeline.Record
	cursors []string
}

func (p *pages) keep(page []pipeline.Record, next string) error {
	p.list = append(p.list, page...)
	p.cursors = append(p.cursors, next)
	return nil
}

// last gives the newest record of each key.
func (p *pages) last() map[string]pipeline.Record {
	m := map[string]pipeline.Record{}
	for _, r := range p.list {
		m[r.Key] = r
	}
	return m
}

func read(t *testing.T, x *Extractor, stream string, from time.Time, cursor string) *pages {
	t.Helper()
	p := &pages{}
	if err := x.Resume(t.Context(), stream, pipeline.Window{From: from}, cursor, p.keep); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPromises(t *testing.T) {
	c := serve(t, many(600), salesforceapi.Options{PageSize: 100})
	t.Run("REST", func(t *testing.T) {
		extractortest.Run(t, c.open(t), extractortest.Case{Stream: "accounts", Want: 600})
	})
	t.Run("Bulk", func(t *testing.T) {
		x := c.open(t, func(c *Config) { c.BulkThreshold = 100 })
		extractortest.Run(t, x, extractortest.Case{Stream: "accounts", Want: 600})
	})
}

// TestRecord looks at a record whole.
func TestRecord(t *testing.T) {
	w := world{"Account": {account(7, version(noon.Add(-time.Hour), "Gold"))}}
	c := serve(t, w, salesforceapi.Options{})
	for _, bulk := range []bool{false, true} {
		x := c.open(t)
		if bulk {
			x.config.BulkThreshold = 0
		}
		got := read(t, x, "accounts", time.Time{}, "").list
		if len(got) != 1 {
			t.Fatalf("%d records", len(got))
		}
		if got[0].Key != id(sfid.Account, 7) || !got[0].At.Equal(noon.Add(-time.Hour)) || got[0].Gone {
			t.Errorf("bulk %v: record %+v", bulk, got[0])
		}
		var body map[string]any
		decoder := json.NewDecoder(strings.NewReader(string(got[0].Body)))
		decoder.UseNumber()
		if err := decoder.Decode(&body); err != nil {
			t.Fatal(err)
		}
		if owner, ok := body["Owner"].(map[string]any); ok {
			delete(owner, "attributes")
		}
		want := map[string]any{
			"attributes": map[string]any{"type": "Account", "url": "/services/data/v67.0/sobjects/Account/" + id(sfid.Account, 7)},
			"Id":         id(sfid.Account, 7), "IsDeleted": false, "CreatedDate": "2026-11-20T11:00:00.000+0000",
			"SystemModstamp": "2026-11-20T11:00:00.000+0000", "LastModifiedDate": "2026-11-20T11:00:00.000+0000",
			"Name": `Acme, "the best"` + "\nof all", "Type": "Customer", "Industry": "Retail", "OwnerId": id(sfid.User, 1),
			"Owner": map[string]any{"Name": "Ada Byron"}, "AnnualRevenue": nil, "ParentId": nil, "MasterRecordId": nil,
			"Account_Tier__c": "Gold", "Customer_LTV_USD__c": json.Number("50000.00"),
		}
		if d := cmp.Diff(want, body); d != "" {
			t.Errorf("bulk %v (-want +got):\n%s", bulk, d)
		}
	}
}

func TestIncrementalReadsOnlyWhatChanged(t *testing.T) {
	w := many(50)
	w["Account"][3].Versions = append(w["Account"][3].Versions, version(noon.Add(-5*time.Minute), "Silver"))
	w["Account"][4].Versions = append(w["Account"][4].Versions, version(noon.Add(5*time.Minute), "later"))
	x := serve(t, w, salesforceapi.Options{}).open(t)
	got := read(t, x, "accounts", noon.Add(-10*time.Minute), "").list
	if len(got) != 1 || got[0].Key != w["Account"][3].ID || !strings.Contains(string(got[0].Body), "Silver") {
		t.Errorf("got %+v", got)
	}
}

// TestDeletions follows a record into the recycle bin, one beyond it, one that lost a merge, and one that was restored.
func TestDeletions(t *testing.T) {
	w := many(6)
	was := version(noon.Add(-time.Hour), "Gold")
	change := func(n, minutes int, f func(*scenario.Version)) {
		v := was
		v.At = noon.Add(time.Duration(minutes) * time.Minute)
		f(&v)
		w["Account"][n].Versions = append(w["Account"][n].Versions, v)
	}
	change(0, -30, func(v *scenario.Version) { v.Deleted = true })
	change(1, -30, func(v *scenario.Version) { v.Purged = true })
	change(2, -30, func(v *scenario.Version) { v.Deleted, v.MasterRecordID = true, id(sfid.Account, 5) })
	change(3, -30, func(v *scenario.Version) { v.Deleted = true })
	change(3, -20, func(*scenario.Version) {})
	x := serve(t, w, salesforceapi.Options{}).open(t)

	first := read(t, x, "accounts", time.Time{}, "").last()
	if len(first) != 5 || !first[id(sfid.Account, 0)].Gone || first[id(sfid.Account, 3)].Gone {
		t.Errorf("at first: %d records", len(first))
	}
	next := read(t, x, "accounts", noon.Add(-40*time.Minute), "")
	got := next.last()
	for n, want := range []struct{ gone bool }{{true}, {true}, {true}, {false}} {
		if r, ok := got[id(sfid.Account, n)]; !ok || r.Gone != want.gone {
			t.Errorf("account %d: %+v", n, r)
		}
	}
	if r := got[id(sfid.Account, 1)]; string(r.Body) !=
		`{"Id":"`+id(sfid.Account, 1)+`","IsDeleted":true,"deletedDate":"2026-11-20T11:30:00.000+0000"}` || !r.At.Equal(noon.Add(-30*time.Minute)) {
		t.Errorf("what is left of a purged account: %s", r.Body)
	}
	if r := got[id(sfid.Account, 2)]; !strings.Contains(string(r.Body), `"MasterRecordId":"`+id(sfid.Account, 5)+`"`) {
		t.Errorf("the loser of a merge does not name the winner: %s", r.Body)
	}
	if next.list[0].Key != id(sfid.Account, 0) || len(next.list) != 6 {
		t.Errorf("deletions do not come first: %d records", len(next.list))
	}
}

// TestDeletionsBehindTheRows looks an hour further back for deletions, and not to the minute as Salesforce does.
func TestDeletionsBehindTheRows(t *testing.T) {
	w := many(2)
	for n, second := range []int{20, 40} {
		v := version(noon.Add(-time.Hour+time.Duration(second)*time.Second), "Gold")
		v.Purged = true
		w["Account"][n].Versions = append(w["Account"][n].Versions, v)
	}
	got := read(t, serve(t, w, salesforceapi.Options{}).open(t), "accounts", noon.Add(30*time.Second), "").list
	if len(got) != 1 || got[0].Key != id(sfid.Account, 1) {
		t.Errorf("got %+v", got)
	}
}

func TestUsersHaveNoRecycleBin(t *testing.T) {
	w := world{"User": {{ID: id(sfid.User, 1), Versions: []scenario.Version{{
		At: noon.Add(-time.Hour), Fields: map[string]any{"Name": "Ada Byron", "IsActive": true},
	}}}}}
	x := serve(t, w, salesforceapi.Options{}).open(t)
	got := read(t, x, "users", noon.Add(-2*time.Hour), "").list
	if len(got) != 1 || !strings.Contains(string(got[0].Body), `"IsActive":true`) || strings.Contains(string(got[0].Body), "IsDeleted") {
		t.Errorf("got %+v", got)
	}
}

// TestFaults lets something go wrong in the middle; all rows must come all the same.
func TestFaults(t *testing.T) {
	for name, f := range map[string]salesforceapi.Fault{
		"HTML 503":                   {Path: "/queryAll/", At: 2, Times: 2, Kind: salesforceapi.HTML503},
		"object-shaped 503":          {Path: "/queryAll/", At: 2, Kind: salesforceapi.Object503},
		"406 without a body":         {Path: "/queryAll/", At: 2, Kind: salesforceapi.Empty406},
		"429":                        {Path: "/queryAll/", At: 2, Kind: salesforceapi.Throttled429},
		"a page of HTML with 200":    {Path: "/queryAll/", At: 2, Kind: salesforceapi.LoginPage},
		"too many calls at once":     {Path: "/queryAll", At: 2, Kind: salesforceapi.ConcurrencyLimit},
		"session ends between pages": {Path: "/queryAll/", At: 2, Kind: salesforceapi.SessionExpired},
		"locator expires mid-run":    {Path: "/queryAll/", At: 2, Kind: salesforceapi.LocatorExpired},
		"locators expire again":      {Path: "/queryAll/", At: 2, Times: 2, Kind: salesforceapi.LocatorExpired},
		"the body is cut":            {Path: "/queryAll/", At: 2, Kind: salesforceapi.CutBody},
		"the query takes too long":   {Path: "/queryAll", At: 2, Times: 3, Kind: salesforceapi.QueryTimeout},
		"a page takes too long":      {Path: "/queryAll/", At: 3, Times: 2, Kind: salesforceapi.QueryTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, many(600), salesforceapi.Options{PageSize: 100, Faults: []salesforceapi.Fault{f}})
			got := read(t, c.open(t), "accounts", time.Time{}, "").last()
			if len(got) != 600 {
				t.Errorf("%d accounts of 600", len(got))
			}
			if c.Stats().Faults == 0 {
				t.Error("the fault did not strike")
			}
		})
	}
}

func TestBulkFaults(t *testing.T) {
	for name, f := range map[string]salesforceapi.Fault{
		"the body is cut":                    {Path: "/results", At: 2, Kind: salesforceapi.CutBody},
		"rows are missing, the ending good":  {Path: "/results", At: 2, Kind: salesforceapi.LostRows},
		"HTML 503":                           {Path: "/results", At: 1, Times: 2, Kind: salesforceapi.HTML503},
		"session ends while the job is made": {Path: "/jobs/query/", At: 1, Kind: salesforceapi.SessionExpired},
		"counting takes too long":            {Path: "/queryAll", At: 1, Kind: salesforceapi.QueryTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, many(700), salesforceapi.Options{JobDelay: 5 * time.Millisecond, Faults: []salesforceapi.Fault{f}})
			x := c.open(t, func(c *Config) { c.BulkThreshold = 10 })
			if got := read(t, x, "accounts", time.Time{}, "").last(); len(got) != 700 {
				t.Errorf("%d accounts of 700", len(got))
			}
			if s := c.Stats(); s.Faults == 0 || s.Jobs != 1 {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestBulkFallsBackToREST(t *testing.T) {
	c := serve(t, many(300), salesforceapi.Options{NoBulk: []string{"Account"}})
	x := c.open(t, func(c *Config) { c.BulkThreshold = 10 })
	if got := read(t, x, "accounts", time.Time{}, "").last(); len(got) != 300 {
		t.Errorf("%d accounts of 300", len(got))
	}
}

// TestBulkJobIsGone resumes in a job that Salesforce has forgotten.
func TestBulkJobIsGone(t *testing.T) {
	w := many(700)
	bulk := func(c *Config) { c.BulkThreshold = 10 }
	first := read(t, serve(t, w, salesforceapi.Options{}).open(t, bulk), "accounts", time.Time{}, "")
	c := serve(t, w, salesforceapi.Options{})
	if got := read(t, c.open(t, bulk), "accounts", time.Time{}, first.cursors[0]).last(); len(got) != 700 || c.Stats().Jobs != 1 {
		t.Errorf("%d accounts of 700, %+v", len(got), c.Stats())
	}
}

// TestResumeFollowsDeletions stops after the first page; what is deleted before the second attempt must not be lost.
func TestResumeFollowsDeletions(t *testing.T) {
	w := many(500)
	now := noon
	c := serve(t, w, salesforceapi.Options{PageSize: 100, Now: func() time.Time { return now }})
	from := noon.Add(-2 * time.Hour)
	first := &pages{}
	stop := errors.New("stop")
	err := c.open(t).Resume(t.Context(), "accounts", pipeline.Window{From: from}, "", func(page []pipeline.Record, next string) error {
		_ = first.keep(page, next)
		return stop
	})
	if !errors.Is(err, stop) || len(first.list) != 100 {
		t.Fatalf("%d records, %v", len(first.list), err)
	}
	purged := version(noon.Add(30*time.Minute), "Gold")
	purged.Purged = true
	w["Account"][0].Versions = append(w["Account"][0].Versions, purged)
	changed := version(noon.Add(40*time.Minute), "Silver")
	w["Account"][1].Versions = append(w["Account"][1].Versions, changed)
	now = noon.Add(2 * time.Hour)
	got := read(t, c.open(t), "accounts", from, first.cursors[0])
	all := got.last()
	if !all[id(sfid.Account, 0)].Gone || !strings.Contains(string(all[id(sfid.Account, 1)].Body), "Silver") || len(all) < 402 {
		t.Errorf("%d accounts, the purged one %+v", len(all), all[id(sfid.Account, 0)])
	}
}

// TestRowsChangedMeanwhile has a page show a row as it became after the query began: to go on from its time would skip the rest.
func TestRowsChangedMeanwhile(t *testing.T) {
	p := place{Since: noon.Add(-time.Hour), Begun: noon}
	at := func(minutes int, key string) pipeline.Record {
		return pipeline.Record{Key: key, At: noon.Add(time.Duration(minutes) * time.Minute)}
	}
	p.advance([]pipeline.Record{at(-50, "a"), at(-40, "b"), at(+5, "c"), {Key: "no time"}})
	if want := (place{Since: noon.Add(-40 * time.Minute), After: "b", Begun: noon}); p != want {
		t.Errorf("at %+v, want %+v", p, want)
	}
}

// TestLongPullCatchesUp lets a pull take a quarter of an hour, during which a row changes that was read already.
func TestLongPullCatchesUp(t *testing.T) {
	w := many(500)
	now := noon
	c := serve(t, w, salesforceapi.Options{PageSize: 100, Now: func() time.Time { return now }})
	x := c.open(t)
	p := &pages{}
	object, err := x.describe(t.Context(), "Account")
	if err != nil {
		t.Fatal(err)
	}
	pull := &pull{client: x.client, threshold: 1000, source: x.sources[0], object: object, fields: []string{"Id", "Account_Tier__c", "SystemModstamp"}, emit: p.keep}
	w["Account"][0].Versions = append(w["Account"][0].Versions, version(noon.Add(10*time.Minute), "Silver"))
	now = noon.Add(15 * time.Minute)
	if _, err := x.client.Describe(t.Context(), "Account"); err != nil { // tells the clock
		t.Fatal(err)
	}
	if err := pull.run(t.Context(), place{Begun: noon, Since: noon.Add(-time.Hour), After: id(sfid.Account, 400)}); err != nil {
		t.Fatal(err)
	}
	if r := p.last()[id(sfid.Account, 0)]; !strings.Contains(string(r.Body), "Silver") {
		t.Errorf("the change is lost: %s", r.Body)
	}
}

func TestErrors(t *testing.T) {
	always := func(path string, k salesforceapi.FaultKind) salesforceapi.Options {
		return salesforceapi.Options{Faults: []salesforceapi.Fault{{Path: path, Times: -1, Kind: k}}}
	}
	for _, c := range []struct {
		name    string
		options salesforceapi.Options
		change  func(*Config)
		code    string
		kind    pipeline.Kind
		says    string
	}{
		{"a wrong secret", salesforceapi.Options{}, func(c *Config) { c.ClientSecret = secret.New("wrong-secret") }, "TL5002", pipeline.Denied, "invalid_client"},
		{"a version that is none", salesforceapi.Options{}, func(c *Config) { c.APIVersion = "latest" }, "TL5001", pipeline.Misuse, "latest"},
		{"no secret", salesforceapi.Options{}, func(c *Config) { c.ClientSecret = secret.Secret{} }, "TL5001", pipeline.Misuse, "client_secret"},
		{"the login host", salesforceapi.Options{}, func(c *Config) { c.URL = "https://login.salesforce.com" }, "TL5001", pipeline.Misuse, "My Domain"},
		{"a field that cannot be one", salesforceapi.Options{}, func(c *Config) { c.TierField = "Tier FROM Account" }, "TL5001", pipeline.Misuse, "Tier FROM"},
		{"a hidden field", salesforceapi.Options{Hidden: []string{"Account.Account_Tier__c"}}, nil, "TL5101", pipeline.Misuse, "Account.Account_Tier__c"},
		{"a field of another organisation", salesforceapi.Options{}, func(c *Config) { c.LTVField = "LTV__c" }, "TL5101", pipeline.Misuse, "Account.LTV__c"},
		{"a retired version", salesforceapi.Options{}, func(c *Config) { c.APIVersion = "v21.0" }, "TL5102", pipeline.Misuse, "retired"},
		{"no permission", always("/queryAll", salesforceapi.NotPermitted), nil, "TL5003", pipeline.Denied, "API_DISABLED_FOR_ORG"},
		{"the day's calls are spent", always("/queryAll", salesforceapi.DailyLimit), nil, "TL5201", pipeline.Upstream, "TotalRequests"},
		{"our share is spent", salesforceapi.Options{DailyCalls: 4}, func(c *Config) { c.CallShare = 0.5 }, "TL5201", pipeline.Upstream, "2 of the organisation's 4"},
		{"it stays down", always("/queryAll", salesforceapi.HTML503), nil, "TL5202", pipeline.Upstream, "503"},
		{"the login stays down", always("/token", salesforceapi.HTML503), nil, "TL5202", pipeline.Upstream, "503"},
		{"a new session is refused too", always("/queryAll", salesforceapi.SessionExpired), nil, "TL5003", pipeline.Denied, "INVALID_SESSION_ID"},
		{"a job fails", always("/jobs/query/", salesforceapi.JobFailed), func(c *Config) { c.BulkThreshold = 1 }, "TL5203", pipeline.Upstream, "Internal Server Error"},
		{"every query takes too long", salesforceapi.Options{
			NoBulk: []string{"Account"}, Faults: []salesforceapi.Fault{{Path: "/queryAll", Times: -1, Kind: salesforceapi.QueryTimeout}},
		}, nil, "TL5204", pipeline.Upstream, "QUERY_TIMEOUT"},
		{"only pages of HTML", always("/queryAll", salesforceapi.LoginPage), nil, "TL5205", pipeline.Upstream, "HTML"},
		{"Bulk loses rows always", always("/results", salesforceapi.LostRows), func(c *Config) { c.BulkThreshold = 1 }, "TL5205", pipeline.Upstream, "row"},
		{"locators expire always", always("/queryAll/", salesforceapi.LocatorExpired), func(c *Config) { c.BulkThreshold = 1 << 40 }, "", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.options.PageSize = 100
			served := serve(t, many(300), c.options)
			if c.change == nil {
				c.change = func(*Config) {}
			}
			x, err := served.try(t.Context(), c.change)
			if err == nil {
				err = x.Extract(t.Context(), "accounts", pipeline.Window{}, func([]pipeline.Record) error { return nil })
			}
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var e *pipeline.Error
			if !errors.As(err, &e) || e.Code != c.code || e.Kind != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s with %q", err, c.code, c.says)
			}
			if err != nil && (strings.Contains(err.Error(), "wrong-secret") || strings.Contains(err.Error(), "simulated.")) {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestNoneLeavesFieldsOut(t *testing.T) {
	c := serve(t, many(1), salesforceapi.Options{Hidden: []string{"Account.Account_Tier__c", "Account.Customer_LTV_USD__c"}})
	x := c.open(t, func(c *Config) {
		c.TierField, c.LTVField, c.ExtraAccountFields = none, none, []string{"Parent.Name", "Description"}
	})
	got := read(t, x, "accounts", time.Time{}, "").list
	if len(got) != 1 || !strings.Contains(string(got[0].Body), `"Description":null`) || !strings.Contains(string(got[0].Body), `"Parent":null`) {
		t.Errorf("got %+v", got)
	}
}

func TestStreams(t *testing.T) {
	x := serve(t, world{}, salesforceapi.Options{}).open(t)
	for _, s := range x.Streams() {
		if !s.Mirror || s.Whole || s.Settles != 10*time.Minute {
			t.Errorf("%+v", s)
		}
		if got := read(t, x, s.Name, time.Time{}, "").list; len(got) != 0 {
			t.Errorf("%s of an empty organisation: %d records", s.Name, len(got))
		}
	}
	if u := x.Usage(); u.Calls < 9 || u.Bytes == 0 {
		t.Errorf("usage %+v", u)
	}
}

func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"Id":"003ak00000luKU1","SystemModstamp":"2026-05-01T07:25:37.000+0000","IsDeleted":true}`))
	f.Add([]byte(`{"Id":7,"SystemModstamp":null,"IsDeleted":"yes"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, row []byte) {
		got := records([]json.RawMessage{row}, "SystemModstamp")
		if len(got) != 1 || got[0].Key == "" || string(got[0].Body) != string(row) {
			t.Errorf("%+v", got)
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add(`{"since":"2026-11-20T11:00:00Z","after":"001000000000001AAA","begun":"2026-11-20T12:00:00Z"}`)
	f.Add(`{"parts":[{}]}`)
	f.Fuzz(func(t *testing.T, cursor string) {
		w := pipeline.Window{From: noon}
		p := parsePlace(cursor, w)
		again, err := p.cursor()
		if err != nil {
			return // a year no JSON can hold
		}
		if got := parsePlace(again, w); got.After != p.After || !got.Since.Equal(p.Since) || got.Bulk != p.Bulk {
			t.Errorf("%q is %+v, and again %+v", cursor, p, got)
		}
	})
}
