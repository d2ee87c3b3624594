package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Audit puts every check to the tables and records the answers in etl_checks, in one transaction.
func (w *Warehouse) Audit(ctx context.Context, a pipeline.Audit) ([]schema.Check, error) {
	checks, err := statements.Checks()
	if err != nil {
		return nil, err
	}
	var results []schema.Check
	err = w.Write(ctx, func(tx *sql.Tx) error {
		results = nil // of an earlier try
		tables, err := w.present(ctx, tx)
		if err != nil {
			return err
		}
		if err := w.setParameters(ctx, tx, a); err != nil {
			return err
		}
		for _, c := range statements.ForTables(checks, tables) {
			if c.NeedsTrusst && a.Answers == nil {
				continue
			}
			result, err := w.ask(ctx, tx, c, a)
			if err != nil {
				return fmt.Errorf("check %s: %w", c.ID, err)
			}
			results = append(results, result)
		}
		return record(ctx, tx, a.Run, checks, results)
	})
	if err != nil {
		return nil, fmt.Errorf("audit %s: %w", a.Run, err)
	}
	return results, nil
}

// present gives the tables that batches are loaded into and that the warehouse has.
func (w *Warehouse) present(ctx context.Context, tx *sql.Tx) ([]*schema.Table, error) {
	var tables []*schema.Table
	for _, t := range schema.All() {
		columns, err := w.columns(ctx, tx, t.Name)
		if err != nil {
			return nil, err
		}
		if len(columns) > 0 && statements.Loaded(t) {
			tables = append(tables, t)
		}
	}
	return tables, nil
}

// setParameters sets what checks call by name.
func (w *Warehouse) setParameters(ctx context.Context, tx *sql.Tx, a pipeline.Audit) error {
	parameters := Parameters(a)
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		if err := w.Engine.Set(ctx, tx, name, parameters[name]); err != nil {
			return err
		}
	}
	return nil
}

// Parameters gives what checks call by name: string, float64, time.Time, []string or nil.
func Parameters(a pipeline.Audit) map[string]any {
	parameters := map[string]any{"business_date": nil, "join_limit": a.JoinLimit, "checked_at": a.At}
	if a.Day != "" {
		parameters["business_date"] = a.Day
	}
	if wanted := a.Answers; wanted != nil {
		parameters["unmatched_contacts_limit"], parameters["unanalysed_limit"] = wanted.UnmatchedLimit, wanted.UnanalysedLimit
		parameters["pivot_keys"] = wanted.PivotKeys
	}
	return parameters
}

func (w *Warehouse) ask(ctx context.Context, tx *sql.Tx, c statements.Check, a pipeline.Audit) (schema.Check, error) {
	query, err := c.Query(w.Dialect)
	if err != nil {
		return schema.Check{}, err
	}
	var f Answered
	if err := tx.QueryRowContext(ctx, query).Scan(&f.Scope, &f.Observed, &f.Threshold); err != nil {
		return schema.Check{}, err
	}
	return Judge(c, a, f), nil
}

// Answered is what a check's query gives.
type Answered struct {
	Scope               string
	Observed, Threshold *float64
}

// Judge makes the result of a check of what its query gave.
func Judge(c statements.Check, a pipeline.Audit, f Answered) schema.Check {
	r := schema.Check{
		RunID: a.Run, CheckID: c.ID, Scope: f.Scope, Severity: c.Severity, Status: "pass", Observed: f.Observed, Threshold: f.Threshold,
		CheckedAt: a.At.UTC().Truncate(time.Microsecond),
	}
	if c.Fails(r.Observed, r.Threshold) {
		r.Status = "fail"
		if c.Waivable && a.At.Before(a.WaivedUntil) {
			r.Status = "waived"
		}
	}
	r.Message = c.Message(r.Observed, r.Threshold)
	if r.Status == "waived" {
		r.Message += fmt.Sprintf("; waived until %s: %s", a.WaivedUntil.UTC().Format(time.RFC3339), a.WaiverNote)
	}
	return r
}

// record puts a run's results in the place of those that these checks gave before, whatever they looked at then. Checks that were made
// elsewhere and loaded stay.
func record(ctx context.Context, tx *sql.Tx, run string, made []statements.Check, results []schema.Check) error {
	for _, c := range made {
		if _, err := tx.ExecContext(ctx, "delete from etl_checks where run_id = $1 and check_id = $2", run, c.ID); err != nil {
			return fmt.Errorf("record check %s: %w", c.ID, err)
		}
	}
	for _, c := range results {
		_, err := tx.ExecContext(ctx, `insert into etl_checks (
    run_id, check_id, scope, severity, status, observed, threshold, message, checked_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			c.RunID, c.CheckID, c.Scope, c.Severity, c.Status, c.Observed, c.Threshold, c.Message, c.CheckedAt)
		if err != nil {
			return fmt.Errorf("record check %s: %w", c.CheckID, err)
		}
	}
	return nil
}
