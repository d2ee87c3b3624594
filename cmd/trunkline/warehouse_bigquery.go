package main

import (
	"context"

	"trunkline/loaders/bigquery"
	shared "trunkline/loaders/warehouse"
	"trunkline/pipeline"
)

func hasBigQuery(c *Config) bool { return c.Warehouse.BigQuery != nil }

func bigqueryConfig(c *Config) bigquery.Config {
	b := c.Warehouse.BigQuery
	return bigquery.Config{
		Project: b.Project, Dataset: b.Dataset, Staging: b.StagingDataset, Location: b.Location, Credentials: b.Credentials,
		Roles: b.Roles, MaxBytesBilled: int64(b.MaximumBytesBilled), PricePerTiB: b.PricePerTiB, Endpoint: b.Endpoint,
	}
}

func openBigQuery(ctx context.Context, c *Config) (pipeline.Loader, error) {
	l, err := bigquery.Open(ctx, bigqueryConfig(c), thisProcess())
	if err != nil { // not a nil *Loader in an interface
		return nil, err
	}
	return l, nil
}

func askBigQuery(ctx context.Context, c *Config, query string, to shared.Answer) error {
	return bigquery.Query(ctx, bigqueryConfig(c), query, to)
}

func planBigQuery(ctx context.Context, c *Config, b pipeline.Batch) (shared.Planned, error) {
	return bigquery.Plan(ctx, bigqueryConfig(c), b)
}

func examineBigQuery(ctx context.Context, c *Config) []shared.Finding {
	return bigquery.Examine(ctx, bigqueryConfig(c))
}

func grantsBigQuery(c *Config) []string { return bigquery.Grants(bigqueryConfig(c)) }

// initialBigQuery stands in the place of the section duckdb.
const initialBigQuery = `  bigquery:
    project: my-project
    # Made if they are not there, and if the account may: this one, and DATASET_staging.
    dataset: trunkline
    # Where the datasets lie: EU, US, europe-west3 …
    location: EU
    # The key of a service account; without it Google's own search finds credentials: GOOGLE_APPLICATION_CREDENTIALS, gcloud, the account
    # of the machine.
    # credentials: ${file:/run/secrets/bigquery.json}
    # No query may be billed for more.
    maximum_bytes_billed: 100000000000
`
