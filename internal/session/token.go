package session

import (
	"encoding/base64"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// AccessTokenLife is how long an access token lives at most.
	AccessTokenLife = 2 * time.Hour
	// MaxIssuedToken is the length in bytes that an issued token stays below. It travels with every request.
	MaxIssuedToken = 1500
	// MaxTokenRoles is how many role names a token carries at most. They inform; a decision uses the live state.
	MaxTokenRoles = 10

	tokenType      = "at+jwt" // RFC 9068, section 2.1; keeps other signed texts from passing for an access token
	tokenAlgorithm = "ES256"
)

// Claims is what an access token says. Times are whole seconds.
type Claims struct {
	Issuer    string
	Audience  []string
	Subject   string // the user's id
	TenantID  string
	SessionID string
	ID        string // of this token
	IssuedAt  time.Time
	ExpiresAt time.Time
	AuthTime  time.Time // when the user last proved who they are; zero when the token does not say
	AMR       []string  // how
	Roles     []string
	Epochs    *Epochs // nil when the token has none
	Act       *Act    // nil unless platform staff has entered the tenant
}

// Epochs are the numbers that tenant and user stood at when the token was issued. Raising one ends every token that
// holds a smaller one.
type Epochs struct{ Tenant, User int64 }

// Act names who really acts in a tenant that was entered (RFC 8693, section 4.1).
type Act struct {
	Subject  string
	TenantID string
	Write    bool // they asked for more than reading
}

// Issue signs an access token. Role names beyond [MaxTokenRoles], and those that would bring the token to
// [MaxIssuedToken] bytes, are left out. Claims that no verifier would accept, or a life beyond [AccessTokenLife], are
// an error.
func (k *SigningKey) Issue(c Claims) (string, error) {
	if life := c.ExpiresAt.Sub(c.IssuedAt); life <= 0 || life > AccessTokenLife {
		return "", fmt.Errorf("issuing an access token: it would live for %s, and may for %s", life, AccessTokenLife)
	}
	for n := min(len(c.Roles), MaxTokenRoles); n >= 0; n-- {
		c.Roles = c.Roles[:n]
		unsigned, err := k.unsigned(c).SigningString()
		if err != nil {
			return "", fmt.Errorf("issuing an access token: %w", err)
		}
		if len(unsigned)+1+base64.RawURLEncoding.EncodedLen(signatureSize) < MaxIssuedToken {
			return k.sign(unsigned)
		}
	}
	return "", fmt.Errorf("issuing an access token: even without roles it has %d bytes or more", MaxIssuedToken)
}

func (k *SigningKey) unsigned(c Claims) *jwt.Token {
	token := jwt.NewWithClaims(jwt.SigningMethodES256, c.wire())
	token.Header["typ"] = tokenType
	token.Header["kid"] = k.ID()
	return token
}

func (k *SigningKey) sign(unsigned string) (string, error) {
	signature, err := jwt.SigningMethodES256.Sign(unsigned, k.private)
	if err != nil {
		return "", fmt.Errorf("issuing an access token: %w", err)
	}
	token := unsigned + "." + base64.RawURLEncoding.EncodeToString(signature)
	if _, err := readToken(token); err != nil { // an empty id is found here and not by whoever gets the token
		return "", fmt.Errorf("issuing an access token: %w", err)
	}
	return token, nil
}

// wire returns the claims as they travel. What c does not say is left out.
func (c Claims) wire() jwt.MapClaims {
	m := jwt.MapClaims{
		"iss": c.Issuer, "sub": c.Subject, "tenant_id": c.TenantID, "sid": c.SessionID, "jti": c.ID,
		"iat": c.IssuedAt.Unix(), "exp": c.ExpiresAt.Unix(),
	}
	switch len(c.Audience) {
	case 0:
	case 1:
		m["aud"] = c.Audience[0]
	default:
		m["aud"] = c.Audience
	}
	if !c.AuthTime.IsZero() {
		m["auth_time"] = c.AuthTime.Unix()
	}
	if len(c.AMR) > 0 {
		m["amr"] = c.AMR
	}
	if len(c.Roles) > 0 {
		m["roles"] = c.Roles
	}
	if c.Epochs != nil {
		m["epochs"] = map[string]int64{"tenant": c.Epochs.Tenant, "user": c.Epochs.User}
	}
	if c.Act != nil {
		m["act"] = map[string]any{"sub": c.Act.Subject, "tenant_id": c.Act.TenantID, "write": c.Act.Write}
	}
	return m
}
