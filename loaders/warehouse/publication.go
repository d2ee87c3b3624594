package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"trunkline/pipeline"
	statements "trunkline/sql"
)

// State tells what of a view people see.
type State string

// The states of a published view.
const (
	Current  State = "current"  // the tables as they are
	Kept     State = "kept"     // what it showed when the gate was last open
	Withheld State = "withheld" // nothing: the gate was never open
)

// Shown is a view, its query, and what of it is shown.
type Shown struct {
	statements.View

	Query string
	State State
}

// Views gives the views with their queries, with a column for each of the question keys.
func (w *Warehouse) Views(pivotKeys []string) ([]*Shown, error) { return Views(w.Dialect, pivotKeys) }

// Views gives the views with their queries in a dialect, with a column for each of the question keys.
func Views(d statements.Dialect, pivotKeys []string) ([]*Shown, error) {
	all, err := statements.Views()
	if err != nil {
		return nil, err
	}
	if all, err = statements.WithPivots(all, pivotKeys); err != nil {
		return nil, err
	}
	var views []*Shown
	for _, v := range all {
		query, err := v.Query(d)
		if err != nil {
			return nil, err
		}
		views = append(views, &Shown{View: v, Query: query})
	}
	return views, nil
}

// Decide settles what of a view is shown; before tells whether it was shown already.
func (v *Shown) Decide(p pipeline.Publication, before bool) {
	switch {
	case !v.NeedsCRM || p.GateOpen:
		v.State = Current
	case before:
		v.State = Kept
	default:
		v.State = Withheld
	}
}

// Stamp decides what of each view is shown and writes it down.
func (w *Warehouse) Stamp(ctx context.Context, tx *sql.Tx, views []*Shown, p pipeline.Publication) error {
	for _, v := range views {
		if err := stamp(ctx, tx, v, p); err != nil {
			return fmt.Errorf("view %s: %w", v.Name, err)
		}
	}
	return nil
}

func stamp(ctx context.Context, tx *sql.Tx, v *Shown, p pipeline.Publication) error {
	const forget = "delete from etl_publications where view_name = $1"
	if !v.NeedsCRM || p.GateOpen {
		v.State = Current
		if _, err := tx.ExecContext(ctx, forget, v.Name); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `insert into etl_publications (view_name, state, run_id, published_at, reason)
values ($1, $2, $3, $4, null)`, v.Name, string(v.State), p.Run, p.At.UTC().Truncate(time.Microsecond))
		return err
	}
	v.State = Kept
	updated, err := tx.ExecContext(ctx, `update etl_publications
set state = $1, reason = $2
where view_name = $3 and run_id is not null`, string(v.State), p.Reason, v.Name)
	if err != nil {
		return err
	}
	if n, err := updated.RowsAffected(); err != nil || n == 1 {
		return err
	}
	v.State = Withheld
	if _, err := tx.ExecContext(ctx, forget, v.Name); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into etl_publications (view_name, state, run_id, published_at, reason)
values ($1, $2, null, null, $3)`, v.Name, string(v.State), p.Reason)
	return err
}

// Published tells what people see at a place.
func Published(target string, views []*Shown) pipeline.Published {
	published := pipeline.Published{Target: target}
	for _, v := range views {
		switch v.State {
		case Current:
			published.Views = append(published.Views, v.Name)
		case Kept:
			published.Kept = append(published.Kept, v.Name)
		default:
			published.Withheld = append(published.Withheld, v.Name)
		}
	}
	return published
}

// Seen gives the views of which people see something.
func Seen(views []*Shown) (all []statements.View) {
	for _, v := range views {
		if v.State != Withheld {
			all = append(all, v.View)
		}
	}
	return all
}

// Comment says what a view is about.
func (v *Shown) Comment() string { return v.Title + ". " + v.Question }
