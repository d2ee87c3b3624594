package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"trunkline/pipeline"
	statements "trunkline/sql"
)

// The states of a published view.
const (
	current  = "current"
	kept     = "kept"
	withheld = "withheld"
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
	views, err := l.views(p.PivotKeys)
	if err != nil {
		return pipeline.Published{}, err
	}
	err = l.Write(ctx, func(tx *sql.Tx) error {
		for _, v := range views {
			if err := l.stamp(ctx, tx, v, p); err != nil {
				return fmt.Errorf("view %s: %w", v.Name, err)
			}
		}
		return nil
	})
	if err != nil {
		return pipeline.Published{}, err
	}
	published := pipeline.Published{Target: l.config.Published}
	for _, v := range views {
		switch {
		case v.state == current:
			published.Views = append(published.Views, v.Name)
		case v.state == kept:
			published.Kept = append(published.Kept, v.Name)
		default:
			published.Withheld = append(published.Withheld, v.Name)
		}
	}
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

// shown is a view, its query, and what of it is shown.
type shown struct {
	statements.View

	query string
	state string
}

func (v *shown) kept() string { return "kept_" + v.Name }

func (l *Loader) views(pivotKeys []string) ([]*shown, error) {
	all, err := statements.Views()
	if err != nil {
		return nil, err
	}
	if all, err = statements.WithPivots(all, pivotKeys); err != nil {
		return nil, err
	}
	var views []*shown
	for _, v := range all {
		query, err := v.Query(l.Dialect)
		if err != nil {
			return nil, err
		}
		views = append(views, &shown{View: v, query: query})
	}
	return views, nil
}

// declared gives the views as they are declared.
func declared(views []*shown) []statements.View {
	all := make([]statements.View, len(views))
	for i, v := range views {
		all[i] = v.View
	}
	return all
}

// stamp decides what of a view is shown and writes it down.
func (l *Loader) stamp(ctx context.Context, tx *sql.Tx, v *shown, p pipeline.Publication) error {
	if !v.NeedsCRM || p.GateOpen {
		v.state = current
		if v.NeedsCRM {
			if _, err := tx.ExecContext(ctx, l.Dialect.CreateKept(v.kept(), v.query)); err != nil {
				return fmt.Errorf("keep its rows: %w", err)
			}
		}
		if _, err := tx.ExecContext(ctx, "delete from etl_publications where view_name = ?", v.Name); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `insert into etl_publications (view_name, state, run_id, published_at, reason)
values (?, ?, ?, ?, null)`, v.Name, v.state, p.Run, p.At.UTC().Truncate(time.Microsecond))
		return err
	}
	v.state = kept
	updated, err := tx.ExecContext(ctx, `update etl_publications
set state = ?, reason = ?
where view_name = ? and run_id is not null`, v.state, p.Reason, v.Name)
	if err != nil {
		return err
	}
	if n, err := updated.RowsAffected(); err != nil || n == 1 {
		return err
	}
	v.state = withheld
	if _, err := tx.ExecContext(ctx, "delete from etl_publications where view_name = ?", v.Name); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `insert into etl_publications (view_name, state, run_id, published_at, reason)
values (?, ?, null, null, ?)`, v.Name, v.state, p.Reason)
	return err
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
func (l *Loader) createViews(ctx context.Context, path string, views []*shown) (err error) {
	db, conn, err := connect(ctx, l.config, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(), db.Close()) }()
	for _, v := range views {
		query := v.query
		if v.state == withheld {
			continue
		}
		if v.state == kept {
			query = "select *\nfrom " + l.Dialect.Quote(v.kept())
		}
		if _, err := conn.ExecContext(ctx, l.Dialect.CreateView(v.Name, query)); err != nil {
			return fmt.Errorf("create view %s: %w", v.Name, err)
		}
	}
	for _, c := range comments(views) {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("comment on view %s is %s", l.Dialect.Quote(c[0]), l.Dialect.Literal(c[1]))); err != nil {
			return fmt.Errorf("document view %s: %w", c[0], err)
		}
	}
	_, err = conn.ExecContext(ctx, "checkpoint")
	return err
}

// comments gives the views that are shown, each with what it is about.
func comments(views []*shown) (all [][2]string) {
	for _, v := range views {
		if v.state != withheld {
			all = append(all, [2]string{v.Name, v.Title + ". " + v.Question})
		}
	}
	return all
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
