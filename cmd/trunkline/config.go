package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"trunkline/extractors/genesys"
	"trunkline/internal/secret"
	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// Config is trunkline.yaml. A source whose section is absent is not configured and takes no part in a run.
type Config struct {
	// Format of this file: 1.
	Version int `yaml:"version" jsonschema:"required,enum=1"`
	// Whose contact centre it is.
	Organisation Organisation `yaml:"organisation"`
	// Where runs are kept.
	Store StoreConfig `yaml:"store"`
	// Genesys Cloud, the source of conversations.
	Genesys *GenesysConfig `yaml:"genesys"`
	// Salesforce, the source of accounts, cases and opportunities.
	Salesforce *SalesforceConfig `yaml:"salesforce"`
	// The list of the organisation's product releases, to hold changes against.
	Releases *ReleasesConfig `yaml:"releases"`
	// Trusst's database, the source of answers to universal questions.
	Trusst *TrusstConfig `yaml:"trusst"`
	// Participant attributes that mean something here.
	Attributes Attributes `yaml:"attributes"`
	// Where the tables go.
	Warehouse Warehouse `yaml:"warehouse"`
	// The quality gate in front of publication.
	Audit AuditConfig `yaml:"audit"`
	// How many unreadable records are tolerated.
	Rejects Rejects `yaml:"rejects"`
	// How figures are counted where organisations differ.
	KPIs KPIs `yaml:"kpis"`
	// Who is told how runs go: Prometheus, OpenLineage.
	Telemetry Telemetry `yaml:"telemetry"`

	file  string         // where it was read
	lines map[string]int // line of each key that was given
	unset []problem      // variables that are used and not set
	known []secret.Secret
	log   *slog.Logger // told of what a person should know while a source is read; nil is nobody
}

// Organisation says what a business day is.
type Organisation struct {
	// Time zone of the business day, an IANA name such as Europe/Berlin.
	TimeZone string `yaml:"time_zone" jsonschema:"default=UTC"`

	location *time.Location
}

// StoreConfig says where run folders are kept.
type StoreConfig struct {
	// Folder of the run store; relative paths are relative to this file.
	Path string `yaml:"path" jsonschema:"default=.trunkline"`
	// A bucket of Amazon S3, or of a service like it, in place of a folder: machines share runs through it.
	S3 *S3Store `yaml:"s3"`
	// A bucket of Google Cloud Storage in place of a folder.
	GCS *GCSStore `yaml:"gcs"`
	// How long the lock of a run that died stays, once nobody renews it. For a bucket; a folder's is free at once.
	Lease Duration `yaml:"lease" jsonschema:"default=30s"`
	// Folder for copies of a bucket's files while they are worked on; the machine's own for temporary files if empty.
	Scratch string `yaml:"scratch" jsonschema:"example=/var/tmp"`
}

// S3Store is a bucket of Amazon S3, or of a service that speaks its protocol. Keys are found as the AWS tools find them.
type S3Store struct {
	// Name of the bucket.
	Bucket string `yaml:"bucket" jsonschema:"required,example=acme-trunkline"`
	// Folder within the bucket.
	Prefix string `yaml:"prefix" jsonschema:"example=prod"`
	// Region of the bucket; that of the AWS configuration if empty.
	Region string `yaml:"region" jsonschema:"example=eu-central-1"`
	// Profile of the shared AWS configuration.
	Profile string `yaml:"profile"`
	// Address of a service in place of AWS.
	Endpoint string `yaml:"endpoint" jsonschema:"example=https://minio.example.com"`
	// Whether the bucket is named in the path of an address and not in its host; most services in place of AWS need it.
	PathStyle bool `yaml:"path_style"`
	// How objects are encrypted at rest; what the bucket does by itself if empty.
	SSE string `yaml:"sse" jsonschema:"enum=AES256,enum=aws:kms"`
	// Key of aws:kms; the account's own if empty.
	KMSKey string `yaml:"kms_key"`
}

// GCSStore is a bucket of Google Cloud Storage.
type GCSStore struct {
	// Name of the bucket.
	Bucket string `yaml:"bucket" jsonschema:"required,example=acme-trunkline"`
	// Folder within the bucket.
	Prefix string `yaml:"prefix" jsonschema:"example=prod"`
	// Key of a service account; found as the Google Cloud tools find it if empty. Relative paths are relative to this file.
	CredentialsFile string `yaml:"credentials_file"`
}

// GenesysConfig is one Genesys Cloud organisation.
type GenesysConfig struct {
	// Region's domain, for example mypurecloud.de or use2.us-gov-pure.cloud.
	Region string `yaml:"region" jsonschema:"example=mypurecloud.de"`
	// API address instead of the region's, for example that of trunkline sim.
	BaseURL string `yaml:"base_url"`
	// OAuth client with the grant client credentials.
	ClientID string `yaml:"client_id"`
	// Secret of the OAuth client; write ${GENESYS_CLIENT_SECRET} or ${file:/run/secrets/genesys}.
	ClientSecret secret.Secret `yaml:"client_secret"`
	// Calls a minute that trunkline may make with this client.
	RequestsPerMinute int `yaml:"requests_per_minute" jsonschema:"minimum=1,default=280"`
	// Details jobs that are read at once.
	Parallel int `yaml:"parallel" jsonschema:"minimum=1,default=8"`
	// Ages, in days, at which a business day is read again, because Genesys corrects its data afterwards: [1, 3, 7, 31] unless told
	// otherwise, [] for never. Scores and re-opened conversations are found without, whatever their age.
	RereadDays []int `yaml:"reread_days"`
	// How long a run waits until the source's data of its window is complete; 0s: it ends with exit code 6 instead.
	AvailabilityWait Duration `yaml:"availability_wait" jsonschema:"default=0s"`
	// Whether the source's own counts are read too, to reconcile with.
	Aggregates bool `yaml:"aggregates" jsonschema:"default=true"`
	// Whether a plain voice menu counts as a bot.
	CountIVRAsBot bool `yaml:"count_ivr_as_bot" jsonschema:"default=false"`
	// Whether evaluations are left out that were not released to the agent.
	ReleasedEvaluationsOnly bool `yaml:"released_evaluations_only" jsonschema:"default=false"`
}

// SalesforceConfig is one Salesforce organisation.
type SalesforceConfig struct {
	// My Domain address, for example https://acme.my.salesforce.com.
	LoginURL string `yaml:"login_url" jsonschema:"example=https://acme.my.salesforce.com"`
	// Connected app with the client credentials flow.
	ClientID string `yaml:"client_id"`
	// Secret of the connected app; write ${SALESFORCE_CLIENT_SECRET} or ${file:/run/secrets/salesforce}.
	ClientSecret secret.Secret `yaml:"client_secret"`
	// Version of the API.
	APIVersion string `yaml:"api_version" jsonschema:"default=67.0"`
	// Changed records above which Bulk API 2.0 is used.
	BulkAbove int `yaml:"bulk_above" jsonschema:"minimum=0,default=50000"`
	// How old rows may be that get the tier, owner and counts of today each night.
	Follow Duration `yaml:"follow" jsonschema:"default=30d"`
	// Read the organisation's own history of its accounts, which dates changes of tier, industry and owner to the second.
	AccountHistory bool `yaml:"account_history" jsonschema:"default=true"`
	// API names of the fields that differ from organisation to organisation.
	Fields SalesforceFields `yaml:"fields"`
}

// SalesforceFields names custom fields.
type SalesforceFields struct {
	// Account field with the customer's tier.
	Tier string `yaml:"tier" jsonschema:"default=Account_Tier__c"`
	// Account field with the lifetime value in US dollars.
	LifetimeValue string `yaml:"lifetime_value" jsonschema:"default=Customer_LTV_USD__c"`
	// Case field with the category.
	CaseCategory string `yaml:"case_category" jsonschema:"default=Type"`
}

// TrusstConfig is one Trusst database, preferably a read replica.
type TrusstConfig struct {
	// The endpoint's own name; its certificate is checked against it.
	Host string `yaml:"host" jsonschema:"example=acme.cluster-ro-abc.eu-central-1.rds.amazonaws.com"`
	// Port of the database.
	Port int `yaml:"port" jsonschema:"minimum=1,maximum=65535,default=5432"`
	// Name of the database.
	Database string `yaml:"database"`
	// A user that may only read.
	User string `yaml:"user"`
	// Password of the user; write ${TRUSST_PASSWORD} or ${file:/run/secrets/trusst}.
	Password secret.Secret `yaml:"password"`
	// In place of the above: a secret in AWS Secrets Manager that holds them, for example trusst/acme/db-readonly-user.
	SecretsManager string `yaml:"secrets_manager" jsonschema:"example=trusst/acme/db-readonly-user"`
	// AWS region of the secret, if it is not that of the AWS configuration.
	SecretsRegion string `yaml:"secrets_region"`
	// Address in place of AWS Secrets Manager's own, for example that of a VPC endpoint.
	SecretsEndpoint string `yaml:"secrets_endpoint"`
	// Whether the connection is encrypted and the server's certificate checked; false only on the same machine.
	TLS bool `yaml:"tls" jsonschema:"default=true"`
	// Certificates (PEM) that may sign the server's, for Amazon RDS its global-bundle.pem; the machine's own if empty.
	CAFile string `yaml:"ca_file"`
	// The name in the server's certificate, if it is not host.
	TLSServerName string `yaml:"tls_server_name"`
	// Time zone of the database's times, which carry none; an IANA name.
	TimeZone string `yaml:"time_zone" jsonschema:"default=UTC"`
	// How much before the newest change seen the next read begins: at least the longest writing transaction.
	Overlap Duration `yaml:"overlap" jsonschema:"default=10m"`
	// How far back contacts are compared with what was read before, to find what no time tells of; 0s is not at all.
	Reconcile Duration `yaml:"reconcile" jsonschema:"default=35d"`
	// How long a contact is looked at again that is not completed.
	Pending Duration `yaml:"pending" jsonschema:"default=30d"`
	// How long a query may take.
	StatementTimeout Duration `yaml:"statement_timeout" jsonschema:"default=60s"`
	// Keys of the questions whose answers are columns of the view trusst_answers_by_contact, three each: [quality_score] is
	// quality_score_text, quality_score_number and quality_score_truth.
	PivotKeys []string `yaml:"pivot_keys" jsonschema:"example=quality_score"`

	location *time.Location
}

// Attributes lists, per meaning, the participant attributes that may carry it; the first that is set wins.
type Attributes struct {
	// Salesforce account id.
	AccountID []string `yaml:"account_id" jsonschema:"default=sfAccountId"`
	// Salesforce case id.
	CaseID []string `yaml:"case_id" jsonschema:"default=sfCaseId"`
	// The flow's own escalation flag.
	Escalated []string `yaml:"escalated" jsonschema:"default=escalated"`
	// The flow's own flag that a bot handled it.
	BotHandled []string `yaml:"bot_handled" jsonschema:"default=botHandled"`
}

// AuditConfig is the quality gate.
type AuditConfig struct {
	// Share of conversations without a known account above which the views that need the CRM keep their last good state.
	JoinLimit float64 `yaml:"join_limit" jsonschema:"minimum=0,maximum=1,default=0.3"`
	// Share of Trusst's contacts without a conversation above which the audit warns.
	UnmatchedContactsLimit float64 `yaml:"unmatched_contacts_limit" jsonschema:"minimum=0,maximum=1,default=0.05"`
	// Share of conversations that Trusst has no contact of above which the audit warns; 1 is never: how many it is to analyse only
	// the organisation knows.
	UnanalysedLimit float64 `yaml:"unanalysed_limit" jsonschema:"minimum=0,maximum=1,default=1"`
	// What a breach of join_limit does: gate (publish what needs no CRM, exit 7), warn (publish all, exit 0) or fail (publish nothing, exit 7).
	OnBreach string `yaml:"on_breach" jsonschema:"enum=gate,enum=warn,enum=fail,default=gate"`
	// A dated, signed waiver of the limit.
	AcceptBias *AcceptBias `yaml:"accept_bias"`
}

// AcceptBias publishes despite a breach, until a day.
type AcceptBias struct {
	// Last day on which it holds, YYYY-MM-DD.
	Until Date `yaml:"until" jsonschema:"required"`
	// Why the bias is acceptable.
	Reason string `yaml:"reason" jsonschema:"required"`
	// Who decided it.
	By string `yaml:"by" jsonschema:"required"`
}

// Rejects says how many records may be unreadable.
type Rejects struct {
	// Share of a stream's records that are rejected, above which a run exits 3.
	Limit float64 `yaml:"limit" jsonschema:"minimum=0,maximum=1,default=0.01"`
}

// ReleasesConfig is a CSV file with the columns product, release, released_on and note.
type ReleasesConfig struct {
	// The file; relative paths are relative to this file.
	File string `yaml:"file" jsonschema:"required,example=releases.csv"`
}

// KPIs is how figures are counted. The table kpi_settings says what holds.
type KPIs struct {
	// What the service level is taken of.
	ServiceLevel ServiceLevel `yaml:"service_level"`
	// Within how many business days a contact of the same account is a repeat.
	RepeatDays int `yaml:"repeat_days" jsonschema:"minimum=1,default=7"`
}

// ServiceLevel is the switches of the service level; unless told it is what Genesys Cloud shows.
type ServiceLevel struct {
	// Whether abandoned entries count against it.
	CountAbandons bool `yaml:"count_abandons" jsonschema:"default=true"`
	// Whether those abandoned sooner than the organisation's threshold are among them.
	ShortAbandons string `yaml:"short_abandons" jsonschema:"enum=include,enum=exclude,default=include"`
}

// defaultConfig is what holds where the file is silent.
func defaultConfig() *Config {
	return &Config{
		Organisation: Organisation{TimeZone: "UTC", location: time.UTC},
		Store:        StoreConfig{Path: ".trunkline", Lease: Duration(store.DefaultLease)},
		Attributes: Attributes{
			AccountID: []string{"sfAccountId"}, CaseID: []string{"sfCaseId"},
			Escalated: []string{"escalated"}, BotHandled: []string{"botHandled"},
		},
		Audit:     AuditConfig{JoinLimit: 0.30, UnmatchedContactsLimit: 0.05, UnanalysedLimit: 1, OnBreach: "gate"},
		Rejects:   Rejects{Limit: 0.01},
		KPIs:      KPIs{ServiceLevel: ServiceLevel{CountAbandons: true, ShortAbandons: "include"}, RepeatDays: 7},
		Telemetry: Telemetry{Job: "trunkline"},
	}
}

// setDefaults fills a section that the file begins: a nil section stays nil.
func (g *GenesysConfig) setDefaults() {
	g.RequestsPerMinute, g.Parallel, g.RereadDays, g.Aggregates = 280, 8, genesys.Rereads(), true
}

func (s *SalesforceConfig) setDefaults() {
	s.APIVersion, s.BulkAbove, s.Follow, s.AccountHistory = "67.0", 50_000, Duration(followsCRM), true
	s.Fields = SalesforceFields{Tier: "Account_Tier__c", LifetimeValue: "Customer_LTV_USD__c", CaseCategory: "Type"}
}

func (t *TrusstConfig) setDefaults() {
	const day = 24 * time.Hour
	t.Port, t.TLS, t.TimeZone, t.location = 5432, true, "UTC", time.UTC
	t.Overlap, t.Reconcile, t.Pending, t.StatementTimeout = Duration(10*time.Minute), Duration(35*day), Duration(30*day), Duration(time.Minute)
}

// loadConfig reads, expands and checks a configuration file. Variables that are not set are an error only for those who
// need them: see Complete.
func loadConfig(file string, env func(string) (string, bool)) (*Config, error) {
	src, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &pipeline.Error{
			Code: "TL1002", Kind: pipeline.Misuse, What: "read configuration " + file, Err: fs.ErrNotExist,
			Cure: "Write one with: trunkline init, or name it with --config",
		}
	}
	if err != nil {
		return nil, &pipeline.Error{Code: "TL1002", Kind: pipeline.Misuse, What: "read configuration", Err: err}
	}
	return parseConfig(file, src, env)
}

func parseConfig(file string, src []byte, env func(string) (string, bool)) (*Config, error) {
	c := defaultConfig()
	c.file = file
	d := decoder{file: file, expand: expander{env: env, dir: dirOf(file)}, lines: map[string]int{}}
	d.document(src, c)
	c.lines, c.unset, c.known = d.lines, d.unset, d.secrets
	if len(d.lines) > 0 {
		d.problems = withNew(d.problems, c.check())
	}
	if len(d.problems) > 0 {
		return nil, &pipeline.Error{
			Code: "TL1003", Kind: pipeline.Misuse, What: "read configuration", Err: problems(d.problems),
			Cure: "Correct the file; its keys are described by: trunkline config schema",
		}
	}
	return c, nil
}

// Complete tells whether everything is there to talk to the sources and the warehouse.
func (c *Config) Complete() error {
	if len(c.unset) == 0 {
		_, err := c.oneWarehouse() // better before the night's calls than behind them
		return err
	}
	return &pipeline.Error{
		Code: "TL1004", Kind: pipeline.Misuse, What: "read configuration", Err: problems(c.unset),
		Cure: "Set the variable, or give it a default: ${NAME:-value}",
	}
}

// problem is one fault of a configuration, with its place.
type problem struct {
	file string
	line int
	key  string
	text string
}

// Error gives place, key and fault.
func (p problem) Error() string {
	at := fmt.Sprintf("%s:%d: ", p.file, p.line)
	if p.line == 0 {
		at = p.file + ": "
	}
	if p.key != "" {
		at += p.key + ": "
	}
	return at + p.text
}

// problems is all faults of a configuration, one a line.
type problems []problem

// Error gives them all.
func (ps problems) Error() string {
	errs := make([]error, len(ps))
	for i, p := range ps {
		errs[i] = p
	}
	return errors.Join(errs...).Error()
}
