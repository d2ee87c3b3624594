package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/invopop/jsonschema"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"trunkline/internal/secret"
)

// TestConfigSchemaIsFresh: the committed JSON Schema is what the structs and their comments say; -update writes it.
func TestConfigSchemaIsFresh(t *testing.T) {
	r := &jsonschema.Reflector{
		FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, DoNotReference: true, ExpandedStruct: true, Anonymous: true,
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			switch t {
			case reflect.TypeFor[secret.Secret]():
				return &jsonschema.Schema{Type: "string"}
			case reflect.TypeFor[Duration]():
				return &jsonschema.Schema{Type: "string", Pattern: `^([0-9]+d|([0-9.]+(h|m|s|ms))+|\$\{.*\})$`}
			case reflect.TypeFor[Date]():
				return &jsonschema.Schema{Type: "string", Pattern: `^([0-9]{4}-[0-9]{2}-[0-9]{2}|\$\{.*\})$`}
			default:
				return nil
			}
		},
	}
	if err := r.AddGoComments("trunkline/cmd/trunkline", "."); err != nil {
		t.Fatal(err)
	}
	for name, text := range r.CommentMap {
		r.CommentMap[name] = strings.ReplaceAll(text, "\n", " ")
	}
	s := r.Reflect(Config{})
	s.Title = "trunkline.yaml"
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "config.schema.json", string(text)+"\n")
}

// TestInitialConfigKeepsToTheSchema: what init writes is good by the schema too.
func TestInitialConfigKeepsToTheSchema(t *testing.T) {
	doc, err := validator.UnmarshalJSON(strings.NewReader(configSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := validator.NewCompiler()
	if err := c.AddResource("config.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("config.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	check := func(text string) error {
		t.Helper()
		asJSON, err := yaml.YAMLToJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		v, err := validator.UnmarshalJSON(strings.NewReader(string(asJSON)))
		if err != nil {
			t.Fatal(err)
		}
		return s.Validate(v)
	}
	if err := check(initialConfig); err != nil {
		t.Error(err)
	}
	if check("version: 1\ngenesis: {}\n") == nil {
		t.Error("the schema accepts an unknown key")
	}
}
