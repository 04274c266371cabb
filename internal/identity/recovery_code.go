package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"github.com/usher-desk/usher/internal/store"
)

const (
	recoveryCodeCount  = 10
	recoveryCodeSize   = 15 // random bytes: 120 bits, enough to store a plain hash (OWASP ASVS 5.0, 6.5.2)
	recoveryCodeLength = 24 // letters of base32
)

// NewRecoveryCodes makes ten codes, each good once in the place of the authenticator's, to be shown
// once; earlier ones are void. [ErrNoFactor] when the user is not enrolled.
func (s *Service) NewRecoveryCodes(ctx context.Context, tx *store.Tx, user string) ([]string, error) {
	_, err := findFactor(ctx, tx, user)
	if errors.Is(err, store.ErrNotFound) {
		err = ErrNoFactor
	}
	if err != nil {
		return nil, err
	}
	if err := deleteRecoveryCodes(ctx, tx, user); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodeCount)
	for i := range codes {
		raw := make([]byte, recoveryCodeSize)
		rand.Read(raw) // never fails, see crypto/rand
		if err := insertRecoveryCode(ctx, tx, user, hashOf(raw)); err != nil {
			return nil, err
		}
		codes[i] = inGroups(strings.ToLower(base32Text.EncodeToString(raw)))
	}
	return codes, nil
}

// inGroups makes a code that can be typed: letters in groups of four.
func inGroups(text string) string {
	var groups []string
	for ; len(text) > 4; text = text[4:] {
		groups = append(groups, text[:4])
	}
	return strings.Join(append(groups, text), "-")
}
