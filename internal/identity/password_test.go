package identity_test

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/trustelem/zxcvbn/frequency"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/vectors"
)

// quick hashes at the least cost there is.
func quick() *identity.Service { return identity.New(identity.Config{BcryptCost: 4}) }

func TestPasswordRules(t *testing.T) {
	s := quick()
	for _, good := range []string{
		"correct horse battery staple",
		"一条很长的口令没人猜得到",
		"Xq7#pLm2&vRt",
		strings.Repeat("🦊", 4) + " zebra umbrella",
	} {
		hash, err := s.Hash(t.Context(), "acme", "li.wei", good)
		if err != nil {
			t.Errorf("%q: %v", good, err)
			continue
		}
		if err := s.Verify(t.Context(), &hash, good); err != nil {
			t.Errorf("%q is not its own hash's: %v", good, err)
		}
	}
	for bad, why := range map[string]string{
		"":            "0 characters",
		"Xq7#pLm2&vR": "11 characters",
		"口令口令口令口令口令口": "11 characters",
		"correct horse " + strings.Repeat("battery ", 8): "78 bytes",
		"passwordpassword":                "guessed",
		"aaaaaaaaaaaaaaaa":                "guessed",
		"qwertyuiop12":                    "guessed",
		"horse battery LI.WEI staple":     "username",
		"horse battery ｌｉ．ｗｅｉ":            "username",
		"horse ACME battery staple":       "tenant",
		"abcabcabcabcabc":                 "guessed",
		"this is \xff not valid utf8 :-)": "guessed",
	} {
		_, err := s.Hash(t.Context(), "acme", "li.wei", bad)
		if !errors.Is(err, identity.ErrWeakPassword) || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want a word about %s", bad, err, why)
		}
		if bad != "" && err != nil && strings.Contains(err.Error(), bad) {
			t.Errorf("the refusal repeats the password: %v", err)
		}
	}
	if _, err := s.Hash(t.Context(), "it", "bob", "horse battery bob it staple"); err != nil {
		t.Errorf("names of three characters: %v", err)
	}
}

// The list comes from leaked collections, the most used first (ASVS 5.0, 6.2.4 and 6.2.12).
func TestMostUsedPasswordsAreRefused(t *testing.T) {
	s, tried := quick(), 0
	for _, used := range frequency.FrequencyLists["passwords"] {
		if len(used) < 12 {
			continue // too short anyhow
		}
		tried++
		if _, err := s.Hash(t.Context(), "acme", "li.wei", used); !errors.Is(err, identity.ErrWeakPassword) {
			t.Errorf("%q: %v", used, err)
		}
	}
	if tried < 100 {
		t.Errorf("only %d were tried", tried)
	}
}

func TestVerifyFailsClosed(t *testing.T) {
	s := quick()
	long := strings.Repeat("x1Y?", 18) // 72 bytes
	hash, err := s.Hash(t.Context(), "acme", "li", "zebra "+long[6:])
	if err != nil {
		t.Fatal(err)
	}
	full := "zebra " + long[6:]
	broken := func(f func(h []byte)) *string {
		b := []byte(hash)
		f(b)
		text := string(b)
		return &text
	}
	empty := ""
	for name, c := range map[string]struct {
		hash     *string
		password string
	}{
		"no hash":                      {nil, full},
		"no hash, no password":         {nil, ""},
		"empty hash":                   {&empty, ""},
		"another password":             {&hash, "zebra"},
		"a byte too many":              {&hash, full + "!"},
		"form 2x, which had a bug":     {broken(func(h []byte) { h[2] = 'x' }), full},
		"a cost without end":           {broken(func(h []byte) { copy(h[4:], "31") }), full},
		"a cost too low to be allowed": {broken(func(h []byte) { copy(h[4:], "03") }), full},
		"cut short":                    {broken(func(h []byte) { h[59] = ' ' }), full},
	} {
		if err := s.Verify(t.Context(), c.hash, c.password); !errors.Is(err, identity.ErrWrongPassword) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Verify(t.Context(), &hash, full); err != nil {
		t.Errorf("the password itself: %v", err)
	}
}

func TestAHashOfAnotherCostIsOutdated(t *testing.T) {
	hash, err := quick().Rehash(t.Context(), "short")
	if err != nil {
		t.Fatal(err)
	}
	if quick().Outdated(hash) {
		t.Error("a hash of the cost that applies is outdated")
	}
	later := identity.New(identity.Config{BcryptCost: 5})
	if !later.Outdated(hash) || !later.Outdated("no hash") {
		t.Error("a hash of another cost is not outdated")
	}
	if err := later.Verify(t.Context(), &hash, "short"); err != nil {
		t.Errorf("a hash of another cost is refused: %v", err)
	}
}

func TestAnAbandonedCallDoesNotPass(t *testing.T) {
	s := quick()
	hash, err := s.Rehash(t.Context(), "short")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 {
		if err := s.Verify(ctx, &hash, "wrong"); err == nil {
			t.Fatal("a wrong password passed")
		}
	}
}

func TestBcryptVectors(t *testing.T) {
	var file struct {
		Vectors []struct {
			Password string `json:"password_hex"`
			Hash     string
			Match    bool
		}
	}
	if !vectors.Read(t, "bcrypt/vectors.json", &file) {
		return
	}
	if len(file.Vectors) == 0 {
		t.Fatal("no vectors")
	}
	s := quick()
	for i, v := range file.Vectors {
		password, err := hex.DecodeString(v.Password)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Verify(t.Context(), &v.Hash, string(password))
		if v.Match != (err == nil) || err != nil && !errors.Is(err, identity.ErrWrongPassword) {
			t.Errorf("vector %d: %v, want match %v", i, err, v.Match)
		}
	}
}

// FuzzPasswords: whatever a stranger sends as a new password is refused as weak, or becomes a hash
// that it and nothing longer opens.
func FuzzPasswords(f *testing.F) {
	for _, seed := range []string{"correct horse battery staple", "", "\xff\xfe", strings.Repeat("a", 73), "p@ssw0rd1990/2/3", "ﬁﬁﬁﬁ ΩΩΩΩ ﷺ"} {
		f.Add(seed, "li.wei")
	}
	s := quick()
	f.Fuzz(func(t *testing.T, password, username string) {
		hash, err := s.Hash(t.Context(), "acme", username, password)
		if err != nil {
			if !errors.Is(err, identity.ErrWeakPassword) {
				t.Fatal(err)
			}
			return
		}
		if err := s.Verify(t.Context(), &hash, password); err != nil {
			t.Fatalf("%q does not open its own hash: %v", password, err)
		}
		if err := s.Verify(t.Context(), &hash, password+"x"); err == nil {
			t.Fatalf("%q with a letter more opens its hash", password)
		}
	})
}
