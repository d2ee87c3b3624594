package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"time"

	"trunkline/pipeline"
)

// runsBody is what Runs shows: the runs, and the steps of one of them.
type runsBody struct {
	Hidden bool // the role's file has no runs
	Runs   []runRow
	Run    *runDetail
	Older  int
	Told   *journalBody // how the newest runs ended; nil: not told
}

type runRow struct {
	ID, Link, Window, Began                string
	Here                                   bool
	Steps, In, Out, Rejected, Calls, Bytes figure
	Took                                   figure
	Bar                                    template.HTML
}

// runDetail is one run.
type runDetail struct {
	ID, Began, Ended, Version string
	Took                      figure
	Steps                     []stepRow
	Published                 bool // the step publish is among them
}

type stepRow struct {
	Step, Status, Began                              string
	Took, In, Out, Rejected, Calls, Retries, Waiting figure
	Bytes                                            figure
	Drawing                                          template.HTML
	Manifest                                         string
}

// mostRuns is how many runs are listed.
const mostRuns = 30

// runs fills the page of runs.
func (s *Site) runs(ctx context.Context, v *visit) (any, error) {
	if v.snap.columns["etl_runs"] == nil {
		return runsBody{Hidden: true}, nil
	}
	rows, err := v.snap.rows(ctx, `select run_id, min(started_at) as began, max(ended_at) as ended, count(*) as steps,
    sum(date_diff('microsecond', started_at, ended_at)) / 1000.0 as took, coalesce(max(interval_end) filter (where step in ('audit', 'load/warehouse')), max(interval_end)) as window_to,
    sum(rows_out) filter (where step like 'extract/%') as read, sum(rows_out) filter (where step like 'transform/%') as made,
    sum(rows_rejected) as rejected, sum(api_calls) as calls, sum(bytes) as bytes
from published.main.etl_runs
group by 1
order by 2 desc, 1 desc`)
	told := v.journal(ctx)
	if err != nil || len(rows) == 0 {
		return runsBody{Told: told}, err
	}
	chosen := rows[0].text("run_id")
	if wanted := v.query.Get("run"); wanted != "" {
		found := false
		for _, r := range rows {
			found = found || r.text("run_id") == wanted
		}
		if found {
			chosen = wanted
		} else {
			v.ignore("run=%s is ignored. There is no such run, so that the newest is shown", clipped(wanted))
		}
	}
	body := runsBody{Older: max(0, len(rows)-mostRuns), Told: told}
	longest := 0.0
	for _, r := range rows[:min(len(rows), mostRuns)] {
		longest = max(longest, r.whole("took"))
	}
	for _, r := range rows[:min(len(rows), mostRuns)] {
		body.Runs = append(body.Runs, v.run(r, longest, chosen))
	}
	body.Run, err = v.detail(ctx, chosen)
	return body, err
}

func (v *visit) run(r record, longest float64, chosen string) runRow {
	id := r.text("run_id")
	row := runRow{
		ID: id, Here: id == chosen, Began: v.site.moment(r.at("began")), Window: v.window(id, r.at("window_to")),
		Steps: number("", r.number("steps")), In: number("", r.number("read")), Out: number("", r.number("made")), Rejected: number("", r.number("rejected")),
		Calls: number("", r.number("calls")), Bytes: bytesOf(r.number("bytes")), Took: number("ms", r.number("took")), Bar: bar(r.number("took"), longest, ""),
	}
	if !v.static {
		row.Link = v.link("runs", map[string][]string{"run": {id}})
	}
	return row
}

// window writes the days that a run was for: it may have read others again.
func (v *visit) window(id string, to time.Time) string {
	_, from, err := pipeline.ParseRunID(id)
	if err != nil || to.IsZero() {
		return id
	}
	first, last := from.In(v.site.config.Location), to.In(v.site.config.Location).Add(-time.Second)
	if first.Format(time.DateOnly) == last.Format(time.DateOnly) {
		return day(last)
	}
	return shortDay(first) + " to " + day(last)
}

// detail reads the steps of a run in the order in which they began, each with its place in the run's time.
func (v *visit) detail(ctx context.Context, id string) (*runDetail, error) {
	rows, err := v.snap.rows(ctx, `select *, date_diff('microsecond', started_at, ended_at) / 1000.0 as took
from published.main.etl_runs
where run_id = ?
order by started_at, step`, id)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	begin, end := rows[0].at("started_at"), rows[0].at("ended_at")
	for _, r := range rows {
		if r.at("ended_at").After(end) {
			end = r.at("ended_at")
		}
	}
	took := float64(end.Sub(begin).Microseconds()) / 1000
	d := &runDetail{ID: id, Began: v.site.moment(begin), Ended: v.site.moment(end), Version: rows[0].text("code_version"), Took: number("ms", &took)}
	for _, r := range rows {
		d.Published = d.Published || r.text("step") == pipeline.StagePublish
		d.Steps = append(d.Steps, stepRow{
			Step: r.text("step"), Status: r.text("status"), Began: r.at("started_at").In(v.site.config.Location).Format("15:04:05"),
			Took: number("ms", r.number("took")), In: number("", r.number("rows_in")), Out: number("", r.number("rows_out")),
			Rejected: number("", r.number("rows_rejected")), Calls: number("", r.number("api_calls")), Retries: number("", r.number("api_retries")),
			Waiting: number("ms", r.number("throttled_ms")), Bytes: bytesOf(r.number("bytes")),
			Drawing:  within(r.at("started_at").Sub(begin), r.at("ended_at").Sub(begin), end.Sub(begin)),
			Manifest: indented(r.text("manifest")),
		})
	}
	return d, nil
}

// within draws a step's place in the time of its run.
func within(from, to, all time.Duration) template.HTML {
	if all <= 0 {
		return ""
	}
	x := 100 * float64(from) / float64(all)
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers only
		`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="10"/><rect class="fill" x="%.2f" width="%.2f" height="10"/></svg>`,
		min(x, 99), max(1, 100*float64(to-from)/float64(all))))
}

// indented writes JSON so that people can read it; what is none is left as it is.
func indented(text string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(text), "", "  ") != nil {
		return text
	}
	return b.String()
}

// bytesOf is a size as people read it.
func bytesOf(v *float64) figure {
	f := number("", v)
	if v == nil {
		return f
	}
	n := *v
	for _, unit := range []string{"B", "kB", "MB", "GB"} {
		if n < 1000 || unit == "GB" {
			decimals := 0
			if n < 10 && unit != "B" {
				decimals = 1
			}
			f.Text = commas(n, decimals) + nbsp + unit
			break
		}
		n /= 1000
	}
	return f
}
