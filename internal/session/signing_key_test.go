package session_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/session"
)

// The key of RFC 7515, appendix A.3. The thumbprint was computed from RFC 7638 with Python's hashlib.
func TestTheJWKOfAKnownKey(t *testing.T) {
	d, err := base64.RawURLEncoding.DecodeString("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI")
	if err != nil {
		t.Fatal(err)
	}
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), d)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := session.ParseSigningKey(der)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(session.PublicKeys(key))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",` +
		`"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U","alg":"ES256","use":"sig"}]}`
	if string(b) != want {
		t.Errorf("got\n%s\nwant\n%s", b, want)
	}
}

func TestNoKeysAreAnEmptyList(t *testing.T) {
	if b, err := json.Marshal(session.PublicKeys()); err != nil || string(b) != `{"keys":[]}` {
		t.Errorf("%s, %v", b, err)
	}
}

func TestASigningKeySurvivesStorage(t *testing.T) {
	m := newMint(t)
	der, err := m.key.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	back, err := session.ParseSigningKey(der)
	if err != nil {
		t.Fatal(err)
	}
	if back.ID() != m.key.ID() || !back.Public().Equal(m.key.Public()) || back.JWK() != m.key.JWK() {
		t.Errorf("%s came back as %s", m.key.ID(), back.ID())
	}
}

func TestKeysOfOtherKindsAreRefused(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]any{"P-384": p384, "Ed25519": ed} {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := session.ParseSigningKey(der); err == nil {
			t.Errorf("a key on %s was accepted", name)
		}
	}
	if _, err := session.ParseSigningKey([]byte("x")); err == nil {
		t.Error("what is no key was accepted")
	}
}

func TestKeysHaveDifferentIDs(t *testing.T) {
	if a, b := newMint(t).key, newMint(t).key; a.ID() == b.ID() {
		t.Error("two new keys have one id")
	}
}

func TestAPrivateKeyIsNeverPrinted(t *testing.T) {
	key := newMint(t).key
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if s := fmt.Sprintf(verb+verb, key, *key); s != strings.Repeat("signing key "+key.ID(), 2) {
			t.Errorf("%s prints %q", verb, s)
		}
	}
}
