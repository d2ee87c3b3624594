package sdkcontract_test

import (
	"encoding/json"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	vendor "github.com/mypurecloud/platform-client-sdk-go/v157/platformclientv2"

	"trunkline/extractors/genesys"
	"trunkline/internal/secret"
	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
)

// both are the two readers of one simulated centre.
type both struct {
	ours    *genesys.Extractor
	vendors *vendor.Configuration
	window  pipeline.Window
}

func open(t *testing.T) both {
	t.Helper()
	world := scenario.Default()
	world.Days, world.PerDay = 3, 200
	world.Shares.Resolution = 0.1
	world.Shares.Odd, world.Shares.Broken = 0, 0                    // new fields and enum values are what the vendor's client drops
	now := world.Start.AddDate(0, 0, world.Days).Add(6 * time.Hour) // some are still open, some evaluated already
	centre, err := sim.New(sim.Config{Scenario: world, JobDelay: 300 * time.Millisecond, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(centre.Handler())
	t.Cleanup(server.Close)

	ours, err := genesys.Open(t.Context(), genesys.Config{
		BaseURL: server.URL, ClientID: "trunkline", ClientSecret: secret.New("simulated"), RequestsPerMinute: 1_000_000,
	})
	if err != nil {
		t.Fatal(err)
	}
	vendors := vendor.NewConfigurationWithConfigFile(filepath.Join(t.TempDir(), "none"), false)
	vendors.BasePath = server.URL
	if err := vendors.AuthorizeClientCredentials("trunkline", "simulated"); err != nil {
		t.Fatalf("the vendor's client gets no token: %v", err)
	}
	from := world.Start.UTC()
	return both{ours, vendors, pipeline.Window{From: from, To: from.Add(72 * time.Hour)}}
}

// records gives what we read of a stream, by key.
func (b both) records(t *testing.T, stream string) map[string]any {
	t.Helper()
	got := map[string]any{}
	err := b.ours.Extract(t.Context(), stream, b.window, func(page []pipeline.Record) error {
		for _, r := range page {
			got[r.Key] = tree(t, r.Body)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// tree makes two texts of one document comparable: members that are null are absent, instants are in one form.
func tree(t *testing.T, body []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	return plain(v)
}

func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, member := range v {
			if v[k] = plain(member); member == nil {
				delete(v, k)
			}
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case string:
		if instant, err := time.Parse(time.RFC3339, v); err == nil {
			return instant.UTC()
		}
	}
	return v
}

// again gives a document as the vendor's model writes it: whatever the model does not know is gone.
func again(t *testing.T, model any) any {
	t.Helper()
	body, err := json.Marshal(model)
	if err != nil {
		t.Fatal(err)
	}
	return tree(t, body)
}

// conversations reads the window with the vendor's client, the way its documentation says.
func (b both) conversations(t *testing.T) []vendor.Analyticsconversation {
	t.Helper()
	api := vendor.NewAnalyticsApiWithConfig(b.vendors)
	const layout = "2006-01-02T15:04:05.000Z"
	interval := b.window.From.Format(layout) + "/" + b.window.To.Format(layout)
	submitted, _, err := api.PostAnalyticsConversationsDetailsJobs(vendor.Asyncconversationquery{Interval: &interval})
	if err != nil {
		t.Fatalf("submit: %v", err)
	}
	polls := 0
	for state := ""; state != "FULFILLED"; polls++ {
		status, _, err := api.GetAnalyticsConversationsDetailsJob(*submitted.JobId)
		if err != nil || status.State == nil || polls > 100 {
			t.Fatalf("poll %d: %v, %v", polls, status, err)
		}
		state = *status.State
		time.Sleep(50 * time.Millisecond)
	}
	if polls < 2 {
		t.Error("the job was done before it was asked for: nothing was shown of its states")
	}
	var all []vendor.Analyticsconversation
	for pages, cursor := 0, ""; ; pages++ {
		page, _, err := api.GetAnalyticsConversationsDetailsJobResults(*submitted.JobId, cursor, 100)
		if err != nil || page.DataAvailabilityDate == nil {
			t.Fatalf("page %d: %v", pages, err)
		}
		if page.Conversations != nil {
			all = append(all, *page.Conversations...)
		}
		if page.Cursor == nil {
			return all
		}
		cursor = *page.Cursor
	}
}

func TestConversations(t *testing.T) {
	b := open(t)
	ours, theirs := b.records(t, "conversations"), b.conversations(t)
	if len(ours) != len(theirs) || len(ours) < 500 {
		t.Fatalf("we read %d conversations, the vendor's client %d", len(ours), len(theirs))
	}
	seen := map[string]int{}
	for _, c := range theirs {
		if diff := cmp.Diff(ours[*c.ConversationId], again(t, c)); diff != "" {
			t.Fatalf("%s (- ours, + the vendor's):\n%s", *c.ConversationId, diff)
		}
		count(seen, c)
	}
	for _, what := range []string{
		"end", "open", "participants", "attributes", "sessions", "metrics", "segments", "queues", "wrap-ups", "flows", "evaluations", "surveys",
	} {
		if seen[what] == 0 {
			t.Errorf("nothing was shown of %s", what)
		}
	}
	t.Log(seen)
}

// count notes what a conversation has, so that a comparison of nothing with nothing is noticed.
func count(seen map[string]int, c vendor.Analyticsconversation) {
	if c.ConversationEnd == nil {
		seen["open"]++
	} else {
		seen["end"]++
	}
	seen["evaluations"] += length(c.Evaluations)
	seen["surveys"] += length(c.Surveys)
	seen["participants"] += length(c.Participants)
	for _, p := range values(c.Participants) {
		if p.Attributes != nil {
			seen["attributes"] += len(*p.Attributes)
		}
		for _, s := range values(p.Sessions) {
			seen["sessions"]++
			seen["metrics"] += length(s.Metrics)
			if s.Flow != nil {
				seen["flows"]++
			}
			for _, segment := range values(s.Segments) {
				seen["segments"]++
				if segment.QueueId != nil {
					seen["queues"]++
				}
				if segment.WrapUpCode != nil {
					seen["wrap-ups"]++
				}
			}
		}
	}
}

func length[T any](list *[]T) int { return len(values(list)) }

func values[T any](list *[]T) []T {
	if list == nil {
		return nil
	}
	return *list
}

// names gives what we read of a list: names by id.
func (b both) names(t *testing.T, stream string) map[string]string {
	t.Helper()
	names := map[string]string{}
	for id, item := range b.records(t, stream) {
		names[id], _ = item.(map[string]any)["name"].(string)
	}
	return names
}

func TestLists(t *testing.T) {
	b := open(t)
	users, queues, codes := map[string]string{}, map[string]string{}, map[string]string{}
	for n := 1; ; n++ {
		page, _, err := vendor.NewUsersApiWithConfig(b.vendors).GetUsers(25, n, nil, nil, "", nil, "", "any")
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range values(page.Entities) {
			users[*u.Id] = *u.Name
		}
		if page.NextUri == nil {
			break
		}
	}
	queuePage, _, err := vendor.NewRoutingApiWithConfig(b.vendors).GetRoutingQueues(1, 100, "", "", nil, nil, nil, "", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range values(queuePage.Entities) {
		queues[*q.Id] = *q.Name
	}
	codePage, _, err := vendor.NewRoutingApiWithConfig(b.vendors).GetRoutingWrapupcodes(100, 1, "", "", "", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range values(codePage.Entities) {
		codes[*c.Id] = *c.Name
	}
	for stream, theirs := range map[string]map[string]string{"users": users, "queues": queues, "wrapupcodes": codes} {
		if diff := cmp.Diff(b.names(t, stream), theirs); diff != "" || len(theirs) == 0 {
			t.Errorf("%s, of which the vendor's client sees %d (- ours, + the vendor's):\n%s", stream, len(theirs), diff)
		}
	}
}

func TestTheAttributesComeOnlyWithJobs(t *testing.T) {
	b := open(t)
	api := vendor.NewAnalyticsApiWithConfig(b.vendors)
	const layout = "2006-01-02T15:04:05.000Z"
	interval := b.window.From.Format(layout) + "/" + b.window.To.Format(layout)
	size, number := 100, 1
	answer, _, err := api.PostAnalyticsConversationsDetailsQuery(vendor.Conversationquery{
		Interval: &interval, Paging: &vendor.Pagingspec{PageSize: &size, PageNumber: &number},
	})
	if err != nil || length(answer.Conversations) != size {
		t.Fatalf("%d conversations, %v", length(answer.Conversations), err)
	}
	for _, c := range values(answer.Conversations) {
		for _, p := range again(t, c).(map[string]any)["participants"].([]any) {
			if _, has := p.(map[string]any)["attributes"]; has {
				t.Fatalf("%s has attributes", *c.ConversationId)
			}
		}
	}
}
