package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trunkline/internal/httpx"
)

// TimeFormat is how the API writes times; it also parses what Bulk writes, which ends in Z. time.RFC3339 parses neither.
const TimeFormat = "2006-01-02T15:04:05.000Z0700"

// Literal gives a time as a SOQL literal. Salesforce keeps times of records to the second.
func Literal(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

// Quote gives a text as a SOQL literal.
func Quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// decode is lenient about text that is not UTF-8, for what people typed long ago is not ours to refuse, and about nothing else.
func decode(body []byte, v any) error {
	return jsonv2.Unmarshal(body, v, jsontext.AllowInvalidUTF8(true))
}

type page struct {
	TotalSize int              `json:"totalSize"`
	Done      bool             `json:"done"`
	Next      string           `json:"nextRecordsUrl"`
	Records   []jsontext.Value `json:"records"`
}

func (c *Client) ask(ctx context.Context, address string) (*page, error) {
	var p *page
	err := c.do(ctx, httpx.Request{URL: address}, &p)
	if err == nil && p == nil {
		err = damaged("query: the answer is null")
	}
	return p, err
}

func (c *Client) queryAddress(soql string, all bool) string {
	resource := "query"
	if all {
		resource = "queryAll"
	}
	return c.path(resource) + "?q=" + url.QueryEscape(soql)
}

// Count gives the number of rows that a SELECT COUNT() finds; all counts those in the recycle bin too.
func (c *Client) Count(ctx context.Context, soql string, all bool) (int, error) {
	p, err := c.ask(ctx, c.queryAddress(soql, all))
	if err != nil {
		return 0, err
	}
	return p.TotalSize, nil
}

// Query gives emit the rows of a query, a page at a time; all gives those in the recycle bin too. Rows may come twice. A page may
// be short or empty. If the pages expire before the last one, the error is of class Expired. An error of emit ends the query and is
// returned.
func (c *Client) Query(ctx context.Context, soql string, all bool, emit func(rows []json.RawMessage) error) error {
	address := c.queryAddress(soql, all)
	seen := map[string]bool{}
	for {
		p, err := c.ask(ctx, address)
		if err != nil {
			return err
		}
		rows := make([]json.RawMessage, len(p.Records))
		for i, r := range p.Records {
			rows[i] = json.RawMessage(r)
		}
		if err := emit(rows); err != nil {
			return err
		}
		if p.Done { // whatever else the answer says
			return nil
		}
		// The token must not follow an address to somewhere else, nor we one in a circle.
		if !strings.HasPrefix(p.Next, "/services/") || seen[p.Next] {
			return damaged("query: the answer is not the last one, but its next page is at %q", p.Next)
		}
		seen[p.Next] = true
		address = p.Next
	}
}

// Field is a field of an object.
type Field struct {
	Name         string `json:"name"`
	Type         string `json:"type"`             // string, boolean, double, currency, datetime, reference …
	Relationship string `json:"relationshipName"` // how a reference's parent is called in a query; empty for others
}

// Object is what the user we are may know of an object. Fields hidden from the user are missing.
type Object struct {
	Name          string  `json:"name"`
	Replicateable bool    `json:"replicateable"` // has a list of deleted records
	Fields        []Field `json:"fields"`
}

// Describe tells what an object has.
func (c *Client) Describe(ctx context.Context, object string) (*Object, error) {
	var o *Object
	if err := c.do(ctx, httpx.Request{URL: c.path("sobjects", object, "describe")}, &o); err != nil {
		return nil, err
	}
	if o == nil {
		return nil, damaged("describe %s: the answer is null", object)
	}
	return o, nil
}

// Deletion says that a record was deleted.
type Deletion struct {
	ID string
	At time.Time
}

// Deletions is what is known of the records deleted within a span of time.
type Deletions struct {
	Records []Deletion
	Covered time.Time // until when nothing is missing
}

// deletionsKept is how far back deletions are known. It is a little less, for the answer comes later than the question.
const deletionsKept = 30*24*time.Hour - time.Hour

// Deleted lists the records of an object that were deleted between from and the server's now, and were not restored, whether they
// are still in the recycle bin or gone for good. Salesforce knows 30 days of them, and looks at whole minutes.
func (c *Client) Deleted(ctx context.Context, object string, from time.Time) (*Deletions, error) {
	now := c.Now().Truncate(time.Second)
	if earliest := now.Add(-deletionsKept); from.Before(earliest) {
		from = earliest
	}
	got, err := c.deleted(ctx, object, from, now)
	var e *Error
	if errors.As(err, &e) && e.Code == "INVALID_REPLICATION_DATE" { // less is kept than usual: ask how much
		if got, err = c.deleted(ctx, object, now, now); err == nil {
			earliest, parseErr := time.Parse(TimeFormat, got.Earliest)
			if parseErr != nil {
				return nil, damaged("deleted records of %s: earliestDateAvailable %q", object, got.Earliest)
			}
			got, err = c.deleted(ctx, object, earliest.Add(time.Minute), now)
		}
	}
	if err != nil {
		return nil, err
	}
	return got.parse(object)
}

type deletions struct {
	Records []struct {
		ID   string `json:"id"`
		Date string `json:"deletedDate"`
	} `json:"deletedRecords"`
	Earliest string `json:"earliestDateAvailable"`
	Covered  string `json:"latestDateCovered"`
}

func (c *Client) deleted(ctx context.Context, object string, from, to time.Time) (*deletions, error) {
	if latest := to.Add(-2 * time.Minute); from.After(latest) { // a span must be longer than a minute
		from = latest
	}
	span := url.Values{"start": {from.UTC().Format(time.RFC3339)}, "end": {to.UTC().Format(time.RFC3339)}}
	got := &deletions{}
	return got, c.do(ctx, httpx.Request{URL: c.path("sobjects", object, "deleted") + "/?" + span.Encode()}, got)
}

func (got *deletions) parse(object string) (d *Deletions, err error) {
	d = &Deletions{}
	if d.Covered, err = time.Parse(TimeFormat, got.Covered); err != nil {
		return nil, damaged("deleted records of %s: latestDateCovered %q", object, got.Covered)
	}
	for _, r := range got.Records {
		at, err := time.Parse(TimeFormat, r.Date)
		if err != nil || r.ID == "" {
			return nil, damaged("deleted records of %s: %q deleted at %q", object, r.ID, r.Date)
		}
		d.Records = append(d.Records, Deletion{r.ID, at.UTC()})
	}
	return d, nil
}
