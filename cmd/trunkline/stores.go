package main

import (
	"context"
	"errors"
	"time"

	"trunkline/internal/awsconfig"
	"trunkline/pipeline"
	"trunkline/pipeline/store"
	"trunkline/pipeline/store/gcs"
	"trunkline/pipeline/store/s3"
)

// openStore opens the run store. It must be closed.
func (c *Config) openStore(ctx context.Context) (store.Locked, error) {
	if s := c.Store.S3; s != nil {
		return s3.Open(ctx, c.s3Config(s))
	}
	if s := c.Store.GCS; s != nil {
		return gcs.Open(ctx, gcs.Config{
			Bucket: s.Bucket, Prefix: s.Prefix, CredentialsFile: c.abs(s.CredentialsFile), Options: c.bucketOptions(),
		})
	}
	return pipeline.NewLocalStore(c.abs(c.Store.Path)), nil
}

// withStore opens the run store for as long as do takes.
func (c *Config) withStore(ctx context.Context, do func(store.Locked) error) error {
	s, err := c.openStore(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(s), s.Close())
}

func (c *Config) s3Config(s *S3Store) s3.Config {
	return s3.Config{
		AWS:    awsconfig.Config{Region: s.Region, Profile: s.Profile, Endpoint: s.Endpoint, PathStyle: s.PathStyle},
		Bucket: s.Bucket, Prefix: s.Prefix, SSE: s.SSE, KMSKey: s.KMSKey, Options: c.bucketOptions(),
	}
}

// shared tells whether runs are in a bucket.
func (s *StoreConfig) shared() bool { return s.S3 != nil || s.GCS != nil }

// tryStore tries a bucket; a folder is tried with the other disks.
func tryStore(ctx context.Context, c *Config) []finding {
	if !c.Store.shared() {
		return nil
	}
	opened, err := c.openStore(ctx)
	if err != nil {
		return []finding{of("store", "configuration", err, "")}
	}
	var findings []finding
	if s, ok := opened.(*store.Store); ok {
		findings = append(findings, tryClock(ctx, "store", s.Service()))
		for _, p := range s.Check(ctx) {
			findings = append(findings, of("store", p.Name, p.Err, p.Detail))
		}
	}
	if err := opened.Close(); err != nil {
		findings = append(findings, of("store", "scratch", err, ""))
	}
	return findings
}

func (c *Config) bucketOptions() store.Options {
	return store.Options{Lease: time.Duration(c.Store.Lease), Scratch: c.abs(c.Store.Scratch)}
}
