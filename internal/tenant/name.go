package tenant

import (
	"unicode"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/fault"
)

// nameLimit is how many characters a name may have.
const nameLimit = 128

// CheckName takes names of tenants, departments and people as they are written, trimmed by the
// caller. What cannot be seen, or turns the text around it, is refused, so that no two names look the
// same and none reads as what it is not. Joiners may stand inside words, where scripts need them, and
// variation selectors after what they select: many family names are written with one.
func CheckName(place, name string) error { return CheckTitle(place, name, nameLimit) }

// CheckTitle is [CheckName] for what has another limit on its length, in characters.
func CheckTitle(place, title string, limit int) error {
	if title == "" || utf8.RuneCountInString(title) > limit || !utf8.ValidString(title) || hides([]rune(title)) {
		return fault.ErrInvalid.At(place, "expected 1 to %d characters, none of them a control character or invisible", limit)
	}
	return nil
}

// hides tells whether something in a name cannot be seen.
func hides(name []rune) bool {
	const end = ' ' // stands before the first and after the last
	for i, r := range name {
		before, after := end, end
		if i > 0 {
			before = name[i-1]
		}
		if i+1 < len(name) {
			after = name[i+1]
		}
		if !fits(r, before, after) {
			return true
		}
	}
	return false
}

// The joiners of Unicode, chapter 23.2.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// fits tells whether a character may stand between two others in a name.
func fits(r, before, after rune) bool {
	switch {
	case unicode.IsControl(r):
		return false
	case r == joiner || r == nonJoiner:
		return (inWord(before) || selects(before)) && inWord(after)
	case selects(r):
		return inWord(before)
	}
	return !Unseen(r)
}

func inWord(r rune) bool { return !unicode.IsSpace(r) && !Unseen(r) }

func selects(r rune) bool { return unicode.Is(unicode.Variation_Selector, r) }

// brailleBlank is a symbol without a dot.
const brailleBlank = '\u2800'

// Unseen tells whether a character leaves no mark of its own: what Unicode counts as ignorable by
// default (Default_Ignorable_Code_Point, DerivedCoreProperties.txt), whatever is there for the format
// except marks drawn around digits, separators of lines, and one symbol that is blank. Control
// characters are not asked about.
func Unseen(r rune) bool {
	return r == brailleBlank || !unicode.Is(unicode.Prepended_Concatenation_Mark, r) &&
		unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
