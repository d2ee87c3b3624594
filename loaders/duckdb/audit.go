package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Audit puts every check to the tables and records the answers in etl_checks, in one transaction.
func (l *Loader) Audit(ctx context.Context, a pipeline.Audit) ([]schema.Check, error) {
	checks, err := statements.Checks()
	if err != nil {
		return nil, err
	}
	var results []schema.Check
	err = l.transact(ctx, func(tx *sql.Tx) error {
		if err := l.holdLease(ctx, tx); err != nil {
			return err
		}
		tables, err := present(ctx, tx)
		if err != nil {
			return err
		}
		if err := l.setParameters(ctx, tx, a); err != nil {
			return err
		}
		for _, c := range statements.ForTables(checks, tables) {
			if c.NeedsTrusst && a.Answers == nil {
				continue
			}
			result, err := l.ask(ctx, tx, c, a)
			if err != nil {
				return fmt.Errorf("check %s: %w", c.ID, err)
			}
			results = append(results, result)
		}
		return record(ctx, tx, a.Run, results)
	})
	if err != nil {
		return nil, fmt.Errorf("audit %s: %w", a.Run, err)
	}
	return results, nil
}

// present gives the tables that batches are loaded into and that the warehouse has.
func present(ctx context.Context, tx *sql.Tx) ([]*schema.Table, error) {
	var tables []*schema.Table
	for _, t := range schema.All() {
		columns, err := columnsOf(ctx, tx, t.Name)
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
func (l *Loader) setParameters(ctx context.Context, tx *sql.Tx, a pipeline.Audit) error {
	day := "null"
	if a.Day != "" {
		day = l.dialect.Literal(a.Day)
	}
	settings := []string{
		"set variable business_date = cast(" + day + " as varchar)",
		fmt.Sprintf("set variable join_limit = cast(%g as double)", a.JoinLimit),
		"set variable checked_at = timestamp " + l.dialect.Literal(a.At.UTC().Format("2006-01-02 15:04:05.000000")),
	}
	if w := a.Answers; w != nil {
		keys := make([]string, len(w.PivotKeys))
		for i, key := range w.PivotKeys {
			keys[i] = l.dialect.Literal(key)
		}
		settings = append(settings,
			fmt.Sprintf("set variable unmatched_contacts_limit = cast(%g as double)", w.UnmatchedLimit),
			fmt.Sprintf("set variable unanalysed_limit = cast(%g as double)", w.UnanalysedLimit),
			"set variable pivot_keys = cast(["+strings.Join(keys, ", ")+"] as varchar[])")
	}
	for _, set := range settings {
		if _, err := tx.ExecContext(ctx, set); err != nil {
			return fmt.Errorf("set a parameter: %w", err)
		}
	}
	return nil
}

func (l *Loader) ask(ctx context.Context, tx *sql.Tx, c statements.Check, a pipeline.Audit) (schema.Check, error) {
	query, err := c.Query(l.dialect)
	if err != nil {
		return schema.Check{}, err
	}
	r := schema.Check{RunID: a.Run, CheckID: c.ID, Severity: c.Severity, CheckedAt: a.At.UTC().Truncate(time.Microsecond)}
	if err := tx.QueryRowContext(ctx, query).Scan(&r.Scope, &r.Observed, &r.Threshold); err != nil {
		return schema.Check{}, err
	}
	r.Status = "pass"
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
	return r, nil
}

// record puts a run's checks in the place of those that it made before: what they looked at may be called otherwise now.
func record(ctx context.Context, tx *sql.Tx, run string, checks []schema.Check) error {
	if _, err := tx.ExecContext(ctx, "delete from etl_checks where run_id = ?", run); err != nil {
		return fmt.Errorf("record checks: %w", err)
	}
	for _, c := range checks {
		_, err := tx.ExecContext(ctx, `insert into etl_checks (
    run_id, check_id, scope, severity, status, observed, threshold, message, checked_at
) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			c.RunID, c.CheckID, c.Scope, c.Severity, c.Status, c.Observed, c.Threshold, c.Message, c.CheckedAt)
		if err != nil {
			return fmt.Errorf("record check %s: %w", c.CheckID, err)
		}
	}
	return nil
}
