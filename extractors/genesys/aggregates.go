package genesys

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trunkline/pipeline"
)

// aggregateQuery asks what the source itself counts in a span of time.
type aggregateQuery struct {
	Interval      string   `json:"interval"`
	Granularity   string   `json:"granularity,omitzero"`
	GroupBy       []string `json:"groupBy,omitempty"`
	Metrics       []string `json:"metrics"`
	TimeDimension string   `json:"alternateTimeDimension,omitzero"`
}

// aggregate is the answer: a group, and its metrics in each interval.
type aggregate struct {
	Results []struct {
		Group jsontext.Value `json:"group"`
		Data  []struct {
			Interval string         `json:"interval"`
			Metrics  jsontext.Value `json:"metrics"`
		} `json:"data"`
	} `json:"results"`
}

// aggregates reads the window a day at a time. The cursor is the time up to which it was read.
func (x *Extractor) aggregates(ctx context.Context, w pipeline.Window, cursor string, emit func([]pipeline.Record, string) error) error {
	if w.To.IsZero() {
		w.To = time.Now().UTC().Truncate(time.Hour)
	}
	if w.From.IsZero() || !w.From.Before(w.To) {
		return misuse("aggregates can only be read between two given times")
	}
	from := w.From
	if t, err := time.Parse(time.RFC3339, cursor); err == nil && t.After(w.From) && !t.After(w.To) {
		from = t
	}
	for from.Before(w.To) {
		to := from.Add(24 * time.Hour)
		if to.After(w.To) {
			to = w.To
		}
		records, err := x.aggregatesOf(ctx, from, to)
		if err != nil {
			return err
		}
		if len(records) > 0 {
			if err := emit(records, stamp(to)); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

func (x *Extractor) aggregatesOf(ctx context.Context, from, to time.Time) ([]pipeline.Record, error) {
	query := aggregateQuery{
		Interval: interval(from, to), Granularity: x.config.Granularity, GroupBy: []string{"queueId", "mediaType"},
		Metrics: []string{
			"nOffered", "tAnswered", "tAbandon", "tFlowOut", "nOverSla", "tHandle", "tTalkComplete", "tHeldComplete", "tAcw", "nTransferred",
		},
	}
	var answer aggregate
	if err := x.post(ctx, "/analytics/conversations/aggregates/query", query, into(&answer)); err != nil {
		return nil, explain("read the aggregates of "+query.Interval, err)
	}
	var records []pipeline.Record
	for _, result := range answer.Results {
		var group struct {
			Queue string `json:"queueId"`
			Media string `json:"mediaType"`
		}
		if err := json.Unmarshal(result.Group, &group, lenient); err != nil {
			return nil, explain("read the aggregates of "+query.Interval, fmt.Errorf("group: %w", err))
		}
		for _, d := range result.Data {
			start, _, _ := strings.Cut(d.Interval, "/")
			at, _ := time.Parse(time.RFC3339, start) // a date that cannot be read is the transform's to judge
			body, err := json.Marshal(map[string]any{"interval": d.Interval, "group": result.Group, "metrics": d.Metrics}, lenient, json.Deterministic(true))
			if err != nil {
				return nil, explain("read the aggregates of "+query.Interval, err)
			}
			records = append(records, pipeline.Record{Key: d.Interval + "|" + group.Queue + "|" + group.Media, At: at.UTC(), Body: body})
		}
	}
	return records, nil
}
