package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// TOTP as every authenticator knows it (RFC 6238 with the defaults of its section 4): HMAC-SHA-1,
// steps of 30 seconds since 1970, six digits.
const (
	factorStep       = 30 * time.Second
	factorDrift      = 1  // steps by which a clock may be ahead or behind (section 5.2)
	factorSecretSize = 20 // bytes, the length that RFC 4226 recommends (section 4, R6)
)

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewFactorSecret makes the secret of a second factor: 160 random bits in base32.
func NewFactorSecret() string { return base32Text.EncodeToString(newFactorSecret()) }

func newFactorSecret() []byte {
	secret := make([]byte, factorSecretSize)
	rand.Read(secret) // never fails, see crypto/rand
	return secret
}

// FactorCode returns the code that an authenticator with this secret shows at a time. The secret is
// base32; case, spaces, hyphens and padding make no difference.
func FactorCode(secret string, at time.Time) (string, error) {
	raw, err := parseFactorSecret(secret)
	if err != nil {
		return "", err
	}
	return codeOf(raw, stepAt(at)), nil
}

// errBadSecret repeats nothing of the secret.
var errBadSecret = errors.New("the secret of a second factor is base32, 16 characters or more: letters and the digits 2 to 7")

// minSecret is the least number of bytes that authenticators are given; with fewer, part of it was lost on the way.
const minSecret = 10

func parseFactorSecret(text string) ([]byte, error) {
	raw, err := base32Text.DecodeString(strings.ToUpper(strings.TrimRight(squeeze(text), "=")))
	if err != nil || len(raw) < minSecret {
		return nil, errBadSecret
	}
	return raw, nil
}

func stepAt(t time.Time) int64 { return t.Unix() / int64(factorStep/time.Second) }

// codeOf is HOTP (RFC 4226, section 5.3) of a step.
func codeOf(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

// matchStep returns the step whose code was typed. Where two steps happen to have one code it is the
// later one: a code accepted once must not be good a second time. It takes the same time whichever
// matches.
func matchStep(secret []byte, now time.Time, typed string) (step int64, ok bool) {
	present := stepAt(now)
	for s := present - factorDrift; s <= present+factorDrift; s++ {
		if subtle.ConstantTimeCompare([]byte(codeOf(secret, s)), []byte(typed)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// typedCode is what somebody typed: six digits or a recovery code.
type typedCode struct {
	digits   string
	recovery []byte // nil for digits
}

// longestCode bounds the work on what strangers type, in bytes.
const longestCode = 256

// readCode takes codes as people type them: in groups, in either case, in full width.
func readCode(text string) (typedCode, bool) {
	if len(text) > longestCode {
		return typedCode{}, false
	}
	text = squeeze(norm.NFKC.String(text))
	if len(text) == recoveryCodeLength {
		raw, err := base32Text.DecodeString(strings.ToUpper(text))
		return typedCode{recovery: raw}, err == nil
	}
	return typedCode{digits: text}, len(text) == 6 && strings.Trim(text, "0123456789") == ""
}

// FactorMethodOf says what a code means to be, good or not.
func FactorMethodOf(code string) FactorMethod {
	if typed, _ := readCode(code); typed.recovery != nil {
		return ByRecoveryCode
	}
	return ByTOTP
}

// squeeze drops what only groups letters: spaces and hyphens of any kind.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, text)
}
