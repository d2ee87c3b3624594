package bigquery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/bigquery"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Audit puts every check to the tables by one query, and records the answers in etl_checks in one transaction.
func (l *Loader) Audit(ctx context.Context, a pipeline.Audit) ([]schema.Check, error) {
	results, err := l.audit(ctx, a)
	if err != nil {
		return nil, l.config.explain("audit "+a.Run, err)
	}
	return results, nil
}

func (l *Loader) audit(ctx context.Context, a pipeline.Audit) ([]schema.Check, error) {
	made, err := statements.Checks()
	if err != nil {
		return nil, err
	}
	present, err := l.catalogue(ctx)
	if err != nil {
		return nil, err
	}
	var tables []*schema.Table
	for _, t := range schema.All() {
		if len(present.columns[t.Name]) > 0 && statements.Loaded(t) {
			tables = append(tables, t)
		}
	}
	checks := slices.DeleteFunc(statements.ForTables(made, tables), func(c statements.Check) bool { return c.NeedsTrusst && a.Answers == nil })
	text, err := allChecks(l.dialect, checks)
	if err != nil {
		return nil, err
	}
	rows, err := l.ask(ctx, question{run: a.Run, step: "audit", text: text, parameters: parametersOf(a)})
	if err != nil {
		return nil, err
	}
	results, err := judge(checks, a, rows)
	if err != nil {
		return nil, err
	}
	return results, l.write(ctx, a.Run, "record", record(l.dialect, a.Run, made, results)...)
}

// write sends statements in a transaction that may write.
func (l *Loader) write(ctx context.Context, run, step string, todo ...string) error {
	_, err := l.run(ctx, question{run: run, step: step, text: writing(todo...), parameters: l.lease()})
	if stopped(err) == statements.LeaseLost {
		return l.lost(ctx)
	}
	return err
}

// allChecks makes one query of all checks. A row says by its number which check it is the answer of.
func allChecks(d statements.Dialect, checks []statements.Check) (string, error) {
	parts := make([]string, len(checks))
	for i, c := range checks {
		query, err := c.Query(d)
		if err != nil {
			return "", err
		}
		parts[i] = fmt.Sprintf("select %d as number, scope, cast(observed as float64) as observed, cast(threshold as float64) as threshold\nfrom (\n%s\n)", i, query)
	}
	return strings.Join(parts, "\nunion all\n"), nil
}

func parametersOf(a pipeline.Audit) (all []bigquery.QueryParameter) {
	values := warehouse.Parameters(a)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		all = append(all, parameter(name, values[name]))
	}
	return all
}

// judge makes the results of the checks of what they gave: each one row.
func judge(checks []statements.Check, a pipeline.Audit, rows [][]bigquery.Value) ([]schema.Check, error) {
	results, seen := make([]schema.Check, len(checks)), 0
	for _, row := range rows {
		n, ok := row[0].(int64)
		if !ok || n < 0 || int(n) >= len(checks) || results[n].CheckID != "" {
			return nil, fmt.Errorf("the checks gave an answer of number %v", row[0])
		}
		answer := warehouse.Answered{Scope: fmt.Sprint(row[1]), Observed: number(row[2]), Threshold: number(row[3])}
		results[n] = warehouse.Judge(checks[n], a, answer)
		seen++
	}
	if seen != len(checks) {
		return nil, fmt.Errorf("of %d checks %d gave an answer", len(checks), seen)
	}
	return results, nil
}

func number(v bigquery.Value) *float64 {
	if f, ok := v.(float64); ok {
		return &f
	}
	return nil
}

// record gives the statements that put a run's results in the place of those that these checks gave before.
func record(d statements.Dialect, run string, made []statements.Check, results []schema.Check) []string {
	var ids, rows []string
	for _, c := range made {
		ids = append(ids, d.Literal(c.ID))
	}
	for _, c := range results {
		rows = append(rows, tuple(d, c.RunID, c.CheckID, c.Scope, c.Severity, c.Status, c.Observed, c.Threshold, c.Message, c.CheckedAt))
	}
	todo := []string{fmt.Sprintf("delete from etl_checks\nwhere run_id = %s\n    and check_id in (%s)", d.Literal(run), strings.Join(ids, ", "))}
	if len(rows) > 0 {
		todo = append(todo, "insert into etl_checks (run_id, check_id, scope, severity, status, observed, threshold, message, checked_at)\nvalues\n    "+
			strings.Join(rows, ",\n    "))
	}
	return todo
}

// tuple writes values as a row of literals.
func tuple(d statements.Dialect, values ...any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = literal(d, v)
	}
	return "(" + strings.Join(texts, ", ") + ")"
}

// literal writes a value: a text, a time, a number that may be unknown, or nil.
func literal(d statements.Dialect, v any) string {
	switch v := v.(type) {
	case string:
		return d.Literal(v)
	case time.Time:
		return "timestamp " + d.Literal(v.UTC().Format("2006-01-02 15:04:05.000000")+"+00")
	case *float64:
		if v != nil {
			return "cast(" + d.Literal(strconv.FormatFloat(*v, 'g', -1, 64)) + " as float64)"
		}
	}
	return "null"
}
