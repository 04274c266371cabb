package tenant

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/fault"
)

// reasonLimit is how many characters a reason may have.
const reasonLimit = 500

// CheckReason takes why platform staff touch a tenant, trimmed: its administrators read it, and text
// without a letter or digit is none.
func CheckReason(place, text string) (string, error) {
	text = strings.TrimSpace(text)
	says := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	if !strings.ContainsFunc(text, says) || utf8.RuneCountInString(text) > reasonLimit || strings.ContainsFunc(text, unicode.IsControl) {
		return "", fault.ErrInvalid.At(place, "expected 1 to %d characters on one line that say why", reasonLimit)
	}
	return text, nil
}
