package session

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"fmt"
	"slices"
)

// ReadJWKS reads a JWK set (RFC 7517, section 5) as strictly as a token is read, and finds in it the keys that may verify
// an access token: public keys on P-256 with a kid, whose use, key_ops and alg, where they are there, say no other thing.
// All others are passed over, as that section asks; a token that names one of them has no key.
//
// Two keys with one kid are an error, whatever they are: which of them a token means would depend on the reader. So is
// an EC key with its private half, because whoever has seen the file can sign with it. The private half of a key of
// another type is not looked for, as nothing is ever verified with it.
func ReadJWKS(text []byte) (Keys, error) {
	set, err := readObject(text)
	if err != nil {
		return nil, fmt.Errorf("reading a JWK set: %s", notStrict(err))
	}
	list, ok := set["keys"].([]any)
	if !ok {
		return nil, errors.New("reading a JWK set: it has no list of keys")
	}
	keys := map[string]*ecdsa.PublicKey{} // by kid; nil for one that is passed over
	for i, item := range list {
		id, key, err := readJWK(item)
		if _, taken := keys[id]; taken && err == nil {
			err = errors.New("has the kid of another")
		}
		if err != nil {
			return nil, fmt.Errorf("reading a JWK set: key %d %w", i+1, err)
		}
		if id != "" {
			keys[id] = key
		}
	}
	return func(id string) (*ecdsa.PublicKey, bool) { return keys[id], keys[id] != nil }, nil
}

// readJWK reads one key of a set: its kid, empty where it has none, and the key if it may verify an access token.
func readJWK(item any) (id string, key *ecdsa.PublicKey, err error) {
	jwk, ok := item.(map[string]any)
	if !ok {
		return "", nil, errors.New("is not an object")
	}
	if _, private := jwk["d"]; private && jwk["kty"] == "EC" {
		return "", nil, errors.New("is a private one: whoever has seen the file can sign with it")
	}
	return claimText(jwk["kid"]), verificationKey(jwk), nil
}

// notStrict says what the strict reader of tokens found wrong with something that is no token.
func notStrict(err error) string {
	var refusal *TokenError
	if errors.As(err, &refusal) {
		switch refusal.Reason {
		case TokenDuplicateName:
			return "an object has two names that are equal ignoring case"
		case TokenTooDeep:
			return fmt.Sprintf("it is nested more than %d deep", maxTokenDepth)
		}
	}
	return "it is not one JSON object"
}

// verificationKey returns the public key that jwk holds, or nil if that is not one to verify ES256 with.
func verificationKey(jwk map[string]any) *ecdsa.PublicKey {
	if jwk["kty"] != "EC" || jwk["crv"] != "P-256" || !allowsVerification(jwk) {
		return nil
	}
	x, errX := decodePart(claimText(jwk["x"]))
	y, errY := decodePart(claimText(jwk["y"]))
	if errX != nil || errY != nil || len(x) != signatureSize/2 || len(y) != signatureSize/2 {
		return nil // RFC 7518, section 6.2.1.2: full length, leading zeros too
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	if err != nil { // the point is not on the curve
		return nil
	}
	return key
}

// allowsVerification reads what a key says it is for. What it does not say is not forbidden.
func allowsVerification(jwk map[string]any) bool {
	if use, ok := jwk["use"]; ok && use != "sig" {
		return false
	}
	if algorithm, ok := jwk["alg"]; ok && algorithm != tokenAlgorithm {
		return false
	}
	operations, ok := jwk["key_ops"]
	if !ok {
		return true
	}
	return isTextsClaim(operations) && slices.Contains(claimTexts(operations), "verify")
}
