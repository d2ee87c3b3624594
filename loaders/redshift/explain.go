package redshift

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/aws/smithy-go"
	"github.com/jackc/pgx/v5/pgconn"

	"trunkline/internal/awsconfig"
	"trunkline/internal/pgconfig"
	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
)

// passes tells of an error that Redshift gives a transaction because of another one: it may well succeed when it is done again.
func passes(err error) bool {
	told, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (told.Code == "40001" || strings.Contains(told.Message+told.Detail, "Serializable isolation violation"))
}

// lost tells that the connection is gone, and with it the knowledge of what became of the transaction.
func lost(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if _, ofAWS := errors.AsType[*smithy.OperationError](err); ofAWS { // that S3 was not reached says nothing of the transaction
		return false
	}
	_, broken := errors.AsType[net.Error](err)
	return broken || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "conn closed") ||
		strings.HasPrefix(pgconfig.Code(err), "08") || strings.HasPrefix(pgconfig.Code(err), "57P")
}

// copyError is why a COPY failed: what is useful of it Redshift puts into the detail and into a view.
type copyError struct {
	table string
	err   error
	rows  []string // of the view
}

func (e *copyError) Error() string {
	text := "copy into " + e.table + ": " + e.err.Error()
	if told, ok := errors.AsType[*pgconn.PgError](e.err); ok && told.Detail != "" {
		text += ": " + strings.Join(strings.Fields(told.Detail), " ")
	}
	return strings.Join(append([]string{text}, e.rows...), "; ")
}

func (e *copyError) Unwrap() error { return e.err }

// withLoadErrors adds to the error of a COPY what Redshift noted of it for this session. The transaction is over.
func (l *Loader) withLoadErrors(ctx context.Context, err error) error {
	failed, ok := errors.AsType[*copyError](err)
	if !ok || lost(err) {
		return err
	}
	rows, asked := l.Conn.QueryContext(ctx, `select
    trim(file_name),
    line_number,
    trim(column_name),
    trim(column_type),
    trim(column_length),
    trim(error_message)
from sys_load_error_detail
where session_id = pg_backend_pid()
order by start_time desc
limit 3`)
	if asked != nil {
		return err // who may not read the view still has the error itself
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var file, column, kind, length, message string
		var line int64
		if rows.Scan(&file, &line, &column, &kind, &length, &message) != nil {
			return err
		}
		failed.rows = append(failed.rows, fmt.Sprintf("%s, line %d, column %s (%s, length %s): %s", file, line, column, kind, length, message))
	}
	if rows.Err() != nil {
		failed.rows = nil
	}
	return err
}

// endedStatement is the SQLSTATE of a statement that a time limit, a rule of its queue or a person ended.
const endedStatement = "57014"

// overburdened gives the cure of an error that the cluster has no room or no time for a statement; empty if it is another. That a
// statement was ended which waits for the lease says who is at work, and is told otherwise.
func overburdened(err error) string {
	told, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case !ok, errors.Is(err, warehouse.ErrNoLock):
		return ""
	case told.Code == endedStatement:
		return "A time limit, a rule of the queue (WLM) or a person ended the statement: run again, in a queue that lets a load take its time"
	case told.Code == "53300":
		return "All connections that the cluster allows are taken: run again later"
	case strings.HasPrefix(told.Code, "53"), strings.Contains(told.Message, "Disk Full"):
		return "The cluster has no room left: remove what is not needed, or resize it; then run again"
	}
	return ""
}

// explain turns an error of Redshift or of AWS into one a person can act on; what is explained already stays.
func (c Config) explain(doing string, err error) error {
	if _, known := errors.AsType[*pipeline.Error](err); err == nil || known || errors.Is(err, context.Canceled) {
		return err
	}
	if cure := overburdened(err); cure != "" {
		return &pipeline.Error{Code: "TL6020", Kind: pipeline.Upstream, What: doing, Err: err, Cure: cure}
	}
	if failed, ok := errors.AsType[*copyError](err); ok {
		return c.explainCopy(doing, err, failed)
	}
	if errors.Is(err, syscall.ENOSPC) {
		return &pipeline.Error{
			Code: "TL6104", Kind: pipeline.Failure, What: doing, Err: err,
			Cure: "Make room in " + os.TempDir() + ", or let TMPDIR name a folder with room for the largest table of a batch",
		}
	}
	if fault := awsconfig.FaultOf(err); fault != awsconfig.Unknown {
		return &pipeline.Error{Code: "TL6102", Kind: pipeline.Denied, What: doing, Err: err, Cure: fault.Cure()}
	}
	e := &pipeline.Error{Code: "TL6004", Kind: pipeline.Failure, What: doing, Err: err, Cure: "Look at the cluster, the bucket and the ways to them; then run again"}
	told, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return e
	}
	switch {
	case passes(err):
		e.Kind, e.Cure = pipeline.Upstream, "Other transactions write to the same tables: let only trunkline write there, and run again"
	case errors.Is(err, warehouse.ErrNoLock):
		e.Code, e.Kind, e.Cure = "TL6001", pipeline.Locked, "Another process is writing to the warehouse: wait for it, or end it"
	case told.Code == "28P01", told.Code == "28000", told.Code == "3D000":
		e.Kind, e.Cure = pipeline.Denied, "Check user, password and database, and that the user may connect from here"
	case told.Code == "42501":
		e.Kind, e.Cure = pipeline.Denied, "Let the user own the schema, or create one; for roles: true it needs create role. trunkline doctor --grants prints the statements"
	case told.Code == "2BP01":
		e.Kind, e.Cure = pipeline.Misuse, "Drop what was built on the view, whose columns have changed, and make it again after the next publication: "+told.Detail
	}
	return e
}

// Migrate is that of every warehouse, and tells what Redshift refuses.
func (l *Loader) Migrate(ctx context.Context, tables []*schema.Table) error {
	return l.refused("migrate", l.Warehouse.Migrate(ctx, tables))
}

// Audit is that of every warehouse, and tells what Redshift refuses.
func (l *Loader) Audit(ctx context.Context, a pipeline.Audit) ([]schema.Check, error) {
	checks, err := l.Warehouse.Audit(ctx, a)
	return checks, l.refused("audit", err)
}

// Reenrich is that of every warehouse, and tells what Redshift refuses.
func (l *Loader) Reenrich(ctx context.Context, since time.Time, emit func(schema.Row) error) error {
	return l.refused("join rows anew in", l.Warehouse.Reenrich(ctx, since, emit))
}

// refused explains an error of Redshift. Others, such as one of what is done with rows, are not about it.
func (l *Loader) refused(doing string, err error) error {
	if pgconfig.Code(err) == "" {
		return err
	}
	return l.config.explain(doing+" "+l.config.where(), err)
}

// copyFaults are the texts by which Redshift tells that it did not get at a file, and what to do.
func (c Config) copyFaults() []struct{ text, cure string } {
	return []struct{ text, cure string }{
		{"ExpiredToken", "Redshift's credentials for the bucket have expired: run again; if it stays so, associate the role with the cluster anew"},
		{"PermanentRedirect", "The bucket " + c.S3.Name + " is in another region than the warehouse: COPY of Parquet needs one in its region"},
		{"different region", "The bucket " + c.S3.Name + " is in another region than the warehouse: COPY of Parquet needs one in its region"},
		{"AccessDenied", "Let the role " + c.Role + " read the bucket: trunkline doctor --grants prints its policy"},
		{"Access Denied", "Let the role " + c.Role + " read the bucket: trunkline doctor --grants prints its policy"},
		{"not authorized", "Associate the role " + c.Role + " with the cluster or namespace, and let redshift.amazonaws.com assume it"},
		{"NoSuchBucket", "The bucket " + c.S3.Name + " does not exist: check its name, or create it"},
	}
}

func (c Config) explainCopy(doing string, err error, failed *copyError) error {
	text := failed.Error()
	for _, f := range c.copyFaults() {
		if strings.Contains(text, f.text) {
			return &pipeline.Error{Code: "TL6102", Kind: pipeline.Denied, What: doing, Err: err, Cure: f.cure}
		}
	}
	return &pipeline.Error{
		Code: "TL6103", Kind: pipeline.Failure, What: doing, Err: err,
		Cure: "Nothing was loaded. Look at what Redshift says of the file; with warehouse.redshift.format: csv it names line and column",
	}
}
