package salesforceapi

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// job is a Bulk API 2.0 query.
type job struct {
	id, operation string
	version       string // v67.0
	plan          *plan
	found         []record
	created       time.Time // by the server's clock
	began         time.Time // by the wall clock
}

func (s *Server) createJob(r *http.Request) answer {
	var asked struct{ Operation, Query, ContentType, ColumnDelimiter, LineEnding string }
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<20)).Decode(&asked); err != nil {
		return refuse(http.StatusBadRequest, "JSON_PARSER_ERROR", err.Error())
	}
	if asked.Operation != "query" && asked.Operation != "queryAll" {
		return refuse(http.StatusBadRequest, "INVALIDJOB", "Unsupported operation: "+asked.Operation)
	}
	if asked.ContentType != "" && asked.ContentType != "CSV" {
		return refuse(http.StatusBadRequest, "INVALIDJOB", "Unsupported content type: "+asked.ContentType)
	}
	p, err := s.plan(asked.Query)
	if err != nil {
		return refuseQuery(err, asked.Query)
	}
	if p.aggregates() {
		return refuse(http.StatusBadRequest, "API_ERROR", "Aggregate Relationships not supported in Bulk Query")
	}
	if slices.Contains(s.options.NoBulk, p.of.name) {
		return refuse(http.StatusBadRequest, "INVALIDENTITY", "Entity '"+p.of.name+"' is not supported by the Bulk API.")
	}
	j := &job{
		operation: asked.Operation, version: r.PathValue("version"), plan: p, found: s.run(p, asked.Operation == "queryAll"),
		created: s.options.Now(), began: time.Now(),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Jobs++
	j.id = s.jobs.newID("750")
	s.jobs.add(j.id, j)
	return reply(j.show("UploadComplete"))
}

// state is how far a job is: it waits for the first half of its delay.
func (j *job) state(delay time.Duration) string {
	switch age := time.Since(j.began); {
	case age >= delay:
		return "JobComplete"
	case age >= delay/2:
		return "InProgress"
	default:
		return "UploadComplete"
	}
}

func (j *job) show(state string) map[string]any {
	at := j.created.UTC().Format(timeFormat)
	number, _ := strconv.ParseFloat(strings.TrimPrefix(j.version, "v"), 64)
	shown := map[string]any{
		"id": j.id, "operation": j.operation, "object": j.plan.of.name, "createdById": "005000000000001AAA",
		"createdDate": at, "systemModstamp": at, "state": state, "concurrencyMode": "Parallel", "contentType": "CSV",
		"apiVersion": json.Number(strconv.FormatFloat(number, 'f', 1, 64)), "lineEnding": "LF", "columnDelimiter": "COMMA",
	}
	if state == "JobComplete" {
		shown["jobType"] = "V2Query"
		shown["numberRecordsProcessed"] = len(j.found)
		shown["retries"] = 0
		shown["totalProcessingTime"] = 478
	}
	return shown
}

func (s *Server) findJob(r *http.Request) (*job, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j, ok := s.jobs.items[r.PathValue("job")]
	return j, ok
}

func noJob() answer {
	return refuse(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
}

func (s *Server) job(r *http.Request) answer {
	j, ok := s.findJob(r)
	if !ok {
		return noJob()
	}
	return reply(j.show(j.state(s.options.JobDelay)))
}

func (s *Server) jobResults(r *http.Request) answer {
	j, ok := s.findJob(r)
	switch {
	case !ok:
		return noJob()
	case r.PathValue("version") != j.version:
		return refuse(http.StatusConflict, "API_ERROR", "The results must be asked for with the API version of the job, "+j.version)
	case j.state(s.options.JobDelay) != "JobComplete":
		return refuse(http.StatusBadRequest, "INVALIDJOBSTATE", "The job is not complete")
	}
	from := 0
	if locator := r.URL.Query().Get("locator"); locator != "" {
		text, err := base64.RawURLEncoding.DecodeString(locator)
		if err == nil {
			from, err = strconv.Atoi(string(text))
		}
		if err != nil || from < 0 || from > len(j.found) {
			return refuse(http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
		}
	}
	size := s.options.BulkPageSize
	if asked, err := strconv.Atoi(r.URL.Query().Get("maxRecords")); err == nil && asked > 0 {
		size = min(size, asked)
	}
	to := min(from+size, len(j.found))
	next := "null"
	if to < len(j.found) {
		next = base64.RawURLEncoding.EncodeToString(fmt.Append(nil, to))
	}
	return answer{
		status: http.StatusOK, kind: "text/csv",
		header: map[string]string{"Sforce-Locator": next, "Sforce-NumberOfRecords": strconv.Itoa(to - from)},
		body:   j.plan.appendCSV(nil, j.found[from:to]),
	}
}
