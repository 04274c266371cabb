package session

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
)

// signatureSize is the length in bytes of an ES256 signature (RFC 7518, section 3.4).
const signatureSize = 64

// SigningKey signs access tokens with ES256: ECDSA on P-256 with SHA-256. It signs nothing else.
type SigningKey struct {
	private *ecdsa.PrivateKey
	jwk     JWK
}

// NewSigningKey makes a key.
func NewSigningKey() (*SigningKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a signing key: %w", err)
	}
	return newSigningKey(private)
}

// ParseSigningKey reads what Marshal wrote.
func ParseSigningKey(der []byte) (*SigningKey, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("reading a signing key: %w", err)
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return nil, errors.New("reading a signing key: it is not an ECDSA key on P-256")
	}
	return newSigningKey(private)
}

func newSigningKey(private *ecdsa.PrivateKey) (*SigningKey, error) {
	jwk, err := jwkOf(&private.PublicKey)
	if err != nil {
		return nil, err
	}
	return &SigningKey{private: private, jwk: jwk}, nil
}

// Marshal returns the private key in PKCS #8 form (RFC 5958). It must be sealed before it is stored.
func (k *SigningKey) Marshal() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return nil, fmt.Errorf("writing a signing key: %w", err)
	}
	return der, nil
}

// ID is the kid of the tokens it signs: the thumbprint of the public key (RFC 7638), so that no two keys share one.
func (k *SigningKey) ID() string { return k.jwk.KeyID }

// Public returns the key that verifies what k signs.
func (k *SigningKey) Public() *ecdsa.PublicKey { return &k.private.PublicKey }

// JWK returns the public key in the form in which it is published.
func (k *SigningKey) JWK() JWK { return k.jwk }

// Format keeps the private key out of logs and errors, whatever the verb.
func (k SigningKey) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "signing key %s", k.jwk.KeyID) }
