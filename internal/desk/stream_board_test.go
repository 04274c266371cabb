package desk_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/realtime/client"
	"github.com/usher-desk/usher/internal/server/servertest"
)

// glance is what of the board the tests below look at.
type glance struct {
	Waiting struct{ Count int }
	Groups  struct{ Free, Busy, Offline int }
	Agents  []struct{ Agent struct{ Name string } }
}

// glances waits until the board that somebody has been told last is as it should be.
func (v *viewer) glances(what string, f func(g glance) bool) {
	v.t.Helper()
	v.until(what, func() bool {
		if len(v.told) == 0 {
			return false
		}
		var g glance
		if err := json.Unmarshal(v.told[len(v.told)-1].Board, &g); err != nil {
			v.t.Error(err)
		}
		return f(g)
	})
}

// waits makes a conversation that waits in a department, and lets those who follow know.
func (w *talk) waits(department string) {
	w.t.Helper()
	id := w.begin("uma", "")
	w.write(`UPDATE conversations SET department_id = $3 WHERE tenant_id = $1 AND id = $2`, id, department)
	w.s.Clock.Advance(2 * time.Second)
	w.say("rui", "text", "something happens").Expect(201)
}

func TestTheBoardIsToldAsEachSeesIt(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		root, lin := w.view(w.s, "root", polls).follow("board", nil), w.view(w.s, "lin", polls).follow("board", nil)
		if code := w.view(w.s, "ann", polls).follow("board", nil).ended["board"]; code != "no_board" {
			t.Errorf("ann: %q", code)
		}
		root.glances("ann alone", func(g glance) bool {
			return g.Waiting.Count == 0 && len(g.Agents) == 1 && g.Agents[0].Agent.Name == "ann"
		})
		w.waits(w.support)
		root.glances("one waits", func(g glance) bool { return g.Waiting.Count == 1 })
		lin.glances("it waits with lin", func(g glance) bool { return g.Waiting.Count == 1 })
		w.waits(w.sales)
		root.glances("two wait", func(g glance) bool { return g.Waiting.Count == 2 })
		w.waits(w.support)
		root.glances("three wait", func(g glance) bool { return g.Waiting.Count == 3 })
		lin.glances("two of them with lin", func(g glance) bool { return g.Waiting.Count == 2 })
		root.clean()
		lin.clean()
	})
}

// Agents come and go without a word in any conversation.
func TestTheBoardIsToldWhenAgentsChange(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		root := w.view(w.s, "root", polls).follow("board", nil)
		root.glances("ann is not connected", func(g glance) bool { return g.Groups.Offline == 1 })
		w.s.Clock.Advance(2 * time.Second)
		w.write(`INSERT INTO presences (tenant_id, user_id, source, alive_until) VALUES ($1, $2, 'test', $3)`, w.user("ann"), int64(1)<<60)
		root.glances("ann is free", func(g glance) bool { return g.Groups.Free == 1 })
		w.s.Clock.Advance(2 * time.Second)
		w.as("ann").Do("PUT", "/v1/me/agent", object{"status": "busy"}).Expect(200)
		root.glances("ann is busy", func(g glance) bool { return g.Groups.Busy == 1 })
	})
}

// Whoever loses dashboard:read loses the board with it, and one who sees less from now on is told less.
func TestTheBoardGoesByTheRulesOfTheMoment(t *testing.T) {
	eachWay(t, func(t *testing.T, w *talk, polls bool) {
		w.waits(w.sales)
		ada := w.view(w.s, "ada", polls).follow("board", nil)
		ada.glances("one waits", func(g glance) bool { return g.Waiting.Count == 1 })
		w.s.Clock.Advance(2 * time.Second)
		w.roles("ada", "team_lead")
		ada.glances("not with ada", func(g glance) bool { return g.Waiting.Count == 0 })
		w.roles("ada", "agent")
		ada.until("the end", func() bool { return ada.ended["board"] == "no_board" })
	})
}

// roles gives somebody this role instead of theirs.
func (w *talk) roles(who, role string) {
	w.t.Helper()
	path := "/v1/users/" + w.user(who) + "/roles"
	root := w.as("root")
	root.Do("PUT", path, object{"roles": []string{role}}, "If-Match", root.Do("GET", path, nil).Expect(200).ETag()).Expect(200)
}

// A board that comes again is told where it stands, whether it has been away for long or not.
func TestTheBoardComesAgain(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		first := w.view(s, "root", false).follow("board", nil)
		first.glances("a board", func(glance) bool { return true })
		there, _ := first.At("board")
		s.Clock.Advance(2 * time.Second)
		w.waits(w.support)
		for name, from := range map[string]client.Position{"long ago": {Seq: 1}, "a moment ago": there, "in the future": {Seq: 1 << 50}} {
			again := w.view(s, "root", false).follow("board", &from)
			again.glances(name, func(g glance) bool { return g.Waiting.Count == 1 })
			again.clean()
		}
	})
}

// What somebody does not see on the board they do not notice either: nothing comes when it happens.
func TestTheBoardIsSilentAboutWhatItDoesNotShow(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		s.Clock.Stop()
		now := s.DB.Now()
		s.Clock.Advance(now.Truncate(10 * time.Second).Add(11 * time.Second).Sub(now)) // all that follows is within ten seconds of the clock
		root, lin := w.view(s, "root", false).follow("board", nil), w.view(s, "lin", false).follow("board", nil)
		root.glances("nobody waits", func(g glance) bool { return g.Waiting.Count == 0 })
		lin.glances("nobody waits", func(g glance) bool { return g.Waiting.Count == 0 })
		waits := func(department string) {
			w.write(`UPDATE conversations SET department_id = $3 WHERE tenant_id = $1 AND id = $2`, w.begin("uma", ""), department)
			s.Clock.Advance(2 * time.Second)
			w.commitInSilence("something happens")
		}
		waits(w.sales)
		root.glances("one waits", func(g glance) bool { return g.Waiting.Count == 1 })
		waits(w.support)
		lin.glances("one waits with lin", func(g glance) bool { return g.Waiting.Count == 1 })
		root.glances("two wait", func(g glance) bool { return g.Waiting.Count == 2 }) // each is told by themselves
		if root.mu.Lock(); len(root.told) != 3 {
			t.Errorf("root is told %d boards", len(root.told))
		}
		root.mu.Unlock()
		if lin.mu.Lock(); len(lin.told) != 2 {
			t.Errorf("lin is told %d boards", len(lin.told))
		}
		lin.mu.Unlock()
		s.Clock.Advance(10 * time.Second)
		lin.until("the board of the next ten seconds", func() bool { return len(lin.told) == 3 })
	})
}

// Whoever polls is told no board anew that looks to them as the one before, although something has happened that they may
// not see, or nobody has followed for a while.
func TestWhoPollsIsToldABoardOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		s.Clock.Stop()
		now := s.DB.Now()
		s.Clock.Advance(now.Truncate(10 * time.Second).Add(11 * time.Second).Sub(now)) // all that follows is within ten seconds of the clock
		after := ""
		poll := func(when string, boards int) {
			t.Helper()
			answer := w.as("lin").Do("GET", "/v1/events?stream=board&wait=0&after="+after, nil).Expect(200)
			if told := len(answer.Value("events").([]any)); told != boards {
				t.Errorf("%s: %d boards", when, told)
			}
			after = answer.String("next")
		}
		waits := func(department string) {
			w.write(`UPDATE conversations SET department_id = $3 WHERE tenant_id = $1 AND id = $2`, w.begin("uma", ""), department)
			s.Clock.Advance(2 * time.Second)
			w.commitInSilence("something happens")
		}
		poll("at first", 1)
		poll("again", 0)
		waits(w.sales)
		poll("something has happened elsewhere", 0)
		waits(w.support)
		poll("somebody waits with lin", 1)
		poll("and waits", 0)
		s.Clock.Advance(10 * time.Second)
		poll("ten seconds later", 1)
	})
}
