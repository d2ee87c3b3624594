package bigquery

import (
	"context"
	"fmt"
	"time"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// skew is how far our clock may be from BigQuery's: the lease goes by both.
const skew = time.Minute

// Examine looks at what a run would trip over. It makes nothing: what may be done is asked by dry runs.
func Examine(ctx context.Context, c Config) []warehouse.Finding {
	c = c.withDefaults()
	l, err := connect(ctx, c)
	if err != nil {
		return []warehouse.Finding{{Name: "credentials", Err: err}}
	}
	defer func() { _ = l.client.Close() }()
	var found []warehouse.Finding
	add := func(name, detail string, err error) {
		found = append(found, warehouse.Finding{Name: name, Detail: detail, Err: c.explain("look at "+name, err)})
	}
	sets := []string{c.Dataset, c.Staging}
	if c.Roles {
		for _, r := range statements.Roles() {
			sets = append(sets, l.dialect.RoleDataset(r))
		}
	}
	for _, name := range sets {
		detail, err := l.lookAt(ctx, name)
		add("dataset "+name, detail, err)
	}
	_, err = l.dryRun(ctx, question{step: "doctor", text: "select 1 as one"})
	add("jobs", "may be made in "+c.Project, err)
	_, err = l.dryRun(ctx, question{step: "doctor", text: "update etl_leases\nset expires_at = expires_at\nwhere false"})
	if isReason(err, "notFound") {
		add("tables", "not made yet; the first run makes them", nil)
	} else {
		add("tables", "may be written", err)
	}
	detail, err := l.clock(ctx)
	add("clock", detail, err)
	return found
}

// lookAt tells of a dataset.
func (l *Loader) lookAt(ctx context.Context, name string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, l.config.Patience)
	defer cancel()
	about, err := l.client.Dataset(name).Metadata(ctx)
	switch {
	case isReason(err, "notFound"):
		return "is not there; a run makes it, if it may make datasets", nil
	case err != nil:
		return "", err
	case !sameLocation(about.Location, l.config.Location):
		return "", &pipeline.Error{
			Code: "TL6004", Kind: pipeline.Misuse, What: fmt.Sprintf("look at the dataset %s: it lies in %s, the configuration says %s", name, about.Location, l.config.Location),
			Cure: "Set warehouse.bigquery.location to where the datasets lie",
		}
	}
	return "in " + about.Location, nil
}

// clock holds our clock against BigQuery's.
func (l *Loader) clock(ctx context.Context) (string, error) {
	asked := time.Now()
	rows, err := l.ask(ctx, question{step: "doctor", text: "select current_timestamp() as now"})
	if err != nil {
		return "", err
	}
	if len(rows) != 1 || len(rows[0]) != 1 {
		return "", fmt.Errorf("the time is %v", rows)
	}
	theirs, ok := rows[0][0].(time.Time)
	if !ok {
		return "", fmt.Errorf("the time is %v", rows[0][0])
	}
	early, late := asked.Sub(theirs), time.Until(theirs)
	if off := max(early, late); off > skew {
		return "", &pipeline.Error{
			Code: "TL6004", Kind: pipeline.Misuse, What: fmt.Sprintf("look at the clock: it differs from BigQuery's by %s", off.Round(time.Second)),
			Cure: "Set this machine's clock, best by NTP",
		}
	}
	return "as BigQuery's", nil
}

// Grants gives what an administrator has to run so that the account of the credentials, here $ACCOUNT, may do its work and no more.
func Grants(c Config) []string {
	c = c.withDefaults()
	d := c.dialect()
	on := func(set string) string {
		return fmt.Sprintf("bq query --use_legacy_sql=false --location=%s 'grant `roles/bigquery.dataEditor` on schema `%s`.`%s` to \"serviceAccount:'$ACCOUNT'\"'",
			c.Location, c.Project, set)
	}
	all := []string{
		fmt.Sprintf("bq mk --location=%s --dataset %s:%s", c.Location, c.Project, c.Dataset),
		fmt.Sprintf("bq mk --location=%s --default_table_expiration=%d --dataset %s:%s", c.Location, int(stagingExpiry.Seconds()), c.Project, c.Staging),
		fmt.Sprintf("gcloud projects add-iam-policy-binding %s --member=serviceAccount:$ACCOUNT --role=roles/bigquery.jobUser --condition=None", c.Project),
		on(c.Dataset), on(c.Staging),
	}
	if !c.Roles {
		return all
	}
	for _, r := range statements.Roles() {
		all = append(all, fmt.Sprintf("bq mk --location=%s --dataset %s:%s", c.Location, c.Project, d.RoleDataset(r)), on(d.RoleDataset(r)))
	}
	// To authorise the roles' datasets is to change the access of ours, which its owner may.
	return append(all, fmt.Sprintf("bq query --use_legacy_sql=false --location=%s 'grant `roles/bigquery.dataOwner` on schema `%s`.`%s` to \"serviceAccount:'$ACCOUNT'\"'",
		c.Location, c.Project, c.Dataset))
}
