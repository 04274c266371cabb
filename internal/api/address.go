package api

import (
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAddress bounds path and query together, in bytes.
const maxAddress = 16 << 10

// canonicalPath tells whether the path is written in the one way that routes are. The mux would send
// others on to the one they mean; here they are nowhere.
func canonicalPath(u *url.URL) bool {
	p := u.EscapedPath()
	if !strings.HasPrefix(p, "/") {
		return false
	}
	clean := path.Clean(p)
	return p == clean || clean != "/" && p == clean+"/"
}

// checkAddress refuses text that no operation takes, and queries that two readers may read
// differently: net/url leaves out what it cannot decode, huma takes a name without a value for true,
// and either may take the first or the last of two.
func checkAddress(u *url.URL) error {
	if len(u.EscapedPath())+len(u.RawQuery) > maxAddress {
		return errLongAddress
	}
	if !cleanText(u.Path) {
		return errText
	}
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, ok := parameterName(pair)
		if !ok {
			return errText
		}
		if seen[name] {
			return errText.With("a parameter stands twice")
		}
		seen[name] = pair != ""
	}
	return nil
}

// parameterName decodes one name=value of a query, of which an empty one is fine.
func parameterName(pair string) (string, bool) {
	name, value, found := strings.Cut(pair, "=")
	name, nameErr := url.QueryUnescape(name)
	value, valueErr := url.QueryUnescape(value)
	ok := found && nameErr == nil && valueErr == nil && !strings.Contains(pair, ";") && cleanText(name) && cleanText(value)
	return name, ok || pair == ""
}

func cleanText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
