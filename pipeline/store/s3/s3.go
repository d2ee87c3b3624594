// Package s3 keeps run folders in a bucket of Amazon S3, or of a service that speaks its protocol.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"trunkline/internal/awsconfig"
	"trunkline/pipeline"
	"trunkline/pipeline/store"
)

// Config says which bucket, and who asks for it.
type Config struct {
	AWS    awsconfig.Config
	Bucket string
	Prefix string // folder within the bucket; may be empty
	// SSE is how objects are encrypted at rest: AES256 or aws:kms. Empty is what the bucket does by itself.
	SSE    string
	KMSKey string // of aws:kms; the account's own if empty

	store.Options
}

// Open makes a store of a bucket. It looks neither for the bucket nor for credentials yet.
func Open(ctx context.Context, c Config) (*store.Store, error) {
	b, err := newBucket(ctx, c)
	if err != nil {
		return nil, err
	}
	service := c.AWS.Endpoint
	if service == "" {
		service = "https://s3." + b.client.Options().Region + ".amazonaws.com"
	}
	return store.New(b, service, c.Options)
}

// bucket is a store.Bucket.
type bucket struct {
	client *s3.Client
	config Config
	prefix string // with a slash at its end, or empty
}

func newBucket(ctx context.Context, c Config) (*bucket, error) {
	client, err := c.AWS.S3(ctx)
	if err != nil {
		return nil, &pipeline.Error{
			Code: "TL2003", Kind: pipeline.Misuse, What: "open the run store s3://" + c.Bucket, Err: err,
			Cure: "Name the region, and a profile that exists, in the configuration or the environment",
		}
	}
	b := &bucket{client: client, config: c}
	if prefix := strings.Trim(c.Prefix, "/"); prefix != "" {
		b.prefix = prefix + "/"
	}
	return b, nil
}

func (b *bucket) key(name string) *string { return aws.String(b.prefix + name) }

// URI gives s3://bucket/key.
func (b *bucket) URI(name string) string {
	return strings.TrimSuffix("s3://"+b.config.Bucket+"/"+b.prefix+name, "/")
}

// Get begins to read an object.
func (b *bucket) Get(ctx context.Context, name, known string) (*store.Object, error) {
	in := &s3.GetObjectInput{Bucket: &b.config.Bucket, Key: b.key(name), ChecksumMode: types.ChecksumModeEnabled}
	if known != "" {
		in.IfNoneMatch = &known
	}
	out, err := b.client.GetObject(ctx, in)
	switch {
	case err == nil:
		return &store.Object{Body: out.Body, Size: aws.ToInt64(out.ContentLength), Version: aws.ToString(out.ETag)}, nil
	case status(err) == http.StatusNotModified:
		return nil, store.ErrUnchanged
	case code(err) == "NoSuchKey":
		return nil, &fs.PathError{Op: "read", Path: b.URI(name), Err: fs.ErrNotExist}
	}
	return nil, b.refused("read "+b.URI(name), err)
}

// List gives the names below a directory, a thousand at a time.
func (b *bucket) List(ctx context.Context, dir string) ([]string, error) {
	prefix := b.prefix
	if dir = strings.Trim(dir, "/"); dir != "" {
		prefix += dir + "/"
	}
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{
		Bucket: &b.config.Bucket, Prefix: &prefix, Delimiter: aws.String("/"),
	})
	var names []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, b.refused("list "+b.URI(dir), err)
		}
		for _, p := range page.CommonPrefixes {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(aws.ToString(p.Prefix), prefix), "/"))
		}
		for _, o := range page.Contents {
			if name := strings.TrimPrefix(aws.ToString(o.Key), prefix); name != "" { // a console's folder is an object of that name
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// refused tells a person why the service did not do something.
func (b *bucket) refused(what string, err error) error {
	e := &pipeline.Error{Code: "TL2003", What: what, Err: err}
	fault := awsconfig.FaultOf(err)
	switch e.Cure = fault.Cure(); fault {
	case awsconfig.NoCredentials, awsconfig.BadCredentials, awsconfig.Expired, awsconfig.Forbidden:
		e.Kind = pipeline.Denied
	case awsconfig.Skewed, awsconfig.NoBucket, awsconfig.WrongRegion:
		e.Kind = pipeline.Misuse
	default:
		if errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s: %w", what, err)
		}
		if n := status(err); n >= 400 && n < 500 && n != http.StatusTooManyRequests {
			e.Kind = pipeline.Failure
			return e
		}
		e.Kind, e.Cure = pipeline.Upstream, "Look whether "+b.place()+" is up and can be reached from here, and try again later"
	}
	return e
}

// place tells where requests go.
func (b *bucket) place() string {
	if b.config.AWS.Endpoint != "" {
		return b.config.AWS.Endpoint
	}
	return "S3 in " + b.client.Options().Region
}

// status gives the HTTP status of an error; 0 if there was no answer.
func status(err error) int {
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		return response.HTTPStatusCode()
	}
	return 0
}

func code(err error) string {
	if known, ok := errors.AsType[smithy.APIError](err); ok {
		return known.ErrorCode()
	}
	return ""
}
