package redshift

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/evidence"
	"trunkline/internal/redshiftsim"
	"trunkline/internal/secret"
	"trunkline/loaders/loadertest"
	"trunkline/schema"
	statements "trunkline/sql"
)

// What the plan says is what is sent, statement by statement and byte by byte; it asks nobody for it.
func TestThePlanIsWhatIsDone(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "Redshift", evidence.Plan, evidence.Simulator)
	a := newAmazon(t, redshiftsim.Options{})
	c := a.config("own")
	c.Keep = true
	l := openWith(t, c, schema.Queues)
	b := loadertest.Batch(t, "b", queue("q1", "one"), queue("q2", "two"))
	before := len(a.Sent())
	unreachable := c
	unreachable.S3.Endpoint = "http://127.0.0.1:1"
	planned, err := Plan(t.Context(), unreachable, b)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(a.Sent()); n != before || a.s3.count(http.MethodPut) > 0 {
		t.Fatal("the plan was done")
	}
	if _, err := l.Load(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	ledger := func(s string) bool { // what the plan leaves out, and what is told otherwise
		return strings.Contains(s, "etl_") || strings.Contains(s, "trunkline_parameters")
	}
	sent, said := slices.DeleteFunc(a.Sent()[before:], ledger), slices.DeleteFunc(slices.Clone(planned.Statements), ledger)
	if !slices.Equal(sent, said) {
		t.Errorf("sent:\n%s\n\nplanned:\n%s", strings.Join(sent, "\n"), strings.Join(said, "\n"))
	}
	var bytes int64
	for _, key := range a.s3.keys(t) {
		object, err := a.s3.backend.GetObject("staging", key, nil)
		if err != nil {
			t.Fatal(err)
		}
		bytes += object.Size
	}
	if planned.Upload != bytes || bytes == 0 || planned.Billed != nil {
		t.Errorf("planned %d bytes, uploaded %d; billed %v", planned.Upload, bytes, planned.Billed)
	}
}

// Examine finds nothing where all is well, and names what is not.
func TestExamine(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	names := func(c Config) (well, not []string) {
		for _, f := range Examine(t.Context(), c) {
			if f.Err == nil && f.Detail == "" {
				t.Errorf("%s: nothing is told", f.Name)
			}
			if f.Err != nil {
				not = append(not, f.Name)
				if code(f.Err) == "" {
					t.Errorf("%s: %v is no error that one can act on", f.Name, f.Err)
				}
			} else {
				well = append(well, f.Name)
			}
		}
		return well, not
	}
	good := a.config("own")
	if well, not := names(good); len(not) > 0 || !slices.Equal(well, []string{"connection", "schema", "clock", "bucket", "copy", "cleaning"}) {
		t.Errorf("well: %q; not: %q", well, not)
	}
	if keys := a.s3.keys(t); len(keys) > 0 {
		t.Errorf("left in the bucket: %q", keys)
	}
	for name, c := range map[string]struct {
		change func(*Config)
		not    string
	}{
		"another bucket": {func(c *Config) { c.S3.Name = "absent" }, "bucket"},
		"another role":   {func(c *Config) { c.Role = "arn:aws:iam::123456789012:role/another" }, "copy"},
		"no password":    {func(c *Config) { c.User = "nobody" }, "connection"},
		"no host":        {func(c *Config) { c.Host = "" }, "configuration"},
	} {
		bad := good
		c.change(&bad)
		if _, not := names(bad); !slices.Equal(not, []string{c.not}) {
			t.Errorf("%s: %q, want %s", name, not, c.not)
		}
	}
	openWith(t, good, schema.Queues).mustExec(t, "create user stranger password 'Stranger1'")
	stranger := good
	stranger.User, stranger.Password = "stranger", secret.New("Stranger1")
	if _, not := names(stranger); !slices.Contains(not, "schema") {
		t.Errorf("a stranger: %q", not)
	}
}

// The statements are Redshift's, the policies are JSON, and each names only what it is for.
func TestGrants(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	c := a.config("fresh")
	c.User, c.Roles, c.S3.KMSKey, c.IAM = "loader", true, "1234", &IAM{Cluster: "analytics", Region: "eu-central-1"}
	l := openWith(t, a.config("own"), schema.Queues)
	documents := 0
	var all strings.Builder
	for _, text := range Grants(c) {
		heading, rest, _ := strings.Cut(text, "\n")
		if !strings.HasPrefix(heading, "-- ") {
			t.Errorf("without a heading: %s", text)
		}
		all.WriteString(text)
		if strings.HasPrefix(rest, "{") {
			documents++
			if !json.Valid([]byte(rest)) {
				t.Errorf("no JSON: %s", rest)
			}
			continue
		}
		for s := range strings.SplitSeq(strings.TrimSuffix(rest, ";"), ";\n") {
			l.mustExec(t, s)
		}
	}
	if documents != 4 {
		t.Errorf("%d documents", documents)
	}
	for _, says := range []string{
		`"arn:aws:s3:::staging/in/trunkline/*"`, `"s3:PutObject"`, `"kms:GenerateDataKey"`, "dbuser:analytics/loader", "redshift.amazonaws.com", `"Prefix": "in/trunkline/"`,
	} {
		if !strings.Contains(all.String(), says) {
			t.Errorf("the grants do not say %s:\n%s", says, all.String())
		}
	}
	for _, never := range []string{`"s3:*"`, `"*"`} {
		if strings.Contains(all.String(), never) {
			t.Errorf("the grants give %s", never)
		}
	}
	if d := statements.Redshift(); !strings.Contains(all.String(), d.CreateRole("trunkline_finance")) {
		t.Error("the roles are not made")
	}
}

// The user is who will log in: with a password that is set apart, or the one that AWS makes of its identity.
func TestGrantsNameWhoLogsIn(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	c := a.config("given")
	c.User = "loader"
	printed, ok := strings.CutSuffix(Grants(c)[0], ";")
	l := openWith(t, a.config("own"), schema.Queues)
	if _, err := l.Conn.ExecContext(t.Context(), printed); !ok || err == nil || !strings.Contains(err.Error(), "password must be") {
		t.Errorf("as it is printed: %v, want that the password is refused", err)
	}
	for s := range strings.SplitSeq(strings.ReplaceAll(printed, noPassword, "Loader123"), ";\n") {
		l.mustExec(t, s)
	}
	c.Password = secret.New("Loader123")
	openWith(t, c, schema.Queues)
	for user, iam := range map[string]*IAM{"IAMR:trunkline": {Workgroup: "b"}, "loader": {Cluster: "a"}} {
		c.User, c.IAM = strings.TrimPrefix(user, "IAMR:trunkline"), iam
		if text := Grants(c)[0]; !strings.Contains(text, `create user "`+user+`" password disable;`) {
			t.Errorf("%+v: %s", iam, text)
		}
	}
}

// A policy knows no key by its alias: it is for all keys, on the condition that they have it.
func TestThePolicyOfAKey(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]permission{
		"1234":      {Resource: "arn:aws:kms:*:*:key/1234"},
		"alias/own": {Resource: "arn:aws:kms:*:*:key/*", Aliased: "alias/own"},
		"arn:aws:kms:eu-central-1:123456789012:key/1234":  {Resource: "arn:aws:kms:eu-central-1:123456789012:key/1234"},
		"arn:aws:kms:eu-central-1:123456789012:alias/own": {Resource: "arn:aws:kms:eu-central-1:123456789012:key/*", Aliased: "alias/own"},
	} {
		want.Actions = []string{"kms:Decrypt"}
		got := Bucket{KMSKey: key}.keyPermission("aws", "kms:Decrypt")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
		if text := policy([]permission{got}); strings.Contains(text, `"kms:ResourceAliases": "alias/own"`) != (want.Aliased != "") {
			t.Errorf("%s: %s", key, text)
		}
	}
}
