// Package redshift is Amazon Redshift as the warehouse, a provisioned cluster or serverless: tables and views in one schema of a
// database, loaded by COPY from files that it puts into a bucket of S3.
//
// Redshift knows no lock that goes with a connection, so who writes holds a lease: another is let in when it was given back, or has run
// out. What people query are the views: each shows the rows of its last publication. The tables below them are those that are loaded.
package redshift

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
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
	Host     string
	Port     int // 5439
	Database string
	User     string // with IAM on a cluster: the user of the database to log in as; the one of the AWS identity if empty
	Password secret.Secret
	IAM      *IAM   // in place of a password
	Schema   string // public

	Plain      bool   // without TLS
	CAFile     string // who may sign the server's certificate; the machine's own authorities
	ServerName string // the name in the certificate, if it is not the host

	S3     Bucket
	Role   string // ARN of the IAM role with which Redshift reads the bucket; several, each assumed by the one before, with commas between; or default
	Format Format // Parquet
	Keep   bool   // leave the files in the bucket after the commit

	Roles bool // also make the views and grants of each role
}

// Format is the form in which rows are handed to COPY.
type Format string

// The formats. CSV is for what Redshift makes of a Parquet file that it should not.
const (
	Parquet Format = "parquet"
	CSV     Format = "csv"
)

func (c Config) withDefaults() Config {
	if c.Port == 0 {
		c.Port = 5439
	}
	if c.Schema == "" {
		c.Schema = "public"
	}
	if c.Format == "" {
		c.Format = Parquet
	}
	return c
}

// where names the warehouse for people.
func (c Config) where() string {
	return fmt.Sprintf("%s:%d/%s, schema %s", c.Host, c.Port, c.Database, c.Schema)
}

// key gives the key of an object by its name. Warehouses that share a prefix share no object: one removes what it has loaded.
func (c Config) key(name string) string {
	own := sha256.Sum256([]byte(c.where()))
	return c.S3.key(hex.EncodeToString(own[:8]) + "/" + name)
}

// Loader is an open warehouse. It is not safe for concurrent use.
type Loader struct {
	*warehouse.Warehouse

	config Config
	db     *sql.DB
	engine *engine
}

var (
	_ pipeline.Auditor    = (*Loader)(nil)
	_ pipeline.Publisher  = (*Loader)(nil)
	_ pipeline.Reenricher = (*Loader)(nil)
)

// leaseFor is how long nobody else is let in after a transaction of ours ended. While one goes on, the row of the lease is locked,
// so that this has only to cover the time between two.
const leaseFor = 5 * time.Minute

// Open connects to the warehouse and takes the lease on it; it makes the schema if there is none. owner says who we are. If another
// process is writing, that is an error of kind Locked.
func Open(ctx context.Context, c Config, owner string) (*Loader, error) {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	store, err := c.S3.open(ctx)
	if err != nil {
		return nil, misused(err.Error())
	}
	db, conn, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	dialect := statements.Redshift()
	e := &engine{config: c, dialect: dialect, store: store}
	l := &Loader{config: c, db: db, engine: e, Warehouse: &warehouse.Warehouse{
		Dialect: dialect, Engine: e, Conn: conn, Lease: leaseFor, Lock: "lock table etl_leases", Passes: passes,
	}}
	if err := l.begin(ctx, owner); err != nil {
		return nil, errors.Join(c.explain("open the warehouse "+c.where(), err), l.disconnect())
	}
	return l, nil
}

func (l *Loader) begin(ctx context.Context, owner string) error {
	if err := suits(ctx, l.Conn); err != nil {
		return err
	}
	if err := l.makeSchema(ctx); err != nil {
		return fmt.Errorf("make the schema %s: %w", l.config.Schema, err)
	}
	// A writer holds the row of its lease for as long as its transaction lasts: it is not waited for.
	if _, err := l.Conn.ExecContext(ctx, fmt.Sprintf("set statement_timeout to %d", patience.Milliseconds())); err != nil {
		return err
	}
	if err := l.Begin(ctx, owner); err != nil {
		return err
	}
	_, err := l.Conn.ExecContext(ctx, "set statement_timeout to 0")
	return err
}

// patience is how long a statement may take while the warehouse is opened.
const patience = 20 * time.Second

// suits refuses a server that is none of Redshift: what is sent means something else there.
func suits(ctx context.Context, conn *sql.Conn) error {
	var version string
	if err := conn.QueryRowContext(ctx, "select version()").Scan(&version); err != nil {
		return err
	}
	if !strings.Contains(version, "Redshift") {
		return misused("the server is no Amazon Redshift but " + version)
	}
	return nil
}

// makeSchema makes the schema if there is none. It looks before: who may not make one is refused even where it is there.
func (l *Loader) makeSchema(ctx context.Context) error {
	var there int
	err := l.Conn.QueryRowContext(ctx, "select count(*) from pg_namespace where nspname = $1", l.config.Schema).Scan(&there)
	if err != nil || there > 0 {
		return err
	}
	_, err = l.Conn.ExecContext(ctx, "create schema "+l.Dialect.Quote(l.config.Schema))
	return err
}

// Close gives the lease back and disconnects. It does so by a new session if that of a statement that was given up went with it: else
// nobody would be let in before the lease has run out.
func (l *Loader) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := l.End(ctx)
	if lost(err) {
		if err = l.reconnect(ctx); err == nil {
			err = l.End(ctx)
		}
	}
	if err := errors.Join(err, l.disconnect()); err != nil {
		return fmt.Errorf("close the warehouse %s: %w", l.config.where(), err)
	}
	return nil
}

func (l *Loader) disconnect() error { return errors.Join(l.Conn.Close(), l.db.Close()) }

// misused is an error of what was configured.
func misused(fault string) error {
	return &pipeline.Error{
		Code: "TL6004", Kind: pipeline.Misuse, What: "open the warehouse: " + fault, Cure: "Correct warehouse.redshift in the configuration",
	}
}

// check holds the configuration against what the statements can bear.
func (c Config) check() error {
	for _, needed := range []struct{ name, value string }{{"host", c.Host}, {"database", c.Database}} {
		if needed.value == "" {
			return misused(needed.name + " is missing")
		}
	}
	switch {
	case c.IAM == nil && c.User == "":
		return misused("user is missing")
	case c.IAM != nil && c.IAM.Workgroup != "" && c.User != "":
		return misused("user is given, and iam.workgroup, for which AWS names the user after its own identity: leave user away")
	case c.Format != Parquet && c.Format != CSV:
		return misused(fmt.Sprintf("format is parquet or csv, not %q", c.Format))
	case !validRole(c.Role):
		return misused(fmt.Sprintf("role is the ARN of an IAM role, or default, not %q", c.Role))
	}
	if err := c.IAM.check(); err != nil {
		return err
	}
	return c.S3.check()
}

// connect opens one connection in the schema.
func connect(ctx context.Context, c Config) (*sql.DB, *sql.Conn, error) {
	roots, err := pgconfig.Roots(c.CAFile)
	if err != nil {
		return nil, nil, misused(err.Error())
	}
	login := pgconfig.Login{Host: c.Host, Port: c.Port, Database: c.Database, User: c.User, Password: c.Password}
	config, err := pgconfig.New(login, pgconfig.TLS{Off: c.Plain, ServerName: c.ServerName, Roots: roots})
	if err != nil {
		return nil, nil, misused(err.Error())
	}
	config.RuntimeParams = map[string]string{}                  // of those that others send at the start, Redshift knows few
	config.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec // temporary tables change from batch to batch
	var options []stdlib.OptionOpenDB
	if c.IAM != nil {
		options = append(options, stdlib.OptionBeforeConnect(c.logIn))
	}
	db := stdlib.OpenDB(*config, options...)
	conn, err := db.Conn(ctx)
	if err == nil {
		err = prepare(ctx, conn, c.Schema)
	}
	if err != nil {
		if conn != nil {
			err = errors.Join(err, conn.Close())
		}
		return nil, nil, errors.Join(c.explain("open the warehouse "+c.where(), err), db.Close())
	}
	return db, conn, nil
}

// prepare makes a session what the statements expect.
func prepare(ctx context.Context, conn *sql.Conn, schemaName string) error {
	for _, s := range []string{
		"set timezone to 'UTC'",
		"set statement_timeout to 0", // whatever the user has by default: a merge takes its time
		"set search_path to " + statements.Redshift().Quote(schemaName),
	} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// reconnect begins a new session after one was lost.
func (l *Loader) reconnect(ctx context.Context) error {
	_ = l.Conn.Close() // it is gone
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return err
	}
	l.Conn = conn
	return prepare(ctx, conn, l.config.Schema)
}

// Load merges a batch and enters it into the ledger in one transaction. If the connection is lost on the way, the ledger says in the next
// whether the batch was committed; it is loaded again only if not.
func (l *Loader) Load(ctx context.Context, b pipeline.Batch) (map[string]pipeline.Loaded, error) {
	l.engine.uploaded = nil
	loaded, err := l.Warehouse.Load(ctx, b)
	if lost(err) && ctx.Err() == nil {
		if back := l.reconnect(ctx); back != nil {
			return nil, l.config.explain("load into "+l.config.where(), errors.Join(err, back))
		}
		loaded, err = l.Warehouse.Load(ctx, b)
	}
	if err != nil {
		return nil, l.config.explain("load into "+l.config.where(), l.withLoadErrors(ctx, err))
	}
	if !l.config.Keep {
		// What cannot be removed is left to the bucket's lifecycle rule: the batch is loaded.
		_ = l.engine.store.remove(ctx, l.engine.uploaded)
	}
	return loaded, nil
}
