// Package store keeps run folders in a bucket, so that machines share them: what a folder promises, over S3 (package s3) or Google
// Cloud Storage (package gcs).
//
// A file is written to scratch space of this machine and sent when it is closed: it appears whole or not at all. A file is read from
// a copy in the scratch space, which is fetched once and used again as long as the bucket has the same version of it.
//
// The lock is an object, .lock, that its holder renews. A holder that could not renew it for the length of the lease, by its own
// clocks, writes nothing any more, and calls under way are broken off. Who finds the lock of a dead holder watches it unchanged for the
// length of the lease before taking it over, on the condition that it still is that version. So nobody's clock needs to be right, and two
// never both believe that they hold it. The only write that can come late is one that the service had received in full before the lease
// ended and applies afterwards; the warehouse has a lease of its own.
package store

import (
	"context"
	"errors"
	"io"
)

// Bucket is what a store needs of a service: objects that appear whole, and conditions on what they replace. Its errors are for people:
// those that a person can act on are a *pipeline.Error.
type Bucket interface {
	// Get begins to read an object. If there is none that is fs.ErrNotExist; if it still is of the version that is known, ErrUnchanged.
	Get(ctx context.Context, name, known string) (*Object, error)
	// Put writes an object and gives its version. A condition that does not hold is ErrConflict. Content may be read more than once.
	Put(ctx context.Context, name string, content *io.SectionReader, over Condition) (version string, err error)
	// List gives the names of what is directly below a directory, files and directories, in any order.
	List(ctx context.Context, dir string) ([]string, error)
	// URI tells people, and warehouses, where an object is.
	URI(name string) string
}

// Object is an object that is being read.
type Object struct {
	Body    io.ReadCloser
	Size    int64
	Version string // changes whenever the object is replaced
}

// Condition says what a Put may replace; the zero value is whatever there is.
type Condition struct {
	Nothing bool   // only if there is no such object
	Version string // only this version of it
}

// What a Bucket answers that is no failure.
var (
	ErrUnchanged = errors.New("it is still of the version that is known")
	ErrConflict  = errors.New("another has written it meanwhile")
)
