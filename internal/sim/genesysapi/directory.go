package genesysapi

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"trunkline/internal/sim/scenario"
)

const (
	listPage    = 25  // entities on a page, unless asked for more
	listMaximum = 500 // the most that may be asked for
	idsMaximum  = 100 // the most users that may be asked for by id
)

// list is the envelope of every paged list.
type list struct {
	Entities    []any  `json:"entities"`
	PageSize    int    `json:"pageSize"`
	PageNumber  int    `json:"pageNumber"`
	Total       int    `json:"total"`
	FirstURI    string `json:"firstUri"`
	SelfURI     string `json:"selfUri"`
	PreviousURI string `json:"previousUri,omitempty"`
	NextURI     string `json:"nextUri,omitempty"`
	LastURI     string `json:"lastUri"`
	PageCount   int    `json:"pageCount"`
}

// writeList answers with the page of all that the request asks for.
func writeList[T any](w http.ResponseWriter, r *http.Request, all []T, shape func(T) any) error {
	size, err := number(r, "pageSize", listPage, listMaximum)
	if err != nil {
		return err
	}
	n, err := number(r, "pageNumber", 1, 1<<30)
	if err != nil {
		return err
	}
	pages := max(1, (len(all)+size-1)/size)
	uri := func(n int) string {
		query := r.URL.Query()
		query.Set("pageSize", strconv.Itoa(size))
		query.Set("pageNumber", strconv.Itoa(n))
		return r.URL.Path + "?" + query.Encode()
	}
	l := list{
		Entities: []any{}, PageSize: size, PageNumber: n, Total: len(all), PageCount: pages,
		FirstURI: uri(1), SelfURI: uri(n), LastURI: uri(pages),
	}
	if n > 1 {
		l.PreviousURI = uri(n - 1)
	}
	if n < pages {
		l.NextURI = uri(n + 1)
	}
	if n <= pages {
		for _, v := range all[(n-1)*size : min(n*size, len(all))] {
			l.Entities = append(l.Entities, shape(v))
		}
	}
	writeJSON(w, http.StatusOK, l)
	return nil
}

// divisionRef is how an entity names its division.
type divisionRef struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	SelfURI string `json:"selfUri"`
}

func (d Directory) division(id string) divisionRef {
	ref := divisionRef{ID: id, SelfURI: "/api/v2/authorization/divisions/" + id}
	if i := slices.IndexFunc(d.Divisions, func(v scenario.Division) bool { return v.ID == id }); i >= 0 {
		ref.Name = d.Divisions[i].Name
	}
	return ref
}

type userEntity struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Division   divisionRef `json:"division"`
	Department string      `json:"department,omitempty"`
	Email      string      `json:"email"`
	State      string      `json:"state"`
	Title      string      `json:"title,omitempty"`
	Username   string      `json:"username"`
	Version    int         `json:"version"`
	SelfURI    string      `json:"selfUri"`
}

func (d Directory) user(u scenario.User) any {
	return userEntity{
		ID: u.ID, Name: u.Name, Division: d.division(u.DivisionID), Department: u.Department, Email: u.Email, State: u.State,
		Title: u.Title, Username: u.Email, Version: 1, SelfURI: "/api/v2/users/" + u.ID,
	}
}

// users is GET /users: the active ones, unless a state or ids are asked for.
func (a *API) users(w http.ResponseWriter, r *http.Request) error {
	state := cmp.Or(r.URL.Query().Get("state"), "active")
	if !slices.Contains([]string{"active", "inactive", "deleted", "any"}, state) {
		return refuse("invalid.query.param.value", "The value %q of state is not one of active, inactive, deleted, any", state)
	}
	var ids []string
	for _, some := range r.URL.Query()["id"] {
		ids = append(ids, strings.Split(some, ",")...)
	}
	if len(ids) > idsMaximum {
		return refuse("max.user.ids", "Only %d user ids may be requested at a time", idsMaximum)
	}
	d := a.directory()
	all := slices.DeleteFunc(d.Users, func(u scenario.User) bool {
		return state != "any" && u.State != state || len(ids) > 0 && !slices.Contains(ids, u.ID)
	})
	return writeList(w, r, all, d.user)
}

// user is GET /users/{id}.
func (a *API) user(w http.ResponseWriter, r *http.Request) error {
	state := cmp.Or(r.URL.Query().Get("state"), "active")
	d := a.directory()
	for _, u := range d.Users {
		if u.ID == r.PathValue("id") && (u.State != "deleted" || state == "deleted") {
			writeJSON(w, http.StatusOK, d.user(u))
			return nil
		}
	}
	return errNotFound(fmt.Sprintf("user %q", r.PathValue("id")))
}

// directory is a copy of what ids mean now.
func (a *API) directory() Directory {
	d := a.source.Directory(a.opts.Now())
	return Directory{
		Users: slices.Clone(d.Users), Queues: slices.Clone(d.Queues), WrapupCodes: slices.Clone(d.WrapupCodes),
		Divisions: slices.Clone(d.Divisions), Flows: slices.Clone(d.Flows),
	}
}

type serviceLevel struct {
	Percentage float64 `json:"percentage"`
	DurationMs int64   `json:"durationMs"`
}

type mediaSetting struct {
	AlertingTimeoutSeconds int          `json:"alertingTimeoutSeconds"`
	ServiceLevel           serviceLevel `json:"serviceLevel"`
}

type queueEntity struct {
	ID            string                  `json:"id"`
	Name          string                  `json:"name"`
	Division      divisionRef             `json:"division"`
	MediaSettings map[string]mediaSetting `json:"mediaSettings"`
	SelfURI       string                  `json:"selfUri"`
}

// queues is GET /routing/queues: those of the divisions that the client may see.
func (a *API) queues(w http.ResponseWriter, r *http.Request) error {
	d := a.directory()
	all := slices.DeleteFunc(d.Queues, func(q scenario.Queue) bool { return !a.visible(q.DivisionID) })
	if name := r.URL.Query().Get("name"); name != "" {
		return beyond("the parameter name is not supported here")
	}
	slices.SortStableFunc(all, func(x, y scenario.Queue) int { return cmp.Compare(x.Name, y.Name) })
	return writeList(w, r, all, func(q scenario.Queue) any {
		setting := mediaSetting{AlertingTimeoutSeconds: 30, ServiceLevel: serviceLevel{scenario.ServiceShare, int64(q.Target / time.Millisecond)}}
		return queueEntity{
			ID: q.ID, Name: q.Name, Division: d.division(q.DivisionID), SelfURI: "/api/v2/routing/queues/" + q.ID,
			MediaSettings: map[string]mediaSetting{"call": setting, "callback": setting, "chat": setting, "email": setting, "message": setting},
		}
	})
}

// wrapupCodes is GET /routing/wrapupcodes. The system's own codes are in no list.
func (a *API) wrapupCodes(w http.ResponseWriter, r *http.Request) error {
	d := a.directory()
	return writeList(w, r, d.WrapupCodes, func(c scenario.WrapupCode) any {
		return map[string]any{"id": c.ID, "name": c.Name, "division": d.division(c.DivisionID), "selfUri": "/api/v2/routing/wrapupcodes/" + c.ID}
	})
}

// flows is GET /flows: those of the divisions that the client may see, deleted ones only when asked for.
func (a *API) flows(w http.ResponseWriter, r *http.Request) error {
	deleted := cmp.Or(r.URL.Query().Get("deleted"), "false")
	if deleted != "true" && deleted != "false" {
		return refuse("invalid.query.param.value", "The value %q of deleted is neither true nor false", deleted)
	}
	d := a.directory()
	all := slices.DeleteFunc(d.Flows, func(f scenario.Flow) bool {
		return !a.visible(f.DivisionID) || f.Deleted && deleted == "false"
	})
	return writeList(w, r, all, func(f scenario.Flow) any {
		return map[string]any{
			"id": f.ID, "name": f.Name, "type": f.Type, "division": d.division(f.DivisionID), "active": !f.Deleted, "system": false,
			"deleted": f.Deleted, "selfUri": "/api/v2/flows/" + f.ID,
		}
	})
}

// divisions is GET /authorization/divisions: all of them, whatever the client may see.
func (a *API) divisions(w http.ResponseWriter, r *http.Request) error {
	return writeList(w, r, a.directory().Divisions, func(d scenario.Division) any {
		shape := map[string]any{"id": d.ID, "name": d.Name, "selfUri": "/api/v2/authorization/divisions/" + d.ID, "homeDivision": d.Home}
		if d.Description != "" {
			shape["description"] = d.Description
		}
		return shape
	})
}

// organization is GET /organizations/me.
func (a *API) organization(w http.ResponseWriter, _ *http.Request) error {
	writeJSON(w, http.StatusOK, map[string]any{
		"id": organizationID(), "name": organizationName, "defaultLanguage": "en-us", "defaultCountryCode": "US", "domain": "simulated",
		"state": "active", "version": 1, "selfUri": "/api/v2/organizations/" + organizationID(),
	})
	return nil
}

const organizationName = "Simulated Contact Centre"

func organizationID() string { return uuidOf("organization", 1) }

// tokenInfo is GET /tokens/me.
func (a *API) tokenInfo(w http.ResponseWriter, r *http.Request) error {
	home := map[string]string{"id": organizationID(), "name": organizationName}
	client := a.tokens.clientOf(r)
	writeJSON(w, http.StatusOK, map[string]any{
		"organization": home, "homeOrganization": home, "authorizedScope": []string{},
		"OAuthClient": map[string]any{"id": client, "name": client, "organization": home},
	})
	return nil
}
