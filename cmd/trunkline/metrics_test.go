package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

const rulesDir = "../../dashboards/prometheus"

// tool runs a program of Prometheus. A machine without it makes the test fail: a rule that was not tried is not kept.
func tool(t *testing.T, stdin io.Reader, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), toolPath(t, name), args...)
	cmd.Dir, cmd.Stdin = dir, stdin
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, said)
	}
	return string(said)
}

func toolPath(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is not installed (Debian, Ubuntu: apt-get install prometheus prometheus-pushgateway): %v", name, err)
	}
	return path
}

func TestAlertRules(t *testing.T) {
	tool(t, nil, rulesDir, "promtool", "check", "rules", "trunkline.rules.yml")
	tool(t, nil, rulesDir, "promtool", "test", "rules", "trunkline.rules_test.yml")
}

// TestEachAlertIsTried: a rule that no test fires proves nothing.
func TestEachAlertIsTried(t *testing.T) {
	tests := readText(t, rulesDir+"/trunkline.rules_test.yml")
	names := regexp.MustCompile(`(?m)- alert: (\w+)`).FindAllStringSubmatch(readText(t, rulesDir+"/trunkline.rules.yml"), -1)
	if len(names) < 5 {
		t.Fatalf("only %d alerts are found", len(names))
	}
	for _, name := range names {
		if !regexp.MustCompile(`alertname: ` + name[1] + `\n\s+exp_alerts:\n\s+- exp_labels`).MatchString(tests) {
			t.Errorf("no test fires %s", name[1])
		}
	}
}

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestMetrics runs a night, and has what it writes read by promtool, by the parser of Prometheus and by a Pushgateway.
func TestMetrics(t *testing.T) {
	s := newStage(t, 60, 1)
	s.goTo(0)
	gateway := startPushgateway(t)
	file := filepath.Join(s.dir, "trunkline.prom")
	config := readText(t, s.config()) + fmt.Sprintf("telemetry: {metrics_file: trunkline.prom, push_gateway: %q, job: acme}\n", gateway)
	if err := os.WriteFile(s.config(), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	s.mustCommand("extract", "--date", s.date(0))
	if _, found := families(t, file)["trunkline_gate_open"]; found {
		t.Error("a gate is told of before it was asked")
	}
	s.mustCommand("run", "--date", s.date(0))

	text := readText(t, file)
	if strings.Contains(text, "simulated") {
		t.Error("the metrics hold a secret")
	}
	tool(t, strings.NewReader(text), ".", "promtool", "check", "metrics")
	found := families(t, file)
	for _, name := range regexp.MustCompile(`trunkline_\w+`).FindAllString(readText(t, rulesDir+"/trunkline.rules.yml"), -1) {
		if found[name] == nil {
			t.Errorf("the rules go by %s, which is not written", name)
		}
	}
	night := s.nightOf(0)
	for _, want := range []struct {
		name, labels string
		value        float64
	}{
		{"run_exit_code", "", 0},
		{"run_state", "published", 1},
		{"run_state", "failed", 0},
		{"gate_open", "", 1},
		{"missing_runs", "", 0},
		{"lost_files", "", 0},
		{"run_window_start_timestamp_seconds", "", float64(s.window(0).From.Unix())},
		{"watermark_timestamp_seconds", "genesys conversations", float64(s.window(0).To.Unix())},
		{"run_records", "genesys conversations", s.number("select count(*) from conversations")},
		{"run_rejects", "genesys conversations", s.number("select count(*) from etl_rejects")},
		{"join_null_ratio", "1d", s.number("select avg(case when crm_id_status in ('ok', 'merged') then 0 else 1 end) from unified_interactions")},
		{"join_null_ratio", "30d", s.number("select observed from etl_checks where check_id = 'join_rate'")},
		{"audit_check_failed", "join_rate gate", 0},
	} {
		if got, ok := sample(found, "trunkline_"+want.name, want.labels); !ok || got < want.value-1e-9 || got > want.value+1e-9 {
			t.Errorf("%s{%s} is %v (there: %v), want %v", want.name, want.labels, got, ok, want.value)
		}
	}
	for name, labels := range map[string]string{
		"run_last_success_timestamp_seconds": "publish", "watermark_lag_seconds": "genesys conversations", "run_rows": "load/warehouse", "run_api_requests": "genesys conversations",
	} {
		if got, ok := sample(found, "trunkline_"+name, labels); !ok || got <= 0 || strings.Contains(name, "success") && got < float64(night.Unix()) {
			t.Errorf("%s{%s} is %v", name, labels, got)
		}
	}
	if _, ok := sample(found, "trunkline_run_duration_seconds", "load"); !ok { // which is 0 by the centre's clock
		t.Error("nothing tells how long the load took")
	}
	for _, line := range []string{`trunkline_gate_open{instance="",job="acme"} 1`, `trunkline_run_exit_code{instance="",job="acme"} 0`} {
		if kept := get(t, gateway+"/metrics"); !strings.Contains(kept, line+"\n") {
			t.Errorf("the Pushgateway does not have %s", line)
		}
	}
}

// TestMetricsNeverFailARun: neither a gateway that is down nor a folder that is not there.
func TestMetricsNeverFailARun(t *testing.T) {
	s := newStage(t, 5, 1)
	s.goTo(0)
	said := s.mustCommand("extract", "--date", s.date(0), "--push-gateway", "http://127.0.0.1:1", "--metrics-file", filepath.Join(s.dir, "no", "x.prom"))
	for _, want := range []string{"the metrics of this run are not told", "x.prom", "127.0.0.1:1"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	for _, flag := range []string{"--push-gateway=http://ada:hunter2@gateway:9091", "--metrics-file=x.txt"} {
		code, said := s.tryCommand("extract", "--date", s.date(0), flag)
		if code != exitMisuse || strings.Contains(said, "hunter2") {
			t.Errorf("%s: exit code %d, %s", flag, code, said)
		}
	}
}

// tryCommand runs the command in this process, by the centre's clock.
func (s *stage) tryCommand(args ...string) (code int, said string) {
	s.t.Helper()
	var out bytes.Buffer
	a := newApp(&out, &out)
	a.now = s.now
	code = a.run(s.t.Context(), append([]string{"-c", s.config()}, args...))
	return code, out.String()
}

// mustCommand is tryCommand that has to end well.
func (s *stage) mustCommand(args ...string) string {
	s.t.Helper()
	code, said := s.tryCommand(args...)
	if code != exitOK {
		s.t.Fatalf("trunkline %s: exit code %d\n%s", strings.Join(args, " "), code, said)
	}
	return said
}

// number asks what people query for one number.
func (s *stage) number(query string) (n float64) {
	s.t.Helper()
	db := s.open(s.t)
	if err := db.QueryRowContext(s.t.Context(), query).Scan(&n); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// families reads a file of metrics as Prometheus does.
func families(t *testing.T, file string) map[string]*dto.MetricFamily {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	found, err := parser.TextToMetricFamilies(f)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// sample finds the value of a series by the values of its labels.
func sample(found map[string]*dto.MetricFamily, name, labels string) (float64, bool) {
	for _, m := range found[name].GetMetric() {
		var values []string
		for _, l := range m.GetLabel() {
			values = append(values, l.GetValue())
		}
		if strings.Join(values, " ") == labels {
			return m.GetGauge().GetValue(), true
		}
	}
	return 0, false
}

// startPushgateway starts a real Pushgateway that keeps nothing, and gives its address.
func startPushgateway(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), toolPath(t, "prometheus-pushgateway"), "--web.listen-address="+address)
	cmd.Dir, cmd.Stderr = t.TempDir(), &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the context of the test has ended the process
		_ = cmd.Wait()
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		text, err := fetch(t.Context(), "http://"+address+"/-/ready")
		if err == nil && text != "" {
			return "http://" + address
		}
		if time.Now().After(deadline) {
			t.Fatalf("the Pushgateway does not answer: %v", err)
		}
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	text, err := fetch(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// fetch gives what answers at an address.
func fetch(ctx context.Context, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(response.Body)
	return string(text), errors.Join(err, response.Body.Close())
}
