package desk_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// A reopened conversation begins anew: another cycle, another age, no rating, and whoever helped goes first,
// also who was passed over before.
func TestAReopenedConversationBeginsAnew(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		o.prefer()
		c := o.in("resolved")
		c.does(o.asZoe, "rating", object{"score": 1, "reasons": []string{"unsolved", "slow"}, "text": "Still broken."}).Expect(200)
		write(t, s, o.ID, func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `
				INSERT INTO conversation_exclusions (tenant_id, conversation_id, agent_id, reason, created_at)
				VALUES ($1, $2, $3, 'no_answer', 0)`, c.id, o.ben.ID)
			return err
		})
		before := o.root.Do("GET", c.path(""), nil).Expect(200)
		s.Clock.Advance(time.Minute)
		after := c.does(o.asZoe, "reopen", nil).Expect(200)
		if after.Value("cycle") != 2.0 || after.Value("rating") != nil || after.Value("ended_at") != nil || after.String("queued_at") <= before.String("queued_at") {
			t.Errorf("reopened: %s", after.Body)
		}
		if got := o.root.Do("GET", c.path(""), nil).String("preferred", "name"); got != "ann" {
			t.Errorf("%q goes first", got)
		}
		c.does(o.asBen, "take", nil).Expect(200)
		c.does(o.asBen, "resolve", nil).Expect(200)
		c.does(o.asZoe, "rating", object{"score": 5}).Expect(200)
		ratings := o.rows(`SELECT y.cycle || ' ' || y.rating || ' ' || y.end_state FROM conversation_cycles y WHERE y.tenant_id = $1`)
		if len(ratings) != 2 || ratings[0] != "1 1 resolved" || ratings[1] != "2 5 resolved" {
			t.Errorf("cycles: %v", ratings)
		}
		o.mustBeSound()
	})
}

func TestReopeningHasATime(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		s.Clock.Stop()
		c, late := o.in("resolved"), o.in("resolved")
		s.Clock.Advance(72*time.Hour - time.Second)
		o.asZoe.SignIn(o.zoe)
		c.does(o.asZoe, "reopen", nil).Expect(200)
		s.Clock.Advance(time.Second)
		late.does(o.asZoe, "reopen", nil).Refused(409, "conversation_ended")
		o.asLea.SignIn(o.asLea.User)
		late.does(o.asLea, "reopen", nil).Expect(200) // who assigns has no such limit
	})
}

func TestARatingCanBeChangedForAWhile(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		s.Clock.Stop()
		c := o.in("closed")
		first := c.does(o.asZoe, "rating", object{"score": 2, "reasons": []string{"slow", "slow"}}).Expect(200)
		if reasons, _ := first.Value("rating", "reasons").([]any); len(reasons) != 1 {
			t.Errorf("reasons: %v", reasons)
		}
		s.Clock.Advance(72*time.Hour - time.Second)
		o.asZoe.SignIn(o.zoe)
		second := c.does(o.asZoe, "rating", object{"score": 4, "text": "Better now."}).Expect(200)
		if second.String("rating", "at") != first.String("rating", "at") || second.String("rating", "text") != "Better now." {
			t.Errorf("changed to %s", second.Body)
		}
		s.Clock.Advance(time.Second)
		c.does(o.asZoe, "rating", object{"score": 5}).Refused(409, "rating_settled")
		for _, wrong := range []object{{"score": 0}, {"score": 6}, {"score": 3, "reasons": []string{"nice"}}, {"score": 3, "text": "\u200b"}} {
			c.does(o.asZoe, "rating", wrong).Refused(422, "invalid_request")
		}
	})
}

func TestParkedUntil(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		o.prefer()
		c := o.in("active")
		for _, wrong := range []time.Time{s.Clock.Now().Add(-time.Second), s.Clock.Now().AddDate(2, 0, 0)} {
			c.does(o.asAnn, "park", object{"until": wrong}).Refused(422, "invalid_request")
		}
		until := s.Clock.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
		parked := c.does(o.asAnn, "park", object{"until": until}).Expect(200)
		if parked.String("wake_at") != until.Format(time.RFC3339Nano) || parked.Value("assignee") != nil {
			t.Errorf("parked: %s", parked.Body)
		}
		if load := o.rows(`SELECT a.user_id FROM agents a WHERE a.tenant_id = $1 AND a.current_load > 0`); len(load) > 0 {
			t.Errorf("%v have it as load", load)
		}
		woken := c.does(o.asAnn, "resume", nil).Expect(200)
		if woken.Value("wake_at") != nil || woken.String("state") != "queued" || woken.String("preferred", "name") != "ann" {
			t.Errorf("woken: %s", woken.Body)
		}
	})
}

// What changes only for those who work on it leaves no trace that its requester could see.
func TestChangesBehindTheRequester(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		c := o.in("active")
		before := o.asZoe.Do("GET", c.path(""), nil).Expect(200)
		o.asAnn.Do("POST", c.path("messages"), object{"kind": "note", "text": "She is the director."}).Expect(201)
		after := o.asZoe.Do("GET", c.path(""), nil).Expect(200)
		if string(before.Body) != string(after.Body) {
			t.Errorf("a note changed what the requester sees:\n%s\n%s", before.Body, after.Body)
		}
		if got := o.asAnn.Do("GET", c.path(""), nil).String("last_message", "kind"); got != "note" {
			t.Errorf("the agent is shown a %s last", got)
		}
		changed := o.asAnn.Do("PATCH", c.path(""), object{"priority": 3, "subject": "Router"}, "If-Match", c.etag).Expect(200)
		if changed.String("subject") != "Router" || changed.Value("priority") != 3.0 {
			t.Errorf("changed: %s", changed.Body)
		}
		o.asAnn.Do("PATCH", c.path(""), object{"tags": []string{"none"}}, "If-Match", changed.ETag()).Refused(422, "invalid_request")
		if same := o.asAnn.Do("PATCH", c.path(""), object{"priority": 3}, "If-Match", changed.ETag()).Expect(200); same.ETag() != changed.ETag() {
			t.Errorf("nothing changed, and the version is %s", same.ETag())
		}
		for _, item := range items(o.asZoe.Do("GET", c.path("messages"), nil)) {
			if code := item.(object)["code"]; code == "priority_changed" {
				t.Errorf("the requester reads %v", item)
			}
		}
	})
}
