// Package postgres is a PostgreSQL database as the warehouse: tables and views in one schema of it.
//
// Who writes holds an advisory lock for as long as it is connected, so a second writer is refused at once, and a dead one is in
// nobody's way. What people query are the views: each shows the rows of its last publication, and all change in one step. The
// tables below them are those that are loaded.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"trunkline/internal/pgconfig"
	"trunkline/internal/secret"
	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// Config says where the warehouse is. The zero value of an optional field is its default.
type Config struct {
	Host     string // a name, an address, or the folder of a Unix socket
	Port     int    // 5432
	Database string
	User     string
	Password secret.Secret
	Schema   string // public

	Plain      bool   // without TLS
	CAFile     string // who may sign the server's certificate; the machine's own authorities
	ServerName string // the name in the certificate, if it is not the host

	Roles bool // also make the views and grants of each role
}

func (c Config) withDefaults() Config {
	if c.Port == 0 {
		c.Port = 5432
	}
	if c.Schema == "" {
		c.Schema = "public"
	}
	return c
}

// where names the warehouse for people.
func (c Config) where() string {
	return fmt.Sprintf("%s:%d/%s, schema %s", c.Host, c.Port, c.Database, c.Schema)
}

// Loader is an open warehouse. It is not safe for concurrent use.
type Loader struct {
	*warehouse.Warehouse

	config Config
	db     *sql.DB
}

var (
	_ pipeline.Auditor    = (*Loader)(nil)
	_ pipeline.Publisher  = (*Loader)(nil)
	_ pipeline.Reenricher = (*Loader)(nil)
)

// Open connects to the warehouse and takes the lease on it; it makes the schema if there is none. owner says who we are. If another
// process is writing, that is an error of kind Locked.
func Open(ctx context.Context, c Config, owner string) (*Loader, error) {
	c = c.withDefaults()
	db, conn, err := connect(ctx, c, "off")
	if err != nil {
		return nil, err
	}
	dialect := statements.PostgreSQL()
	l := &Loader{Warehouse: &warehouse.Warehouse{Dialect: dialect, Engine: engine{dialect, conn}, Conn: conn}, config: c, db: db}
	if err := l.begin(ctx, owner); err != nil {
		return nil, errors.Join(explain("open the warehouse "+c.where(), err), l.Close())
	}
	return l, nil
}

// oldest is the oldest release that is tried.
const oldest = 150_000

func (l *Loader) begin(ctx context.Context, owner string) error {
	// The lock of a dead process must not outlive it. A server on a system that cannot look for the dead refuses, and is right to.
	_, _ = l.Conn.ExecContext(ctx, "set client_connection_check_interval = 1000")
	if err := l.suits(ctx); err != nil {
		return err
	}
	if err := l.lock(ctx); err != nil {
		return err
	}
	if err := l.makeSchema(ctx); err != nil {
		return fmt.Errorf("make the schema %s: %w", l.config.Schema, err)
	}
	return l.Begin(ctx, owner)
}

// suits refuses a server that is too old, and a database that could not hold every text.
func (l *Loader) suits(ctx context.Context) error {
	var version int
	var encoding string
	err := l.Conn.QueryRowContext(ctx, "select current_setting('server_version_num')::int, current_setting('server_encoding')").Scan(&version, &encoding)
	if err != nil {
		return err
	}
	var fault, cure string
	switch {
	case version < oldest:
		fault, cure = fmt.Sprintf("the server is of version %d", version/10_000), "Use PostgreSQL 15 or later"
	case encoding != "UTF8":
		fault, cure = "the database's encoding is "+encoding, "Make a database with: create database … encoding 'UTF8' template template0"
	default:
		return nil
	}
	return &pipeline.Error{Code: "TL6004", Kind: pipeline.Misuse, What: "open the warehouse " + l.config.where() + ": " + fault, Cure: cure}
}

// makeSchema makes the schema if there is none. It looks before: who may not make one is refused even where it is there.
func (l *Loader) makeSchema(ctx context.Context) error {
	var there bool
	err := l.Conn.QueryRowContext(ctx, "select exists (select 1 from pg_catalog.pg_namespace where nspname = $1)", l.config.Schema).Scan(&there)
	if err != nil || there {
		return err
	}
	_, err = l.Conn.ExecContext(ctx, "create schema "+l.Dialect.Quote(l.config.Schema))
	return err
}

// patience is how long the lock is waited for: a server takes a moment to see that a process that held it was killed.
const patience = 5 * time.Second

// lock makes us the only writer for as long as we are connected.
func (l *Loader) lock(ctx context.Context) error {
	for began := time.Now(); ; {
		var ours bool
		err := l.Conn.QueryRowContext(ctx, "select pg_try_advisory_lock(hashtextextended('trunkline ' || current_database() || ' ' || $1, 0))",
			l.config.Schema).Scan(&ours)
		switch {
		case err != nil || ours:
			return err
		case time.Since(began) > patience:
			return l.locked(ctx)
		}
		timer := time.NewTimer(patience / 20)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

// locked says who is writing.
func (l *Loader) locked(ctx context.Context) error {
	var owner string
	if l.Conn.QueryRowContext(ctx, "select owner from etl_leases").Scan(&owner) != nil {
		owner = "another process"
	}
	return &pipeline.Error{
		Code: "TL6001", Kind: pipeline.Locked, What: fmt.Sprintf("open the warehouse %s: %s is writing to it", l.config.where(), owner),
		Cure: "Wait for the other run, or end that process",
	}
}

// Close gives the lease back and disconnects.
func (l *Loader) Close() error {
	if err := errors.Join(l.End(context.Background()), l.Conn.Close(), l.db.Close()); err != nil {
		return fmt.Errorf("close the warehouse %s: %w", l.config.where(), err)
	}
	return nil
}

// connect opens one connection, on which transactions may only read or also write.
func connect(ctx context.Context, c Config, readOnly string) (*sql.DB, *sql.Conn, error) {
	misused := func(fault string) error {
		return &pipeline.Error{
			Code: "TL6004", Kind: pipeline.Misuse, What: "open the warehouse: " + fault,
			Cure: "Correct warehouse.postgres in the configuration",
		}
	}
	for _, needed := range []struct{ name, value string }{{"host", c.Host}, {"database", c.Database}, {"user", c.User}} {
		if needed.value == "" {
			return nil, nil, misused(needed.name + " is missing")
		}
	}
	roots, err := pgconfig.Roots(c.CAFile)
	if err != nil {
		return nil, nil, misused(err.Error())
	}
	login := pgconfig.Login{Host: c.Host, Port: c.Port, Database: c.Database, User: c.User, Password: c.Password}
	config, err := pgconfig.New(login, pgconfig.TLS{Off: c.Plain, ServerName: c.ServerName, Roots: roots})
	if err != nil {
		return nil, nil, misused(err.Error())
	}
	config.RuntimeParams["search_path"] = statements.PostgreSQL().Quote(c.Schema)
	maps.Copy(config.RuntimeParams, map[string]string{
		"default_transaction_read_only": readOnly, "client_encoding": "UTF8",
		// Whatever the user or the database has by default: a merge takes its time, and what is done has to be durable.
		"statement_timeout": "0", "lock_timeout": "0", "idle_in_transaction_session_timeout": "0", "synchronous_commit": "on",
		"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3", // for a host that died with its process
	})
	config.RuntimeParams["jit"] = "off"                         // to compile a merge of a hundred columns takes longer than to do it
	config.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec // temporary tables change from batch to batch
	db := stdlib.OpenDB(*config)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(explain("open the warehouse "+c.where(), err), db.Close())
	}
	return db, conn, nil
}
