// Package contract writes the data contract of unified_interactions, in the form of the Open Data Contract Standard.
//
// It is generated from the schema and committed beside this file, so that a change of a column is a change of the contract in the same
// diff. Its version counts the columns: they are added and never taken away.
package contract

import (
	"fmt"

	"github.com/goccy/go-yaml"

	"trunkline/schema"
	"trunkline/sql"
)

// File is the name of the contract below sql/contract.
const File = "unified_interactions.odcs.yaml"

type contract struct {
	APIVersion  string      `yaml:"apiVersion"`
	Kind        string      `yaml:"kind"`
	ID          string      `yaml:"id"`
	Name        string      `yaml:"name"`
	Version     string      `yaml:"version"`
	Status      string      `yaml:"status"`
	Domain      string      `yaml:"domain"`
	Description description `yaml:"description"`
	Schema      []object    `yaml:"schema"`
	Roles       []role      `yaml:"roles"`
	SLA         []sla       `yaml:"slaProperties"`
}

type description struct {
	Purpose     string `yaml:"purpose"`
	Usage       string `yaml:"usage"`
	Limitations string `yaml:"limitations"`
}

type object struct {
	Name         string     `yaml:"name"`
	PhysicalType string     `yaml:"physicalType"`
	LogicalType  string     `yaml:"logicalType"`
	Description  string     `yaml:"description"`
	Granularity  string     `yaml:"dataGranularityDescription"`
	Properties   []property `yaml:"properties"`
}

type property struct {
	Name           string         `yaml:"name"`
	Description    string         `yaml:"description"`
	LogicalType    string         `yaml:"logicalType"`
	Options        map[string]int `yaml:"logicalTypeOptions,omitempty"`
	PhysicalType   string         `yaml:"physicalType"`
	PrimaryKey     bool           `yaml:"primaryKey,omitempty"`
	Position       int            `yaml:"primaryKeyPosition,omitempty"`
	Required       bool           `yaml:"required"`
	Unique         bool           `yaml:"unique,omitempty"`
	Classification string         `yaml:"classification,omitempty"`
	Quality        []quality      `yaml:"quality,omitempty"`
}

type quality struct {
	Type      string `yaml:"type"`
	Metric    string `yaml:"metric"`
	MustBe    int    `yaml:"mustBe"`
	Dimension string `yaml:"dimension"`
}

type role struct {
	Role        string `yaml:"role"`
	Access      string `yaml:"access"`
	Description string `yaml:"description"`
}

type sla struct {
	Property    string `yaml:"property"`
	Value       int    `yaml:"value"`
	Unit        string `yaml:"unit"`
	Element     string `yaml:"element"`
	Description string `yaml:"description"`
}

// Text gives the contract.
func Text() (string, error) {
	t := schema.UnifiedInteractions
	c := contract{
		APIVersion: "v3.1.0", Kind: "DataContract", ID: "trunkline-unified-interactions", Name: t.Name,
		Version: fmt.Sprintf("1.%d.0", len(t.Columns)), Status: "active", Domain: "contact-centre",
		Description: description{
			Purpose: t.Doc,
			Usage: "Group by business_date, the organisation's day; times are UTC. Rates are Σ numerator / Σ denominator of the views; a percentage is " +
				"never averaged.",
			Limitations: "A row may change for weeks while scores and corrections come: finality says how settled it is. Columns are added at the end and " +
				"never taken away or renamed. Physical types are those of PostgreSQL; other warehouses have their own for the same logical type.",
		},
		Schema: []object{objectOf(t)},
		SLA: []sla{
			{"frequency", 1, "d", t.Name + ".etl_loaded_at", "Loaded every night for the days before, when the source says that its data is complete."},
			{"latency", 30, "h", t.Name + ".etl_loaded_at", "Older than this, a night is missing."},
		},
	}
	for _, r := range sql.Roles() {
		c.Roles = append(c.Roles, role{r.Name, "read", fmt.Sprintf("Sees no column of the class %s.", r.Hides)})
	}
	text, err := yaml.MarshalWithOptions(c, yaml.IndentSequence(true))
	if err != nil {
		return "", fmt.Errorf("write the contract of %s: %w", t.Name, err)
	}
	return "# Generated from the schema; do not edit.\n" + string(text), nil
}

// objectOf gives a table.
func objectOf(t *schema.Table) object {
	o := object{Name: t.Name, PhysicalType: "table", LogicalType: "object", Description: t.Doc, Granularity: "one row for each conversation"}
	logical := map[schema.Type]string{
		schema.Text: "string", schema.Integer: "integer", schema.Real: "number", schema.Boolean: "boolean", schema.Timestamp: "timestamp",
	}
	keys := t.Keys()
	for _, c := range t.Columns {
		p := property{
			Name: c.Name, Description: c.Doc, LogicalType: logical[c.Type], PhysicalType: sql.PostgreSQL().Type(c), Required: !c.Nullable,
			Classification: string(c.Class), PrimaryKey: c.Key,
		}
		if c.Type == schema.Text {
			p.Options = map[string]int{"maxLength": c.MaxBytes}
		}
		if c.Key {
			p.Position, p.Unique = 1, len(keys) == 1
			for i, key := range keys {
				if key == c.Name {
					p.Position = i + 1
				}
			}
			p.Quality = append(p.Quality, quality{"library", "duplicateValues", 0, "uniqueness"})
		}
		if !c.Nullable {
			p.Quality = append(p.Quality, quality{"library", "nullValues", 0, "completeness"})
		}
		o.Properties = append(o.Properties, p)
	}
	return o
}
