package grafana

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// dashboardSchema compiles Grafana's schema of dashboards, of the SDK that made them. It writes "anything" as "an object of anything". In
// three places that is too narrow for what Grafana itself writes, and for the SDK's own types: what a column is matched by, a property
// of a column, and a variable's query.
func dashboardSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/dashboard.jsonschema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	property := func(definition, name string) map[string]any {
		d := doc.(map[string]any)["definitions"].(map[string]any)[definition].(map[string]any)
		return d["properties"].(map[string]any)[name].(map[string]any)
	}
	delete(property("MatcherConfig", "options"), "type")
	delete(property("DynamicConfigValue", "value"), "type")
	query := property("VariableModel", "query")["oneOf"].([]any)[1].(map[string]any)
	query["additionalProperties"] = true
	c := jsonschema.NewCompiler()
	if err := c.AddResource("dashboard.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("dashboard.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestDashboardsKeepTheSchema: and a dashboard with something that is unknown, missing or of another type does not.
func TestDashboardsKeepTheSchema(t *testing.T) {
	schema := dashboardSchema(t)
	names, err := filepath.Glob("dashboards/*/*.json")
	if err != nil || len(names) != 12 {
		t.Fatalf("%d dashboards, want 12: %v", len(names), err)
	}
	for _, name := range names {
		if err := schema.Validate(parse(t, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for fault, breaks := range map[string]func(d map[string]any){
		"panel/unknown": func(d map[string]any) { d["panels"].([]any)[1].(map[string]any)["titel"] = "x" },
		"panel/type":    func(d map[string]any) { d["panels"].([]any)[1].(map[string]any)["title"] = 7 },
		"panel/grid":    func(d map[string]any) { d["panels"].([]any)[1].(map[string]any)["gridPos"] = []any{} },
		"variable/kind": func(d map[string]any) {
			d["templating"].(map[string]any)["list"].([]any)[0].(map[string]any)["type"] = "x"
		},
		"annotation/field": func(d map[string]any) {
			delete(d["annotations"].(map[string]any)["list"].([]any)[0].(map[string]any), "name")
		},
		"dashboard/schema": func(d map[string]any) { delete(d, "schemaVersion") },
	} {
		d := parse(t, names[0])
		breaks(d)
		if schema.Validate(d) == nil {
			t.Errorf("%s: the schema takes it", fault)
		}
	}
}

// parse reads a dashboard.
func parse(t *testing.T, name string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	e := json.NewDecoder(strings.NewReader(string(text)))
	if err := e.Decode(&d); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}
