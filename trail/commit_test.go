package trail_test

import (
	"bytes"
	"testing"

	"github.com/usher-desk/usher/trail"
)

// Computed with Python's hmac and base64 modules from the formula in Commit's comment.
func TestCommitKnownAnswer(t *testing.T) {
	c, err := trail.Commit(bytes.Repeat([]byte{7}, 32), "desk.example/audit/t1", recordID, "context.personal.address", "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	if want := trail.Commitment("0iM7mJZ2RZPrhsKNxGDsYyED9TWdT_9WRSPYR6L_fH4"); c != want {
		t.Errorf("got %s, want %s", c, want)
	}
}

func TestCommitmentBindsEveryPart(t *testing.T) {
	other := bytes.Repeat([]byte{8}, trail.SaltSize)
	c, err := trail.Commit(salt, "log", "id", "field", "value")
	if err != nil {
		t.Fatal(err)
	}
	if !c.Matches(salt, "log", "id", "field", "value") {
		t.Error("a commitment does not match what it was made of")
	}
	for name, matches := range map[string]bool{
		"salt":          c.Matches(other, "log", "id", "field", "value"),
		"short salt":    c.Matches(salt[1:], "log", "id", "field", "value"),
		"log":           c.Matches(salt, "logs", "id", "field", "value"),
		"id":            c.Matches(salt, "log", "ID", "field", "value"),
		"field":         c.Matches(salt, "log", "id", "fields", "value"),
		"value":         c.Matches(salt, "log", "id", "field", "value "),
		"moved border":  c.Matches(salt, "lo", "gid", "field", "value"),
		"swapped parts": c.Matches(salt, "id", "log", "field", "value"),
		"empty":         trail.Commitment("").Matches(salt, "log", "id", "field", "value"),
		"padded":        (c + "=").Matches(salt, "log", "id", "field", "value"),
	} {
		if matches {
			t.Errorf("another %s matches too", name)
		}
	}
}

func TestCommitRefusesAmbiguity(t *testing.T) {
	for name, f := range map[string]func() (trail.Commitment, error){
		"a zero byte in the field": func() (trail.Commitment, error) { return trail.Commit(salt, "l", "i", "f\x00", "v") },
		"a zero byte in the log":   func() (trail.Commitment, error) { return trail.Commit(salt, "l\x00", "i", "f", "v") },
		"a zero byte in the id":    func() (trail.Commitment, error) { return trail.Commit(salt, "l", "\x00i", "f", "v") },
		"no salt":                  func() (trail.Commitment, error) { return trail.Commit(nil, "l", "i", "f", "v") },
		"a long salt":              func() (trail.Commitment, error) { return trail.Commit(make([]byte, 33), "l", "i", "f", "v") },
	} {
		if c, err := f(); err == nil || c != "" {
			t.Errorf("%s: %q, %v", name, c, err)
		}
	}
	if _, err := trail.Commit(salt, "l", "i", "f", "a value may hold \x00 and \xff"); err != nil {
		t.Error(err)
	}
}

func TestSaltsDiffer(t *testing.T) {
	a, b := trail.NewSalt(), trail.NewSalt()
	if len(a) != trail.SaltSize || bytes.Equal(a, b) {
		t.Errorf("two salts: %x, %x", a, b)
	}
}
