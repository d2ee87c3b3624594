package redshift

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// engine is Redshift as a warehouse.Engine.
type engine struct {
	config   Config
	dialect  statements.Dialect
	store    *store
	uploaded []string // keys of what the present batch has in the bucket
}

// Stage makes the batch's temporary table anew and lets COPY fill it. The files are looked at before any of it is uploaded.
func (e *engine) Stage(ctx context.Context, tx *sql.Tx, t *schema.Table, files []pipeline.File) (err error) {
	file, done, err := warehouse.Scratch()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	staged, err := e.encode(file, t, files)
	if err != nil {
		return err
	}
	if err := warehouse.Execute(ctx, tx, e.createStaging(t)...); err != nil {
		return err
	}
	if staged.rows == 0 {
		return nil
	}
	listed := e.list(staged)
	for _, c := range []struct {
		key string
		content
	}{{staged.key, content{file, staged.size, staged.sha256}}, {listed.key, listed.content}} {
		if !slices.Contains(e.uploaded, c.key) {
			e.uploaded = append(e.uploaded, c.key)
		}
		if err := e.store.put(ctx, c.key, c.content); err != nil {
			return err
		}
	}
	return e.copy(ctx, tx, t, listed.key, staged.rows)
}

// staged is an object with the rows of a table.
type staged struct {
	key    string
	size   int64
	sha256 [32]byte
	rows   int64
}

// encode writes the rows of a table's files in the form that COPY reads, and says under which key they go into the bucket: it is named
// after what it holds, so that a retry finds it there.
func (e *engine) encode(to io.Writer, t *schema.Table, files []pipeline.File) (staged, error) {
	for _, f := range files {
		if err := examine(t, f); err != nil {
			return staged{}, err
		}
	}
	hash, counted := sha256.New(), &counter{}
	write, ending := warehouse.WriteStaged, ".parquet"
	if e.config.Format == CSV {
		write, ending = writeCSV, ".csv.gz"
	}
	rows, err := write(io.MultiWriter(to, hash, counted), t, files, "redshift")
	if err != nil {
		return staged{}, err
	}
	s := staged{size: counted.bytes, rows: rows}
	copy(s.sha256[:], hash.Sum(nil))
	s.key = e.config.key(content{sha256: s.sha256}.name() + ending)
	return s, nil
}

type counter struct{ bytes int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return len(p), nil
}

// listing is the manifest of a COPY: the exact files that it reads.
type listing struct {
	key string
	content
}

type manifest struct {
	Entries []manifestEntry `json:"entries"`
}

type manifestEntry struct {
	URL       string       `json:"url"`
	Mandatory bool         `json:"mandatory"` // or COPY would pass over a file that is not there
	Meta      manifestMeta `json:"meta"`
}

type manifestMeta struct {
	ContentLength int64 `json:"content_length"`
}

func (e *engine) list(s staged) listing {
	text, err := json.Marshal(manifest{[]manifestEntry{{URL: e.config.S3.uri(s.key), Mandatory: true, Meta: manifestMeta{s.size}}}})
	if err != nil {
		panic("redshift: " + err.Error()) // a text, a truth and a number
	}
	c := content{body: strings.NewReader(string(text)), size: int64(len(text)), sha256: sha256.Sum256(text)}
	return listing{key: e.config.key(c.name() + ".manifest"), content: c}
}

// createStaging gives the statements that make the batch's temporary table, empty. Its rows lie where those of the table do.
func (e *engine) createStaging(t *schema.Table) []string {
	columns := []string{e.dialect.File + " bigint", e.dialect.Row + " bigint"}
	for _, c := range t.Columns {
		columns = append(columns, e.dialect.Quote(c.Name)+" "+e.dialect.Type(c))
	}
	spread, _, _ := strings.Cut(e.dialect.Place(t), " compound ")
	if spread == "diststyle all" {
		spread = "diststyle even" // a copy on each node would be written for one merge
	}
	return []string{
		"drop table if exists " + e.dialect.Batch,
		fmt.Sprintf("%s %s (\n    %s\n)\n%s", e.dialect.Temporary, e.dialect.Batch, strings.Join(columns, ",\n    "), spread),
	}
}

// copyStatement lets Redshift read what a manifest lists.
func (e *engine) copyStatement(t *schema.Table, manifestKey string) string {
	role := "default"
	if e.config.Role != "default" {
		role = e.dialect.Literal(e.config.Role)
	}
	from := fmt.Sprintf("from %s\niam_role %s", e.dialect.Literal(e.config.S3.uri(manifestKey)), role)
	if e.config.Format == Parquet {
		return fmt.Sprintf("copy %s\n%s\nformat as parquet\nmanifest", e.dialect.Batch, from)
	}
	columns := []string{e.dialect.File, e.dialect.Row}
	for _, c := range t.Columns {
		columns = append(columns, e.dialect.Quote(c.Name))
	}
	region := ""
	if e.config.S3.Region != "" {
		region = "\nregion " + e.dialect.Literal(e.config.S3.Region)
	}
	return fmt.Sprintf("copy %s (\n    %s\n)\n%s\nformat as csv\ngzip\nnull as %s\ntimeformat 'auto'\nmanifest%s", e.dialect.Batch,
		strings.Join(columns, ",\n    "), from, e.dialect.Literal(csvNull), region)
}

const lastCopy = "select pg_last_copy_count()"

// copy fills the batch's table and holds what COPY says it loaded against what was written.
func (e *engine) copy(ctx context.Context, tx *sql.Tx, t *schema.Table, manifestKey string, rows int64) error {
	if _, err := tx.ExecContext(ctx, e.copyStatement(t, manifestKey)); err != nil {
		return &copyError{table: t.Name, err: err}
	}
	var loaded int64
	if err := tx.QueryRowContext(ctx, lastCopy).Scan(&loaded); err != nil {
		return fmt.Errorf("count what was copied: %w", err)
	}
	if loaded != rows {
		return &pipeline.Error{
			Code: "TL6103", Kind: pipeline.Failure,
			What: fmt.Sprintf("copy into %s: Redshift loaded %d rows of the %d that were written", t.Name, loaded, rows),
			Cure: "Nothing was loaded. Run again; if it stays so, set warehouse.redshift.format: csv and tell us",
		}
	}
	return nil
}

// parameters is the temporary table in which parameters lie: a row each, a list has one for each of its elements.
const parameters = "create temp table if not exists trunkline_parameters (\n    name varchar(63) not null,\n    value varchar(65535)\n)"

// Set gives a parameter of the statements a value; it stays until it is given another.
func (e *engine) Set(ctx context.Context, tx *sql.Tx, name string, value any) error {
	texts, err := parameterTexts(value)
	if err == nil {
		_, err = tx.ExecContext(ctx, parameters)
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, "delete from trunkline_parameters where name = $1", name)
	}
	for _, text := range texts {
		if err == nil {
			_, err = tx.ExecContext(ctx, "insert into trunkline_parameters (name, value) values ($1, $2)", name, text)
		}
	}
	if err != nil {
		return fmt.Errorf("set %s: %w", name, err)
	}
	return nil
}

// parameterTexts writes a value as the rows of a parameter; none stand for NULL.
func parameterTexts(value any) ([]string, error) {
	switch value := value.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{value}, nil
	case float64:
		return []string{strconv.FormatFloat(value, 'g', -1, 64)}, nil
	case time.Time:
		return []string{value.UTC().Format(timeText)}, nil
	case []string:
		return value, nil
	default:
		return nil, fmt.Errorf("a parameter cannot be %T", value)
	}
}

// timeText is how a time is written, in UTC.
const timeText = "2006-01-02 15:04:05.000000"
