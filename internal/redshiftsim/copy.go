package redshiftsim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"
)

// column is one that COPY fills.
type column struct {
	name     string
	kind     string // type in Redshift's words
	bytes    int    // of a varchar
	required bool
}

// copy loads files into a table, in the transaction of the session. It always appends, and remembers nothing (r_COPY).
func (s *session) copy(c *copyCommand, fault Fault, faulty bool) (bool, error) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	done := make(chan struct{})
	defer close(done)
	go func() { // ends with copy
		select {
		case <-s.server.ended:
			stop()
		case <-s.stop:
			stop()
		case <-done:
		}
	}()
	columns, r, err := s.columns(c)
	if err != nil {
		return false, err
	}
	if r != nil {
		return false, s.refuse(r)
	}
	if faulty {
		if wrong := (map[Trouble]*s3Error{ExpiredCredentials: expired, AccessDenied: accessDenied, WrongRegion: wrongRegion})[fault.Trouble]; wrong != nil {
			return false, s.refuse(s3Refusal(wrong))
		}
	}
	files, r := s.objects(ctx, c)
	if ctx.Err() != nil {
		r = cancelled()
	}
	if r != nil {
		return false, s.refuse(r)
	}
	id := s.server.query.Add(1)
	rows, n, lerr := decode(ctx, c, columns, files)
	if lerr == nil {
		lerr = s.send(c, columns, rows)
	}
	if lerr != nil {
		s.last.count = 0
		return s.copyFailed(ctx, c, id, lerr)
	}
	s.last = copied{count: n, id: id}
	s.client.Send(&pgproto3.NoticeResponse{Severity: "INFO", Code: "00000", Message: fmt.Sprintf(
		"Load into table '%s' completed, %d record(s) loaded successfully.", c.label, n)})
	s.client.Send(&pgproto3.CommandComplete{CommandTag: []byte("COPY")})
	return true, nil
}

// loadError is a value or a file that COPY cannot load, with what the system tables tell of it.
type loadError struct {
	refusal       *refusal // what the client is told; nil is that it should look into stl_load_errors
	file, reason  string
	line          int64
	column        column
	code          int
	raw, rawField string
	broken        error // the connection to PostgreSQL is gone
}

// decode reads the rows of the files as lines of PostgreSQL's COPY.
func decode(ctx context.Context, c *copyCommand, columns []column, files []object) (rows []byte, n int64, failed *loadError) {
	var out bytes.Buffer
	for _, f := range files {
		var m int64
		if c.parquet {
			m, failed = readParquet(ctx, c, columns, f, &out)
		} else {
			m, failed = readCSV(c, columns, f, &out)
		}
		if failed != nil {
			failed.file = f.url
			return nil, 0, failed
		}
		n += m
	}
	return out.Bytes(), n, nil
}

// columns gives the columns that a COPY fills, in the order of the files.
func (s *session) columns(c *copyCommand) ([]column, *refusal, error) {
	a, r, err := s.ask(`select a.attname, pg_catalog.format_type(a.atttypid, null), case when a.atttypid = 'varchar'::regtype then a.atttypmod - 4 else 0 end,
    a.attnotnull
from pg_catalog.pg_attribute as a
where a.attrelid = pg_catalog.to_regclass(` + literal(c.table) + `)
    and a.attnum > 0
    and not a.attisdropped
order by a.attnum`)
	if r != nil || err != nil {
		return nil, r, err
	}
	if len(a.rows) == 0 {
		return nil, refuse("42P01", "Cannot COPY into nonexistent table %s", c.label), nil
	}
	all := make([]column, len(a.rows))
	for i, row := range a.rows {
		n, err := strconv.Atoi(row[2])
		if err != nil {
			return nil, nil, err
		}
		all[i] = column{row[0], row[1], n, row[3] == "t"}
	}
	if c.columns == nil {
		return all, nil, nil
	}
	listed := make([]column, len(c.columns))
	for i, name := range c.columns {
		at := slices.IndexFunc(all, func(c column) bool { return c.name == name })
		if at < 0 {
			return nil, refuse("42703", `column "%s" of relation "%s" does not exist`, name, c.label), nil
		}
		listed[i] = all[at]
	}
	return listed, nil, nil
}

// send gives the rows to PostgreSQL. A value that it does not take is no surprise in CSV, whose values are texts until then.
func (s *session) send(c *copyCommand, columns []column, rows []byte) *loadError {
	names := make([]string, len(columns))
	for i, col := range columns {
		names[i] = col.name
	}
	s.upstream.Send(&pgproto3.Query{String: "copy " + c.table + " (" + quotedNames(names) + ") from stdin"})
	if err := s.upstream.Flush(); err != nil {
		return &loadError{broken: err}
	}
	m, err := s.upstream.Receive()
	if err != nil {
		return &loadError{broken: err}
	}
	if e, refused := m.(*pgproto3.ErrorResponse); refused {
		t := translated(e)
		_, _, err := s.collect()
		return &loadError{refusal: &refusal{code: t.Code, message: t.Message, detail: t.Detail}, broken: err}
	}
	for len(rows) > 0 {
		n := min(len(rows), 64<<10)
		s.upstream.Send(&pgproto3.CopyData{Data: rows[:n]})
		if err := s.upstream.Flush(); err != nil {
			return &loadError{broken: err}
		}
		rows = rows[n:]
	}
	s.upstream.Send(&pgproto3.CopyDone{})
	_, r, err := s.collect()
	if err != nil {
		return &loadError{broken: err}
	}
	if r == nil { // COPY looks at what it loaded (copy-parameters-data-load, STATUPDATE)
		r, err = s.quietly("analyze " + c.table)
	}
	if err != nil {
		return &loadError{broken: err}
	}
	if r != nil {
		return &loadError{refusal: r}
	}
	return nil
}

// copyFailed answers with the error of a COPY that began to load, after it was entered into the system tables.
func (s *session) copyFailed(ctx context.Context, c *copyCommand, id int64, e *loadError) (bool, error) {
	if e.broken != nil {
		return false, e.broken
	}
	if e.code != 0 {
		if err := s.enter(ctx, c, id, e); err != nil {
			return false, s.refuse(refuse("XX000", "%s", err.Error()))
		}
	}
	r := e.refusal
	if r == nil {
		r = internal(fmt.Sprintf("Load into table '%s' failed.  Check 'stl_load_errors' system table for details.", c.label), 8001, c.label)
	}
	return false, s.refuse(r)
}

// enter writes a load error where it outlives the transaction (r_STL_LOAD_ERRORS, SYS_LOAD_ERROR_DETAIL).
func (s *session) enter(ctx context.Context, c *copyCommand, id int64, e *loadError) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	_, err := s.server.admin.Exec(ctx, `insert into redshift.load_errors
values ($1, coalesce(cast(to_regclass($2) as oid), 0)::bigint::integer, $3, cast(now() as timestamp), $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $14)`,
		s.user, c.table, c.label, int32(s.pid), id, e.file, e.line, e.column.name, e.column.kind, strconv.Itoa(e.column.bytes), //nolint:gosec // a process id
		readable(e.raw), readable(e.rawField), e.code, e.reason)
	if err != nil {
		return errors.Join(errors.New("enter a load error"), err)
	}
	return nil
}

// readable is a text without what PostgreSQL cannot keep.
func readable(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?") }

// appendText writes a value as PostgreSQL's COPY reads it.
func appendText(out *bytes.Buffer, value string) {
	for i := range len(value) {
		switch c := value[i]; c {
		case '\\':
			out.WriteString(`\\`)
		case '\t':
			out.WriteString(`\t`)
		case '\n':
			out.WriteString(`\n`)
		case '\r':
			out.WriteString(`\r`)
		default:
			out.WriteByte(c)
		}
	}
}
