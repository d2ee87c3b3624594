// Package powerbi writes a Power BI project: a semantic model of the published views (TMDL), with their measures, and a report on it
// (PBIR).
//
// All of it is generated and committed beside this file: Trunkline.pbip opens it in Power BI Desktop. A view and its measures appear in
// the model by being declared in sql/views; the report's pages are chosen in pages.go. What a role may not see is hidden by the classes
// of the columns, as in the warehouses. Files are UTF-8 without a byte order mark; lines end with CRLF where git checks them out, and
// with LF in what Files gives.
package powerbi

import (
	"bytes"
	"encoding/json"
	"fmt"

	"trunkline/sql"
)

// The folders of the project.
const (
	modelFolder  = "Trunkline.SemanticModel/"
	reportFolder = "Trunkline.Report/"
)

// schemas is where Microsoft publishes the JSON schemas that a file names as its own.
const schemas = "https://developer.microsoft.com/json-schemas/fabric/"

// Files gives the project: the text of each file by its name below dashboards/powerbi.
func Files() (map[string]string, error) {
	views, err := published()
	if err != nil {
		return nil, err
	}
	m, err := newModel(views)
	if err != nil {
		return nil, err
	}
	files := m.files()
	documents := map[string]any{
		"Trunkline.pbip": map[string]any{
			"$schema": schemas + "pbip/pbipProperties/1.0.0/schema.json", "version": "1.0",
			"artifacts": []any{map[string]any{"report": map[string]any{"path": "Trunkline.Report"}}},
			"settings":  map[string]any{"enableAutoRecovery": true},
		},
		modelFolder + ".platform": platform("SemanticModel", "8c4f2d6a-3b1e-4f57-9a60-5d7e1c2b9f01"),
		modelFolder + "definition.pbism": map[string]any{
			"$schema": schemas + "item/semanticModel/definitionProperties/1.0.0/schema.json", "version": "4.2", "settings": map[string]any{},
		},
		reportFolder + ".platform": platform("Report", "8c4f2d6a-3b1e-4f57-9a60-5d7e1c2b9f02"),
		reportFolder + "definition.pbir": map[string]any{
			"$schema": schemas + "item/report/definitionProperties/2.0.0/schema.json", "version": "4.0",
			"datasetReference": map[string]any{"byPath": map[string]any{"path": "../Trunkline.SemanticModel"}},
		},
	}
	if err := m.report(pages(), documents); err != nil {
		return nil, err
	}
	for name, document := range documents {
		if files[name], err = encoded(document); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	return files, nil
}

// published gives the views without the columns that the configuration makes of questions.
func published() ([]sql.View, error) {
	views, err := sql.Views()
	if err != nil {
		return nil, err
	}
	return sql.WithPivots(views, nil)
}

// platform says what a folder is to Fabric, which knows it by the id, whatever its name.
func platform(kind, id string) any {
	return map[string]any{
		"$schema":  schemas + "gitIntegration/platformProperties/2.0.0/schema.json",
		"metadata": map[string]any{"type": kind, "displayName": "Trunkline"},
		"config":   map[string]any{"version": "2.0", "logicalId": id},
	}
}

func encoded(document any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return "", err
	}
	return b.String(), nil
}
