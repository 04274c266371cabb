package session

import (
	"context"
	"crypto/hmac"

	"github.com/usher-desk/usher/internal/store"
)

// standing is what a refresh token is to the session that it names.
type standing int

const (
	foreign  standing = iota // made up, or of a family that the session gave up
	current                  // the one that is good
	previous                 // exchanged already, but nobody has presented its successor
	used                     // exchanged, and so was its successor
)

// standing looks at the hashes first: a mark proves nothing but where a token comes from.
func (r row) standing(t refreshToken) standing {
	switch hash := t.hash(); {
	case hmac.Equal(r.refreshHash, hash):
		return current
	case hmac.Equal(r.previousHash, hash):
		return previous
	case hmac.Equal(t.mark, r.mark(t.secret)):
		return used
	}
	return foreign
}

// mark is that of a secret in the session's family.
func (r row) mark(secret []byte) []byte { return keyed(r.familyKey, secret)[:markSize] }

// refreshToken makes a secret a token of the session.
func (r row) refreshToken(tenant string, secret []byte) refreshToken {
	return refreshToken{tenant, r.id, secret, r.mark(secret)}
}

// newFamily gives the session a refresh token that descends from none. Those from before are
// worthless, and presenting one gives away nothing.
func (r *row) newFamily(tenant string) refreshToken {
	r.familyKey, r.previousHash, r.salt = random(), nil, nil
	token := r.refreshToken(tenant, random())
	r.refreshHash = token.hash()
	return token
}

// exchange issues new tokens to the bearer of the current refresh token or of the previous one, who
// get the same successor: an answer that was lost, a program that fell over, or a second tab must not
// end a session. Which of the two was presented shows whether the rotation has happened; only the
// first time counts as a renewal. Whoever presents the successor makes the previous token a used one.
func (s *Service) exchange(ctx context.Context, tx *store.Tx, token refreshToken, r row) (issued, error) {
	rotated := r.standing(token) == previous
	if !rotated {
		r.previousHash, r.salt = r.refreshHash, random()
	}
	next := r.refreshToken(tx.Tenant(), token.successor(r.salt))
	if !rotated {
		r.refreshHash = next.hash()
		if err := s.renew(ctx, tx, &r); err != nil {
			return issued{}, err
		}
	}
	i, err := s.issue(ctx, tx, r, next)
	if err != nil {
		return issued{}, err
	}
	return i.warned(ctx, tx, r.renewedAt)
}

// renew stores the row's refresh tokens and has the session last longer.
func (s *Service) renew(ctx context.Context, tx *store.Tx, r *row) error {
	r.expiresAt = expiry(tx.Now, r.createdAt)
	if err := updateRefresh(ctx, tx, *r); err != nil {
		return err
	}
	s.forgetAfter(tx, r.user)
	return nil
}
