package desk_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// While there is no room nobody is given anything, and nothing is taken from those who may not answer.
func TestTheDeskWaitsWhileThereIsNoRoom(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var left atomic.Int64
		left.Store(2)
		f := still(t, servertest.RunOnDisk(t, db, func() (int64, error) { return left.Load(), nil }, 2))
		f.exec(`UPDATE desk_settings SET first_answer_seconds = 60 WHERE tenant_id = $1`)
		requester, agent := f.NewUser("wang", nil, "user"), f.agent("li", 5, nil)
		held := f.ask(requester, "", "", 0)
		f.settle()
		waiting := f.ask(requester, "", "", 0)
		left.Store(1)
		f.settle()
		f.sweep(61 * time.Second)
		if f.holder(held) != agent.ID || f.holder(waiting) != "" {
			t.Errorf("held by %q and %q", f.holder(held), f.holder(waiting))
		}
		agent.SignIn().Do("PUT", "/v1/me/agent", map[string]any{"status": "busy"}).Expect(200)
		left.Store(2)
		f.sweep(0)
		if got := f.state(held); got != "queued" {
			t.Errorf("with room again what nobody answered is %s", got)
		}
	})
}
