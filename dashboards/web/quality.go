package web

import (
	"context"
	"fmt"
	"html/template"
	"math"
	"strings"
)

// qualityBody is what Quality shows: how far the figures can be trusted. Parts that the file does not hold are nil.
type qualityBody struct {
	Trend   *trend
	Origins *origins
	Bias    []biasRow
	Bounds  []boundGroup
	Checks  *checks
	Rejects *rejects
	Views   []viewState
	Empty   bool
}

// origins is where contacts without a known customer come in.
type origins struct {
	From string
	Rows []originRow
}

type originRow struct {
	Queue, Medium, Key                string
	All, NoID, Malformed, Orphan, Pct figure
	Bar                               template.HTML
}

// biasRow is one characteristic of which the matched differ from the others, or not.
type biasRow struct {
	What, Key          string
	Matched, Unmatched figure
	N                  figure
	Difference         figure
	Swing              template.HTML
	Unbalanced         bool
}

// boundGroup is the bounds of one figure.
type boundGroup struct {
	Title string
	Rows  []boundRow
}

type boundRow struct {
	Segment, Key    string
	Rate, Low, High figure
	N               figure
	Drawing         template.HTML
}

// checks is what the newest run has checked.
type checks struct {
	Run, At string
	Failed  int
	Rows    []checkRow
	History []checkRun
}

type checkRow struct {
	ID, Scope, Severity, Status, Message string
	Observed, Limit                      figure
	Also                                 []string // scopes of which the same is to be said
}

// Scopes is of how many the same is said.
func (c *checkRow) Scopes() int { return 1 + len(c.Also) }

// again takes in a check that says the same of another scope, if it is one that is well.
func (c *checkRow) again(r record) bool {
	same := c.ID == r.text("check_id") && c.Status == "pass" && r.text("status") == "pass" && c.Message == r.text("message")
	if same {
		c.Also = append(c.Also, r.text("scope"))
	}
	return same
}

type checkRun struct {
	Run, At, Failing     string
	Passed, Failed, Waiv figure
}

// rejects is what could not become rows.
type rejects struct {
	Total figure
	Rows  []rejectRow
	Query string // that lists the same
}

// openRejects lists what the page counts, whichever run met it.
const openRejects = "select source, entity, reason_code, natural_key, max(run_id) as run from etl_rejects where resolved_at is null group by all"

type rejectRow struct {
	Run, Source, Entity, Reason, Message string
	N                                    figure
}

// viewState is what a view shows.
type viewState struct{ View, Title, State, Run, At, Reason string }

// quality fills the page of what can be trusted.
func (s *Site) quality(ctx context.Context, v *visit) (any, error) {
	body := &qualityBody{}
	for _, read := range []func(context.Context, *visit) error{body.join, body.bias, body.bounds, body.checks, body.rejects, body.views} {
		if err := read(ctx, v); err != nil {
			return nil, err
		}
	}
	body.Empty = body.Trend == nil && body.Checks == nil && len(body.Bias) == 0
	return body, nil
}

// join reads the audit: its course, and where what is missing comes in.
func (b *qualityBody) join(ctx context.Context, v *visit) error {
	c := v.snap.cubes["join_quality_daily"]
	m := c.measure("unidentified_pct")
	if m == nil || !v.snap.span.any {
		return nil
	}
	days := daysOf(v.snap.span.last, 91, v.snap.span.first)
	chart := &chart{Unit: m.Unit, Days: days, Series: []series{{Name: m.Title, Values: c.along(*m, "", days)}}, Alone: true}
	if v.Banner != nil && v.Banner.Limit.Raw != "" {
		var limit float64
		if _, err := fmt.Sscan(v.Banner.Limit.Raw, &limit); err == nil {
			chart.Limit, chart.Name = &limit, "limit, over 30 days"
		}
	}
	b.Trend = &trend{Title: m.Title, View: c.view.Name, Column: m.Name, Chart: chart}
	b.Trend.table()
	return b.origins(ctx, v)
}

func (b *qualityBody) origins(ctx context.Context, v *visit) error {
	c := v.snap.cubes["join_quality_daily"]
	days := daysOf(v.snap.span.last, 30, v.snap.span.first)
	from := days[0]
	rows, err := v.snap.rows(ctx, `select queue_name, media_type, sum(total_contacts) as n, sum(no_id) as no_id, sum(malformed) as malformed, sum(orphan) as orphan, `+
		c.measure("unidentified_pct").Over(v.site.dialect)+` as pct
from memory.main.join_quality_daily
where cast(business_date as date) between cast(? as date) and cast(? as date)
group by 1, 2
order by sum(no_id) + sum(malformed) + sum(orphan) desc, 1 nulls last, 2
limit 12`, iso(from), iso(v.snap.span.last))
	if err != nil {
		return err
	}
	b.Origins = &origins{From: day(from)}
	for _, r := range rows {
		b.Origins.Rows = append(b.Origins.Rows, originRow{
			Queue: named("queue_name", r.text("queue_name")), Medium: r.text("media_type"), Key: r.text("queue_name") + "/" + r.text("media_type"),
			All: number("", r.number("n")), NoID: number("", r.number("no_id")), Malformed: number("", r.number("malformed")),
			Orphan: number("", r.number("orphan")), Pct: number("percent", r.number("pct")), Bar: bar(r.number("pct"), 100, "soft"),
		})
	}
	return nil
}

// bias reads how the matched differ from the others: what is out of balance first, then the greatest of what is not.
func (b *qualityBody) bias(ctx context.Context, v *visit) error {
	if !v.snap.cubes["match_bias"].has("standardised_difference") {
		return nil
	}
	rows, err := v.snap.rows(ctx, `select *
from memory.main.match_bias
where standardised_difference is not null
order by abs(standardised_difference) desc, characteristic, kind
limit 12`)
	if err != nil {
		return err
	}
	for _, r := range rows {
		what := called(strings.TrimSuffix(r.text("characteristic"), "_ms"))
		unit := "percent"
		matched, unmatched := r.number("matched_mean"), r.number("unmatched_mean")
		if strings.HasSuffix(r.text("characteristic"), "_ms") {
			unit = "ms"
		} else {
			matched, unmatched = times(matched, 100), times(unmatched, 100)
			what += ": " + r.text("kind")
		}
		n := r.whole("matched_known") + r.whole("unmatched_known")
		class := ""
		if r.is("is_unbalanced") {
			class = "bad"
		}
		difference := number("deviations", r.number("standardised_difference"))
		b.Bias = append(b.Bias, biasRow{
			What: what, Key: r.text("characteristic") + "/" + r.text("kind"), Matched: number(unit, matched), Unmatched: number(unit, unmatched),
			N: amount(n), Difference: difference, Swing: swing(r.number("standardised_difference"), 0.5, class), Unbalanced: r.is("is_unbalanced"),
		})
	}
	return nil
}

func times(v *float64, by float64) *float64 {
	if v == nil {
		return nil
	}
	f := math.Round(*v*by*1e6) / 1e6
	return &f
}

func (b *qualityBody) bounds(ctx context.Context, v *visit) error {
	if !v.snap.cubes["crm_kpi_bounds"].has("lower_pct") {
		return nil
	}
	rows, err := v.snap.rows(ctx, "select * from memory.main.crm_kpi_bounds order by kpi desc, rate_pct desc nulls last, segment")
	if err != nil {
		return err
	}
	last := ""
	for _, r := range rows {
		if kpi := r.text("kpi"); kpi != last {
			title := called(strings.TrimSuffix(kpi, "_rate_pct")) + " by " + strings.ToLower(called(r.text("dimension")))
			b.Bounds, last = append(b.Bounds, boundGroup{Title: title}), kpi
		}
		g := &b.Bounds[len(b.Bounds)-1]
		g.Rows = append(g.Rows, boundRow{
			Segment: identified(r.text("dimension"), r.text("segment")), Key: r.text("segment"), Rate: number("percent", r.number("rate_pct")),
			Low: number("percent", r.number("lower_pct")), High: number("percent", r.number("upper_pct")), N: number("", r.number("matched_contacts")),
			Drawing: interval(r.number("lower_pct"), r.number("rate_pct"), r.number("upper_pct"), 100),
		})
	}
	return nil
}

// identified names a group of known customers. Those without a tier or industry are fewer than the contacts of which it is not known,
// which are most of them of customers that are not known either.
func identified(dimension, segment string) string {
	if segment != "" {
		return segment
	}
	return "identified, no " + strings.TrimPrefix(dimension, "customer_")
}

func (b *qualityBody) checks(ctx context.Context, v *visit) error {
	if v.snap.columns["etl_checks"] == nil {
		return nil
	}
	rows, err := v.snap.rows(ctx, `select *
from published.main.etl_checks
where run_id = (select run_id from published.main.etl_checks order by checked_at desc, run_id desc limit 1)
order by case status when 'fail' then 0 when 'waived' then 1 else 2 end, case severity when 'gate' then 0 else 1 end, check_id, scope`)
	if err != nil || len(rows) == 0 {
		return err
	}
	b.Checks = &checks{Run: rows[0].text("run_id"), At: v.site.moment(rows[0].at("checked_at"))}
	for _, r := range rows {
		if r.text("status") == "fail" {
			b.Checks.Failed++
		}
		if n := len(b.Checks.Rows); n > 0 && b.Checks.Rows[n-1].again(r) {
			continue
		}
		b.Checks.Rows = append(b.Checks.Rows, checkRow{
			ID: r.text("check_id"), Scope: r.text("scope"), Severity: r.text("severity"), Status: r.text("status"), Message: r.text("message"),
			Observed: number("score", r.number("observed")), Limit: number("score", r.number("threshold")),
		})
	}
	history, err := v.snap.rows(ctx, `select run_id, max(checked_at) as at, count(*) filter (where status = 'pass') as passed,
    count(*) filter (where status = 'fail') as failed, count(*) filter (where status = 'waived') as waived,
    string_agg(distinct check_id, ', ' order by check_id) filter (where status = 'fail') as failing
from published.main.etl_checks
group by 1
order by 2 desc, 1 desc
limit 10`)
	for _, r := range history {
		b.Checks.History = append(b.Checks.History, checkRun{
			Run: r.text("run_id"), At: v.site.moment(r.at("at")), Failing: r.text("failing"), Passed: number("", r.number("passed")),
			Failed: number("", r.number("failed")), Waiv: number("", r.number("waived")),
		})
	}
	return err
}

// rejects reads what could not become rows and was not resolved since, by reason. A record that was read again is a row for each run,
// and counts once. A message may quote a value, so that only one stands for its kind.
func (b *qualityBody) rejects(ctx context.Context, v *visit) error {
	if v.snap.columns["etl_rejects"] == nil {
		return nil
	}
	rows, err := v.snap.rows(ctx, `select max(run_id) as run_id, source, entity, reason_code, arg_max(message, seen_at) as message, count(distinct natural_key) as n, sum(count(distinct natural_key)) over () as total
from published.main.etl_rejects
where resolved_at is null
group by source, entity, reason_code
order by n desc, source, entity, reason_code
limit 20`)
	if err != nil {
		return err
	}
	b.Rejects = &rejects{Total: amount(0), Query: openRejects}
	for _, r := range rows {
		b.Rejects.Total = number("", r.number("total"))
		b.Rejects.Rows = append(b.Rejects.Rows, rejectRow{
			Run: r.text("run_id"), Source: r.text("source"), Entity: r.text("entity"), Reason: r.text("reason_code"),
			Message: r.text("message"), N: number("", r.number("n")),
		})
	}
	return nil
}

// views tells of each view what it shows.
func (b *qualityBody) views(_ context.Context, v *visit) error {
	for i := range v.site.views {
		view := &v.site.views[i]
		p, ok := v.gate[view.Name]
		if !ok || v.Role != "" && v.snap.columns[view.Name] == nil { // not for the role: not even its name
			continue
		}
		b.Views = append(b.Views, viewState{View: view.Name, Title: view.Title, State: p.state, Run: p.run, At: v.site.moment(p.at), Reason: p.reason})
	}
	return nil
}
