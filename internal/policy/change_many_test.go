package policy

import (
	"errors"
	"testing"

	"github.com/usher-desk/usher/access"
)

// Of many who are refused each is judged when somebody asks, and the refusals are not gathered: the texts of all would
// need more memory than the change.
func TestThoseWhoAreRefusedAreJudgedWhenAsked(t *testing.T) {
	before, after := crowd(500, 2, true)
	c := newChange(before.compile(t), after.compile(t), access.Subject{}, now, []string{"root"})
	c.actor, _ = c.before.Subject("u0")
	v := &verdict{c, judge(c)}
	if !errors.Is(v, ErrCannotGrant) {
		t.Fatalf("refused with %v", v.cause)
	}
	seen := map[string]bool{}
	all := testing.AllocsPerRun(1, func() {
		for r := range v.ofUsers {
			seen[r.User] = errors.Is(r.Cause, ErrCannotGrant)
		}
	})
	first := testing.AllocsPerRun(1, func() {
		if !anybody(v.ofUsers) {
			t.Error("nobody is refused")
		}
	})
	if len(seen) != 500 || first > all/100 {
		t.Errorf("%d users are refused; the first costs %v allocations and all of them %v", len(seen), first, all)
	}
}
