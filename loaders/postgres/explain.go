package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/pgconfig"
	"trunkline/pipeline"
	"trunkline/schema"
)

// Migrate is that of every warehouse, and tells what the server refuses.
func (l *Loader) Migrate(ctx context.Context, tables []*schema.Table) error {
	return l.refused("migrate", l.Warehouse.Migrate(ctx, tables))
}

// Load is that of every warehouse, and tells what the server refuses.
func (l *Loader) Load(ctx context.Context, b pipeline.Batch) (map[string]pipeline.Loaded, error) {
	loaded, err := l.Warehouse.Load(ctx, b)
	return loaded, l.refused("load into", err)
}

// Audit is that of every warehouse, and tells what the server refuses.
func (l *Loader) Audit(ctx context.Context, a pipeline.Audit) ([]schema.Check, error) {
	checks, err := l.Warehouse.Audit(ctx, a)
	return checks, l.refused("audit", err)
}

// Reenrich is that of every warehouse, and tells what the server refuses.
func (l *Loader) Reenrich(ctx context.Context, since time.Time, emit func(schema.Row) error) error {
	return l.refused("join rows anew in", l.Warehouse.Reenrich(ctx, since, emit))
}

// refused explains an error of the server. Others, such as one of a batch's files, are not about it.
func (l *Loader) refused(doing string, err error) error {
	if pgconfig.Code(err) == "" {
		return err
	}
	return explain(doing+" "+l.config.where(), err)
}

const diskFull = "53100"

// explain turns an error of the server into one a person can act on; what is explained already stays.
func explain(doing string, err error) error {
	if _, known := errors.AsType[*pipeline.Error](err); err == nil || known || errors.Is(err, context.Canceled) {
		return err
	}
	e := &pipeline.Error{Code: "TL6004", Kind: pipeline.Failure, What: doing, Err: err, Cure: "Look at the server and the way to it; then run again"}
	if told, ok := errors.AsType[*pgconn.PgError](err); ok {
		code := told.Code
		if told.Routine == "mdextend" || told.Routine == "mdzeroextend" { // whatever it was that stopped a file from growing
			code = diskFull
		}
		switch code {
		case diskFull:
			e.Code, e.Kind, e.Cure = "TL6020", pipeline.Upstream, "Make room on the server's disk, or let temp_tablespaces name one with room for a batch; then run again"
		case "53200", "53300", "53400":
			e.Code, e.Kind, e.Cure = "TL6020", pipeline.Upstream, "The server is at a limit of its own: run again later, or raise it"
		case "57014":
			e.Code, e.Kind, e.Cure = "TL6020", pipeline.Upstream, "A time limit of the server or a person ended the statement: run again"
		case "28P01", "28000", "3D000":
			e.Kind, e.Cure = pipeline.Denied, "Check user, password and database, and that the user may connect from here"
		case "42501":
			e.Kind, e.Cure = pipeline.Denied, "Let the user own the schema, or create one (grant create on database … to …); for roles: true it must be allowed to create roles"
		case "2BP01":
			e.Kind, e.Cure = pipeline.Misuse, "Drop what was built on the view, whose columns have changed, and make it again after the next publication: "+told.Detail
		}
	}
	return e
}
