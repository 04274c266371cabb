package session_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/session"
)

// FuzzVerify throws anything at the verifier. Without the key nobody makes a token that passes.
func FuzzVerify(f *testing.F) {
	m := newMint(f)
	good := m.sign(m.header(), object(claims()))
	f.Add(strings.Join(strings.Split(good, ".")[:2], ".") + ".AAAA")
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		_, err := m.verify.Verify(token)
		var refusal *session.TokenError
		if !errors.As(err, &refusal) {
			t.Errorf("%q: %v", token, err)
		}
	})
}

// FuzzClaims signs anything as claims. What is accepted says the same to the strict reader as to encoding/json in its
// most careless use, which is how another program may read it.
func FuzzClaims(f *testing.F) {
	m := newMint(f)
	f.Add(object(claims()))
	f.Add(`{"iss":"https://desk.example","aud":["usher"],"sub":"\ud83d\ude00","tenant_id":"t","sid":"s","jti":"j","iat":1,"exp":9007199254740991}`)
	f.Add(`{"sub":"a","Sub":"b"}`)
	f.Fuzz(func(t *testing.T, body string) {
		got, err := m.verify.Verify(m.sign(m.header(), body))
		if err != nil {
			return
		}
		var careless struct {
			Sub, SID, JTI string
			TenantID      string `json:"tenant_id"`
			Exp           int64
		}
		if err := json.Unmarshal([]byte(body), &careless); err != nil || !utf8.ValidString(body) {
			t.Fatalf("%q was accepted and is not JSON: %v", body, err)
		}
		if careless.Sub != got.Subject || careless.SID != got.SessionID || careless.JTI != got.ID ||
			careless.TenantID != got.TenantID || careless.Exp != got.ExpiresAt.Unix() {
			t.Fatalf("%q says %+v to one reader and %+v to another", body, got, careless)
		}
	})
}
