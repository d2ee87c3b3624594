package bigquery

import (
	"context"
	"time"

	"cloud.google.com/go/bigquery"

	"trunkline/schema"
)

// Reenrich asks for the rows that the CRM has changed.
func (l *Loader) Reenrich(ctx context.Context, since time.Time, emit func(schema.Row) error) error {
	query, err := l.dialect.Reenrich()
	if err != nil {
		return err
	}
	values := make([]any, len(schema.UnifiedInteractions.Columns))
	err = l.each(ctx, question{step: "reenrich", text: query, parameters: []bigquery.QueryParameter{parameter("since", since)}},
		func(_ bigquery.Schema, row []bigquery.Value) error {
			for i := range values {
				values[i] = any(row[i])
				if at, ok := row[i].(time.Time); ok {
					values[i] = at.UTC()
				}
			}
			made, err := schema.UnifiedInteractions.Fill(values)
			if err != nil {
				return err
			}
			return emit(made)
		})
	return l.config.explain("join rows since "+since.UTC().Format(time.RFC3339)+" with the mirror anew", err)
}
