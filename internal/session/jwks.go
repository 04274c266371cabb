package session

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// JWKS is the document at /.well-known/jwks.json (RFC 7517, section 5). It holds public keys only.
type JWKS struct {
	Keys []JWK `json:"keys"`
}

// JWK is a public ECDSA key on P-256 (RFC 7518, section 6.2). The type has no field for a private one.
type JWK struct {
	KeyType   string `json:"kty"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	Y         string `json:"y"`
	KeyID     string `json:"kid"`
	Algorithm string `json:"alg"`
	Use       string `json:"use"`
}

// PublicKeys returns the document for keys, in their order.
func PublicKeys(keys ...*SigningKey) JWKS {
	set := JWKS{Keys: make([]JWK, 0, len(keys))} // never null
	for _, k := range keys {
		set.Keys = append(set.Keys, k.JWK())
	}
	return set
}

func jwkOf(public *ecdsa.PublicKey) (JWK, error) {
	point, err := public.Bytes() // 0x04, then x and y at full length (SEC 1, section 2.3.3)
	if err != nil {
		return JWK{}, fmt.Errorf("publishing a signing key: %w", err)
	}
	half := (len(point) - 1) / 2
	k := JWK{
		KeyType: "EC", Curve: "P-256", Algorithm: tokenAlgorithm, Use: "sig",
		X: base64.RawURLEncoding.EncodeToString(point[1 : 1+half]),
		Y: base64.RawURLEncoding.EncodeToString(point[1+half:]),
	}
	k.KeyID = k.thumbprint()
	return k, nil
}

// thumbprint is that of RFC 7638 with SHA-256: over the required members, in the order of their names. None of the
// values needs an escape.
func (k JWK) thumbprint() string {
	sum := sha256.Sum256([]byte(`{"crv":"` + k.Curve + `","kty":"` + k.KeyType + `","x":"` + k.X + `","y":"` + k.Y + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
