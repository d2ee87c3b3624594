package bqfake

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Job is a job as a test sees it.
type Job struct {
	ID, Step, Location string
	Labels             map[string]string
	Query              *Query // nil of a load
	Table              string // of a load: DATASET.NAME
	Uploaded           int    // bytes
	Reason             string // why it failed; empty if it did not
}

// job is a job that was made.
type job struct {
	wire          wireJob
	configuration json.RawMessage // as it was given
	step          string
	made          time.Time
	uploaded      int
	rows          int64 // loaded
	result        Result
	reason        string
	message       string
	bare          bool
	slow          int
	query         *Query
}

func (j *job) public() Job {
	p := Job{
		ID: j.wire.JobReference.JobID, Step: j.step, Location: j.wire.JobReference.Location, Labels: j.wire.Configuration.Labels,
		Query: j.query, Uploaded: j.uploaded, Reason: j.reason,
	}
	if load := j.wire.Configuration.Load; load != nil {
		p.Table = load.DestinationTable.DatasetID + "." + load.DestinationTable.TableID
	}
	return p
}

// readJob reads the description of a job.
func (s *Server) readJob(text []byte) (*job, error) {
	j := &job{made: time.Now()}
	if err := decode(bytes.NewReader(text), &j.wire); err != nil {
		return nil, err
	}
	var raw struct{ Configuration json.RawMessage }
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, bad("Invalid JSON payload received: %v", err)
	}
	j.configuration, j.step = raw.Configuration, j.wire.Configuration.Labels[s.Label]
	return j, j.wire.check(s.Project)
}

func (s *Server) insertJob(r *http.Request) (any, error) {
	var text bytes.Buffer
	if _, err := text.ReadFrom(r.Body); err != nil {
		return nil, err
	}
	j, err := s.readJob(text.Bytes())
	if err != nil {
		return nil, err
	}
	f, err := s.begin(r, "jobs.insert", j.step)
	if err != nil {
		return nil, err
	}
	if j.wire.Configuration.Load != nil {
		return nil, bad("A load job without an upload has no source")
	}
	return s.make(j, nil, f)
}

// make makes a job and carries it out.
func (s *Server) make(j *job, media []byte, f Fault) (any, error) {
	ref := &j.wire.JobReference
	if s.jobs[ref.JobID] != nil {
		return nil, refuse(http.StatusConflict, "duplicate", "Already Exists: Job %s:%s.%s", s.Project, ref.Location, ref.JobID)
	}
	j.uploaded, j.bare, j.slow = len(media), f.Bare, f.Slow
	s.uploaded += int64(len(media))
	var err error
	switch {
	case f.Fails:
		j.reason, j.message = f.Reason, f.Message
	case j.wire.Configuration.Load != nil:
		err = s.load(j, media)
		j.rows -= int64(f.Loses)
	}
	if q := j.wire.Configuration.Query; q != nil {
		err = s.query(j, q, f.Fails)
	}
	if err != nil {
		r, ok := errors.AsType[*refusal](err)
		if !ok || j.wire.Configuration.DryRun || r.code == http.StatusForbidden {
			return nil, err
		}
		j.reason, j.message = r.reason, r.message // as BigQuery does: the job is there, and failed
	}
	if !j.wire.Configuration.DryRun {
		s.jobs[ref.JobID] = j
		s.order = append(s.order, ref.JobID)
	}
	if f.CutAfter {
		return nil, errCut{}
	}
	return s.wireJob(j), nil
}

// locate holds a job against the dataset that it is about: it must be there, in the job's location.
func (s *Server) locate(j *job, project, name string) error {
	d, ref := s.datasets[name], &j.wire.JobReference
	if d == nil || project != s.Project {
		return refuse(http.StatusNotFound, "notFound", "Not found: Dataset %s:%s", project, name)
	}
	if ref.Location == "" {
		ref.Location = d.Location
	}
	if !strings.EqualFold(ref.Location, d.Location) {
		return refuse(http.StatusNotFound, "notFound", "Not found: Dataset %s:%s was not found in location %s", project, name, ref.Location)
	}
	return nil
}

// query asks the test what a query gives.
func (s *Server) query(j *job, q *wireQuery, failed bool) error {
	asked := Query{
		ID: j.wire.JobReference.JobID, Step: j.step, Text: q.Query, Parameters: map[string]any{}, DryRun: j.wire.Configuration.DryRun,
		NoCache: q.UseQueryCache != nil && !*q.UseQueryCache,
	}
	if q.MaximumBytesBilled != "" {
		n, err := strconv.ParseInt(q.MaximumBytesBilled, 10, 64)
		if err != nil || n <= 0 {
			return bad("Invalid maximumBytesBilled %q", q.MaximumBytesBilled)
		}
		asked.MaxBytesBilled = n
	}
	for _, p := range q.QueryParameters {
		if _, twice := asked.Parameters[p.Name]; twice || p.Name == "" {
			return bad("Parameter %q has no name of its own", p.Name)
		}
		v, err := p.value()
		if err != nil {
			return err
		}
		asked.Parameters[p.Name] = v
	}
	j.query = &asked
	if q.DefaultDataset != nil {
		asked.Dataset = q.DefaultDataset.DatasetID
		if err := s.locate(j, q.DefaultDataset.ProjectID, asked.Dataset); err != nil {
			return err
		}
	}
	if failed {
		return nil
	}
	if s.Answer == nil {
		return bad("Nobody says what the query gives: %s", q.Query)
	}
	j.result = s.Answer(asked)
	if billed := asked.MaxBytesBilled; billed > 0 && j.result.Bytes > billed {
		return refuse(http.StatusBadRequest, "bytesBilledLimitExceeded", "Query exceeded limit for bytes billed: %d. %d or higher required.",
			billed, j.result.Bytes)
	}
	if j.result.Reason != "" {
		return refuse(http.StatusBadRequest, j.result.Reason, "%s", j.result.Message)
	}
	return nil
}

// find finds a job in its location.
func (s *Server) find(r *http.Request, id string) (*job, error) {
	j := s.jobs[id]
	if j == nil || !strings.EqualFold(r.URL.Query().Get("location"), j.wire.JobReference.Location) {
		return nil, refuse(http.StatusNotFound, "notFound", "Not found: Job %s:%s", s.Project, id)
	}
	return j, nil
}

func (s *Server) getJob(r *http.Request, id string) (any, error) {
	step := ""
	if j := s.jobs[id]; j != nil {
		step = j.step
	}
	if _, err := s.begin(r, "jobs.get", step, "location", "fields"); err != nil {
		return nil, err
	}
	j, err := s.find(r, id)
	if err != nil {
		return nil, err
	}
	if j.slow > 0 {
		j.slow--
	}
	return s.wireJob(j), nil
}

// cancelJob tells a job to stop, which one that is done does not heed.
func (s *Server) cancelJob(r *http.Request, id string) (any, error) {
	if _, err := s.begin(r, "jobs.cancel", "", "location", "fields"); err != nil {
		return nil, err
	}
	j, err := s.find(r, id)
	if err != nil {
		return nil, err
	}
	if j.slow > 0 {
		j.slow, j.reason, j.message = 0, "stopped", "Job execution was cancelled: User requested cancellation"
	}
	return map[string]any{"job": s.wireJob(j)}, nil
}

func (s *Server) wireJob(j *job) any {
	status := map[string]any{"state": "DONE"}
	switch {
	case j.slow > 0:
		status["state"] = "RUNNING"
	case j.reason != "":
		e := map[string]any{"reason": j.reason, "message": j.message}
		status["errorResult"], status["errors"] = e, []any{e}
	}
	w := map[string]any{"jobReference": j.wire.JobReference, "configuration": j.configuration, "status": status}
	if !j.bare {
		w["statistics"] = j.statistics()
	}
	return w
}

func (j *job) statistics() map[string]any {
	made := strconv.FormatInt(j.made.UnixMilli(), 10)
	w := map[string]any{"creationTime": made}
	switch {
	case j.slow > 0 || j.reason != "":
	case j.query != nil:
		bytes := strconv.FormatInt(j.result.Bytes, 10)
		w["totalBytesProcessed"] = bytes
		w["query"] = map[string]any{"totalBytesProcessed": bytes, "totalBytesBilled": bytes, "statementType": first(j.result.Kind, "SCRIPT")}
	default:
		w["load"] = map[string]any{
			"inputFiles": "1", "inputFileBytes": strconv.Itoa(j.uploaded), "outputRows": strconv.FormatInt(j.rows, 10),
		}
	}
	return w
}

// queryResults gives the rows of a query, a page at a time.
func (s *Server) queryResults(r *http.Request, id string) (any, error) {
	step := ""
	if j := s.jobs[id]; j != nil {
		step = j.step
	}
	_, err := s.begin(r, "jobs.getQueryResults", step,
		"location", "fields", "maxResults", "startIndex", "pageToken", "formatOptions.useInt64Timestamp")
	if err != nil {
		return nil, err
	}
	j, err := s.find(r, id)
	switch {
	case err != nil:
		return nil, err
	case j.query == nil:
		return nil, bad("Job %s is no query", id)
	case j.slow > 0:
		return map[string]any{"jobComplete": false}, nil
	case j.reason != "":
		return nil, refuse(http.StatusBadRequest, j.reason, "%s", j.message)
	}
	return j.page(r)
}

const pageRows = 1000

func (j *job) page(r *http.Request) (any, error) {
	q := r.URL.Query()
	if q.Get("formatOptions.useInt64Timestamp") != "true" {
		return nil, bad("Times are only given as whole microseconds")
	}
	from, err := strconv.Atoi(first(q.Get("pageToken"), q.Get("startIndex"), "0"))
	if err != nil || from < 0 || from > len(j.result.Rows) {
		return nil, bad("Invalid page %q", q.Get("pageToken"))
	}
	most, err := strconv.Atoi(first(q.Get("maxResults"), strconv.Itoa(pageRows)))
	if err != nil {
		return nil, bad("Invalid maxResults")
	}
	to := min(len(j.result.Rows), from+min(most, pageRows))
	fields := []any{}
	for _, c := range j.result.Columns {
		fields = append(fields, map[string]any{"name": c.Name, "type": c.Type, "mode": "NULLABLE"})
	}
	rows := []any{}
	for _, row := range j.result.Rows[from:to] {
		cells := []any{}
		for _, v := range row {
			cells = append(cells, map[string]any{"v": cell(v)})
		}
		rows = append(rows, map[string]any{"f": cells})
	}
	w := map[string]any{
		"jobComplete": true, "jobReference": j.wire.JobReference, "totalRows": strconv.Itoa(len(j.result.Rows)),
		"schema": map[string]any{"fields": fields}, "rows": rows,
	}
	if to < len(j.result.Rows) {
		w["pageToken"] = strconv.Itoa(to)
	}
	return w, nil
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// cell writes a value as a cell of a result.
func cell(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		return strconv.FormatInt(v.UnixMicro(), 10)
	case string:
		return v
	default:
		panic("bqfake: a cell cannot hold it")
	}
}
