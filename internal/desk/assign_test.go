package desk_test

import (
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// Whoever asked acts as the requester and as nothing else, whatever they hold.
func TestNobodyWorksOnTheirOwnRequest(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		waiting := o.asks(o.root)
		for what, body := range map[string]any{
			"take": nil, "assign": toBen(o), "transfer": object{"skill": "software"}, "hold": nil, "resume": nil, "park": object{},
		} {
			waiting.does(o.root, what, body).Refused(403, "own_request")
		}
		o.root.Do("PATCH", waiting.path(""), object{"priority": 3}, "If-Match", waiting.etag).Refused(403, "own_request")
		o.root.Do("GET", waiting.path("tenures"), nil).Refused(403, "own_request")
		waiting.does(o.asLea, "assign", object{"agent": o.root.User.ID}).Refused(409, "agent_unable")
		hers := o.asks(o.asAnn)
		hers.does(o.asAnn, "take", nil).Refused(403, "own_request")
		hers.does(o.asLea, "assign", object{"agent": o.ann.ID}).Refused(409, "agent_unable")
		hers.does(o.asBen, "take", nil).Expect(200)
		hers.does(o.asBen, "transfer", object{"agent": o.ann.ID}).Refused(409, "agent_unable")
		hers.does(o.asAnn, "resolve", nil).Expect(200)
	})
}

func TestWhatTheRequesterDoesNobodyElseDoes(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		o.asks(o.asZoe).does(o.root, "leave", nil).Refused(403, "not_the_requester")
		o.in("resolved").does(o.root, "rating", object{"score": 1}).Refused(403, "not_the_requester")
	})
}

func TestOverTheLimitOnlyByForce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		o.ben.Online(1)
		o.asks(o.asZoe).does(o.asBen, "take", nil).Expect(200)
		c := o.asks(o.asZoe)
		c.does(o.asBen, "take", nil).Refused(409, "agent_full")
		c.does(o.asLea, "assign", toBen(o)).Refused(409, "agent_full")
		setter := o.with("assigner", "conversation:assign:all", "conversation:read:all")
		c.does(setter, "assign", object{"agent": o.ben.ID, "force": true}).Refused(403, "no_permission")
		if forced := c.does(o.asLea, "assign", object{"agent": o.ben.ID, "force": true, "reason": "Only Ben knows."}).Expect(200); forced.Value("forced") != true {
			t.Errorf("it is not shown: %s", forced.Body)
		}
		lines := o.root
		if said := string(lines.Do("GET", c.path("messages"), nil).Expect(200).Body); !strings.Contains(said, `"forced":"true"`) {
			t.Errorf("no line says so: %s", said)
		}
		if held := items(o.asLea.Do("GET", c.path("tenures"), nil))[0].(object); held["forced"] != true || held["how"] != "assign" {
			t.Errorf("the tenure is %v", held)
		}
		o.mustBeSound()
	})
}

// with is somebody with a permission list.
func (o *office) with(name string, permissions ...string) *servertest.Client {
	o.t.Helper()
	user := o.NewUser(name, []string{o.help})
	etag := o.root.Do("GET", "/v1/users/"+user.ID, nil).ETag()
	o.root.Do("PUT", "/v1/users/"+user.ID+"/permission-list", object{"permission_list": permissions}, "If-Match", etag).Expect(200)
	return user.SignIn()
}

func TestTakingOverNeedsBarge(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		setter := o.with("sam", "conversation:assign:all", "conversation:read:all", "conversation:take:all", "conversation:update:all")
		setter.User.Online(5)
		self := object{"agent": setter.User.ID}
		c := o.in("active")
		c.does(setter, "assign", self).Refused(403, "no_permission")
		c.does(setter, "assign", toBen(o)).Expect(200)
		o.asks(o.asZoe).does(setter, "assign", self).Expect(200) // nobody's to take over
		c.does(o.asLea, "assign", toLea(o)).Expect(200)
		var how []any
		for _, held := range items(o.asLea.Do("GET", c.path("tenures"), nil)) {
			how = append(how, held.(object)["how"])
		}
		if len(how) != 3 || how[0] != "take" || how[1] != "assign" || how[2] != "takeover" {
			t.Errorf("it was held by %v", how)
		}
		c.does(o.asLea, "assign", toLea(o)).Refused(409, "already_assigned")
		o.mustBeSound()
	})
}

// Who is given a conversation must be there and able to work on it.
func TestWhoCannotBeGivenAConversation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		c := o.asks(o.asZoe)
		give := func(u *servertest.User) *servertest.Answer { return c.does(o.asLea, "assign", object{"agent": u.ID}) }
		give(o.NewUser("idle", nil, "agent")).Refused(409, "agent_unable")
		reader := o.with("reader", "conversation:read:all").User
		reader.Online(5)
		give(reader).Refused(409, "agent_unable")
		for _, status := range []string{"busy", "offline"} {
			o.asBen.Do("PUT", "/v1/me/agent", object{"status": status}).Expect(200)
			give(o.ben).Refused(409, "agent_away")
		}
		c.does(o.asBen, "take", nil).Refused(409, "agent_away")
		o.ben.Online(5)
		write(t, s, o.ID, func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM presences WHERE tenant_id = $1 AND user_id = $2`, o.ben.ID)
			return err
		})
		give(o.ben).Refused(409, "agent_away")
		c.does(o.asBen, "take", nil).Expect(200) // whoever acts themselves is there
	})
}

func TestATransferKeepsTheAgeAndTakesTheDepartmentOfItsTarget(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		served := o.root.Do("POST", "/v1/skills", object{"name": "Served", "department": o.other}).Expect(201).String("id")
		c := o.in("active")
		before := o.root.Do("GET", c.path(""), nil)
		after := c.does(o.asAnn, "transfer", object{"skill": served}).Expect(200)
		if after.String("department", "name") != "Other" || after.String("skill", "name") != "Served" || after.Value("assignee") != nil ||
			after.String("queued_at") != before.String("queued_at") || after.String("last_assignee", "name") != "ann" {
			t.Errorf("passed on: %s", after.Body)
		}
		o.asLea.Do("GET", c.path(""), nil).Expect(200) // it waits
		c.does(o.root, "assign", toBen(o)).Expect(200)
		o.asLea.Do("GET", c.path(""), nil).Refused(404, "not_found")
		after = c.does(o.asBen, "transfer", object{"department": o.help}).Expect(200)
		if after.String("department", "name") != "Help" || after.String("skill", "name") != "Served" {
			t.Errorf("passed on: %s", after.Body)
		}
		if said := string(o.asZoe.Do("GET", c.path("messages"), nil).Expect(200).Body); strings.Contains(said, o.other) || strings.Contains(said, o.help) {
			t.Errorf("the requester reads of departments: %s", said)
		}
		c.does(o.root, "transfer", object{"department": "none"}).Refused(422, "invalid_request")
		c.does(o.root, "transfer", object{"skill": "none"}).Refused(422, "invalid_request")
		c.does(o.root, "transfer", object{}).Refused(422, "invalid_request")
		c.does(o.root, "transfer", object{"skill": served, "department": o.help}).Refused(422, "invalid_request")
		o.mustBeSound()
	})
}

// A busy agent is given nothing, and whether they may take is the desk's to say.
func TestABusyAgentTakesByHandWhereTheDeskAllowsIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		o.asBen.Do("PUT", "/v1/me/agent", object{"status": "busy"}).Expect(200)
		o.asks(o.asZoe).does(o.asBen, "take", nil).Expect(200)
		o.set("busy_may_take = $2", false)
		o.asks(o.asZoe).does(o.asBen, "take", nil).Refused(409, "agent_away")
	})
}

// Where an agent has let a conversation wait, dispatch does not choose them again; people may, or nobody in a
// department of one could ever hold it.
func TestWhoWasPassedOverIsPassedOverByDispatchAlone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		o.set("relax_seconds = 0, overflow_seconds = 0, open_seconds = 0")
		passOver := func(c *conversation) *conversation {
			t.Helper()
			write(t, s, o.ID, func(tx *store.Tx) error {
				_, err := tx.Exec(t.Context(), `
					INSERT INTO conversation_exclusions (tenant_id, conversation_id, agent_id, reason, created_at)
					SELECT $1, $2, a.user_id, 'no_answer', 0
					FROM agents a
					WHERE a.tenant_id = $1`, c.id)
				return err
			})
			return c
		}
		taken, assigned, passedOn := passOver(o.asks(o.asZoe)), passOver(o.asks(o.asZoe)), o.asks(o.asZoe)
		passedOn.does(o.asAnn, "take", nil).Expect(200)
		passOver(passedOn)
		if err := s.Desk.Settle(t.Context(), o.ID); err != nil {
			t.Fatal(err)
		}
		for _, c := range []*conversation{taken, assigned} {
			if state := o.root.Do("GET", c.path(""), nil).Expect(200).String("state"); state != "queued" {
				t.Errorf("with everybody passed over it is %s", state)
			}
		}
		taken.does(o.asBen, "take", nil).Expect(200)
		assigned.does(o.asLea, "assign", toBen(o)).Expect(200)
		if found := o.asAnn.Do("GET", passedOn.path("candidates"), nil).Expect(200); !strings.Contains(string(found.Body), o.ben.ID) {
			t.Errorf("ben is no candidate: %s", found.Body)
		}
		passedOn.does(o.asAnn, "transfer", toBen(o)).Expect(200)
		o.mustBeSound()
	})
}
