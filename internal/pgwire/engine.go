package pgwire

import (
	"context"
	"errors"
	"fmt"
	"strings"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// engine is one DuckDB with one file attached to it, which it can read and nothing else: no other file, no network, no
// setting. Its own database is in memory and holds the catalogue that clients ask for.
type engine struct {
	db       bindings.Database
	database string          // the name of the attached one, quoted
	denied   map[string]bool // functions that no query may call
}

// limits are what one engine may use.
type limits struct {
	memory  string // 2GB
	threads int    // 0 is one a core
}

// openEngine attaches the file as a database of that name, makes the catalogue and takes away every right to do more.
func openEngine(path, database string, l limits, catalogue []string) (*engine, error) {
	config, err := newConfig(l)
	if err != nil {
		return nil, err
	}
	defer bindings.DestroyConfig(&config)
	e := &engine{database: `"` + strings.ReplaceAll(database, `"`, `""`) + `"`}
	var message string
	if bindings.OpenExt("", &e.db, config, &message) == bindings.StateError {
		return nil, fmt.Errorf("start an engine: %s", message)
	}
	if err := e.setUp(path, catalogue); err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

// setUp attaches the file, makes the catalogue and locks what is left.
func (e *engine) setUp(path string, catalogue []string) error {
	l, err := e.link(make(turn, 1))
	if err != nil {
		return err
	}
	defer l.close()
	todo := append([]string{"attach " + plain(path).text + " as " + e.database + " (read_only)", "set global TimeZone = 'UTC'"}, catalogue...)
	todo = append(todo, "set global integer_division = true") // what clients divide; the file's views and the catalogue are parsed already
	todo = append(todo, "set enable_external_access = false", "set lock_configuration = true")
	for _, statement := range todo {
		if err := l.do(statement); err != nil {
			return fmt.Errorf("prepare the engine: %.200s: %s", statement, err.Error()) // not a client's own error
		}
	}
	return e.findDenied(l)
}

func newConfig(l limits) (config bindings.Config, err error) {
	if bindings.CreateConfig(&config) == bindings.StateError {
		return config, errors.New("make the engine's configuration")
	}
	set := map[string]string{
		"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "allow_community_extensions": "false",
		"memory_limit": l.memory, "temp_directory": "", // a query that needs more than that ends: nothing is written
	}
	if l.threads > 0 {
		set["threads"] = fmt.Sprint(l.threads)
	}
	for name, value := range set {
		if bindings.SetConfig(config, name, value) == bindings.StateError {
			bindings.DestroyConfig(&config)
			return config, fmt.Errorf("the engine refuses %s = %q", name, value)
		}
	}
	return config, nil
}

func (e *engine) close() { bindings.Close(&e.db) }

// link is a connection to an engine. One goroutine uses it.
type link struct {
	lending

	conn bindings.Connection
	turn turn
}

func (e *engine) link(t turn) (*link, error) {
	l := &link{turn: t}
	if bindings.Connect(e.db, &l.conn) == bindings.StateError {
		return nil, errors.New("connect to the engine")
	}
	return l, nil
}

// connect opens a connection that looks for names in the attached file, then in the catalogue.
func (e *engine) connect(t turn) (*link, error) {
	l, err := e.link(t)
	if err != nil {
		return nil, err
	}
	if err := l.do("set search_path = " + plain(e.database+".main,"+catalogueSchema).text); err != nil {
		l.close()
		return nil, fmt.Errorf("connect to the engine: %w", err)
	}
	return l, nil
}

func (l *link) close() { l.give(l) }
func (l *link) free()  { bindings.Disconnect(&l.conn) }

// do runs a statement of our own.
func (l *link) do(statement string) error {
	var result bindings.Result
	defer bindings.DestroyResult(&result)
	if bindings.Query(l.conn, statement, &result) == bindings.StateError {
		return engineError(bindings.ResultErrorType(&result), bindings.ResultError(&result))
	}
	return nil
}

// prepare parses and binds one statement. The engine works out what is constant in it, which may take long.
func (l *link) prepare(ctx context.Context, query string) (*prepared, error) {
	return call(ctx, l, func() (*prepared, error) { return l.parsed(query) })
}

// parsed is prepare without an end.
func (l *link) parsed(query string) (*prepared, error) {
	var extracted bindings.ExtractedStatements
	count := bindings.ExtractStatements(l.conn, query, &extracted)
	defer bindings.DestroyExtracted(&extracted)
	if count != 1 {
		if message := bindings.ExtractStatementsError(extracted); message != "" {
			return nil, engineError(bindings.ErrorTypeInvalid, message)
		}
		return nil, &Error{Code: "42601", Message: fmt.Sprintf("one statement is expected, here are %d", count)}
	}
	p := &prepared{link: l}
	if bindings.PrepareExtractedStatement(l.conn, extracted, 0, &p.statement) == bindings.StateError {
		err := engineError(bindings.ErrorTypeInvalid, bindings.PrepareError(p.statement))
		p.free()
		return nil, err
	}
	return p, nil
}

// prepared is a statement that an engine knows.
type prepared struct {
	link      *link
	statement bindings.PreparedStatement
}

func (p *prepared) close() { p.link.give(p) }
func (p *prepared) free()  { bindings.DestroyPrepare(&p.statement) }

// reads tells whether the statement does nothing but read, by what the engine made of it. An EXPLAIN does if what it is of was
// found to.
func (p *prepared) reads(explains bool) bool {
	switch bindings.PreparedStatementType(p.statement) {
	case bindings.StatementTypeSelect:
		return true
	case bindings.StatementTypeExplain:
		return explains
	default:
		return false
	}
}

// stream starts the statement. Texts are its parameters; nil is NULL.
func (p *prepared) stream(ctx context.Context, texts []*string) (*stream, error) {
	for i, text := range texts {
		at := bindings.IdxT(i + 1)
		var state bindings.State
		if text == nil {
			state = bindings.BindNull(p.statement, at)
		} else {
			state = bindings.BindVarcharLength(p.statement, at, *text, bindings.IdxT(len(*text)))
		}
		if state == bindings.StateError {
			return nil, engineError(bindings.ErrorTypeInvalid, bindings.PrepareError(p.statement))
		}
	}
	return call(ctx, p.link, func() (*stream, error) {
		s := &stream{link: p.link}
		var pending bindings.PendingResult
		defer bindings.DestroyPending(&pending)
		if bindings.PendingPreparedStreaming(p.statement, &pending) == bindings.StateError {
			return nil, engineError(bindings.ErrorTypeInvalid, bindings.PendingError(pending))
		}
		if bindings.ExecutePending(pending, &s.result) == bindings.StateError {
			err := engineError(bindings.ResultErrorType(&s.result), bindings.ResultError(&s.result))
			s.free()
			return nil, err
		}
		return s, nil
	})
}

// stream is a result that the engine makes while it is read: never more than some of it is in memory.
type stream struct {
	link   *link
	result bindings.Result
}

func (s *stream) close() { s.link.give(s) }
func (s *stream) free()  { bindings.DestroyResult(&s.result) }

// has tells whether the result has columns of these types.
func (s *stream) has(columns []column) bool {
	if int(bindings.ColumnCount(&s.result)) != len(columns) {
		return false
	}
	for i, c := range columns {
		kind := bindings.ColumnLogicalType(&s.result, bindings.IdxT(i))
		is, scale := bindings.GetTypeId(kind), uint8(0)
		if is == bindings.TypeDecimal {
			is, scale = bindings.DecimalInternalType(kind), bindings.DecimalScale(kind)
		}
		bindings.DestroyLogicalType(&kind)
		if (is != c.kind || scale != c.scale) && c.kind != bindings.TypeSQLNull {
			return false
		}
	}
	return true
}

// chunk gives some more rows; nil is the end. The caller closes it.
func (s *stream) chunk(ctx context.Context, columns []column) (*chunk, error) {
	c, err := call(ctx, s.link, func() (*chunk, error) {
		c := &chunk{data: bindings.FetchChunk(s.result)}
		if message := bindings.ResultError(&s.result); message != "" {
			c.free()
			return nil, engineError(bindings.ResultErrorType(&s.result), message)
		}
		return c, nil
	})
	if err != nil {
		return nil, err
	}
	if c.data.Ptr == nil {
		return nil, nil
	}
	c.size, c.vectors = int(bindings.DataChunkGetSize(c.data)), vectors(c.data, columns)
	return c, nil
}

// chunk is some rows of a result. No call uses it.
type chunk struct {
	data    bindings.DataChunk
	size    int
	vectors []vector
}

func (c *chunk) free() { bindings.DestroyDataChunk(&c.data) }
