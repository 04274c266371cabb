package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
)

// However many unknown names a file has, what was meant is looked for a bounded number of times, and said again wherever the
// same name stands.
func TestAParserLooksForFewOfManyUnknownNames(t *testing.T) {
	snapshot, err := access.Compile(access.BuiltIn(), access.Tenant{ID: "t", Roles: []access.Role{{Name: "agent", Active: true}}})
	if err != nil {
		t.Fatal(err)
	}
	p := NewEntryParser(snapshot, now)
	say := func(name string) string {
		_, err := p.Parse("body", []RoleEntry{{Role: name}})
		if err == nil {
			return ""
		}
		return fault.From(err).Places[0].Message
	}
	suggested := 0
	for i := range 3 * maxSuggested {
		said := say(fmt.Sprintf("agen%d", i))
		if !strings.HasPrefix(said, "no such role") {
			t.Fatalf("an unknown role is told as %q", said)
		}
		if strings.HasSuffix(said, "; did you mean agent?") {
			suggested++
		}
	}
	if suggested == 0 || suggested > maxSuggested {
		t.Errorf("%d names were suggested for, at most %d should be", suggested, maxSuggested)
	}
	if said := say("agen0"); said != "no such role; did you mean agent?" {
		t.Errorf("the first name of all is told as %q now", said)
	}
	if said := say("agent"); said != "" {
		t.Errorf("a role that is there is told as %q", said)
	}
}
