package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"trunkline/internal/httpx"
)

// Bulk is a query to be made as a job.
type Bulk struct {
	SOQL string
	All  bool // those in the recycle bin too
	Of   *Object
	At   Position // where to go on; the zero value is the beginning
}

// Position is a place in the results of a job. Salesforce keeps results for seven days.
type Position struct {
	Job     string `json:"job,omitempty"`
	Locator string `json:"locator,omitempty"` // of a page; empty is the first
}

// batch is how many rows are given to emit at once.
const batch = 2000

// longestJob is how long a job is waited for. They may take hours.
const longestJob = 24 * time.Hour

// BulkQuery gives emit the rows of a query, in no order, in the shape that Query gives them, with the place from which the rows after
// them can be had; last is true with the last ones. A job that is no longer there is an error of class Absent.
func (c *Client) BulkQuery(ctx context.Context, b Bulk, emit func(rows []json.RawMessage, next Position, last bool) error) error {
	at := b.At
	if at.Job == "" {
		job, err := c.createJob(ctx, b)
		if err != nil {
			return err
		}
		at.Job = job
	}
	if err := c.await(ctx, at.Job); err != nil {
		return err
	}
	file, err := os.CreateTemp(c.config.TempDir, "bulk-*.csv")
	if err != nil {
		return fmt.Errorf("keep a page of bulk results: %w", err)
	}
	defer func() { _ = errors.Join(file.Close(), os.Remove(file.Name())) }()
	for {
		next, err := c.results(ctx, at, file)
		if err != nil {
			return err
		}
		rows, err := newTable(file, b.Of, c.config.Version)
		if err != nil {
			return err
		}
		if err := emitBatches(rows, at, next, emit); err != nil {
			return err
		}
		if next.Locator == "" {
			return nil
		}
		if next == at {
			return damaged("bulk job %s: the page after %s is itself", at.Job, at.Locator)
		}
		at = next
	}
}

// emitBatches gives the rows of a page; only behind the last of them lies the next page.
func emitBatches(t *table, at, next Position, emit func([]json.RawMessage, Position, bool) error) error {
	var rows []json.RawMessage
	for {
		row, err := t.next()
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return err
		}
		if end {
			return emit(rows, next, next.Locator == "")
		}
		if len(rows) == batch {
			if err := emit(rows, at, false); err != nil {
				return err
			}
			rows = nil
		}
		rows = append(rows, row)
	}
}

type jobInfo struct {
	ID           string `json:"id"`
	State        string `json:"state"`
	ErrorMessage string `json:"errorMessage"`
}

func (c *Client) createJob(ctx context.Context, b Bulk) (string, error) {
	operation := "query"
	if b.All {
		operation = "queryAll"
	}
	body, err := json.Marshal(map[string]string{
		"operation": operation, "query": b.SOQL, "contentType": "CSV", "columnDelimiter": "COMMA", "lineEnding": "LF",
	})
	if err != nil {
		return "", fmt.Errorf("create a bulk job: %w", err)
	}
	var job jobInfo
	err = c.do(ctx, httpx.Request{
		Method: http.MethodPost, URL: c.path("jobs", "query"), Header: http.Header{"Content-Type": {"application/json"}}, Body: body,
	}, &job)
	if err == nil && job.ID == "" {
		err = damaged("create a bulk job: the answer has no id")
	}
	return job.ID, err
}

// await waits until a job is complete.
func (c *Client) await(ctx context.Context, id string) error {
	deadline := time.Now().Add(longestJob)
	for wait := c.config.Poll; ; wait = min(wait*3/2, max(30*time.Second, c.config.Poll)) {
		var job jobInfo
		if err := c.do(ctx, httpx.Request{URL: c.path("jobs", "query", id)}, &job); err != nil {
			return err
		}
		switch job.State {
		case "JobComplete":
			return nil
		case "UploadComplete", "InProgress":
		case "Failed", "Aborted":
			return &Error{Class: JobFailed, Message: oneLine(job.ErrorMessage), Err: fmt.Errorf("bulk job %s: %s", id, job.State)}
		default:
			return damaged("bulk job %s: state %q", id, job.State)
		}
		if time.Now().After(deadline) {
			return &Error{Class: JobFailed, Err: fmt.Errorf("bulk job %s: not complete after %v", id, longestJob)}
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

// pageAttempts is how often a page is asked for whose rows are not as many as announced.
const pageAttempts = 4

// results fills the file with a page of a job's results, whole and rewound, and tells where the next page is.
func (c *Client) results(ctx context.Context, at Position, file *os.File) (next Position, err error) {
	query := url.Values{"maxRecords": {strconv.Itoa(c.config.BulkPage)}}
	if at.Locator != "" {
		query.Set("locator", at.Locator)
	}
	r := httpx.Request{URL: c.path("jobs", "query", at.Job, "results") + "?" + query.Encode(), Accept: "text/csv"}
	for range pageAttempts {
		if err := c.guard(); err != nil {
			return next, err
		}
		var header http.Header
		err = c.http.Stream(ctx, r, func(res *httpx.Response) error {
			header = res.Header
			if err := rewind(file, true); err != nil {
				return err
			}
			_, err := io.Copy(file, res.Reader)
			return err
		})
		if err != nil {
			return next, classify(err)
		}
		c.note(header)
		next = Position{Job: at.Job, Locator: header.Get("Sforce-Locator")}
		if next.Locator == "null" { // the word, not nothing
			next.Locator = ""
		}
		if err = checkPage(file, header.Get("Sforce-NumberOfRecords")); err == nil {
			return next, nil
		}
	}
	return next, damaged("bulk job %s: page %q: %w", at.Job, at.Locator, err)
}

func rewind(file *os.File, empty bool) error {
	if empty {
		if err := file.Truncate(0); err != nil {
			return fmt.Errorf("keep a page of bulk results: %w", err)
		}
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("keep a page of bulk results: %w", err)
	}
	return nil
}

// checkPage reads a page through, compares the number of its rows with the announced one, and rewinds it: bodies do get cut off
// on a line's border, with a good ending.
func checkPage(file *os.File, announced string) error {
	if err := rewind(file, false); err != nil {
		return err
	}
	got, err := countRows(file)
	if err != nil {
		return err
	}
	if want, err := strconv.Atoi(announced); err == nil && got != want {
		return fmt.Errorf("it has %d rows of %d", got, want)
	}
	return rewind(file, false)
}
