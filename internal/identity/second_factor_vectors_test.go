package identity_test

import (
	"encoding/base32"
	"encoding/hex"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/vectors"
)

// The values of RFC 6238 have eight digits: the last six are the code of six. Those of RFC 4226 are
// the steps from 1970 on.
func TestCodesAreThoseOfTheStandards(t *testing.T) {
	var v struct {
		TOTP []struct {
			Time   int64
			Alg    string
			Secret string `json:"secret_base32"`
			Code   string `json:"totp"`
		} `json:"rfc6238_appendix_B"`
		HOTP []struct {
			Counter int64
			Secret  string `json:"secret_hex"`
			Code    string `json:"hotp"`
		} `json:"rfc4226_appendix_D"`
	}
	if !vectors.Read(t, "totp/vectors.json", &v) {
		return
	}
	tried := 0
	check := func(secret string, at int64, want string) {
		tried++
		if got, err := identity.FactorCode(secret, time.Unix(at, 0)); err != nil || got != want {
			t.Errorf("at %d: %s, %v, want %s", at, got, err, want)
		}
	}
	for _, c := range v.TOTP {
		if c.Alg == "SHA1" {
			check(c.Secret, c.Time, c.Code[2:])
		}
	}
	for _, c := range v.HOTP {
		raw, err := hex.DecodeString(c.Secret)
		if err != nil {
			t.Fatal(err)
		}
		check(base32.StdEncoding.EncodeToString(raw), c.Counter*30+29, c.Code)
	}
	if tried != 16 {
		t.Errorf("%d values were tried", tried)
	}
}
