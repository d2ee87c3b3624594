package redshift

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"trunkline/internal/redshiftsim"
	"trunkline/internal/secret"
	"trunkline/loaders/loadertest"
	"trunkline/schema"
)

// The promises and the examples on a real Redshift: what no simulator can prove. Each has a schema of its own, which goes afterwards.
func TestLive(t *testing.T) {
	dsn, bucket, role := os.Getenv("TRUNKLINE_TEST_REDSHIFT_DSN"), os.Getenv("TRUNKLINE_TEST_REDSHIFT_BUCKET"), os.Getenv("TRUNKLINE_TEST_REDSHIFT_ROLE")
	if dsn == "" || bucket == "" || role == "" {
		t.Skip("set TRUNKLINE_TEST_REDSHIFT_DSN (postgres://user:password@host:5439/database), TRUNKLINE_TEST_REDSHIFT_BUCKET (name/prefix) and " +
			"TRUNKLINE_TEST_REDSHIFT_ROLE (ARN), and give AWS_REGION and an AWS identity, to try a real Redshift")
	}
	at, err := url.Parse(dsn)
	if err != nil {
		t.Fatal("TRUNKLINE_TEST_REDSHIFT_DSN is no URL") // which the error would show
	}
	port, err := strconv.Atoi(cmp.Or(at.Port(), "5439"))
	if err != nil {
		t.Fatal(err)
	}
	password, _ := at.User.Password()
	name, prefix, _ := strings.Cut(bucket, "/")
	n, began := 0, time.Now().UTC().Format("20060102_150405")
	fresh := func(t *testing.T) Config {
		n++
		c := Config{
			Host: at.Hostname(), Port: port, Database: strings.TrimPrefix(at.Path, "/"), User: at.User.Username(), Password: secret.New(password),
			Schema: fmt.Sprintf("trunkline_test_%s_%d", began, n), Role: role, S3: Bucket{Name: name, Prefix: prefix},
		}
		t.Cleanup(func() { dropSchema(t, c) })
		return c
	}
	for _, f := range Examine(t.Context(), fresh(t)) {
		if f.Err != nil {
			t.Fatalf("%s: %v", f.Name, f.Err)
		}
	}
	t.Run("promises", func(t *testing.T) {
		loadertest.Run(t, func(t *testing.T) loadertest.Warehouse { return simulated{fresh(t)} })
	})
	t.Run("examples", func(t *testing.T) { tryExamples(t, openAll(t, fresh(t))) })
	t.Run("statements", func(t *testing.T) { tryCommitted(t, openAll(t, fresh(t))) })
}

// dropSchema removes what a test made, when its own context has ended.
func dropSchema(t *testing.T, c Config) {
	ctx := context.WithoutCancel(t.Context())
	db, conn, err := connect(ctx, c.withDefaults())
	if err != nil {
		t.Error(err)
		return
	}
	if _, err := conn.ExecContext(ctx, `drop schema if exists "`+c.Schema+`" cascade`); err != nil {
		t.Error(err)
	}
	if err := errors.Join(conn.Close(), db.Close()); err != nil {
		t.Error(err)
	}
}

// What a live test made goes with it.
func TestLiveSchemaGoes(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	t.Run("live", func(t *testing.T) {
		c := a.config("live")
		t.Cleanup(func() { dropSchema(t, c) }) // after the loader is closed
		openWith(t, c, schema.Queues)
	})
	rows, err := selectAll(t.Context(), openWith(t, a.config("own"), schema.Queues), "select nspname from pg_namespace where nspname = 'live'")
	if err != nil || len(rows) > 0 {
		t.Errorf("%v is left, %v", rows, err)
	}
}
