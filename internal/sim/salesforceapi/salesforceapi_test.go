package salesforceapi_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/sfid"
	"trunkline/internal/sim/salesforceapi"
	"trunkline/internal/sim/scenario"
)

var noon = time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)

func id(prefix string, n int) string {
	full, _ := sfid.Normalize(fmt.Sprintf("%s%012d", prefix, n))
	return full
}

type world map[string][]*scenario.Object

// Objects gives the records of an object.
func (w world) Objects(object string) []*scenario.Object { return w[object] }

// small is a CRM of four accounts, one of them in the recycle bin and one gone for good, and five cases.
func small() world {
	at := func(hours int) time.Time { return noon.Add(time.Duration(hours) * time.Hour) }
	account := func(n int, name string, revenue any, owner string) *scenario.Object {
		fields := map[string]any{"Name": name, "AnnualRevenue": revenue, "Account_Tier__c": nil}
		if owner != "" {
			fields["OwnerId"], fields["Owner.Name"] = id(sfid.User, 1), owner
		}
		return &scenario.Object{ID: id(sfid.Account, n), Versions: []scenario.Version{{At: at(-n), Fields: fields}}}
	}
	w := world{"Account": {
		account(1, "Acme", 50000.0, "Ada"), account(2, "Beta", nil, ""), account(3, `O'Neill`, 7.5, "Bob"), account(4, "Gone", 1.0, "Bob"),
	}}
	remove := func(n int, v scenario.Version) {
		o := w["Account"][n-1]
		v.Fields = o.Versions[0].Fields
		o.Versions = append(o.Versions, v)
	}
	remove(3, scenario.Version{At: at(-1), Deleted: true, MasterRecordID: id(sfid.Account, 1)})
	remove(4, scenario.Version{At: at(-2), Purged: true})
	for n := range 5 {
		fields := map[string]any{"AccountId": id(sfid.Account, 1+n/3), "IsClosed": n%2 == 0, "Status": "New"}
		if n == 4 {
			fields["AccountId"] = nil
		}
		w["Case"] = append(w["Case"], &scenario.Object{ID: id(sfid.Case, n), Versions: []scenario.Version{{At: at(-10), Fields: fields}}})
	}
	return w
}

type client struct {
	*testing.T
	url, token string
}

func serve(t *testing.T, w world, o salesforceapi.Options) *client {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	s := httptest.NewServer(salesforceapi.New(w, o))
	t.Cleanup(s.Close)
	c := &client{t, s.URL, ""}
	status, _, body := c.call(http.MethodPost, "/services/oauth2/token", "grant_type=client_credentials&client_id=trunkline&client_secret=simulated")
	var token struct{ Access_token, Instance_url, Issued_at string }
	if err := json.Unmarshal(body, &token); err != nil || status != http.StatusOK || strings.Contains(string(body), "expires_in") {
		t.Fatalf("login: %d %s", status, body)
	}
	if token.Instance_url != s.URL || len(token.Issued_at) != 13 {
		t.Errorf("login: %s", body)
	}
	c.token = token.Access_token
	return c
}

func (c *client) call(method, path, body string) (int, http.Header, []byte) {
	c.Helper()
	r, err := http.NewRequestWithContext(c.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	} else {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		c.Fatal(err)
	}
	return res.StatusCode, res.Header, got
}

// get calls a path of the API.
func (c *client) get(path string) (int, string) {
	c.Helper()
	status, header, body := c.call(http.MethodGet, "/services/data/v67.0/"+path, "")
	if header.Get("Sforce-Limit-Info") == "" || header.Get("Date") != "Fri, 20 Nov 2026 12:00:00 GMT" {
		c.Errorf("%s: header %v", path, header)
	}
	return status, string(body)
}

// fails wants an error as the service words it: an array.
func (c *client) fails(status int, code string) func(int, string) {
	return func(got int, body string) {
		c.Helper()
		var list []struct{ ErrorCode, Message string }
		if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) != 1 || got != status || list[0].ErrorCode != code || list[0].Message == "" {
			c.Errorf("got %d %s, want %d %s", got, body, status, code)
		}
	}
}

func query(soql string) string { return "query?q=" + url.QueryEscape(soql) }

// names runs a query and gives the Name or Id of each row.
func (c *client) names(path string) string {
	c.Helper()
	status, body := c.get(path)
	var page struct {
		Records []struct{ Name, ID string }
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil || status != http.StatusOK {
		c.Fatalf("%d %s", status, body)
	}
	var list []string
	for _, r := range page.Records {
		if r.Name == "" {
			r.Name = r.ID
		}
		list = append(list, r.Name)
	}
	return strings.Join(list, " ")
}

func TestQueries(t *testing.T) {
	c := serve(t, small(), salesforceapi.Options{})
	for soql, want := range map[string]string{
		"SELECT Name FROM Account":                                                              "Acme Beta",
		"select name from account order by Name desc":                                           "Beta Acme",
		"SELECT Name FROM Account ORDER BY AnnualRevenue, Id LIMIT 1":                           "Beta",
		"SELECT Name FROM Account WHERE Name = 'ACME'":                                          "Acme",
		"SELECT Name FROM Account WHERE Name != 'Acme'":                                         "Beta",
		"SELECT Name FROM Account WHERE AnnualRevenue > 49999.99":                               "Acme",
		"SELECT Name FROM Account WHERE AnnualRevenue = null":                                   "Beta",
		"SELECT Name FROM Account WHERE Name IN ('acme', 'x', 'Beta')":                          "Acme Beta",
		"SELECT Name FROM Account WHERE Id = '" + id(sfid.Account, 2)[:15] + "'":                "Beta",
		"SELECT Name FROM Account WHERE Owner.Name = 'Ada'":                                     "Acme",
		"SELECT Name FROM Account WHERE SystemModstamp >= 2026-11-20T11:00:00Z":                 "Acme",
		"SELECT Name FROM Account WHERE SystemModstamp < 2026-11-20T11:00:00.000+0000":          "Beta",
		"SELECT Name FROM Account WHERE (Name = 'Acme' OR Name = 'Beta') AND IsDeleted = false": "Acme Beta",
		"SELECT Name FROM Account WHERE Name = 'O\\'Neill' OR Name < 'B'":                       "Acme",
		"SELECT Id FROM Case WHERE IsClosed = true AND AccountId = null":                        id(sfid.Case, 4),
	} {
		if got := c.names(query(soql)); got != want {
			t.Errorf("%s gives %q, want %q", soql, got, want)
		}
	}
	if got := c.names(strings.Replace(query("SELECT Name FROM Account ORDER BY Id"), "query", "queryAll", 1)); got != "Acme Beta O'Neill" {
		t.Errorf("queryAll gives %q", got)
	}
}

func TestAnswersByTheLetter(t *testing.T) {
	c := serve(t, small(), salesforceapi.Options{})
	row := func(n int, rest string) string {
		return fmt.Sprintf(`{"attributes":{"type":"Account","url":"/services/data/v67.0/sobjects/Account/%[1]s"},"Id":"%[1]s",%s}`, id(sfid.Account, n), rest)
	}
	for soql, want := range map[string]string{
		"SELECT Id, Owner.Name, AnnualRevenue, SystemModstamp FROM Account ORDER BY Id": `{"totalSize":2,"done":true,"records":[` +
			row(1, `"Owner":{"attributes":{"type":"User","url":"/services/data/v67.0/sobjects/User/`+id(sfid.User, 1)+`"},"Name":"Ada"},`+
				`"AnnualRevenue":50000.00,"SystemModstamp":"2026-11-20T11:00:00.000+0000"`) + "," +
			row(2, `"Owner":null,"AnnualRevenue":null,"SystemModstamp":"2026-11-20T10:00:00.000+0000"`) + `]}`,
		"SELECT COUNT() FROM Account": `{"totalSize":2,"done":true,"records":[]}`,
		"SELECT AccountId, COUNT(Id) n, COUNT(AccountId) FROM Case WHERE IsClosed = true GROUP BY AccountId": `{"totalSize":2,"done":true,"records":[` +
			`{"attributes":{"type":"AggregateResult"},"AccountId":"` + id(sfid.Account, 1) + `","n":2,"expr0":2},` +
			`{"attributes":{"type":"AggregateResult"},"AccountId":null,"n":1,"expr0":0}]}`,
		"SELECT COUNT(Id) n, SUM(AnnualRevenue) s FROM Account":                 `{"totalSize":1,"done":true,"records":[{"attributes":{"type":"AggregateResult"},"n":2,"s":50000.0}]}`,
		"SELECT COUNT(Id) n, SUM(AnnualRevenue) s FROM Account WHERE Name='zz'": `{"totalSize":1,"done":true,"records":[{"attributes":{"type":"AggregateResult"},"n":0,"s":null}]}`,
	} {
		if status, body := c.get(query(soql)); status != http.StatusOK || body != want {
			t.Errorf("%s\ngives %d %s\nwant      %s", soql, status, body, want)
		}
	}
}

func TestRefusedQueries(t *testing.T) {
	c := serve(t, small(), salesforceapi.Options{})
	for soql, code := range map[string]string{
		"": "MALFORMED_QUERY",
		"SELECT Id, (SELECT COUNT() FROM Cases) FROM Account":                "MALFORMED_QUERY",
		"SELECT Id, (SELECT Id FROM Cases) FROM Account":                     "MALFORMED_QUERY",
		"SELECT Id FROM Accounts":                                            "INVALID_TYPE",
		"SELECT Id, AccountNumer FROM Account":                               "INVALID_FIELD",
		"SELECT Id, Owner.Shoe FROM Account":                                 "INVALID_FIELD",
		"SELECT IsDeleted FROM User":                                         "INVALID_FIELD",
		"SELECT Id FROM Account WHERE Shoe = 1":                              "INVALID_FIELD",
		"SELECT Id FROM Account WHERE SystemModstamp > '2026-11-20'":         "INVALID_FIELD",
		"SELECT Id FROM Account WHERE Name = 5":                              "INVALID_FIELD",
		"SELECT Id FROM Account WHERE Description = 'x'":                     "INVALID_FIELD",
		"SELECT Id FROM Account ORDER BY Shoe":                               "INVALID_FIELD",
		"SELECT Id,, Name FROM Account":                                      "MALFORMED_QUERY",
		"SELECT Id n FROM Account":                                           "MALFORMED_QUERY",
		"SELECT Id, COUNT(Id) FROM Account":                                  "MALFORMED_QUERY",
		"SELECT SUM(Name) FROM Account":                                      "MALFORMED_QUERY",
		"SELECT COUNT(), Id FROM Account":                                    "MALFORMED_QUERY",
		"SELECT Id, COUNT() FROM Account":                                    "MALFORMED_QUERY",
		"SELECT AVG(AnnualRevenue) FROM Account":                             "MALFORMED_QUERY",
		"SELECT COUNT(Id) FROM Account GROUP BY CreatedDate":                 "MALFORMED_QUERY",
		"SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Id='c'":   "MALFORMED_QUERY",
		"SELECT Id FROM Account WHERE Name = 'a":                             "MALFORMED_QUERY",
		"SELECT Id FROM Account WHERE Name = 'a\\q'":                         "MALFORMED_QUERY",
		"SELECT Id FROM Account WHERE Name IN ()":                            "MALFORMED_QUERY",
		"SELECT Id FROM Account WHERE (Name = 'a'":                           "MALFORMED_QUERY",
		"SELECT Id FROM Account WHERE Name LIKE 'a'":                         "MALFORMED_QUERY",
		"SELECT Id FROM Account LIMIT many":                                  "MALFORMED_QUERY",
		"SELECT Id FROM Account OFFSET 5":                                    "MALFORMED_QUERY",
		"SELECT Id FROM Account; DROP":                                       "MALFORMED_QUERY",
		"SELECT Id FROM Account WHERE " + strings.Repeat("(", 50) + "Id='a'": "MALFORMED_QUERY",
	} {
		c.fails(http.StatusBadRequest, code)(c.get(query(soql)))
	}
	_, body := c.get(query("SELECT Id,, Name FROM Account"))
	const want = `\nSELECT Id,, Name FROM Account\n          ^\nERROR at Row:1:Column:11\nunexpected token: ','`
	if !strings.Contains(body, want) {
		t.Errorf("no caret under the place: %s", body)
	}
}

func TestPaging(t *testing.T) {
	w := world{}
	for n := range 95 {
		w["Account"] = append(w["Account"], &scenario.Object{
			ID: id(sfid.Account, n), Versions: []scenario.Version{{At: noon.Add(-time.Hour), Fields: map[string]any{"Name": fmt.Sprint(n)}}},
		})
	}
	now := noon
	c := serve(t, w, salesforceapi.Options{PageSize: 20, LocatorTTL: time.Hour, Now: func() time.Time { return now }})
	seen := map[string]int{}
	var sizes []int
	path := "/services/data/v67.0/" + query("SELECT Id FROM Account ORDER BY Id")
	var next string
	for path != "" {
		var page struct {
			Done           bool
			TotalSize      int
			NextRecordsURL string `json:"nextRecordsUrl"`
			Records        []struct{ ID string }
		}
		status, _, body := c.call(http.MethodGet, path, "")
		if err := json.Unmarshal(body, &page); err != nil || status != http.StatusOK || page.TotalSize != 95 || page.Done != (page.NextRecordsURL == "") {
			t.Fatalf("%d %s", status, body)
		}
		for _, r := range page.Records {
			seen[r.ID]++
		}
		sizes = append(sizes, len(page.Records))
		if path = page.NextRecordsURL; path != "" {
			next = path
		}
	}
	if len(seen) != 95 || !cmp.Equal(sizes, []int{20, 15, 15, 20, 21, 5}) {
		t.Errorf("%d rows on pages of %v", len(seen), sizes)
	}
	if !strings.HasPrefix(next, "/services/data/v67.0/query/0r8") || !strings.HasSuffix(next, "-90") {
		t.Errorf("next page at %s", next)
	}
	now = noon.Add(2 * time.Hour)
	status, _, body := c.call(http.MethodGet, next, "")
	c.fails(http.StatusBadRequest, "INVALID_QUERY_LOCATOR")(status, string(body))
	status, _, body = c.call(http.MethodGet, "/services/data/v67.0/query/nonsense", "")
	c.fails(http.StatusBadRequest, "INVALID_QUERY_LOCATOR")(status, string(body))
}

func TestTooManyGroups(t *testing.T) {
	w := world{}
	for n := range 2001 {
		w["Account"] = append(w["Account"], &scenario.Object{ID: id(sfid.Account, n), Versions: []scenario.Version{{At: noon}}})
	}
	c := serve(t, w, salesforceapi.Options{})
	c.fails(http.StatusBadRequest, "EXCEEDED_ID_LIMIT")(c.get(query("SELECT Id, COUNT(Name) FROM Account GROUP BY Id")))
	if status, _ := c.get(query("SELECT Id, COUNT(Name) FROM Account GROUP BY Id LIMIT 2000")); status != http.StatusOK {
		t.Errorf("2000 groups: %d", status)
	}
}

func TestTimePasses(t *testing.T) {
	now := noon.Add(-150 * time.Minute)
	c := serve(t, small(), salesforceapi.Options{Now: func() time.Time { return now }})
	count := func() string {
		_, _, body := c.call(http.MethodGet, "/services/data/v67.0/"+query("SELECT COUNT() FROM Account"), "")
		return string(body)
	}
	if got := count(); !strings.Contains(got, `"totalSize":2,`) { // 3 and 4 exist, 1 and 2 not yet
		t.Error(got)
	}
	now = noon.Add(-90 * time.Minute)
	if got := count(); !strings.Contains(got, `"totalSize":2,`) { // 2 and 3; 4 is purged
		t.Error(got)
	}
}

func TestDeleted(t *testing.T) {
	c := serve(t, small(), salesforceapi.Options{})
	span := func(object, from, to string) string {
		return "sobjects/" + object + "/deleted/?start=" + url.QueryEscape(from) + "&end=" + url.QueryEscape(to)
	}
	status, body := c.get(span("Account", "2026-11-20T00:00:30Z", "2026-11-20T12:00:00Z"))
	want := `{"deletedRecords":[{"id":"` + id(sfid.Account, 3) + `","deletedDate":"2026-11-20T11:00:00.000+0000"},{"id":"` +
		id(sfid.Account, 4) + `","deletedDate":"2026-11-20T10:00:00.000+0000"}],"earliestDateAvailable":"2026-10-21T12:00:00.000+0000",` +
		`"latestDateCovered":"2026-11-20T12:00:00.000+0000"}`
	if status != http.StatusOK || body != want {
		t.Errorf("%d %s", status, body)
	}
	if _, body := c.get(span("Account", "2026-11-20T10:30:00+00:00", "2026-11-20T11:00:59Z")); !strings.Contains(body, `"deletedRecords":[]`) {
		t.Errorf("the end is not before its minute: %s", body)
	}
	for _, path := range []string{
		span("Account", "2026-11-20T12:00:00Z", "2026-11-20T12:01:00Z"),
		span("Account", "2026-09-20T12:00:00Z", "2026-11-20T12:00:00Z"),
		span("Account", "yesterday", "2026-11-20T12:00:00Z"),
		span("Account", "2026-11-20T11:00:00Z", ""),
	} {
		c.fails(http.StatusBadRequest, "INVALID_REPLICATION_DATE")(c.get(path))
	}
	c.fails(http.StatusNotFound, "NOT_FOUND")(c.get(span("User", "2026-11-20T00:00:00Z", "2026-11-20T12:00:00Z")))
}

func TestDescribe(t *testing.T) {
	c := serve(t, small(), salesforceapi.Options{Hidden: []string{"Account.Industry"}})
	status, body := c.get("sobjects/Account/describe")
	if status != http.StatusOK || !strings.Contains(body, `"name":"Account_Tier__c","type":"picklist"`) || strings.Contains(body, "Industry") ||
		!strings.Contains(body, `"relationshipName":"Owner","referenceTo":["User"]`) {
		t.Errorf("%d %s", status, body)
	}
	c.fails(http.StatusBadRequest, "INVALID_FIELD")(c.get(query("SELECT Industry FROM Account")))
	c.fails(http.StatusNotFound, "NOT_FOUND")(c.get("sobjects/Shoe/describe"))
}

func TestGuards(t *testing.T) {
	c := serve(t, small(), salesforceapi.Options{DailyCalls: 12})
	if status, body := c.get(query("SELECT Id FROM Account WHERE Id IN ('" + strings.Repeat("x", 16_400) + "')")); status != http.StatusRequestURITooLong {
		t.Errorf("an address of 16 KB: %d %s", status, body)
	}
	if status, body := c.get(query("SELECT Id FROM Account WHERE Id IN ('" + strings.Repeat("x", 16_270) + "')")); status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("16 KB with the headers: %d %s", status, body)
	}
	for version, want := range map[string]int{"v21.0": http.StatusGone, "v99.0": http.StatusNotFound, "67": http.StatusNotFound, "v58.0": http.StatusOK} {
		if status, _, body := c.call(http.MethodGet, "/services/data/"+version+"/limits", ""); status != want {
			t.Errorf("%s: %d %s", version, status, body)
		}
	}
	status, _, body := c.call(http.MethodGet, "/services/data/", "")
	if status != http.StatusOK || !strings.Contains(string(body), `{"label":"Winter '27","url":"/services/data/v68.0","version":"68.0"}`) {
		t.Errorf("versions: %d %s", status, body)
	}
	good := c.token
	c.token = "stale"
	c.fails(http.StatusUnauthorized, "INVALID_SESSION_ID")(c.get("limits"))
	c.token = ""
	c.fails(http.StatusUnauthorized, "INVALID_AUTH_HEADER")(c.get("limits"))
	c.token = good
	_, header, body := c.call(http.MethodGet, "/services/data/v67.0/limits", "")
	if got := header.Get("Sforce-Limit-Info"); got != "api-usage=7/12; per-app-api-usage=7/12(appName=trunkline)" || !strings.Contains(string(body), `"DailyApiRequests":{"Max":12,"Remaining":5}`) {
		t.Errorf("%s: %s", got, body)
	}
	for range 5 {
		c.get("limits")
	}
	c.fails(http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED")(c.get("limits"))
	c.fails(http.StatusNotFound, "NOT_FOUND")(c.get("shoes"))
}

func TestRefusedLogins(t *testing.T) {
	c := serve(t, small(), salesforceapi.Options{})
	c.token = ""
	for form, want := range map[string]string{
		"grant_type=password&username=x&password=y":                         "unsupported_grant_type",
		"grant_type=client_credentials&client_id=x&client_secret=simulated": "invalid_client_id",
		"grant_type=client_credentials&client_id=trunkline&client_secret=y": "invalid_client",
		"grant_type=%zz": "invalid_request",
	} {
		status, _, body := c.call(http.MethodPost, "/services/oauth2/token", form)
		var object struct{ Error string }
		if err := json.Unmarshal(body, &object); err != nil || status != http.StatusBadRequest || object.Error != want {
			t.Errorf("%s: %d %s", form, status, body)
		}
	}
}

func TestBulk(t *testing.T) {
	c := serve(t, small(), salesforceapi.Options{JobDelay: 40 * time.Millisecond, BulkPageSize: 2, NoBulk: []string{"Case"}})
	create := func(operation, soql string) (int, map[string]any, string) {
		asked, _ := json.Marshal(map[string]string{"operation": operation, "query": soql, "contentType": "CSV"})
		status, _, body := c.call(http.MethodPost, "/services/data/v67.0/jobs/query", string(asked))
		var job map[string]any
		_ = json.Unmarshal(body, &job)
		return status, job, string(body)
	}
	status, job, body := create("queryAll", "SELECT Id, Name, Owner.Name, AnnualRevenue, SystemModstamp FROM Account ORDER BY Id")
	if status != http.StatusOK || job["state"] != "UploadComplete" || !strings.Contains(body, `"apiVersion":67.0`) {
		t.Fatalf("%d %s", status, body)
	}
	path := "jobs/query/" + job["id"].(string)
	c.fails(http.StatusBadRequest, "INVALIDJOBSTATE")(c.get(path + "/results"))
	states := map[string]bool{}
	for !states["JobComplete"] {
		_, body := c.get(path)
		if err := json.Unmarshal([]byte(body), &job); err != nil {
			t.Fatal(err)
		}
		states[job["state"].(string)] = true
		time.Sleep(time.Millisecond)
	}
	if !states["UploadComplete"] || !states["InProgress"] || job["numberRecordsProcessed"] != 3.0 {
		t.Errorf("states %v, %v", states, job)
	}
	const header = `"Id","Name","Owner.Name","AnnualRevenue","SystemModstamp"` + "\n"
	locator := ""
	for i, want := range []struct{ csv, next, count string }{
		{`"` + id(sfid.Account, 1) + `","Acme","Ada","50000.00","2026-11-20T11:00:00.000Z"` + "\n" +
			`"` + id(sfid.Account, 2) + `","Beta","","","2026-11-20T10:00:00.000Z"` + "\n", "Mg", "2"},
		{`"` + id(sfid.Account, 3) + `","O'Neill","Bob","7.50","2026-11-20T11:00:00.000Z"` + "\n", "null", "1"},
	} {
		status, h, body := c.call(http.MethodGet, "/services/data/v67.0/"+path+"/results?maxRecords=50"+locator, "")
		if status != http.StatusOK || string(body) != header+want.csv || h.Get("Sforce-Locator") != want.next || h.Get("Sforce-NumberOfRecords") != want.count {
			t.Errorf("page %d: %d %v\n%s", i+1, status, h, body)
		}
		locator = "&locator=" + h.Get("Sforce-Locator")
	}
	c.fails(http.StatusBadRequest, "INVALID_QUERY_LOCATOR")(c.get(path + "/results?locator=nonsense"))
	c.fails(http.StatusNotFound, "NOT_FOUND")(c.get("jobs/query/750000000000099AAA"))
	other, _, answer := c.call(http.MethodGet, "/services/data/v66.0/"+path+"/results", "")
	c.fails(http.StatusConflict, "API_ERROR")(other, string(answer))
	for soql, code := range map[string]string{
		"SELECT COUNT(Id) FROM Account": "API_ERROR", "SELECT COUNT() FROM Account": "API_ERROR",
		"SELECT Id FROM Case": "INVALIDENTITY", "SELECT Id FROM": "MALFORMED_QUERY",
	} {
		status, _, body := create("query", soql)
		c.fails(http.StatusBadRequest, code)(status, body)
	}
	status, _, body = create("insert", "SELECT Id FROM Account")
	c.fails(http.StatusBadRequest, "INVALIDJOB")(status, body)
}
