// Package grafana makes what Grafana is provisioned with: data sources, dashboards and alert rules for each warehouse that Grafana can
// ask. The files are generated and committed (go test -update writes them), so that nobody needs Go to use them.
//
// The panels of the dashboard KPIs follow from the measures of the views (sql/views/*.yaml): a new one appears without a change here.
// There is one set of panels; a warehouse differs by its plugin's words for a query, by how a text is quoted, and by its types.
package grafana

import (
	"embed"
	"encoding/json"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

//go:embed queries
var queries embed.FS

// Files gives every file by its path below this folder.
func Files() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, w := range warehouses() {
		boards, err := w.dashboards()
		if err != nil {
			return nil, fmt.Errorf("dashboards of %s: %w", w.name(), err)
		}
		for name, board := range boards {
			if files["dashboards/"+w.name()+"/"+name+".json"], err = written(board); err != nil {
				return nil, fmt.Errorf("dashboard %s of %s: %w", name, w.name(), err)
			}
		}
		if files["provisioning/alerting/"+w.name()+".yaml"], err = w.alerting(); err != nil {
			return nil, fmt.Errorf("alert rules of %s: %w", w.name(), err)
		}
		if files["provisioning/datasources/"+w.name()+".yaml"], err = w.provisionSource(); err != nil {
			return nil, fmt.Errorf("data source of %s: %w", w.name(), err)
		}
		if files["provisioning/dashboards/"+w.name()+".yaml"], err = w.provisionDashboards(); err != nil {
			return nil, fmt.Errorf("dashboard provider of %s: %w", w.name(), err)
		}
	}
	return files, nil
}

// written gives a dashboard as Grafana reads it.
func written(d dashboard.Dashboard) ([]byte, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	v := jsontext.Value(text)
	err = v.Format(jsontext.EscapeForHTML(false), jsontext.WithIndent("  "))
	return append(v, '\n'), err
}
