package identity

import (
	"fmt"
	"regexp"
	"strconv"

	"golang.org/x/crypto/bcrypt"

	"github.com/usher-desk/usher/internal/fault"
)

// hashForm are the hashes that are compared at all: the forms in use, at a cost that ends. The
// library itself would take other forms, and one stored hash of cost 31 would hold a processor for
// a day.
var hashForm = regexp.MustCompile(`^\$2[aby]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$`)

// wholeHash is hashForm without the spare bits that a salt and a sum end with: a hash that has any set
// is no program's, or no password is known for it.
var wholeHash = regexp.MustCompile(`^\$2[aby]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$`)

// CheckImportedHash judges what another desk has made of a password: bcrypt in the forms 2a, 2b and 2y, at
// a cost of 4 to 15. The refusal does not repeat it.
func CheckImportedHash(hash string) error {
	if !wholeHash.MatchString(hash) {
		return fault.ErrInvalid.At("body.password_hash", "expected a bcrypt hash: $2a$, $2b$ or $2y$ and a cost of 04 to 15, 60 characters in all")
	}
	return nil
}

// costOf is the cost that a hash was made at; 0 when it is none.
func costOf(hash string) int {
	parts := hashForm.FindStringSubmatch(hash)
	if parts == nil {
		return 0
	}
	cost, _ := strconv.Atoi(parts[1]) // two digits
	return cost
}

func newHash(password string, cost int) (string, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		return "", fmt.Errorf("hashing a password: %w", err)
	}
	return string(hash), nil
}

// matches compares a password with a hash. It always does the work of one hash of the stated cost:
// where there is nothing to compare with, or the password is longer than any can be, and where the
// hash was made at a lower cost, whose owner would be known by the quick answer.
func matches(hash *string, password string, cost int) bool {
	comparable := hash != nil && costOf(*hash) != 0 && len(password) <= maxBytes
	against, done := noHash(cost), cost
	if comparable {
		against, done = *hash, costOf(*hash)
	}
	typed := []byte(password[:min(len(password), maxBytes)])
	err := bcrypt.CompareHashAndPassword([]byte(against), typed)
	for _, c := range missing(done, cost) {
		_ = bcrypt.CompareHashAndPassword([]byte(noHash(c)), typed)
	}
	return comparable && err == nil
}

// missing are the costs whose work makes up for that of whole where only that of done was done: each
// is twice the work of the one below.
func missing(done, whole int) (costs []int) {
	for cost := done; cost < whole; cost++ {
		costs = append(costs, cost)
	}
	return costs
}

// noHash has the form of a hash of the cost; no password is known for it.
func noHash(cost int) string {
	return fmt.Sprintf("$2a$%02d$%s", cost, "/I5ZoNp1Sqj3ZjEyZVZkWePT3g9t1gfqQ7Ym5JYMRm9ZyTqPcQmZy")
}
