package session

import (
	"crypto/ecdsa"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// ring is a set of keys that a test changes, with a verifier that remembers and one that does not.
type ring struct {
	keys                map[string]*ecdsa.PublicKey
	now                 time.Time
	remembering, simple *Verifier
}

func newRing(keys ...*SigningKey) *ring {
	r := &ring{keys: map[string]*ecdsa.PublicKey{}, now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	for _, k := range keys {
		r.keys[k.ID()] = k.Public()
	}
	find := func(id string) (*ecdsa.PublicKey, bool) {
		k, ok := r.keys[id]
		return k, ok
	}
	now := func() time.Time { return r.now }
	r.simple = &Verifier{Issuer: "https://desk.example", Audience: "usher", Keys: find, Now: now}
	remembering := *r.simple
	remembering.known = newKnownTokens()
	r.remembering = &remembering
	return r
}

// token is good for an hour at the ring's time. Claims that are given take the place of what it would say.
func (r *ring) token(t interface{ Fatal(...any) }, key *SigningKey, id string, given jwt.MapClaims) string {
	unsigned := key.unsigned(Claims{
		Issuer: "https://desk.example", Audience: []string{"usher"}, Subject: "u1", TenantID: "t1", SessionID: "s1", ID: id,
		IssuedAt: r.now, ExpiresAt: r.now.Add(time.Hour), AMR: []string{"pwd"}, Roles: []string{"agent"}, Epochs: &Epochs{1, 2},
	})
	for name, v := range given {
		unsigned.Claims.(jwt.MapClaims)[name] = v
	}
	text, err := unsigned.SigningString()
	if err != nil {
		t.Fatal(err)
	}
	token, err := key.sign(text)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// want fails the test unless the verifier that remembers refuses the token for this reason, or "" accepts it.
func (r *ring) want(t *testing.T, token string, reason TokenReason) {
	t.Helper()
	_, err := r.remembering.Verify(token)
	if got := reasonIn(err); got != reason {
		t.Errorf("%q, want %q", got, reason)
	}
}

func reasonIn(err error) TokenReason {
	var refusal *TokenError
	errors.As(err, &refusal)
	if refusal == nil {
		return ""
	}
	return refusal.Reason
}

func newKey(t testing.TB) *SigningKey {
	t.Helper()
	key, err := NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// The key is spoilt where it lies, so that whoever checks a signature with it finds the signature wrong.
func TestAKnownTokenCostsNoSecondSignatureCheck(t *testing.T) {
	key := newKey(t)
	r := newRing(key)
	known, strange := r.token(t, key, "j1", nil), r.token(t, key, "j2", nil)
	first, err := r.remembering.Verify(known)
	if err != nil {
		t.Fatal(err)
	}
	*key.Public() = *newKey(t).Public()
	again, err := r.remembering.Verify(known)
	if diff := cmp.Diff(first, again); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	r.want(t, strange, TokenBadSignature)
	if got := reasonIn(second(r.simple.Verify(known))); got != TokenBadSignature {
		t.Errorf("a verifier that remembers nothing says %q", got)
	}
}

func second(_ Claims, err error) error { return err }

func TestWhoChangesTheClaimsOfAKnownTokenChangesTheirOwn(t *testing.T) {
	key := newKey(t)
	r := newRing(key)
	token := r.token(t, key, "j1", nil)
	for range 2 {
		c, err := r.remembering.Verify(token)
		if err != nil || c.AMR[0] != "pwd" || c.Roles[0] != "agent" || c.Epochs.User != 2 {
			t.Fatalf("%+v, %v", c, err)
		}
		c.AMR[0], c.Roles[0], c.Audience[0], c.Epochs.User = "otp", "admin", "other", 9
	}
}

// Time, issuer, audience and key are judged at each request, whatever is remembered.
func TestAKnownTokenIsJudgedEachTime(t *testing.T) {
	key := newKey(t)
	r := newRing(key)
	later := r.token(t, key, "j1", jwt.MapClaims{"nbf": r.now.Add(10 * time.Minute).Unix()})
	r.want(t, later, TokenNotYetValid)
	r.now = r.now.Add(10 * time.Minute)
	r.want(t, later, "")
	r.now = r.now.Add(-10 * time.Minute)
	r.want(t, later, TokenNotYetValid)
	r.now = r.now.Add(10 * time.Minute)
	r.want(t, later, "")

	r.remembering.Issuer = "https://other.example"
	r.want(t, later, TokenWrongIssuer)
	r.remembering.Issuer, r.remembering.Audience = r.simple.Issuer, "other"
	r.want(t, later, TokenWrongAudience)
	r.remembering.Audience = r.simple.Audience
	r.want(t, later, "")

	delete(r.keys, key.ID())
	r.want(t, later, TokenUnknownKey)
	r.keys[key.ID()] = newKey(t).Public() // nobody can make such a pair; the key decides all the same, not its name
	r.want(t, later, TokenBadSignature)
	r.keys[key.ID()] = key.Public()
	r.want(t, later, "")

	r.now = r.now.Add(50*time.Minute + tokenLeeway)
	r.want(t, later, TokenExpired)
	if len(r.remembering.known.recent) != 0 {
		t.Error("a token that has expired is still remembered")
	}
}

// Whatever comes in whatever order, remembering changes no answer. Among the tokens are those that differ from a good one
// in one byte.
func TestRememberingChangesNoAnswer(t *testing.T) {
	keys := []*SigningKey{newKey(t), newKey(t)}
	rapid.Check(t, func(t *rapid.T) {
		r := newRing(keys...)
		var tokens []string
		t.Repeat(map[string]func(*rapid.T){
			"issue": func(t *rapid.T) {
				given := jwt.MapClaims{}
				if rapid.Bool().Draw(t, "not before") {
					given["nbf"] = r.now.Add(time.Minute * time.Duration(rapid.IntRange(-5, 5).Draw(t, "from"))).Unix()
				}
				tokens = append(tokens, r.token(t, rapid.SampledFrom(keys).Draw(t, "key"), fmt.Sprint("j", len(tokens)), given))
			},
			"spoil": func(t *rapid.T) {
				if len(tokens) > 0 {
					tokens = append(tokens, spoilt(t, rapid.SampledFrom(tokens).Draw(t, "token")))
				}
			},
			"wait": func(t *rapid.T) {
				r.now = r.now.Add(time.Duration(rapid.Int64Range(-int64(time.Hour), int64(time.Hour)).Draw(t, "by")))
			},
			"rotate": func(t *rapid.T) {
				key := rapid.SampledFrom(keys).Draw(t, "key")
				if _, there := r.keys[key.ID()]; there {
					delete(r.keys, key.ID())
				} else {
					r.keys[key.ID()] = key.Public()
				}
			},
			"": func(t *rapid.T) {
				for _, token := range tokens {
					want, wantErr := r.simple.Verify(token)
					got, err := r.remembering.Verify(token)
					if diff := cmp.Diff(want, got); diff != "" || reasonIn(wantErr) != reasonIn(err) {
						t.Fatalf("%v instead of %v: %s", err, wantErr, diff)
					}
				}
			},
		})
	})
}

// spoilt differs from the token in one byte.
func spoilt(t *rapid.T, token string) string {
	at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
	b := rapid.Byte().Filter(func(b byte) bool { return b != token[at] }).Draw(t, "byte")
	return token[:at] + string([]byte{b}) + token[at+1:]
}

// No byte of a token is left out of what it is remembered by.
func TestATokenThatDiffersInOneByteIsNotTheKnownOne(t *testing.T) {
	key := newKey(t)
	r := newRing(key)
	token := r.token(t, key, "j1", nil)
	r.want(t, token, "")
	for at := range len(token) {
		other := []byte(token)
		other[at] ^= 1
		if _, err := r.remembering.Verify(string(other)); err == nil {
			t.Errorf("accepted with another byte at %d", at)
		}
	}
	for _, other := range []string{token + "\n", " " + token, token[:len(token)-1], strings.ToUpper(token), token + "."} {
		if _, err := r.remembering.Verify(other); err == nil {
			t.Errorf("accepted %q", other)
		}
	}
	r.want(t, token, "")
}

// FuzzKnownTokens offers anything to a verifier that remembers one good token. Nothing else passes, twice or once.
func FuzzKnownTokens(f *testing.F) {
	key := newKey(f)
	r := newRing(key)
	good := r.token(f, key, "j1", nil)
	if _, err := r.remembering.Verify(good); err != nil {
		f.Fatal(err)
	}
	head := good[:strings.LastIndex(good, ".")]
	f.Add(head + ".AAAA")
	f.Add(head + "." + strings.Repeat("A", 86))
	f.Add(strings.Repeat(".", 3))
	f.Fuzz(func(t *testing.T, token string) {
		for range 2 {
			if _, err := r.remembering.Verify(token); err == nil && token != good {
				t.Fatalf("%q was accepted", token)
			}
		}
	})
}

func TestKnownTokensAreBounded(t *testing.T) {
	k := newKnownTokens()
	digest := func(n int) tokenDigest { return tokenDigest{byte(n), byte(n >> 8), byte(n >> 16)} }
	for n := range 3 * knownLimit {
		k.keep(digest(n), genuineToken{keyID: fmt.Sprint(n)})
		if _, ok := k.find(digest(0)); !ok {
			t.Fatalf("what is asked for all the time was forgotten after %d others", n)
		}
	}
	if held := len(k.recent) + len(k.older); held > 2*knownLimit {
		t.Errorf("holds %d", held)
	}
	if g, ok := k.find(digest(3*knownLimit - 1)); !ok || g.keyID != fmt.Sprint(3*knownLimit-1) {
		t.Errorf("the last one is remembered as %q", g.keyID)
	}
	if _, ok := k.find(digest(1)); ok {
		t.Error("what nobody has asked for since is still there")
	}
}
