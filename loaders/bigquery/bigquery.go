// Package bigquery is a dataset of Google BigQuery as the warehouse.
//
// Rows are uploaded by load jobs into tables of a staging dataset, whose tables go by themselves after a day, and merged by one script,
// which is one transaction with the ledger and the lease. Every job has an id that we choose: if it is not known whether a job was
// made, it is looked for under its id, and not made twice. What people query are views, each of a table with the rows of its last
// publication.
package bigquery

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"cloud.google.com/go/bigquery"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"

	"trunkline/internal/secret"
	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// Config says where the warehouse is. The zero value of an optional field is its default.
type Config struct {
	Project  string
	Dataset  string
	Staging  string // the dataset for what is being loaded: Dataset_staging
	Location string // of the datasets: US, EU, europe-west3 …

	// Credentials is the content of a service account's key file; if it is empty, Google's own search finds them
	// (GOOGLE_APPLICATION_CREDENTIALS, gcloud, the machine's account).
	Credentials secret.Secret

	Roles          bool  // also make the dataset of each role, with its views
	MaxBytesBilled int64 // of any one query; 0 is the project's own limit

	PricePerTiB float64 // US dollars that a TiB billed costs the project, for Plan; 0 is not known

	Endpoint string        // in place of Google's, without credentials: a stand-in's
	Patience time.Duration // how long a limit or an outage is waited for: 5 minutes
}

func (c Config) withDefaults() Config {
	if c.Staging == "" {
		c.Staging = c.Dataset + "_staging"
	}
	if c.Patience == 0 {
		c.Patience = 5 * time.Minute
	}
	return c
}

// where names the warehouse for people.
func (c Config) where() string { return c.Project + "." + c.Dataset }

// dialect is BigQuery's, for the dataset.
func (c Config) dialect() statements.Dialect {
	d := statements.BigQuery()
	d.Dataset = c.Dataset
	return d
}

// Loader is an open warehouse. It is not safe for concurrent use.
type Loader struct {
	config  Config
	client  *bigquery.Client
	jobs    jobs
	dialect statements.Dialect
	token   int64 // of our lease; 0 if we hold none
	piece   int   // of an upload, in bytes
}

var (
	_ pipeline.Auditor    = (*Loader)(nil)
	_ pipeline.Publisher  = (*Loader)(nil)
	_ pipeline.Reenricher = (*Loader)(nil)
)

// Open connects to the warehouse and takes the lease on it; it makes the datasets that are not there. owner says who we are. If
// somebody else holds the lease, that is an error of kind Locked.
func Open(ctx context.Context, c Config, owner string) (*Loader, error) {
	l, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := l.begin(ctx, owner+" "+rand.Text()[:8]); err != nil { // two containers may bear one name and one process id
		return nil, errors.Join(l.config.explain("open the warehouse "+l.config.where(), err), l.Close())
	}
	return l, nil
}

// connect makes the client; nothing is sent yet.
func connect(ctx context.Context, c Config) (*Loader, error) {
	c = c.withDefaults()
	for _, needed := range []struct{ name, value string }{{"project", c.Project}, {"dataset", c.Dataset}, {"location", c.Location}} {
		if needed.value == "" {
			return nil, &pipeline.Error{
				Code: "TL6004", Kind: pipeline.Misuse, What: "open the warehouse: " + needed.name + " is missing",
				Cure: "Correct warehouse.bigquery in the configuration",
			}
		}
	}
	var options []option.ClientOption
	switch {
	case c.Endpoint != "":
		options = append(options, option.WithEndpoint(c.Endpoint), option.WithoutAuthentication())
	case c.Credentials.Reveal() != "":
		options = append(options, option.WithAuthCredentialsJSON(option.ServiceAccount, []byte(c.Credentials.Reveal())))
	}
	client, err := bigquery.NewClient(ctx, c.Project, options...)
	if err != nil {
		return nil, &pipeline.Error{
			Code: "TL6004", Kind: pipeline.Denied, What: "open the warehouse " + c.where(), Err: err,
			Cure: "Set warehouse.bigquery.credentials to a service account's key (${file:…}), or GOOGLE_APPLICATION_CREDENTIALS, or run: gcloud auth application-default login",
		}
	}
	client.Location = c.Location
	return &Loader{
		config: c, client: client, dialect: c.dialect(), piece: googleapi.DefaultUploadChunkSize,
		jobs: jobs{client: client, location: c.Location, patience: c.Patience, pause: min(time.Second, c.Patience/10)},
	}, nil
}

func (l *Loader) begin(ctx context.Context, owner string) error {
	if err := l.makeDataset(ctx, l.config.Dataset, 0); err != nil {
		return err
	}
	if err := l.makeDataset(ctx, l.config.Staging, stagingExpiry); err != nil {
		return err
	}
	present, err := l.catalogue(ctx)
	if err != nil {
		return err
	}
	if len(present.columns[schema.EtlCommits.Name]) == 0 {
		var theirs []string
		for _, t := range schema.All() {
			if len(present.columns[t.Name]) > 0 {
				theirs = append(theirs, t.Name)
			}
		}
		if err := warehouse.Unclaimed(theirs); err != nil {
			return err
		}
	}
	if err := l.migrate(ctx, present, warehouse.Own()); err != nil {
		return err
	}
	return l.takeLease(ctx, owner)
}

// stagingExpiry is when a staged table goes by itself.
const stagingExpiry = 24 * time.Hour

// makeDataset makes a dataset if there is none, and refuses one that lies elsewhere. It looks before: who may not make one is refused
// even where it is there.
func (l *Loader) makeDataset(ctx context.Context, name string, expiry time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, l.config.Patience) // the library itself goes on for as long as it may
	defer cancel()
	set := l.client.Dataset(name)
	about, err := set.Metadata(ctx)
	if isReason(err, "notFound") {
		made := &bigquery.DatasetMetadata{Location: l.config.Location, DefaultTableExpiration: expiry, Labels: map[string]string{"application": "trunkline"}}
		err = set.Create(ctx, made)
		if err != nil && !isReason(err, "duplicate") { // another's, made this moment
			return l.config.noDataset(name, err)
		}
		about, err = set.Metadata(ctx)
	}
	if err != nil {
		return fmt.Errorf("look at the dataset %s: %w", name, err)
	}
	if !sameLocation(about.Location, l.config.Location) {
		return &pipeline.Error{
			Code: "TL6004", Kind: pipeline.Misuse,
			What: fmt.Sprintf("open the warehouse %s: the dataset %s lies in %s, the configuration says %s", l.config.where(), name, about.Location, l.config.Location),
			Cure: "Set warehouse.bigquery.location to where the datasets lie; both must lie in one place",
		}
	}
	return nil
}

// Close gives the lease back and disconnects.
func (l *Loader) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := errors.Join(l.giveLease(ctx), l.client.Close()); err != nil {
		return l.config.explain("close the warehouse "+l.config.where(), err)
	}
	return nil
}
