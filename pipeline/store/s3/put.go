package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"trunkline/pipeline/store"
)

// A file above partSize is sent in parts, so many at once. Parts are read from the scratch file as they are sent: memory holds none.
// S3 takes 10,000 parts of a file.
const (
	partSize  = 16 << 20
	maxParts  = 10_000
	partsOnce = 4
)

// Put writes an object. S3 checks what arrives by the checksums that are sent with it.
func (b *bucket) Put(ctx context.Context, name string, content *io.SectionReader, over store.Condition) (version string, err error) {
	if content.Size() > partSize {
		return b.putParts(ctx, name, content, over)
	}
	in := &s3.PutObjectInput{
		Bucket: &b.config.Bucket, Key: b.key(name), Body: content, ContentLength: aws.Int64(content.Size()),
		ChecksumAlgorithm:    types.ChecksumAlgorithmCrc32c,
		ServerSideEncryption: types.ServerSideEncryption(b.config.SSE),
	}
	in.IfNoneMatch, in.IfMatch = conditions(over)
	if b.config.KMSKey != "" {
		in.SSEKMSKeyId = &b.config.KMSKey
	}
	out, err := b.client.PutObject(ctx, in)
	if err != nil {
		return "", b.unwritten(name, over, err)
	}
	return aws.ToString(out.ETag), nil
}

func conditions(over store.Condition) (ifNoneMatch, ifMatch *string) {
	if over.Nothing {
		ifNoneMatch = aws.String("*")
	}
	if over.Version != "" {
		ifMatch = &over.Version
	}
	return ifNoneMatch, ifMatch
}

// unwritten tells why an object was not written.
func (b *bucket) unwritten(name string, over store.Condition, err error) error {
	conditional := over != store.Condition{}
	switch n := status(err); {
	case conditional && (n == http.StatusPreconditionFailed || n == http.StatusConflict || code(err) == "NoSuchKey"):
		return store.ErrConflict
	case n == http.StatusNotImplemented:
		err = fmt.Errorf("the service cannot write on a condition, or check sums: %w", err)
	}
	return b.refused("write "+b.URI(name), err)
}

// putParts writes a large object. Nothing of it is to be seen until all parts are there; what a process leaves that dies meanwhile is
// never seen either, but costs until the bucket's rule for incomplete uploads removes it.
func (b *bucket) putParts(ctx context.Context, name string, content *io.SectionReader, over store.Condition) (version string, err error) {
	begin := &s3.CreateMultipartUploadInput{
		Bucket: &b.config.Bucket, Key: b.key(name),
		ChecksumAlgorithm:    types.ChecksumAlgorithmCrc32c,
		ServerSideEncryption: types.ServerSideEncryption(b.config.SSE),
	}
	if b.config.KMSKey != "" {
		begin.SSEKMSKeyId = &b.config.KMSKey
	}
	upload, err := b.client.CreateMultipartUpload(ctx, begin)
	if err != nil {
		return "", b.unwritten(name, over, err)
	}
	parts, err := b.sendParts(ctx, name, upload.UploadId, content)
	if err == nil {
		end := &s3.CompleteMultipartUploadInput{
			Bucket: &b.config.Bucket, Key: b.key(name), UploadId: upload.UploadId,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		}
		end.IfNoneMatch, end.IfMatch = conditions(over)
		var out *s3.CompleteMultipartUploadOutput
		if out, err = b.client.CompleteMultipartUpload(ctx, end); err == nil {
			return aws.ToString(out.ETag), nil
		}
	}
	return "", errors.Join(b.unwritten(name, over, err), b.giveUp(ctx, name, upload.UploadId))
}

// sendParts sends a file's parts, some at once.
func (b *bucket) sendParts(ctx context.Context, name string, upload *string, content *io.SectionReader) ([]types.CompletedPart, error) {
	size := max(partSize, (content.Size()+maxParts-1)/maxParts)
	parts := make([]types.CompletedPart, (content.Size()+size-1)/size)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(partsOnce)
	for i := range parts {
		begin := int64(i) * size
		n := min(size, content.Size()-begin)
		group.Go(func() error {
			out, err := b.client.UploadPart(ctx, &s3.UploadPartInput{
				Bucket: &b.config.Bucket, Key: b.key(name), UploadId: upload, PartNumber: aws.Int32(int32(i + 1)),
				Body: io.NewSectionReader(content, begin, n), ContentLength: &n, ChecksumAlgorithm: types.ChecksumAlgorithmCrc32c,
			})
			if err != nil {
				return err
			}
			parts[i] = types.CompletedPart{ETag: out.ETag, PartNumber: aws.Int32(int32(i + 1)), ChecksumCRC32C: out.ChecksumCRC32C}
			return nil
		})
	}
	return parts, group.Wait()
}

// giveUp removes the parts of an upload that failed, also when its time is over.
func (b *bucket) giveUp(ctx context.Context, name string, upload *string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	_, err := b.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &b.config.Bucket, Key: b.key(name), UploadId: upload})
	if err != nil && code(err) != "NoSuchUpload" {
		return fmt.Errorf("remove the parts of %s: %w", b.URI(name), err)
	}
	return nil
}
