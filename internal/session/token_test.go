package session_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/session"
)

const (
	issuer   = "https://desk.example"
	audience = "usher"
)

var issuedAt = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// mint makes tokens that Issue would not: whatever header and claims, well signed.
type mint struct {
	key     *session.SigningKey
	private *ecdsa.PrivateKey
	verify  session.Verifier
}

func newMint(t testing.TB) mint {
	t.Helper()
	key, err := session.NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	der, err := key.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		t.Fatal(err)
	}
	return mint{key: key, private: private.(*ecdsa.PrivateKey), verify: session.Verifier{
		Issuer:   issuer,
		Audience: audience,
		Keys:     func(id string) (*ecdsa.PublicKey, bool) { return key.Public(), id == key.ID() },
		Now:      func() time.Time { return issuedAt },
	}}
}

// claims is a fresh set of good claims, as JSON members.
func claims() map[string]string {
	at := issuedAt.Unix()
	return map[string]string{
		"iss": `"` + issuer + `"`, "aud": `"usher"`, "sub": `"u1"`, "tenant_id": `"t1"`, "sid": `"s1"`, "jti": `"j1"`,
		"iat": fmt.Sprint(at), "exp": fmt.Sprint(at + 7200), "auth_time": fmt.Sprint(at - 60),
		"amr": `["pwd","otp"]`, "roles": `["agent"]`, "epochs": `{"tenant":1,"user":2}`,
	}
}

func object(members map[string]string) string {
	var parts []string
	for name, v := range members {
		parts = append(parts, `"`+name+`":`+v)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func (m mint) header() string {
	return `{"alg":"ES256","kid":"` + m.key.ID() + `","typ":"at+jwt"}`
}

// sign signs any two texts as header and claims.
func (m mint) sign(header, claims string) string {
	return m.signParts(base64.RawURLEncoding.EncodeToString([]byte(header)), base64.RawURLEncoding.EncodeToString([]byte(claims)))
}

func (m mint) signParts(header, claims string) string {
	sum := sha256.Sum256([]byte(header + "." + claims))
	r, s, err := ecdsa.Sign(rand.Reader, m.private, sum[:])
	if err != nil {
		panic(err)
	}
	signature := append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	return header + "." + claims + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func (m mint) wantReason(t *testing.T, name, token string, want session.TokenReason) {
	t.Helper()
	c, err := m.verify.Verify(token)
	var refusal *session.TokenError
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v", name, err)
	case want != "" && (!errors.As(err, &refusal) || refusal.Reason != want):
		t.Errorf("%s: got %v, want %s", name, err, want)
	case want != "" && !cmp.Equal(c, session.Claims{}):
		t.Errorf("%s: refused, and yet there are claims: %+v", name, c)
	}
}

func TestIssuedTokensVerify(t *testing.T) {
	m := newMint(t)
	want := session.Claims{
		Issuer: issuer, Audience: []string{audience}, Subject: "u1", TenantID: "t1", SessionID: "s1", ID: "j1",
		IssuedAt: issuedAt, ExpiresAt: issuedAt.Add(session.AccessTokenLife), AuthTime: issuedAt.Add(-time.Minute),
		AMR: []string{"pwd", "otp"}, Roles: []string{"agent", "lead"},
		Epochs: &session.Epochs{Tenant: 3, User: 4},
		Act:    &session.Act{Subject: "p1", TenantID: "platform", Write: true},
	}
	token, err := m.key.Issue(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.verify.Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	header, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
	if err != nil || string(header) != m.header() {
		t.Errorf("the header is %s, %v", header, err)
	}
}

func TestWhatATokenDoesNotSayStaysEmpty(t *testing.T) {
	m := newMint(t)
	want := session.Claims{
		Issuer: issuer, Audience: []string{"other", audience}, Subject: "u1", TenantID: "t1", SessionID: "s1", ID: "j1",
		IssuedAt: issuedAt, ExpiresAt: issuedAt.Add(time.Second),
	}
	token, err := m.key.Issue(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.verify.Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestIssueRefusesWhatNoVerifierWouldAccept(t *testing.T) {
	m := newMint(t)
	good := session.Claims{
		Issuer: issuer, Audience: []string{audience}, Subject: "u1", TenantID: "t1", SessionID: "s1", ID: "j1",
		IssuedAt: issuedAt, ExpiresAt: issuedAt.Add(session.AccessTokenLife),
	}
	for name, spoil := range map[string]func(*session.Claims){
		"issuer":       func(c *session.Claims) { c.Issuer = "" },
		"audience":     func(c *session.Claims) { c.Audience = nil },
		"subject":      func(c *session.Claims) { c.Subject = "" },
		"tenant":       func(c *session.Claims) { c.TenantID = "" },
		"session":      func(c *session.Claims) { c.SessionID = "" },
		"id":           func(c *session.Claims) { c.ID = "" },
		"no life":      func(c *session.Claims) { c.ExpiresAt = c.IssuedAt },
		"a long life":  func(c *session.Claims) { c.ExpiresAt = c.ExpiresAt.Add(time.Second) },
		"an empty amr": func(c *session.Claims) { c.AMR = []string{""} },
		"an empty act": func(c *session.Claims) { c.Act = &session.Act{} },
		"a long issuer": func(c *session.Claims) {
			c.Issuer = "https://" + strings.Repeat("x", session.MaxIssuedToken)
		},
	} {
		c := good
		spoil(&c)
		if token, err := m.key.Issue(c); err == nil || token != "" {
			t.Errorf("%s: issued %q", name, token)
		}
	}
}

// An access token travels with every request; role names only inform, so they give way.
func TestATokenStaysSmall(t *testing.T) {
	m := newMint(t)
	rapid.Check(t, func(t *rapid.T) {
		roles := rapid.SliceOfN(rapid.StringMatching(`[a-z][a-z0-9_]{0,63}`), 0, 30).Draw(t, "roles")
		id := rapid.StringMatching(`[0-9a-f-]{36}`)
		token, err := m.key.Issue(session.Claims{
			Issuer: "https://" + rapid.StringMatching(`[a-z.]{1,64}`).Draw(t, "host"), Audience: []string{audience},
			Subject: id.Draw(t, "sub"), TenantID: id.Draw(t, "tenant"), SessionID: id.Draw(t, "sid"), ID: id.Draw(t, "jti"),
			IssuedAt: issuedAt, ExpiresAt: issuedAt.Add(session.AccessTokenLife), AuthTime: issuedAt,
			AMR: []string{"pwd", "otp", "wecom"}, Roles: roles,
			Epochs: &session.Epochs{Tenant: 1 << 50, User: 1 << 50},
			Act:    &session.Act{Subject: id.Draw(t, "act"), TenantID: "platform"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(token) >= session.MaxIssuedToken {
			t.Fatalf("%d bytes", len(token))
		}
		var said struct{ Roles []string }
		part, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
		if err := json.Unmarshal(part, &said); err != nil {
			t.Fatal(err)
		}
		if n := len(said.Roles); n > session.MaxTokenRoles || !cmp.Equal(said.Roles, roles[:n:n]) && n > 0 {
			t.Fatalf("of the roles %q the token names %q", roles, said.Roles)
		}
	})
}

// Every length near the bound, with nothing left to leave out.
func TestTheLongestTokenStaysBelowTheBound(t *testing.T) {
	m, longest := newMint(t), 0
	for n := 600; ; n++ {
		token, err := m.key.Issue(session.Claims{
			Issuer: strings.Repeat("x", n), Audience: []string{audience}, Subject: "u1", TenantID: "t1", SessionID: "s1", ID: "j1",
			IssuedAt: issuedAt, ExpiresAt: issuedAt.Add(time.Minute),
		})
		if err != nil {
			break
		}
		longest = len(token)
	}
	if longest >= session.MaxIssuedToken || longest < session.MaxIssuedToken-2 {
		t.Errorf("the longest token has %d bytes; the bound is %d", longest, session.MaxIssuedToken)
	}
}

func TestTimeIsObeyedWithinTheLeeway(t *testing.T) {
	m := newMint(t)
	at := issuedAt.Unix()
	for name, c := range map[string]struct {
		claim  string
		value  int64
		reason session.TokenReason
	}{
		"just before expiry":                 {"exp", at + 1, ""},
		"expired within the leeway":          {"exp", at - 29, ""},
		"expired":                            {"exp", at - 30, session.TokenExpired},
		"long expired":                       {"exp", 0, session.TokenExpired},
		"not before now":                     {"nbf", at, ""},
		"not before a moment from now":       {"nbf", at + 30, ""},
		"not before more than a moment":      {"nbf", at + 31, session.TokenNotYetValid},
		"issued a moment from now":           {"iat", at + 30, ""},
		"issued more than a moment from now": {"iat", at + 31, session.TokenNotYetValid},
	} {
		members := claims()
		members[c.claim] = fmt.Sprint(c.value)
		m.wantReason(t, name, m.sign(m.header(), object(members)), c.reason)
	}
}

func TestIssuerAndAudience(t *testing.T) {
	m := newMint(t)
	for name, c := range map[string]struct {
		claim, value string
		reason       session.TokenReason
	}{
		"another issuer":          {"iss", `"https://evil.example"`, session.TokenWrongIssuer},
		"an issuer with a slash":  {"iss", `"` + issuer + `/"`, session.TokenWrongIssuer},
		"another audience":        {"aud", `"other"`, session.TokenWrongAudience},
		"an audience in capitals": {"aud", `"USHER"`, session.TokenWrongAudience},
		"other audiences":         {"aud", `["other","another"]`, session.TokenWrongAudience},
		"one of several":          {"aud", `["other","usher"]`, ""},
		"a list of one":           {"aud", `["usher"]`, ""},
	} {
		members := claims()
		members[c.claim] = c.value
		m.wantReason(t, name, m.sign(m.header(), object(members)), c.reason)
	}
}

func TestSignatures(t *testing.T) {
	m, other := newMint(t), newMint(t)
	good := m.sign(m.header(), object(claims()))
	m.wantReason(t, "good", good, "")

	body, signature := good[:strings.LastIndex(good, ".")+1], good[strings.LastIndex(good, ".")+1:]
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"by another key":     other.sign(m.header(), object(claims())),
		"of another token":   body + strings.SplitN(m.sign(m.header(), "{}"), ".", 3)[2],
		"of zeros":           body + base64.RawURLEncoding.EncodeToString(make([]byte, 64)),
		"one byte short":     body + base64.RawURLEncoding.EncodeToString(raw[:63]),
		"one byte long":      body + base64.RawURLEncoding.EncodeToString(append(raw, 0)),
		"in ASN.1":           body + base64.RawURLEncoding.EncodeToString(append([]byte{0x30, 0x44}, raw...)),
		"with swapped parts": body + base64.RawURLEncoding.EncodeToString(append(append([]byte(nil), raw[32:]...), raw[:32]...)),
	} {
		m.wantReason(t, name, token, session.TokenBadSignature)
	}
	m.wantReason(t, "none", body, session.TokenMalformed)
	for i := range raw {
		flipped := append([]byte(nil), raw...)
		flipped[i] ^= 1
		m.wantReason(t, "flipped", body+base64.RawURLEncoding.EncodeToString(flipped), session.TokenBadSignature)
	}
}

// The key decides the algorithm; a key of another kind is no key.
func TestKeys(t *testing.T) {
	m, other := newMint(t), newMint(t)
	token := m.sign(m.header(), object(claims()))
	m.wantReason(t, "unknown", other.sign(other.header(), object(claims())), session.TokenUnknownKey)

	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, keys := range map[string]session.Keys{
		"no longer trusted": func(string) (*ecdsa.PublicKey, bool) { return m.key.Public(), false },
		"nil":               func(string) (*ecdsa.PublicKey, bool) { return nil, true },
		"another curve":     func(string) (*ecdsa.PublicKey, bool) { return &p384.PublicKey, true },
	} {
		m.verify.Keys = keys
		m.wantReason(t, name, token, session.TokenUnknownKey)
	}
}

func TestAVerifierThatIsNotSetUpAcceptsNothing(t *testing.T) {
	m := newMint(t)
	token := m.sign(m.header(), object(claims()))
	for name, spoil := range map[string]func(*session.Verifier){
		"issuer":   func(v *session.Verifier) { v.Issuer = "" },
		"audience": func(v *session.Verifier) { v.Audience = "" },
		"keys":     func(v *session.Verifier) { v.Keys = nil },
	} {
		v := m.verify
		spoil(&v)
		if _, err := v.Verify(token); err == nil {
			t.Errorf("a verifier without %s accepts a token", name)
		}
	}
}

func TestEpochsCanBeRequired(t *testing.T) {
	m := newMint(t)
	members := claims()
	delete(members, "epochs")
	token := m.sign(m.header(), object(members))
	m.wantReason(t, "not required", token, "")
	m.verify.RequireEpochs = true
	m.wantReason(t, "required and absent", token, session.TokenMissingClaim)
	m.wantReason(t, "required and there", m.sign(m.header(), object(claims())), "")
}
