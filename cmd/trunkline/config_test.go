package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
)

var update = flag.Bool("update", false, "write the expected files anew")

// vars is an environment for tests.
func vars(pairs ...string) func(string) (string, bool) {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) (string, bool) {
		v, ok := m[name]
		return v, ok
	}
}

// TestBadConfigurations holds every file of testdata/bad against the text beside it. Each names the line, the key and
// what would be right.
func TestBadConfigurations(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			c, err := loadConfig(file, vars("SET", "value", "NUMBER", "many"))
			if err == nil {
				err = c.Complete()
			}
			if err == nil {
				t.Fatal("the file is accepted")
			}
			var known *pipeline.Error
			if !errors.As(err, &known) || known.Kind != pipeline.Misuse {
				t.Errorf("not a misuse: %v", err)
			}
			got := strings.ReplaceAll(err.Error(), file, "FILE") + "\n"
			if strings.Contains(got, "hunter2") {
				t.Errorf("the message shows a secret: %s", got)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".txt", got)
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not what it was; -update if that is right (-want +got)\n%s", file, diff)
	}
}

func TestExpansion(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("from a file: {x}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	x := expander{env: vars("A", "alpha", "EMPTY", "", "YAML", "x: ${A}\n- y # z"), dir: dir}
	for _, test := range []struct{ in, want, fault string }{
		{"plain", "plain", ""},
		{"${A}", "alpha", ""},
		{"a-${A}-${A}-z", "a-alpha-alpha-z", ""},
		{"${B:-beta}", "beta", ""},
		{"${B:-}", "", ""},
		{"${EMPTY:-full}", "full", ""},
		{"${EMPTY}", "", ""},
		{"${YAML}", "x: ${A}\n- y # z", ""},
		{"${file:secret}", "from a file: {x}", ""},
		{"$${A} costs $5", "${A} costs $5", ""},
		{"${B}", "", "${B} is not set"},
		{"${A", "", "not closed"},
		{"${1A}", "", "none of"},
		{"${}", "", "none of"},
		{"${file:absent}", "", "no such file"},
		{"${aws-sm:trusst/db#password}", "", "not in this version"},
	} {
		got, err := x.expand(test.in)
		switch {
		case test.fault == "" && (err != nil || got != test.want):
			t.Errorf("expand(%q) = %q, %v; want %q", test.in, got, err, test.want)
		case test.fault != "" && (err == nil || !strings.Contains(err.Error(), test.fault)):
			t.Errorf("expand(%q) = %q, %v; want an error with %q", test.in, got, err, test.fault)
		}
	}
}

func TestDefaultsAndValues(t *testing.T) {
	src := `
version: 1
organisation: {time_zone: "${ZONE}"}
genesys:
  region: mypurecloud.de
  client_id: 00123
  client_secret: '${SECRET}'
  requests_per_minute: ${RATE:-120}
attributes:
  account_id: [sfAccountId, "${OTHER}"]
warehouse:
  duckdb: {path: data/w.duckdb}
audit:
  accept_bias: {until: 2026-12-31, reason: migration, by: Ada}
`
	c, err := parseConfig("etc/trunkline.yaml", []byte(src), vars("ZONE", "Europe/Berlin", "SECRET", "a: b", "OTHER", "x: [y]"))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Complete(); err != nil {
		t.Fatal(err)
	}
	got := map[string]any{
		"zone": c.Organisation.location.String(), "client": c.Genesys.ClientID, "secret": c.Genesys.ClientSecret.Reveal(),
		"rate": c.Genesys.RequestsPerMinute, "again": fmt.Sprint(c.Genesys.RereadDays), "salesforce": c.Salesforce != nil,
		"attributes": strings.Join(c.Attributes.AccountID, "|"), "cases": strings.Join(c.Attributes.CaseID, "|"),
		"path": c.abs(c.Warehouse.DuckDB.Path), "published": c.Warehouse.DuckDB.Published,
		"limit": c.Audit.JoinLimit, "until": c.Audit.AcceptBias.Until.String(),
	}
	want := map[string]any{
		"zone": "Europe/Berlin", "client": "00123", "secret": "a: b",
		"rate": 120, "again": "[1 3 7 31]", "salesforce": false,
		"attributes": "sfAccountId|x: [y]", "cases": "sfCaseId",
		"path": "etc/data/w.duckdb", "published": "published.duckdb",
		"limit": 0.30, "until": "2026-12-31",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestUnsetVariablesConcernOnlyThoseWhoNeedThem: a scheduler lists the steps on a machine without credentials.
func TestUnsetVariablesConcernOnlyThoseWhoNeedThem(t *testing.T) {
	src := "version: 1\ngenesys:\n  region: mypurecloud.de\n  client_id: x\n  client_secret: ${GENESYS_CLIENT_SECRET}\n"
	c, err := parseConfig("t.yaml", []byte(src), vars())
	if err != nil {
		t.Fatal(err)
	}
	err = c.Complete()
	if err == nil || !strings.Contains(err.Error(), "t.yaml:5: genesys.client_secret: ${GENESYS_CLIENT_SECRET} is not set") {
		t.Errorf("Complete: %v", err)
	}
}

// FuzzParseConfig: no text makes the reader panic, and none is quoted that stands where a secret belongs.
func FuzzParseConfig(f *testing.F) {
	files, _ := filepath.Glob("testdata/bad/*.yaml")
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(_ *testing.T, src []byte) { _, _ = parseConfig("f.yaml", src, vars("SET", "value")) })
}

func TestSuggestions(t *testing.T) {
	known := []string{"region", "client_id", "client_secret", "parallel"}
	for in, want := range map[string]string{
		"regoin": " (did you mean region?)", "clientid": " (did you mean client_id?)", "Region": " (did you mean region?)",
		"client-secret": " (did you mean client_secret?)", "x": "; known here: region, client_id, client_secret, parallel",
	} {
		if got := suggestion(in, known); got != want {
			t.Errorf("suggestion(%q) = %q, want %q", in, got, want)
		}
	}
}
