package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"trunkline/internal/lineage"
	"trunkline/internal/secret"
	"trunkline/pipeline"
	"trunkline/schema"
)

// OpenLineage is a server that is told what each step reads and writes.
type OpenLineage struct {
	// Address of the server; OPENLINEAGE_URL if empty.
	URL string `yaml:"url" jsonschema:"example=http://marquez:5000"`
	// Namespace of the jobs: another one for each organisation.
	Namespace string `yaml:"namespace" jsonschema:"default=trunkline"`
	// Key that the server wants; write ${OPENLINEAGE_API_KEY}.
	APIKey secret.Secret `yaml:"api_key"`
}

func (o *OpenLineage) setDefaults() { o.Namespace = "trunkline" }

// storyteller tells an OpenLineage server of the steps of runs.
type storyteller struct {
	client    *lineage.Client
	namespace string
	version   string
	parent    *lineage.Parent // from outside: a scheduler's task
	flow      *pipeline.Flow
	store     pipeline.Store
	tables    tableNames
	now       func() time.Time
}

// tableNames gives the name of a warehouse's table or view as OpenLineage would have it.
type tableNames func(table string) (namespace, name string)

// newStoryteller makes one if a server is configured; else nil.
func (a *app) newStoryteller(c *Config, flow *pipeline.Flow, s pipeline.Store) (*storyteller, error) {
	o := c.Telemetry.OpenLineage
	address, _ := a.env("OPENLINEAGE_URL")
	if o != nil {
		address = cmp.Or(o.URL, address)
	} else {
		o = &OpenLineage{}
		o.setDefaults()
	}
	if address == "" {
		return nil, nil
	}
	t := &storyteller{namespace: o.Namespace, version: flow.Version, flow: flow, store: s, tables: c.tableNames(), now: a.now}
	if given, _ := a.env("OPENLINEAGE_PARENT_ID"); given != "" {
		parent, err := parseParent(given)
		if err != nil {
			return nil, err
		}
		t.parent = parent
	}
	t.client = lineage.NewClient(lineage.Config{
		URL: address, APIKey: o.APIKey.Reveal(), Mask: a.masker.Mask,
		Warn: func(ctx context.Context, err error) { a.log.WarnContext(ctx, "lineage is not told", "error", err) },
	})
	return t, nil
}

// parseParent reads what schedulers hand on: namespace/name/run id. The namespace may hold slashes.
func parseParent(text string) (*lineage.Parent, error) {
	parts := strings.Split(text, "/")
	if n := len(parts); n >= 3 && uuid.Validate(parts[n-1]) == nil {
		return &lineage.Parent{
			Job: lineage.Job{Namespace: strings.Join(parts[:n-2], "/"), Name: parts[n-2]}, ID: parts[n-1],
		}, nil
	}
	return nil, misuse("It is namespace/name/run id, and the run id a UUID; Airflow gives it as {{ macros.OpenLineageProviderPlugin.lineage_parent_id(task_instance) }}",
		"OPENLINEAGE_PARENT_ID is %q", text)
}

// witness tells of a step that begins, and gives what tells of its end.
func (t *storyteller) witness(ctx context.Context, run *pipeline.Run, s pipeline.Step) (context.Context, func(pipeline.Manifest, error)) {
	began := t.now()
	e := lineage.Event{
		Type: lineage.Start, Time: began, Producer: "urn:trunkline:" + url.PathEscape(t.version),
		Job: lineage.Job{Namespace: t.namespace, Name: t.flow.Name + "." + strings.ReplaceAll(s.Name, "/", ".")},
		Run: lineage.Run{
			ID:   uuid.NewSHA1(uuid.NameSpaceURL, []byte(strings.Join([]string{t.namespace, run.ID(), s.Name, began.Format(time.RFC3339Nano)}, " "))).String(),
			From: run.Window().From, To: run.Window().To, Version: t.version,
			Parent: &lineage.Parent{
				Job: lineage.Job{Namespace: t.namespace, Name: t.flow.Name},
				ID:  uuid.NewSHA1(uuid.NameSpaceURL, []byte(t.namespace+" "+run.ID())).String(),
			},
		},
		Inputs: t.reads(s),
	}
	if t.parent != nil {
		e.Run.Parent = t.parent
	}
	t.client.Send(ctx, e)
	return ctx, func(m pipeline.Manifest, err error) {
		e.Type, e.Time = lineage.Complete, t.now()
		switch {
		case errors.Is(err, context.Canceled):
			e.Type = lineage.Abort
		case err != nil:
			e.Type, e.Run.Error = lineage.Fail, err.Error()
		default:
			e.Outputs = t.writes(s, m)
			e.Inputs = t.checked(e.Inputs, m.Checks)
		}
		t.client.Send(ctx, e)
	}
}

// reads gives what a step reads.
func (t *storyteller) reads(s pipeline.Step) []lineage.Dataset {
	subject := strings.TrimPrefix(s.Name, s.Stage+"/")
	switch s.Stage {
	case pipeline.StageExtract:
		source, stream, _ := strings.Cut(subject, ".")
		return []lineage.Dataset{{Namespace: source, Name: stream}}
	case pipeline.StageTransform:
		var read []lineage.Dataset
		for _, in := range t.flow.Transforms[subject].Reads() {
			read = append(read, t.kept(in.Kind))
		}
		return read
	case pipeline.StageLoad:
		var read []lineage.Dataset
		for _, name := range slices.Sorted(maps.Keys(t.flow.Transforms)) {
			if !slices.Contains(s.Needs, pipeline.StageTransform+"/"+name) {
				continue
			}
			for _, table := range t.flow.Transforms[name].Writes() {
				if d := t.kept(table.Name); !table.Internal && !slices.ContainsFunc(read, d.Same) {
					read = append(read, d)
				}
			}
		}
		return read
	default:
		return []lineage.Dataset{t.inWarehouse(schema.UnifiedInteractions.Name)}
	}
}

// writes gives what a step has written.
func (t *storyteller) writes(s pipeline.Step, m pipeline.Manifest) (written []lineage.Dataset) {
	switch s.Stage {
	case pipeline.StageExtract, pipeline.StageTransform:
		for _, f := range m.Files {
			d := t.kept(f.Kind)
			d.Written = &lineage.Statistics{Rows: f.Rows, Bytes: f.Bytes}
			if i := slices.IndexFunc(written, d.Same); i >= 0 {
				written[i].Written.Rows += f.Rows
				written[i].Written.Bytes += f.Bytes
				continue
			}
			written = append(written, d)
		}
	case pipeline.StageLoad, pipeline.StagePublish:
		for _, table := range slices.Sorted(maps.Keys(m.Loaded)) {
			d := t.inWarehouse(table)
			d.Written = &lineage.Statistics{Rows: m.Loaded[table].Inserted + m.Loaded[table].Updated}
			written = append(written, d)
		}
		if m.Published != nil {
			for _, view := range m.Published.Views {
				written = append(written, t.inWarehouse(view))
			}
		}
	}
	return written
}

// checked adds what an audit found to what it looked at.
func (t *storyteller) checked(read []lineage.Dataset, checks []pipeline.CheckResult) []lineage.Dataset {
	if len(checks) == 0 || len(read) != 1 {
		return read
	}
	d := read[0]
	for _, c := range checks {
		d.Checks = append(d.Checks, lineage.Assertion{Assertion: c.ID + ": " + c.Scope, Success: c.Status != pipeline.StatusFail})
	}
	return []lineage.Dataset{d}
}

// kept gives what the run folders of the flow hold of one kind: records of a stream, rows of a table.
func (t *storyteller) kept(kind string) lineage.Dataset {
	uri := t.store.URI(t.flow.Name + "/" + kind)
	d := lineage.Dataset{Namespace: "file", Name: uri, Fields: fields(kind)}
	if scheme, rest, ok := strings.Cut(uri, "://"); ok {
		bucket, name, _ := strings.Cut(rest, "/")
		d.Namespace, d.Name = scheme+"://"+bucket, name
	}
	return d
}

// inWarehouse gives a table or a view of the warehouse.
func (t *storyteller) inWarehouse(name string) lineage.Dataset {
	d := lineage.Dataset{Fields: fields(name)}
	d.Namespace, d.Name = t.tables(name)
	return d
}

// fields gives the columns of a declared table.
func fields(kind string) []lineage.Field {
	table := schema.Lookup(kind)
	if table == nil {
		return nil
	}
	all := make([]lineage.Field, len(table.Columns))
	for i, c := range table.Columns {
		all[i] = lineage.Field{Name: c.Name, Type: c.Type.String(), Description: c.Doc}
	}
	return all
}

// tableNames gives how the warehouse's tables are named; see OpenLineage's naming of datasets.
func (c *Config) tableNames() tableNames {
	named := func(namespace, prefix string) tableNames {
		return func(table string) (string, string) { return namespace, prefix + table }
	}
	switch w := c.Warehouse; {
	case w.Postgres != nil:
		return named(fmt.Sprintf("postgres://%s:%d", w.Postgres.Host, w.Postgres.Port), w.Postgres.Database+"."+w.Postgres.Schema+".")
	case w.Redshift != nil:
		return named(fmt.Sprintf("redshift://%s:%d", w.Redshift.Host, w.Redshift.Port), w.Redshift.Database+"."+w.Redshift.Schema+".")
	case w.BigQuery != nil:
		return named("bigquery", w.BigQuery.Project+"."+w.BigQuery.Dataset+".")
	case w.DuckDB != nil:
		return named("file", c.abs(w.DuckDB.Path)+"/")
	default:
		return named("warehouse", "")
	}
}
