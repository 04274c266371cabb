package identity

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/store"
)

// CreateLink makes the single-use link by which a user chooses a password, and voids older ones of
// theirs. It is shown once; only its hash is kept.
func (s *Service) CreateLink(ctx context.Context, tx *store.Tx, user string) (link string, expires time.Time, err error) {
	return "", time.Time{}, nil
}
