package main

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"trunkline/pipeline"
)

// tracing sends a span of each run and each step to a collector of OpenTelemetry.
type tracing struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	mask     func(string) string
}

// newTracing makes it if the environment names a collector, as OpenTelemetry has it: OTEL_EXPORTER_OTLP_ENDPOINT, with what belongs to
// it; else nil. It speaks OTLP over HTTP. TRACEPARENT is the span that a scheduler runs the command in.
func (a *app) newTracing(ctx context.Context, version string) (*tracing, error) {
	all, _ := a.env("OTEL_EXPORTER_OTLP_ENDPOINT")
	traces, _ := a.env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
	if off, _ := a.env("OTEL_SDK_DISABLED"); all == "" && traces == "" || off == "true" {
		return nil, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithTimeout(telemetryWithin/2),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{})) // a collector that is down must not hold up the end of a run
	if err != nil {
		return nil, misuse("See the documentation of OpenTelemetry", "OTEL_EXPORTER_OTLP_ENDPOINT: %v", err)
	}
	about, err := resource.New(ctx, resource.WithAttributes(
		attribute.String("service.name", "trunkline"), attribute.String("service.version", version)), resource.WithFromEnv())
	if err != nil {
		return nil, misuse("It is key=value,key=value", "OTEL_RESOURCE_ATTRIBUTES: %v", err)
	}
	once := &warningExporter{SpanExporter: exporter, warn: func(err error) {
		a.log.WarnContext(ctx, "traces are not told", "error", err)
	}}
	provider := sdk.NewTracerProvider(sdk.WithBatcher(once), sdk.WithResource(about))
	parent, _ := a.env("TRACEPARENT")
	return &tracing{provider, inParent{provider.Tracer("trunkline"), parent}, a.masker.Mask}, nil
}

// inParent is a tracer whose spans are, unless they are part of another, part of that which the environment names.
type inParent struct {
	trace.Tracer
	parent string
}

// Start begins a span.
func (w inParent) Start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	if !trace.SpanContextFromContext(ctx).IsValid() {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": w.parent})
	}
	return w.Tracer.Start(ctx, name, options...)
}

// witness begins a span of a step, and gives what ends it.
func (t *tracing) witness(ctx context.Context, run *pipeline.Run, s pipeline.Step) (context.Context, func(pipeline.Manifest, error)) {
	attributes := append(ofRun(run), attribute.String("trunkline.step", s.Name), attribute.String("trunkline.stage", s.Stage))
	ctx, span := t.tracer.Start(ctx, s.Name, trace.WithAttributes(attributes...))
	return ctx, func(m pipeline.Manifest, err error) {
		for name, n := range m.Counters {
			span.SetAttributes(attribute.Int64("trunkline."+name, n))
		}
		if err != nil {
			span.SetStatus(codes.Error, t.mask(err.Error()))
		}
		span.End()
	}
}

// ofRun tells which run a span is of.
func ofRun(run *pipeline.Run) []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.String("trunkline.run", run.ID()),
		attribute.String("trunkline.window.from", run.Window().From.Format(time.RFC3339)),
		attribute.String("trunkline.window.to", run.Window().To.Format(time.RFC3339)),
	}
}

// close sends what is not sent yet.
func (t *tracing) close(ctx context.Context) { _ = t.provider.Shutdown(ctx) } // the exporter has warned

// warningExporter warns of the first error instead of giving it on, and sends nothing more: the SDK would print each.
type warningExporter struct {
	sdk.SpanExporter
	warn func(error)

	mu   sync.Mutex
	gone bool
}

// ExportSpans sends spans.
func (e *warningExporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gone {
		return nil
	}
	if err := e.SpanExporter.ExportSpans(ctx, spans); err != nil {
		e.gone = true
		e.warn(err)
	}
	return nil
}
