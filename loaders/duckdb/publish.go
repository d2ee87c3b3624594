package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
)

// Publish puts a copy of the warehouse, with its views, in the place of the published file, and what each role may see in the
// place of the role's. Each file is replaced in one step, and none before all are made.
//
// With an open gate the rows of the views that need the CRM are also kept as tables (kept_…) in the warehouse; with a
// closed gate the published views select from those. etl_publications tells which is which.
func (l *Loader) Publish(ctx context.Context, p pipeline.Publication) (pipeline.Published, error) {
	if l.config.Published == "" {
		return pipeline.Published{}, &pipeline.Error{
			Code: "TL6004", Kind: pipeline.Misuse, What: "publish: no place for the published copy is configured",
			Cure: "Set warehouse.published to a file",
		}
	}
	published, err := l.publish(ctx, p)
	if err != nil {
		return pipeline.Published{}, fmt.Errorf("publish %s to %s: %w", p.Run, l.config.Published, err)
	}
	return published, nil
}

func (l *Loader) publish(ctx context.Context, p pipeline.Publication) (pipeline.Published, error) {
	views, err := l.Views(p.PivotKeys)
	if err != nil {
		return pipeline.Published{}, err
	}
	err = l.Write(ctx, func(tx *sql.Tx) error {
		if err := l.Stamp(ctx, tx, views, p); err != nil {
			return err
		}
		return l.keep(ctx, tx, views)
	})
	if err != nil {
		return pipeline.Published{}, err
	}
	published := warehouse.Published(l.config.Published, views)
	next := l.config.Published + ".next"
	if err := l.copyTo(ctx, next); err != nil {
		return pipeline.Published{}, err
	}
	if err := l.createViews(ctx, next, views); err != nil {
		return pipeline.Published{}, err
	}
	files := l.config.roleFiles()
	for _, f := range files {
		if err := l.makeRoleFile(ctx, f, next, views); err != nil {
			return pipeline.Published{}, fmt.Errorf("what the role %s may see: %w", f.role.Name, err)
		}
	}
	for _, f := range files { // all of them are whole by now
		if err := replace(f.next(), f.path); err != nil {
			return pipeline.Published{}, err
		}
		published.Roles = append(published.Roles, f.path)
	}
	return published, replace(next, l.config.Published)
}

// kept names the table in which the rows of a view are kept.
func kept(v *warehouse.Shown) string { return "kept_" + v.Name }

// keep keeps the present rows of the views that need the CRM, for nights on which the gate is closed.
func (l *Loader) keep(ctx context.Context, tx *sql.Tx, views []*warehouse.Shown) error {
	for _, v := range views {
		if !v.NeedsCRM || v.State != warehouse.Current {
			continue
		}
		if _, err := tx.ExecContext(ctx, l.Dialect.CreateKept(kept(v), v.Query)); err != nil {
			return fmt.Errorf("view %s: keep its rows: %w", v.Name, err)
		}
	}
	return nil
}

// copyTo writes a copy of the warehouse's file. After a checkpoint the file is whole and nobody but us could change it.
//
// The handle on it stays open until the database is closed: the lock that keeps other processes out belongs to this process,
// and the operating system lets go of it as soon as any handle on the file is closed.
func (l *Loader) copyTo(ctx context.Context, path string) (err error) {
	if err := remove(path, path+".wal"); err != nil {
		return err
	}
	if _, err := l.Conn.ExecContext(ctx, "checkpoint"); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if l.copied == nil {
		if l.copied, err = os.Open(l.config.Path); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	to, err := os.Create(path)
	if err != nil {
		return err
	}
	info, err := l.copied.Stat()
	if err == nil {
		_, err = io.Copy(to, io.NewSectionReader(l.copied, 0, info.Size()))
	}
	return errors.Join(err, to.Close())
}

// createViews makes the views in the copy.
func (l *Loader) createViews(ctx context.Context, path string, views []*warehouse.Shown) (err error) {
	db, conn, err := connect(ctx, l.config, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(), db.Close()) }()
	for _, v := range views {
		query := v.Query
		if v.State == warehouse.Withheld {
			continue
		}
		if v.State == warehouse.Kept {
			query = "select *\nfrom " + l.Dialect.Quote(kept(v))
		}
		if _, err := conn.ExecContext(ctx, l.Dialect.CreateView(v.Name, query)); err != nil {
			return fmt.Errorf("create view %s: %w", v.Name, err)
		}
	}
	for _, v := range views {
		if v.State == warehouse.Withheld {
			continue
		}
		if err := l.describeView(ctx, conn, v); err != nil {
			return fmt.Errorf("document view %s: %w", v.Name, err)
		}
	}
	_, err = conn.ExecContext(ctx, "checkpoint")
	return err
}

// describeView says what a view and its columns mean. Rows that were kept may be from a time when it had others.
func (l *Loader) describeView(ctx context.Context, conn *sql.Conn, v *warehouse.Shown) error {
	columns, err := columnsOf(ctx, conn, l.Dialect.Quote(v.Name))
	if err != nil {
		return err
	}
	about := fmt.Sprintf("comment on view %s is %s", l.Dialect.Quote(v.Name), l.Dialect.Literal(v.Comment()))
	for _, statement := range append(l.Dialect.CommentViewColumns(&v.View, columns), about) {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// columnsOf gives the names of the columns of a table or view.
func columnsOf(ctx context.Context, conn *sql.Conn, name string) ([]string, error) {
	rows, err := conn.QueryContext(ctx, "select * from "+name+" limit 0")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	return columns, errors.Join(err, rows.Err())
}

// replace puts a finished file in the place of another: durable, and in one step. Who has the old one open keeps it.
func replace(next, path string) error {
	if err := sync(next); err != nil {
		return err
	}
	if err := remove(next + ".wal"); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	return sync(filepath.Dir(path))
}

// sync makes a file or a folder durable.
func sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// remove removes files that may not be there.
func remove(paths ...string) error {
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
