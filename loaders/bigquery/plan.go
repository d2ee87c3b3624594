package bigquery

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Plan tells what loading a batch would ask of the warehouse. What is billed is what BigQuery says itself, in dry runs, that the merge
// has to look at in the tables that are there; rows that are replaced are read once more, and how many that are only the merge knows.
func Plan(ctx context.Context, c Config, b pipeline.Batch) (planned warehouse.Planned, err error) {
	if err := warehouse.Loadable(b.Table); err != nil {
		return planned, err
	}
	l, err := connect(ctx, c)
	if err != nil {
		return planned, err
	}
	defer func() { err = errors.Join(err, l.client.Close()) }()
	o := l.loadOf(b)
	planned.Upload = warehouse.Upload(b)
	for _, part := range o.parts {
		planned.Statements = append(planned.Statements, fmt.Sprintf("-- load job: %d files of %s, Parquet, into %s.%s, which is replaced and goes after %s",
			len(part.Files), part.Table.Name, l.config.Staging, o.table(part.Table), stagingExpiry))
	}
	planned.Statements = append(planned.Statements, l.merge(o).text)
	var billed int64
	for _, text := range looks(l.dialect, b.Table) {
		told, err := l.dryRun(ctx, question{run: o.run, step: "plan", text: text})
		if isReason(err, "notFound") { // the first run makes it
			continue
		}
		if err != nil {
			return planned, l.config.explain("plan "+b.ID, err)
		}
		billed += told.TotalBytesProcessed
	}
	planned.Billed = &billed
	if c.PricePerTiB > 0 {
		price := float64(billed) / (1 << 40) * c.PricePerTiB
		planned.Price = &price
	}
	return planned, nil
}

// looks gives queries of the columns that a merge looks at in the whole of its tables: one for each table.
func looks(d statements.Dialect, t *schema.Table) (all []string) {
	ask := func(of *schema.Table, columns []string) {
		for i, c := range columns {
			columns[i] = d.Quote(c)
		}
		all = append(all, "select\n    "+strings.Join(columns, ",\n    ")+"\nfrom "+d.Quote(of.Name))
	}
	columns := t.Keys()
	for _, c := range t.Columns {
		planned := c.State || c.Set == schema.OnInsert || c.Set == schema.OnContent || c.Set == schema.OnRestate
		if !c.Key && (planned || c.Name == "row_hash" || c.Name == "observed_at" || c.Name == d.Partition) {
			columns = append(columns, c.Name)
		}
	}
	ask(t, columns)
	for _, child := range t.Children() {
		ask(child, t.Keys())
	}
	return all
}
