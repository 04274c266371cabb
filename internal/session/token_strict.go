package session

import "strings"

// MaxToken is the length in bytes of the longest token that is looked at.
const MaxToken = 8 << 10

// strictToken is a token whose form is beyond doubt: whatever reads it, now or after the signature was checked,
// reads the same. Nothing it says has been verified.
type strictToken struct {
	keyID     string
	algorithm string
	claims    map[string]any
}

// readToken takes a token apart before any library sees it. Libraries take the last of two equal names, accept
// more than one spelling of the same base64, and ignore what they do not know; each has let forged tokens through
// somewhere.
func readToken(token string) (strictToken, error) {
	if len(token) > MaxToken {
		return strictToken{}, refuseToken(TokenTooLarge, "")
	}
	part := strings.Split(token, ".")
	if len(part) != 3 {
		return strictToken{}, refuseToken(TokenMalformed, "")
	}
	header, err := readPart(part[0])
	if err != nil {
		return strictToken{}, err
	}
	t, err := readHeader(header)
	if err != nil {
		return strictToken{}, err
	}
	if t.claims, err = readPart(part[1]); err != nil {
		return strictToken{}, err
	}
	if _, err = decodePart(part[2]); err != nil {
		return strictToken{}, err
	}
	return t, checkClaims(t.claims)
}

// readHeader accepts alg, kid and typ, and nothing else: no key or address of a key that the token brings along, and no
// crit, which asks for extensions that nobody here understands.
func readHeader(header map[string]any) (strictToken, error) {
	for name := range header {
		if name != "alg" && name != "kid" && name != "typ" {
			return strictToken{}, refuseToken(TokenBadHeader, "")
		}
	}
	for _, name := range []string{"alg", "kid", "typ"} {
		if s, ok := header[name].(string); !ok || s == "" {
			return strictToken{}, refuseToken(TokenBadHeader, name)
		}
	}
	if header["typ"] != tokenType {
		return strictToken{}, refuseToken(TokenBadType, "")
	}
	return strictToken{keyID: header["kid"].(string), algorithm: header["alg"].(string)}, nil
}
