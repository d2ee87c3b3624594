package contract_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"trunkline/schema"
	"trunkline/sql/contract"
)

var update = flag.Bool("update", false, "rewrite the contract")

func text(t *testing.T) string {
	t.Helper()
	text, err := contract.Text()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestContractIsCommitted(t *testing.T) {
	want := text(t)
	if *update {
		if err := os.WriteFile(contract.File, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(contract.File)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("the contract is stale; run go test ./sql/contract -update\n%s", diff)
	}
}

// The contract promises each column as it is declared.
func TestContractHoldsEveryColumn(t *testing.T) {
	var read struct {
		Schema []struct {
			Name       string
			Properties []struct {
				Name, Classification string
				LogicalType          string `yaml:"logicalType"`
				PrimaryKey           bool   `yaml:"primaryKey"`
				Required, Unique     bool
			}
		}
	}
	if err := yaml.Unmarshal([]byte(text(t)), &read); err != nil {
		t.Fatal(err)
	}
	type promise struct {
		Name, Class, Type string
		Required, Key     bool
	}
	var want, got []promise
	for _, c := range schema.UnifiedInteractions.Columns {
		kind := map[string]string{"text": "string", "real": "number"}[c.Type.String()]
		if kind == "" {
			kind = c.Type.String()
		}
		want = append(want, promise{c.Name, string(c.Class), kind, !c.Nullable, c.Key})
	}
	for _, p := range read.Schema[0].Properties {
		got = append(got, promise{p.Name, p.Classification, p.LogicalType, p.Required, p.PrimaryKey && p.Unique})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contract (-want +got):\n%s", diff)
	}
}

// The standard's own schema takes the contract, and refuses one that is no contract.
func TestStandardHolds(t *testing.T) {
	name := os.Getenv("TRUNKLINE_TEST_ODCS_SCHEMA")
	if name == "" {
		t.Skip("run make check-dbt, or set TRUNKLINE_TEST_ODCS_SCHEMA to the JSON schema of the Open Data Contract Standard")
	}
	compiled, err := jsonschema.NewCompiler().Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	validate := func(text string) error {
		var document any
		if err := yaml.Unmarshal([]byte(text), &document); err != nil {
			t.Fatal(err)
		}
		asJSON, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		if document, err = jsonschema.UnmarshalJSON(strings.NewReader(string(asJSON))); err != nil {
			t.Fatal(err)
		}
		return compiled.Validate(document)
	}
	if err := validate(text(t)); err != nil {
		t.Error(err)
	}
	for _, change := range [][2]string{
		{"logicalType: timestamp", "logicalType: moment"},
		{"metric: nullValues", "metric: nulls"},
		{"primaryKey: true", "primeKey: true"},
		{"kind: DataContract", "kind: Contract"},
		{"property: frequency", "proper: frequency"},
	} {
		if validate(strings.Replace(text(t), change[0], change[1], 1)) == nil {
			t.Errorf("the standard takes %q", change[1])
		}
	}
}
