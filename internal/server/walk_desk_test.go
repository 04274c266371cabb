package server_test

import (
	"cmp"
	"maps"
	"testing"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server/servertest"
)

// conversationSamples are the samples of what is done with conversations.
var conversationSamples = map[string]sample{
	"conversation-list":   {},
	"conversation-count":  {},
	"conversation-create": {kind: "conversation", creates: true, body: newConversation},
	"conversation-read":   {kind: "conversation"},
	"conversation-update": {kind: "conversation", match: true, refused: refused{asked: "own_request"}, body: func(w *walk, _ target) any { return object{"subject": w.name("Renamed ")} }},

	"conversation-tenures":    {kind: "conversation", state: "active", refused: refused{asked: "own_request"}},
	"conversation-take":       {kind: "conversation", match: true, refused: refused{asked: "own_request"}},
	"conversation-assign":     {kind: "conversation", match: true, refused: refused{asked: "own_request"}, body: toReceiver},
	"conversation-transfer":   {kind: "conversation", match: true, state: "active", refused: refused{asked: "own_request"}, body: toReceiver},
	"conversation-candidates": {kind: "conversation", state: "active", refused: refused{asked: "own_request"}},
	"conversation-hold":       {kind: "conversation", match: true, state: "active", refused: refused{asked: "own_request"}},
	"conversation-resume":     {kind: "conversation", match: true, state: "on_hold", refused: refused{asked: "own_request"}},
	"conversation-park":       {kind: "conversation", match: true, state: "active", refused: refused{asked: "own_request"}, body: func(*walk, target) any { return object{} }},
	"conversation-resolve":    {kind: "conversation", match: true, state: "parked"},
	"conversation-reopen":     {kind: "conversation", match: true, state: "resolved"},
	"conversation-leave":      {kind: "conversation", match: true, refused: refused{held: "not_the_requester", others: "not_the_requester"}},
	"conversation-rating":     {kind: "conversation", match: true, state: "resolved", refused: refused{held: "not_the_requester", others: "not_the_requester"}, body: func(*walk, target) any { return object{"score": 5} }},
}

func init() { maps.Copy(samples, conversationSamples) }

func newConversation(w *walk, at target) any {
	q := object{"skill": at.id, "subject": w.name("Printer "), "text": "It jams."}
	if at.requester != "" {
		q["requester"] = at.requester
	}
	return q
}

func toReceiver(w *walk, _ target) any { return object{"agent": w.ours.receiver.ID} }

// relation is how a conversation stands to whoever calls.
type relation struct {
	name      string
	asked     bool   // they asked it
	held      bool   // they hold it, or held it last
	state     string // "" for the one that the operation is for
	elsewhere bool   // another department than theirs handles it
}

// relations are all of them: own in both ways, unassigned, in their department, outside of it.
var relations = []relation{
	{name: "asked by the caller", asked: true},
	{name: "held by the caller", held: true},
	{name: "held by another of the department"},
	{name: "held by another elsewhere", elsewhere: true},
	{name: "waiting in the department", state: "queued"},
	{name: "waiting elsewhere", state: "queued", elsewhere: true},
}

// refused are the codes by which the desk refuses whoever stands in such a relation to a conversation,
// although they hold the permission; "" where it does not.
type refused struct{ asked, held, others string }

func (c refused) by(r relation) string {
	switch {
	case r.asked:
		return c.asked
	case r.held:
		return c.held
	}
	return c.others
}

// inTalk refuses whoever is in the conversation themselves.
var inTalk = refused{asked: "own_conversation", held: "own_conversation"}

// conversations takes an operation on conversations to one in each relation to the caller.
func (w *walk) conversations(t *testing.T, op *api.Operation, sample sample, a *actor) {
	for _, r := range relations {
		if r.held && !w.couldHold(t, a) {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			w.judge(t, op, sample, a, w.related(t, sample, a, r))
		})
	}
}

// couldHold tells whether the actor could hold conversations.
func (w *walk) couldHold(t *testing.T, a *actor) bool {
	r := w.rulesFor(t, a)
	return r.holds("conversation:take") && r.holds("conversation:update")
}

// related makes a conversation in a relation to the actor.
func (w *walk) related(t *testing.T, s sample, a *actor, r relation) target {
	m := made{side: w.ours, department: w.ours.departments[0], state: cmp.Or(r.state, s.state, "queued")}
	if r.elsewhere {
		m.department = w.ours.departments[1]
	}
	if m.state == "queued" && r.state == "" && !r.asked {
		m.state = "active" // somebody holds it
	}
	if r.asked {
		m.requester = a.User
	}
	if r.held {
		m.agent = a.User
	}
	at := w.conversation(t, m)
	at.unready = m.state != cmp.Or(s.state, "queued")
	at.code = s.refused.by(r)
	if s.creates {
		return w.asking(a, r)
	}
	return at
}

// asking is about a conversation that is about to exist: of the actor, or of somebody else.
func (w *walk) asking(a *actor, r relation) target {
	requester, department := w.ours.asker, w.ours.departments[0]
	if r.asked {
		requester = a.User
	}
	if r.elsewhere {
		department = w.ours.departments[1]
	}
	return target{
		kind: "conversation", creates: true, requester: requester.ID, id: w.ours.skills[department],
		object: func(resource string) *access.Object {
			return &access.Object{Tenant: w.ours.ID, Resource: resource, Owners: []string{requester.ID}, Departments: []string{department}, Assignable: true}
		},
	}
}

// made is a conversation to be made.
type made struct {
	side       *side
	requester  *servertest.User // nil for somebody who does not walk
	agent      *servertest.User // who holds it or held it last, unless it waits; nil for somebody who does not walk
	department string
	state      string
}

// conversation makes a conversation and brings it into its state, as the desk's people do.
func (w *walk) conversation(t *testing.T, m made) target {
	t.Helper()
	requester := cmp.Or(m.requester, m.side.asker)
	a := m.side.chief.Do("POST", "/v1/conversations", object{
		"skill": m.side.skills[m.department], "subject": w.name("Printer "), "text": "It jams.", "requester": requester.ID,
	}).Expect(201)
	id, agent := a.String("id"), ""
	does := func(what string, body any) {
		a = m.side.chief.Do("POST", "/v1/conversations/"+id+"/"+what, body, "If-Match", a.ETag()).Expect(200)
	}
	if m.state != "queued" {
		worker := m.agent
		if worker == nil {
			worker = w.agent(m.side)
		}
		agent = worker.ID
		does("assign", object{"agent": agent, "force": true})
	}
	switch m.state {
	case "on_hold":
		does("hold", nil)
	case "parked":
		does("park", object{})
	case "resolved":
		does("resolve", nil)
	}
	w.trail.fresh(t) // not calls of the walk
	return target{kind: "conversation", id: id, etag: a.ETag(), object: func(resource string) *access.Object {
		return &access.Object{
			Tenant: m.side.ID, Resource: resource, ID: id, Owners: []string{requester.ID}, Assignee: agent,
			Assignable: m.state == "queued", Departments: []string{m.department},
		}
	}}
}

// agent is somebody who works, has room and does not walk.
func (w *walk) agent(side *side) *servertest.User {
	const slots = 100
	if side.given%slots == 0 {
		side.worker = side.NewUser(w.name("agent"), nil, "agent")
		side.worker.Online(slots)
	}
	side.given++
	return side.worker
}

// furnish gives a side a desk: a skill for each department, somebody who asks, and somebody who makes what
// the walk is about.
func (w *walk) furnish(side *side) {
	side.skills = map[string]string{}
	for _, d := range side.departments {
		side.skills[d] = side.admin.Do("POST", "/v1/skills", object{"name": w.name("Skill "), "department": d}).Expect(201).String("id")
	}
	side.asker, side.receiver = side.NewUser("asker", nil, "user"), side.NewUser("receiver", nil, "agent")
	side.receiver.Online(100)
	// Nobody who walks has a skill, and without one dispatch gives them nothing.
	settings := side.admin.Do("GET", "/v1/desk/settings", nil).ETag()
	side.admin.Do("PATCH", "/v1/desk/settings", object{
		"preferred_seconds": 0, "relax_seconds": 86400, "overflow_seconds": 86400, "open_seconds": 86400,
	}, "If-Match", settings).Expect(200)
	side.chief = side.NewUser("chief", nil, "admin").SignIn()
	for _, a := range side.actors {
		a.Online(100)
	}
}
