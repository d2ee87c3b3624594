package redshift

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// Publish lets every view show the rows that it has now, in one transaction: readers see all of the last publication or all of this one.
// The rows lie in tables (shown_…), so a view that needs the CRM goes on showing what it did while the gate is closed, whatever is
// loaded meanwhile. Views are bound to their tables: of others Redshift grants no columns.
func (l *Loader) Publish(ctx context.Context, p pipeline.Publication) (pipeline.Published, error) {
	views, err := l.Views(p.PivotKeys)
	if err == nil {
		err = l.Write(ctx, func(tx *sql.Tx) error { return l.publish(ctx, tx, views, publication{Publication: p}) })
	}
	if errors.Is(err, errNotFit) { // one statement that fails undoes the transaction: the second is a new one
		again := l.Write(ctx, func(tx *sql.Tx) error { return l.publish(ctx, tx, views, publication{Publication: p, anew: true}) })
		if again != nil {
			again = errors.Join(again, err)
		}
		err = again
	}
	if err != nil {
		return pipeline.Published{}, l.config.explain("publish "+p.Run+" to "+l.config.where(), err)
	}
	published := warehouse.Published(l.config.where(), views)
	if l.config.Roles {
		for _, r := range statements.Roles() {
			published.Roles = append(published.Roles, r.Account())
		}
	}
	return published, nil
}

// publication is one, and whether all tables of views are made anew.
type publication struct {
	pipeline.Publication

	anew bool
}

// errNotFit says that rows of a view did not go into the table that it has.
var errNotFit = errors.New("the rows do not fit into the table of the last publication")

func (l *Loader) publish(ctx context.Context, tx *sql.Tx, views []*warehouse.Shown, p publication) error {
	if err := l.Stamp(ctx, tx, views, p.Publication); err != nil {
		return err
	}
	there, err := l.relations(ctx, tx)
	if err != nil {
		return err
	}
	for _, v := range views {
		var err error
		switch v.State {
		case warehouse.Current:
			err = l.show(ctx, tx, v, !p.anew && slices.Equal(there["shown_"+v.Name], columnsOf(v)))
		case warehouse.Withheld:
			_, err = tx.ExecContext(ctx, "drop view if exists "+l.Dialect.Quote(v.Name))
		}
		if err != nil {
			return fmt.Errorf("view %s: %w", v.Name, err)
		}
	}
	if !l.config.Roles {
		return nil
	}
	if there, err = l.relations(ctx, tx); err != nil { // of the roles' views, some went with what they were built on
		return err
	}
	return l.grant(ctx, tx, views, there)
}

func columnsOf(v *warehouse.Shown) []string {
	names := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		names[i] = c.Name
	}
	return names
}

// relations gives the names of the columns of all tables and views of the schema, in their order.
func (l *Loader) relations(ctx context.Context, tx *sql.Tx) (all map[string][]string, err error) {
	rows, err := tx.QueryContext(ctx, `select
    tables.relname,
    attributes.attname
from pg_attribute as attributes
join pg_class as tables
    on tables."oid" = attributes.attrelid
join pg_namespace as schemas
    on schemas."oid" = tables.relnamespace
where schemas.nspname = current_schema()
    and attributes.attnum > 0
    and not attributes.attisdropped
order by
    tables.relname,
    attributes.attnum`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all = map[string][]string{}
	for rows.Next() {
		var relation, column string
		if err := rows.Scan(&relation, &column); err != nil {
			return nil, err
		}
		all[relation] = append(all[relation], column)
	}
	return all, rows.Err()
}

// show puts the rows that a view has now in the place of those that it shows. Its table is emptied and filled where it has the view's
// columns; else table and view are made anew.
func (l *Loader) show(ctx context.Context, tx *sql.Tx, v *warehouse.Shown, same bool) error {
	table := l.Dialect.Quote("shown_" + v.Name)
	if !same {
		return l.rebuild(ctx, tx, v, table)
	}
	if _, err := tx.ExecContext(ctx, "delete from "+table); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf("insert into %s\n%s", table, v.Query))
	if misfit(err) {
		return fmt.Errorf("%w: %w", errNotFit, err)
	}
	return err
}

// misfit tells of an error that may be due to the table that is filled. Others would be the same with a new one: of what other
// transactions do, of the cluster, of a right, of a division by zero.
func misfit(err error) bool {
	told, refused := errors.AsType[*pgconn.PgError](err)
	return refused && !passes(err) && !lost(err) && overburdened(err) == "" && told.Code != "42501" && told.Code != "22012"
}

// rebuild makes a view and its table anew. Who was granted the view keeps it.
func (l *Loader) rebuild(ctx context.Context, tx *sql.Tx, v *warehouse.Shown, table string) error {
	name := l.Dialect.Quote(v.Name)
	grants, err := l.granted(ctx, tx, v.Name)
	if err != nil {
		return err
	}
	var todo []string
	for _, r := range statements.Roles() { // what is built on it by us is made again
		todo = append(todo, "drop view if exists "+l.Dialect.Quote(r.Prefixed(v.Name)))
	}
	columns := columnsOf(v)
	for i, c := range columns {
		columns[i] = l.Dialect.Quote(c)
	}
	todo = append(todo, "drop view if exists "+name, "drop table if exists "+table,
		fmt.Sprintf("create table %s as\n%s", table, v.Query),
		l.Dialect.CreateView(v.Name, "select\n    "+strings.Join(columns, ",\n    ")+"\nfrom "+table),
		fmt.Sprintf("comment on view %s is %s", name, l.Dialect.Literal(v.Comment())))
	return warehouse.Execute(ctx, tx, append(todo, grants...)...)
}

// granted gives the statements that grant a view to those who have it now, its owner apart.
func (l *Loader) granted(ctx context.Context, tx *sql.Tx, view string) (all []string, err error) {
	rows, err := tx.QueryContext(ctx, `select
    privilege_type,
    identity_type,
    identity_name
from svv_relation_privileges
where namespace_name = $1
    and relation_name = $2
    and identity_name <> current_user`, l.config.Schema, view)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var privilege, kind, grantee string
		if err := rows.Scan(&privilege, &kind, &grantee); err != nil {
			return nil, err
		}
		to := l.Dialect.Quote(grantee)
		switch strings.ToLower(kind) {
		case "public":
			to = "public"
		case "role", "group":
			to = strings.ToLower(kind) + " " + to
		}
		all = append(all, fmt.Sprintf("grant %s on %s to %s", strings.ToLower(privilege), l.Dialect.Quote(view), to))
	}
	return all, rows.Err()
}

// grant makes what each role may read.
func (l *Loader) grant(ctx context.Context, tx *sql.Tx, views []*warehouse.Shown, there map[string][]string) error {
	for _, r := range statements.Roles() {
		var known int
		if err := tx.QueryRowContext(ctx, "select count(*) from svv_roles where role_name = $1", r.Account()).Scan(&known); err != nil {
			return fmt.Errorf("look for the role %s: %w", r.Name, err)
		}
		var todo []string
		if known == 0 {
			todo = append(todo, l.Dialect.CreateRole(r.Account()))
		}
		todo = append(todo, l.Dialect.GrantRole(r, l.config.Schema)...)
		for _, s := range r.Shares(warehouse.Seen(views)) {
			if name := r.Prefixed(s.Name); !slices.Equal(there[name], s.Columns) {
				todo = append(todo, "drop view if exists "+l.Dialect.Quote(name), l.Dialect.CreateShare(r, s, l.config.Schema))
			}
			todo = append(todo, l.Dialect.GrantShare(r, s, l.config.Schema))
		}
		if err := warehouse.Execute(ctx, tx, todo...); err != nil {
			return fmt.Errorf("what the role %s may see: %w", r.Name, err)
		}
	}
	return nil
}
