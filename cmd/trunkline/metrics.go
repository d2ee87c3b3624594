package main

import (
	"context"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
	"trunkline/schema"
)

// metricRuns is of how many runs the metrics tell, the newest ones: what they say must not cost more the longer trunkline is in use.
const metricRuns = 8

// newMetrics gives a registry of what the newest nightly runs tell of themselves, read from the run store at this moment. It is what
// telemetry.metrics_file and telemetry.push_gateway get; /metrics of trunkline serve makes one at most every 10 s. Times are Unix seconds.
// What is not known has no series; an error is one of the run store.
func (c *Config) newMetrics(ctx context.Context, s store.Locked, now time.Time) (*prometheus.Registry, error) {
	steps, err := c.steps(false)
	if err != nil {
		return nil, err
	}
	journeys, err := c.readJourneys(ctx, s, metricRuns)
	if err != nil {
		return nil, err
	}
	registry := prometheus.NewRegistry()
	m := metrics{promauto.With(registry)}
	m.gauge("build_info", "The version of trunkline, always 1.", "version")(1, buildVersion())
	m.successes(steps, journeys)
	m.late(journeys, lastComplete(now, c.Organisation.location))
	m.watermarks(marks(steps, journeys, now))
	if len(journeys) == 0 {
		return registry, nil
	}
	last := journeys[len(journeys)-1]
	m.state(last)
	m.work(last)
	m.cost(last)
	m.audit(last)
	return registry, m.join(s, last)
}

// metrics makes series.
type metrics struct{ factory promauto.Factory }

// gauge declares a series and gives what sets it.
func (m metrics) gauge(name, help string, labels ...string) func(value float64, values ...string) {
	vector := m.factory.NewGaugeVec(prometheus.GaugeOpts{Namespace: "trunkline", Name: name, Help: help}, labels)
	return func(value float64, values ...string) { vector.WithLabelValues(values...).Set(value) }
}

// successes tells when each stage was last done whole.
func (m metrics) successes(steps []pipeline.Step, journeys []*journey) {
	set := m.gauge("run_last_success_timestamp_seconds", "When all steps of a stage were last done in a nightly run, whichever day it is of.", "stage")
	for _, stage := range pipeline.Stages() {
		var newest time.Time
		for _, j := range journeys {
			if at := j.didStage(steps, stage); at.After(newest) {
				newest = at
			}
		}
		if !newest.IsZero() {
			set(seconds(newest), stage)
		}
	}
}

// didStage tells when the last step of a stage was done; zero if one is to do.
func (j *journey) didStage(steps []pipeline.Step, stage string) time.Time {
	var at time.Time
	for _, s := range steps {
		if s.Stage != stage {
			continue
		}
		m := j.step(s.Name)
		if m == nil {
			return time.Time{}
		}
		if m.Finished.After(at) {
			at = m.Finished
		}
	}
	return at
}

// late tells what is missing or lost among the runs.
func (m metrics) late(journeys []*journey, lastDay Date) {
	missing := m.gauge("missing_runs", "Business days that have ended and are not published, since the oldest of the newest runs.")
	lost := m.gauge("lost_files", "Files of finished steps that the run store no longer has.")
	if len(journeys) == 0 {
		return
	}
	s := assess(journeys, lastDay)
	missing(float64(len(s.Missing)))
	lost(float64(len(s.Lost)))
}

// watermarks tells how far the warehouse is complete.
func (m metrics) watermarks(found []mark) {
	at := m.gauge("watermark_timestamp_seconds", "Up to when the warehouse is complete.", "source", "stream")
	lag := m.gauge("watermark_lag_seconds", "How far that was behind when this was written.", "source", "stream")
	for _, of := range found {
		if of.CompleteTo != nil {
			at(seconds(*of.CompleteTo), of.Source, of.Stream)
			lag(*of.LagSeconds, of.Source, of.Stream)
		}
	}
}

// states are what can become of a run, as trunkline runs names it.
func states() []string {
	return []string{"published", "gated", "partial", "failed", "stopped", "running", "interrupted", "unfinished"}
}

// state tells how the newest run stands.
func (m metrics) state(last *journey) {
	day := m.gauge("run_window_start_timestamp_seconds", "Begin of the newest run's window.")
	state := m.gauge("run_state", "1 for the state that the newest run is in, 0 for all others.", "state")
	exit := m.gauge("run_exit_code", "Exit code of the last command that worked on the newest run; no series while one is at work or its end is not known.")
	day(seconds(last.Window.From))
	for _, s := range states() {
		is := 0.0
		if s == last.State {
			is = 1
		}
		state(is, s)
	}
	switch {
	case last.State == "published" || last.State == "unfinished": // unfinished: the command did what it was asked for
		exit(exitOK)
	case len(last.Errors) > 0:
		exit(float64(last.Errors[0].Exit))
	}
}

// work tells what the newest run did.
func (m metrics) work(last *journey) {
	took := m.gauge("run_duration_seconds", "Time that the steps of a stage took in the newest run, together.", "stage")
	rows := m.gauge("run_rows", "Records or rows that a step of the newest run wrote.", "step")
	records := m.gauge("run_records", "Records that the newest run read, by what they are.", "source", "stream")
	rejects := m.gauge("run_rejects", "Records of the newest run that could not become rows.", "source", "stream")
	stages, read, rejected := map[string]time.Duration{}, map[string]int64{}, map[string]int64{}
	for _, done := range last.Steps {
		stage, _, _ := strings.Cut(done.Step, "/")
		stages[stage] += done.Finished.Sub(done.Started)
		rows(float64(done.Counters[pipeline.CountOut]), done.Step)
		for name, n := range done.Counters {
			if kind, ok := strings.CutPrefix(name, pipeline.CountRejectedOf); ok {
				rejected[kind] += n
			}
		}
		if stage != pipeline.StageExtract {
			continue
		}
		for _, f := range done.Files {
			if f.Kind != pipeline.KindNote {
				read[f.Kind] += f.Rows // several streams may have records of one kind
				rejected[f.Kind] += 0
			}
		}
	}
	for stage, d := range stages {
		took(d.Seconds(), stage)
	}
	byKind := func(set func(float64, ...string), counts map[string]int64) {
		for kind, n := range counts {
			source, stream, _ := strings.Cut(kind, ".")
			set(float64(n), source, stream)
		}
	}
	byKind(records, read)
	byKind(rejects, rejected)
}

// cost tells what the newest run asked of its sources.
func (m metrics) cost(last *journey) {
	requests := m.gauge("run_api_requests", "Calls that the newest run made to a source, repeated ones included.", "source", "stream")
	retries := m.gauge("run_api_retries", "Calls of the newest run that had to be repeated.", "source", "stream")
	throttled := m.gauge("run_throttled_seconds", "Time that the newest run waited for a source's rate limit.", "source", "stream")
	for _, done := range last.Steps {
		subject, ok := strings.CutPrefix(done.Step, pipeline.StageExtract+"/")
		calls, counted := done.Counters[pipeline.CountCalls]
		if !ok || !counted {
			continue
		}
		source, stream, _ := strings.Cut(subject, ".")
		requests(float64(calls), source, stream)
		retries(float64(done.Counters[pipeline.CountRetries]), source, stream)
		throttled(float64(done.Counters[pipeline.CountThrottled])/1000, source, stream)
	}
}

// audit tells what the newest run's last look at the tables found.
func (m metrics) audit(last *journey) {
	open := m.gauge("gate_open", "Whether the newest run's audit lets the views that need the CRM be published.")
	failed := m.gauge("audit_check_failed", "Whether a check of the newest run's audit failed, on one table at least.", "check", "severity")
	for _, name := range []string{pipeline.StagePublish, pipeline.StageAudit} { // publication asks once more
		done := last.step(name)
		if done == nil || done.Gate == nil {
			continue
		}
		open(truth(done.Gate.Open))
		for _, c := range failures(done.Checks) {
			failed(truth(c.Status == pipeline.StatusFail), c.ID, c.Severity)
		}
		return
	}
}

// failures gives each check once: where it was made of several tables, one that failed before one that passed.
func failures(checks []pipeline.CheckResult) map[string]pipeline.CheckResult {
	once := map[string]pipeline.CheckResult{}
	for _, c := range checks {
		if before, seen := once[c.ID]; !seen || before.Status != pipeline.StatusFail {
			once[c.ID] = c
		}
	}
	return once
}

// join tells which share of conversations have no known account: of the newest run's own, and of the 30 days that the gate goes by.
func (m metrics) join(s pipeline.Store, last *journey) error {
	share := m.gauge("join_null_ratio", "Share of conversations without a known CRM account: 1d of the newest run's own, 30d as the gate sees it.", "window")
	for _, name := range []string{pipeline.StageAudit, pipeline.StagePublish} {
		if done := last.step(name); done != nil {
			for _, c := range done.Checks {
				if c.ID == "join_rate" && c.Observed != nil {
					share(*c.Observed, "30d")
				}
			}
		}
	}
	done := last.step(pipeline.StageTransform + "/quality")
	if done == nil {
		return nil
	}
	var unknown, all float64
	for check, err := range pipeline.StepRows[*schema.Check](s, *done) {
		if err != nil {
			return err
		}
		if check.CheckID != "account_ids" || check.Observed == nil {
			continue
		}
		all += *check.Observed
		if check.Scope != "ok" && check.Scope != "merged" {
			unknown += *check.Observed
		}
	}
	if all > 0 {
		share(unknown/all, "1d")
	}
	return nil
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
