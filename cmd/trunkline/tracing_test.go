package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// traceReceiver is a collector of OTLP over HTTP.
type traceReceiver struct {
	url string

	mu    sync.Mutex
	spans []*tracev1.Span
	names []string // of services
	bytes bytes.Buffer
}

func newTraceReceiver(t *testing.T) *traceReceiver {
	t.Helper()
	r := &traceReceiver{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		var batch collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &batch)
		}
		if err != nil || request.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", request.URL, err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bytes.Write(body)
		for _, of := range batch.GetResourceSpans() {
			for _, a := range of.GetResource().GetAttributes() {
				if a.GetKey() == "service.name" {
					r.names = append(r.names, a.GetValue().GetStringValue())
				}
			}
			for _, in := range of.GetScopeSpans() {
				r.spans = append(r.spans, in.GetSpans()...)
			}
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// byName gives the spans, of which each name comes once.
func (r *traceReceiver) byName(t *testing.T) map[string]*tracev1.Span {
	t.Helper()
	found := map[string]*tracev1.Span{}
	for _, s := range r.spans {
		if found[s.GetName()] != nil {
			t.Errorf("two spans are named %s", s.GetName())
		}
		found[s.GetName()] = s
	}
	return found
}

func attributeOf(s *tracev1.Span, key string) (text string, number int64) {
	for _, a := range s.GetAttributes() {
		if a.GetKey() == key {
			return a.GetValue().GetStringValue(), a.GetValue().GetIntValue()
		}
	}
	return "", 0
}

func TestTraces(t *testing.T) {
	s := newStage(t, 40, 1)
	s.goTo(0)
	r := newTraceReceiver(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", r.url)
	t.Setenv("TRACEPARENT", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
	s.mustCommand("run", "--date", s.date(0))

	spans := r.byName(t)
	run := spans["run nightly"]
	if run == nil {
		t.Fatalf("no span of the run among %d", len(spans))
	}
	if got := string(run.GetParentSpanId()); got != "\x01\x23\x45\x67\x89\xab\xcd\xef" {
		t.Errorf("the run is part of %x", got)
	}
	steps, err := s.flow().Steps()
	if err != nil {
		t.Fatal(err)
	}
	if len(spans) != len(steps)+1 {
		t.Errorf("%d spans, want one a step and one of the run: %d", len(spans), len(steps)+1)
	}
	for _, step := range steps {
		span := spans[step.Name]
		if span == nil {
			t.Errorf("no span of %s", step.Name)
			continue
		}
		if !bytes.Equal(span.GetParentSpanId(), run.GetSpanId()) || !bytes.Equal(span.GetTraceId(), run.GetTraceId()) {
			t.Errorf("%s is not part of the run", step.Name)
		}
		if id, _ := attributeOf(span, "trunkline.run"); id != "nightly/"+s.window(0).From.Format("2006-01-02T15-04-05Z") {
			t.Errorf("%s is of %q", step.Name, id)
		}
	}
	if _, n := attributeOf(spans["transform/genesys"], "trunkline.out"); n == 0 {
		t.Error("nothing tells how many rows were made")
	}
	if r.names[0] != "trunkline" {
		t.Errorf("the service is %s", r.names[0])
	}
	if bytes.Contains(r.bytes.Bytes(), []byte("simulated")) {
		t.Error("a span holds a secret")
	}
}

func TestTraceOfAFailure(t *testing.T) {
	s := newStage(t, 5, 1)
	s.goTo(0)
	r := newTraceReceiver(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", r.url)
	text := strings.ReplaceAll(readText(t, s.config()), "simulated", "hunter2-wrong")
	if err := os.WriteFile(s.config(), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := s.tryCommand("do", "extract/genesys.users", "--date", s.date(0)); code != exitDenied {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	spans := r.byName(t)
	for name, want := range map[string]string{"extract/genesys.users": "TL410", "run nightly": "failed"} {
		status := spans[name].GetStatus()
		if status.GetCode() != tracev1.Status_STATUS_CODE_ERROR || !strings.Contains(status.GetMessage(), want) {
			t.Errorf("%s: %v", name, status)
		}
	}
	if bytes.Contains(r.bytes.Bytes(), []byte("hunter2")) {
		t.Error("a span holds a secret")
	}
}

// TestTracesNeverFailNorDelayARun: a collector that is down, or never answers, costs a warning.
func TestTracesNeverFailNorDelayARun(t *testing.T) {
	release := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer silent.Close()
	defer close(release)
	for name, url := range map[string]string{"down": "http://127.0.0.1:1", "silent": silent.URL} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, 5, 1)
			s.goTo(0)
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
			began := time.Now()
			said := s.mustCommand("extract", "--date", s.date(0))
			if n := strings.Count(said, "traces are not told"); n != 1 {
				t.Errorf("%d warnings, want one:\n%s", n, said)
			}
			if took := time.Since(began); took > telemetryWithin+20*time.Second { // of which the extract has some
				t.Errorf("it took %s", took)
			}
		})
	}
}
