package redshiftsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

// newS3 makes the client that COPY reads with.
func newS3(o Options) *s3.Client {
	key, secretKey := o.AccessKey.Reveal(), o.SecretKey.Reveal()
	return s3.New(s3.Options{
		Region: o.S3Region, UsePathStyle: true, BaseEndpoint: aws.String(o.S3Endpoint), RetryMaxAttempts: 1,
		Credentials:                credentials.NewStaticCredentialsProvider(key, secretKey, ""),
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
	})
}

// object is what COPY read.
type object struct {
	url  string // s3://bucket/key
	body []byte
}

// objects reads what a COPY names: the files of its manifest, or what lies below its prefix.
func (s *session) objects(ctx context.Context, c *copyCommand) ([]object, *refusal) {
	if r := s.allowed(ctx, c, c.bucket); r != nil {
		return nil, r
	}
	if c.manifest {
		return s.listed(ctx, c)
	}
	var all []object
	pages := s3.NewListObjectsV2Paginator(s.server.s3, &s3.ListObjectsV2Input{Bucket: &c.bucket, Prefix: &c.key})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, s3Refusal(err)
		}
		for _, o := range page.Contents {
			body, r := s.read(ctx, c.bucket, *o.Key)
			if r != nil {
				return nil, r
			}
			all = append(all, object{"s3://" + c.bucket + "/" + *o.Key, body})
		}
	}
	if len(all) == 0 {
		return nil, internal("The specified S3 prefix '"+c.key+"' does not exist", 8001, c.bucket)
	}
	return all, nil
}

// manifestEntry is one of a manifest's files (loading-data-files-using-manifest). What is unknown in it is ignored.
type manifestEntry struct {
	URL       string `json:"url"`
	Mandatory bool   `json:"mandatory"`
	Meta      *struct {
		ContentLength *int64 `json:"content_length"`
	} `json:"meta"`
}

// listed reads the files of a manifest, each as often as it is listed. One that is missing is left out, unless it is mandatory.
// Columnar files need their length, which has to be right.
func (s *session) listed(ctx context.Context, c *copyCommand) ([]object, *refusal) {
	raw, r := s.read(ctx, c.bucket, c.key)
	if r != nil {
		return nil, r
	}
	var manifest struct {
		Entries []manifestEntry `json:"entries"`
	}
	if err := json.Unmarshal(raw, &manifest); err != nil || manifest.Entries == nil {
		return nil, internal("Manifest file is not in correct json format", 8001, c.key)
	}
	var all []object
	for _, e := range manifest.Entries {
		url := s3URL.FindStringSubmatch(e.URL)
		if url == nil {
			return nil, internal("Invalid S3 URL in manifest: "+e.URL, 8001, c.key)
		}
		if url[1] != c.bucket {
			if r := s.allowed(ctx, c, url[1]); r != nil {
				return nil, r
			}
		}
		if c.parquet && (e.Meta == nil || e.Meta.ContentLength == nil) {
			return nil, internal("Manifest entry '"+e.URL+"' must have meta.content_length for columnar files", 8001, c.key)
		}
		body, r := s.read(ctx, url[1], url[2])
		if r != nil {
			if !e.Mandatory && strings.Contains(r.message, "NoSuchKey") {
				continue
			}
			return nil, r
		}
		if c.parquet && *e.Meta.ContentLength != int64(len(body)) {
			return nil, spectrum(15001, fmt.Sprintf("The length of file %s in the manifest is %d and its size %d", e.URL, *e.Meta.ContentLength, len(body)))
		}
		all = append(all, object{e.URL, body})
	}
	return all, nil
}

func (s *session) read(ctx context.Context, bucket, key string) ([]byte, *refusal) {
	out, err := s.server.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, s3Refusal(err)
	}
	body, err := io.ReadAll(out.Body)
	if err = errors.Join(err, out.Body.Close()); err != nil {
		return nil, s3Refusal(err)
	}
	return body, nil
}

// allowed looks whether the role may be assumed, and whether a bucket is in the region that it has to be in. Columnar files are in
// the cluster's own.
func (s *session) allowed(ctx context.Context, c *copyCommand, bucket string) *refusal {
	roles := s.server.options.Roles
	if c.role == "default" && len(roles) == 0 {
		return internal("No default IAM role is associated with the cluster", 8001, "")
	}
	for role := range strings.SplitSeq(c.role, ",") {
		if c.role != "default" && !slices.Contains(roles, role) {
			return internal("User arn:aws:redshift:"+s.server.options.S3Region+":123456789012:dbuser:simulated/"+s.user+
				" is not authorized to assume IAM Role "+role, 30000, "")
		}
	}
	region := s.server.options.S3Region
	if c.region != "" {
		region = c.region
	}
	out, err := s.server.s3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &bucket})
	if err != nil {
		return s3Refusal(err)
	}
	if at := aws.ToString(out.BucketRegion); at != "" && at != region {
		return s3Refusal(wrongRegion)
	}
	return nil
}

// s3Error is an answer of S3's.
type s3Error struct {
	status        int
	code, message string
}

// Error is the message of S3.
func (e *s3Error) Error() string { return e.message }

var (
	wrongRegion = &s3Error{301, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint. " +
		"Please send all future requests to this endpoint."}
	accessDenied = &s3Error{403, "AccessDenied", "Access Denied"}
	expired      = &s3Error{400, "ExpiredToken", "The provided token has expired."}
)

// s3Refusal is an error of S3 as COPY tells it.
func s3Refusal(err error) *refusal {
	var e *s3Error
	if !errors.As(err, &e) {
		e = &s3Error{0, "RequestError", err.Error()}
		if api, ok := errors.AsType[smithy.APIError](err); ok {
			e.code, e.message = api.ErrorCode(), api.ErrorMessage()
		}
		if response, ok := errors.AsType[*awshttp.ResponseError](err); ok {
			e.status = response.HTTPStatusCode()
		}
		switch e.status { // a HEAD has no body to tell it
		case http.StatusMovedPermanently:
			e = wrongRegion
		case http.StatusForbidden:
			if e.message == "" || e.code == "Forbidden" {
				e = accessDenied
			}
		case http.StatusNotFound:
			if e.code == "NotFound" {
				e = &s3Error{404, "NoSuchBucket", "The specified bucket does not exist"}
			}
		}
	}
	return internal(fmt.Sprintf("S3ServiceException:%s,Status %d,Error %s,Rid 96CB9A9F97C6B6E5,ExtRid simulated,CanRetry 1", e.message, e.status, e.code),
		8001, "S3 key being read")
}

// internal is an error of COPY before it reads a file.
func internal(message string, code int, context string) *refusal {
	return detailed(message, message, code, context)
}

// spectrum is an error of reading a columnar file.
func spectrum(code int, context string) *refusal {
	return detailed("Spectrum Scan Error", "Spectrum Scan Error", code, context)
}
