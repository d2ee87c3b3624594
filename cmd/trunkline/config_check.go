package main

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"trunkline/sql"
)

// checker collects what is wrong with values that are of the right type.
type checker struct {
	c     *Config
	found []problem
}

func (k *checker) fault(key, format string, a ...any) {
	line := 0
	for at := key; ; {
		if l, ok := k.c.lines[at]; ok {
			line = l
			break
		}
		i := strings.LastIndexByte(at, '.')
		if i < 0 {
			break
		}
		at = at[:i]
	}
	k.found = append(k.found, problem{k.c.file, line, key, fmt.Sprintf(format, a...)})
}

// isUnset tells whether a key's variable is not set: then its value says nothing, and Complete will tell.
func (k *checker) isUnset(key string) bool {
	return slices.ContainsFunc(k.c.unset, func(p problem) bool { return p.key == key })
}

func (k *checker) required(key, value string) {
	if value == "" && !k.isUnset(key) {
		k.fault(key, "is missing")
	}
}

func (k *checker) atLeastOne(key string, n int) {
	if n < 1 && !k.isUnset(key) {
		k.fault(key, "is at least 1, not %d", n)
	}
}

func (k *checker) share(key string, value float64) {
	if !(value >= 0 && value <= 1) {
		k.fault(key, "is a share between 0 and 1, not %v", value)
	}
}

func (k *checker) address(key, value string) {
	if value == "" || k.isUnset(key) {
		return
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		k.fault(key, "is an address such as https://api.mypurecloud.de, not %q", value)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		k.fault(key, "must begin with https://: credentials are sent there")
	}
}

func isLoopback(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

// contains tells whether a key is another, or the section that the other is in. The file as a whole has no key.
func contains(section, key string) bool {
	return section == key || section == "" || strings.HasPrefix(key, section+".")
}

// withNew adds those faults of values that do not merely follow from faults already found in the same place, by their lines.
func withNew(found, values []problem) []problem {
	all := found
	for _, v := range values {
		if !slices.ContainsFunc(found, func(f problem) bool { return contains(f.key, v.key) || contains(v.key, f.key) }) {
			all = append(all, v)
		}
	}
	slices.SortStableFunc(all, func(a, b problem) int { return a.line - b.line })
	return all
}

// check finds wrong values and completes derived ones.
func (c *Config) check() []problem {
	k := &checker{c: c}
	if c.Version != 1 {
		k.fault("version", "is 1 in this version of trunkline, not %d", c.Version)
	}
	k.organisation(&c.Organisation)
	k.store(&c.Store)
	if c.Genesys != nil {
		k.genesys(c.Genesys)
	}
	if c.Salesforce != nil {
		k.required("salesforce.login_url", c.Salesforce.LoginURL)
		k.required("salesforce.client_id", c.Salesforce.ClientID)
		k.required("salesforce.client_secret", c.Salesforce.ClientSecret.Reveal())
		k.address("salesforce.login_url", c.Salesforce.LoginURL)
		if c.Salesforce.BulkAbove < 0 {
			k.fault("salesforce.bulk_above", "is a number of records, not %d", c.Salesforce.BulkAbove)
		}
		if c.Salesforce.Follow <= 0 {
			k.fault("salesforce.follow", "is a span of time such as 30d")
		}
	}
	if c.Trusst != nil {
		k.trusst(c.Trusst)
	}
	if d := c.Warehouse.DuckDB; d != nil {
		k.required("warehouse.duckdb.path", d.Path)
		k.required("warehouse.duckdb.published", d.Published)
		if d.Path == d.Published {
			k.fault("warehouse.duckdb.published", "must be another file than path")
		}
	}
	if p := c.Warehouse.Postgres; p != nil {
		k.postgres(p)
	}
	if r := c.Warehouse.Redshift; r != nil {
		k.redshift(r)
	}
	if b := c.Warehouse.BigQuery; b != nil {
		k.bigquery(b)
	}
	k.share("audit.join_limit", c.Audit.JoinLimit)
	k.share("audit.unmatched_contacts_limit", c.Audit.UnmatchedContactsLimit)
	k.share("audit.unanalysed_limit", c.Audit.UnanalysedLimit)
	k.share("rejects.limit", c.Rejects.Limit)
	k.audit(&c.Audit)
	k.kpis(&c.KPIs)
	k.telemetry(&c.Telemetry)
	if c.Releases != nil {
		k.required("releases.file", c.Releases.File)
	}
	return k.found
}

func (k *checker) organisation(o *Organisation) {
	k.zone("organisation.time_zone", o.TimeZone, &o.location)
}

// zone finds a time zone by its name.
func (k *checker) zone(key, name string, into **time.Location) {
	if k.isUnset(key) {
		return
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" || name == "" {
		k.fault(key, "%q is not an IANA time zone such as Europe/Berlin", name)
		return
	}
	*into = loc
}

// store looks at where runs are kept: in one place.
func (k *checker) store(s *StoreConfig) {
	k.required("store.path", s.Path)
	_, path := k.c.lines["store.path"]
	if path && s.shared() {
		k.fault("store.path", "is a folder, and a bucket is given too: runs are kept in one place")
	}
	if s.S3 != nil && s.GCS != nil {
		k.fault("store.gcs", "is a bucket, and store.s3 is given too: runs are kept in one place")
	}
	if s.Lease < Duration(time.Second) && !k.isUnset("store.lease") {
		k.fault("store.lease", "is a span of time from 1s, better 30s")
	}
	if b := s.S3; b != nil {
		k.required("store.s3.bucket", b.Bucket)
		k.address("store.s3.endpoint", b.Endpoint)
		if ways := []string{"AES256", "aws:kms"}; b.SSE != "" && !slices.Contains(ways, b.SSE) {
			k.fault("store.s3.sse", "%q is unknown%s", b.SSE, suggestion(b.SSE, ways))
		}
		if b.KMSKey != "" && b.SSE != "aws:kms" {
			k.fault("store.s3.kms_key", "is for sse: aws:kms")
		}
	}
	if b := s.GCS; b != nil {
		k.required("store.gcs.bucket", b.Bucket)
	}
}

func (k *checker) postgres(p *Postgres) {
	k.required("warehouse.postgres.host", p.Host)
	k.required("warehouse.postgres.database", p.Database)
	k.required("warehouse.postgres.user", p.User)
	k.required("warehouse.postgres.schema", p.Schema)
	k.server("warehouse.postgres", p.Host, p.Port, p.TLS)
}

func (k *checker) redshift(r *Redshift) {
	const key = "warehouse.redshift"
	k.required(key+".host", r.Host)
	k.required(key+".database", r.Database)
	k.required(key+".schema", r.Schema)
	k.required(key+".s3.bucket", r.S3.Bucket)
	k.required(key+".s3.role", r.S3.Role)
	k.server(key, r.Host, r.Port, r.TLS)
	if formats := []string{"parquet", "csv"}; !slices.Contains(formats, r.Format) {
		k.fault(key+".format", "%q is unknown%s", r.Format, suggestion(r.Format, formats))
	}
	k.address(key+".s3.endpoint", r.S3.Endpoint)
	if r.IAM == nil {
		k.required(key+".user", r.User)
		k.required(key+".password", r.Password.Reveal())
		return
	}
	if (r.IAM.ClusterIdentifier == "") == (r.IAM.Workgroup == "") {
		k.fault(key+".iam", "names either a cluster_identifier or a workgroup")
	}
	if !r.Password.IsZero() {
		k.fault(key+".password", "and iam exclude each other")
	}
	if r.IAM.Workgroup != "" && r.User != "" {
		k.fault(key+".user", "is not for a workgroup: AWS names the user after its own identity")
	}
	k.address(key+".iam.endpoint", r.IAM.Endpoint)
}

func (k *checker) bigquery(b *BigQuery) {
	k.required("warehouse.bigquery.project", b.Project)
	k.required("warehouse.bigquery.dataset", b.Dataset)
	k.required("warehouse.bigquery.location", b.Location)
	for _, set := range []struct{ key, value string }{{"dataset", b.Dataset}, {"staging_dataset", b.StagingDataset}} {
		if key := "warehouse.bigquery." + set.key; !datasetName.MatchString(set.value) && !k.isUnset(key) {
			k.fault(key, "holds letters, digits and _ only, not %q", set.value)
		}
	}
	if b.StagingDataset != "" && b.StagingDataset == b.Dataset {
		k.fault("warehouse.bigquery.staging_dataset", "must be another dataset than dataset: its tables go after a day")
	}
	if b.MaximumBytesBilled < 0 && !k.isUnset("warehouse.bigquery.maximum_bytes_billed") {
		k.fault("warehouse.bigquery.maximum_bytes_billed", "is a number of bytes, not %d", b.MaximumBytesBilled)
	}
	if b.PricePerTiB < 0 && !k.isUnset("warehouse.bigquery.price_per_tib") {
		k.fault("warehouse.bigquery.price_per_tib", "is a number of dollars, not %g", b.PricePerTiB)
	}
	if b.Endpoint != "" && !k.isUnset("warehouse.bigquery.endpoint") {
		if u, err := url.Parse(b.Endpoint); err != nil || !isLoopback(u.Hostname()) {
			k.fault("warehouse.bigquery.endpoint", "is an address on this machine, not %q", b.Endpoint)
		}
	}
}

// datasetName is what BigQuery lets a dataset be called.
var datasetName = regexp.MustCompile(`^\w*$`)

// server looks at where a database server is, and whether what is sent there is encrypted.
func (k *checker) server(key, host string, port int, encrypted bool) {
	if (port < 1 || port > 65535) && !k.isUnset(key+".port") {
		k.fault(key+".port", "is between 1 and 65535, not %d", port)
	}
	if !encrypted && !isLoopback(host) && !strings.HasPrefix(host, "/") {
		k.fault(key+".tls", "must be true: a password and conversations are sent there")
	}
}

func (k *checker) trusst(t *TrusstConfig) {
	if t.SecretsManager == "" {
		k.required("trusst.host", t.Host)
		k.required("trusst.database", t.Database)
		k.required("trusst.user", t.User)
		k.required("trusst.password", t.Password.Reveal())
	} else if t.User != "" || !t.Password.IsZero() {
		k.fault("trusst.secrets_manager", "holds user and password: leave those away, or it")
	}
	k.server("trusst", t.Host, t.Port, t.TLS)
	k.address("trusst.secrets_endpoint", t.SecretsEndpoint)
	k.zone("trusst.time_zone", t.TimeZone, &t.location)
	for _, span := range []struct {
		key   string
		value Duration
	}{{"overlap", t.Overlap}, {"pending", t.Pending}, {"statement_timeout", t.StatementTimeout}} {
		if span.value <= 0 && !k.isUnset("trusst."+span.key) {
			k.fault("trusst."+span.key, "is a duration above 0s")
		}
	}
	sql.PivotsOf(t.PivotKeys, func(i int, err error) {
		if key := fmt.Sprintf("trusst.pivot_keys[%d]", i); !k.isUnset(key) {
			k.fault(key, "%v", err)
		}
	})
}

func (k *checker) genesys(g *GenesysConfig) {
	if g.BaseURL == "" && g.Region == "" && !k.isUnset("genesys.region") && !k.isUnset("genesys.base_url") {
		k.fault("genesys", "needs region, or base_url")
	}
	if strings.Contains(g.Region, "/") {
		k.fault("genesys.region", "is a domain such as mypurecloud.de, not %q", g.Region)
	}
	k.address("genesys.base_url", g.BaseURL)
	k.required("genesys.client_id", g.ClientID)
	k.required("genesys.client_secret", g.ClientSecret.Reveal())
	k.atLeastOne("genesys.requests_per_minute", g.RequestsPerMinute)
	k.atLeastOne("genesys.parallel", g.Parallel)
	for i, days := range g.RereadDays {
		key := fmt.Sprintf("genesys.reread_days[%d]", i)
		k.atLeastOne(key, days)
		if i > 0 && days <= g.RereadDays[i-1] && days > 0 && !k.isUnset(key) {
			k.fault(key, "must be greater than the one before, not %d", days)
		}
	}
}

func (k *checker) audit(a *AuditConfig) {
	if actions := []string{"gate", "warn", "fail"}; !slices.Contains(actions, a.OnBreach) {
		k.fault("audit.on_breach", "%q is unknown%s", a.OnBreach, suggestion(a.OnBreach, actions))
	}
	if b := a.AcceptBias; b != nil {
		k.required("audit.accept_bias.until", b.Until.String())
		k.required("audit.accept_bias.reason", b.Reason)
		k.required("audit.accept_bias.by", b.By)
	}
}

func (k *checker) kpis(s *KPIs) {
	if ways := []string{"include", "exclude"}; !slices.Contains(ways, s.ServiceLevel.ShortAbandons) {
		k.fault("kpis.service_level.short_abandons", "%q is unknown%s", s.ServiceLevel.ShortAbandons, suggestion(s.ServiceLevel.ShortAbandons, ways))
	}
	k.atLeastOne("kpis.repeat_days", s.RepeatDays)
}
