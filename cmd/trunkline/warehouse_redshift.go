package main

import (
	"context"

	"trunkline/loaders/redshift"
	shared "trunkline/loaders/warehouse"
	"trunkline/pipeline"
)

func hasRedshift(c *Config) bool { return c.Warehouse.Redshift != nil }

func redshiftConfig(c *Config) redshift.Config {
	r := c.Warehouse.Redshift
	made := redshift.Config{
		Host: r.Host, Port: r.Port, Database: r.Database, User: r.User, Password: r.Password, Schema: r.Schema,
		Plain: !r.TLS, CAFile: c.abs(r.CAFile), ServerName: r.TLSServerName, Roles: r.Roles,
		Role: r.S3.Role, Format: redshift.Format(r.Format), Keep: r.Keep,
		S3: redshift.Bucket{
			Name: r.S3.Bucket, Prefix: r.S3.Prefix, Region: r.S3.Region, KMSKey: r.S3.KMSKey, Endpoint: r.S3.Endpoint,
			PathStyle: r.S3.Endpoint != "", // AWS alone gives each bucket a host
		},
	}
	if r.IAM != nil {
		made.IAM = &redshift.IAM{
			Cluster: r.IAM.ClusterIdentifier, Workgroup: r.IAM.Workgroup, Region: r.IAM.Region, Endpoint: r.IAM.Endpoint,
		}
	}
	return made
}

func openRedshift(ctx context.Context, c *Config) (pipeline.Loader, error) {
	l, err := redshift.Open(ctx, redshiftConfig(c), thisProcess())
	if err != nil { // not a nil *Loader in an interface
		return nil, err
	}
	return l, nil
}

func askRedshift(ctx context.Context, c *Config, query string, to shared.Answer) error {
	return redshift.Query(ctx, redshiftConfig(c), query, to)
}

func planRedshift(ctx context.Context, c *Config, b pipeline.Batch) (shared.Planned, error) {
	return redshift.Plan(ctx, redshiftConfig(c), b)
}

func examineRedshift(ctx context.Context, c *Config) []shared.Finding {
	return redshift.Examine(ctx, redshiftConfig(c))
}

func grantsRedshift(c *Config) []string { return redshift.Grants(redshiftConfig(c)) }
