package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	"trunkline/pipeline"
)

var notThere = regexp.MustCompile(`relation "(?:\w+\.)?(\w+)" does not exist`)

// Missing tells a view that the gate holds back, and a warehouse of which nothing is published, from a name that is misspelt: err is what
// a server of the PostgreSQL protocol says of a name that is not there.
func Missing(ctx context.Context, conn *sql.Conn, err error) error {
	var published int
	if conn.QueryRowContext(ctx, "select count(*) from etl_publications").Scan(&published) != nil || published == 0 {
		return &pipeline.Error{
			Code: "TL6005", Kind: pipeline.Misuse, What: "query: nothing is published there", Cure: "Run: trunkline run; its last step publishes", Err: err,
		}
	}
	name, reason := notThere.FindStringSubmatch(err.Error()), ""
	const why = "select reason from etl_publications where view_name = lower($1) and state = 'withheld'"
	if name == nil || conn.QueryRowContext(ctx, why, name[1]).Scan(&reason) != nil {
		return fmt.Errorf("query: %w", err)
	}
	return &pipeline.Error{
		Code: "TL7003", Kind: pipeline.Gated, What: "query: " + name[1] + " is withheld because the quality gate was never open: " + reason,
		Cure: "Look where the ids get lost: trunkline query \"select * from join_quality_daily\"",
	}
}

// Plain makes of a value, as the driver of the PostgreSQL protocol gives it, one of those that an Answer takes.
func Plain(kind string, v any) (any, error) {
	switch v := v.(type) {
	case time.Time:
		if kind == "DATE" {
			return v.Format(time.DateOnly), nil
		}
		return v.UTC().Format("2006-01-02T15:04:05.999999Z07:00"), nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v), nil
		}
	case []byte:
		return string(v), nil
	case string:
		if kind == "NUMERIC" { // what float64 holds is a number, the rest stays the text that it is
			if f, err := strconv.ParseFloat(v, 64); err == nil && len(v) <= 15 && !math.IsNaN(f) && !math.IsInf(f, 0) {
				return f, nil
			}
		}
	}
	return v, nil
}
