package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// question is a conversation to be made, with some members changed.
func question(changes object) object {
	body := object{"skill": "network", "subject": "No network", "text": "It is gone."}
	for name, value := range changes {
		body[name] = value
	}
	return body
}

func TestAskedOnBehalfOfSomebody(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		a := o.asAnn.Do("POST", "/v1/conversations", question(object{"requester": o.zoe.ID, "priority": 3})).Expect(201)
		if a.String("requester", "name") != "zoe" || a.String("created_by", "name") != "ann" || a.Value("priority") != 3.0 || a.String("face") != "agent" {
			t.Errorf("the agent is shown %s", a.Body)
		}
		first := items(o.asZoe.Do("GET", "/v1/conversations/"+a.String("id")+"/messages", nil))[0].(object)
		if first["author_face"] != "agent" || first["author"].(object)["name"] != "ann" {
			t.Errorf("the requester reads %v", first)
		}
		shown := string(o.asZoe.Do("GET", "/v1/conversations/"+a.String("id"), nil).Expect(200).Body)
		for _, member := range []string{"priority", "department", "created_by", "asked_at", "tags"} {
			if strings.Contains(shown, `"`+member+`"`) {
				t.Errorf("the requester is shown %s: %s", member, shown)
			}
		}
		o.asZoe.Do("POST", "/v1/conversations", question(object{"requester": o.ann.ID})).Refused(403, "out_of_scope")
		o.root.Do("POST", "/v1/users/"+o.ben.ID+"/disable", nil).Expect(200)
		for _, nobody := range []string{o.ben.ID, "nobody", s.NewTenant("globex", "it-desk").NewUser("eve", nil).ID} {
			o.asAnn.Do("POST", "/v1/conversations", question(object{"requester": nobody})).Refused(422, "invalid_request")
		}
	})
}

func TestWhatCannotBeAsked(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		for name, changes := range map[string]object{
			"no such skill":         {"skill": "cooking"},
			"no subject":            {"subject": " \u200b"},
			"a subject of lines":    {"subject": "a\nb"},
			"a long subject":        {"subject": strings.Repeat("长", 201)},
			"nothing to be seen":    {"text": " \u200b\n"},
			"a long text":           {"text": strings.Repeat("长", 8001)},
			"a control character":   {"text": "a\u0007b"},
			"one's own priority":    {"priority": 1},
			"an odd id":             {"client_msg_id": "a\nb"},
			"too many files":        {"files": []string{"a", "b", "c", "d", "e", "f"}},
			"something unheard of":  {"department": o.help},
			"a state":               {"state": "closed"},
			"somebody else's words": {"author": o.ann.ID},
		} {
			if a := o.asZoe.Do("POST", "/v1/conversations", question(changes)); a.Status != 422 {
				t.Errorf("%s: %d %s", name, a.Status, a.Body)
			}
		}
		write(t, s, o.ID, func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE skills SET active = $2 WHERE tenant_id = $1 AND id = 'network'`, false)
			return err
		})
		o.asZoe.Do("POST", "/v1/conversations", question(nil)).Refused(422, "invalid_request")
		o.asZoe.Do("POST", "/v1/conversations", question(object{"skill": "other", "files": []string{"none"}})).Refused(409, "file_not_loose")
		if made := o.rows(`SELECT c.id FROM conversations c WHERE c.tenant_id = $1`); len(made) > 0 {
			t.Errorf("refused, and made: %v", made)
		}
	})
}

func TestWhatIsAskedTwiceAtOnceIsOneConversation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		ask := func() *servertest.Answer {
			return o.asZoe.Do("POST", "/v1/conversations", question(object{"client_msg_id": "m1"}))
		}
		answers := atOnce(ask, ask, ask)
		made := 0
		for _, a := range answers {
			if a.Status == 201 {
				made++
			}
			if a.Status >= 300 || a.String("id") != answers[0].String("id") {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
		if made != 1 {
			t.Errorf("%d say that they made it", made)
		}
		ask().Expect(200)
		o.asZoe.Do("POST", "/v1/conversations", question(object{"client_msg_id": "m1", "text": "Other."})).Refused(409, "client_msg_id_taken")
		o.root.Do("POST", "/v1/conversations", question(object{"client_msg_id": "m1"})).Expect(201)
		if n := len(o.rows(`SELECT b.id FROM audit_bodies b WHERE b.tenant_id = $1 AND b.event = 'conversation.create' AND b.result = 'success'`)); n != 5 {
			t.Errorf("%d records", n)
		}
		o.mustBeSound()
	})
}

// Whoever may not read any more what they made, for somebody else, is told nothing by asking again.
func TestAskingAgainTellsNothingNew(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		body := question(object{"requester": o.zoe.ID, "client_msg_id": "m1"})
		a := o.asAnn.Do("POST", "/v1/conversations", body).Expect(201)
		c := &conversation{t: t, id: a.String("id"), etag: a.ETag()}
		c.does(o.asBen, "take", nil).Expect(200)
		o.asAnn.Do("POST", "/v1/conversations", body).Refused(404, "not_found")
	})
}

func TestAConversationBeginsWithFiles(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		file := o.asZoe.Do("POST", "/v1/files", "it does not print", "Content-Type", "text/plain", "Content-Disposition", `attachment; filename="log.txt"`).
			Expect(201).String("id")
		a := o.asZoe.Do("POST", "/v1/conversations", question(object{"files": []string{file}})).Expect(201)
		said := items(o.asZoe.Do("GET", "/v1/conversations/"+a.String("id")+"/messages", nil))
		if len(said) != 2 || said[1].(object)["file"].(object)["name"] != "log.txt" {
			t.Errorf("it begins with %v", said)
		}
		o.asZoe.Do("POST", "/v1/conversations", question(object{"files": []string{file}})).Refused(409, "file_not_loose")
	})
}

// The department comes from the skill, else from the desk's settings, and never from who asks.
func TestWhichDepartmentHandlesIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		served := o.root.Do("POST", "/v1/skills", object{"name": "Served", "department": o.other}).Expect(201).String("id")
		by := o.NewUser("yan", []string{o.other}, "user").SignIn()
		department := func(skill string) string {
			id := by.Do("POST", "/v1/conversations", question(object{"skill": skill})).Expect(201).String("id")
			return o.root.Do("GET", "/v1/conversations/"+id, nil).Expect(200).String("department", "name")
		}
		if got := department(served) + " " + department("network"); got != "Other Help" {
			t.Errorf("handled by %s", got)
		}
		o.set("fallback_department_id = NULL")
		if got := department("network"); got != "" {
			t.Errorf("handled by %s although nobody is named", got)
		}
	})
}

// For a day the agent who helped somebody last goes first.
func TestTheLastAgentIsPreferred(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		o.prefer()
		s.Clock.Stop()
		preferred := func(by *servertest.Client) string {
			return o.root.Do("GET", o.asks(by).path(""), nil).Expect(200).String("preferred", "name")
		}
		if got := preferred(o.asZoe); got != "" {
			t.Errorf("%s goes first before anybody helped", got)
		}
		c := o.asks(o.asZoe)
		c.does(o.asAnn, "take", nil).Expect(200)
		c.does(o.asAnn, "resolve", nil).Expect(200)
		if got := preferred(o.asZoe) + preferred(o.asBen); got != "ann" {
			t.Errorf("%q goes first", got)
		}
		s.Clock.Advance(24*time.Hour - time.Second)
		o.asZoe.SignIn(o.zoe)
		o.root.SignIn(o.root.User)
		if got := preferred(o.asZoe); got != "ann" {
			t.Errorf("%q goes first on the same day", got)
		}
		s.Clock.Advance(2 * time.Second)
		if got := preferred(o.asZoe); got != "" {
			t.Errorf("%s goes first after a day", got)
		}
	})
}

// Nobody fills the queue alone, however many requests they send at once. What others ask for them is theirs to
// end too, and those who ask on behalf of others are not counted.
func TestOpenRequestsAreBounded(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		ask := func() *servertest.Answer { return o.asZoe.Do("POST", "/v1/conversations", question(nil)) }
		var last string
		for range 15 {
			last = ask().Expect(201).String("id")
		}
		statuses := make([]int, 10)
		var all sync.WaitGroup
		for i := range statuses {
			all.Go(func() { statuses[i] = ask().Status })
		}
		all.Wait()
		slices.Sort(statuses)
		if got := fmt.Sprint(statuses); got != "[201 201 201 201 201 409 409 409 409 409]" {
			t.Errorf("the answers are %s", got)
		}
		ask().Refused(409, "too_many_open_conversations")
		other := o.asAnn.Do("POST", "/v1/conversations", question(object{"requester": o.zoe.ID})).Expect(201).String("id")
		ask().Refused(409, "too_many_open_conversations")
		leave := func(id string) {
			o.asZoe.Do("POST", "/v1/conversations/"+id+"/leave", nil, "If-Match", o.asZoe.Do("GET", "/v1/conversations/"+id, nil).ETag()).Expect(200)
		}
		leave(last)
		ask().Refused(409, "too_many_open_conversations") // the one that ann has asked counts
		leave(other)
		ask().Expect(201)
	})
}
