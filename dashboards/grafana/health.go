package grafana

import "strings"

// states are those of a published view.
var states = map[string]string{"current": "green", "kept": "orange", "withheld": "red"}

// outcomes are those of a check.
var outcomes = map[string]string{"pass": "green", "waived": "orange", "fail": "red"}

// pipelineHealth is the dashboard of those who run trunkline.
func pipelineHealth(w warehouse) (board, error) {
	b := board{
		name: "pipeline_health", title: "Trunkline: pipeline health", from: "now-7d/d",
		about: "Whether the nights ran, what they brought, what was rejected, and how new is what people look at.",
		rows:  []row{publishedRow(), checksRow(), stepsRow()},
	}
	return b, w.fill(&b, nil)
}

// publishedRow is what people look at.
func publishedRow() row {
	return row{title: "What people look at", panels: []panel{
		{
			kind: rows, title: "Published views", query: "publications.sql", unit: words,
			about: "Of each view, whose figures it shows and why it is not current. Kept and withheld views wait for the join gate.",
			fields: []field{
				{name: "view_name", title: "View", unit: words},
				{name: "state", title: "State", unit: words, colours: states},
				{name: "run_id", title: "Run", unit: words},
				{name: "published_at", title: "Published", unit: instant},
				{name: "reason", title: "Why", unit: words},
			},
		},
		{
			kind: rows, title: "Freshness", query: "freshness.sql", unit: words,
			about: "Of each source, the newest day, when it was last asked and when a row was last written (UTC).",
			fields: []field{
				{name: "source", title: "Source", unit: words},
				{name: "newest_business_date", title: "Newest day", unit: words},
				{name: "last_observed_at", title: "Asked", unit: instant},
				{name: "last_loaded_at", title: "Written", unit: instant},
				{name: "row_count", title: "Rows", unit: count},
				{name: "open_rows", title: "Open", unit: count},
				{name: "provisional_rows", title: "May still change", unit: count},
				{name: "last_run", title: "Run", unit: words},
			},
		},
	}}
}

// checksRow is what was found wrong.
func checksRow() row {
	return row{title: "Checks and rejects", panels: []panel{
		{
			kind: figure, title: "Checks that failed", query: "checks_failed.sql", unit: count,
			about: "Checks whose newest outcome in the chosen time is fail.",
		},
		{
			kind: figure, title: "Rejected records", query: "rejected.sql", unit: count,
			about: "Records met in the chosen time that could not become a row. Their payloads are in the run store; `trunkline rejects` lists them.",
		},
		{
			kind: rows, title: "Checks", query: "checks.sql", unit: words,
			about: "The newest outcome of each check in the chosen time.",
			fields: []field{
				{name: "checked_at", title: "When", unit: instant},
				{name: "check_id", title: "Check", unit: words},
				{name: "scope", title: "Of what", unit: words},
				{name: "severity", title: "Severity", unit: words},
				{name: "status", title: "Outcome", unit: words, colours: outcomes},
				{name: "observed", title: "Observed", unit: unit{"none", 3}},
				{name: "threshold", title: "Limit", unit: unit{"none", 3}},
				{name: "message", title: "In words", unit: words},
			},
		},
		{
			kind: rows, title: "Rejects by reason", query: "rejects.sql", unit: words,
			about: "Why records of each stream were rejected in the chosen time, with one of the messages.",
			fields: []field{
				{name: "source", title: "Source", unit: words},
				{name: "entity", title: "Stream", unit: words},
				{name: "reason_code", title: "Reason", unit: words},
				{name: "rejected", title: "Records", unit: count},
				{name: "last_seen", title: "Last met", unit: instant},
				{name: "example", title: "One of them", unit: words},
			},
		},
	}}
}

// stepsRow is what was done.
func stepsRow() row {
	return row{title: "Steps", panels: []panel{
		{kind: course, title: "Duration of steps", query: "step_seconds.sql", line: by("step"), unit: seconds, about: "How long each step took, at the time it was started."},
		{kind: course, title: "Rows written", query: "step_rows.sql", line: by("step"), unit: count, about: "Records or rows that each step wrote."},
		{
			kind: course, title: "Calls to the sources", query: "step_calls.sql", line: by("step"), unit: count,
			about: "Calls that each step made, the repeated ones included. Steps that call nobody are left out.",
		},
		{
			kind: rows, title: "Steps", query: "steps.sql", unit: words,
			about: "Every step that was finished in the chosen time, newest first.",
			fields: []field{
				{name: "started_at", title: "Started", unit: instant},
				{name: "run_id", title: "Run", unit: words},
				{name: "step", title: "Step", unit: words},
				{name: "status", title: "Status", unit: words, colours: map[string]string{"done": "green"}},
				{name: "seconds", title: "Took", unit: seconds},
				{name: "rows_in", title: "Read", unit: count},
				{name: "rows_out", title: "Written", unit: count},
				{name: "rows_rejected", title: "Rejected", unit: count},
				{name: "api_calls", title: "Calls", unit: count},
				{name: "api_retries", title: "Repeated", unit: count},
				{name: "throttled_ms", title: "Waited for the limit", unit: duration},
				{name: "code_version", title: "Version", unit: words},
			},
		},
		{
			kind: rows, title: "How far each stream is read", query: "watermarks.sql", unit: words,
			about: "Everything up to the watermark, by the source's clock, is loaded (UTC).",
			fields: []field{
				{name: "source", title: "Source", unit: words},
				{name: "entity", title: "Stream", unit: words},
				{name: "watermark", title: "Up to", unit: instant},
				{name: "observed_at", title: "Asked", unit: instant},
				{name: "run_id", title: "Run", unit: words},
			},
		},
	}}
}

// fill puts the text of its query into each panel that names a file.
func (w warehouse) fill(b *board, data any) error {
	for _, r := range b.rows {
		for i := range r.panels {
			if !strings.HasSuffix(r.panels[i].query, ".sql") {
				continue
			}
			text, err := w.text(r.panels[i].query, data)
			if err != nil {
				return err
			}
			r.panels[i].query = text
		}
	}
	return nil
}
