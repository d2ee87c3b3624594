package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"time"

	"trunkline/pipeline"
)

var notThere = regexp.MustCompile(`Table with name "?(\w+)"? does not exist`)

// explainMissing tells a view that the gate holds back from a name that is misspelt.
func explainMissing(ctx context.Context, conn *sql.Conn, err error) error {
	name := notThere.FindStringSubmatch(err.Error())
	if name == nil {
		return fmt.Errorf("query: %w", err)
	}
	var reason sql.NullString
	const why = `select reason
from etl_publications
where lower(view_name) = lower(?)
    and state = 'withheld'`
	if conn.QueryRowContext(ctx, why, name[1]).Scan(&reason) != nil {
		return fmt.Errorf("query: %w", err)
	}
	what := "query: " + name[1] + " is withheld"
	var since sql.NullTime // a role's file does not have the checks
	const first = "select min(checked_at) from etl_checks where severity = 'gate' and status = 'fail'"
	if conn.QueryRowContext(ctx, first).Scan(&since) == nil && since.Valid {
		what += " since " + since.Time.UTC().Format(time.RFC3339)
	}
	return &pipeline.Error{
		Code: "TL7003", Kind: pipeline.Gated, What: what + " because the quality gate was never open: " + reason.String,
		Cure: "Look where the ids get lost: trunkline query \"select * from join_quality_daily\"",
	}
}
