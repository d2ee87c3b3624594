package genesys

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"golang.org/x/sync/errgroup"

	"trunkline/pipeline"
)

// A conversation is evaluated and its survey answered days or weeks after its end, rescored or retracted after that. Aggregates by
// event time tell which conversations that happened to; these are read again, whole, however old they are.

const (
	// scoreOverlap is how much before the window events are looked for, and at most behind it: aggregates may be late, too.
	scoreOverlap = 24 * time.Hour
	// scoredAtOnce is how many conversations one details job is asked for, shownAtOnce one call for their dates.
	scoredAtOnce, shownAtOnce = 100, 50
)

// judgement is a kind of score.
type judgement struct {
	name    string // in the plural
	path    string
	metrics []string // those that say that something happened
}

var judgements = []judgement{
	{"evaluations", "/analytics/evaluations/aggregates/query", []string{"nEvaluations", "nEvaluationsDeleted", "nEvaluationsRescored", "oTotalScore"}},
	{"surveys", "/analytics/surveys/aggregates/query", []string{
		"nSurveysSent", "nSurveysStarted", "nSurveyResponses", "nSurveyPartialResponses", "nSurveysAbandoned", "nSurveysExpired",
		"nSurveysDeleted", "nSurveyErrors", "oSurveyTotalScore",
	}},
}

// scored is a conversation whose scores changed.
type scored struct {
	id    string
	start time.Time
}

func (s scored) compare(t scored) int {
	return cmp.Or(s.start.Compare(t.start), cmp.Compare(s.id, t.id))
}

// scores reads the conversations whose scores changed in the window and that the conversations of the same run do not bring anyway:
// those that began before it. The window begins with the overlap. Kinds of scores that the client may not see are warnings.
func (x *Extractor) scores(ctx context.Context, w pipeline.Window, cursor string, emit func([]pipeline.Record, string) error) error {
	if w.From.IsZero() || w.To.IsZero() {
		return misuse("scores can only be read between two given times")
	}
	complete, err := x.awaitData(ctx, w.To)
	if err != nil {
		return err
	}
	until := w.To.Add(scoreOverlap)
	if complete.Before(until) {
		until = complete
	}
	ids, warnings, err := x.judged(ctx, pipeline.Window{From: w.From, To: until})
	if err != nil {
		return err
	}
	old, missing, err := x.begun(ctx, ids, w.From.Add(scoreOverlap))
	if err != nil {
		return err
	}
	if behind, ok := parseScored(cursor, w); ok {
		old = slices.DeleteFunc(old, func(s scored) bool { return s.compare(behind) <= 0 })
	}
	hidden, err := x.scoredConversations(ctx, w, old, emit)
	if err != nil {
		return err
	}
	if missing = append(missing, hidden...); len(missing) > 0 {
		warnings = append(warnings, &pipeline.Error{
			Code: "TL4140", Kind: pipeline.Gone,
			What: fmt.Sprintf("genesys: read conversations with new scores: %d are not shown, %s among them", len(missing), missing[0]),
			Cure: "They were deleted, or belong to a division that the client's role does not cover",
		})
	}
	if len(warnings) > 0 {
		return warnings
	}
	return nil
}

// judged asks which conversations were judged in a span of time.
func (x *Extractor) judged(ctx context.Context, w pipeline.Window) (ids []string, lacking pipeline.Warnings, err error) {
	for _, j := range judgements {
		of, err := x.judgedBy(ctx, j, w)
		if hasStatus(err, http.StatusForbidden) {
			var known *pipeline.Error
			errors.As(err, &known)
			lacking = append(lacking, &pipeline.Error{
				Code: "TL4140", Kind: pipeline.Denied, What: "genesys: find late " + j.name, Err: known.Err, Cure: known.Cure,
			})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		ids = append(ids, of...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), lacking, nil
}

// judgedBy asks for one kind of scores, a day at a time.
func (x *Extractor) judgedBy(ctx context.Context, j judgement, w pipeline.Window) ([]string, error) {
	var ids []string
	for from := w.From; from.Before(w.To); from = from.Add(24 * time.Hour) {
		to := from.Add(24 * time.Hour)
		if w.To.Before(to) {
			to = w.To
		}
		query := aggregateQuery{
			Interval: interval(from, to), GroupBy: []string{"conversationId"}, Metrics: j.metrics, TimeDimension: "eventTime",
		}
		var answer struct {
			Results []struct {
				Group struct {
					ID string `json:"conversationId"`
				} `json:"group"`
			} `json:"results"`
		}
		if err := x.post(ctx, j.path, query, into(&answer)); err != nil {
			return nil, explain("find the "+j.name+" of "+query.Interval, err)
		}
		for _, r := range answer.Results {
			if r.Group.ID != "" { // scores that belong to no conversation are no business of ours
				ids = append(ids, r.Group.ID)
			}
		}
	}
	return ids, nil
}

// begun gives those of the conversations that began before a time, by their begin, and those that are not shown.
func (x *Extractor) begun(ctx context.Context, ids []string, before time.Time) (old []scored, missing []string, err error) {
	for some := range slices.Chunk(ids, shownAtOnce) {
		var shown page
		path := "/analytics/conversations/details?id=" + url.QueryEscape(strings.Join(some, ","))
		if err := x.get(ctx, path, func(body []byte) error { return shown.read(body, conversation) }); err != nil {
			return nil, nil, explain("read the dates of conversations with new scores", err)
		}
		starts := map[string]time.Time{}
		for _, r := range shown.records {
			starts[r.Key] = r.At
		}
		for _, id := range some {
			switch start := starts[id]; {
			case start.IsZero():
				missing = append(missing, id)
			case start.Before(before):
				old = append(old, scored{id, start})
			}
		}
	}
	slices.SortFunc(old, scored.compare)
	return old, missing, nil
}

// scoredConversations reads conversations from details jobs, which give them as those of a night, and tells which of them none gave.
func (x *Extractor) scoredConversations(ctx context.Context, w pipeline.Window, old []scored, emit func([]pipeline.Record, string) error) (hidden []string, err error) {
	behind := ""
	for some := range slices.Chunk(batches(old), x.config.Parallel) {
		if err := x.submitAll(ctx, some); err != nil {
			return nil, err
		}
		for _, p := range some {
			got := map[string]bool{}
			err := x.job(ctx, p, func(p part, page []pipeline.Record) error {
				for _, r := range page {
					got[r.Key] = true
				}
				if p.Done {
					behind = scoredCursor(w, scored{p.IDs[len(p.IDs)-1], p.To.Add(-time.Second)})
				}
				if len(page) == 0 {
					return nil
				}
				return emit(page, behind)
			})
			if err != nil {
				return nil, err
			}
			for _, id := range p.IDs {
				if !got[id] {
					hidden = append(hidden, id)
				}
			}
		}
	}
	return hidden, nil
}

// submitAll submits jobs at once: they ripen while others are read.
func (x *Extractor) submitAll(ctx context.Context, parts []part) error {
	group, ctx := errgroup.WithContext(ctx)
	for i := range parts {
		group.Go(func() error { return x.submit(ctx, &parts[i]) })
	}
	return group.Wait()
}

// batches makes parts of conversations given by their begin, of so many each and none longer than a week: each is alive when it begins.
func batches(all []scored) []part {
	var parts []part
	for _, s := range all {
		last := len(parts) - 1
		if last < 0 || len(parts[last].IDs) == scoredAtOnce || s.start.Sub(parts[last].From) > oneWeek {
			parts = append(parts, part{From: s.start})
			last++
		}
		p := &parts[last]
		p.IDs, p.To = append(p.IDs, s.id), s.start.Add(time.Second)
	}
	return parts
}

// scoredPlace is a cursor: everything up to a conversation, by begin, was read of a window.
type scoredPlace struct {
	Window pipeline.Window `json:"scores"`
	ID     string          `json:"id"`
	Start  time.Time       `json:"start"`
}

func scoredCursor(w pipeline.Window, s scored) string {
	text, err := json.Marshal(scoredPlace{w, s.id, s.start})
	if err != nil { // texts and times alone
		return ""
	}
	return string(text)
}

func parseScored(cursor string, w pipeline.Window) (scored, bool) {
	var p scoredPlace
	if json.Unmarshal([]byte(cursor), &p) != nil || p.ID == "" || !p.Window.From.Equal(w.From) || !p.Window.To.Equal(w.To) {
		return scored{}, false
	}
	return scored{p.ID, p.Start}, true
}
