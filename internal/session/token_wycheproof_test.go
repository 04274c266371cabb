package session_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/usher-desk/usher/internal/session"
	"github.com/usher-desk/usher/internal/vectors"
)

// The library's ES256 is asked directly: what it accepts and refuses is what Verify relies on.
func TestWycheproofES256(t *testing.T) {
	var cases struct {
		NumberOfTests int
		TestGroups    []struct {
			PublicKey struct{ Uncompressed string }
			Tests     []struct {
				TcID                      int
				Comment, Msg, Sig, Result string
			}
		}
	}
	if !vectors.Read(t, "wycheproof/ecdsa_secp256r1_sha256_p1363_test.json", &cases) {
		return
	}
	asked := 0
	for _, g := range cases.TestGroups {
		key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), unhex(t, g.PublicKey.Uncompressed))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range g.Tests {
			asked++
			err := jwt.SigningMethodES256.Verify(string(unhex(t, c.Msg)), unhex(t, c.Sig), key)
			if (err == nil) != (c.Result == "valid") {
				t.Errorf("case %d, %s: %v, want %s", c.TcID, c.Comment, err, c.Result)
			}
		}
	}
	if asked != cases.NumberOfTests || asked == 0 {
		t.Errorf("asked %d of %d cases", asked, cases.NumberOfTests)
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// None of the signed texts is an access token, the valid ones neither: their header has no typ. Then each signature
// is put under a token that is one in everything else.
func TestWycheproofJWS(t *testing.T) {
	var cases struct {
		TestGroups []struct {
			Public struct{ Crv, X, Y string }
			Tests  []struct {
				TcID         int
				Comment, JWS any
			}
		}
	}
	if !vectors.Read(t, "wycheproof/json_web_signature_test.json", &cases) {
		return
	}
	m, asked := newMint(t), 0
	good := m.sign(m.header(), object(claims()))
	body := good[:strings.LastIndex(good, ".")+1]
	for _, g := range cases.TestGroups {
		m.verify.Keys = func(string) (*ecdsa.PublicKey, bool) { return m.key.Public(), true }
		if g.Public.Crv == "P-256" {
			key := pointOf(t, g.Public.X, g.Public.Y)
			m.verify.Keys = func(string) (*ecdsa.PublicKey, bool) { return key, true }
		}
		for _, c := range g.Tests {
			jws, ok := c.JWS.(string)
			if !ok { // some cases are in JSON serialization, which no header of a request carries
				b, err := json.Marshal(c.JWS)
				if err != nil {
					t.Fatal(err)
				}
				jws = string(b)
			}
			asked++
			for _, token := range []string{jws, body + jws[strings.LastIndex(jws, ".")+1:]} {
				var refusal *session.TokenError
				if _, err := m.verify.Verify(token); !errors.As(err, &refusal) {
					t.Errorf("case %d, %v: %v", c.TcID, c.Comment, err)
				}
			}
		}
	}
	if asked < 300 {
		t.Errorf("asked %d cases only", asked)
	}
}

func pointOf(t *testing.T, x, y string) *ecdsa.PublicKey {
	t.Helper()
	bx, errX := base64.RawURLEncoding.DecodeString(x)
	by, errY := base64.RawURLEncoding.DecodeString(y)
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, bx, by))
	if err := errors.Join(errX, errY, err); err != nil {
		t.Fatal(err)
	}
	return key
}

// The examples of the RFCs are good signatures, or none, and no access tokens.
func TestTheExamplesOfTheRFCsAreNoAccessTokens(t *testing.T) {
	var cases []struct{ ID, JWS string }
	if !vectors.Read(t, "jose/rfc-examples.json", &cases) {
		return
	}
	m, asked := newMint(t), 0
	m.verify.Keys = func(string) (*ecdsa.PublicKey, bool) { return m.key.Public(), true }
	for _, v := range cases {
		if v.JWS == "" {
			continue
		}
		asked++
		if c, err := m.verify.Verify(v.JWS); err == nil {
			t.Errorf("%s was accepted: %+v", v.ID, c)
		}
	}
	if asked == 0 {
		t.Error("no example has a signed text")
	}
}
