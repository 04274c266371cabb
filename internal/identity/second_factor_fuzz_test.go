package identity

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzCodes: whatever is typed is refused, or is six digits or the bytes of a recovery code, and says
// the same in any case and grouping.
func FuzzCodes(f *testing.F) {
	for _, text := range []string{
		"123456", "１２３ ４５６", "12345a", "1234567", "٣٣٣٣٣٣", "", "\xff",
		"abcd-efgh-ijkl-mnop-qrst-uvwx", "ABCD EFGH IJKL MNOP QRST UVW2", "abcd-efgh-ijkl-mnop-qrst-uvw1",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, ok := readCode(text)
		if !ok {
			return
		}
		plain := code.digits
		if code.recovery != nil {
			plain = base32Text.EncodeToString(code.recovery)
		}
		if len(plain) != 6 && len(plain) != recoveryCodeLength || strings.Trim(plain, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			t.Fatalf("%q is taken for %q", text, plain)
		}
		again, ok := readCode(" " + strings.ToLower(inGroups(plain)) + "\u3000")
		if !ok || again.digits != code.digits || !bytes.Equal(again.recovery, code.recovery) {
			t.Fatalf("%q is %q, which is %+v", text, plain, again)
		}
	})
}

// FuzzFactorSecrets: what is taken for a secret is one, in any case and grouping.
func FuzzFactorSecrets(f *testing.F) {
	for _, text := range []string{"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "gezd gnbv-gy3t", "GEZA====", "1", "=", "ｇｅｚａ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		secret, err := parseFactorSecret(text)
		if err != nil {
			return
		}
		again, err := parseFactorSecret(strings.ToLower(inGroups(base32Text.EncodeToString(secret))))
		if err != nil || !bytes.Equal(again, secret) {
			t.Fatalf("%q is %x, which is %x: %v", text, secret, again, err)
		}
		if code := codeOf(secret, 1); len(code) != 6 {
			t.Fatalf("%q shows %q", text, code)
		}
	})
}
