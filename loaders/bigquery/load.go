package bigquery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/googleapi"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Load uploads a batch into the staging dataset, and merges it and enters it into the ledger by one script.
func (l *Loader) Load(ctx context.Context, b pipeline.Batch) (map[string]pipeline.Loaded, error) {
	if err := warehouse.Loadable(b.Table); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	loaded, err := l.load(ctx, b)
	if err != nil {
		return nil, l.config.explain(fmt.Sprintf("load %s into %s", b.ID, b.Table.Name), err)
	}
	return loaded, nil
}

func (l *Loader) load(ctx context.Context, b pipeline.Batch) (map[string]pipeline.Loaded, error) {
	// Nobody else can enter the batch after this: whoever did would hold the lease that is ours.
	if loaded, err := l.committed(ctx, b); loaded != nil || err != nil {
		return loaded, err
	}
	load := l.loadOf(b)
	for _, part := range load.parts {
		if err := l.stage(ctx, load, part); err != nil {
			return nil, fmt.Errorf("stage %s: %w", part.Table.Name, err)
		}
	}
	q := l.merge(load)
	rows, err := l.ask(ctx, q)
	if errors.Is(err, errAlready) {
		return l.committed(ctx, b)
	}
	if err != nil {
		return nil, l.notMerged(ctx, b, err)
	}
	if loaded := entered(b, rows); loaded != nil {
		return loaded, nil
	}
	return l.committed(ctx, b)
}

// notMerged says why a merge stopped.
func (l *Loader) notMerged(ctx context.Context, b pipeline.Batch, err error) error {
	switch said := stopped(err); said {
	case statements.LeaseLost:
		return l.lost(ctx)
	case statements.KeysDoubled:
		return errors.Join(warehouse.Doubled(b.Table, 1), err)
	case statements.RowsMissing:
		return errors.Join(warehouse.Promised(b.Files, -1), err)
	default:
		return err
	}
}

// load is a batch on its way: where each of its tables is staged.
type load struct {
	batch   pipeline.Batch
	parts   []pipeline.Part // the batch's own table, then all children of it, with files or without
	hash    string          // of the content
	staging string
	run     string
}

// loadOf gives where a batch is staged: the same place on every retry, and no other's.
func (l *Loader) loadOf(b pipeline.Batch) load {
	hash := warehouse.ContentHash(b)
	place := sha256.Sum256([]byte(l.config.where() + "\n" + b.ID + "\n" + hash))
	made := load{
		batch: b, parts: []pipeline.Part{{Table: b.Table, Files: b.Files}}, hash: hash,
		staging: hex.EncodeToString(place[:6]), run: runOf(b.ID),
	}
	for _, child := range b.Table.Children() {
		part := pipeline.Part{Table: child}
		for _, p := range b.Children {
			if p.Table == child {
				part.Files = append(part.Files, p.Files...)
			}
		}
		made.parts = append(made.parts, part)
	}
	return made
}

// runOf gives the run of a batch's id.
func runOf(id string) string {
	names := strings.SplitN(id, "/", 3)
	return strings.Join(names[:min(len(names), 2)], "/")
}

func (o load) table(t *schema.Table) string { return "stg_" + t.Name + "_" + o.staging }

// id begins the ids of the jobs that do something with a table of the batch.
func (o load) id(what string) string {
	return "tl_" + plainID(o.batch.ID[:min(len(o.batch.ID), 200)]) + "_" + what + "_" + o.staging
}

// stage loads the files of a table into its staging table.
func (l *Loader) stage(ctx context.Context, o load, part pipeline.Part) (err error) {
	file, done, err := warehouse.Scratch()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	rows, err := warehouse.WriteStaged(file, part.Table, part.Files, "")
	if err != nil {
		return err
	}
	if err := warehouse.Promised(part.Files, rows); err != nil {
		return err
	}
	about, err := file.Stat()
	if err != nil {
		return err
	}
	job, err := l.jobs.run(ctx, order{
		id: o.id(part.Table.Name), upload: about.Size(),
		submit: func(ctx context.Context, id bigquery.JobIDConfig) (*bigquery.Job, error) {
			if _, err := file.Seek(0, 0); err != nil { // the library never sends a file twice
				return nil, err
			}
			loader := l.loader(o, part.Table, bigquery.NewReaderSource(file))
			loader.JobIDConfig = id
			return loader.Run(ctx)
		},
		same: func(has bigquery.JobConfig) bool {
			of, ok := has.(*bigquery.LoadConfig)
			return ok && of.Dst.DatasetID == l.config.Staging && of.Dst.TableID == o.table(part.Table) && of.WriteDisposition == bigquery.WriteTruncate
		},
	})
	if err != nil {
		return err
	}
	return staged(job, rows)
}

// staged holds what a job says that it loaded against what was sent. Where it says nothing, the merge counts.
func staged(job *bigquery.Job, rows int64) error {
	status := job.LastStatus()
	if status == nil || status.Statistics == nil {
		return nil
	}
	told, ok := status.Statistics.Details.(*bigquery.LoadStatistics)
	if ok && told.OutputRows != rows {
		return fmt.Errorf("job %s loaded %d rows of the %d that were sent", job.ID(), told.OutputRows, rows)
	}
	return nil
}

// loader gives the load job of a table. The staging table is made if there is none, and replaced if there is.
func (l *Loader) loader(o load, t *schema.Table, source *bigquery.ReaderSource) *bigquery.Loader {
	source.SourceFormat, source.Schema = bigquery.Parquet, stagedSchema(t)
	loader := l.client.Dataset(l.config.Staging).Table(o.table(t)).LoaderFrom(source)
	loader.WriteDisposition, loader.CreateDisposition = bigquery.WriteTruncate, bigquery.CreateIfNeeded
	loader.Labels = labels(o.run, "stage_"+t.Name)
	loader.MediaOptions = []googleapi.MediaOption{googleapi.ContentType("application/octet-stream"), googleapi.ChunkSize(l.piece)}
	return loader
}

// stagedSchema gives the columns of a staging table.
func stagedSchema(t *schema.Table) bigquery.Schema {
	types := map[schema.Type]bigquery.FieldType{
		schema.Text: bigquery.StringFieldType, schema.Integer: bigquery.IntegerFieldType, schema.Real: bigquery.FloatFieldType,
		schema.Boolean: bigquery.BooleanFieldType, schema.Timestamp: bigquery.TimestampFieldType,
	}
	columns := bigquery.Schema{
		{Name: warehouse.StagedFile, Type: bigquery.IntegerFieldType, Required: true},
		{Name: warehouse.StagedRow, Type: bigquery.IntegerFieldType, Required: true},
	}
	for _, c := range t.Columns {
		columns = append(columns, &bigquery.FieldSchema{Name: c.Name, Type: types[c.Type]})
	}
	return columns
}

// merge gives the script that merges a batch.
func (l *Loader) merge(o load) question {
	d := l.dialect
	d.Staged = func(t *schema.Table) string { return d.Quote(l.config.Staging) + "." + d.Quote(o.table(t)) }
	parameters := append(l.lease(),
		parameter("loaded_at", time.Now()), parameter("step_id", o.batch.ID), parameter("content_hash", o.hash))
	for _, part := range o.parts {
		var promised int64
		for _, f := range part.Files {
			promised += f.Rows
		}
		parameters = append(parameters, parameter("received_"+part.Table.Name, promised))
	}
	return question{
		id: o.id("merge"), run: o.run, step: "merge_" + o.batch.Table.Name, text: d.MergeScript(o.batch.Table), parameters: parameters,
		done: func(ctx context.Context) (bool, error) {
			loaded, err := l.committed(ctx, o.batch)
			return loaded != nil, err
		},
	}
}

// committed gives the counts of a batch that is in the ledger with the same content; nil if it is not.
func (l *Loader) committed(ctx context.Context, b pipeline.Batch) (map[string]pipeline.Loaded, error) {
	var ids []string
	for _, id := range warehouse.Entries(b) {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	rows, err := l.ask(ctx, question{
		run: runOf(b.ID), step: "ledger", text: `select step_id, inserted, updated, unchanged, deleted
from etl_commits
where step_id in unnest(@step_ids)
    and content_hash = @content_hash`,
		parameters: []bigquery.QueryParameter{parameter("step_ids", ids), parameter("content_hash", warehouse.ContentHash(b))},
	})
	if err != nil {
		return nil, fmt.Errorf("look into the ledger: %w", err)
	}
	return entered(b, rows), nil
}

// entered reads entries of the ledger; nil unless all tables of the batch are there.
func entered(b pipeline.Batch, rows [][]bigquery.Value) map[string]pipeline.Loaded {
	byID := map[string]pipeline.Loaded{}
	for _, row := range rows {
		if len(row) != 5 {
			return nil
		}
		n := [4]int64{}
		for i := range n {
			n[i], _ = row[1+i].(int64)
		}
		byID[fmt.Sprint(row[0])] = pipeline.Loaded{Inserted: n[0], Updated: n[1], Unchanged: n[2], Deleted: n[3]}
	}
	loaded := map[string]pipeline.Loaded{}
	for table, id := range warehouse.Entries(b) {
		l, ok := byID[id]
		if !ok {
			return nil
		}
		loaded[table] = l
	}
	return loaded
}
