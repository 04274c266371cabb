package identity

import (
	"errors"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

// Where there is no hash, the same work must be done as where there is one: a hash that the library
// found malformed would be answered at once.
func TestTheHashOfNobodyIsWellFormed(t *testing.T) {
	for _, cost := range []int{4, 5, 10} {
		hash := noHash(cost)
		if costOf(hash) != cost {
			t.Errorf("%s has cost %d, want %d", hash, costOf(hash), cost)
		}
		if err := bcrypt.CompareHashAndPassword([]byte(hash), []byte("anything")); !errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
			t.Errorf("%s: %v", hash, err)
		}
	}
}
