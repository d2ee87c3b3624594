package redshift

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/evidence"
	"trunkline/internal/pgtest"
	"trunkline/internal/redshiftsim"
	"trunkline/internal/secret"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{TLS: true})
	good := a.config("own")
	openWith(t, good, schema.Queues)
	plain := pgtest.Start(t, pgtest.Options{})
	for name, c := range map[string]struct {
		change func(*Config)
		kind   pipeline.Kind
		says   string
	}{
		"no host":                    {func(c *Config) { c.Host = "" }, pipeline.Misuse, "host is missing"},
		"no user":                    {func(c *Config) { c.User = "" }, pipeline.Misuse, "user is missing"},
		"a port that is none":        {func(c *Config) { c.Port = 70000 }, pipeline.Misuse, "65535"},
		"no such CA file":            {func(c *Config) { c.CAFile = filepath.Join(t.TempDir(), "no.pem") }, pipeline.Misuse, "ca_file"},
		"no bucket":                  {func(c *Config) { c.S3.Name = "" }, pipeline.Misuse, "s3.bucket"},
		"a bucket that ends a text":  {func(c *Config) { c.S3.Name = "b'; drop table x --" }, pipeline.Misuse, "s3.bucket"},
		"a prefix that ends a text":  {func(c *Config) { c.S3.Prefix = `a\` }, pipeline.Misuse, "s3.prefix"},
		"a role that ends a text":    {func(c *Config) { c.Role = role + "' x" }, pipeline.Misuse, "role"},
		"a format that is none":      {func(c *Config) { c.Format = "avro" }, pipeline.Misuse, "avro"},
		"a cluster and a workgroup":  {func(c *Config) { c.IAM = &IAM{Cluster: "a", Workgroup: "b"} }, pipeline.Misuse, "workgroup"},
		"a user of a workgroup":      {func(c *Config) { c.IAM = &IAM{Workgroup: "b"} }, pipeline.Misuse, "leave user away"},
		"a wrong password":           {func(c *Config) { c.Password = secret.New("wrong-secret") }, pipeline.Denied, "password"},
		"no such database":           {func(c *Config) { c.Database = "elsewhere" }, pipeline.Denied, "elsewhere"},
		"nothing listens":            {func(c *Config) { c.Port = 1 }, pipeline.Failure, "connect"},
		"an authority not trusted":   {func(c *Config) { c.CAFile = "" }, pipeline.Failure, "certificate"},
		"a name not in the paper":    {func(c *Config) { c.Host = "127.0.0.1" }, pipeline.Failure, "certificate"},
		"another one is writing":     {func(*Config) {}, pipeline.Locked, "test is writing"},
		"a server that is no amazon": {func(c *Config) { c.Host, c.Port, c.User, c.Database = plain.Socket, plain.Port, "postgres", "postgres" }, pipeline.Misuse, "no Amazon Redshift"},
	} {
		t.Run(name, func(t *testing.T) {
			tried := good
			c.change(&tried)
			l, err := Open(t.Context(), tried, "late")
			e, ok := errors.AsType[*pipeline.Error](err)
			if !ok || e.Kind != c.kind || !strings.Contains(err.Error(), c.says) || e.Cure == "" {
				t.Errorf("got %v, want kind %v with %q", err, c.kind, c.says)
			}
			if err != nil && (strings.Contains(err.Error(), "wrong-secret") || strings.Contains(err.Error(), a.Password)) {
				t.Errorf("the error shows a secret: %v", err)
			}
			if l != nil {
				t.Error("a loader was returned")
			}
		})
	}
}

func queue(id, name string) *schema.Queue {
	q := &schema.Queue{QueueID: id, Name: &name, IsListed: true}
	schema.Seal(q, "test", time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
	return q
}

// count gives how many queues there are.
func count(t *testing.T, l *Loader) int64 {
	t.Helper()
	rows, err := selectAll(t.Context(), l, "select count(*) as n from queues")
	if err != nil {
		t.Fatal(err)
	}
	return rows[0]["n"].(int64)
}

// What Redshift could not hold is refused before anything is uploaded, by name.
func TestTextsThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	l := openWith(t, a.config("own"), schema.Queues)
	for name, c := range map[string]struct{ text, says string }{
		"too many bytes": {strings.Repeat("ü", 128), "has 256 bytes where 255 fit"}, // of 128 characters
		"no UTF-8":       {"caf\xe9", "is no UTF-8"},
		"NUL":            {"a\x00b", "NUL"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := l.Load(t.Context(), loadertest.Batch(t, name, queue("q1", "good"), queue("q2", c.text)))
			told(t, err, "TL6101", pipeline.Misuse, "queues", "column name", "queue_id=q2", c.says)
		})
	}
	if n := a.s3.count(http.MethodPut); n > 0 || count(t, l) > 0 {
		t.Errorf("%d uploads, %d rows", n, count(t, l))
	}
	if _, err := l.Load(t.Context(), loadertest.Batch(t, "fits", queue("q1", strings.Repeat("ü", 127)+"x"))); err != nil {
		t.Error(err)
	}
}

func TestAFileChangedAfterItsManifestIsRefused(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	l := openWith(t, a.config("own"), schema.Queues)
	b, other := loadertest.Batch(t, "b", queue("q1", "one")), loadertest.Batch(t, "b", queue("q1", "two"))
	text, err := os.ReadFile(other.Files[0].URI)
	if err == nil {
		err = os.WriteFile(b.Files[0].URI, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Load(t.Context(), b)
	told(t, err, "TL6006", pipeline.Failure, b.Files[0].URI)
	if n := a.s3.count(http.MethodPut); n > 0 || count(t, l) > 0 {
		t.Errorf("%d uploads, %d rows", n, count(t, l))
	}
}

// A column that somebody dropped is there again, empty; one of another type is refused with a statement that helps.
func TestMigrateMendsAndRefuses(t *testing.T) {
	t.Parallel()
	l := openWith(t, newAmazon(t, redshiftsim.Options{}).config("own"), schema.Queues)
	l.mustExec(t, "alter table queues drop column name")
	_, err := l.Load(t.Context(), loadertest.Batch(t, "dropped", queue("q1", "one")))
	if err == nil || !strings.Contains(err.Error(), "name") {
		t.Errorf("a load into a table without a column: %v", err)
	}
	if err := l.Migrate(t.Context(), []*schema.Table{schema.Queues}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Load(t.Context(), loadertest.Batch(t, "dropped", queue("q1", "one"))); err != nil {
		t.Fatal(err)
	}
	for _, changed := range []struct{ drop, add, cure string }{
		{"alter table queues drop column name", "alter table queues add column name varchar(100)", `alter table "queues" alter column "name" type varchar(255)`},
		{"alter table queues drop column sla_target_ms", "alter table queues add column sla_target_ms varchar(20)", `alter table "queues" rename column "sla_target_ms" to "sla_target_ms_before"`},
	} {
		l.mustExec(t, changed.drop)
		l.mustExec(t, changed.add)
		err := l.Migrate(t.Context(), []*schema.Table{schema.Queues})
		told(t, err, "TL6003", pipeline.Misuse, changed.cure)
		l.mustExec(t, changed.cure)
		if err := l.Migrate(t.Context(), []*schema.Table{schema.Queues}); err != nil {
			t.Errorf("after the cure: %v", err)
		}
	}
	if _, err := l.Load(t.Context(), loadertest.Batch(t, "after", queue("q1", "two"))); err != nil {
		t.Error(err)
	}
}

// Whatever S3 refuses, to us or to Redshift, is told as what it is, and a later try does the work.
func TestS3Refuses(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	l := openWith(t, a.config("own"), schema.Queues)
	answer := func(status int, code string) func() {
		return func() {
			a.s3.refuses(func(r *http.Request) (int, string) {
				if r.Method == http.MethodPut {
					return status, code
				}
				return 0, ""
			})
		}
	}
	fault := func(trouble redshiftsim.Trouble) func() {
		return func() { a.Fail(redshiftsim.Fault{Trouble: trouble}) }
	}
	n := int64(0)
	for name, c := range map[string]struct {
		happens func()
		says    string
	}{
		"we may not write":           {answer(403, "AccessDenied"), "permission"},
		"we ask the wrong region":    {answer(301, "PermanentRedirect"), "region"},
		"our credentials expired":    {answer(400, "ExpiredToken"), "expired"},
		"Redshift may not read":      {fault(redshiftsim.AccessDenied), "Let the role " + role},
		"Redshift is elsewhere":      {fault(redshiftsim.WrongRegion), "another region"},
		"its credentials expired":    {fault(redshiftsim.ExpiredCredentials), "expired"},
		"the bucket is not there":    {answer(404, "NoSuchBucket"), "does not exist"},
		"our identity is not a good": {answer(403, "InvalidAccessKeyId"), "access key"},
	} {
		t.Run(name, func(t *testing.T) {
			b := loadertest.Batch(t, name, queue(name, "one"))
			c.happens()
			_, err := l.Load(t.Context(), b)
			a.s3.refuses(nil)
			told(t, err, "TL6102", pipeline.Denied, c.says)
			if got := count(t, l); got != n {
				t.Errorf("%d rows, want %d", got, n)
			}
			if _, err := l.Load(t.Context(), b); err != nil {
				t.Errorf("the next try: %v", err)
			}
			n++
		})
	}
}

// A role that Redshift may not assume is told by name.
func TestARoleThatIsNotOurs(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	c := a.config("own")
	c.Role = "arn:aws:iam::123456789012:role/another"
	_, err := openWith(t, c, schema.Queues).Load(t.Context(), loadertest.Batch(t, "b", queue("q1", "one")))
	told(t, err, "TL6102", pipeline.Denied, c.Role)
}

// An object that is not what its name says makes COPY fail, and the error says what Redshift noted of it.
func TestACopyThatFailsSaysWhy(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	l := openWith(t, a.config("own"), schema.Queues)
	b := loadertest.Batch(t, "b", queue("q1", "one"))
	staged, err := l.engine.encode(io.Discard, schema.Queues, b.Files)
	if err != nil {
		t.Fatal(err)
	}
	says := map[string]string{"X-Amz-Meta-Sha256": hex.EncodeToString(staged.sha256[:])}
	if _, err := a.s3.backend.PutObject("staging", staged.key, says, strings.NewReader(strings.Repeat("x", int(staged.size))), staged.size, nil); err != nil {
		t.Fatal(err)
	}
	_, err = l.Load(t.Context(), b)
	told(t, err, "TL6103", pipeline.Failure, "copy into queues", "Spectrum Scan Error", staged.key)
	if count(t, l) > 0 {
		t.Error("rows were loaded")
	}
}

// Transactions that meet others are done again, whole; the files are uploaded once.
func TestSerializationIsTriedAgain(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	l := openWith(t, a.config("own"), schema.Queues)
	a.Fail(redshiftsim.Fault{Trouble: redshiftsim.Serialization, Times: 2})
	got, err := l.Load(t.Context(), loadertest.Batch(t, "b", queue("q1", "one"), queue("q2", "two")))
	if err != nil || got["queues"] != (pipeline.Loaded{Inserted: 2}) || count(t, l) != 2 {
		t.Errorf("%+v, %v, %d rows", got, err, count(t, l))
	}
	if n := a.s3.count(http.MethodPut); n != 2 {
		t.Errorf("%d uploads, want a file and its manifest", n)
	}
	if keys := a.s3.keys(t); len(keys) > 0 {
		t.Errorf("left in the bucket: %q", keys)
	}
	a.Fail(redshiftsim.Fault{Trouble: redshiftsim.Serialization, Times: 6})
	_, err = l.Load(t.Context(), loadertest.Batch(t, "c", queue("q3", "three")))
	told(t, err, "TL6004", pipeline.Upstream, "1023")
	if count(t, l) != 2 {
		t.Error("rows of a transaction that never succeeded are there")
	}
}

// Whether a commit came through whose answer was lost, the ledger knows: rows are there once in either case.
func TestAConnectionThatIsLostAsksTheLedger(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "Redshift", evidence.Faults, evidence.Simulator)
	a := newAmazon(t, redshiftsim.Options{})
	l := openWith(t, a.config("own"), schema.Queues)
	for name, c := range map[string]struct {
		fault  redshiftsim.Fault
		copies int
	}{
		"before the commit": {redshiftsim.Fault{Trouble: redshiftsim.LostBefore}, 2},
		"after the commit":  {redshiftsim.Fault{Trouble: redshiftsim.LostAfter}, 1},
		"in the copy":       {redshiftsim.Fault{Trouble: redshiftsim.LostBefore, On: "copy"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			before, uploads := len(a.Sent()), a.s3.count(http.MethodPut)
			a.Fail(c.fault)
			got, err := l.Load(t.Context(), loadertest.Batch(t, name, queue(name+"1", "one"), queue(name+"2", "two")))
			if err != nil || got["queues"] != (pipeline.Loaded{Inserted: 2}) {
				t.Fatalf("%+v, %v", got, err)
			}
			copies := 0
			for _, s := range a.Sent()[before:] {
				if strings.HasPrefix(s, "copy ") {
					copies++
				}
			}
			if uploads = a.s3.count(http.MethodPut) - uploads; copies != c.copies || uploads != 2 {
				t.Errorf("%d copies and %d uploads, want %d and 2", copies, uploads, c.copies)
			}
			rows, err := selectAll(t.Context(), l, "select count(*) as n, count(distinct queue_id) as keys from queues where queue_id in ('"+name+"1', '"+name+"2')")
			if err != nil || rows[0]["n"] != int64(2) || rows[0]["keys"] != int64(2) {
				t.Errorf("%v, %v", rows, err)
			}
		})
	}
}

// The lease refuses a second loader for as long as the first may write, and a little longer; then the first may no more.
func TestTwoLoaders(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "Redshift", evidence.Faults, evidence.Simulator)
	a := newAmazon(t, redshiftsim.Options{})
	c := a.config("own")
	first := openWith(t, c, schema.Queues)
	_, err := Open(t.Context(), c, "second")
	told(t, err, "TL6001", pipeline.Locked, "test is writing")
	first.mustExec(t, "update etl_leases set expires_at = $1", time.Now().UTC().Add(-time.Second)) // as if it had been silent for long
	second, err := Open(t.Context(), c, "second")
	if err != nil {
		t.Fatal(err)
	}
	_, err = first.Load(t.Context(), loadertest.Batch(t, "b", queue("q1", "one")))
	told(t, err, "TL6002", pipeline.Locked, "second")
	if _, err := second.Load(t.Context(), loadertest.Batch(t, "b", queue("q1", "one"))); err != nil {
		t.Error(err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	third, err := Open(t.Context(), c, "third") // the lease was given back
	if err != nil {
		t.Fatal(err)
	}
	if err := third.Close(); err != nil {
		t.Error(err)
	}
}

// A load that is given up leaves nothing, and its lease goes with the loader.
func TestALoadThatIsGivenUp(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	c := a.config("own")
	l, err := Open(t.Context(), c, "impatient")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Migrate(t.Context(), []*schema.Table{schema.Queues}); err != nil {
		t.Fatal(err)
	}
	a.Fail(redshiftsim.Fault{Trouble: redshiftsim.Slow, On: "copy", Delay: 2 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if _, err := l.Load(ctx, loadertest.Batch(t, "b", queue("q1", "one"))); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	next := openWith(t, c, schema.Queues)
	if n := count(t, next); n != 0 {
		t.Errorf("%d rows", n)
	}
	if _, err := next.Load(t.Context(), loadertest.Batch(t, "b", queue("q1", "one"))); err != nil {
		t.Error(err)
	}
}

// With Keep the files stay in the bucket; they are Parquet and a manifest.
func TestKeepLeavesTheFiles(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	c := a.config("own")
	c.Keep = true
	if _, err := openWith(t, c, schema.Queues).Load(t.Context(), loadertest.Batch(t, "b", queue("q1", "one"))); err != nil {
		t.Fatal(err)
	}
	keys := a.s3.keys(t)
	var endings []string
	for _, key := range keys {
		endings = append(endings, path.Ext(key))
		if !strings.HasPrefix(key, "in/trunkline/") {
			t.Errorf("outside the prefix: %s", key)
		}
	}
	slices.Sort(endings)
	if diff := cmp.Diff([]string{".manifest", ".parquet"}, endings); diff != "" {
		t.Errorf("in the bucket: %s", diff)
	}
}

// A disk that is full while the batch is staged is told as such.
func TestADiskThatIsFull(t *testing.T) {
	t.Parallel()
	c := Config{Format: Parquet}
	_, err := (&engine{config: c}).encode(fullDisk{}, schema.Queues, loadertest.Batch(t, "b", queue("q1", "one")).Files)
	told(t, c.explain("load", err), "TL6104", pipeline.Failure, "no space left")
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "scratch", Err: syscall.ENOSPC}
}
