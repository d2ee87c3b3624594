package grafana

import (
	"reflect"

	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
)

// query is a data source's query. The SDK knows none of PostgreSQL's, Redshift's and DuckDB's plugins.
type query map[string]any

// ImplementsDataqueryVariant marks it as a query.
func (query) ImplementsDataqueryVariant() {}

// Equals tells whether another query is the same.
func (q query) Equals(other variants.Dataquery) bool {
	return reflect.DeepEqual(variants.Dataquery(q), other)
}

// DataqueryType names the plugin: none, as the data source says it.
func (query) DataqueryType() string { return "" }

// Validate finds nothing: what is asked is executed by the tests.
func (query) Validate() error { return nil }

// Build is the query itself.
func (q query) Build() (variants.Dataquery, error) { return q, nil }
