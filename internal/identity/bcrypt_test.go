package identity

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/usher-desk/usher/internal/fault"
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

// What comes from elsewhere is taken in its full form alone: the library compares with more than it makes.
func TestHashesOfOtherDesks(t *testing.T) {
	const whole = "$2a$04$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
	if err := bcrypt.CompareHashAndPassword([]byte("$2x$04$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWyand more"), nil); !errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		t.Errorf("the library has become strict: %v", err)
	}
	for _, good := range []string{whole, strings.Replace(whole, "2a", "2b", 1), strings.Replace(whole, "2a", "2y", 1), strings.Replace(whole, "$04$", "$15$", 1)} {
		if err := CheckImportedHash(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "correct horse battery staple", whole[1:], whole[:59], whole + "a", whole + "\n", " " + whole,
		strings.Replace(whole, "2a", "2x", 1), strings.Replace(whole, "2a", "2", 1), strings.Replace(whole, "2a", "1", 1),
		strings.Replace(whole, "$04$", "$03$", 1), strings.Replace(whole, "$04$", "$16$", 1), strings.Replace(whole, "$04$", "$31$", 1),
		strings.Replace(whole, "$04$", "$4$", 1), strings.Replace(whole, "$04$", "$+4$", 1), strings.Replace(whole, "9qo", "9+o", 1),
		whole[:28] + "f" + whole[29:], whole[:59] + "z", // spare bits of the salt and the sum
		"$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG",
	} {
		if err := CheckImportedHash(bad); !errors.Is(err, fault.ErrInvalid) || bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v", bad, err)
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
