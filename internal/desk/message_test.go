package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
)

func TestEachSpeaksWithTheirOwnFace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.say("rui", "text", "It jams.").Expect(201)
		w.say("lin", "note", "Third time this week.").Expect(201)
		answer := w.say("ann", "text", "I am coming.").Expect(201)
		if face, name := answer.String("author_face"), answer.String("author", "name"); face != "agent" || name != "ann" {
			t.Errorf("%s speaks as %s", name, face)
		}
		for who, want := range map[string]string{
			"rui":  "1 text It jams., 2 text I am coming.",
			"ann":  "1 text It jams., 2 note Third time this week., 3 text I am coming.",
			"lin":  "1 text It jams., 2 note Third time this week., 3 text I am coming.",
			"ada":  "1 text It jams., 2 note Third time this week., 3 text I am coming.",
			"root": "1 text It jams., 2 note Third time this week., 3 text I am coming.",
		} {
			if got := w.hears(who, "").String(); got != want {
				t.Errorf("%s hears %s", who, got)
			}
		}
		for _, who := range []string{"uma", "bob", "eva", "zoe"} {
			w.do(who, "GET", "/messages", nil).Refused(404, "not_found")
		}
	})
}

// Why somebody was given a conversation, and why it was taken from them, is not the requester's to know: with
// the permission that an agent lost, or the limit that was exceeded.
func TestTheRequesterLearnsWhoAndNotWhy(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.as("ann").Do("PUT", "/v1/me/agent", object{"status": "offline", "release": true}).Expect(200)
		w.as("root").Do("PUT", "/v1/me/agent", object{"status": "online"}).Expect(200)
		tag := w.do("root", "GET", "", nil).ETag()
		w.as("root").Do("POST", "/v1/conversations/"+w.id+"/take", nil, "If-Match", tag).Expect(200)
		ann, root := w.user("ann"), w.user("root")
		for who, want := range map[string]string{
			"rui": fmt.Sprint(object{"agent": ann}, object{"agent": root, "by": root}),
			"lin": fmt.Sprint(object{"agent": ann, "reason": "offline"}, object{"agent": root, "by": root, "how": "take"}),
		} {
			var lines struct{ Items []struct{ Details object } }
			w.do(who, "GET", "/messages", nil).Expect(200).Into(&lines)
			got := ""
			for _, line := range lines.Items {
				got += fmt.Sprint(line.Details) + " "
			}
			if strings.TrimSpace(got) != want {
				t.Errorf("%s reads %s, want %s", who, got, want)
			}
		}
	})
}

func TestOnlyTheAssigneeAnswersTheRequester(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		for who, code := range map[string]string{"lin": "not_the_assignee", "root": "not_the_assignee", "ada": "no_permission"} {
			w.say(who, "text", "Let me.").Refused(403, code)
		}
		w.say("ada", "note", "Seen.").Refused(403, "no_permission")
		for _, who := range []string{"uma", "bob", "eva", "zoe"} {
			w.say(who, "note", "Hello?").Refused(404, "not_found")
		}
		// The requester has one face, whatever roles they hold.
		w.id = w.begin("root", "ann")
		w.say("root", "note", "Do mine first.").Refused(403, "requester_only_replies")
		w.say("root", "text", "Please.").Expect(201)
		w.say("ann", "note", "It is the chief.").Expect(201)
		if got := w.hears("root", "").String(); got != "1 text Please." {
			t.Errorf("the chief hears %s", got)
		}
	})
}

func TestWhatIsSentAgainIsStoredOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		first := w.say("rui", "text", "Hello", "m1").Expect(201)
		again := w.say("rui", "text", " Hello\r\n", "m1").Expect(200)
		if string(first.Body) != string(again.Body) {
			t.Errorf("first %s, then %s", first.Body, again.Body)
		}
		w.say("rui", "text", "Goodbye", "m1").Refused(409, "client_msg_id_taken")
		w.say("ann", "text", "Hello", "m1").Expect(201) // another author's own
		w.bring("closed")
		w.say("rui", "text", "Hello", "m1").Expect(200)
		w.say("rui", "text", "Hello", "m2").Refused(409, "conversation_ended")
		if p := w.hears("rui", ""); len(p.Items) != 2 || p.Items[0].ClientMsgID != "m1" || p.Items[1].ClientMsgID != "" {
			t.Errorf("stored are %+v", p.Items)
		}
	})
}

// Many clients that lost the answer send at once.
func TestRetriesAtOnceAreStoredOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		ids := []string{"a", "b", "c"}
		answers := make(chan *servertest.Answer)
		for i := range 12 {
			go func() { answers <- w.say("rui", "text", "Number "+ids[i%3], ids[i%3]) }()
		}
		made := map[int]int{}
		for range 12 {
			made[(<-answers).Status]++
		}
		if p := w.hears("rui", ""); len(p.Items) != 3 || p.LastSeq != 3 || made[201] != 3 || made[200] != 9 {
			t.Errorf("stored are %v; answers %v", p, made)
		}
	})
}

func TestTheRequesterWakesAndReopens(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.bring("parked")
		w.say("ann", "text", "Still there?").Refused(409, "wrong_state")
		w.say("rui", "text", "Now it works not at all.").Expect(201)
		if got := w.hears("rui", "").String(); got != "1 system woken, 2 text Now it works not at all." {
			t.Errorf("rui hears %s", got)
		}
		w.bring("resolved")
		w.say("lin", "note", "Fuser replaced.").Expect(201)
		w.say("rui", "text", "It jams again.").Expect(201)
		if got := w.hears("rui", "?after=2").String(); got != "3 system reopened, 4 text It jams again." {
			t.Errorf("rui hears %s", got)
		}
		w.bring("abandoned")
		w.say("rui", "text", "Anybody?").Refused(409, "conversation_ended")
		w.say("lin", "note", "Gone.").Refused(409, "conversation_ended")
	})
}

func TestMessagesArePagedInTheReadersNumbers(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		for _, text := range []string{"1", "2", "3"} {
			w.say("rui", "text", text).Expect(201)
			w.say("ann", "note", "n"+text).Expect(201)
		}
		for _, c := range []struct {
			who, query, want string
			more             bool
		}{
			{"rui", "?limit=2", "2 text 2, 3 text 3", true},
			{"rui", "?limit=2&before=2", "1 text 1", false},
			{"rui", "?limit=2&after=0", "1 text 1, 2 text 2", true},
			{"rui", "?after=2", "3 text 3", false},
			{"rui", "?after=3", "", false},
			{"ann", "?limit=2", "5 text 3, 6 note n3", true},
			{"ann", "?after=1&before=4", "2 note n1, 3 text 2", false},
			{"ann", "?limit=3&before=4", "1 text 1, 2 note n1, 3 text 2", false},
		} {
			if p := w.hears(c.who, c.query); p.String() != c.want || p.More != c.more {
				t.Errorf("%s at %s hears %s, more %t", c.who, c.query, p, p.More)
			}
		}
		if rui, ann := w.hears("rui", "").LastSeq, w.hears("ann", "").LastSeq; rui != 3 || ann != 6 {
			t.Errorf("the last are %d and %d", rui, ann)
		}
	})
}

func TestANoteMentionsWhoCanReadIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		note := func(kind string, mentions ...string) *servertest.Answer {
			return w.do("ann", "POST", "/messages", map[string]any{"kind": kind, "text": "Look.", "mentions": mentions})
		}
		answer := note("note", w.user("lin"), w.user("ada"), w.user("lin")).Expect(201)
		if list, _ := answer.Value("mentions").([]any); len(list) != 2 {
			t.Errorf("mentioned are %v", list)
		}
		for _, who := range []string{"rui", "bob", "eva", "uma", "zoe"} {
			note("note", w.user(who)).Refused(422, "mention_unreachable")
		}
		note("note", "nobody").Refused(422, "mention_unreachable")
		note("text", w.user("lin")).Refused(422, "invalid_request")
	})
}

func TestAMessageCarriesAFile(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		send := func(who, file, text, clientID string) *servertest.Answer {
			return w.do(who, "POST", "/messages", map[string]any{"kind": "file", "file": file, "text": text, "client_msg_id": clientID})
		}
		text := func(who, name, content string) string {
			return w.upload(who, "text/plain", name, content).Expect(201).String("id")
		}
		id := text("rui", "log.txt", "it jams")
		first := send("rui", id, "", "m1").Expect(201)
		if first.String("file", "name") != "log.txt" || first.Value("file", "size") != 7.0 {
			t.Errorf("the message shows %s", first.Body)
		}
		if again := send("rui", id, "", "m1").Expect(200); string(again.Body) != string(first.Body) {
			t.Errorf("first %s, then %s", first.Body, again.Body)
		}
		send("rui", id, "", "m2").Refused(409, "file_not_loose")
		send("ann", text("rui", "b.txt", "b"), "", "m3").Refused(409, "file_not_loose") // another's
		send("ann", text("ann", "how.txt", "turn it off"), "Try this.", "m4").Expect(201)
		if got := w.hears("rui", "").String(); got != "1 file , 2 file Try this." {
			t.Errorf("rui hears %s", got)
		}
		inside := text("ann", "inside.txt", "his password")
		w.do("ann", "POST", "/messages", map[string]any{"kind": "note", "file": inside, "text": "Look."}).Expect(201)
		w.get("lin", inside).Expect(200)
		w.get("rui", inside).Refused(404, "not_found")
		w.as("ann").Do("GET", "/v1/files/"+id, nil).Expect(200)
		w.as("bob").Do("GET", "/v1/files/"+id, nil).Refused(404, "not_found")
		for _, body := range []map[string]any{
			{"kind": "file", "text": "None"}, {"kind": "text", "file": id}, {"kind": "text"},
		} {
			w.do("ann", "POST", "/messages", body).Refused(422, "invalid_request")
		}
	})
}
