package genesys

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"trunkline/pipeline"
	"trunkline/schema"
)

// aggregate is what the source counts for one group in one interval.
type aggregate struct {
	Interval string `json:"interval"`
	Group    struct {
		QueueID   string `json:"queueId"`
		MediaType string `json:"mediaType"`
	} `json:"group"`
	Metrics []struct {
		Name  string `json:"metric"`
		Stats struct {
			Count *float64 `json:"count"`
			Sum   *float64 `json:"sum"`
		} `json:"stats"`
	} `json:"metrics"`
}

// readAggregates emits a row for each metric of each group and interval.
func readAggregates(in *pipeline.Inputs, emit func(...schema.Row) error) error {
	for item, err := range in.Records(aggregates) {
		if err != nil {
			return err
		}
		if err := emit(aggregateRows(in, item)...); err != nil {
			return err
		}
	}
	return nil
}

func aggregateRows(in *pipeline.Inputs, item pipeline.Item) []schema.Row {
	var a aggregate
	if err := json.Unmarshal(item.Body, &a, lenient); err != nil {
		return []schema.Row{reject(in, aggregates, item, undecodable(item.Body, err))}
	}
	from, to, ok := a.span()
	if !ok {
		return []schema.Row{reject(in, aggregates, item, flaw{
			"bad_date", fmt.Sprintf("interval is %s; right would be two dates like %s, with a slash between", quoted(item.Body, "/interval"), exampleDate),
		})}
	}
	rows := make([]schema.Row, 0, len(a.Metrics))
	for _, m := range a.Metrics {
		row := &schema.SourceAggregate{
			IntervalStart: from, IntervalEnd: to, QueueID: a.Group.QueueID, MediaType: a.Group.MediaType,
			Metric: m.Name, Count: whole(m.Stats.Count),
		}
		if strings.HasPrefix(m.Name, "t") { // only times have a sum of their own; a count's is the count
			row.Sum = whole(m.Stats.Sum)
		}
		rows = append(rows, row)
	}
	return rows
}

func (a *aggregate) span() (from, to time.Time, ok bool) {
	first, second, _ := strings.Cut(a.Interval, "/")
	start, ok1 := parseDate(first)
	end, ok2 := parseDate(second)
	return time.UnixMilli(start).UTC(), time.UnixMilli(end).UTC(), ok1 && ok2
}

// whole makes a number of JSON, which knows no whole ones, a whole one.
func whole(f *float64) *int64 {
	if f == nil {
		return nil
	}
	return new(int64(math.Round(*f)))
}
