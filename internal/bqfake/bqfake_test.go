package bqfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

func newFake(t *testing.T) *Server {
	t.Helper()
	s := New(t, Options{Project: "acme", Label: "step", Answer: func(q Query) Result {
		if q.Text == "wrong" {
			return Result{Reason: "invalidQuery", Message: "Syntax error"}
		}
		return Result{Columns: []Column{{"one", "INTEGER"}}, Rows: [][]any{{1}}}
	}})
	s.AddDataset("calls", "EU")
	return s
}

// send gives the status, the reason of an error and the answer of a request.
func send(t *testing.T, method, url, kind, body string) (status int, reason string, answer map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "cut", nil
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		return 0, "cut", nil
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if e, ok := answer["error"].(map[string]any); ok {
		reason = e["errors"].([]any)[0].(map[string]any)["reason"].(string)
	}
	return got.StatusCode, reason, answer
}

func queryJob(id, query, more string) string {
	return fmt.Sprintf(`{"jobReference": {"projectId": "acme", "jobId": %q}, "configuration": {"labels": {"step": "s"}, "query": {"query": %q, "useLegacySql": false,
	"defaultDataset": {"projectId": "acme", "datasetId": "calls"}%s}}}`, id, query, more)
}

// What BigQuery refuses is refused, and so is whatever the fake does not know.
func TestRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := newFake(t)
	jobs := s.URL + "projects/acme/jobs"
	if status, reason, _ := send(t, "POST", jobs, "", queryJob("a", "select 1", "")); status != 200 {
		t.Fatal(status, reason)
	}
	for name, c := range map[string]struct {
		method, url, body string
		status            int
		reason            string
	}{
		"an id again":               {"POST", jobs, queryJob("a", "select 2", ""), 409, "duplicate"},
		"an id of bad characters":   {"POST", jobs, queryJob("a/b", "select 1", ""), 400, "invalid"},
		"a field that is not known": {"POST", jobs, queryJob("b", "select 1", `, "priorty": "BATCH"`), 400, "invalid"},
		"a parameter that is not":   {"POST", jobs + "?fast=true", queryJob("b", "select 1", ""), 400, "invalid"},
		"a label too long":          {"POST", jobs, strings.Replace(queryJob("b", "x", ""), `"s"`, `"`+strings.Repeat("s", 64)+`"`, 1), 400, "invalid"},
		"a text too long":           {"POST", jobs, queryJob("b", strings.Repeat("x", 1<<20+1), ""), 400, "invalid"},
		"no query":                  {"POST", jobs, queryJob("b", "", ""), 400, "invalid"},
		"legacy SQL":                {"POST", jobs, strings.Replace(queryJob("b", "x", ""), "false", "true", 1), 400, "invalid"},
		"another project":           {"POST", s.URL + "projects/other/jobs", queryJob("b", "x", ""), 404, "notFound"},
		"a job that is not there":   {"GET", jobs + "/z?location=EU", "", 404, "notFound"},
		"a job elsewhere":           {"GET", jobs + "/a?location=US", "", 404, "notFound"},
		"a job without its place":   {"GET", jobs + "/a", "", 404, "notFound"},
		"a dataset again":           {"POST", s.URL + "projects/acme/datasets", `{"datasetReference": {"projectId": "acme", "datasetId": "calls"}}`, 409, "duplicate"},
		"a change of older times":   {"PATCH", s.URL + "projects/acme/datasets/calls", `{"access": []}`, 412, "conditionNotMet"},
		"a call that is not known":  {"DELETE", s.URL + "projects/acme/datasets/calls", "", 404, "notFound"},
	} {
		if status, reason, _ := send(t, c.method, c.url, "application/json", c.body); status != c.status || reason != c.reason {
			t.Errorf("%s: %d %s", name, status, reason)
		}
	}
	if len(s.Jobs()) != 1 {
		t.Errorf("%d jobs", len(s.Jobs()))
	}
	// A job that fails is there, and keeps its id.
	if _, _, answer := send(t, "POST", jobs, "", queryJob("w", "wrong", "")); !strings.Contains(fmt.Sprint(answer["status"]), "Syntax error") {
		t.Errorf("%v", answer)
	}
	if status, _, _ := send(t, "POST", jobs, "", queryJob("w", "select 1", "")); status != 409 {
		t.Error("a failed job's id was given again")
	}
	if status, reason, _ := send(t, "GET", s.URL+"projects/acme/queries/w?location=EU&formatOptions.useInt64Timestamp=true", "", ""); status != 400 || reason != "invalidQuery" {
		t.Error(status, reason)
	}
}

type row struct {
	Name *string `parquet:"name,optional"`
	N    *int64  `parquet:"n,optional"`
}

func parquetFile(t *testing.T, rows any) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch rows := rows.(type) {
	case []row:
		err = parquet.Write(&b, rows)
	case []struct {
		Name int32 `parquet:"name"`
		N    int64 `parquet:"n"`
	}:
		err = parquet.Write(&b, rows)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sendLoad(t *testing.T, s *Server, job string, media []byte) (int, string, map[string]any) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, part := range []struct {
		kind string
		text []byte
	}{{"application/json", []byte(job)}, {"application/octet-stream", media}} {
		p, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {part.kind}})
		if err == nil {
			_, err = p.Write(part.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return send(t, "POST", s.URL+"upload/bigquery/v2/projects/acme/jobs?uploadType=multipart", "multipart/related; boundary="+w.Boundary(), body.String())
}

func loadJob(id, table, fields, write string) string {
	return fmt.Sprintf(`{"jobReference": {"projectId": "acme", "jobId": %q}, "configuration": {"load": {"sourceFormat": "PARQUET", "writeDisposition": %q,
	"destinationTable": {"projectId": "acme", "datasetId": "calls", "tableId": %q}, "schema": {"fields": [%s]}}}}`, id, write, table, fields)
}

// A file is read whole, and held against the schema that comes with it.
func TestFilesAreHeldAgainstTheirSchema(t *testing.T) {
	t.Parallel()
	s := newFake(t)
	const name, n = `{"name": "name", "type": "STRING"}`, `{"name": "n", "type": "INTEGER"}`
	good := parquetFile(t, []row{{new("a"), new(int64(1))}, {nil, new(int64(2))}})
	for i := range 2 {
		if _, _, got := sendLoad(t, s, loadJob(fmt.Sprint("good", i), "t", name+","+n, "WRITE_TRUNCATE"), good); !strings.Contains(fmt.Sprint(got["statistics"]), "outputRows:2") {
			t.Fatalf("%v", got)
		}
	}
	if _, _, got := sendLoad(t, s, loadJob("more", "t", name+","+n, "WRITE_APPEND"), good); got["status"] == nil {
		t.Fatalf("%v", got)
	}
	if rows := s.Tables()["calls.t"].Rows; len(rows) != 4 || rows[1]["name"] != nil || rows[3]["n"] != int64(2) {
		t.Errorf("%v", rows)
	}
	other := parquetFile(t, []struct {
		Name int32 `parquet:"name"`
		N    int64 `parquet:"n"`
	}{{1, 2}})
	for says, c := range map[string]struct {
		fields string
		media  []byte
	}{
		"has 2 columns, the schema 1":   {name, good},
		"no column m":                   {name + "," + strings.Replace(n, `"n"`, `"m"`, 1), good},
		"column name is utf8":           {strings.Replace(name, "STRING", "FLOAT", 1) + "," + n, good},
		"column name is int32":          {name + "," + n, other},
		"Required field name cannot be": {strings.Replace(name, "}", `, "mode": "REQUIRED"}`, 1) + "," + n, good},
		"not in Parquet format":         {name + "," + n, []byte("PAR1 and so on")},
	} {
		id := fmt.Sprint("bad", len(s.Jobs()))
		_, _, got := sendLoad(t, s, loadJob(id, "t", c.fields, "WRITE_TRUNCATE"), c.media)
		if text := fmt.Sprint(got["status"]); !strings.Contains(text, says) {
			t.Errorf("%q: %v", says, got)
		}
	}
	if rows := s.Tables()["calls.t"].Rows; len(rows) != 4 {
		t.Errorf("a load that failed changed the table: %v", rows)
	}
}

// Faults come about once, or as often as told, and only where they are told to.
func TestFaultsComeAboutAsTold(t *testing.T) {
	t.Parallel()
	s := newFake(t)
	jobs := s.URL + "projects/acme/jobs"
	s.Inject(Fault{Call: "jobs.insert", Step: "another", Code: 503, Reason: "backendError", Times: -1})
	s.Inject(Fault{Call: "jobs.insert", Step: "s", Code: 403, Reason: "quotaExceeded"})
	s.Inject(Fault{Call: "jobs.insert", CutAfter: true})
	s.Inject(Fault{Call: "jobs.insert", Slow: 2, Bare: true})
	var got []string
	for i, want := range []string{"403 quotaExceeded", "0 cut", "200 ", "200 "} {
		status, reason, _ := send(t, "POST", jobs, "", queryJob(fmt.Sprint("j", i), "select 1", ""))
		if got = append(got, fmt.Sprint(status, " ", reason)); got[i] != want {
			t.Errorf("request %d: %s, want %s", i, got[i], want)
		}
	}
	if made := s.Jobs(); len(made) != 3 || made[0].ID != "j1" {
		t.Errorf("%+v", made)
	}
	_, _, before := send(t, "GET", jobs+"/j2?location=EU", "", "")
	_, _, after := send(t, "GET", jobs+"/j2?location=EU", "", "")
	if fmt.Sprint(before["status"]) == fmt.Sprint(after["status"]) || after["statistics"] != nil {
		t.Errorf("%v %v", before, after)
	}
	if s.Heal() != 0 {
		t.Error("a fault was left")
	}
}
