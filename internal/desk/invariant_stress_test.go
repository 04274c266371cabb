package desk_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
)

// What must hold of a desk holds when everybody acts at the same time, on two nodes that dispatch and sweep by
// themselves. Nobody is answered with an error of ours: whoever comes second is told so.
func TestWhatMustHoldHoldsAmongManyAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := servertest.RunLive(t, db)
		nodes := []*servertest.Server{s, s.Beside("second", db, nil)}
		m := newMachine(t, nodes, "acme")
		crowd := slices.Concat(m.agents, m.users, []*servertest.User{m.lead})
		for _, u := range crowd {
			m.do(u, "GET", "/v1/me", nil).Expect(200) // signs in
		}
		var all sync.WaitGroup
		for i, u := range crowd {
			all.Go(func() {
				random := rand.New(rand.NewPCG(uint64(i), 1))
				for range 60 {
					m.actAtRandom(random, m.clients[u.ID].At(nodes[random.IntN(2)]))
				}
			})
		}
		all.Wait()
		for _, node := range nodes {
			node.Desk.Stop()
		}
		m.settle()
		w := see(t, s, m.ID)
		if err := (&step{what: "a crowd", renews: true, settled: true, before: w, after: w, desk: m}).check(); err != nil {
			t.Error(err)
		}
		if len(w.tenures) < 20 {
			t.Errorf("only %d tenures", len(w.tenures))
		}
	})
}

// actAtRandom does something with some conversation, whether or not it can be done, which the answer says.
func (m *machine) actAtRandom(random *rand.Rand, c *servertest.Client) {
	ids := collect(m, `
		SELECT c.id || ' ' || c.version
		FROM conversations c
		WHERE c.tenant_id = $1 AND c.state NOT IN ('closed', 'abandoned') AND ($2 OR c.assignee_id = $3)`, random.IntN(2) == 0, c.User.ID)
	var id, version string
	if len(ids) > 0 {
		_, err := fmt.Sscan(ids[random.IntN(len(ids))], &id, &version)
		m.must(err)
	}
	agent := m.agents[random.IntN(len(m.agents))]
	var answer *servertest.Answer
	on := func(what string, body any) {
		answer = c.Do("POST", "/v1/conversations/"+id+"/"+what, body, "If-Match", `"`+version+`"`)
	}
	switch what := random.IntN(17); {
	case what < 3 || id == "":
		answer = c.Do("POST", "/v1/conversations", object{"skill": []string{"network", "software"}[random.IntN(2)], "subject": "help", "text": "please"})
	case what == 3:
		on("take", nil)
	case what == 4:
		on("transfer", object{"agent": agent.ID})
	case what == 5:
		on("assign", object{"agent": agent.ID, "force": random.IntN(2) == 0})
	case what == 6:
		on("hold", nil)
	case what == 7:
		on("resume", nil)
	case what == 8:
		on("park", object{})
	case what == 9 || what == 15:
		on("resolve", nil)
	case what == 10:
		on("reopen", nil)
	case what == 11:
		answer = c.Do("PUT", "/v1/me/agent", object{"status": []string{"busy", "offline"}[random.IntN(2)], "release": true})
	case what < 14:
		answer = c.Do("PUT", "/v1/me/agent", object{"status": "online"})
	default:
		answer = c.Do("POST", "/v1/conversations/"+id+"/messages", object{"kind": "text", "text": "so"})
	}
	if answer.Status >= http.StatusInternalServerError {
		m.t.Errorf("%d %s", answer.Status, answer.Body)
	}
}

// collect reads a column of text.
func collect(m *machine, query string, args ...any) (found []string) {
	m.must(m.DB.Read(m.t.Context(), m.ID, func(tx *store.Tx) (err error) {
		found, err = store.Collect(m.t.Context(), tx, store.Text, query, args...)
		return err
	}))
	return found
}
