package desk_test

import (
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// transition is something that is done to conversations, and what becomes of them in each state in which it
// can be done. In all others it is refused.
type transition struct {
	name   string
	by     func(o *office) *servertest.Client
	method string // POST unless stated
	what   string // the path
	body   func(o *office) object
	to     map[string]string
}

func asZoe(o *office) *servertest.Client  { return o.asZoe }
func asLea(o *office) *servertest.Client  { return o.asLea }
func asRoot(o *office) *servertest.Client { return o.root }

func with(body object) func(*office) object { return func(*office) object { return body } }

func toBen(o *office) object { return object{"agent": o.ben.ID} }
func toLea(o *office) object { return object{"agent": o.asLea.User.ID} }

var transitions = []transition{
	{name: "take", by: asRoot, what: "take", to: map[string]string{"queued": "active"}},
	{name: "assign", by: asLea, what: "assign", body: toBen,
		to: map[string]string{"queued": "active", "active": "active", "on_hold": "active", "resolved": "active"}},
	{name: "take over", by: asLea, what: "assign", body: toLea,
		to: map[string]string{"queued": "active", "active": "active", "on_hold": "active", "resolved": "active"}},
	{name: "transfer to an agent", by: asLea, what: "transfer", body: toBen, to: map[string]string{"active": "active", "on_hold": "active"}},
	{name: "transfer to a skill", by: asLea, what: "transfer", body: with(object{"skill": "software"}),
		to: map[string]string{"queued": "queued", "active": "queued", "on_hold": "queued"}},
	{name: "transfer to a department", by: asLea, what: "transfer", body: func(o *office) object { return object{"department": o.other} },
		to: map[string]string{"queued": "queued", "active": "queued", "on_hold": "queued"}},
	{name: "hold", by: asLea, what: "hold", to: map[string]string{"active": "on_hold"}},
	{name: "resume", by: asLea, what: "resume", to: map[string]string{"on_hold": "active", "parked": "queued"}},
	{name: "park", by: asLea, what: "park", body: with(object{}), to: map[string]string{"active": "parked", "on_hold": "parked"}},
	{name: "resolve", by: asLea, what: "resolve", to: map[string]string{"active": "resolved", "on_hold": "resolved", "parked": "resolved"}},
	{name: "resolve by the requester", by: asZoe, what: "resolve", to: map[string]string{"active": "resolved", "on_hold": "resolved", "parked": "resolved"}},
	{name: "reopen", by: asLea, what: "reopen", to: map[string]string{"resolved": "queued"}},
	{name: "reopen by the requester", by: asZoe, what: "reopen", to: map[string]string{"resolved": "queued"}},
	{name: "leave", by: asZoe, what: "leave", to: map[string]string{"queued": "abandoned"}},
	{name: "rate", by: asZoe, what: "rating", body: with(object{"score": 4}), to: map[string]string{"resolved": "resolved", "closed": "closed"}},
	{name: "change", by: asLea, method: "PATCH", body: with(object{"priority": 2}),
		to: map[string]string{"queued": "queued", "active": "active", "on_hold": "on_hold", "parked": "parked", "resolved": "resolved"}},
}

var states = []string{"queued", "active", "on_hold", "parked", "resolved", "closed", "abandoned"}

// Every transition from every state: it is made, or refused for the state; and a version that does not stand
// any more is refused before.
func TestTransitions(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		for _, tr := range transitions {
			for _, state := range states {
				t.Run(tr.name+" "+state, func(t *testing.T) {
					c := o.in(state)
					tr.refusesOtherVersions(o, c)
					tr.tries(t, o, c, state)
					o.ends(c)
				})
			}
		}
		o.mustBeSound()
	})
}

// ends has the requester end a conversation that is still open: they may have so many.
func (o *office) ends(c *conversation) {
	o.t.Helper()
	now := o.asZoe.Do("GET", c.path(""), nil).Expect(200)
	switch now.String("state") {
	case "queued":
		o.asZoe.Do("POST", c.path("leave"), nil, "If-Match", now.ETag()).Expect(200)
	case "active", "on_hold", "parked":
		o.asZoe.Do("POST", c.path("resolve"), nil, "If-Match", now.ETag()).Expect(200)
	}
}

func (tr *transition) do(o *office, c *conversation, etag string) *servertest.Answer {
	method, body := "POST", any(nil)
	if tr.method != "" {
		method = tr.method
	}
	if tr.body != nil {
		body = tr.body(o)
	}
	return tr.by(o).Do(method, c.path(tr.what), body, "If-Match", etag)
}

func (tr *transition) refusesOtherVersions(o *office, c *conversation) {
	o.t.Helper()
	tr.do(o, c, api.ETag(c.version()+1)).Refused(412, "stale_version")
	if stale := tr.do(o, c, api.ETag(c.version()-1)); stale.Code() != "already_assigned" && c.version() > 1 {
		stale.Refused(412, "stale_version")
		if stale.ETag() != c.etag {
			o.t.Errorf("the present version is %s, the answer says %s", c.etag, stale.ETag())
		}
	}
	tr.do(o, c, "").Refused(428, "version_required")
}

func (tr *transition) tries(t *testing.T, o *office, c *conversation, state string) {
	a := tr.do(o, c, c.etag)
	to, allowed := tr.to[state]
	switch {
	case allowed:
		if a.Expect(200).String("state") != to || a.ETag() != api.ETag(c.version()+1) {
			t.Errorf("became %s in version %s, want %s", a.String("state"), a.ETag(), to)
		}
	case tr.name == "take" && (state == "active" || state == "on_hold"):
		a.Refused(409, "already_assigned")
	case state == "closed" || state == "abandoned":
		a.Refused(409, "conversation_ended")
	default:
		a.Refused(409, "wrong_state")
	}
	if !allowed && o.root.Do("GET", c.path(""), nil).ETag() != c.etag {
		t.Errorf("it was refused and changed")
	}
}

// in is a conversation that Zoe asked, in a state; Ann holds it or held it last.
func (o *office) in(state string) *conversation {
	o.t.Helper()
	c := o.asks(o.asZoe)
	ways := map[string][]string{
		"active": {"take"}, "on_hold": {"take", "hold"}, "parked": {"take", "park"}, "resolved": {"take", "resolve"}, "closed": {"take", "resolve"},
	}
	for _, what := range ways[state] {
		body := any(nil)
		if what == "park" {
			body = object{}
		}
		c.does(o.asAnn, what, body).Expect(200)
	}
	switch state {
	case "abandoned":
		c.does(o.asZoe, "leave", nil).Expect(200)
	case "closed": // which time alone does
		write(o.t, o.s, o.ID, func(tx *store.Tx) error {
			_, err := tx.Exec(o.t.Context(), `UPDATE conversations SET state = 'closed' WHERE tenant_id = $1 AND id = $2`, c.id)
			return err
		})
	}
	return c
}

// mustBeSound compares what is kept in two places: who holds what, with slots and tenures; positions and
// messages with their counts.
func (o *office) mustBeSound() {
	o.t.Helper()
	for name, query := range map[string]string{
		"loads that are not the conversations held": `
			SELECT a.user_id FROM agents a
			WHERE a.tenant_id = $1 AND a.current_load <> (
				SELECT count(*) FROM conversations c
				WHERE c.tenant_id = $1 AND c.assignee_id = a.user_id AND c.state IN ('active', 'on_hold'))`,
		"open tenures that are not their conversation's assignee": `
			SELECT t.conversation_id FROM tenures t
			JOIN conversations c ON c.tenant_id = $1 AND c.id = t.conversation_id
			WHERE t.tenant_id = $1 AND t.ended_at IS NULL AND (c.state NOT IN ('active', 'on_hold') OR c.assignee_id <> t.agent_id)`,
		"held conversations without a tenure": `
			SELECT c.id FROM conversations c
			WHERE c.tenant_id = $1 AND c.state IN ('active', 'on_hold') AND NOT EXISTS (
				SELECT 1 FROM tenures t WHERE t.tenant_id = $1 AND t.conversation_id = c.id AND t.ended_at IS NULL)`,
		"messages that are not counted": `
			SELECT c.id FROM conversations c
			WHERE c.tenant_id = $1 AND (
				c.last_seq <> (SELECT count(*) FROM messages m WHERE m.tenant_id = $1 AND m.conversation_id = c.id)
				OR c.public_seq <> (SELECT count(*) FROM messages m WHERE m.tenant_id = $1 AND m.conversation_id = c.id AND m.public_seq IS NOT NULL))`,
		"cycles that do not end with their conversation": `
			SELECT c.id FROM conversations c
			JOIN conversation_cycles y ON y.tenant_id = $1 AND y.conversation_id = c.id AND y.cycle = c.cycle
			WHERE c.tenant_id = $1 AND (y.ended_at IS NULL) <> (c.state IN ('queued', 'active', 'on_hold', 'parked'))`,
		"events out of step": `
			SELECT p.stream FROM desk_positions p
			WHERE p.tenant_id = $1 AND p.stream = 'desk' AND p.last <> (SELECT count(*) FROM desk_events v WHERE v.tenant_id = $1)`,
	} {
		if wrong := o.rows(query); len(wrong) > 0 {
			o.t.Errorf("%s: %v", name, wrong)
		}
	}
}

// rows is what a query of one column finds.
func (o *office) rows(query string, args ...any) (found []string) {
	o.t.Helper()
	err := o.s.DB.Read(o.t.Context(), o.ID, func(tx *store.Tx) (err error) {
		found, err = store.Collect(o.t.Context(), tx, store.Text, query, args...)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	slices.Sort(found)
	return found
}
