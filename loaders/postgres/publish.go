package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// Publish lets every view show the rows that it has now, in one transaction: readers see all of the last publication or all of this
// one. The rows lie in tables (shown_…), so a view that needs the CRM goes on showing what it did while the gate is closed, whatever
// is loaded meanwhile.
func (l *Loader) Publish(ctx context.Context, p pipeline.Publication) (pipeline.Published, error) {
	views, err := l.Views(p.PivotKeys)
	if err == nil {
		err = l.Write(ctx, func(tx *sql.Tx) error { return l.publish(ctx, tx, views, p) })
	}
	if err != nil {
		return pipeline.Published{}, explain("publish "+p.Run+" to "+l.config.where(), err)
	}
	published := warehouse.Published(l.config.where(), views)
	if l.config.Roles {
		for _, r := range statements.Roles() {
			published.Roles = append(published.Roles, r.Account())
		}
	}
	return published, nil
}

func (l *Loader) publish(ctx context.Context, tx *sql.Tx, views []*warehouse.Shown, p pipeline.Publication) error {
	if err := l.Stamp(ctx, tx, views, p); err != nil {
		return err
	}
	rows := map[string]string{} // the tables with the new rows, all made before any view changes: from then on readers wait
	for _, v := range views {
		if v.State != warehouse.Current {
			continue
		}
		table, err := l.writeRows(ctx, tx, v)
		if err != nil {
			return fmt.Errorf("view %s: %w", v.Name, err)
		}
		rows[v.Name] = table
	}
	for _, v := range views {
		var err error
		switch v.State {
		case warehouse.Current:
			err = l.show(ctx, tx, v, rows[v.Name])
		case warehouse.Withheld:
			_, err = tx.ExecContext(ctx, "drop view if exists "+l.Dialect.Quote(v.Name))
		}
		if err != nil {
			return fmt.Errorf("view %s: %w", v.Name, err)
		}
	}
	return l.grant(ctx, tx, views)
}

// writeRows puts the rows of a view into a new table, and gives its name: of the two that a view may have, the one that is not there.
func (l *Loader) writeRows(ctx context.Context, tx *sql.Tx, v *warehouse.Shown) (table string, err error) {
	table = "shown_" + v.Name
	var taken bool
	if err := tx.QueryRowContext(ctx, "select to_regclass($1) is not null", l.Dialect.Quote(table)).Scan(&taken); err != nil {
		return "", err
	}
	if taken {
		table += "_2"
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf("create table %s as\n%s", l.Dialect.Quote(table), v.Query))
	return table, err
}

// show lets a view show a table, and removes the other one. Grants on the view and what others built on it stay, unless its columns
// are other ones now.
func (l *Loader) show(ctx context.Context, tx *sql.Tx, v *warehouse.Shown, table string) error {
	other := "shown_" + v.Name
	if table == other {
		other += "_2"
	}
	name := l.Dialect.Quote(v.Name)
	create := l.Dialect.CreateView(v.Name, "select *\nfrom "+l.Dialect.Quote(table))
	if err := attempt(ctx, tx, create); err != nil {
		if told, ok := errors.AsType[*pgconn.PgError](err); !ok || told.Code != "42P16" {
			return err
		}
		var again []string
		for _, r := range statements.Roles() { // what is built on it by us is made again
			again = append(again, "drop view if exists "+l.Dialect.Quote(r.Prefixed(v.Name)))
		}
		for _, statement := range append(again, "drop view "+name, create) {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
	}
	for _, statement := range []string{
		fmt.Sprintf("comment on view %s is %s", name, l.Dialect.Literal(v.Comment())),
		"drop table if exists " + l.Dialect.Quote(other),
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// attempt sends a statement that may fail without harm to its transaction.
func attempt(ctx context.Context, tx *sql.Tx, statement string) error {
	if _, err := tx.ExecContext(ctx, "savepoint attempt"); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, statement); err != nil {
		_, back := tx.ExecContext(ctx, "rollback to savepoint attempt")
		return errors.Join(err, back)
	}
	_, err := tx.ExecContext(ctx, "release savepoint attempt")
	return err
}

// grant makes what each role may read.
func (l *Loader) grant(ctx context.Context, tx *sql.Tx, views []*warehouse.Shown) error {
	if !l.config.Roles {
		return nil
	}
	var shown []statements.View
	for _, v := range views {
		if v.State != warehouse.Withheld {
			shown = append(shown, v.View)
		}
	}
	for _, r := range statements.Roles() {
		for _, statement := range l.Dialect.GrantShares(r, r.Shares(shown), l.config.Schema) {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("what the role %s may see: %w", r.Name, err)
			}
		}
	}
	return nil
}
