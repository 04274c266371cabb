package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// whisper and barge have a supervisor speak.
func (w *talk) whisper(who, text string) *servertest.Answer {
	w.t.Helper()
	return w.do(who, "POST", "/whisper", map[string]any{"text": text})
}

func (w *talk) barge(who, text string) *servertest.Answer {
	w.t.Helper()
	return w.do(who, "POST", "/barge", map[string]any{"text": text})
}

// watchers are who watches, as somebody reads it.
func (w *talk) watchers(who string) string {
	w.t.Helper()
	var list struct {
		Items []struct {
			User struct{ Name string }
			Mode string
		}
	}
	w.do(who, "GET", "/supervisions", nil).Expect(200).Into(&list)
	var parts []string
	for _, v := range list.Items {
		parts = append(parts, fmt.Sprint(v.User.Name, " ", v.Mode))
	}
	return strings.Join(parts, ", ")
}

func TestASupervisorListensWhispersAndBarges(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.say("rui", "text", "It jams.").Expect(201)
		for range 2 {
			if mode := w.do("lin", "POST", "/monitor", nil).Expect(200).String("supervision", "mode"); mode != "monitor" {
				t.Errorf("the mode is %s", mode)
			}
		}
		answer := w.whisper("lin", "Ask for the model.").Expect(200)
		if listener, mode := answer.String("message", "listener", "name"), answer.String("supervision", "mode"); listener != "ann" || mode != "whisper" {
			t.Errorf("%s to %s", mode, listener)
		}
		w.do("lin", "POST", "/barge", nil).Expect(200)
		w.barge("lin", "I take care of it.").Expect(200)
		w.do("lin", "POST", "/monitor", nil).Expect(200)
		public := "1 text It jams., 2 system supervisor_joined, 3 text I take care of it., 4 system supervisor_left"
		all := "1 text It jams., 2 whisper Ask for the model., 3 system supervisor_joined, 4 text I take care of it., 5 system supervisor_left"
		for who, want := range map[string]string{"rui": public, "ann": all, "lin": all, "ada": all, "root": all} {
			if got := w.hears(who, "").String(); got != want {
				t.Errorf("%s hears %s", who, got)
			}
		}
		if m := w.hears("rui", "").Items[2]; m.AuthorFace != "supervisor" || m.Author.Name != "lin" {
			t.Errorf("barged in: %+v", m)
		}
		for range 2 {
			w.do("lin", "DELETE", "/monitor", nil).Expect(204)
		}
		if got := w.watchers("root"); got != "" {
			t.Errorf("still there: %s", got)
		}
	})
}

// A whisper is for its listener: who gets the conversation afterwards does not read it.
func TestAWhisperIsNotForTheNextAgent(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.whisper("lin", "He is difficult.").Expect(200)
		w.say("ann", "note", "Over to Bob.").Expect(201)
		w.pass("bob")
		w.whisper("lin", "Do better.").Expect(200)
		for who, want := range map[string]string{
			"bob": "2 note Over to Bob., 3 whisper Do better.",
			"lin": "1 whisper He is difficult., 2 note Over to Bob., 3 whisper Do better.",
			"ada": "1 whisper He is difficult., 2 note Over to Bob., 3 whisper Do better.",
			"rui": "",
		} {
			if got := w.hears(who, "").String(); got != want {
				t.Errorf("%s hears %s", who, got)
			}
		}
	})
}

// Where agents read each other's conversations, they are no auditors for it: whispers between others, and who
// only listens where the desk hides that, are not for them.
func TestWhoReadsEverythingIsNoAuditor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.as("root").Do("POST", "/v1/roles", object{"name": "open", "permissions": []string{
			"conversation:read:all", "conversation:take:unassigned", "conversation:update:own",
		}}).Expect(201)
		w.clients["cam"] = w.NewUser("cam", []string{w.support}, "open").SignIn()
		w.whisper("lin", "He is difficult.").Expect(200)
		w.pass("cam")
		w.whisper("lin", "Do better.").Expect(200)
		if got := w.hears("cam", "").String(); got != "2 whisper Do better." {
			t.Errorf("the next agent hears %s", got)
		}
		w.pass("ann")
		if got := w.hears("cam", "").String(); got != "2 whisper Do better." {
			t.Errorf("an agent who looks on hears %s", got)
		}
		w.write(`UPDATE desk_settings SET monitors_shown = $2 WHERE tenant_id = $1`, false)
		w.do("lin", "POST", "/monitor", nil).Expect(200)
		w.pass("cam")
		if got := w.shown("cam"); got != "" {
			t.Errorf("the agent is shown %s", got)
		}
	})
}

func TestOneSupervisorSpeaksAtATime(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.do("root", "POST", "/monitor", nil).Expect(200)
		w.whisper("lin", "Hello").Expect(200)
		refused := w.barge("root", "Hello").Refused(409, "voice_taken")
		if !strings.Contains(refused.String("detail"), "lin") {
			t.Errorf("who speaks is not said: %s", refused.Body)
		}
		w.whisper("root", "Hello").Refused(409, "voice_taken")
		if got := w.watchers("root"); got != "root monitor, lin whisper" {
			t.Errorf("watching are %s", got)
		}
		w.do("lin", "POST", "/monitor", nil).Expect(200)
		w.barge("root", "Hello").Expect(200)
		w.do("root", "DELETE", "/monitor", nil).Expect(204)
		w.barge("lin", "Hello").Expect(200)
	})
}

// Two supervisors reach for the word at once.
func TestOfTwoSupervisorsOneGetsTheWord(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		for range 8 {
			w.id = w.begin("rui", "ann")
			answers := make(chan *servertest.Answer)
			for who, mode := range map[string]string{"lin": "/barge", "root": "/whisper"} {
				go func() { answers <- w.do(who, "POST", mode, map[string]any{"text": "Hello"}) }()
			}
			good, refused := <-answers, <-answers
			if good.Status >= 400 {
				good, refused = refused, good
			}
			good.Expect(200)
			refused.Refused(409, "voice_taken")
		}
	})
}

func TestNobodySupervisesThemselves(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		for _, id := range []string{w.begin("root", "ann"), w.begin("rui", "root")} { // its requester, its assignee
			w.id = id
			w.do("root", "POST", "/monitor", nil).Refused(403, "own_conversation")
			w.whisper("root", "Hello").Refused(403, "own_conversation")
			w.barge("root", "Hello").Refused(403, "own_conversation")
			w.do("root", "GET", "/supervisions", nil).Refused(403, "own_conversation")
		}
	})
}

func TestAWhisperNeedsSomebodyWhoHears(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.id = w.begin("rui", "")
		w.whisper("lin", "Hello").Refused(409, "nobody_listens")
		if got := w.watchers("lin"); got != "" {
			t.Errorf("the refusal began a supervision: %s", got)
		}
		w.barge("lin", "Somebody will come.").Expect(200)
		w.whisper("lin", " \u200b ").Refused(422, "invalid_request")
	})
}

func TestADeskMayDemandAReason(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.write(`UPDATE desk_settings SET supervision_reason = true WHERE tenant_id = $1`)
		w.do("lin", "POST", "/monitor", nil).Refused(422, "reason_required")
		w.do("lin", "POST", "/monitor", map[string]any{"reason": "..."}).Refused(422, "invalid_request")
		why := "A complaint came in"
		w.do("lin", "POST", "/monitor", map[string]any{"reason": why}).Expect(200)
		w.whisper("lin", "Hello").Expect(200) // the reason of the beginning holds
		if got := w.do("root", "GET", "/supervisions", nil).Expect(200); !strings.Contains(string(got.Body), why) {
			t.Errorf("the reason is not there: %s", got.Body)
		}
	})
}

func TestSupervisionEndsWithTheConversation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.bring("resolved")
		w.do("lin", "POST", "/monitor", nil).Refused(409, "wrong_state")
		w.bring("closed")
		w.barge("lin", "Hello").Refused(409, "conversation_ended")
	})
}

func TestWhatASupervisorSaysAgainIsSaidOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		body := map[string]any{"text": "Hello", "client_msg_id": "m1"}
		first := w.do("lin", "POST", "/whisper", body).Expect(200).String("message", "id")
		if again := w.do("lin", "POST", "/whisper", body).Expect(200).String("message", "id"); again != first {
			t.Errorf("%s, then %s", first, again)
		}
		w.do("lin", "POST", "/barge", body).Refused(409, "client_msg_id_taken") // what was for one is not for all
		w.do("lin", "DELETE", "/monitor", nil).Expect(204)
		if v := w.do("lin", "POST", "/whisper", body).Expect(200).Value("supervision"); v != nil {
			t.Errorf("sending again began a supervision: %v", v)
		}
	})
}

// steps are the records of supervision in the trail, oldest first: the event, and the modes before and after.
func (w *talk) steps() (steps []string) {
	w.t.Helper()
	err := w.s.DB.Read(w.t.Context(), w.ID, func(tx *store.Tx) error {
		bodies, err := store.Collect(w.t.Context(), tx, func(r store.Row) (body []byte, err error) {
			err = r.Scan(&body)
			return body, err
		}, `
			SELECT b.body
			FROM audit_bodies b
			WHERE b.tenant_id = $1 AND b.event IN ('conversation.monitor', 'conversation.whisper', 'conversation.barge', 'conversation.monitor_end')
			ORDER BY b.id`)
		for _, body := range bodies {
			record, err := trail.Parse(body)
			if err != nil {
				return err
			}
			step := string(record.Actor.Type) + " " + record.Action.Event
			for f := range record.Change.All() {
				if f.Field == "supervision" {
					step += fmt.Sprintf(" %v%v", f.Old, f.New)
				}
			}
			steps = append(steps, step)
		}
		return err
	})
	w.must(err)
	return steps
}

func TestEachStepOfASupervisionIsOnTheRecord(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		why := "A complaint came in"
		w.do("lin", "POST", "/monitor", map[string]any{"reason": why}).Expect(200)
		w.whisper("lin", "Hello").Expect(200)
		w.whisper("lin", "Hello again").Expect(200)
		w.barge("lin", "Hello all").Expect(200)
		w.do("lin", "DELETE", "/monitor", nil).Expect(204)
		want := []string{
			"user conversation.monitor [][monitor]", "user conversation.whisper [monitor][whisper]", "user conversation.whisper",
			"user conversation.barge [whisper][barge]", "user conversation.monitor_end [barge][]",
		}
		if got := w.steps(); !slices.Equal(got, want) {
			t.Errorf("the trail says %q", got)
		}
		// Why is a person's own: it lies beside the record, where it can be erased.
		var found struct {
			Items []struct{ Personal map[string]string }
		}
		w.as("root").Do("GET", "/v1/audit/records?event=conversation.monitor", nil).Expect(200).Into(&found)
		if len(found.Items) != 1 || found.Items[0].Personal["change.reason.new"] != why {
			t.Errorf("found is %+v", found)
		}
	})
}

// Whoever loses the permission is not among those who watch any more, and everybody is told of who spoke.
func TestSupervisionEndsWithThePermission(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.barge("lin", "Hello").Expect(200)
		w.must(s.Desk.SweepSupervisions(t.Context(), w.ID))
		if got := w.watchers("root"); got != "lin barge" {
			t.Fatalf("with the permission: %s", got)
		}
		roles := "/v1/users/" + w.user("lin") + "/roles"
		etag := w.as("root").Do("GET", roles, nil).Expect(200).ETag()
		w.as("root").Do("PUT", roles, map[string]any{"roles": []string{"agent"}}, "If-Match", etag).Expect(200)
		for range 2 {
			w.must(s.Desk.SweepSupervisions(t.Context(), w.ID))
		}
		if got := w.watchers("root"); got != "" {
			t.Errorf("without it: %s", got)
		}
		if got := w.hears("rui", "").String(); got != "1 system supervisor_joined, 2 text Hello, 3 system supervisor_left" {
			t.Errorf("rui hears %s", got)
		}
		if got := w.steps(); !slices.Equal(got, []string{"user conversation.barge [][barge]", "system conversation.monitor_end [barge][]"}) {
			t.Errorf("the trail says %q", got)
		}
	})
}

// shown are the supervisors whom somebody is shown in the conversation.
func (w *talk) shown(who string) string {
	w.t.Helper()
	var detail struct {
		Supervisors []struct {
			User   struct{ Name string }
			Mode   string
			Reason string
		}
	}
	w.do(who, "GET", "", nil).Expect(200).Into(&detail)
	var parts []string
	for _, v := range detail.Supervisors {
		parts = append(parts, fmt.Sprint(v.User.Name, " ", v.Mode, v.Reason))
	}
	return strings.Join(parts, ", ")
}

func TestWhoIsShownThatSomebodySupervises(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		for _, c := range []struct {
			hidden   bool
			path     string
			rui, ann string
		}{
			{false, "/monitor", "", "lin monitor"},
			{true, "/monitor", "", ""},
			{true, "/whisper", "", "lin whisper"},
			{true, "/barge", "lin barge", "lin barge"},
		} {
			w.write(`UPDATE desk_settings SET monitors_shown = $2 WHERE tenant_id = $1`, !c.hidden)
			body := map[string]any{"reason": "Because"}
			if c.path != "/monitor" {
				body["text"] = "Hello"
			}
			w.do("lin", "POST", c.path, body).Expect(200)
			for who, want := range map[string]string{"rui": c.rui, "ann": c.ann, "ada": "lin " + c.path[1:], "root": "lin " + c.path[1:]} {
				if got := w.shown(who); got != want {
					t.Errorf("%s, hidden %t: %s is shown %q, want %q", c.path, c.hidden, who, got, want)
				}
			}
		}
	})
}

func TestSupervisionsEndWhenNothingIsLeftToWatch(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.do("root", "POST", "/monitor", nil).Expect(200)
		w.barge("lin", "I take over.").Expect(200)
		path := "/v1/conversations/" + w.id
		lin := w.user("lin")
		write(t, s, w.ID, func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `
				INSERT INTO agents (tenant_id, user_id, status, status_at, current_load, max_load, unanswered, version, created_at, updated_at)
				VALUES ($1, $2, 'online', 0, 0, 5, 0, 1, 0, 0)`, lin)
			return err
		})
		tag := w.do("lin", "GET", "", nil).ETag()
		tag = w.as("lin").Do("POST", path+"/assign", map[string]any{"agent": lin}, "If-Match", tag).Expect(200).ETag()
		if got := w.watchers("root"); got != "root monitor" {
			t.Errorf("after the takeover watch %s", got)
		}
		w.as("lin").Do("POST", path+"/resolve", nil, "If-Match", tag).Expect(200)
		if got := w.watchers("root"); got != "" {
			t.Errorf("after the end watch %s", got)
		}
		want := []string{
			"user conversation.monitor [][monitor]", "user conversation.barge [][barge]",
			"system conversation.monitor_end [barge][]", "system conversation.monitor_end [monitor][]",
		}
		if got := w.steps(); !slices.Equal(got, want) {
			t.Errorf("the trail says %q", got)
		}
	})
}
