package grafana

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"trunkline/sql"
)

// warehouse is a place that Grafana asks, and how its plugin wants to be asked.
type warehouse struct {
	dialect sql.Dialect
	title   string
	plugin  string // the data source's type
	schema  string // where the views are, unless somebody says otherwise
	quoting string // format of a variable whose values become the warehouse's own literals
	rawSQL  string // the word for a query's text
	// The words for the two shapes of an answer: rows as they are, and a series for each text.
	table, series any
	// wrapped tells whether a variable's query is an object, as a panel's is, and not just its text.
	wrapped bool
	// about and secret are the data source's settings, by environment variables.
	about, secret map[string]any
	address       map[string]string
}

// warehouses gives those that Grafana has a plugin for and that are loaded by us.
//
// PostgreSQL's plugin takes an answer's shape as a word, those made with Grafana's SDK for plugins as a number. BigQuery alone escapes a
// quote by a backslash.
func warehouses() []warehouse {
	return []warehouse{
		{
			dialect: sql.PostgreSQL(), title: "PostgreSQL", plugin: "grafana-postgresql-datasource", schema: "trunkline",
			quoting: "sqlstring", rawSQL: "rawSql", table: "table", series: "time_series",
			address: map[string]string{"url": "${TRUNKLINE_PG_HOST}:${TRUNKLINE_PG_PORT}", "user": "${TRUNKLINE_PG_USER}"},
			about: map[string]any{
				"database": "${TRUNKLINE_PG_DATABASE}", "sslmode": "${TRUNKLINE_PG_SSLMODE}", "postgresVersion": 1500, "maxOpenConns": 5,
			},
			secret: map[string]any{"password": "${TRUNKLINE_PG_PASSWORD}"},
		},
		{
			dialect: sql.Redshift(), title: "Amazon Redshift", plugin: "grafana-redshift-datasource", schema: "trunkline",
			quoting: "sqlstring", rawSQL: "rawSQL", table: 1, series: 0, wrapped: true,
			about: map[string]any{
				"authType": "default", "defaultRegion": "${TRUNKLINE_REDSHIFT_REGION}", "useServerless": true,
				"workgroupName": "${TRUNKLINE_REDSHIFT_WORKGROUP}", "database": "${TRUNKLINE_REDSHIFT_DATABASE}",
			},
		},
		{
			dialect: sql.BigQuery(), title: "BigQuery", plugin: "grafana-bigquery-datasource", schema: "trunkline",
			quoting: "singlequote", rawSQL: "rawSql", table: 1, series: 0, wrapped: true,
			about: map[string]any{
				"authenticationType": "jwt", "clientEmail": "${TRUNKLINE_BQ_EMAIL}", "defaultProject": "${TRUNKLINE_BQ_PROJECT}",
				"processingLocation": "${TRUNKLINE_BQ_LOCATION}", "tokenUri": "https://oauth2.googleapis.com/token",
			},
			secret: map[string]any{"privateKey": "${TRUNKLINE_BQ_PRIVATE_KEY}"},
		},
		{
			dialect: sql.DuckDB(), title: "DuckDB", plugin: "motherduck-duckdb-datasource", schema: "main",
			quoting: "sqlstring", rawSQL: "rawSql", table: 1, series: 0,
			about: map[string]any{"path": "${TRUNKLINE_DUCKDB_FILE}", "readOnly": true},
		},
	}
}

func (w warehouse) name() string { return w.dialect.Name }

// uid is the data source's, given when it is provisioned. Alert rules name it; dashboards let the reader choose.
func (w warehouse) uid() string { return "trunkline-" + w.name() }

// chosen is the data source that the reader of a dashboard has chosen.
func (w warehouse) chosen() common.DataSourceRef {
	uid := "${datasource}"
	return common.DataSourceRef{Type: &w.plugin, Uid: &uid}
}

// query gives what the plugin is asked, as a panel, an annotation or an alert rule holds it.
func (w warehouse) query(text string, shape any) query {
	return query{"refId": "A", w.rawSQL: text, "format": shape, "rawQuery": true, "editorMode": "code"}
}

// render makes the query of a file in queries; data is what it is about, and schema where its relations are.
func (w warehouse) render(name, schema string, data any) (string, error) {
	functions := template.FuncMap{
		"schema": func() string { return schema },
		// chosen gives the values of a variable as a list of literals.
		"chosen": func(variable string) string { return "${" + variable + ":" + w.quoting + "}" },
	}
	for name, f := range w.dialect.Functions {
		functions[name] = f
	}
	t, err := template.New(name).Option("missingkey=error").Funcs(functions).ParseFS(queries, "queries/"+name)
	if err != nil {
		return "", fmt.Errorf("parse queries/%s: %w", name, err)
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return "", fmt.Errorf("render queries/%s: %w", name, err)
	}
	return strings.TrimSpace(b.String()), nil
}

// dashboards gives the warehouse's dashboards by the name of their file.
func (w warehouse) dashboards() (map[string]dashboard.Dashboard, error) {
	all := map[string]dashboard.Dashboard{}
	for _, b := range []func(warehouse) (board, error){kpis, joinQuality, pipelineHealth} {
		described, err := b(w)
		if err != nil {
			return nil, err
		}
		if all[described.name], err = w.build(described); err != nil {
			return nil, fmt.Errorf("%s: %w", described.title, err)
		}
	}
	return all, nil
}
