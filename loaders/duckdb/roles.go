package duckdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"trunkline/loaders/warehouse"
	statements "trunkline/sql"
)

// DuckDB has no users: whoever reads a file reads all of it. So a role gets a file of its own, in which what it must not see
// never was. It is written anew, and not copied and reduced: deleted rows and dropped columns stay in a file's free blocks.

// roleFile is a role and the file that is published for it.
type roleFile struct {
	role statements.Role
	path string
}

func (f roleFile) next() string { return f.path + ".next" }

// roleFiles gives the files that are configured, in the order of the roles.
func (c Config) roleFiles() []roleFile {
	var files []roleFile
	for _, r := range statements.Roles() {
		if path := c.Roles[r.Name]; path != "" {
			files = append(files, roleFile{r, path})
		}
	}
	return files
}

// roleFault says what is wrong with the configured roles; nothing if all is well.
func (c Config) roleFault() string {
	taken := []string{filepath.Clean(c.Path), filepath.Clean(c.Published)}
	for name, path := range c.Roles {
		if !slices.ContainsFunc(statements.Roles(), func(r statements.Role) bool { return r.Name == name }) {
			return fmt.Sprintf("there is no role %q", name)
		}
		if path == "" {
			continue
		}
		if slices.Contains(taken, filepath.Clean(path)) {
			return "the file of the role " + name + " would replace another"
		}
		taken = append(taken, filepath.Clean(path))
	}
	return ""
}

// makeRoleFile writes a role's next file out of the next published one, which is whole and which nobody has open. Views become
// tables: what they count may lie in columns that the role must not see. Those that are withheld are left out.
func (l *Loader) makeRoleFile(ctx context.Context, f roleFile, published string, views []*warehouse.Shown) (err error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return err
	}
	if err := remove(f.next(), f.next()+".wal"); err != nil {
		return err
	}
	db, conn, err := connect(ctx, l.config, f.next())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(), db.Close()) }()
	const whole = "whole"
	todo := []string{"attach " + l.Dialect.Literal(published) + " as " + whole + " (read_only)"}
	for _, s := range slices.Backward(f.role.Shares(warehouse.Seen(views))) { // views first: they must count the whole tables, not those of the role
		todo = append(todo, l.Dialect.CopyShare(s, whole))
		todo = append(todo, l.Dialect.DescribeShare(s)...)
		todo = append(todo, l.Dialect.ShareView(f.role, s))
	}
	for _, statement := range append(todo, "detach "+whole, "checkpoint") {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
