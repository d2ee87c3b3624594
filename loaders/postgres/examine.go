package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// mostSkew is how far this machine's clock may be from the server's: what is observed, loaded and published is stamped by one or the other.
const mostSkew = 30 * time.Second

// Examine looks at what a load takes beyond a connection: the right to make tables where they belong, and roles where they are wanted,
// and a clock that agrees with the server's. It changes nothing.
func Examine(ctx context.Context, c Config) (findings []warehouse.Finding) {
	c = c.withDefaults()
	db, conn, err := connect(ctx, c, "on")
	if err != nil {
		return []warehouse.Finding{{Name: "server", Err: err}}
	}
	defer func() {
		if err := errors.Join(conn.Close(), db.Close()); err != nil {
			findings = append(findings, warehouse.Finding{Name: "server", Err: err})
		}
	}()
	x := examination{c, conn}
	findings = []warehouse.Finding{x.schema(ctx), x.clock(ctx)}
	if c.Roles {
		findings = append(findings, x.roles(ctx))
	}
	return findings
}

// examination is what is looked at in a session.
type examination struct {
	config Config
	conn   *sql.Conn
}

// may tells in a finding whether a question about a right is answered with yes.
func (x examination) may(ctx context.Context, name, what, question string, args ...any) warehouse.Finding {
	var may bool
	if err := x.conn.QueryRowContext(ctx, question, args...).Scan(&may); err != nil {
		return warehouse.Finding{Name: name, Err: explain("ask "+x.config.where()+" for the rights of "+x.config.User, err)}
	}
	if may {
		return warehouse.Finding{Name: name, Detail: x.config.User + " may " + what}
	}
	return warehouse.Finding{Name: name, Err: &pipeline.Error{
		Code: "TL6004", Kind: pipeline.Denied, What: fmt.Sprintf("%s: %s may not %s", x.config.where(), x.config.User, what),
		Cure: "As an administrator, run what this prints: trunkline doctor --grants",
	}}
}

func (x examination) schema(ctx context.Context) warehouse.Finding {
	const name = "schema"
	var there bool
	err := x.conn.QueryRowContext(ctx, "select exists (select 1 from pg_catalog.pg_namespace where nspname = $1)", x.config.Schema).Scan(&there)
	if err != nil {
		return warehouse.Finding{Name: name, Err: explain("look for the schema "+x.config.Schema, err)}
	}
	if !there {
		return x.may(ctx, name, "make the schema "+x.config.Schema, "select has_database_privilege(current_database(), 'create')")
	}
	return x.may(ctx, name, "make tables in the schema "+x.config.Schema,
		"select has_schema_privilege($1, 'create') and has_database_privilege(current_database(), 'temporary')", x.config.Schema)
}

func (x examination) clock(ctx context.Context) warehouse.Finding {
	const name = "clock"
	var theirs time.Time
	asked := time.Now()
	if err := x.conn.QueryRowContext(ctx, "select clock_timestamp() at time zone 'UTC'").Scan(&theirs); err != nil {
		return warehouse.Finding{Name: name, Err: explain("ask the server for the time", err)}
	}
	skew := asked.Add(time.Since(asked) / 2).UTC().Sub(theirs).Abs().Round(time.Second)
	if skew <= mostSkew {
		return warehouse.Finding{Name: name, Detail: fmt.Sprintf("%s apart from the server's", skew)}
	}
	return warehouse.Finding{Name: name, Err: &pipeline.Error{
		Code: "TL6004", Kind: pipeline.Misuse, What: fmt.Sprintf("this machine's clock is %s apart from that of %s", skew, x.config.where()),
		Cure: "Set this machine's clock, or the server's, for example with NTP",
	}}
}

func (x examination) roles(ctx context.Context) warehouse.Finding {
	names := make([]string, len(statements.Roles()))
	for i, role := range statements.Roles() {
		names[i] = role.Account()
	}
	return x.may(ctx, "roles", "make the roles of people, or finds them made", `select r.rolsuper or r.rolcreaterole
    or (select count(*) from pg_catalog.pg_roles where rolname = any($1)) = cardinality($1)
from pg_catalog.pg_roles as r
where r.rolname = current_user`, names)
}

// Grants gives what an administrator has to run so that a load may do what it does, and nothing more. The password is set apart, with
// psql's \password, so that it stands in no file.
func Grants(c Config) []string {
	c = c.withDefaults()
	d := statements.PostgreSQL()
	user, database := d.Quote(c.User), d.Quote(c.Database)
	all := []string{
		fmt.Sprintf("create role %s login", user),
		fmt.Sprintf("grant connect, temporary on database %s to %s", database, user),
		fmt.Sprintf("create schema if not exists %s authorization %s", d.Quote(c.Schema), user),
	}
	if c.Schema == "public" {
		all[2] = fmt.Sprintf("grant usage, create on schema public to %s", user)
	}
	if c.Roles {
		for _, role := range statements.Roles() {
			all = append(all, fmt.Sprintf("create role %s nologin", d.Quote(role.Account())))
		}
	}
	for i := range all {
		all[i] += ";"
	}
	return all
}
