package trail

import (
	"strings"
	"unicode"
)

// isName accepts what field names, object types, events and reasons look like: [a-z][a-z0-9_.-]{0,63}. That they
// are ASCII makes the order of their bytes the order of their UTF-16 code units, which RFC 8785 sorts by.
func isName(s string) bool {
	return s != "" && len(s) <= 64 && s[0] >= 'a' && s[0] <= 'z' && all(s, func(b byte) bool {
		return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '.' || b == '-'
	})
}

// isTerm accepts enumerations, role names and permissions. It begins with a letter or star and knows neither dot, at sign
// nor blank, so that addresses, mail addresses, telephone numbers and what people type are refused.
func isTerm(s string) bool {
	return s != "" && len(s) <= MaxText && (s[0] == '*' || isLetter(s[0])) && all(s, func(b byte) bool {
		return isLetter(b) || b >= '0' && b <= '9' || b == '_' || b == '-' || b == ':' || b == '*'
	})
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

func all(s string, ok func(byte) bool) bool {
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

// isLog accepts an origin of tlog-checkpoint that ends in /audit/<tenant id>. Blanks and plus signs would break the
// name of the key that signs it (C2SP signed-note).
func isLog(s string) bool {
	host, tenant, ok := strings.Cut(s, "/audit/")
	return ok && host != "" && tenant != "" && !strings.Contains(tenant, "/") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r == '+' || unicode.IsSpace(r) || unicode.IsControl(r) })
}

// isUUIDv7 accepts the one form that RFC 9562 writes: 8-4-4-4-12 digits in lower case, version 7, variant 10.
func isUUIDv7(s string) bool {
	if len(s) != 36 || s[14] != '7' || !strings.Contains("89ab", s[19:20]) {
		return false
	}
	for i := range len(s) {
		digit := strings.IndexByte("0123456789abcdef", s[i]) >= 0
		if hyphen := i == 8 || i == 13 || i == 18 || i == 23; hyphen && s[i] != '-' || !hyphen && !digit {
			return false
		}
	}
	return true
}
