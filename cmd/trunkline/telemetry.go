package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/push"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// Telemetry says who is told how runs go. Nothing of it makes a run fail or wait for long.
type Telemetry struct {
	// File for the textfile collector of Prometheus' node_exporter; relative paths are relative to this file.
	MetricsFile string `yaml:"metrics_file" jsonschema:"example=/var/lib/node_exporter/textfile/trunkline.prom"`
	// Address of a Prometheus Pushgateway.
	PushGateway string `yaml:"push_gateway" jsonschema:"example=http://pushgateway:9091"`
	// Name under which the Pushgateway keeps the figures: another one for each organisation.
	Job string `yaml:"job" jsonschema:"default=trunkline"`
	// An OpenLineage server, for example Marquez.
	OpenLineage *OpenLineage `yaml:"openlineage"`
}

// telemetryWithin is how long a run waits for those whom it tells how it went.
const telemetryWithin = 10 * time.Second

func (k *checker) telemetry(t *Telemetry) {
	k.required("telemetry.job", t.Job)
	k.metricsFile("telemetry.metrics_file", t.MetricsFile)
	k.receiver("telemetry.push_gateway", t.PushGateway)
	if o := t.OpenLineage; o != nil {
		k.receiver("telemetry.openlineage.url", o.URL)
		if !o.APIKey.IsZero() {
			k.address("telemetry.openlineage.url", o.URL)
		}
		k.required("telemetry.openlineage.namespace", o.Namespace)
	}
}

// metricsFile looks at the name of a file for the textfile collector, which passes over all others.
func (k *checker) metricsFile(key, name string) {
	if name != "" && !k.isUnset(key) && filepath.Ext(name) != ".prom" {
		k.fault(key, "ends in .prom: the textfile collector reads no other, not %q", name)
	}
}

// receiver looks at the address of a service that gets figures and no credentials.
func (k *checker) receiver(key, address string) {
	if address == "" || k.isUnset(key) {
		return
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		k.fault(key, "is an address such as http://telemetry.example.com:9091") // which may hold a password, if it is no address
	case u.User != nil:
		k.fault(key, "holds a user or password, which would be seen in logs: let it be reached without")
	}
}

// witness is told of a step that is about to be done, gives the context that it is done in, and what is told of its end.
type witness func(context.Context, *pipeline.Run, pipeline.Step) (context.Context, func(pipeline.Manifest, error))

// observers are those who are told of runs while they are at work.
type observers struct {
	witnesses []witness
	tracer    trace.Tracer // of whole runs; nil: there is none
	closers   []func(context.Context)
}

// observers gives those that the configuration and the environment name. They must be closed. One that cannot be set up, as when a
// scheduler left a variable unfilled, is done without: a night must not fail for who watches it.
func (a *app) observers(ctx context.Context, c *Config, flow *pipeline.Flow, s pipeline.Store) observers {
	o := observers{witnesses: []witness{logKeeper{s, a.masker, a.log}.witness}}
	lineage, err := a.newStoryteller(c, flow, s)
	if err != nil {
		a.log.WarnContext(ctx, "lineage is not told", "error", err)
	}
	if lineage != nil {
		o.witnesses = append(o.witnesses, lineage.witness)
		o.closers = append(o.closers, func(context.Context) { lineage.client.Close() })
	}
	tracing, err := a.newTracing(ctx, flow.Version)
	if err != nil {
		a.log.WarnContext(ctx, "traces are not told", "error", err)
	}
	if tracing != nil {
		o.tracer = tracing.tracer
		o.witnesses = append(o.witnesses, tracing.witness)
		o.closers = append(o.closers, tracing.close)
	}
	return o
}

// begin tells of a run that begins, and gives the context that it is done in, and what is told of its end.
func (o observers) begin(ctx context.Context, run *pipeline.Run) (context.Context, func(*outcome)) {
	if o.tracer == nil {
		return ctx, func(*outcome) {}
	}
	ctx, span := o.tracer.Start(ctx, "run "+flowOf(run.ID()), trace.WithAttributes(ofRun(run)...))
	return ctx, func(came *outcome) {
		if came.err != nil {
			span.SetStatus(codes.Error, came.Status)
		}
		span.End()
	}
}

// flowOf gives the name of the flow that the run with an id is of.
func flowOf(id string) string {
	name, _, _ := strings.Cut(id, "/")
	return name
}

// close tells what is not told yet. It does not take long.
func (o observers) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), telemetryWithin)
	defer cancel()
	for _, end := range o.closers {
		end(ctx)
	}
}

// watched tells every witness of a step.
func watched(ctx context.Context, run *pipeline.Run, s pipeline.Step, all []witness) (context.Context, func(pipeline.Manifest, error)) {
	var ended []func(pipeline.Manifest, error)
	for _, tell := range all {
		var end func(pipeline.Manifest, error)
		ctx, end = tell(ctx, run, s) //nolint:fatcontext // each witness lays its own on that of the one before
		ended = append(ended, end)
	}
	return ctx, func(m pipeline.Manifest, err error) {
		for _, end := range slices.Backward(ended) {
			end(m, err)
		}
	}
}

// withFlags gives what the configuration and a command's flags want together: the flags go before.
func (t Telemetry) withFlags(c *Config, f runFlags) (Telemetry, error) {
	t.PushGateway = cmp.Or(f.pushGateway, t.PushGateway)
	if t.MetricsFile = c.abs(t.MetricsFile); f.metricsFile != "" {
		t.MetricsFile = f.metricsFile
	}
	k := &checker{c: &Config{}}
	k.metricsFile("--metrics-file", f.metricsFile)
	k.receiver("--push-gateway", f.pushGateway)
	for _, p := range k.found {
		return t, misuse("", "%s %s", p.key, p.text)
	}
	return t, nil
}

// sendMetrics writes and pushes the metrics of the newest runs, however the command ended. What goes wrong is logged.
func (a *app) sendMetrics(ctx context.Context, c *Config, s store.Locked, t Telemetry) {
	if t.MetricsFile == "" && t.PushGateway == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), telemetryWithin)
	defer cancel()
	registry, err := c.newMetrics(ctx, s, a.now())
	if err == nil {
		err = t.send(ctx, registry)
	}
	if err != nil {
		a.log.WarnContext(ctx, "the metrics of this run are not told", "error", err)
	}
}

func (t Telemetry) send(ctx context.Context, registry *prometheus.Registry) error {
	var errs []error
	if t.MetricsFile != "" {
		if err := prometheus.WriteToTextfile(t.MetricsFile, registry); err != nil {
			errs = append(errs, fmt.Errorf("write the metrics to %s: %w", t.MetricsFile, err))
		}
	}
	if t.PushGateway != "" {
		client := &http.Client{Timeout: telemetryWithin}
		defer client.CloseIdleConnections()
		if err := push.New(t.PushGateway, t.Job).Gatherer(registry).Client(client).PushContext(ctx); err != nil {
			errs = append(errs, fmt.Errorf("push the metrics: %w", err))
		}
	}
	return errors.Join(errs...)
}
