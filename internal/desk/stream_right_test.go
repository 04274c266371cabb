package desk_test

import (
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// change changes the tenant's access in a commit that the program does not hear of.
func (w *talk) change(f func(tx *store.Tx) error) {
	w.t.Helper()
	err := w.s.DB.Write(w.t.Context(), w.ID, func(tx *store.Tx) error {
		if _, err := tenant.Lock(w.t.Context(), tx); err != nil {
			return err
		}
		return f(tx)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// regrant gives somebody these roles and no others.
func (w *talk) regrant(who string, roles ...string) {
	w.t.Helper()
	w.change(func(tx *store.Tx) error {
		var list []policy.Assignment
		for _, role := range roles {
			list = append(list, policy.Assignment{Role: role})
		}
		return policy.SetAssignments(w.t.Context(), tx, w.user(who), list)
	})
}

// relocate moves somebody to another department.
func (w *talk) relocate(who, department string) {
	w.t.Helper()
	w.change(func(tx *store.Tx) error {
		_, err := tx.Exec(w.t.Context(), `UPDATE user_departments SET department_id = $3 WHERE tenant_id = $1 AND user_id = $2`, w.user(who), department)
		return err
	})
}

// Nothing happens at the desk, and those who lost their right are told so all the same.
func TestStreamsEndWithTheRight(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		thread := "conversation/" + w.id
		w.do("lin", "POST", "/monitor", nil).Expect(200)
		rui, ann, lin := w.view(w.s, "rui", polls), w.view(w.s, "ann", polls), w.view(w.s, "lin", polls)
		rui.follow(thread, nil).follow("mine", nil)
		ann.follow(thread, nil).follow("conversations", nil)
		lin.follow(thread, nil).follow("board", nil)
		ends := func(v *viewer, stream, code string) {
			t.Helper()
			v.until(stream+" ends", func() bool { return v.ended[stream] != "" })
			if got := v.ended[stream]; got != code {
				t.Errorf("%s ended with %s, want %s", stream, got, code)
			}
		}
		w.do("lin", "DELETE", "/monitor", nil).Expect(204)
		ends(lin, thread, "no_part_in_conversation")
		w.regrant("lin", "user")
		ends(lin, "board", "no_board")
		w.regrant("ann", "user")
		ends(ann, "conversations", "no_list")
		w.regrant("ann")
		ends(ann, thread, "not_found")
		w.regrant("rui")
		ends(rui, "mine", "no_list")
		ends(rui, thread, "not_found")
	})
}

// What is said after a right was lost is not heard, however soon.
func TestTheNextEventObeysTheRulesOfItsCommit(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		thread := "conversation/" + w.id
		w.do("lin", "POST", "/monitor", nil).Expect(200)
		lin, ann := w.view(w.s, "lin", polls), w.view(w.s, "ann", polls)
		lin.follow(thread, nil).follow("conversations", nil)
		ann.follow(thread, nil).follow("conversations", nil)
		w.say("rui", "text", "before").Expect(201)
		lin.hears(1)
		lin.sees(w.id)
		ann.sees(w.id)
		w.relocate("lin", w.sales)
		w.write(`UPDATE conversations SET assignee_id = NULL, state = 'queued', department_id = NULL WHERE tenant_id = $1 AND id = $2`, w.id)
		w.regrant("ann", "user")
		w.commitInSilence("after")
		for name, v := range map[string]*viewer{"lin": lin, "ann": ann} {
			v.until("the end", func() bool { return v.ended[thread] != "" })
			v.mu.Lock()
			if slices.ContainsFunc(v.said, func(m heard) bool { return m.Text == "after" }) {
				t.Errorf("%s hears what was said afterwards", name)
			}
			v.mu.Unlock()
		}
		lin.until("another list", func() bool { return lin.resets == 1 })
		ann.until("no list", func() bool { return ann.ended["conversations"] == "no_list" })
	})
}

// passInSilence gives the conversation to another agent, and tells no node.
func (w *talk) passInSilence(agent string) {
	w.t.Helper()
	w.commit(
		statement{`UPDATE desk_positions SET last = last + 1 WHERE tenant_id = $1 AND stream = 'desk'`, nil},
		statement{`INSERT INTO desk_events (tenant_id, seq, conversation_id, requester_id, state_before, assignee_before, department_before, created_at)
			SELECT $1, d.last, c.id, c.requester_id, c.state, c.assignee_id, c.department_id, 0
			FROM conversations c
			JOIN desk_positions d ON d.tenant_id = $1 AND d.stream = 'desk'
			WHERE c.tenant_id = $1 AND c.id = $2`, []any{w.id}},
		statement{`UPDATE conversations SET assignee_id = $3, last_agent_id = $3 WHERE tenant_id = $1 AND id = $2`, []any{w.id, w.user(agent)}},
	)
}

// A conversation that passes to somebody else leaves the list of who had it, and comes into that of who has.
func TestListsFollowTheAssignment(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		insertAgent(t, w.s, w.ID, w.user("bob"))
		ann, bob := w.view(w.s, "ann", polls).follow("conversations", nil), w.view(w.s, "bob", polls).follow("conversations", nil)
		w.say("rui", "text", "help").Expect(201)
		ann.sees(w.id)
		w.passInSilence("bob")
		w.say("rui", "text", "are you there?").Expect(201)
		bob.sees(w.id)
		ann.sees()
		ann.clean()
		bob.clean()
	})
}

// The requester hears no note and no whisper, and their numbers have no gap where those are.
func TestTheRequesterNeverLearnsOfWhatIsNotSaidToThem(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		thread := "conversation/" + w.id
		rui, ann := w.view(w.s, "rui", polls), w.view(w.s, "ann", polls).follow(thread, nil)
		rui.follow(thread, nil).follow("mine", nil)
		w.say("rui", "text", "one").Expect(201)
		w.say("ann", "note", "difficult").Expect(201)
		w.do("lin", "POST", "/whisper", map[string]any{"text": "ask for the serial number"}).Expect(200)
		w.say("ann", "text", "two").Expect(201)
		ann.until("everything", func() bool { return len(ann.said) > 0 && ann.said[len(ann.said)-1].Text == "two" })
		rui.until("what is said to them", func() bool { return len(rui.said) > 0 && rui.said[len(rui.said)-1].Text == "two" })
		rui.mu.Lock()
		defer rui.mu.Unlock()
		for i, m := range rui.said {
			if m.Seq != int64(i+1) || m.Kind == "note" || m.Kind == "whisper" {
				t.Errorf("rui hears %+v", m)
			}
		}
		ann.mu.Lock()
		defer ann.mu.Unlock()
		if !slices.ContainsFunc(ann.said, func(m heard) bool { return m.Kind == "whisper" }) {
			t.Errorf("ann hears %+v", ann.said)
		}
		if len(rui.rows) != 1 || rui.rows[w.id].Face != "requester" || rui.rows[w.id].LastSeq != int64(len(rui.said)) {
			t.Errorf("rui's row is %+v", rui.rows)
		}
	})
}

func TestTheBoardIsToldAgainAndAgain(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		lin := w.view(w.s, "lin", polls).follow("board", nil)
		lin.until("the board", func() bool { return len(lin.told) > 0 && lin.told[0].Kind == "board" && lin.told[0].Board != nil })
		w.say("rui", "text", "help").Expect(201)
		lin.until("the board again", func() bool { return len(lin.told) > 1 })
		lin.clean()
	})
}

// Who has a connection counts as there until the last one closes; who polls does for a while.
func TestConnectionsAndPollsCountAsPresence(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		sources := func(who string) (found []string) {
			err := s.DB.Read(t.Context(), w.ID, func(tx *store.Tx) (err error) {
				found, err = store.Collect(t.Context(), tx, store.Text, `
					SELECT p.source FROM presences p WHERE p.tenant_id = $1 AND p.user_id = $2`, w.user(who))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		ann := w.view(s, "ann", false).follow("conversations", nil)
		ann.until("ann is there", func() bool { return slices.Equal(sources("ann"), []string{"node test"}) })
		w.as("bob").Do("GET", "/v1/events?stream=conversations", nil).Expect(200)
		if got := sources("bob"); !slices.Equal(got, []string{"poll"}) {
			t.Errorf("bob is there by %q", got)
		}
		s.Realtime.Stop()
		if got := sources("ann"); slices.Contains(got, "node test") { // the page polls from now on
			t.Errorf("ann is still there by %q", got)
		}
	})
}

func TestPollsAreReadStrictly(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		for _, query := range []string{
			"stream=mine,mine", "stream=mine,", "stream=Mine", "stream=mine&after=mine", "stream=mine&after=mine:01", "stream=mine&after=mine:-1",
			"stream=mine&after=mine:1,mine:1", "stream=mine&after=mine:1:xyz", "stream=mine&after=mine:9007199254740992", "stream=mine&after=,",
			"stream=conversation/../x",
		} {
			w.as("rui").Do("GET", "/v1/events?"+query, nil).Refused(422, "bad_position")
		}
		for _, query := range []string{"stream=mine&wait=26", "stream=mine&wait=-1", "stream=mine&more=1"} {
			w.as("rui").Do("GET", "/v1/events?"+query, nil).Refused(422, "invalid_request")
		}
		if next := w.as("rui").Do("GET", "/v1/events?stream=mine&after=mine:0&wait=0", nil).Expect(200).String("next"); next != "mine:0" {
			t.Errorf("next is %s", next)
		}
	})
}
