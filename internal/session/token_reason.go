package session

// TokenReason is the stable code of why a token was refused. It stands in log and audit record; the answer to the caller
// says no more than that the token is not valid or has expired.
type TokenReason string

// The reasons. Where nothing stands beside one, its name says it.
const (
	TokenMalformed     TokenReason = "malformed"      // not three parts of canonical base64url holding one JSON object each
	TokenTooLarge      TokenReason = "too_large"      // beyond MaxToken
	TokenTooDeep       TokenReason = "too_deep"       // nested beyond maxTokenDepth
	TokenDuplicateName TokenReason = "duplicate_name" // two names in one object that are equal ignoring case
	TokenBadHeader     TokenReason = "bad_header"     // a header of anything but the strings alg, kid and typ
	TokenBadType       TokenReason = "bad_typ"        // not an access token
	TokenBadAlgorithm  TokenReason = "bad_alg"        // not the algorithm of our keys
	TokenUnknownKey    TokenReason = "unknown_key"
	TokenBadSignature  TokenReason = "bad_signature"
	TokenMissingClaim  TokenReason = "missing_claim"
	TokenBadClaim      TokenReason = "bad_claim" // of another type, or empty
	TokenExpired       TokenReason = "expired"
	TokenNotYetValid   TokenReason = "not_yet_valid"
	TokenWrongIssuer   TokenReason = "wrong_issuer"
	TokenWrongAudience TokenReason = "wrong_audience"
)

// TokenError is the refusal of a token.
type TokenError struct {
	Reason TokenReason
	Name   string // the header parameter or claim at fault, where there is one; never a value
}

func (e *TokenError) Error() string {
	if e.Name == "" {
		return "access token refused: " + string(e.Reason)
	}
	return "access token refused: " + string(e.Reason) + " " + e.Name
}

func refuseToken(r TokenReason, name string) error { return &TokenError{Reason: r, Name: name} }
