// Package lineage tells an OpenLineage server what jobs read and write: the events of the specification 2-0-2, of which it has the
// parts that a batch job fills, and a client that never holds a job up.
package lineage

import (
	"encoding/json"
	"time"
)

// The schemas that events and facets say they keep to.
const (
	spec   = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/"
	facets = "https://openlineage.io/spec/facets/"
)

// EventType is a transition of a job's run.
type EventType string

// The transitions. Each run has a Start and one of the others.
const (
	Start    EventType = "START"
	Complete EventType = "COMPLETE"
	Fail     EventType = "FAIL"
	Abort    EventType = "ABORT"
)

// Event is one transition of one run of a job.
type Event struct {
	Type     EventType
	Time     time.Time
	Producer string // address of what made the event
	Run      Run
	Job      Job
	Inputs   []Dataset
	Outputs  []Dataset
}

// Job is what runs, again and again.
type Job struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// Run is one attempt of a job. Zero fields are left out.
type Run struct {
	ID      string // a UUID
	Parent  *Parent
	From    time.Time // the time that it is about, not that at which it runs
	To      time.Time
	Version string // of what runs
	Error   string // why it failed
}

// Parent is the run that a run is part of.
type Parent struct {
	Job Job
	ID  string // a UUID
}

// Dataset is what a run reads or writes. Zero fields are left out.
type Dataset struct {
	Namespace string
	Name      string
	Fields    []Field     // its columns
	Written   *Statistics // of an output
	Checks    []Assertion // of an input
}

// Field is one column.
type Field struct {
	Name        string `json:"name"`
	Type        string `json:"type,omitempty"`
	Description string `json:"description,omitempty"`
}

// Statistics is how much a run wrote.
type Statistics struct {
	Rows  int64
	Bytes int64 // 0 is not known
}

// Assertion is what a check found.
type Assertion struct {
	Assertion string `json:"assertion"`
	Success   bool   `json:"success"`
}

// facet is one facet as it is sent.
type facet map[string]any

// MarshalJSON writes the event as the specification has it.
func (e Event) MarshalJSON() ([]byte, error) {
	of := func(schema string, f facet) facet {
		f["_producer"], f["_schemaURL"] = e.Producer, facets+schema
		return f
	}
	run := map[string]facet{}
	if p := e.Run.Parent; p != nil {
		run["parent"] = of("1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet", facet{"run": map[string]string{"runId": p.ID}, "job": p.Job})
	}
	if !e.Run.From.IsZero() && !e.Run.To.IsZero() {
		run["nominalTime"] = of("1-0-1/NominalTimeRunFacet.json#/$defs/NominalTimeRunFacet",
			facet{"nominalStartTime": e.Run.From.UTC(), "nominalEndTime": e.Run.To.UTC()})
	}
	if e.Run.Version != "" {
		run["processing_engine"] = of("1-1-1/ProcessingEngineRunFacet.json#/$defs/ProcessingEngineRunFacet",
			facet{"version": e.Run.Version, "name": e.Job.Namespace})
	}
	if e.Run.Error != "" {
		run["errorMessage"] = of("1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet",
			facet{"message": e.Run.Error, "programmingLanguage": "Go"})
	}
	datasets := func(all []Dataset) []facet {
		out := make([]facet, len(all))
		for i, d := range all {
			out[i] = d.sent(of)
		}
		return out
	}
	jobType := of("2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet", facet{"processingType": "BATCH", "integration": "TRUNKLINE", "jobType": "TASK"})
	return json.Marshal(facet{
		"eventType": e.Type, "eventTime": e.Time.UTC(), "producer": e.Producer, "schemaURL": spec + "RunEvent",
		"run":    facet{"runId": e.Run.ID, "facets": run},
		"job":    facet{"namespace": e.Job.Namespace, "name": e.Job.Name, "facets": map[string]facet{"jobType": jobType}},
		"inputs": datasets(e.Inputs), "outputs": datasets(e.Outputs),
	})
}

// sent gives a dataset as it is sent.
func (d Dataset) sent(of func(string, facet) facet) facet {
	out := facet{"namespace": d.Namespace, "name": d.Name}
	if len(d.Fields) > 0 {
		out["facets"] = facet{"schema": of("1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet", facet{"fields": d.Fields})}
	}
	if w := d.Written; w != nil {
		f := facet{"rowCount": w.Rows}
		if w.Bytes > 0 {
			f["size"] = w.Bytes
		}
		out["outputFacets"] = facet{"outputStatistics": of("1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet", f)}
	}
	if len(d.Checks) > 0 {
		out["inputFacets"] = facet{"dataQualityAssertions": of("1-1-0/DataQualityAssertionsDatasetFacet.json#/$defs/DataQualityAssertionsDatasetFacet",
			facet{"assertions": d.Checks})}
	}
	return out
}

// Same tells whether two datasets are one by their names.
func (d Dataset) Same(o Dataset) bool { return d.Namespace == o.Namespace && d.Name == o.Name }
