package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// talk is a tenant in which Rui asked something that Ann works on. Ann, Bob and Lin, who leads them, are in
// support; Eva leads sales; Uma is another employee. Ada reads everything, root may do everything, and so
// may Zoe in another tenant.
type talk struct {
	*servertest.Tenant
	t              *testing.T
	s              *servertest.Server
	support, sales string
	id             string // of the conversation
	clients        map[string]*servertest.Client
}

var cast = map[string]string{
	"rui": "user", "uma": "user", "ann": "agent", "bob": "agent", "lin": "team_lead", "eva": "team_lead", "ada": "auditor", "root": "admin",
}

func newTalk(t *testing.T, s *servertest.Server) *talk {
	w := &talk{Tenant: s.NewTenant("acme", "it-desk"), t: t, s: s, clients: map[string]*servertest.Client{}}
	w.support, w.sales = w.NewDepartment("Support", ""), w.NewDepartment("Sales", "")
	for name, role := range cast {
		department := w.support
		if name == "eva" || name == "rui" {
			department = w.sales
		}
		w.clients[name] = w.NewUser(name, []string{department}, role).SignIn()
	}
	w.clients["zoe"] = s.NewTenant("globex", "it-desk").NewUser("zoe", nil, "admin").SignIn()
	w.id = w.begin("rui", "ann")
	return w
}

// as is the client of somebody.
func (w *talk) as(name string) *servertest.Client { return w.clients[name] }

// user is the id of somebody.
func (w *talk) user(name string) string { return w.clients[name].User.ID }

// begin makes a conversation of the requester's that support handles and the agent holds; "" for nobody.
func (w *talk) begin(requester, agent string) (id string) {
	w.t.Helper()
	id = store.NewID(w.s.DB.Now())
	w.write(`
		INSERT INTO conversations (tenant_id, id, number, requester_id, created_by, department_id, priority, subject, state,
			queued_at, enqueued_at, asked_at, cycle, last_seq, public_seq, version, created_at, updated_at,
			noticed_version, noticed_at)
		SELECT $1, $2, count(*) + 1, $3, $3, $4, 0, 'Printer', 'queued', $5, $5, $5, 1, 0, 0, 1, $5, $5, 1, $5
		FROM conversations c
		WHERE c.tenant_id = $1`, id, w.user(requester), w.support, w.s.DB.Now().UnixMicro())
	if agent != "" {
		kept := w.id
		w.id = id
		w.pass(agent)
		w.id = kept
	}
	return id
}

// pass makes somebody the agent who holds the conversation.
func (w *talk) pass(agent string) {
	w.t.Helper()
	w.write(`
		INSERT INTO agents (tenant_id, user_id, status, status_at, current_load, max_load, unanswered, version, created_at, updated_at)
		VALUES ($1, $2, 'online', 0, 1, 5, 2, 1, 0, 0)
		ON CONFLICT (tenant_id, user_id) DO UPDATE SET current_load = agents.current_load + 1`, w.user(agent))
	w.write(`
		UPDATE conversations
		SET state = 'active', assignee_id = $3, last_agent_id = $3, assigned_at = queued_at
		WHERE tenant_id = $1 AND id = $2`, w.id, w.user(agent))
}

// bring puts the conversation into a state in which nobody holds it.
func (w *talk) bring(state string) {
	w.t.Helper()
	w.write(`
		UPDATE conversations
		SET state = $3, ended_at = $4
		WHERE tenant_id = $1 AND id = $2`, w.id, state, w.s.DB.Now().UnixMicro())
}

func (w *talk) write(text string, args ...any) {
	w.t.Helper()
	w.commit(statement{text, args})
}

// statement is one of a transaction.
type statement struct {
	text string
	args []any
}

// commit executes the statements in one transaction: who sees a position before its event is there never looks for
// that again.
func (w *talk) commit(statements ...statement) {
	w.t.Helper()
	write(w.t, w.s, w.ID, func(tx *store.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(w.t.Context(), s.text, s.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// do sends a request about the conversation.
func (w *talk) do(who, method, path string, body any) *servertest.Answer {
	w.t.Helper()
	return w.as(who).Do(method, "/v1/conversations/"+w.id+path, body)
}

// say has somebody send a message of a kind, perhaps under an id of theirs.
func (w *talk) say(who, kind, text string, clientID ...string) *servertest.Answer {
	w.t.Helper()
	body := map[string]any{"kind": kind, "text": text}
	if len(clientID) > 0 {
		body["client_msg_id"] = clientID[0]
	}
	return w.do(who, "POST", "/messages", body)
}

type heard struct {
	ID, Kind, Text, Code string
	Seq                  int64
	AuthorFace           string `json:"author_face"`
	ClientMsgID          string `json:"client_msg_id"`
	Author               *struct{ ID, Name string }
}

type page struct {
	Items   []heard
	More    bool
	LastSeq int64 `json:"last_seq"`
}

// hears are the messages that somebody reads.
func (w *talk) hears(who, query string) (p page) {
	w.t.Helper()
	w.do(who, "GET", "/messages"+query, nil).Expect(200).Into(&p)
	return p
}

// String is a page in short: what was said, with its numbers.
func (p page) String() string {
	var parts []string
	for _, m := range p.Items {
		parts = append(parts, fmt.Sprintf("%d %s %s", m.Seq, m.Kind, m.Text+m.Code))
	}
	return strings.Join(parts, ", ")
}
