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

// Whoever's hash is of another cost than the program's must not be known by how long a refusal takes.
func TestAHashOfALowerCostCostsAsMuchWork(t *testing.T) {
	for done := 4; done <= 15; done++ {
		for whole := 4; whole <= 15; whole++ {
			work := 1 << done
			for _, cost := range missing(done, whole) {
				work += 1 << cost
			}
			if work != max(1<<done, 1<<whole) {
				t.Errorf("cost %d instead of %d: %d rounds", done, whole, work)
			}
		}
	}
}
