package session_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/session"
)

func TestEachPartIsOneJSONObject(t *testing.T) {
	m := newMint(t)
	good := object(claims())
	m.wantReason(t, "blanks around it", m.sign(" "+m.header()+"\n", "\t"+good+" "), "")
	for _, text := range []string{
		"", " ", "null", "true", "1", `"x"`, "[]", "[" + good + "]", good + good, good + ",", good + "x", good[:len(good)-1], good[1:],
		"{'iss':1}", `{"iss"}`, `{"iss":}`, `{iss:1}`, "\ufeff" + good, strings.Replace(good, ":", "", 1), strings.Replace(good, "}", ",}", 1),
	} {
		m.wantReason(t, "claims "+text, m.sign(m.header(), text), session.TokenMalformed)
	}
	for _, text := range []string{"null", "[]", m.header() + m.header(), m.header() + "x", `"` + m.key.ID() + `"`} {
		m.wantReason(t, "header "+text, m.sign(text, good), session.TokenMalformed)
	}
}

func TestATokenHasThreeParts(t *testing.T) {
	m := newMint(t)
	good := m.sign(m.header(), object(claims()))
	part := strings.Split(good, ".")
	for _, token := range []string{
		"", ".", "..", "...", "x", part[0], part[0] + "." + part[1], good + ".", "." + good, good + ".x", good + "." + part[2],
		part[0] + ".." + part[2], "." + part[1] + "." + part[2], `{"payload":"` + part[1] + `","protected":"` + part[0] + `","signature":"` + part[2] + `"}`,
	} {
		m.wantReason(t, token, token, session.TokenMalformed)
	}
}

func TestNoTwoNamesAreEqualIgnoringCase(t *testing.T) {
	m := newMint(t)
	good := object(claims())
	for name, more := range map[string]string{
		"twice":               `"sub":"u2"`,
		"the same twice":      `"sub":"u1"`,
		"another case":        `"SUB":"u2"`,
		"mixed case":          `"Tenant_ID":"t2"`,
		"a long s":            `"ſub":"u2"`,
		"an escaped name":     `"\u0073ub":"u2"`,
		"unknown names":       `"x":1,"X":2`,
		"unknown Greek names": `"σ":1,"ς":2`,
		"inside an object":    `"x":{"a":1,"A":2}`,
		"inside a list":       `"x":[{"a":1,"a":2}]`,
		"empty names":         `"":1,"":2`,
	} {
		m.wantReason(t, name, m.sign(m.header(), good[:len(good)-1]+","+more+"}"), session.TokenDuplicateName)
		m.wantReason(t, name+", first", m.sign(m.header(), "{"+more+","+good[1:]), session.TokenDuplicateName)
	}
	header := m.header()
	for _, more := range []string{`"kid":"x"`, `"ALG":"none"`, `"\u0074yp":"JWT"`, `"Kid":"x"`} {
		m.wantReason(t, more, m.sign(header[:len(header)-1]+","+more+"}", good), session.TokenDuplicateName)
	}
	m.wantReason(t, "the same name in two objects", m.sign(header, good[:len(good)-1]+`,"x":{"sub":1},"y":[{"sub":1},{"sub":2}]}`), "")
}

func TestTextIsValidUnicode(t *testing.T) {
	m := newMint(t)
	for name, c := range map[string]struct {
		sub    string
		reason session.TokenReason
	}{
		"a character beyond 16 bits":       {`"😀"`, ""},
		"an escaped pair":                  {`"\ud83d\uDE00"`, ""},
		"a backslash before a u":           {`"\\ud83d"`, ""},
		"an escape beside a pair":          {`"\n\u000a\ud83d\ude00\""`, ""},
		"an invalid byte":                  {"\"\xff\"", session.TokenMalformed},
		"an overlong slash":                {"\"\xc0\xaf\"", session.TokenMalformed},
		"a surrogate in UTF-8":             {"\"\xed\xa0\xbd\"", session.TokenMalformed},
		"half a character":                 {`"\ud83d"`, session.TokenMalformed},
		"half a character and text":        {`"\ud83dxxxxxx"`, session.TokenMalformed},
		"half a character and a newline":   {`"\ud83d\n"`, session.TokenMalformed},
		"the second half":                  {`"\ude00"`, session.TokenMalformed},
		"the halves in the wrong order":    {`"\ude00\ud83d"`, session.TokenMalformed},
		"two first halves":                 {`"\ud83d\ud83d"`, session.TokenMalformed},
		"half a character after an escape": {`"\\\ud83d"`, session.TokenMalformed},
	} {
		members := claims()
		members["sub"] = c.sub
		m.wantReason(t, name, m.sign(m.header(), object(members)), c.reason)
	}
	m.wantReason(t, "an invalid byte in the header", m.sign(strings.Replace(m.header(), "at+jwt", "at+jwt\xff", 1), object(claims())), session.TokenMalformed)
}

func TestBase64HasOneSpelling(t *testing.T) {
	m := newMint(t)
	header := base64.RawURLEncoding.EncodeToString([]byte(m.header()))
	for len(header)%4 == 0 { // blanks until the last character has loose bits
		header = base64.RawURLEncoding.EncodeToString([]byte(m.header() + " "))
	}
	members := claims()
	members["x"] = `"` + strings.Repeat("?", 30) + `~~~"` // encodes to _ and -, which the other alphabet spells differently
	body := base64.RawURLEncoding.EncodeToString([]byte(object(members)))
	m.wantReason(t, "good", m.signParts(header, body), "")

	loose := header[:len(header)-1] + string(nextLetter(header[len(header)-1]))
	for name, token := range map[string]string{
		"padding":             m.signParts(header+strings.Repeat("=", 4-len(header)%4), body),
		"loose bits":          m.signParts(loose, body),
		"a line break":        m.signParts(header[:8]+"\n"+header[8:], body),
		"a carriage return":   m.signParts(header, body[:8]+"\r\n"+body[8:]),
		"a blank":             m.signParts(header+" ", body),
		"the other alphabet":  m.signParts(header, strings.NewReplacer("-", "+", "_", "/").Replace(body)),
		"one character less":  m.signParts(header, body[:len(body)/4*4-3]),
		"a signature padded":  m.signParts(header, body) + "==",
		"a signature broken":  m.signParts(header, body) + "\n",
		"a signature blanked": m.signParts(header, body) + " ",
	} {
		m.wantReason(t, name, token, session.TokenMalformed)
	}
}

// nextLetter returns the letter that follows in the base64url alphabet; after a canonical last letter it differs in
// the loose bits alone.
func nextLetter(b byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, b)+1]
}

func TestTheHeaderIsAlgKidTypAndNothingElse(t *testing.T) {
	m := newMint(t)
	kid := `"kid":"` + m.key.ID() + `"`
	for header, reason := range map[string]session.TokenReason{
		`{"typ":"at+jwt",` + kid + `,"alg":"ES256"}`:                           "",
		`{"alg":"ES256","typ":"at+jwt"}`:                                       session.TokenBadHeader,
		`{"alg":"ES256",` + kid + `}`:                                          session.TokenBadHeader,
		`{` + kid + `,"typ":"at+jwt"}`:                                         session.TokenBadHeader,
		`{}`:                                                                   session.TokenBadHeader,
		`{"alg":"ES256","kid":"","typ":"at+jwt"}`:                              session.TokenBadHeader,
		`{"alg":"ES256","kid":1,"typ":"at+jwt"}`:                               session.TokenBadHeader,
		`{"alg":"ES256","kid":null,"typ":"at+jwt"}`:                            session.TokenBadHeader,
		`{"alg":["ES256"],` + kid + `,"typ":"at+jwt"}`:                         session.TokenBadHeader,
		`{"ALG":"ES256",` + kid + `,"typ":"at+jwt"}`:                           session.TokenBadHeader,
		`{"alg":"ES256",` + kid + `,"typ":"at+jwt","crit":["exp"]}`:            session.TokenBadHeader,
		`{"alg":"ES256",` + kid + `,"typ":"at+jwt","crit":[]}`:                 session.TokenBadHeader,
		`{"alg":"ES256",` + kid + `,"typ":"at+jwt","jwk":{"kty":"EC"}}`:        session.TokenBadHeader,
		`{"alg":"ES256",` + kid + `,"typ":"at+jwt","jku":"https://e.example"}`: session.TokenBadHeader,
		`{"alg":"ES256",` + kid + `,"typ":"at+jwt","x5u":"https://e.example"}`: session.TokenBadHeader,
		`{"alg":"ES256",` + kid + `,"typ":"at+jwt","b64":false}`:               session.TokenBadHeader,
		`{"alg":"ES256",` + kid + `,"typ":"at+jwt","cty":"JWT"}`:               session.TokenBadHeader,
		`{"alg":"ES256",` + kid + `,"typ":"at+jwt","zip":"DEF"}`:               session.TokenBadHeader,
		`{"alg":"ES256",` + kid + `,"typ":"JWT"}`:                              session.TokenBadType,
		`{"alg":"ES256",` + kid + `,"typ":"AT+JWT"}`:                           session.TokenBadType,
		`{"alg":"ES256",` + kid + `,"typ":"application/at+jwt"}`:               session.TokenBadType,
		`{"alg":"none",` + kid + `,"typ":"at+jwt"}`:                            session.TokenBadAlgorithm,
		`{"alg":"None",` + kid + `,"typ":"at+jwt"}`:                            session.TokenBadAlgorithm,
		`{"alg":"HS256",` + kid + `,"typ":"at+jwt"}`:                           session.TokenBadAlgorithm,
		`{"alg":"ES384",` + kid + `,"typ":"at+jwt"}`:                           session.TokenBadAlgorithm,
		`{"alg":"RS256",` + kid + `,"typ":"at+jwt"}`:                           session.TokenBadAlgorithm,
		`{"alg":"es256",` + kid + `,"typ":"at+jwt"}`:                           session.TokenBadAlgorithm,
	} {
		m.wantReason(t, header, m.sign(header, object(claims())), reason)
	}
}

func TestRequiredClaims(t *testing.T) {
	m := newMint(t)
	for _, name := range []string{"iss", "aud", "sub", "tenant_id", "sid", "jti", "iat", "exp"} {
		members := claims()
		value := members[name]
		delete(members, name)
		m.wantReason(t, "no "+name, m.sign(m.header(), object(members)), session.TokenMissingClaim)
		members[strings.ToUpper(name)] = value
		m.wantReason(t, "in capitals: "+name, m.sign(m.header(), object(members)), session.TokenMissingClaim)
	}
	for _, name := range []string{"auth_time", "amr", "roles", "epochs"} {
		members := claims()
		delete(members, name)
		m.wantReason(t, "no "+name, m.sign(m.header(), object(members)), "")
	}
}

func TestClaimsHaveTheirTypes(t *testing.T) {
	m := newMint(t)
	const text, number, list = `""|null|1|true|[]|["x"]|{}`, `""|"1"|null|true|[1]|{}|1.0|1.5|1e9|-1|-0|9007199254740992|99999999999999999999`, `""|"x"|null|1|{}|[1]|[null]|[""]|["x",1]|[["x"]]`
	for name, bad := range map[string]string{
		"iss": text, "sub": text, "tenant_id": text, "sid": text, "jti": text,
		"aud": `""|null|1|{}|[]|[1]|[""]|["usher",1]|["usher",null]|["usher",""]|[["usher"]]`,
		"iat": number, "exp": number, "nbf": number, "auth_time": number,
		"amr": list, "roles": list,
		"epochs": `""|null|1|[]|{}|{"tenant":1}|{"user":1}|{"tenant":"1","user":1}|{"tenant":1,"user":-1}|{"tenant":1.0,"user":1}|{"Tenant":1,"user":1}`,
		"act":    `""|null|[]|{}|{"sub":"p1"}|{"sub":"p1","tenant_id":"platform"}|{"sub":"","tenant_id":"platform","write":true}|{"sub":"p1","tenant_id":"platform","write":1}`,
	} {
		for value := range strings.SplitSeq(bad, "|") {
			members := claims()
			members[name] = value
			m.wantReason(t, name+" "+value, m.sign(m.header(), object(members)), session.TokenBadClaim)
		}
	}
}

func TestUnknownClaimsMaySayWhatTheyLike(t *testing.T) {
	m := newMint(t)
	for _, value := range []string{"null", "true", "-1.5e3", `""`, "[]", `{"a":{"b":[1]}}`} {
		members := claims()
		members["x"] = value
		m.wantReason(t, value, m.sign(m.header(), object(members)), "")
	}
}

func TestDepth(t *testing.T) {
	m := newMint(t)
	for value, reason := range map[string]session.TokenReason{
		`{"a":{"b":{}}}`:       "",
		`[[[]]]`:               "",
		`[[[1,"x",null]]]`:     "",
		`{"a":{"b":{"c":{}}}}`: session.TokenTooDeep,
		`[[[[]]]]`:             session.TokenTooDeep,
		`[{"a":[{}]}]`:         session.TokenTooDeep,
		strings.Repeat("[", 2000) + strings.Repeat("]", 2000): session.TokenTooDeep,
	} {
		members := claims()
		members["x"] = value
		m.wantReason(t, value, m.sign(m.header(), object(members)), reason)
	}
}

func TestSize(t *testing.T) {
	m := newMint(t)
	sized := func(n int) string {
		members := claims()
		for {
			members["x"] = `"` + strings.Repeat("x", n) + `"`
			token := m.sign(m.header(), object(members))
			if len(token) <= session.MaxToken {
				return token
			}
			n--
		}
	}
	largest := sized(session.MaxToken)
	if len(largest) < session.MaxToken-1 {
		t.Fatalf("%d bytes", len(largest))
	}
	m.wantReason(t, "the largest", largest, "")
	m.wantReason(t, "larger", largest+"AA", session.TokenTooLarge)
	m.wantReason(t, "much larger", strings.Repeat(".", 1<<20), session.TokenTooLarge)
}
