package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"trunkline/internal/pgconfig"
	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// Publish lets every view show the rows that it has now, in one transaction: readers see all of the last publication or all of this
// one, and neither wait nor are waited for. The rows lie in tables (shown_…), so a view that needs the CRM goes on showing what it did
// while the gate is closed, whatever is loaded meanwhile.
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
	for _, v := range views {
		var err error
		switch v.State {
		case warehouse.Current:
			err = l.show(ctx, tx, v)
		case warehouse.Withheld:
			_, err = tx.ExecContext(ctx, "drop view if exists "+l.Dialect.Quote(v.Name))
		}
		if err != nil {
			return fmt.Errorf("view %s: %w", v.Name, err)
		}
	}
	return l.grant(ctx, tx, views)
}

// show puts the rows that a view has now in the place of those that it shows. Its table is emptied and filled, which no reader
// notices before the end; only where its columns are other ones are table and view made anew.
func (l *Loader) show(ctx context.Context, tx *sql.Tx, v *warehouse.Shown) error {
	table := l.Dialect.Quote("shown_" + v.Name)
	same, err := l.hasColumns(ctx, tx, v)
	if err != nil {
		return err
	}
	if same {
		err := attempt(ctx, tx, "delete from "+table, fmt.Sprintf("insert into %s\n%s", table, v.Query))
		if pgconfig.Code(err) != wrongType {
			return err
		}
	}
	return l.rebuild(ctx, tx, v, table)
}

// SQLSTATEs that something is done about.
const (
	wrongType    = "42804" // of a column that is inserted into
	wrongColumns = "42P16" // of a view that is to be replaced
)

// hasColumns tells whether the table of a view has the columns of its query, in their order.
func (l *Loader) hasColumns(ctx context.Context, tx *sql.Tx, v *warehouse.Shown) (bool, error) {
	has, err := l.strings(ctx, tx, `select a.attname::text
from pg_catalog.pg_attribute as a
where a.attrelid = to_regclass($1)
    and a.attnum > 0
    and not a.attisdropped
order by a.attnum`, l.Dialect.Quote("shown_"+v.Name))
	var wants []string
	for _, c := range v.Columns {
		wants = append(wants, c.Name)
	}
	return slices.Equal(has, wants), err
}

// rebuild makes a view and its table anew. Who was granted the view keeps it.
func (l *Loader) rebuild(ctx context.Context, tx *sql.Tx, v *warehouse.Shown, table string) error {
	name := l.Dialect.Quote(v.Name)
	grants, err := l.strings(ctx, tx, `select format('grant %s on %s to %s', g.privilege_type, g.view, case when g.grantee = 0 then 'public' else quote_ident(r.rolname) end)
from (
    select (aclexplode(c.relacl)).privilege_type, (aclexplode(c.relacl)).grantee, c.oid::regclass::text as view, c.relowner
    from pg_catalog.pg_class as c
    where c.oid = to_regclass($1)
) as g
left join pg_catalog.pg_roles as r
    on r.oid = g.grantee
where g.grantee <> g.relowner`, name)
	if err != nil {
		return err
	}
	var todo []string
	for _, r := range statements.Roles() { // what is built on it by us is made again
		todo = append(todo, "drop view if exists "+l.Dialect.Quote(r.Prefixed(v.Name)))
	}
	todo = append(todo, "drop view if exists "+name, "drop table if exists "+table,
		fmt.Sprintf("create table %s as\n%s", table, v.Query),
		l.Dialect.CreateView(v.Name, "select *\nfrom "+table),
		fmt.Sprintf("comment on view %s is %s", name, l.Dialect.Literal(v.Comment())))
	return warehouse.Execute(ctx, tx, append(todo, grants...)...)
}

// strings gives the only column of a query.
func (*Loader) strings(ctx context.Context, tx *sql.Tx, query string, args ...any) (all []string, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// attempt sends statements that may fail without harm to their transaction.
func attempt(ctx context.Context, tx *sql.Tx, todo ...string) error {
	if _, err := tx.ExecContext(ctx, "savepoint attempt"); err != nil {
		return err
	}
	if err := warehouse.Execute(ctx, tx, todo...); err != nil {
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
	for _, r := range statements.Roles() {
		todo := append([]string{l.Dialect.CreateRole(r.Account())}, l.Dialect.GrantRole(r, l.config.Schema)...)
		for _, s := range r.Shares(warehouse.Seen(views)) {
			create := l.Dialect.CreateShare(r, s, l.config.Schema)
			if err := attempt(ctx, tx, create); pgconfig.Code(err) == wrongColumns {
				todo = append(todo, "drop view "+l.Dialect.Quote(r.Prefixed(s.Name)), create)
			} else if err != nil {
				return fmt.Errorf("what the role %s may see: %w", r.Name, err)
			}
			todo = append(todo, l.Dialect.GrantShare(r, s, l.config.Schema))
		}
		if err := warehouse.Execute(ctx, tx, todo...); err != nil {
			return fmt.Errorf("what the role %s may see: %w", r.Name, err)
		}
	}
	return nil
}
