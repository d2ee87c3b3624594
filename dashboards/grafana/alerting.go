package grafana

import (
	"bytes"
	"fmt"

	"github.com/goccy/go-yaml"
)

// rule is an alert rule: a query of one number, or of one for each text, and when it is too much.
type rule struct {
	name, title, query string
	summary, about     string
	severity           string
	hours              int    // how far back the query looks; it is asked for the time until now
	breach             string // gt or lt
	limit              float64
	noData             string // what it means that the query gives no row
}

// staleHours is how old a publication may be: a night may be late, but not left out.
const staleHours = 30

// rules gives the alert rules. They suppose a run every night.
func rules() []rule {
	return []rule{
		{
			name: "stale", title: "Trunkline: nothing was published for 30 hours", query: "alert_stale.sql", severity: "page",
			summary: "No view was published in the last 30 hours: what people look at is old.",
			about:   "See `trunkline status`, and the dashboard Pipeline health.",
			hours:   staleHours, breach: "lt", limit: 1, noData: "Alerting",
		},
		{
			name: "join-gate", title: "Trunkline: views are kept back by the join gate", query: "alert_gate.sql", severity: "ticket",
			summary: "{{ .Values.A }} views show older figures, or none: too many conversations cannot be tied to a customer.",
			about:   "The dashboard Join quality tells in front of which queues they come in. No outage: tell the owner of the data.",
			hours:   staleHours, breach: "gt", limit: 0, noData: "Alerting",
		},
		{
			name: "rejects", title: "Trunkline: too many records are rejected", query: "alert_rejects.sql", severity: "ticket",
			summary: "{{ .Labels.step }} rejected {{ humanizePercentage .Values.A }} of the records of the last 30 hours, more than 1 %.",
			about:   "`trunkline rejects` lists them with their reasons. The limit is that of `rejects.limit`: change both or none.",
			hours:   staleHours, breach: "gt", limit: 0.01, noData: "OK",
		},
		{
			name: "check", title: "Trunkline: a check failed", query: "alert_checks.sql", severity: "ticket",
			summary: "The check {{ .Labels.check_id }} failed in its newest run.",
			about:   "`etl_checks` has what was observed, the limit and a sentence; the dashboard Pipeline health shows it.",
			hours:   staleHours, breach: "gt", limit: 0, noData: "OK",
		},
	}
}

// alerting gives the file of alert rules. Grafana puts no environment variables into the model of a rule, so that the schema stands in
// the text of the query, and the data source's uid is the one that it is provisioned with.
func (w warehouse) alerting() ([]byte, error) {
	all := make([]any, 0, len(rules()))
	for _, r := range rules() {
		made, err := w.rule(r)
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", r.name, err)
		}
		all = append(all, made)
	}
	return document(yaml.MapSlice{
		{Key: "apiVersion", Value: 1},
		{Key: "groups", Value: []any{yaml.MapSlice{
			{Key: "orgId", Value: 1},
			{Key: "name", Value: "trunkline " + w.title},
			{Key: "folder", Value: folder},
			{Key: "interval", Value: "10m"},
			{Key: "rules", Value: all},
		}}},
	})
}

func (w warehouse) rule(r rule) (yaml.MapSlice, error) {
	text, err := w.render(r.query, w.schema, nil)
	if err != nil {
		return nil, err
	}
	asked := w.query(text, w.table)
	looked := yaml.MapSlice{{Key: "from", Value: r.hours * 3600}, {Key: "to", Value: 0}}
	return yaml.MapSlice{
		{Key: "uid", Value: w.uid() + "-" + r.name},
		{Key: "title", Value: r.title + " (" + w.title + ")"},
		{Key: "condition", Value: "B"},
		{Key: "data", Value: []any{
			yaml.MapSlice{
				{Key: "refId", Value: "A"},
				{Key: "relativeTimeRange", Value: looked},
				{Key: "datasourceUid", Value: w.uid()},
				{Key: "model", Value: map[string]any(asked)},
			},
			yaml.MapSlice{
				{Key: "refId", Value: "B"},
				{Key: "relativeTimeRange", Value: looked},
				{Key: "datasourceUid", Value: expressions},
				{Key: "model", Value: map[string]any{
					"refId": "B", "type": "threshold", "expression": "A",
					"conditions": []any{map[string]any{"evaluator": map[string]any{"type": r.breach, "params": []float64{r.limit}}}},
				}},
			},
		}},
		{Key: "for", Value: "10m"},
		{Key: "noDataState", Value: r.noData},
		{Key: "execErrState", Value: "Error"},
		{Key: "labels", Value: map[string]string{"severity": r.severity, "service": "trunkline"}},
		{Key: "annotations", Value: map[string]string{"summary": r.summary, "description": r.about}},
	}, nil
}

// expressions is Grafana's own data source that reckons with the answers of others.
const expressions = "__expr__"

// folder is where dashboards and rules are found in Grafana.
const folder = "Trunkline"

// document writes a YAML file.
func document(content yaml.MapSlice) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# Generated. docs/grafana.md tells where it goes and which environment variables it takes.\n")
	err := yaml.NewEncoder(&b, yaml.UseLiteralStyleIfMultiline(true), yaml.IndentSequence(true)).Encode(content)
	return b.Bytes(), err
}
