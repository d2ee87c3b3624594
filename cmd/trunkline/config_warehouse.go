package main

import "trunkline/internal/secret"

// Warehouse is where the tables go.
type Warehouse struct {
	// An embedded DuckDB database.
	DuckDB *DuckDB `yaml:"duckdb"`
	// A schema of a PostgreSQL database, version 15 or later.
	Postgres *Postgres `yaml:"postgres"`
	// A schema of an Amazon Redshift database, provisioned or serverless.
	Redshift *Redshift `yaml:"redshift"`
	// A dataset of Google BigQuery.
	BigQuery *BigQuery `yaml:"bigquery"`
}

// BigQuery is a dataset of Google BigQuery.
type BigQuery struct {
	// Project that the datasets are in, and that pays.
	Project string `yaml:"project" jsonschema:"example=my-project"`
	// Dataset of the tables and views; it is made if there is none.
	Dataset string `yaml:"dataset" jsonschema:"default=trunkline"`
	// Dataset for what is being loaded, whose tables go after a day; if empty, the dataset's name with _staging behind it.
	StagingDataset string `yaml:"staging_dataset"`
	// Where the datasets lie.
	Location string `yaml:"location" jsonschema:"example=EU"`
	// Key of a service account, as Google gives it; write ${file:/run/secrets/bigquery.json}. If empty, Google's own search finds
	// credentials: GOOGLE_APPLICATION_CREDENTIALS, gcloud, the machine's account.
	Credentials secret.Secret `yaml:"credentials"`
	// Bytes above which a query is refused before it costs anything; 0 is the project's own limit.
	MaximumBytesBilled int `yaml:"maximum_bytes_billed" jsonschema:"minimum=0,default=0"`
	// US dollars that a TiB billed costs you, for plan; 6.25 is Google's list price in the US. 0 where you pay for capacity.
	PricePerTiB float64 `yaml:"price_per_tib" jsonschema:"minimum=0,default=6.25"`
	// Also make the datasets DATASET_supervisor and DATASET_finance, with the views that each role may read.
	Roles bool `yaml:"roles"`
	// Address in place of Google's, that of a stand-in on this machine; no credentials are sent there.
	Endpoint string `yaml:"endpoint"`
}

// Postgres is a schema of a PostgreSQL database.
type Postgres struct {
	// The server's own name, against which its certificate is checked, or the folder of its Unix socket.
	Host string `yaml:"host" jsonschema:"example=warehouse.example.com"`
	// Port of the server.
	Port int `yaml:"port" jsonschema:"minimum=1,maximum=65535,default=5432"`
	// Name of the database.
	Database string `yaml:"database"`
	// The user that owns the schema.
	User string `yaml:"user"`
	// Password of the user; write ${WAREHOUSE_PASSWORD} or ${file:/run/secrets/warehouse}.
	Password secret.Secret `yaml:"password"`
	// Schema of the tables and views; it is made if there is none.
	Schema string `yaml:"schema" jsonschema:"default=trunkline"`
	// Whether the connection is encrypted and the server's certificate checked; false only on the same machine.
	TLS bool `yaml:"tls" jsonschema:"default=true"`
	// Certificates (PEM) that may sign the server's; the machine's own if empty.
	CAFile string `yaml:"ca_file"`
	// The name in the server's certificate, if it is not host.
	TLSServerName string `yaml:"tls_server_name"`
	// Also make what the roles trunkline_supervisor and trunkline_finance may read; the user must be allowed to create roles.
	Roles bool `yaml:"roles"`
}

// Redshift is a schema of an Amazon Redshift database, and the bucket through which it is loaded.
type Redshift struct {
	// Endpoint of the cluster or the workgroup, without the port.
	Host string `yaml:"host" jsonschema:"example=analytics.abc123.eu-central-1.redshift.amazonaws.com"`
	// Port of the endpoint.
	Port int `yaml:"port" jsonschema:"minimum=1,maximum=65535,default=5439"`
	// Name of the database.
	Database string `yaml:"database"`
	// The user that owns the schema; with iam on a cluster the one to log in as, or empty for the one of the AWS identity. Empty with a
	// workgroup, whose user is that of the identity.
	User string `yaml:"user"`
	// Password of the user, where iam does not give one; write ${WAREHOUSE_PASSWORD} or ${file:/run/secrets/warehouse}.
	Password secret.Secret `yaml:"password"`
	// Let AWS give out a password for each connection, to the identity with which trunkline runs.
	IAM *RedshiftIAM `yaml:"iam"`
	// Schema of the tables and views; it is made if there is none.
	Schema string `yaml:"schema" jsonschema:"default=trunkline"`
	// The bucket through which rows are handed over.
	S3 RedshiftS3 `yaml:"s3"`
	// The form of what is handed over: parquet, or csv, which names line and column of what Redshift refuses.
	Format string `yaml:"format" jsonschema:"enum=parquet,enum=csv,default=parquet"`
	// Leave what was handed over in the bucket, where else it is removed after the commit.
	Keep bool `yaml:"keep"`
	// Whether the connection is encrypted and the server's certificate checked; false only on the same machine.
	TLS bool `yaml:"tls" jsonschema:"default=true"`
	// Certificates (PEM) that may sign the server's; the machine's own if empty.
	CAFile string `yaml:"ca_file"`
	// The name in the server's certificate, if it is not host.
	TLSServerName string `yaml:"tls_server_name"`
	// Also make what the roles trunkline_supervisor and trunkline_finance may read; the user must be allowed to create roles.
	Roles bool `yaml:"roles"`
}

// RedshiftIAM is where AWS gives out passwords.
type RedshiftIAM struct {
	// Identifier of a provisioned cluster.
	ClusterIdentifier string `yaml:"cluster_identifier"`
	// Name of a serverless workgroup, in place of a cluster.
	Workgroup string `yaml:"workgroup"`
	// Region of either; as AWS tools find it if empty.
	Region string `yaml:"region" jsonschema:"example=eu-central-1"`
	// URL of a compatible service in place of AWS.
	Endpoint string `yaml:"endpoint"`
}

// RedshiftS3 is the bucket through which Redshift is loaded. It has to be in the region of the warehouse.
type RedshiftS3 struct {
	// Name of the bucket.
	Bucket string `yaml:"bucket"`
	// What the keys begin with.
	Prefix string `yaml:"prefix" jsonschema:"default=trunkline"`
	// Region of the bucket; as AWS tools find it if empty.
	Region string `yaml:"region" jsonschema:"example=eu-central-1"`
	// ARN of the IAM role with which Redshift reads the bucket, or default.
	Role string `yaml:"role" jsonschema:"example=arn:aws:iam::123456789012:role/redshift-reads-staging"`
	// Id or ARN of the KMS key that encrypts; S3's own key if empty.
	KMSKey string `yaml:"kms_key"`
	// URL of a compatible service in place of AWS.
	Endpoint string `yaml:"endpoint"`
}

// DuckDB is a database file, and the copy that people query.
type DuckDB struct {
	// The database that trunkline writes; relative paths are relative to this file.
	Path string `yaml:"path" jsonschema:"default=warehouse.duckdb"`
	// The read-only copy that is replaced whole at each publication.
	Published string `yaml:"published" jsonschema:"default=published.duckdb"`
	// Memory that DuckDB may use, for example 1GB.
	MemoryLimit string `yaml:"memory_limit" jsonschema:"example=1GB"`
	// Further copies for those who may not see everything, replaced together with the published one.
	Roles Roles `yaml:"roles"`
}

// Roles are the files of those who may not see everything; an empty one is not made.
type Roles struct {
	// Copy without what tells what a customer is worth.
	Supervisor string `yaml:"supervisor" jsonschema:"example=supervisor/published.duckdb"`
	// Copy without what names or measures an individual agent.
	Finance string `yaml:"finance" jsonschema:"example=finance/published.duckdb"`
}

func (p *Postgres) setDefaults() { p.Port, p.Schema, p.TLS = 5432, "trunkline", true }

func (r *Redshift) setDefaults() {
	r.Port, r.Schema, r.TLS, r.Format, r.S3.Prefix = 5439, "trunkline", true, "parquet", "trunkline"
}

func (b *BigQuery) setDefaults() { b.Dataset, b.PricePerTiB = "trunkline", 6.25 }

func (d *DuckDB) setDefaults() { d.Path, d.Published = "warehouse.duckdb", "published.duckdb" }
