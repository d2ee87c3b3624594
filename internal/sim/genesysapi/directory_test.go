package genesysapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sim/genesysapi"
	"trunkline/internal/sim/scenario"
)

func staff(n int) world {
	var d genesysapi.Directory
	for i := range n {
		state := [...]string{"active", "active", "inactive", "deleted"}[i%4]
		d.Users = append(d.Users, scenario.User{ID: fmt.Sprintf("u%03d", i), Name: fmt.Sprintf("Agent %d", i), State: state, DivisionID: "d1"})
	}
	d.Queues = []scenario.Queue{{ID: "q2", Name: "Sales", DivisionID: "d1", Target: 20 * time.Second}, {ID: "q1", Name: "Billing", DivisionID: "d2"}}
	d.WrapupCodes = []scenario.WrapupCode{{ID: "w1", Name: "Done", DivisionID: "d1"}}
	d.Divisions = []scenario.Division{{ID: "d1", Name: "Home", Home: true}, {ID: "d2", Name: "Americas"}, {ID: "d3", Name: "Europe"}}
	d.Flows = []scenario.Flow{
		{ID: "f1", Name: "Menu", Type: "INBOUNDCALL", DivisionID: "d3"}, {ID: "f2", Name: "Old menu", DivisionID: "d1", Deleted: true},
	}
	return world{directory: d}
}

// envelope is a page of a list.
type envelope struct {
	Entities []struct {
		ID, Name, State, Type string
		Deleted               bool
	}

	PageSize, PageNumber, Total, PageCount           int
	FirstURI, PreviousURI, NextURI, LastURI, SelfURI string
}

func (d *desk) list(path string) envelope {
	d.t.Helper()
	var e envelope
	d.get(path).into(d.t, &e)
	return e
}

func TestUsersByState(t *testing.T) {
	d := serve(t, staff(40), genesysapi.Options{})
	for query, want := range map[string]int{
		"": 20, "?state=active": 20, "?state=inactive": 10, "?state=deleted": 10, "?state=any": 40,
		"?id=u000,u003&state=any": 2, "?id=u000,u003": 1, "?id=u000&id=u001": 2, "?id=nobody": 0,
	} {
		if got := d.list("/api/v2/users" + query); got.Total != want {
			t.Errorf("%q: %d users, want %d", query, got.Total, want)
		}
	}
	d.get("/api/v2/users?state=gone").failed(t, http.StatusBadRequest, "invalid.query.param.value")
	d.get("/api/v2/users?id="+strings.Repeat("x,", 100)+"x").failed(t, http.StatusBadRequest, "max.user.ids")
	d.get("/api/v2/users?pageSize=501").failed(t, http.StatusBadRequest, "constraint.validation")
	if got := d.get("/api/v2/users/u001"); got.status != http.StatusOK {
		t.Errorf("an active user: %d", got.status)
	}
	d.get("/api/v2/users/u003").failed(t, http.StatusNotFound, "not.found")
	if got := d.get("/api/v2/users/u003?state=deleted"); got.status != http.StatusOK {
		t.Errorf("a deleted user: %d", got.status)
	}
}

func TestListsArePaged(t *testing.T) {
	d := serve(t, staff(60), genesysapi.Options{})
	e := d.list("/api/v2/users?state=any")
	if len(e.Entities) != 25 || e.PageCount != 3 || e.PreviousURI != "" || e.NextURI == "" {
		t.Fatalf("%d entities, %+v", len(e.Entities), e)
	}
	seen := map[string]bool{}
	for uri := e.FirstURI; uri != ""; uri = e.NextURI {
		e = d.list(uri)
		for _, u := range e.Entities {
			seen[u.ID] = true
		}
		if e.SelfURI != uri {
			t.Errorf("%s calls itself %s", uri, e.SelfURI)
		}
	}
	if len(seen) != 60 || e.SelfURI != e.LastURI || e.PageNumber != 3 || e.PreviousURI == "" {
		t.Errorf("%d users, %+v", len(seen), e)
	}
	if e := d.list("/api/v2/users?pageNumber=9"); len(e.Entities) != 0 || e.Total != 30 {
		t.Errorf("beyond the end: %+v", e)
	}
	if e := d.list("/api/v2/users?pageSize=500&state=any"); len(e.Entities) != 60 {
		t.Errorf("a large page: %d", len(e.Entities))
	}
}

func TestOtherLists(t *testing.T) {
	d := serve(t, staff(4), genesysapi.Options{})
	if e := d.list("/api/v2/routing/queues"); e.Total != 2 || e.Entities[0].Name != "Billing" {
		t.Errorf("queues: %+v", e)
	}
	if e := d.list("/api/v2/routing/wrapupcodes"); e.Total != 1 || e.Entities[0].ID != "w1" {
		t.Errorf("wrap-up codes: %+v", e)
	}
	if e := d.list("/api/v2/flows"); e.Total != 1 || e.Entities[0].Type != "INBOUNDCALL" || e.Entities[0].Deleted {
		t.Errorf("flows: %+v", e)
	}
	if e := d.list("/api/v2/flows?deleted=true"); e.Total != 2 || !e.Entities[1].Deleted {
		t.Errorf("flows and deleted ones: %+v", e)
	}
	d.get("/api/v2/flows?deleted=both").failed(t, http.StatusBadRequest, "invalid.query.param.value")
	if e := d.list("/api/v2/authorization/divisions"); e.Total != 3 {
		t.Errorf("divisions: %+v", e)
	}
	var me struct {
		ID, Name     string
		OAuthClient  struct{ ID string }
		Organization struct{ ID string }
	}
	d.get(organization).into(t, &me)
	org := me.ID
	d.get("/api/v2/tokens/me").into(t, &me)
	if org == "" || me.OAuthClient.ID != "trunkline" || me.Organization.ID != org {
		t.Errorf("organization %q, token %+v", org, me)
	}
}
