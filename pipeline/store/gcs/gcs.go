// Package gcs keeps run folders in a bucket of Google Cloud Storage.
package gcs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"cloud.google.com/go/storage"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// Config says which bucket, and who asks for it.
type Config struct {
	Bucket string
	Prefix string // folder within the bucket; may be empty
	// CredentialsFile is a service account's key; what the Google Cloud tools would find if empty.
	CredentialsFile string
	// Endpoint of a service in place of Google's, which is asked without credentials; for tests.
	Endpoint string

	store.Options
}

// service is where Google Cloud Storage is.
const service = "https://storage.googleapis.com"

// Open makes a store of a bucket. It finds credentials, and does not look for the bucket yet.
func Open(ctx context.Context, c Config) (*store.Store, error) {
	options := []option.ClientOption{storage.WithJSONReads()} // strongly consistent with what is written, and told by generation
	switch {
	case c.Endpoint != "":
		options = append(options, option.WithEndpoint(c.Endpoint), option.WithoutAuthentication())
	case c.CredentialsFile != "":
		options = append(options, option.WithAuthCredentialsFile(option.ServiceAccount, c.CredentialsFile))
	}
	client, err := storage.NewClient(ctx, options...)
	if err != nil {
		return nil, &pipeline.Error{
			Code: "TL2003", Kind: pipeline.Denied, What: "open the run store gs://" + c.Bucket, Err: err,
			Cure: "Give this machine a Google Cloud identity: a service account, GOOGLE_APPLICATION_CREDENTIALS, or store.gcs.credentials_file",
		}
	}
	// Every request may be made twice: an object is written whole, and the lock knows its own hand.
	client.SetRetry(storage.WithPolicy(storage.RetryAlways), storage.WithMaxAttempts(6))
	b := &bucket{client: client, handle: client.Bucket(c.Bucket), name: c.Bucket}
	if prefix := strings.Trim(c.Prefix, "/"); prefix != "" {
		b.prefix = prefix + "/"
	}
	s, err := store.New(b, service, c.Options)
	if err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return s, nil
}

// bucket is a store.Bucket. A version is a generation.
type bucket struct {
	client *storage.Client
	handle *storage.BucketHandle
	name   string
	prefix string // with a slash at its end, or empty
}

// Close closes the client with its connections.
func (b *bucket) Close() error { return b.client.Close() }

// URI gives gs://bucket/object.
func (b *bucket) URI(name string) string {
	return strings.TrimSuffix("gs://"+b.name+"/"+b.prefix+name, "/")
}

// Get begins to read an object: that generation which it has now.
func (b *bucket) Get(ctx context.Context, name, known string) (*store.Object, error) {
	o := b.handle.Object(b.prefix + name)
	if known != "" {
		attrs, err := o.Attrs(ctx)
		if err != nil {
			return nil, b.unread(name, err)
		}
		if version(attrs.Generation) == known {
			return nil, store.ErrUnchanged
		}
	}
	r, err := o.NewReader(ctx)
	if err != nil {
		return nil, b.unread(name, err)
	}
	return &store.Object{Body: r, Size: r.Attrs.Size, Version: version(r.Attrs.Generation)}, nil
}

func version(generation int64) string { return strconv.FormatInt(generation, 10) }

func (b *bucket) unread(name string, err error) error {
	if errors.Is(err, storage.ErrObjectNotExist) {
		return &fs.PathError{Op: "read", Path: b.URI(name), Err: fs.ErrNotExist}
	}
	return b.refused("read "+b.URI(name), err)
}

// chunkSize is how much of a large object is sent, and held in memory, at once.
const chunkSize = 16 << 20

// Put writes an object. The service checks what arrives by the checksum that the client sends.
func (b *bucket) Put(ctx context.Context, name string, content *io.SectionReader, over store.Condition) (string, error) {
	o := b.handle.Object(b.prefix + name)
	switch {
	case over.Nothing:
		o = o.If(storage.Conditions{DoesNotExist: true})
	case over.Version != "":
		generation, err := strconv.ParseInt(over.Version, 10, 64)
		if err != nil {
			return "", store.ErrConflict // no object has such a version
		}
		o = o.If(storage.Conditions{GenerationMatch: generation})
	}
	ctx, cancel := context.WithCancel(ctx) // ends the upload if it is not closed
	defer cancel()
	w := o.NewWriter(ctx)
	w.ContentType = "application/octet-stream"
	w.ChunkSize = int(min(chunkSize, max(content.Size(), 1)))
	if _, err := io.Copy(w, io.NewSectionReader(content, 0, content.Size())); err != nil {
		cancel()
		_ = w.Close() // tells the same again
		return "", b.unwritten(name, over, err)
	}
	if err := w.Close(); err != nil {
		return "", b.unwritten(name, over, err)
	}
	return version(w.Attrs().Generation), nil
}

func (b *bucket) unwritten(name string, over store.Condition, err error) error {
	known, ok := errors.AsType[*googleapi.Error](err)
	if conditional := over != (store.Condition{}); ok && conditional && (known.Code == http.StatusPreconditionFailed || known.Code == http.StatusNotFound && over.Version != "") {
		return store.ErrConflict
	}
	return b.refused("write "+b.URI(name), err)
}

// List gives the names below a directory.
func (b *bucket) List(ctx context.Context, dir string) ([]string, error) {
	prefix := b.prefix
	if dir = strings.Trim(dir, "/"); dir != "" {
		prefix += dir + "/"
	}
	query := &storage.Query{Prefix: prefix, Delimiter: "/"}
	if err := query.SetAttrSelection([]string{"Name"}); err != nil {
		return nil, fmt.Errorf("list %s: %w", b.URI(dir), err)
	}
	var names []string
	for objects := b.handle.Objects(ctx, query); ; {
		attrs, err := objects.Next()
		if errors.Is(err, iterator.Done) {
			return names, nil
		}
		if err != nil {
			return nil, b.refused("list "+b.URI(dir), err)
		}
		if name := strings.TrimSuffix(strings.TrimPrefix(attrs.Prefix+attrs.Name, prefix), "/"); name != "" {
			names = append(names, name)
		}
	}
}

// refused tells a person why the service did not do something.
func (b *bucket) refused(what string, err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", what, err)
	}
	e := &pipeline.Error{Code: "TL2003", What: what, Err: err}
	known, answered := errors.AsType[*googleapi.Error](err)
	switch {
	case errors.Is(err, storage.ErrBucketNotExist), answered && known.Code == http.StatusNotFound:
		e.Kind, e.Cure = pipeline.Misuse, "The bucket does not exist: check its name, or create it"
	case answered && known.Code == http.StatusUnauthorized:
		e.Kind, e.Cure = pipeline.Denied, "The credentials are missing, wrong or expired: give this machine a service account that is valid"
	case answered && known.Code == http.StatusForbidden:
		e.Kind, e.Cure = pipeline.Denied, "This identity lacks a permission on the bucket: give it the role Storage Object User"
	case answered && known.Code < http.StatusInternalServerError && known.Code != http.StatusTooManyRequests:
		e.Kind = pipeline.Failure
	default:
		e.Kind, e.Cure = pipeline.Upstream, "Look whether "+service+" can be reached from here, and try again later"
	}
	return e
}
