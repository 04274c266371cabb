package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// await looks again and again until something is so.
func (f *floor) await(what string, so func() bool) {
	f.t.Helper()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for limit := time.After(time.Minute); !so(); {
		select {
		case <-ticker.C:
		case <-limit:
			f.t.Fatalf("never: %s", what)
		}
	}
}

func TestADeskSettlesByItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := newFloor(t, servertest.RunLive(t, db))
		agent := f.agent("li", 2, nil, "network")
		requester := f.NewUser("wang", nil, "user").SignIn()
		asked := requester.Do("POST", "/v1/conversations", object{"skill": "network", "subject": "help", "text": "please"}).Expect(201)
		f.await("told of a question, the desk gives it", func() bool { return f.holder(asked.String("id")) == agent.ID })
		untold := f.ask(requester.User, "network", "", 0)
		f.await("untold, the desk finds it", func() bool { return f.holder(untold) == agent.ID })
	})
}

// A conversation that opens for more agents by waiting is given then, whoever tells.
func TestWaitingLongEnoughIsNoticed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := newFloor(t, servertest.RunLive(t, db))
		agent := f.agent("li", 2, nil)
		asked := f.NewUser("wang", nil, "user").SignIn().Do("POST", "/v1/conversations",
			object{"skill": "network", "subject": "help", "text": "please"}).Expect(201).String("id")
		f.Clock.Advance(2 * time.Minute)
		f.await("after two minutes it goes to somebody without the skill", func() bool { return f.holder(asked) == agent.ID })
		if f.pass(asked) != "relaxed" {
			t.Errorf("by %s", f.pass(asked))
		}
	})
}

// Tenants that keep a node busy do not keep the others waiting for ever, and nobody's queue is settled twice.
func TestManyDesksAreSettledByManyNodesAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := servertest.RunLive(t, db)
		s.Beside("second", db, nil)
		var floors []*floor
		for i := range 6 {
			f := &floor{Server: s, Tenant: s.NewTenant(fmt.Sprint("tenant", i), "it-desk"), t: t}
			requester := f.NewUser("wang", nil, "user")
			for n := range 3 {
				f.agent(fmt.Sprint("agent", n), 20, nil, "network")
			}
			for range 40 {
				f.ask(requester, "network", "", 0)
			}
			floors = append(floors, f)
		}
		for _, f := range floors {
			f.await("every question has an agent", func() bool {
				return one[int](f, `SELECT count(*) FROM conversations c WHERE c.tenant_id = $1 AND c.state = 'queued'`) == 0
			})
			if n := one[int](f, `SELECT count(*) FROM tenures t WHERE t.tenant_id = $1`); n != 40 {
				t.Errorf("%d tenures of 40 questions", n)
			}
		}
	})
}
