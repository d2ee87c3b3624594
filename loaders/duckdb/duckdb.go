// Package duckdb is the embedded warehouse: one DuckDB file that trunkline writes, and a published copy that people read.
//
// DuckDB locks the file for the process that has it open: nobody else can write it, nor read it. So readers get a copy,
// replaced by an atomic rename; whoever has the old one open keeps it.
package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	driverduckdb "github.com/duckdb/duckdb-go/v2"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// Config says where the warehouse is and what it may use.
type Config struct {
	// Path is the warehouse's file, written by trunkline alone.
	Path string `yaml:"path"`
	// Published is the copy that people query.
	Published string `yaml:"published"`
	// Roles are further copies, by the name of a role: each holds only what the role may see.
	Roles map[string]string `yaml:"roles"`
	// MemoryLimit is the most memory that DuckDB uses before it spills to disk, for example 2GB.
	MemoryLimit string `yaml:"memory_limit"`
	// Threads is how many threads it uses; 0 is one a core.
	Threads int `yaml:"threads"`
}

const defaultMemory = "2GB"

// Loader is an open warehouse. It is not safe for concurrent use.
type Loader struct {
	*warehouse.Warehouse

	config Config
	db     *sql.DB
	engine *engine
	copied *os.File // see copyTo
}

var (
	_ pipeline.Auditor    = (*Loader)(nil)
	_ pipeline.Publisher  = (*Loader)(nil)
	_ pipeline.Reenricher = (*Loader)(nil)
	_ pipeline.Loader     = (*Loader)(nil)
)

// Open opens the warehouse, making it if there is none, and takes the lease on it: a Loader that was opened earlier can no
// longer write. owner says who we are.
func Open(ctx context.Context, c Config, owner string) (*Loader, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(c.Path), 0o755); err != nil {
		return nil, unopened(c.Path, err)
	}
	db, conn, err := connect(ctx, c, c.Path)
	if err != nil {
		return nil, err
	}
	dialect := statements.DuckDB()
	e := &engine{dialect: dialect}
	l := &Loader{Warehouse: &warehouse.Warehouse{Dialect: dialect, Engine: e, Conn: conn}, engine: e, config: c, db: db}
	if err := l.Begin(ctx, owner); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Close gives the lease back and closes the file.
func (l *Loader) Close() error {
	err := errors.Join(l.End(context.Background()), l.Conn.Close(), l.db.Close(), l.engine.close())
	if l.copied != nil {
		err = errors.Join(err, l.copied.Close())
	}
	if err != nil {
		return fmt.Errorf("close the warehouse %s: %w", l.config.Path, err)
	}
	return nil
}

// check finds what cannot work before anything is touched.
func (c Config) check() error {
	var fault string
	switch {
	case c.Path == "":
		fault = "no path is configured"
	case strings.ContainsAny(c.Path+c.Published+strings.Join(slices.Collect(maps.Values(c.Roles)), ""), "?#%"): // of a meaning in the driver's address
		fault = "a path may not contain ?, # or %"
	case filepath.Clean(c.Path) == filepath.Clean(c.Published):
		fault = "the published copy would replace the warehouse itself"
	default:
		if fault = c.roleFault(); fault == "" {
			return nil
		}
	}
	return &pipeline.Error{
		Code: "TL6004", Kind: pipeline.Misuse, What: "open the warehouse " + c.Path + ": " + fault,
		Cure: "Set path, published and each of the roles of the warehouse to a file of its own",
	}
}

// connect opens a DuckDB file, or an engine without one. Nothing is ever downloaded: extensions are not looked for.
func connect(ctx context.Context, c Config, path string) (*sql.DB, *sql.Conn, error) {
	options := url.Values{
		"autoinstall_known_extensions": {"false"}, "autoload_known_extensions": {"false"},
		"memory_limit": {c.MemoryLimit},
	}
	if c.MemoryLimit == "" {
		options.Set("memory_limit", defaultMemory)
	}
	if c.Threads > 0 {
		options.Set("threads", strconv.Itoa(c.Threads))
	}
	connector, err := driverduckdb.NewConnector(path+"?"+options.Encode(), func(e driver.ExecerContext) error {
		_, err := e.ExecContext(ctx, "set TimeZone = 'UTC'", nil)
		return err
	})
	if err != nil {
		return nil, nil, unopened(path, err)
	}
	db := sql.OpenDB(connector)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(unopened(path, err), db.Close())
	}
	return db, conn, nil
}

var lockHolder = regexp.MustCompile(`Conflicting lock is held in .*\(PID (\d+)\)`)

// closedFile is what the system says of a file that this user may not write to.
var closedFile = regexp.MustCompile(`(?i)permission denied|operation not permitted|read-only file system`)

// unopened explains why a file cannot be opened.
func unopened(path string, err error) error {
	if held := lockHolder.FindStringSubmatch(err.Error()); held != nil {
		return &pipeline.Error{
			Code: "TL6001", Kind: pipeline.Locked,
			What: fmt.Sprintf("open the warehouse %s: process %s has it open", path, held[1]),
			Cure: "Wait for the other run, or end that process; query the published copy instead of this file",
		}
	}
	e := &pipeline.Error{
		Code: "TL6004", Kind: pipeline.Failure, What: "open the warehouse " + path, Err: err,
		Cure: "Look at the file, its folder's permissions and the space on the disk",
	}
	if closedFile.MatchString(err.Error()) { // DuckDB tells by its text alone
		e.Kind = pipeline.Misuse
		e.Cure = "Set warehouse.duckdb.path to a file that this user may write to; a relative path is relative to the folder of the configuration file"
	}
	return e
}
