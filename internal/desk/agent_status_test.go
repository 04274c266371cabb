package desk_test

import (
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

func TestGoingOnlineMakesAnAgent(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		bob, path := w.as("bob"), "/v1/agents/"+w.user("bob")
		before := bob.Do("GET", "/v1/me/agent", nil).Expect(200)
		if before.String("status") != "offline" || before.Value("version") != 0.0 || before.ETag() != "" || before.Value("max_load") != 5.0 {
			t.Errorf("before: %s", before.Body)
		}
		bob.Do("GET", path, nil).Refused(404, "not_found")
		online := bob.Do("PUT", "/v1/me/agent", `{"status":"online"}`).Expect(200)
		if online.String("status") != "online" || online.Value("status_reason") != nil || online.ETag() != `"1"` || online.Value("connected") != false {
			t.Errorf("online: %s", online.Body)
		}
		for _, status := range []string{"busy", "online", "offline", "offline"} {
			set := bob.Do("PUT", "/v1/me/agent", object{"status": status}).Expect(200)
			read := bob.Do("GET", path, nil).Expect(200)
			if set.String("status") != status || string(read.Body) != string(set.Body) || set.ETag() != `"1"` {
				t.Errorf("%s: set %s, read %s", status, set.Body, read.Body)
			}
		}
		bob.Do("PUT", "/v1/me/agent", `{"status":"away"}`).Refused(422, "invalid_request")
		bob.Do("PUT", "/v1/me/agent", `{}`).Refused(422, "invalid_request")
	})
}

func TestWhoTakesNothingIsNotOnline(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		w.as("root").Do("POST", "/v1/roles", object{"name": "porter", "permissions": []string{"agent:set_status:all", "agent:read:all"}}).Expect(201)
		porter := w.NewUser("porter", nil, "porter").SignIn()
		for _, status := range []string{"online", "busy", "offline"} {
			w.as("rui").Do("PUT", "/v1/me/agent", object{"status": status}).Refused(403, "no_permission")
			porter.Do("PUT", "/v1/me/agent", object{"status": status}).Refused(409, "takes_no_conversations")
		}
		porter.Do("PUT", "/v1/agents/"+w.user("bob")+"/status", `{"status":"online"}`).Refused(404, "not_found")
		insertAgent(t, s, w.ID, w.user("rui")) // has lost the permission
		porter.Do("PUT", "/v1/agents/"+w.user("rui")+"/status", `{"status":"online"}`).Refused(409, "takes_no_conversations")
		porter.Do("PUT", "/v1/agents/"+w.user("rui")+"/status", `{"status":"offline"}`).Expect(200)
	})
}

func TestWhoSetsWhoseStatus(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		insertAgent(t, s, w.ID, w.user("bob"))
		insertAgent(t, s, w.ID, w.user("eva"))
		const allowed, hidden, forbidden = 200, 404, 403
		for who, may := range map[string]map[string]int{
			"ann":  {"ann": allowed, "bob": hidden, "eva": hidden},
			"lin":  {"ann": allowed, "bob": allowed, "eva": hidden},
			"eva":  {"ann": hidden, "bob": hidden, "eva": allowed},
			"ada":  {"ann": forbidden, "bob": forbidden, "eva": forbidden},
			"rui":  {"ann": forbidden, "bob": forbidden, "eva": forbidden},
			"root": {"ann": allowed, "bob": allowed, "eva": allowed},
			"zoe":  {"ann": hidden, "bob": hidden, "eva": hidden},
		} {
			for whom, want := range may {
				answer := w.as(who).Do("PUT", "/v1/agents/"+w.user(whom)+"/status", `{"status":"busy"}`)
				if answer.Status != want {
					t.Errorf("%s sets the status of %s: %d %s", who, whom, answer.Status, answer.Body)
				}
			}
		}
	})
}

// refusedPlaces are the addresses and texts that a refusal lists.
func refusedPlaces(a *servertest.Answer) (places []string) {
	var problem struct {
		Errors []struct{ Location, Message string }
	}
	a.Refused(409, "open_conversations").Into(&problem)
	for _, e := range problem.Errors {
		places = append(places, e.Location+" "+e.Message)
	}
	return places
}

func TestGoingOfflineAsksWhatBecomesOfOpenConversations(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		second := w.begin("uma", "ann")
		listed := []string{"/v1/conversations/" + w.id + " #1 Printer", "/v1/conversations/" + second + " #2 Printer"}
		ann, path := w.as("ann"), "/v1/agents/"+w.user("ann")
		if places := refusedPlaces(ann.Do("PUT", "/v1/me/agent", `{"status":"offline"}`)); !slices.Equal(places, listed) {
			t.Errorf("ann is told of %q", places)
		}
		if places := refusedPlaces(w.as("lin").Do("PUT", path+"/status", `{"status":"offline"}`)); !slices.Equal(places, listed) {
			t.Errorf("lin is told of %q", places)
		}
		w.as("root").Do("POST", "/v1/roles", object{"name": "porter", "permissions": []string{"agent:set_status:all", "agent:read:all"}}).Expect(201)
		porter := w.NewUser("porter", nil, "porter").SignIn()
		if places := refusedPlaces(porter.Do("PUT", path+"/status", `{"status":"offline"}`)); len(places) > 0 {
			t.Errorf("the porter, who reads none, is told of %q", places)
		}
		ann.Do("PUT", "/v1/me/agent", `{"status":"busy"}`).Expect(200)
		kept := ann.Do("PUT", "/v1/me/agent", `{"status":"offline","keep":true}`).Expect(200)
		if kept.String("status") != "offline" || kept.Value("current_load") != 2.0 || w.state(w.id) != "active "+w.user("ann") {
			t.Errorf("kept: %s", kept.Body)
		}
		given := ann.Do("PUT", "/v1/me/agent", `{"status":"offline","release":true}`).Expect(200)
		if given.Value("current_load") != 0.0 || w.state(w.id) != "queued " || w.state(second) != "queued " {
			t.Errorf("given back: %s, %s, %s", given.Body, w.state(w.id), w.state(second))
		}
		if lines := w.hears("rui", "").String(); lines != "1 system requeued" {
			t.Errorf("the requester is told %q", lines)
		}
	})
}

// state is the state of a conversation and who holds it.
func (w *talk) state(id string) (text string) {
	w.t.Helper()
	err := w.s.DB.Read(w.t.Context(), w.ID, func(tx *store.Tx) error {
		return tx.QueryRow(w.t.Context(), `
			SELECT c.state || ' ' || coalesce(c.assignee_id, '')
			FROM conversations c
			WHERE c.tenant_id = $1 AND c.id = $2`, []any{id}, &text)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// Whoever takes a conversation and goes offline at once does one of the two first: they are asked about it,
// or do not get it.
func TestNobodyIsOfflineUnaskedWithWhatTheyJustTook(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newTalk(t, s)
		bob := w.as("bob")
		for range 8 {
			id := w.begin("rui", "")
			bob.Do("PUT", "/v1/me/agent", `{"status":"online"}`).Expect(200)
			taken := make(chan *servertest.Answer)
			go func() {
				taken <- bob.Do("POST", "/v1/conversations/"+id+"/take", nil, "If-Match", `"1"`)
			}()
			offline := bob.Do("PUT", "/v1/me/agent", `{"status":"offline"}`)
			switch take := <-taken; {
			case take.Status == 200:
				offline.Refused(409, "open_conversations")
				bob.Do("PUT", "/v1/me/agent", `{"status":"offline","release":true}`).Expect(200)
			default:
				take.Refused(409, "agent_away")
				offline.Expect(200)
			}
			if load := bob.Do("GET", "/v1/me/agent", nil).Value("current_load"); load != 0.0 {
				t.Fatalf("bob is offline with %v conversations", load)
			}
		}
	})
}
