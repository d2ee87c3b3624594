package genesysapi

import (
	"net/http"
	"strings"
)

// detailsOfOne is GET …/conversations/{id}/details.
func (a *API) detailsOfOne(w http.ResponseWriter, r *http.Request) error {
	now := a.opts.Now()
	c, err := a.find(r.PathValue("id"), now)
	if err != nil {
		return err
	}
	writeRaw(w, c.AppendJSON(nil, now, false))
	return nil
}

// detailsOfSeveral is GET …/conversations/details?id=a,b. Those that are not found are left out.
func (a *API) detailsOfSeveral(w http.ResponseWriter, r *http.Request) error {
	var ids []string
	for _, list := range r.URL.Query()["id"] {
		ids = append(ids, strings.Split(list, ",")...)
	}
	if len(ids) == 0 {
		return refuse("invalid.query.param.value", "The parameter id is required")
	}
	now, page := a.opts.Now(), newPage(w)
	for _, id := range ids {
		c, err := a.find(id, now)
		if err != nil {
			continue
		}
		page.add(func(b []byte) []byte { return c.AppendJSON(b, now, false) })
	}
	return page.close("")
}

// conversation is GET /conversations/{id}: the shape of the conversation service, with attributes.
func (a *API) conversation(w http.ResponseWriter, r *http.Request) error {
	now := a.opts.Now()
	c, err := a.find(r.PathValue("id"), now)
	if err != nil {
		return err
	}
	writeRaw(w, c.AppendService(nil, now))
	return nil
}

func writeRaw(w http.ResponseWriter, b []byte) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b)
}
