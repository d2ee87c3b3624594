package redshift

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// mostSkew is how far two clocks may be apart: leases are held against them, and AWS refuses what is signed at another time.
const mostSkew = time.Minute

// Examine looks at everything that a load takes: the way to the database, the schema, the clock, the bucket and its region, and with a
// row that is uploaded, copied into a temporary table and forgotten, that Redshift can read what is put there.
func Examine(ctx context.Context, c Config) []warehouse.Finding {
	c = c.withDefaults()
	if err := c.check(); err != nil {
		return []warehouse.Finding{{Name: "configuration", Err: err}}
	}
	store, err := c.S3.open(ctx)
	if err != nil {
		return []warehouse.Finding{{Name: "bucket", Err: misused(err.Error())}}
	}
	bucket := store.examine(ctx, c)
	db, conn, err := connect(ctx, c)
	if err != nil {
		return []warehouse.Finding{{Name: "connection", Err: err}, bucket}
	}
	defer func() { _ = errors.Join(conn.Close(), db.Close()) }()
	x := examination{config: c, conn: conn, store: store}
	findings := []warehouse.Finding{x.connection(ctx)}
	if findings[0].Err != nil {
		return append(findings, bucket)
	}
	findings = append(findings, x.schema(ctx), x.clock(ctx), bucket)
	if bucket.Err == nil {
		findings = append(findings, x.copy(ctx)...)
	}
	return findings
}

// examine looks at the bucket: whether it is there and ours to see, and in which region.
func (s *store) examine(ctx context.Context, c Config) warehouse.Finding {
	f := warehouse.Finding{Name: "bucket"}
	there, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &s.Name})
	if err != nil {
		f.Err = c.explain("look at the bucket "+s.Name, err)
		return f
	}
	f.Detail = s.uri(s.key(""))
	if region := aws.ToString(there.BucketRegion); region != "" {
		f.Detail += ", region " + region
	}
	return f
}

// examination is what is looked at in a session.
type examination struct {
	config Config
	conn   *sql.Conn
	store  *store
}

func (x examination) connection(ctx context.Context) warehouse.Finding {
	f := warehouse.Finding{Name: "connection"}
	if f.Err = x.explained("look at the server", suits(ctx, x.conn)); f.Err == nil {
		f.Detail = x.config.where()
	}
	return f
}

func (x examination) explained(doing string, err error) error { return x.config.explain(doing, err) }

// schema tells whether tables can be made where they belong.
func (x examination) schema(ctx context.Context) warehouse.Finding {
	f := warehouse.Finding{Name: "schema"}
	var there int
	err := x.conn.QueryRowContext(ctx, "select count(*) from pg_namespace where nspname = $1", x.config.Schema).Scan(&there)
	if err != nil {
		f.Err = x.explained("look for the schema", err)
		return f
	}
	ask, in, what := "select has_database_privilege($1, 'create')", x.config.Database, "make the schema "+x.config.Schema
	if there > 0 {
		ask, in, what = "select has_schema_privilege($1, 'create')", x.config.Schema, "make tables in the schema "+x.config.Schema
	}
	var may bool
	if err := x.conn.QueryRowContext(ctx, ask, in).Scan(&may); err != nil {
		f.Err = x.explained("look at the rights to the schema", err)
		return f
	}
	if !may {
		f.Err = &pipeline.Error{
			Code: "TL6004", Kind: pipeline.Denied, What: "look at the rights in " + x.config.where() + ": the user may not " + what,
			Cure: "Run the statements of trunkline doctor --grants as an administrator",
		}
		return f
	}
	f.Detail = "the user may " + what
	return f
}

// clock compares the clock of this machine with that of Redshift.
func (x examination) clock(ctx context.Context) warehouse.Finding {
	f := warehouse.Finding{Name: "clock"}
	var theirs time.Time
	before := time.Now()
	if err := x.conn.QueryRowContext(ctx, "select getdate()").Scan(&theirs); err != nil {
		f.Err = x.explained("ask Redshift for the time", err)
		return f
	}
	ours := before.Add(time.Since(before) / 2).UTC()
	skew := ours.Sub(theirs).Abs().Round(time.Second)
	if f.Detail = fmt.Sprintf("%s apart from Redshift's", skew); skew <= mostSkew {
		return f
	}
	return warehouse.Finding{Name: f.Name, Err: &pipeline.Error{
		Code: "TL6004", Kind: pipeline.Misuse, What: fmt.Sprintf("compare clocks: this machine says %s UTC, Redshift %s",
			ours.Format(time.DateTime), theirs.UTC().Format(time.DateTime)),
		Cure: "Set this machine's clock by NTP",
	}}
}

// copy takes one row the way of all, into a temporary table of a transaction that is undone.
func (x examination) copy(ctx context.Context) []warehouse.Finding {
	f := warehouse.Finding{Name: "copy", Detail: "Redshift reads what is put into the bucket"}
	e := &engine{config: x.config, dialect: statements.Redshift(), store: x.store}
	err := func() (err error) {
		file, err := os.CreateTemp("", "trunkline-redshift-*") // Stage opens it by its name
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
		probe, err := probeFile(file)
		if err != nil {
			return err
		}
		tx, err := x.conn.BeginTx(context.WithoutCancel(ctx), nil)
		if err != nil {
			return err
		}
		staged := e.Stage(ctx, tx, schema.KpiSettings, []pipeline.File{probe})
		return errors.Join(staged, tx.Rollback())
	}()
	if err != nil {
		f = warehouse.Finding{Name: f.Name, Err: x.explained("copy a row through the bucket", err)}
	}
	if len(e.uploaded) == 0 {
		return []warehouse.Finding{f}
	}
	gone := warehouse.Finding{Name: "cleaning", Detail: "uploads are removed after the commit"}
	if err := x.store.remove(ctx, e.uploaded); err != nil {
		gone.Detail = "uploads cannot be removed, and are left to a lifecycle rule of the bucket: " + err.Error()
	}
	return []warehouse.Finding{f, gone}
}

// probeFile writes a file of one row.
func probeFile(file *os.File) (pipeline.File, error) {
	w := schema.KpiSettings.NewWriter(file, schema.WriterOptions{Version: "probe"})
	row := &schema.KpiSetting{Name: "probe"}
	if err := errors.Join(w.Write([]schema.Row{row}), w.Close()); err != nil {
		return pipeline.File{}, err
	}
	hash := sha256.New()
	size, err := io.Copy(hash, io.NewSectionReader(file, 0, 1<<20))
	return pipeline.File{
		Name: "probe.parquet", Kind: schema.KpiSettings.Name, Rows: 1, Bytes: size, SHA256: hex.EncodeToString(hash.Sum(nil)), URI: file.Name(),
	}, err
}
