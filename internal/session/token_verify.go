package session

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// tokenLeeway is how far the clocks of two nodes may be apart.
const tokenLeeway = 30 * time.Second

// Keys finds the public key with an id, the same pointer for as long as it is the same key. It reports false for a key
// that it does not know or that is no longer trusted.
type Keys func(id string) (*ecdsa.PublicKey, bool)

// Verifier tells whether an access token is one of ours and in force. It knows nothing of revocation: whoever has
// the claims must still compare them with the live state of session, user and tenant.
//
// A Verifier that lacks issuer, audience or keys refuses every token. It may be used by several goroutines at once.
type Verifier struct {
	Issuer        string
	Audience      string
	Keys          Keys
	RequireEpochs bool             // refuse a token without epochs
	Now           func() time.Time // time.Now where it is nil

	known *knownTokens // nil where every token is checked anew
}

// Verify returns the claims of a token. A token that is refused gives a [*TokenError] and no claims: nothing that it
// says may be believed, not even for the log.
func (v *Verifier) Verify(token string) (Claims, error) {
	if v.Issuer == "" || v.Audience == "" || v.Keys == nil {
		return Claims{}, errors.New("session: a verifier without issuer, audience or keys accepts nothing")
	}
	if len(token) > MaxToken {
		return Claims{}, refuseToken(TokenTooLarge, "")
	}
	digest := tokenDigest(sha256.Sum256([]byte(token)))
	genuine, known := v.known.find(digest)
	if !known || !v.trusts(genuine) {
		var err error
		if genuine, err = v.check(token); err != nil {
			v.known.drop(digest)
			return Claims{}, err
		}
		v.known.keep(digest, genuine)
	}
	if err := v.validator().Validate(jwt.MapClaims(genuine.claims)); err != nil {
		v.known.drop(digest)
		return Claims{}, refuseToken(reasonOf(err), "")
	}
	return claimsOf(genuine.claims), nil
}

// trusts tells whether the key that once verified a token is still the one of its id.
func (v *Verifier) trusts(g genuineToken) bool {
	key, ok := v.Keys(g.keyID)
	return ok && key == g.key
}

// check looks at what never changes about a token: its form and its signature.
func (v *Verifier) check(token string) (genuineToken, error) {
	strict, err := readToken(token)
	if err != nil {
		return genuineToken{}, err
	}
	if v.RequireEpochs && strict.claims["epochs"] == nil {
		return genuineToken{}, refuseToken(TokenMissingClaim, "epochs")
	}
	key, err := v.key(strict)
	if err != nil {
		return genuineToken{}, err
	}
	if _, err := signatureParser.Parse(token, func(*jwt.Token) (any, error) { return key, nil }); err != nil {
		return genuineToken{}, refuseToken(reasonOf(err), "")
	}
	return genuineToken{keyID: strict.keyID, key: key, claims: strict.claims}, nil
}

// key finds the key that a token names. Its curve says which algorithm the token must have been signed with; what the
// header says is compared and never followed.
func (v *Verifier) key(t strictToken) (*ecdsa.PublicKey, error) {
	key, ok := v.Keys(t.keyID)
	if !ok || key == nil || key.Curve != elliptic.P256() {
		return nil, refuseToken(TokenUnknownKey, "")
	}
	if t.algorithm != tokenAlgorithm {
		return nil, refuseToken(TokenBadAlgorithm, "")
	}
	return key, nil
}

// signatureParser leaves the claims to the validator, which judges them each time.
var signatureParser = jwt.NewParser(
	jwt.WithValidMethods([]string{tokenAlgorithm}),
	jwt.WithStrictDecoding(),
	jwt.WithoutClaimsValidation(),
)

// validator judges what claims say at this moment.
func (v *Verifier) validator() *jwt.Validator {
	now := v.Now
	if now == nil {
		now = time.Now
	}
	return jwt.NewValidator(
		jwt.WithIssuer(v.Issuer),
		jwt.WithAudience(v.Audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(), // a token from the future would outlive a change of epochs
		jwt.WithLeeway(tokenLeeway),
		jwt.WithTimeFunc(now),
	)
}

// reasonOf translates what the library found. Several things can be wrong at once; the first in this order is told.
func reasonOf(err error) TokenReason {
	for _, r := range []struct {
		is     error
		reason TokenReason
	}{
		{jwt.ErrTokenSignatureInvalid, TokenBadSignature},
		{jwt.ErrTokenInvalidIssuer, TokenWrongIssuer},
		{jwt.ErrTokenInvalidAudience, TokenWrongAudience},
		{jwt.ErrTokenExpired, TokenExpired},
		{jwt.ErrTokenNotValidYet, TokenNotYetValid},
		{jwt.ErrTokenUsedBeforeIssued, TokenNotYetValid},
	} {
		if errors.Is(err, r.is) {
			return r.reason
		}
	}
	return TokenMalformed
}
