package bqfake

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

func (s *Server) insertDataset(r *http.Request) (any, error) {
	f, err := s.begin(r, "datasets.insert", "")
	if err != nil {
		return nil, err
	}
	var d wireDataset
	if err := decode(r.Body, &d); err != nil {
		return nil, err
	}
	name := d.DatasetReference.DatasetID
	switch {
	case !goodTable.MatchString(name):
		return nil, bad("Invalid dataset ID %q", name)
	case s.datasets[name] != nil:
		return nil, refuse(http.StatusConflict, "duplicate", "Already Exists: Dataset %s:%s", s.Project, name)
	case d.Location == "":
		d.Location = "US"
	}
	made := &Dataset{Name: name, Location: d.Location, Created: time.Now(), Labels: d.Labels}
	if d.DefaultTableExpirationMs != "" {
		ms, err := strconv.ParseInt(d.DefaultTableExpirationMs, 10, 64)
		if err != nil || ms < time.Hour.Milliseconds() {
			return nil, bad("Invalid default table expiration %s", d.DefaultTableExpirationMs)
		}
		made.Expiry = time.Duration(ms) * time.Millisecond
	}
	s.datasets[name] = made
	if f.CutAfter {
		return nil, errCut{}
	}
	return s.wireDataset(made), nil
}

func (s *Server) getDataset(r *http.Request, name string) (any, error) {
	if _, err := s.begin(r, "datasets.get", ""); err != nil {
		return nil, err
	}
	d := s.datasets[name]
	if d == nil {
		return nil, refuse(http.StatusNotFound, "notFound", "Not found: Dataset %s:%s", s.Project, name)
	}
	return s.wireDataset(d), nil
}

func (s *Server) patchDataset(r *http.Request, name string) (any, error) {
	if _, err := s.begin(r, "datasets.patch", ""); err != nil {
		return nil, err
	}
	d := s.datasets[name]
	if d == nil {
		return nil, refuse(http.StatusNotFound, "notFound", "Not found: Dataset %s:%s", s.Project, name)
	}
	if etag := r.Header.Get("If-Match"); etag != d.etag() {
		return nil, refuse(http.StatusPreconditionFailed, "conditionNotMet", "Precondition check failed: %q", etag)
	}
	var p wireDatasetPatch
	if err := decode(r.Body, &p); err != nil {
		return nil, err
	}
	d.Access = nil
	for _, entry := range p.Access {
		d.Access = append(d.Access, compact(entry))
	}
	return s.wireDataset(d), nil
}

// etag changes with what can be changed.
func (d *Dataset) etag() string {
	text, _ := json.Marshal(d.Access)
	return strconv.Itoa(len(d.Access)) + "-" + strconv.Itoa(len(text))
}

func (s *Server) wireDataset(d *Dataset) any {
	w := map[string]any{
		"datasetReference": map[string]any{"projectId": s.Project, "datasetId": d.Name},
		"location":         d.Location, "etag": d.etag(), "labels": d.Labels, "access": d.Access,
		"creationTime": strconv.FormatInt(d.Created.UnixMilli(), 10),
	}
	if d.Expiry > 0 {
		w["defaultTableExpirationMs"] = strconv.FormatInt(d.Expiry.Milliseconds(), 10)
	}
	return w
}
