package desk_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/desk"
	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestTheDeskGivesWhatWaits(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := newFloor(t, s)
		it := f.NewDepartment("IT", "")
		requester := f.NewUser("wang", nil, "user")
		network := f.agent("li", 2, []string{it}, "network")
		other := f.agent("zhao", 2, []string{it}, "software")
		f.agent("sun", 2, nil, "network") // works elsewhere

		older := f.ask(requester, "network", it, 2*time.Second)
		newer := f.ask(requester, "network", it, time.Second)
		third := f.ask(requester, "network", it, 0)
		relaxed := f.ask(requester, "peripheral", it, 2*time.Minute)
		young := f.ask(requester, "peripheral", it, time.Minute)
		f.settle()

		for _, c := range []struct {
			what, conversation, holder string
			pass                       desk.Pass
		}{
			{"the oldest goes to the skill", older, network.ID, desk.Matched},
			{"the next too", newer, network.ID, desk.Matched},
			{"nobody with the skill has room", third, "", ""},
			{"two minutes relax the skill", relaxed, other.ID, desk.Relaxed},
			{"one does not", young, "", ""},
		} {
			if got := f.holder(c.conversation); got != c.holder {
				t.Errorf("%s: held by %q, want %q", c.what, got, c.holder)
			} else if got != "" && f.pass(c.conversation) != c.pass {
				t.Errorf("%s: by %s, want %s", c.what, f.pass(c.conversation), c.pass)
			}
		}
		if n := one[int](f, `SELECT count(*) FROM audit_bodies r WHERE r.tenant_id = $1 AND r.event = 'conversation.dispatch'`); n != 3 {
			t.Errorf("%d records of 3 claims", n)
		}
	})
}
