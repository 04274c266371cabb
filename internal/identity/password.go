package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// ErrWeakPassword refuses a new password; the detail says why, without repeating any of it. The pages know the
// details and say them in the reader's language (web/shared/text/refusal.ts): they change together.
var ErrWeakPassword = fault.Define(fault.Invalid, "weak_password",
	"This password cannot be used.", "密码不符合要求。",
	"At least 12 characters and at most 72 bytes, not easily guessed, without the username or the tenant in it. A few random words do well.")

// ErrWrongPassword: the password is not the one that the hash was made of.
var ErrWrongPassword = errors.New("identity: wrong password")

const (
	minCharacters = 12
	maxBytes      = 72 // bcrypt looks at no more; a longer password is refused rather than cut
	minScore      = 3  // of zxcvbn, 0 to 4: more than 10^8 guesses
	minNameInside = 4  // names shorter than this may occur in a password by chance
)

// Hash checks a new password for a user of a tenant and hashes it. It takes its turn in a bounded
// queue and must not be called in a transaction. The errors are [ErrWeakPassword] and, when the
// queue is full, [fault.ErrUnavailable].
func (s *Service) Hash(ctx context.Context, tenantSlug, username, password string) (hash string, err error) {
	if err := checkLength(password); err != nil {
		return "", err
	}
	if err := checkNames(password, username, tenantSlug); err != nil {
		return "", err
	}
	busy := s.hashes.do(ctx, func() {
		if err = checkStrength(password, username, tenantSlug); err == nil {
			hash, err = newHash(password, s.config.BcryptCost)
		}
	})
	return hash, errors.Join(busy, err)
}

// Rehash hashes a password that has just been verified, at the cost that applies now. It asks
// nothing of the password: its owner is not the one to blame when the rules have changed.
func (s *Service) Rehash(ctx context.Context, password string) (hash string, err error) {
	busy := s.hashes.do(ctx, func() { hash, err = newHash(password, s.config.BcryptCost) })
	return hash, errors.Join(busy, err)
}

// Outdated tells whether a hash was made at another cost than applies now.
func (s *Service) Outdated(hash string) bool { return costOf(hash) != s.config.BcryptCost }

// Verify compares a password with a hash: nil, [ErrWrongPassword], or [fault.ErrUnavailable] when
// the queue is full. Without a hash it takes as long and fails. It must not be called in a
// transaction.
func (s *Service) Verify(ctx context.Context, hash *string, password string) error {
	right := false
	if err := s.hashes.do(ctx, func() { right = matches(hash, password, s.config.BcryptCost) }); err != nil {
		return err
	}
	if !right {
		return ErrWrongPassword
	}
	return nil
}

func checkLength(password string) error {
	if n := utf8.RuneCountInString(password); n < minCharacters {
		return ErrWeakPassword.With("it has %d characters; %d are needed", n, minCharacters)
	}
	if n := len(password); n > maxBytes {
		return ErrWeakPassword.With("it has %d bytes; %d are possible", n, maxBytes)
	}
	return nil
}

func checkNames(password, username, tenantSlug string) error {
	folded := store.Fold(password)
	for _, c := range []struct{ what, name string }{{"username", username}, {"tenant", tenantSlug}} {
		name := store.Fold(c.name)
		if utf8.RuneCountInString(name) >= minNameInside && strings.Contains(folded, name) {
			return ErrWeakPassword.With("it contains the %s", c.what)
		}
	}
	return nil
}

func checkStrength(password string, known ...string) error {
	if zxcvbn.PasswordStrength(password, append(known, "usher")).Score < minScore {
		return ErrWeakPassword.With("it is too easily guessed")
	}
	return nil
}

// SetPasswordHash gives the user a new password and voids their links. Ending their sessions is the
// caller's to decide. [store.ErrNotFound] when there is no such user.
func SetPasswordHash(ctx context.Context, tx *store.Tx, user, hash string) error {
	n, err := tx.Exec(ctx, `
		UPDATE users
		SET password_hash = $3,
			must_change_password = FALSE,
			first_admin = FALSE,
			version = version + 1,
			updated_at = $4
		WHERE tenant_id = $1 AND id = $2`, user, hash, tx.Now.UnixMicro())
	if err != nil {
		return fmt.Errorf("keeping a password: %w", err)
	}
	if n == 0 {
		return store.ErrNotFound
	}
	return voidLinks(ctx, tx, user)
}
