package identity

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/store"
)

// ErrWrongPassword: the password is not the one that the hash was made of.
var ErrWrongPassword = errors.New("identity: wrong password")

// Hash checks a new password for a user of a tenant and hashes it. It takes its turn in a bounded
// queue and must not be called in a transaction. The errors are weak_password and, when the queue
// is full, [fault.ErrUnavailable].
func (s *Service) Hash(ctx context.Context, tenantSlug, username, password string) (string, error) {
	return "", nil
}

// Rehash hashes a password that has just been verified, at the cost that applies now.
func (s *Service) Rehash(ctx context.Context, password string) (string, error) { return "", nil }

// Outdated tells whether a hash was made at another cost than applies now.
func (s *Service) Outdated(hash string) bool { return false }

// Verify compares a password with a hash: nil, [ErrWrongPassword], or [fault.ErrUnavailable] when
// the queue is full. Without a hash it takes as long and fails. It must not be called in a
// transaction.
func (s *Service) Verify(ctx context.Context, hash *string, password string) error { return nil }

// SetPasswordHash gives the user a new password and voids their links. Ending their sessions is the
// caller's to decide.
func SetPasswordHash(ctx context.Context, tx *store.Tx, user, hash string) error { return nil }
