package desk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/tenant"
)

// MaxText is how many characters a message may have.
const MaxText = 8000

// maxClientID is how many characters a client's own id of a message may have.
const maxClientID = 64

// checkText takes what somebody says, without space around it and with lines that end in one way. It is
// kept as it was written otherwise: what people paste is rarely tidy. Only control characters, which
// terminals and logs obey, and text of which nothing can be seen are refused.
func checkText(place, text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unprintable):
		return "", fault.ErrInvalid.At(place, "holds a control character")
	case utf8.RuneCountInString(text) > MaxText:
		return "", fault.ErrInvalid.At(place, "expected at most %d characters", MaxText)
	case !strings.ContainsFunc(text, visible):
		return "", fault.ErrInvalid.At(place, "expected something that can be seen")
	}
	return text, nil
}

func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

func visible(r rune) bool {
	return !unicode.IsSpace(r) && !unicode.IsControl(r) && !tenant.Unseen(r)
}

// checkClientID takes the id that a client gives a message, so that it can send it again. "" is none.
func checkClientID(place, id string) error {
	if utf8.RuneCountInString(id) > maxClientID || !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl) {
		return fault.ErrInvalid.At(place, "expected at most %d characters, none of them a control character", maxClientID)
	}
	return nil
}
