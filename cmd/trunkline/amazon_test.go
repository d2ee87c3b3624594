package main

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"trunkline/internal/redshiftsim"
	"trunkline/internal/secret"
	"trunkline/loaders/redshift"
)

// amazon is a simulated Redshift with the S3 that it reads.
type amazon struct {
	*redshiftsim.Server

	bucket redshift.Bucket
}

func newAmazon(t *testing.T) *amazon {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("staging"); err != nil {
		t.Fatal(err)
	}
	s3 := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(s3.Close)
	return newAmazonWith(t, redshift.Bucket{Name: "staging", Region: "eu-central-1", Endpoint: s3.URL, PathStyle: true}, "key", "secret")
}

// newAmazonWith gives one that reads a bucket with the keys.
func newAmazonWith(t *testing.T, b redshift.Bucket, key, secretKey string) *amazon {
	t.Helper()
	return &amazon{bucket: b, Server: redshiftsim.Start(t, redshiftsim.Options{
		S3Endpoint: b.Endpoint, S3Region: b.Region, AccessKey: secret.New(key), SecretKey: secret.New(secretKey), Roles: []string{amazonRole},
	})}
}

const amazonRole = "arn:aws:iam::123456789012:role/reads-staging"

// config is how a warehouse finds it, with a schema of its own.
func (a *amazon) config(schemaName string) redshift.Config {
	return redshift.Config{
		Host: a.Host, Port: a.Port, Database: a.Database, User: a.User, Password: secret.New(a.Password), Schema: schemaName, Plain: true,
		Role: amazonRole, S3: a.bucket,
	}
}

// openPublished opens the schema of a warehouse, behind the simulator.
func (a *amazon) openPublished(t *testing.T, c redshift.Config) *sql.DB {
	t.Helper()
	return openDatabase(t, "pgx", a.Upstream()+" search_path="+c.Schema+" timezone=UTC")
}

func newRedshift(t *testing.T, a *amazon) mirrored {
	c := a.config(fmt.Sprintf("w%x", sha256.Sum256([]byte(t.Name())))[:20])
	l, err := redshift.Open(t.Context(), c, "test")
	if err != nil {
		t.Fatal(err)
	}
	return newMirrored(t, l, func(t *testing.T) *sql.DB { return a.openPublished(t, c) })
}
