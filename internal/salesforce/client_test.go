package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"trunkline/internal/secret"
	"trunkline/internal/sfid"
	"trunkline/internal/sim/salesforceapi"
	"trunkline/internal/sim/scenario"
)

// newClient makes a client of a handler, impatient enough for tests.
func newClient(t *testing.T, h http.Handler, change ...func(*Config)) *Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	config := Config{
		URL: s.URL, ClientID: "trunkline", ClientSecret: secret.New("simulated"),
		Poll: time.Millisecond, Backoff: time.Millisecond, MaxElapsed: 200 * time.Millisecond,
	}
	for _, f := range change {
		f(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// loggedIn puts a login before a handler.
func loggedIn(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/services/oauth2/token" {
			_, _ = fmt.Fprintf(w, `{"access_token":"t","instance_url":"http://%s","issued_at":"1278448832702"}`, r.Host)
			return
		}
		h(w, r)
	})
}

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// world has accounts that changed in the first second of May.
type world int

// Objects gives the records of an object.
func (w world) Objects(object string) []*scenario.Object {
	if object != "Account" {
		return nil
	}
	all := make([]*scenario.Object, w)
	for i := range all {
		id, _ := sfid.Normalize(fmt.Sprintf("001%012d", i))
		all[i] = &scenario.Object{ID: id, Versions: []scenario.Version{{
			At: time.Date(2026, time.May, 1, 7, 25, 37, 0, time.UTC), Fields: map[string]any{"Name": fmt.Sprint("Account ", i)},
		}}}
	}
	return all
}

func TestFixtures(t *testing.T) {
	c := newClient(t, loggedIn(func(w http.ResponseWriter, r *http.Request) {
		var name string
		status := http.StatusOK
		switch path := r.URL.Path; {
		case path == "/services/data/v26.0/query/01gD":
			name = "paginated_2.json"
		case strings.HasSuffix(path, "/queryAll"):
			name = "subquery_parent_and_child.json"
		case strings.HasSuffix(path, "/deleted/"):
			name = "get_deleted.json"
		case strings.HasSuffix(path, "/jobs/query"):
			name = "bulk_query_created.json"
		case strings.Contains(r.URL.RawQuery, "none"):
			name = "empty.json"
		case strings.Contains(r.URL.RawQuery, "wrong"):
			name, status = "invalid_field_400.json", http.StatusBadRequest
		case strings.Contains(r.URL.RawQuery, "GROUP"):
			name = "aggregate_group_by.json"
		default:
			name = "paginated_1.json"
		}
		w.WriteHeader(status)
		_, _ = w.Write(fixture(t, name))
	}))
	rows := func(soql string, all bool) (list []string) {
		t.Helper()
		err := c.Query(t.Context(), soql, all, func(rows []json.RawMessage) error {
			for _, r := range rows {
				list = append(list, string(r))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if got := rows("pages", false); len(got) != 2 || !strings.Contains(got[0], "First Page") || !strings.Contains(got[1], "Last Page") {
		t.Errorf("pages: %q", got)
	}
	if got := rows("none", false); len(got) != 0 {
		t.Errorf("no rows: %q", got)
	}
	if got := rows("GROUP", false); len(got) != 3 || !strings.Contains(got[2], `"CampaignId" : null`) || !strings.Contains(got[0], "300.0") {
		t.Errorf("an aggregate with a null key: %q", got)
	}
	if got := rows("x", true); len(got) != 1 || !strings.Contains(got[0], "2011-07-07T00:37:00.000+0000") {
		t.Errorf("parent and child: %q", got)
	}
	deleted, err := c.Deleted(t.Context(), "Whizbang", time.Now().Add(-time.Hour))
	want := &Deletions{
		Records: []Deletion{{"a00D0000008pQRAIA2", time.Date(2013, 5, 7, 22, 7, 19, 0, time.UTC)}},
		Covered: time.Date(2013, 5, 8, 21, 20, 0, 0, time.UTC),
	}
	if d := cmp.Diff(want, deleted, cmp.Comparer(time.Time.Equal)); err != nil || d != "" {
		t.Errorf("deleted: %v\n%s", err, d)
	}
	if job, err := c.createJob(t.Context(), Bulk{}); job != "750ak000009AVi5AAG" || err != nil {
		t.Errorf("job %q, %v", job, err)
	}
	err = c.Query(t.Context(), "wrong", false, nil)
	if ClassOf(err) != Refused || !strings.Contains(err.Error(), "INVALID_FIELD: No such column 'AccountNumer'") {
		t.Errorf("a refused query: %v", err)
	}
}

func TestLogin(t *testing.T) {
	body, status := fixture(t, "token_success.json"), http.StatusOK
	c := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}))
	token, err := c.token(t.Context())
	if err != nil || token.Value != "00DXXXXXXXXXXXX!SCRUBBED" || token.BaseURL != "https://na1.salesforce.com" || !token.Expires.IsZero() {
		t.Errorf("token of %q, expires %v, %v", token.BaseURL, token.Expires, err)
	}
	for name, answer := range map[string]struct {
		status int
		body   string
		class  Class
	}{
		"refused":    {400, string(fixture(t, "invalid_grant_400.json")), Denied},
		"no token":   {200, `{"instance_url":"https://x.my.salesforce.com"}`, Damaged},
		"no address": {200, `{"access_token":"x"}`, Damaged},
		"HTML":       {200, "<html>Log in</html>", Damaged},
		"down":       {503, "", Unavailable},
		"elsewhere":  {404, "<html>Not here</html>", Denied},
	} {
		body, status = []byte(answer.body), answer.status
		var e *Error
		if _, err := c.token(t.Context()); !errors.As(err, &e) || e.Class != answer.class || !e.Login {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStormOf401 has eight workers find out at once that their session has ended.
func TestStormOf401(t *testing.T) {
	s := salesforceapi.New(world(1), salesforceapi.Options{Now: mayDay})
	c := newClient(t, s)
	if err := c.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.ExpireSessions()
	var g errgroup.Group
	for range 8 {
		g.Go(func() error {
			_, err := c.Count(context.WithoutCancel(t.Context()), "SELECT COUNT() FROM Account", false)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
	if got := s.Stats().Logins; got != 2 {
		t.Errorf("%d logins, want the first and one more", got)
	}
}

func mayDay() time.Time { return time.Date(2026, time.May, 2, 0, 0, 0, 0, time.UTC) }

func TestNumbersAndTimesStayAsTheyCame(t *testing.T) {
	const row = `{"Amount":50000.00,"Big":12300000000000000001,"At":"2026-05-01T07:25:37.000+0000","Name":"caf` + "\xe9" + `"}`
	c := newClient(t, loggedIn(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"totalSize":1,"done":true,"records":[%s]}`, row)
	}))
	err := c.Query(t.Context(), "x", false, func(rows []json.RawMessage) error {
		if len(rows) != 1 || string(rows[0]) != row {
			t.Errorf("%q", rows)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	for _, text := range []string{"2026-05-01T07:25:37.000+0000", "2026-05-01T07:25:37.000Z"} {
		if at, err := time.Parse(TimeFormat, text); err != nil || at.Unix() != 1777620337 {
			t.Errorf("%s is %v, %v", text, at, err)
		}
	}
}

func TestPaging(t *testing.T) {
	for name, c := range map[string]struct {
		pages []string
		rows  int
		class Class
	}{
		"done wins over a next page":     {[]string{`{"done":true,"nextRecordsUrl":"/services/data/v67.0/query/2","records":[{}]}`}, 1, Unknown},
		"short and empty pages":          {[]string{`{"nextRecordsUrl":"/services/2","records":[]}`, `{"done":true,"records":[{},{}]}`}, 2, Unknown},
		"a next page nowhere":            {[]string{`{"done":false,"records":[{}]}`}, 1, Damaged},
		"a next page at another host":    {[]string{`{"nextRecordsUrl":"https://evil.example/services/2","records":[]}`}, 0, Damaged},
		"a next page that is this one":   {[]string{`{"nextRecordsUrl":"/services/2"}`, `{"nextRecordsUrl":"/services/2"}`}, 0, Damaged},
		"null":                           {[]string{`null`}, 0, Damaged},
		"a body that ends in the middle": {[]string{`{"done":true,"records":[{`}, 0, Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, loggedIn(func(w http.ResponseWriter, r *http.Request) {
				page := c.pages[0]
				if r.URL.Path == "/services/2" {
					page = c.pages[1]
				}
				_, _ = w.Write([]byte(page))
			}))
			rows := 0
			err := client.Query(t.Context(), "x", false, func(page []json.RawMessage) error {
				rows += len(page)
				return nil
			})
			if rows != c.rows || ClassOf(err) != c.class || (err != nil) != (c.class != Unknown) {
				t.Errorf("%d rows, %v", rows, err)
			}
		})
	}
}

// TestCallShare stops when others have spent the organisation's calls, whatever else the header says.
func TestCallShare(t *testing.T) {
	for header, class := range map[string]Class{
		"api-usage=79/100": Unknown,
		"api-usage=80/100": Spent,
		"api-usage=80/100; per-app-api-usage=1/250(appName=x)":  Spent,
		"per-app-api-usage=250/250(appName=x); api-usage=1/100": Unknown,
		"per-app-api-usage=250/250(appName=x)":                  Unknown,
		"api-usage=80/0":                                        Unknown,
		"nonsense":                                              Unknown,
		"":                                                      Unknown,
	} {
		c := newClient(t, loggedIn(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Sforce-Limit-Info", header)
			_, _ = w.Write([]byte(`{"totalSize":7,"done":true}`))
		}))
		if n, err := c.Count(t.Context(), "x", false); n != 7 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		if _, err := c.Count(t.Context(), "x", false); ClassOf(err) != class {
			t.Errorf("after %q: %v", header, err)
		}
	}
}

func TestDeletedAsksForLessWhereLessIsKept(t *testing.T) {
	asked := 0
	c := newClient(t, loggedIn(func(w http.ResponseWriter, r *http.Request) {
		asked++
		start, err := time.Parse(time.RFC3339, r.URL.Query().Get("start"))
		earliest := time.Now().Add(-24 * time.Hour)
		if err != nil || start.Before(earliest) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`[{"errorCode":"INVALID_REPLICATION_DATE","message":"too early"}]`))
			return
		}
		_, _ = fmt.Fprintf(w, `{"deletedRecords":[],"earliestDateAvailable":%q,"latestDateCovered":%q}`,
			earliest.Format("2006-01-02T15:04:05.000-0700"), time.Now().Format("2006-01-02T15:04:05.000-0700"))
	}))
	if _, err := c.Deleted(t.Context(), "Account", time.Now().AddDate(-1, 0, 0)); err != nil || asked != 3 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

func TestConfigIsChecked(t *testing.T) {
	good := Config{URL: "https://acme.my.salesforce.com/", ClientID: "x", ClientSecret: secret.New("y")}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Config){
		"My Domain":     func(c *Config) { c.URL = "acme" },
		"only at":       func(c *Config) { c.URL = "https://test.salesforce.com" },
		"in the clear":  func(c *Config) { c.URL = "http://acme.my.salesforce.com" },
		"client_id":     func(c *Config) { c.ClientID = "" },
		"client_secret": func(c *Config) { c.ClientSecret = secret.Secret{} },
		"api_version":   func(c *Config) { c.Version = "67" },
		"call_share":    func(c *Config) { c.CallShare = 80 },
	} {
		bad := good
		change(&bad)
		if _, err := New(bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

func TestQuote(t *testing.T) {
	if got := Quote(`O'Neill \ Sons`); got != `'O\'Neill \\ Sons'` {
		t.Error(got)
	}
}
