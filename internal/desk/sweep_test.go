package desk_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// sweep lets time pass and has the desk swept, as every node does by itself.
func (f *floor) sweep(after time.Duration) {
	f.t.Helper()
	f.Clock.Advance(after)
	if err := f.Desk.Sweep(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

// lose takes every connection of an agent away.
func (f *floor) lose(u *servertest.User) {
	f.t.Helper()
	f.exec(`DELETE FROM presences WHERE tenant_id = $1 AND user_id = $2`, u.ID)
}

func (f *floor) state(conversation string) string {
	f.t.Helper()
	return one[string](f, `SELECT c.state FROM conversations c WHERE c.tenant_id = $1 AND c.id = $2`, conversation)
}

func (f *floor) status(u *servertest.User) string {
	f.t.Helper()
	return one[string](f, `
		SELECT a.status || coalesce(' ' || a.status_reason, '')
		FROM agents a
		WHERE a.tenant_id = $1 AND a.user_id = $2`, u.ID)
}

func (f *floor) records(event string) int {
	f.t.Helper()
	return one[int](f, `SELECT count(*) FROM audit_bodies r WHERE r.tenant_id = $1 AND r.event = $2`, event)
}

// still is a floor whose clock only the test moves.
func still(t *testing.T, s *servertest.Server) *floor {
	t.Helper()
	s.Clock.Stop()
	return newFloor(t, s)
}

func TestWhoIsMissedForThreeMinutesLosesWhatWaitsForThem(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		requester := f.NewUser("wang", nil, "user")
		lost := f.agent("li", 5, nil, "network")
		waiting, answered := f.ask(requester, "network", "", 0), f.ask(requester, "network", "", 0)
		f.settle()
		f.exec(`UPDATE conversations SET answered_at = $3 WHERE tenant_id = $1 AND id = $2`, answered, s.DB.Now().UnixMicro())
		other := f.agent("zhao", 5, nil, "network")

		f.lose(lost)
		f.sweep(0)
		fresh := f.ask(requester, "network", "", 0)
		f.settle()
		if f.holder(fresh) != other.ID {
			t.Errorf("new work goes to %q", f.holder(fresh))
		}
		f.sweep(89 * time.Second)
		if got := f.status(lost); got != "online" {
			t.Errorf("after 89 s: %s", got)
		}
		f.sweep(time.Second)
		if got := f.status(lost); got != "offline lost_connection" {
			t.Errorf("after 90 s: %s", got)
		}
		f.sweep(89 * time.Second)
		if got := f.state(waiting); got != "active" {
			t.Errorf("after 179 s: %s", got)
		}
		age := one[int64](f, `SELECT c.queued_at FROM conversations c WHERE c.tenant_id = $1 AND c.id = $2`, waiting)
		f.sweep(time.Second)
		f.sweep(time.Second)
		if a, b := f.state(waiting), f.state(answered); a != "queued" || b != "active" {
			t.Errorf("after 180 s: %s, and %s what was answered", a, b)
		}
		if n := f.records("conversation.requeue"); n != 1 {
			t.Errorf("%d records of one return", n)
		}
		if now := one[int64](f, `SELECT c.queued_at FROM conversations c WHERE c.tenant_id = $1 AND c.id = $2`, waiting); now != age {
			t.Errorf("the age was %d and is %d", age, now)
		}
		f.settle()
		if f.holder(waiting) != other.ID {
			t.Errorf("held by %q, want the agent who is there", f.holder(waiting))
		}
	})
}

func TestWhoComesBackInTimeKeepsWhatTheyHold(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		agent := f.agent("li", 5, nil)
		c := f.ask(f.NewUser("wang", nil, "user"), "", "", 0)
		f.settle()
		f.lose(agent)
		f.sweep(0)
		f.sweep(100 * time.Second)
		if err := s.Desk.Present(t.Context(), f.ID, []string{agent.ID}); err != nil {
			t.Fatal(err)
		}
		f.sweep(40 * time.Second)
		if err := s.Desk.Present(t.Context(), f.ID, []string{agent.ID}); err != nil {
			t.Fatal(err)
		}
		f.sweep(44 * time.Second)
		if f.holder(c) != agent.ID || f.status(agent) != "offline lost_connection" {
			t.Errorf("held by %q, who is %s", f.holder(c), f.status(agent))
		}
	})
}

func TestWhoDoesNotAnswerIsPassedOver(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		f.exec(`UPDATE desk_settings SET first_answer_seconds = 60 WHERE tenant_id = $1`)
		requester := f.NewUser("wang", nil, "user")
		agent := f.agent("li", 5, nil)
		first, second := f.ask(requester, "", "", 0), f.ask(requester, "", "", 0)
		f.settle()
		f.sweep(59 * time.Second)
		if f.holder(first) != agent.ID {
			t.Errorf("after 59 s: held by %q", f.holder(first))
		}
		f.sweep(time.Second)
		f.settle()
		for _, c := range []string{first, second} {
			if f.state(c) != "queued" {
				t.Errorf("after 60 s: %s", f.state(c))
			}
		}
		if got := f.status(agent); got != "busy no_answer" {
			t.Errorf("after two in a row: %s", got)
		}
		if n := f.records("conversation.requeue"); n != 2 {
			t.Errorf("%d records of two returns", n)
		}
		f.exec(`UPDATE agents SET status = 'online' WHERE tenant_id = $1 AND user_id = $2`, agent.ID)
		third := f.ask(requester, "", "", 0)
		f.settle()
		if f.holder(first) != "" || f.holder(third) != agent.ID {
			t.Errorf("the one they left is held by %q, another by %q", f.holder(first), f.holder(third))
		}
	})
}

func TestTimeWakesParksResolvesAndCloses(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		f.exec(`UPDATE desk_settings SET park_seconds = 600, resolve_seconds = 3600, reopen_seconds = 7200 WHERE tenant_id = $1`)
		f.agent("li", 5, nil)
		c := f.ask(f.NewUser("wang", nil, "user"), "", "", 0)
		f.settle()
		f.exec(`UPDATE conversations SET answered_at = $3 WHERE tenant_id = $1 AND id = $2`, c, s.DB.Now().UnixMicro())
		for _, step := range []struct {
			after  time.Duration
			want   string
			record string
		}{
			{599 * time.Second, "active", ""},
			{time.Second, "parked", "conversation.park"},
			{3599 * time.Second, "parked", ""},
			{time.Second, "resolved", "conversation.resolve"},
			{7199 * time.Second, "resolved", ""},
			{time.Second, "closed", "conversation.close"},
		} {
			f.sweep(step.after)
			if got := f.state(c); got != step.want {
				t.Fatalf("%v later: %s, want %s", step.after, got, step.want)
			}
			if step.record != "" && f.records(step.record) != 1 {
				t.Errorf("%d records %s", f.records(step.record), step.record)
			}
		}
		if got := one[string](f, `
			SELECT string_agg(m.body, ' ' ORDER BY m.seq)
			FROM messages m
			WHERE m.tenant_id = $1 AND m.conversation_id = $2 AND m.public_seq IS NOT NULL`, c); got != "assigned parked resolved closed" {
			t.Errorf("the requester is told %q", got)
		}
	})
}

func TestParkedUntilAnInstantWaitsAnewThen(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		agent := f.agent("li", 5, nil)
		c := f.ask(f.NewUser("wang", nil, "user"), "", "", time.Hour)
		f.settle()
		f.exec(`UPDATE agents SET current_load = 0 WHERE tenant_id = $1`)
		f.exec(`UPDATE tenures SET ended_at = started_at, end_reason = 'parked' WHERE tenant_id = $1`)
		f.exec(`UPDATE conversations SET state = 'parked', wake_at = $2 WHERE tenant_id = $1`, s.DB.Now().Add(time.Hour).UnixMicro())
		f.sweep(time.Hour - time.Second)
		if f.state(c) != "parked" {
			t.Errorf("before: %s", f.state(c))
		}
		f.sweep(time.Second)
		if age := s.DB.Now().UnixMicro() - one[int64](f, `SELECT c.queued_at FROM conversations c WHERE c.tenant_id = $1`); f.state(c) != "queued" || age != 0 {
			t.Errorf("then: %s for %d µs", f.state(c), age)
		}
		f.settle()
		if f.holder(c) != agent.ID || f.pass(c) != "preferred" {
			t.Errorf("held by %q by %s", f.holder(c), f.pass(c))
		}
	})
}

// Somebody has come to work through a node that was killed before it could tell the others: what waits for them is
// found as soon as the node is known to be dead.
func TestNoDeskRestsWhenANodeHasDied(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		lease := func(statement string, args ...any) {
			t.Helper()
			err := s.DB.Across(t.Context(), store.Leases, func(span *store.Span) error {
				_, err := span.Exec(t.Context(), statement, args...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"node alive", "node dies"} {
			lease(`INSERT INTO server_leases (name, holder, fence, expires_at) VALUES ($1, $1, 1, 0)`, name)
		}
		agent := f.NewUser("li", nil, "agent")
		f.sweep(0)
		f.exec(`INSERT INTO agents (tenant_id, user_id, status, status_at, current_load, max_load, lost_at, unanswered, version, created_at, updated_at)
			VALUES ($1, $2, 'online', 1, 0, 5, 1, 0, 1, 1, 1)`, agent.ID)
		seen := func() bool {
			return one[string](f, `SELECT a.status FROM agents a WHERE a.tenant_id = $1`) == "offline"
		}
		for range 2 {
			lease(`UPDATE server_leases SET fence = fence + 1`)
			f.sweep(5 * time.Second)
			if seen() {
				t.Fatal("looked at while all nodes live")
			}
		}
		lease(`UPDATE server_leases SET fence = fence + 1 WHERE name = 'node alive'`)
		if f.sweep(7 * time.Second); !seen() {
			t.Error("not looked at after a node has died")
		}
	})
}

// A desk where nobody works costs a node nothing, until something happens there or time will bring something about.
func TestADeskWhereNobodyWorksRests(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		asker, agent := f.NewUser("wang", nil, "user").SignIn(), f.NewUser("li", nil, "agent").SignIn()
		rests := func(when string, want bool) {
			t.Helper()
			f.sweep(0)
			if s.Desk.Rests(f.ID) != want {
				t.Errorf("%s it rests: %t", when, !want)
			}
		}
		set := func(status string) {
			agent.Do("PUT", "/v1/me/agent", object{"status": status}).Expect(200)
			if s.Desk.Rests(f.ID) {
				t.Errorf("it rests while somebody goes %s", status)
			}
		}
		rests("when nobody has come", true)
		asker.Do("POST", "/v1/conversations", object{"skill": "network", "subject": "help", "text": "please"}).Expect(201)
		rests("when something waits", true)
		set("online")
		rests("when somebody works", false)
		set("offline")
		rests("when they have gone", true)
		f.exec(`UPDATE conversations SET state = 'parked', wake_at = $2 WHERE tenant_id = $1`, s.DB.Now().Add(50*time.Second).UnixMicro())
		s.Clock.Advance(31 * time.Second)
		rests("when it has rested for long, and something wakes in a moment", false)
		f.sweep(19 * time.Second)
		if n := one[int](f, `SELECT count(*) FROM conversations c WHERE c.tenant_id = $1 AND c.state = 'queued'`); n != 1 {
			t.Errorf("%d were woken in time", n)
		}
	})
}

func TestEventsOfYesterdayGoButNotTheLast(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := still(t, s)
		f.exec(`
			INSERT INTO desk_events (tenant_id, seq, conversation_id, requester_id, created_at)
			SELECT $1, n.i, 'c', 'u', $2
			FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15000) SELECT i FROM n) n`, s.DB.Now().UnixMicro())
		f.exec(`UPDATE desk_positions SET last = 15000 WHERE tenant_id = $1 AND stream = 'desk'`)
		f.sweep(24*time.Hour - time.Second)
		if n := one[int](f, `SELECT count(*) FROM desk_events e WHERE e.tenant_id = $1`); n != 15000 {
			t.Errorf("%d within a day", n)
		}
		f.sweep(time.Second)
		if n := one[int](f, `SELECT min(e.seq) FROM desk_events e WHERE e.tenant_id = $1`); n != 5001 {
			t.Errorf("after a day the first is %d", n)
		}
	})
}
