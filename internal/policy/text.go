package policy

import (
	"strings"
	"unicode"

	"github.com/usher-desk/usher/internal/fault"
)

// text is what people wrote for people, and where it stands in a request.
type text struct {
	place, value string
	lines        bool // it may have several
}

// garbled names the texts that hold control characters.
func garbled(texts ...text) (places []fault.Place) {
	for _, t := range texts {
		if t.lines {
			t.value = strings.ReplaceAll(t.value, "\n", "")
		}
		if strings.ContainsFunc(t.value, unicode.IsControl) {
			places = append(places, fault.Place{Location: t.place, Message: "must not hold control characters"})
		}
	}
	return places
}
