package grafana

import "github.com/goccy/go-yaml"

// provisionSource gives the file of the data source. What differs from place to place, secrets above all, comes from the environment of
// Grafana's process.
func (w warehouse) provisionSource() ([]byte, error) {
	source := yaml.MapSlice{
		{Key: "name", Value: "Trunkline (" + w.title + ")"},
		{Key: "uid", Value: w.uid()},
		{Key: "type", Value: w.plugin},
		{Key: "access", Value: "proxy"},
	}
	for _, key := range []string{"url", "user"} {
		if value, ok := w.address[key]; ok {
			source = append(source, yaml.MapItem{Key: key, Value: value})
		}
	}
	source = append(source, yaml.MapItem{Key: "jsonData", Value: w.about})
	if w.secret != nil {
		source = append(source, yaml.MapItem{Key: "secureJsonData", Value: w.secret})
	}
	source = append(source, yaml.MapItem{Key: "editable", Value: false})
	return document(yaml.MapSlice{{Key: "apiVersion", Value: 1}, {Key: "datasources", Value: []any{source}}})
}

// provisionDashboards gives the file that tells Grafana where the dashboards are.
func (w warehouse) provisionDashboards() ([]byte, error) {
	return document(yaml.MapSlice{
		{Key: "apiVersion", Value: 1},
		{Key: "providers", Value: []any{yaml.MapSlice{
			{Key: "name", Value: w.uid()},
			{Key: "folder", Value: folder},
			{Key: "type", Value: "file"},
			{Key: "allowUiUpdates", Value: false},
			{Key: "options", Value: yaml.MapSlice{{Key: "path", Value: "${TRUNKLINE_DASHBOARDS}/" + w.name()}}},
		}}},
	})
}
