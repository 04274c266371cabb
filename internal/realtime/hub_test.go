package realtime

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/caller"
)

// Whoever comes and goes in whatever order: no limit is ever passed, nobody is refused while there is
// room, and when all have gone nothing is left.
func TestHubKeepsItsLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limits := Limits{
			PerSession: rapid.IntRange(1, 3).Draw(t, "per session"),
			PerUser:    rapid.IntRange(1, 4).Draw(t, "per user"),
			PerNode:    rapid.IntRange(1, 8).Draw(t, "per node"),
		}
		h := newHub(limits, nil)
		var open []*socket
		t.Repeat(map[string]func(*rapid.T){
			"come": func(t *rapid.T) {
				s := &socket{who: someone(t)}
				ofSession, ofUser := 0, 0
				for _, other := range open {
					if other.key() == s.key() {
						ofUser++
						if other.who.Session == s.who.Session {
							ofSession++
						}
					}
				}
				room := ofSession < limits.PerSession && ofUser < limits.PerUser && len(open) < limits.PerNode
				if err := h.admit(s); (err == nil) != room {
					t.Fatalf("with %d of the session, %d of the user and %d: %v", ofSession, ofUser, len(open), err)
				}
				if room {
					open = append(open, s)
				}
			},
			"go": func(t *rapid.T) {
				if len(open) == 0 {
					return
				}
				n := rapid.IntRange(0, len(open)-1).Draw(t, "who")
				h.release(open[n])
				open = append(open[:n], open[n+1:]...)
			},
		})
		for _, s := range open {
			h.release(s)
		}
		h.stop() // waits for nobody
		if h.count != 0 || len(h.byUsers) != 0 {
			t.Errorf("%d are left, of %d users", h.count, len(h.byUsers))
		}
		if h.admit(&socket{who: someone(t)}) == nil {
			t.Error("somebody came after the end")
		}
	})
}

// someone is one of a few, in a few sessions; ids are the same in both tenants.
func someone(t *rapid.T) *caller.Caller {
	return &caller.Caller{
		Tenant:  rapid.SampledFrom([]string{"acme", "other"}).Draw(t, "tenant"),
		User:    fmt.Sprint("u", rapid.IntRange(1, 2).Draw(t, "user")),
		Session: fmt.Sprint("s", rapid.IntRange(1, 2).Draw(t, "session")),
	}
}

func TestHubWakesThoseConcernedAndNobodyElse(t *testing.T) {
	woken := map[*socket]bool{}
	h := newHub(Limits{}.withDefaults(), func(s *socket) { woken[s] = true })
	ann := &socket{who: &caller.Caller{Tenant: "acme", User: "ann"}}
	bob := &socket{who: &caller.Caller{Tenant: "acme", User: "bob"}}
	namesake := &socket{who: &caller.Caller{Tenant: "other", User: "ann"}}
	all := []*socket{ann, bob, namesake}
	for _, s := range all {
		if err := h.admit(s); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		tenant, user string
		woken        []bool
	}{
		{"acme", "ann", []bool{true, false, false}},
		{"acme", "", []bool{true, true, false}},
		{"other", "", []bool{false, false, true}},
		{"other", "bob", []bool{false, false, false}},
		{"", "", []bool{false, false, false}},
	} {
		clear(woken)
		h.reconsider(c.tenant, c.user)
		for n, s := range all {
			if woken[s] != c.woken[n] {
				t.Errorf("%s of %s: %s of %s is woken: %v", c.user, c.tenant, s.who.User, s.who.Tenant, woken[s])
			}
		}
	}
}
