// Package blob keeps bytes outside the database, under names that it gives itself.
package blob

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

// What callers can tell apart. An error of the reader that is put comes back as it is.
var (
	// ErrTooLarge: there were more bytes than the limit. Nothing is kept.
	ErrTooLarge = errors.New("blob: larger than the limit")
	// ErrUnavailable: the place cannot be written or read, as when its disk is full. Nothing is kept;
	// trying again later may help.
	ErrUnavailable = errors.New("blob: the place of files cannot be used")
	// ErrNotFound: there is no blob of this name.
	ErrNotFound = errors.New("blob: no such blob")
)

// Blob is what was kept.
type Blob struct {
	Name   string // gives the bytes back; it says the tenant and nothing else
	Size   int64  // bytes
	SHA256 string // in hexadecimal
}

// Store is a place for blobs, shared by every node of an installation. Its methods may be called by
// several goroutines and nodes at once.
//
// A blob is written once and never changed. Whoever puts one keeps its name in the database after Put has
// returned; whoever takes one away deletes the row before the blob. So a crash, at whatever moment, leaves
// a blob without a row, which a sweep finds by Older, and never a row without a blob.
//
// Another implementation, such as one on S3, must hold to the same: Put returns only when the bytes would
// survive the loss of the machine (a PutObject, or a multipart upload that was completed; one that was not
// must be aborted by the bucket's life cycle), what is cut short or too large is never seen by Open, names
// come from Put alone and are no secrets (the bucket is private, and no address of it is given to anybody),
// Open after Put finds the blob on every node (read-after-write), Delete of what is gone succeeds, and
// Older goes by the store's own clock.
type Store interface {
	// Put keeps what the reader gives, to its end, for a tenant. It must not use anything of the bytes or
	// of what a client says as a name.
	Put(ctx context.Context, tenant string, r io.Reader, limit int64) (Blob, error)
	// Open gives the bytes back; [ErrNotFound] when there is no such blob.
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// Delete takes a blob away. One that is not there is no error.
	Delete(ctx context.Context, name string) error
	// Older lists the names of a tenant's blobs that were put before an instant, and what interrupted
	// puts have left, which Delete takes away too. After an error it ends.
	Older(ctx context.Context, tenant string, before time.Time) iter.Seq2[string, error]
}
