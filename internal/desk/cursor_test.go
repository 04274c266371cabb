package desk_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/internal/server/servertest"
)

// cursor moves somebody's cursor and returns where it stands.
func (w *talk) cursor(who string, delivered, read int64) string {
	w.t.Helper()
	var at struct{ Delivered, Read int64 }
	w.do(who, "POST", "/cursor", map[string]any{"delivered": delivered, "read": read}).Expect(200).Into(&at)
	return fmt.Sprint(at.Delivered, at.Read)
}

func TestACursorOnlyMovesForward(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		for range 3 {
			w.say("rui", "text", "Hello").Expect(201)
			w.say("ann", "note", "Hm").Expect(201)
		}
		for _, step := range []struct {
			who             string
			delivered, read int64
			want            string
		}{
			{"rui", 0, 0, "0 0"},
			{"rui", 2, 0, "2 0"},
			{"rui", 0, 1, "2 1"},
			{"rui", 1, 0, "2 1"},
			{"rui", 99, 98, "3 3"}, // not what has not been said: their third is the last
			{"rui", 1, 1, "3 3"},
			{"ann", 0, 5, "5 5"},
			{"ann", 6, 2, "6 5"},
		} {
			if got := w.cursor(step.who, step.delivered, step.read); got != step.want {
				t.Errorf("%s at %d, %d stands at %s, want %s", step.who, step.delivered, step.read, got, step.want)
			}
		}
	})
}

func TestWhoLooksOnMovesNothing(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.do("lin", "POST", "/monitor", nil).Expect(200)
		read := map[string]any{"read": 1}
		for who, code := range map[string]string{"lin": "not_in_conversation", "root": "not_in_conversation"} {
			w.do(who, "POST", "/cursor", read).Refused(409, code)
		}
		w.do("ada", "POST", "/cursor", read).Refused(403, "no_permission")
		for _, who := range []string{"uma", "bob", "eva", "zoe"} {
			w.do(who, "POST", "/cursor", read).Refused(404, "not_found")
		}
	})
}

// Whatever cursors come in whatever order, and at once, none goes back.
func TestCursorsNeverGoBack(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		for range 4 {
			w.say("rui", "text", "Hello").Expect(201)
		}
		rapid.Check(t, func(rt *rapid.T) {
			w.write(`DELETE FROM conversation_cursors WHERE tenant_id = $1`)
			steps := rapid.SliceOfN(rapid.Int64Range(0, 6), 1, 6).Draw(rt, "steps")
			answers := make(chan *servertest.Answer)
			for _, read := range steps {
				go func() { answers <- w.do("rui", "POST", "/cursor", map[string]any{"read": read}) }()
			}
			most := int64(0)
			for i := range steps {
				(<-answers).Expect(200)
				most = max(most, min(steps[i], 4))
			}
			if got := w.cursor("rui", 0, 0); got != fmt.Sprint(most, most) {
				rt.Fatalf("after %v the cursor stands at %s", steps, got)
			}
		})
	})
}

func TestTheOtherSeesHowFarOneHasRead(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.say("rui", "text", "Hello").Expect(201)
		w.say("ann", "note", "Hm").Expect(201)
		w.say("ann", "text", "Yes?").Expect(201)
		w.cursor("rui", 2, 1)
		w.cursor("ann", 3, 2)
		type at struct{ Delivered, Read int64 }
		for who, want := range map[string][2]at{ // each in their own numbers: the note is none to the requester
			"rui": {{2, 1}, {2, 1}},
			"ann": {{3, 1}, {3, 2}},
			"lin": {{3, 1}, {3, 2}},
		} {
			var detail struct {
				Cursors struct{ Requester, Assignee at }
			}
			w.do(who, "GET", "", nil).Expect(200).Into(&detail)
			if got := [2]at{detail.Cursors.Requester, detail.Cursors.Assignee}; got != want {
				t.Errorf("%s sees %v, want %v", who, got, want)
			}
		}
	})
}

func TestUnreadIsWhatOneSeesOfOthers(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		check := func(want map[string]float64) {
			t.Helper()
			for who, n := range want {
				if got := w.do(who, "GET", "", nil).Expect(200).Value("unread"); got != n {
					t.Errorf("%s has %v unread, want %v", who, got, n)
				}
			}
		}
		w.say("rui", "text", "Hello").Expect(201)
		w.say("ann", "text", "Yes?").Expect(201)
		w.say("lin", "note", "Careful").Expect(201)
		w.whisper("lin", "He is difficult.").Expect(200)
		w.barge("lin", "Hello").Expect(200)
		check(map[string]float64{"rui": 2, "ann": 4, "lin": 0, "ada": 0})
		w.cursor("rui", 0, 1)
		w.cursor("ann", 0, 3)
		check(map[string]float64{"rui": 2, "ann": 2})
		w.pass("bob") // who was not whispered to
		check(map[string]float64{"rui": 2, "bob": 4})
	})
}
