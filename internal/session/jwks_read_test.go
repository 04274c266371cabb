package session_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/session"
)

// jwk is a key as JSON members, whatever they say.
func (m mint) jwk(t testing.TB) map[string]any {
	t.Helper()
	b, err := json.Marshal(m.key.JWK())
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(b, &members); err != nil {
		t.Fatal(err)
	}
	return members
}

func jwks(t testing.TB, keys ...any) []byte {
	t.Helper()
	b, err := json.Marshal(map[string]any{"keys": keys})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatIsPublishedIsReadBack(t *testing.T) {
	a, b := newMint(t), newMint(t)
	text, err := json.Marshal(session.PublicKeys(a.key, b.key))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := session.ReadJWKS(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []mint{a, b} {
		if key, ok := keys(m.key.ID()); !ok || !key.Equal(m.key.Public()) {
			t.Errorf("%s came back as %v, %v", m.key.ID(), key, ok)
		}
		m.verify.Keys = keys
		m.wantReason(t, "a token of its own", m.sign(m.header(), object(claims())), "")
	}
	stranger := newMint(t)
	for _, id := range []string{"", stranger.key.ID(), strings.ToUpper(a.key.ID())} {
		if key, ok := keys(id); ok || key != nil {
			t.Errorf("there is a key with the id %q", id)
		}
	}
}

// What is passed over does no harm to the key beside it.
func TestKeysThatCannotVerifyArePassedOver(t *testing.T) {
	m, other := newMint(t), newMint(t)
	good := m.jwk(t)
	x := good["x"].(string)
	for name, change := range map[string]map[string]any{
		"no type":                  {"kty": nil},
		"an RSA key":               {"kty": "RSA"},
		"a symmetric key":          {"kty": "oct", "k": "AAECAwQFBgcICQoLDA0ODw"},
		"a type of the future":     {"kty": "PQ"},
		"a type in lower case":     {"kty": "ec"},
		"a type that is no text":   {"kty": []string{"EC"}},
		"P-384":                    {"crv": "P-384"},
		"secp256k1":                {"crv": "secp256k1"},
		"a curve by another name":  {"crv": "secp256r1"},
		"no curve":                 {"crv": nil},
		"no kid":                   {"kid": nil},
		"an empty kid":             {"kid": ""},
		"a kid that is no text":    {"kid": 1},
		"for encryption":           {"use": "enc"},
		"for nothing":              {"use": ""},
		"a use that is no text":    {"use": []string{"sig"}},
		"ES384":                    {"alg": "ES384"},
		"an algorithm in lower":    {"alg": "es256"},
		"none":                     {"alg": "none"},
		"an algorithm of 1":        {"alg": 1},
		"to sign":                  {"key_ops": []string{"sign"}},
		"to encrypt":               {"key_ops": []string{"encrypt", "decrypt"}},
		"operations of none":       {"key_ops": []string{}},
		"operations as text":       {"key_ops": "verify"},
		"operations of all kinds":  {"key_ops": []any{"verify", 1}},
		"no x":                     {"x": nil},
		"an empty y":               {"y": ""},
		"an x that is no text":     {"x": 7},
		"an x with padding":        {"x": x + "="},
		"an x with a line break":   {"x": x[:4] + "\n" + x[4:]},
		"an x too short":           {"x": x[:len(x)-3]},
		"an x too long":            {"x": "AAAA" + x},
		"a point not on the curve": {"y": x},
		"the point 0, 0":           {"x": strings.Repeat("A", 43), "y": strings.Repeat("A", 43)},
	} {
		spoiled := maps.Clone(good)
		for member, v := range change {
			if spoiled[member] = v; v == nil {
				delete(spoiled, member)
			}
		}
		keys, err := session.ReadJWKS(jwks(t, spoiled, other.jwk(t)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, ok := keys(m.key.ID()); ok {
			t.Errorf("%s: may verify", name)
		}
		if _, ok := keys(""); ok {
			t.Errorf("%s: may verify a token without a kid", name)
		}
		if key, ok := keys(other.key.ID()); !ok || !key.Equal(other.key.Public()) {
			t.Errorf("%s: the key beside it may not verify", name)
		}
	}
}

func TestKeysMaySayLessOrMore(t *testing.T) {
	m := newMint(t)
	for name, change := range map[string]map[string]any{
		"nothing of what it is for": {"use": nil, "alg": nil},
		"what it may be used for":   {"use": nil, "key_ops": []string{"verify"}},
		"both in agreement":         {"key_ops": []string{"sign", "verify"}},
		"a certificate":             {"x5c": []string{"MIIB"}, "x5t": "AAAA"},
		"what nobody knows":         {"example": map[string]any{"a": nil}},
	} {
		members := m.jwk(t)
		for member, v := range change {
			if members[member] = v; v == nil {
				delete(members, member)
			}
		}
		keys, err := session.ReadJWKS(jwks(t, members))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, ok := keys(m.key.ID()); !ok {
			t.Errorf("%s: may not verify", name)
		}
	}
}

func TestASetWithoutKeysHasNone(t *testing.T) {
	keys, err := session.ReadJWKS([]byte(`{"keys":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	if key, ok := keys(""); ok || key != nil {
		t.Error("there is a key")
	}
}

func TestASetThatIsAnError(t *testing.T) {
	m := newMint(t)
	good := m.jwk(t)
	private, symmetric, encrypting := maps.Clone(good), map[string]any{"kty": "oct", "kid": good["kid"], "k": "AA"}, maps.Clone(good)
	private["d"], encrypting["use"] = "AA", "enc"
	text := string(jwks(t, good))
	for name, c := range map[string]struct{ text, want string }{
		"nothing":                       {"", "not one JSON object"},
		"a bare list":                   {"[]", "not one JSON object"},
		"two of them":                   {text + text, "not one JSON object"},
		"text after it":                 {text + "x", "not one JSON object"},
		"a byte order mark":             {"\ufeff" + text, "not one JSON object"},
		"a comma too many":              {strings.Replace(text, "]}", "],}", 1), "not one JSON object"},
		"an invalid byte":               {strings.Replace(text, `"EC"`, "\"EC\xff\"", 1), "not one JSON object"},
		"half a character":              {strings.Replace(text, `"EC"`, `"\ud83d"`, 1), "not one JSON object"},
		"a key alone":                   {strings.TrimSuffix(strings.TrimPrefix(text, `{"keys":[`), "]}"), "no list of keys"},
		"no keys":                       {"{}", "no list of keys"},
		"keys of null":                  {`{"keys":null}`, "no list of keys"},
		"keys in capitals":              {strings.Replace(text, "keys", "KEYS", 1), "no list of keys"},
		"one key without a list":        {`{"keys":{}}`, "no list of keys"},
		"a key that is text":            {`{"keys":["x"]}`, "key 1 is not an object"},
		"a key that is null":            {string(jwks(t, good, nil)), "key 2 is not an object"},
		"two lists":                     {`{"keys":[],` + text[1:], "two names"},
		"two lists but for their case":  {`{"Keys":[],` + text[1:], "two names"},
		"two kids in one key":           {strings.Replace(text, `"kid":`, `"kid":"x","kid":`, 1), "two names"},
		"two names in a key unlike any": {`{"keys":[{"kty":"PQ","a":1,"\u0061":2}]}`, "two names"},
		"too deep":                      {`{"keys":[{"a":[[]]}]}`, "nested"},
		"a private key":                 {string(jwks(t, private)), "key 1 is a private one"},
		"a private key of another use":  {`{"keys":[{"kty":"EC","use":"enc","d":null}]}`, "key 1 is a private one"},
		"the same key twice":            {string(jwks(t, good, good)), "key 2 has the kid of another"},
		"the kid of a symmetric key":    {string(jwks(t, symmetric, good)), "key 2 has the kid of another"},
		"the kid before one passed by":  {string(jwks(t, good, encrypting)), "key 2 has the kid of another"},
	} {
		keys, err := session.ReadJWKS([]byte(c.text))
		if err == nil || keys != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// FuzzReadJWKS reads anything as a set. A key that it finds is on the curve, and stands in the text as encoding/json
// reads it.
func FuzzReadJWKS(f *testing.F) {
	m := newMint(f)
	f.Add(jwks(f, m.jwk(f)), m.key.ID())
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","kid":"a","key_ops":["verify"],"x":"","y":""},{"kty":"oct","kid":"b","k":"AA"}]}`), "a")
	f.Add([]byte(`{"keys":[{"kty":"EC","kid":"a"},{"kty":"RSA","kid":"a"}]}`), "a")
	f.Fuzz(func(t *testing.T, text []byte, id string) {
		keys, err := session.ReadJWKS(text)
		if err != nil {
			return
		}
		key, ok := keys(id)
		if !ok {
			return
		}
		var set session.JWKS
		if err := json.Unmarshal(text, &set); err != nil {
			return // the alg of a key that is passed over is a number, say
		}
		point, err := key.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		x, y := base64.RawURLEncoding.EncodeToString(point[1:33]), base64.RawURLEncoding.EncodeToString(point[33:])
		if !slices.ContainsFunc(set.Keys, func(k session.JWK) bool { return k.KeyID == id && k.X == x && k.Y == y }) {
			t.Fatalf("%q has the key %s, %s under %q", text, x, y, id)
		}
	})
}
