package trusstdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	_ "embed" // of the tables
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/jackc/pgx/v5/pgtype"
	wire "github.com/jeroenrinzema/psql-wire"
	"github.com/jeroenrinzema/psql-wire/codes"
	wireerrors "github.com/jeroenrinzema/psql-wire/errors"

	"trunkline/internal/sim/scenario"
)

//go:embed duckdb.sql
var embedded string

// Server answers the PostgreSQL protocol over an embedded DuckDB that holds the world's Trusst as the clock says: for those
// who have no server. It takes what a reader asks (select, with parameters), from the one user there is, without TLS.
type Server struct {
	world *scenario.World
	now   func() time.Time
	db    *sql.DB
	wire  *wire.Server

	mu   sync.Mutex
	held time.Time // what moment the tables hold
}

// User and Password are who may read.
const (
	User     = "trunkline"
	Password = "simulated"
)

func admit(ctx context.Context, _, user, password string) (context.Context, bool, error) {
	return ctx, user == User && password == Password, nil
}

// NewServer makes a server. Close it.
func NewServer(ctx context.Context, w *scenario.World, now func() time.Time) (*Server, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, fmt.Errorf("open the database of Trusst: %w", err)
	}
	db.SetMaxOpenConns(1) // variables belong to a connection
	s := &Server{world: w, now: now, db: db}
	if _, err := db.ExecContext(ctx, embedded); err != nil {
		return nil, errors.Join(fmt.Errorf("create the tables of Trusst: %w", err), db.Close())
	}
	s.wire, err = wire.NewServer(s.parse, wire.Logger(slog.New(slog.DiscardHandler)), wire.SessionAuthStrategy(wire.ClearTextPassword(admit)))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make the server of Trusst: %w", err), db.Close())
	}
	return s, nil
}

// Serve answers until the server is closed.
func (s *Server) Serve(l net.Listener) error { return s.wire.Serve(l) }

// Close ends the server and forgets its tables.
func (s *Server) Close() error { return errors.Join(s.wire.Close(), s.db.Close()) }

// turn makes the tables hold what there is now.
func (s *Server) turn(ctx context.Context) error {
	now := s.now().UTC().Truncate(time.Second)
	if _, err := s.db.ExecContext(ctx, "set variable now = '"+now.Format(time.RFC3339)+"'"); err != nil {
		return err
	}
	if since := now.Sub(s.held); since >= 0 && since < time.Minute {
		return nil
	}
	s.held = now
	return Set(ctx, s.db, s.world.Trusst(now))
}

// parse prepares a statement: DuckDB tells the types of its parameters and columns.
func (s *Server) parse(ctx context.Context, query wire.Query) (wire.PreparedStatements, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.turn(ctx); err != nil {
		return nil, err
	}
	text := strings.ReplaceAll(query.Query, "information_schema.columns", "seen_as.columns")
	text = readOnly.ReplaceAllString(text, "select 'on' as transaction_read_only")
	text = array.ReplaceAllString(text, "any(cast($$$1 as varchar[])")
	var columns wire.Columns
	var parameters []uint32
	err := s.prepared(ctx, text, func(stmt *duckdb.Stmt) (err error) {
		kind, err := stmt.StatementType()
		if err != nil {
			return err
		}
		if kind != duckdb.STATEMENT_TYPE_SELECT {
			return wireerrors.WithCode(errors.New("nothing but select is for a read-only transaction"), codes.ReadOnlySQLTransaction)
		}
		if parameters, err = parametersOf(stmt, text); err != nil {
			return err
		}
		columns, err = columnsOf(stmt)
		return err
	})
	if err != nil {
		return nil, err
	}
	run := func(ctx context.Context, out wire.DataWriter, given []wire.Parameter) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.answer(ctx, text, parameters, given, out)
	}
	return wire.Prepared(wire.NewStatement(run, wire.WithColumns(columns), wire.WithParameters(parameters))), nil
}

// prepared gives do the statement that DuckDB makes of a text.
func (s *Server) prepared(ctx context.Context, text string, do func(*duckdb.Stmt) error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return conn.Raw(func(c any) error {
		made, err := c.(driver.ConnPrepareContext).PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		defer func() { _ = made.Close() }()
		return do(made.(*duckdb.Stmt))
	})
}

func (s *Server) answer(ctx context.Context, text string, oids []uint32, given []wire.Parameter, out wire.DataWriter) error {
	args := make([]driver.NamedValue, len(given))
	for i, p := range given {
		args[i].Ordinal = i + 1
		if p.Value() == nil {
			continue
		}
		v, err := p.Scan(oids[i])
		if err != nil {
			return fmt.Errorf("read parameter %d: %w", i+1, err)
		}
		switch at := v.(type) {
		case pgtype.Timestamp:
			v = at.Time
		case pgtype.InfinityModifier: // before and after everything that the tables hold; the driver cannot bind more
			v = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
			if at == pgtype.Infinity {
				v = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
			}
		}
		args[i].Value = v
	}
	return s.prepared(ctx, text, func(stmt *duckdb.Stmt) error {
		rows, err := stmt.QueryContext(ctx, args)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		n := 0
		for {
			row := make([]driver.Value, len(rows.Columns()))
			if err := rows.Next(row); errors.Is(err, io.EOF) {
				return out.Complete("SELECT " + strconv.Itoa(n))
			} else if err != nil {
				return err
			}
			cells := make([]any, len(row))
			for i, v := range row {
				cells[i] = v
			}
			if err := out.Row(cells); err != nil {
				return err
			}
			n++
		}
	})
}

// readOnly is the question whether a session can write; none can.
var readOnly = regexp.MustCompile(`(?i)^\s*show\s+transaction_read_only\s*;?\s*$`)

// What DuckDB cannot tell of a parameter, its place does.
var (
	limit = regexp.MustCompile(`(?i)\blimit\s+\$(\d+)`)
	array = regexp.MustCompile(`(?i)\bany\s*\(\s*(?:cast\()?\$(\d+)`)
)

func parametersOf(stmt *duckdb.Stmt, text string) ([]uint32, error) {
	oids := make([]uint32, stmt.NumInput())
	for i := range oids {
		t, err := stmt.ParamType(i + 1)
		if err != nil {
			return nil, err
		}
		oids[i] = oidOf(t)
	}
	for _, place := range []struct {
		at  *regexp.Regexp
		oid uint32
	}{{limit, pgtype.Int8OID}, {array, pgtype.TextArrayOID}} {
		for _, m := range place.at.FindAllStringSubmatch(text, -1) {
			if n, err := strconv.Atoi(m[1]); err == nil && n >= 1 && n <= len(oids) {
				oids[n-1] = place.oid
			}
		}
	}
	return oids, nil
}

func columnsOf(stmt *duckdb.Stmt) (wire.Columns, error) {
	n, err := stmt.ColumnCount()
	if err != nil {
		return nil, err
	}
	columns := make(wire.Columns, n)
	for i := range columns {
		name, err := stmt.ColumnName(i)
		if err != nil {
			return nil, err
		}
		t, err := stmt.ColumnType(i)
		if err != nil {
			return nil, err
		}
		columns[i] = wire.Column{Name: name, Oid: oidOf(t)}
	}
	return columns, nil
}

// oidOf gives the type of PostgreSQL that a type of DuckDB is; text for what nobody asks for.
func oidOf(t duckdb.Type) uint32 {
	switch t {
	case duckdb.TYPE_BOOLEAN:
		return pgtype.BoolOID
	case duckdb.TYPE_INTEGER:
		return pgtype.Int4OID
	case duckdb.TYPE_BIGINT:
		return pgtype.Int8OID
	case duckdb.TYPE_DOUBLE:
		return pgtype.Float8OID
	case duckdb.TYPE_TIMESTAMP:
		return pgtype.TimestampOID
	case duckdb.TYPE_TIMESTAMP_TZ:
		return pgtype.TimestamptzOID
	case duckdb.TYPE_LIST:
		return pgtype.TextArrayOID
	default:
		return pgtype.TextOID
	}
}
