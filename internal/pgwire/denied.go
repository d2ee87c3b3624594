package pgwire

import (
	"context"
	"slices"
)

// harmless are the functions in FROM that only make rows out of their arguments, or tell what tables there are. All others that the
// engine has, now or in a later version, are denied: some read files, some change how the engine works, some run what is in a text.
var harmless = []string{
	"unnest", "range", "generate_series", "generate_subscripts", "repeat", "repeat_row", "json_each", "json_tree", "summary", "histogram",
	"histogram_values", "pg_timezone_names", "icu_calendar_names", "duckdb_tables", "duckdb_views", "duckdb_columns", "duckdb_constraints",
	"duckdb_schemas", "duckdb_indexes", "duckdb_types", "duckdb_functions", "duckdb_keywords", "pragma_table_info", "pragma_version",
	"pragma_show",
}

// findDenied asks the engine for its functions in FROM. It must not be asked by text for what it denies by name.
func (e *engine) findDenied(l *link) error {
	const every = `select distinct lower(function_name)
from duckdb_functions()
where function_type in ('table', 'table_macro')
    and (internal or database_name = 'system')
union
select 'write_log'`
	p, err := l.prepare(context.Background(), every)
	if err != nil {
		return err
	}
	defer p.close()
	rows, err := p.stream(context.Background(), nil)
	if err != nil {
		return err
	}
	defer rows.close()
	columns, _ := p.columns()
	e.denied = map[string]bool{}
	for {
		c, err := rows.chunk(context.Background(), columns)
		if err != nil || c == nil {
			return err
		}
		for i := range c.size {
			if name := string(c.vectors[0].text(i)); !slices.Contains(harmless, name) {
				e.denied[name] = true
			}
		}
		c.free()
	}
}
