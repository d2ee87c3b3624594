package web

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"trunkline/loaders/warehouse"
)

// format is a way to write an answer.
type format struct {
	name, title, kind string
	to                func(io.Writer) ending // nil: a file of DuckDB's own making
}

// ending is an answer that is written as it comes, and has to be told that it is whole.
type ending interface {
	warehouse.Answer
	end() error
}

var formats = []format{
	{"csv", "CSV", "text/csv; charset=utf-8", func(w io.Writer) ending { return &asCSV{out: csv.NewWriter(w)} }},
	{"json", "JSON", "application/json", func(w io.Writer) ending { return &asJSON{out: bufio.NewWriter(w)} }},
	{"parquet", "Parquet", "application/vnd.apache.parquet", nil},
}

// downloadTime is how long a download may take.
const downloadTime = 4 * time.Minute

// download answers with a table, or with the answer to a query, as a file.
func (s *Site) download(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), downloadTime)
	defer cancel()
	role, _ := ctx.Value(roleKey{}).(string)
	src := s.sources[role]
	if src == nil {
		http.Error(w, "No file is published for this role.", http.StatusNotFound)
		return
	}
	f := formatOf(r.URL.Query().Get("format"))
	if f == nil {
		http.Error(w, "format is csv, json or parquet.", http.StatusBadRequest)
		return
	}
	query, name, err := s.wanted(ctx, src, r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + "." + f.name}))
	out := s.counting(ctx, w)
	err = src.loading.take(ctx, s.waiting, func() error {
		if f.to == nil {
			return export(ctx, src.file, query, out)
		}
		to := f.to(out)
		if err := src.file.Select(ctx, query, to); err != nil {
			return err
		}
		return to.end()
	})
	switch sent := out.close(); {
	case err == nil:
	case sent == 0:
		w.Header().Del("Content-Disposition")
		http.Error(w, whyNot(ctx, err, downloadTime), statusOf(err))
	default: // half an answer must not look like a whole one
		s.config.Log.WarnContext(ctx, "a download broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
}

// wanted gives the query of a request, and a name for its answer.
func (s *Site) wanted(ctx context.Context, src *source, r *http.Request) (query, name string, err error) {
	q := r.URL.Query()
	if query = tidy(q.Get("sql")); query != "" {
		if len(query) > mostSQL {
			return "", "", fmt.Errorf("the query has %d bytes, at most %d", len(query), mostSQL)
		}
		return query, "answer", nil
	}
	snap, err := src.take(ctx)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = snap.give() }()
	name = q.Get("table")
	if snap.columns[name] == nil {
		return "", "", fmt.Errorf("there is no table %s in this file", clipped(name))
	}
	return "select * from " + s.dialect.Quote(name), name, nil
}

func formatOf(name string) *format {
	for i := range formats {
		if formats[i].name == name {
			return &formats[i]
		}
	}
	return nil
}

// export writes a Parquet file, which has to be whole before it can be sent.
func export(ctx context.Context, file File, query string, to io.Writer) error {
	dir, err := os.MkdirTemp("", "trunkline-download-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "answer.parquet")
	if err := file.Export(ctx, query, path); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	_, err = io.Copy(to, f)
	return err
}

// counter counts what was sent, and gives up on who does not read: he would keep others from their turn. After close it sends nothing.
type counter struct {
	mu      sync.Mutex
	w       io.Writer
	n       int64
	closed  bool
	control *http.ResponseController
	within  time.Duration // for a piece
	end     time.Time     // of all
}

func (s *Site) counting(ctx context.Context, w http.ResponseWriter) *counter {
	end, _ := ctx.Deadline()
	return &counter{w: w, control: http.NewResponseController(w), within: s.sending, end: end}
}

// close gives how much was sent.
func (c *counter) close() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	return c.n
}

func (c *counter) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0, io.ErrClosedPipe
	}
	if err := c.until(time.Now().Add(c.within)); err != nil {
		return 0, err
	}
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, errors.Join(err, c.until(c.end)) // while the next piece is made nobody is late
}

// until sets the time by which must be read what was sent. A writer that knows no time has none.
func (c *counter) until(t time.Time) error {
	if err := c.control.SetWriteDeadline(t); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// asCSV writes an answer as CSV: NULL is an empty field, and no text is a formula.
type asCSV struct {
	out     *csv.Writer
	line    []string
	numbers []bool // columns of numbers
}

func (a *asCSV) Columns(columns []warehouse.Heading) error {
	a.line, a.numbers = make([]string, len(columns)), make([]bool, len(columns))
	for i, c := range columns {
		a.line[i], a.numbers[i] = unformula(c.Name), numeric(c.Type)
	}
	return a.out.Write(a.line)
}

func (a *asCSV) Row(values []any) error {
	for i, value := range values {
		a.line[i] = cell(value).Raw
		if !a.numbers[i] {
			a.line[i] = unformula(a.line[i])
		}
	}
	return a.out.Write(a.line)
}

// unformula keeps a spreadsheet from executing what a stranger wrote: text that would begin a formula gets an apostrophe before it.
func unformula(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func (a *asCSV) end() error {
	a.out.Flush()
	return a.out.Error()
}

// asJSON writes an answer as an array of objects.
type asJSON struct {
	out   *bufio.Writer
	names []string
	rows  int
}

func (a *asJSON) Columns(columns []warehouse.Heading) error {
	for _, c := range columns {
		name, err := json.Marshal(c.Name)
		if err != nil {
			return err
		}
		a.names = append(a.names, string(name))
	}
	_, err := a.out.WriteString("[")
	return err
}

func (a *asJSON) Row(values []any) error {
	between := ",\n{"
	if a.rows == 0 {
		between = "\n{"
	}
	a.rows++
	_, _ = a.out.WriteString(between) // the writer keeps its first error
	for i, value := range values {
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("write %s as JSON: %w", a.names[i], err)
		}
		if i > 0 {
			_ = a.out.WriteByte(',')
		}
		_, _ = a.out.WriteString(a.names[i] + ":")
		_, _ = a.out.Write(text)
	}
	return a.out.WriteByte('}')
}

func (a *asJSON) end() error {
	_, _ = a.out.WriteString("\n]\n")
	return a.out.Flush()
}
