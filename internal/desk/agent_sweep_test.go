package desk_test

import (
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// events are those of the desk itself in a tenant's trail, oldest first.
func (w *talk) events() (events []string) {
	w.t.Helper()
	err := w.s.DB.Read(w.t.Context(), w.ID, func(tx *store.Tx) (err error) {
		events, err = store.Collect(w.t.Context(), tx, store.Text, `
			SELECT b.event
			FROM audit_bodies b
			WHERE b.tenant_id = $1 AND b.event IN ('agent.retire', 'conversation.requeue')
			ORDER BY b.id`)
		return err
	})
	w.must(err)
	return events
}

// Who takes conversations no more is sent home, and what they held waits for somebody else.

func TestWhoIsGivenAnotherRoleIsSentHome(t *testing.T) {
	sentHome(t, func(w *talk) {
		roles := "/v1/users/" + w.user("ann") + "/roles"
		etag := w.as("root").Do("GET", roles, nil).Expect(200).ETag()
		w.as("root").Do("PUT", roles, object{"roles": []string{"user"}}, "If-Match", etag).Expect(200)
	})
}

func TestWhoIsDisabledIsSentHome(t *testing.T) {
	sentHome(t, func(w *talk) { w.as("root").Do("POST", "/v1/users/"+w.user("ann")+"/disable", nil).Expect(200) })
}

func TestWhoseRoleIsDeactivatedIsSentHome(t *testing.T) {
	sentHome(t, func(w *talk) { w.as("root").Do("POST", "/v1/roles/agent/deactivate", nil).Expect(200) })
}

func sentHome(t *testing.T, lose func(w *talk)) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		second := w.begin("uma", "ann")
		w.must(s.Desk.SweepAgents(t.Context(), w.ID))
		if events := w.events(); len(events) > 0 || w.state(w.id) != "active "+w.user("ann") {
			t.Fatalf("sent home with the permission: %v", events)
		}
		lose(w)
		w.must(s.Desk.SweepAgents(t.Context(), w.ID))
		w.must(s.Desk.SweepAgents(t.Context(), w.ID)) // finds nothing more to do
		ann := w.as("root").Do("GET", "/v1/agents/"+w.user("ann"), nil).Expect(200)
		if ann.String("status") != "offline" || ann.String("status_reason") != "no_permission" || ann.Value("current_load") != 0.0 {
			t.Errorf("ann is %s", ann.Body)
		}
		if w.state(w.id) != "queued " || w.state(second) != "queued " {
			t.Errorf("what ann held is %s, %s", w.state(w.id), w.state(second))
		}
		if events := w.events(); !slices.Equal(events, []string{"agent.retire", "conversation.requeue", "conversation.requeue"}) {
			t.Errorf("records are %v", events)
		}
	})
}
