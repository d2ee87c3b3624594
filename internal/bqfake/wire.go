package bqfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// What a request may hold. A field that is not here is refused: either it is misspelt, or the fake must learn what it means.
type (
	wireJob struct {
		JobReference  wireJobReference  `json:"jobReference"`
		Configuration wireConfiguration `json:"configuration"`
	}
	wireJobReference struct {
		ProjectID string `json:"projectId"`
		JobID     string `json:"jobId"`
		Location  string `json:"location"`
	}
	wireConfiguration struct {
		Labels map[string]string `json:"labels"`
		DryRun bool              `json:"dryRun"`
		Load   *wireLoad         `json:"load"`
		Query  *wireQuery        `json:"query"`
	}
	wireLoad struct {
		CreateDisposition string      `json:"createDisposition"`
		WriteDisposition  string      `json:"writeDisposition"`
		DestinationTable  wireTable   `json:"destinationTable"`
		Schema            *wireSchema `json:"schema"`
		SourceFormat      string      `json:"sourceFormat"`
	}
	wireTable struct {
		ProjectID string `json:"projectId"`
		DatasetID string `json:"datasetId"`
		TableID   string `json:"tableId"`
	}
	wireSchema struct {
		Fields []wireField `json:"fields"`
	}
	wireField struct {
		Name        string `json:"name"`
		Type        string `json:"type"`
		Mode        string `json:"mode"`
		Description string `json:"description"`
	}
	wireQuery struct {
		Query              string          `json:"query"`
		DefaultDataset     *wireDatasetRef `json:"defaultDataset"`
		UseLegacySQL       *bool           `json:"useLegacySql"`
		UseQueryCache      *bool           `json:"useQueryCache"`
		MaximumBytesBilled string          `json:"maximumBytesBilled"`
		QueryParameters    []wireParameter `json:"queryParameters"`
	}
	wireDatasetRef struct {
		ProjectID string `json:"projectId"`
		DatasetID string `json:"datasetId"`
	}
	wireParameter struct {
		Name  string    `json:"name"`
		Type  wireType  `json:"parameterType"`
		Value wireValue `json:"parameterValue"`
	}
	wireType struct {
		Type      string    `json:"type"`
		ArrayType *wireType `json:"arrayType"`
	}
	wireValue struct {
		Value       *string     `json:"value"`
		ArrayValues []wireValue `json:"arrayValues"`
	}
	wireDataset struct {
		DatasetReference         wireDatasetRef    `json:"datasetReference"`
		Location                 string            `json:"location"`
		Description              string            `json:"description"`
		DefaultTableExpirationMs string            `json:"defaultTableExpirationMs"`
		Labels                   map[string]string `json:"labels"`
	}
	wireDatasetPatch struct {
		Access []json.RawMessage `json:"access"`
	}
)

// decode reads a body that may hold nothing but what is known.
func decode(body io.Reader, into any) error {
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return bad("Invalid JSON payload received: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return bad("Invalid JSON payload received: something follows it")
	}
	return nil
}

// parameter gives a parameter's value: nil, string, int64, float64, bool or []string; a timestamp stays the text that was sent.
func (p wireParameter) value() (any, error) {
	if p.Type.Type == "ARRAY" {
		all := []string{}
		for _, v := range p.Value.ArrayValues {
			if v.Value == nil || p.Type.ArrayType == nil || p.Type.ArrayType.Type != "STRING" {
				return nil, bad("Parameter %s: only arrays of texts are known", p.Name)
			}
			all = append(all, *v.Value)
		}
		return all, nil
	}
	if p.Value.Value == nil {
		return nil, nil
	}
	text := *p.Value.Value
	var v any = text
	var err error
	switch p.Type.Type {
	case "STRING", "TIMESTAMP":
	case "INT64":
		v, err = strconv.ParseInt(text, 10, 64)
	case "FLOAT64":
		v, err = strconv.ParseFloat(text, 64)
	case "BOOL":
		v, err = strconv.ParseBool(text)
	default:
		err = fmt.Errorf("unknown type %q", p.Type.Type)
	}
	if err != nil {
		return nil, bad("Parameter %s: %v", p.Name, err)
	}
	return v, nil
}

var (
	goodJobID = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	goodTable = regexp.MustCompile(`^\w+$`)
	goodKey   = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)
	goodLabel = regexp.MustCompile(`^[a-z0-9_-]{0,63}$`)
)

const greatestQuery = 1 << 20 // bytes of a text

// check refuses what BigQuery refuses of a job before it runs.
func (j wireJob) check(project string) error {
	c := j.Configuration
	switch {
	case j.JobReference.ProjectID != project:
		return bad("Job of project %q", j.JobReference.ProjectID)
	case !goodJobID.MatchString(j.JobReference.JobID) || len(j.JobReference.JobID) > 1024:
		return bad("Invalid job ID %q", j.JobReference.JobID)
	case (c.Load == nil) == (c.Query == nil):
		return bad("A job must have exactly one configuration")
	case c.Query != nil && (c.Query.UseLegacySQL == nil || *c.Query.UseLegacySQL):
		return bad("The query is legacy SQL")
	case c.Query != nil && c.Query.Query == "":
		return bad("There is no query")
	case c.Query != nil && len(c.Query.Query) > greatestQuery:
		return bad("The query is too large: %d bytes", len(c.Query.Query))
	case c.Load != nil && !goodTable.MatchString(c.Load.DestinationTable.TableID):
		return bad("Invalid table ID %q", c.Load.DestinationTable.TableID)
	}
	for k, v := range c.Labels {
		if !goodKey.MatchString(k) || !goodLabel.MatchString(v) {
			return bad("Invalid label %s=%s", k, v)
		}
	}
	return nil
}

// compact gives a JSON text without its spaces.
func compact(text []byte) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, text) != nil {
		return text
	}
	return b.Bytes()
}
