package redshift

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"golang.org/x/sync/errgroup"

	"trunkline/internal/awsconfig"
)

// Bucket is where files are handed to Redshift. It lies in the region of the warehouse: COPY of Parquet reaches no other.
type Bucket struct {
	Name      string
	Prefix    string // of the keys, such as trunkline/staging
	Region    string // as AWS tools find it, if empty
	Endpoint  string // URL of a compatible service in place of AWS
	PathStyle bool   // the bucket is named in the path, not in the host
	KMSKey    string // id or ARN of the key that encrypts; a key of S3 itself (AES256) if empty
}

// What COPY is told stands in literals, so that nothing but plain characters may be in it.
var (
	plainBucket = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	plainPrefix = regexp.MustCompile(`^([A-Za-z0-9_=.-]+(/[A-Za-z0-9_=.-]+)*)?$`)
	plainRegion = regexp.MustCompile(`^[a-z0-9-]*$`)
	plainRoles  = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=.@_/-]+(,arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=.@_/-]+)*$`)
)

func validRole(arn string) bool { return arn == "default" || plainRoles.MatchString(arn) }

func (b Bucket) check() error {
	switch {
	case !plainBucket.MatchString(b.Name):
		return misused(fmt.Sprintf("s3.bucket is the name of a bucket, not %q", b.Name))
	case !plainPrefix.MatchString(b.Prefix):
		return misused(fmt.Sprintf("s3.prefix is made of letters, digits and _ = . -, with / in between, not %q", b.Prefix))
	case !plainRegion.MatchString(b.Region):
		return misused(fmt.Sprintf("s3.region is the name of a region, not %q", b.Region))
	}
	return nil
}

// key gives the key of an object by its name.
func (b Bucket) key(name string) string { return strings.TrimPrefix(b.Prefix+"/"+name, "/") }

// uri names an object as COPY does.
func (b Bucket) uri(key string) string { return "s3://" + b.Name + "/" + key }

// store is an open Bucket.
type store struct {
	Bucket

	client *s3.Client
	part   int64 // bytes of a part of a large object
}

// parts are sent so many at a time, and a large object has at most 10,000 of them: this is enough for 625 GiB.
const (
	partBytes    = 64 << 20
	partsAtATime = 4
)

func (b Bucket) open(ctx context.Context) (*store, error) {
	client, err := awsconfig.Config{Region: b.Region, Endpoint: b.Endpoint, PathStyle: b.PathStyle}.S3(ctx)
	if err != nil {
		return nil, err
	}
	return &store{Bucket: b, client: client, part: partBytes}, nil
}

// content is what an object holds.
type content struct {
	body   io.ReaderAt
	size   int64
	sha256 [32]byte
}

func (c content) name() string { return hex.EncodeToString(c.sha256[:]) }

// hashed is the metadata of an object that says what was uploaded: S3 has held the bytes against it, or against those of the parts.
const hashed = "sha256"

// put makes an object hold a content after which it is named: if one is there that says so, it holds it already.
func (s *store) put(ctx context.Context, key string, c content) error {
	there, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.Name, Key: &key})
	switch {
	case err == nil && aws.ToInt64(there.ContentLength) == c.size && there.Metadata[hashed] == c.name():
		return nil
	case err != nil && !isMissing(err):
		return fmt.Errorf("look for %s: %w", s.uri(key), err)
	}
	if c.size > s.part {
		err = s.putParts(ctx, key, c)
	} else {
		encryption, kms := s.encryption()
		_, err = s.client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: &s.Name, Key: &key, Body: io.NewSectionReader(c.body, 0, c.size), ContentLength: &c.size,
			ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(c.sha256[:])), ServerSideEncryption: encryption, SSEKMSKeyId: kms,
			Metadata: map[string]string{hashed: c.name()},
		})
	}
	if err != nil {
		return fmt.Errorf("upload %s: %w", s.uri(key), err)
	}
	return nil
}

func isMissing(err error) bool {
	answer, ok := errors.AsType[*smithyhttp.ResponseError](err)
	return ok && answer.HTTPStatusCode() == http.StatusNotFound
}

func (s *store) encryption() (types.ServerSideEncryption, *string) {
	if s.KMSKey == "" {
		return types.ServerSideEncryptionAes256, nil
	}
	return types.ServerSideEncryptionAwsKms, &s.KMSKey
}

// putParts uploads a large object in parts: it appears whole with the last call, or not at all.
func (s *store) putParts(ctx context.Context, key string, c content) (err error) {
	encryption, kms := s.encryption()
	begun, err := s.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &s.Name, Key: &key, ServerSideEncryption: encryption, SSEKMSKeyId: kms, Metadata: map[string]string{hashed: c.name()},
	})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil { // what was sent costs money until it is told to go
			giveUp, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
			defer cancel()
			_, _ = s.client.AbortMultipartUpload(giveUp, &s3.AbortMultipartUploadInput{Bucket: &s.Name, Key: &key, UploadId: begun.UploadId})
		}
	}()
	parts := make([]types.CompletedPart, (c.size+s.part-1)/s.part)
	group, groupContext := errgroup.WithContext(ctx)
	group.SetLimit(partsAtATime)
	for i := range parts {
		group.Go(func() error {
			from, number := int64(i)*s.part, aws.Int32(int32(i)+1)
			size := min(s.part, c.size-from)
			sent, err := s.client.UploadPart(groupContext, &s3.UploadPartInput{
				Bucket: &s.Name, Key: &key, UploadId: begun.UploadId, PartNumber: number,
				Body: io.NewSectionReader(c.body, from, size), ContentLength: &size,
			})
			if err != nil {
				return fmt.Errorf("part %d: %w", i+1, err)
			}
			parts[i] = types.CompletedPart{
				PartNumber: number, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32,
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	_, err = s.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &s.Name, Key: &key, UploadId: begun.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	return err
}

// remove removes objects.
func (s *store) remove(ctx context.Context, keys []string) error {
	var all error
	for _, key := range keys {
		if _, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.Name, Key: &key}); err != nil {
			all = errors.Join(all, fmt.Errorf("remove %s: %w", s.uri(key), err))
		}
	}
	return all
}
