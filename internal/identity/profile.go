package identity

import (
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Profile is what a user is called and how to reach them.
type Profile struct {
	Username string // as it was written; unique by its key, see store.Fold
	Name     string
	Email    string
	Phone    string
	Locale   string // zh-CN or en
}

// How long a profile's texts may be, in characters.
const (
	usernameLimit = 64
	emailLimit    = 254
	phoneLimit    = 32
)

func (p Profile) trimmed() Profile {
	for _, text := range []*string{&p.Username, &p.Name, &p.Email, &p.Phone} {
		*text = strings.TrimSpace(*text)
	}
	return p
}

// sameContact tells whether somebody signs in and is reached as before. A username is a credential, and
// e-mail and phone are where people prove who they are: whoever could change those of somebody stronger
// could become them.
func (p Profile) sameContact(q Profile) bool {
	return p.Username == q.Username && p.Email == q.Email && p.Phone == q.Phone
}

// check judges a trimmed profile; the places are those of a body.
func (p Profile) check() error {
	if !isUsername(p.Username) {
		return fault.ErrInvalid.At("body.username", "expected 1 to %d visible characters", usernameLimit)
	}
	if err := tenant.CheckName("body.name", p.Name); err != nil {
		return err
	}
	if p.Email != "" && !isAddress(p.Email) {
		return fault.ErrInvalid.At("body.email", "expected an e-mail address, or nothing")
	}
	if !isPhone(p.Phone) {
		return fault.ErrInvalid.At("body.phone", "expected up to %d digits, spaces and + - ( ) . , # *, or nothing", phoneLimit)
	}
	if p.Locale != "zh-CN" && p.Locale != "en" {
		return fault.ErrInvalid.At("body.locale", "expected zh-CN or en")
	}
	return nil
}

// isUsername refuses what cannot be seen or typed again: two usernames must not look the same
// because one holds an invisible character.
func isUsername(s string) bool {
	invisible := func(r rune) bool { return !unicode.IsGraphic(r) || tenant.Unseen(r) }
	return store.Fold(s) != "" && isText(s, usernameLimit) && !strings.ContainsFunc(s, invisible)
}

// wecomUserID is the form of user ids at WeCom, where case makes no difference.
var wecomUserID = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}$`)

// CheckWeComUserID judges the id that a user has at WeCom.
func CheckWeComUserID(id string) error {
	if !wecomUserID.MatchString(id) {
		return fault.ErrInvalid.At("body.wecom_user_id", "expected 1 to 64 letters, digits and - _ . @, the first a letter or digit")
	}
	return nil
}

func isText(s string, limit int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit && !strings.ContainsFunc(s, unicode.IsControl)
}

// isAddress takes an address alone, without a display name.
func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && isText(s, emailLimit)
}

func isPhone(s string) bool {
	return isText(s, phoneLimit) && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("0123456789 +-().,#*", r)
	})
}
