package realtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/trail"
)

// program is a running program with one tenant and two people in it.
type program struct {
	*servertest.Server
	acme       *servertest.Tenant
	admin, ann *servertest.User
	users      int // made besides
}

// each runs f on both databases, with other limits than the program's own where any are given.
func each(t *testing.T, limits realtime.Limits, f func(t *testing.T, p *program)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(t, newProgram(servertest.RunLimited(t, db, limits))) })
}

func newProgram(s *servertest.Server) *program {
	p := &program{Server: s, acme: s.NewTenant("acme", "it-desk")}
	p.admin, p.ann = p.acme.NewUser("root", nil, "admin"), p.acme.NewUser("ann", nil, "agent")
	return p
}

// handshake asks for a connection. protocols are those offered; headers come in pairs of name and value.
func (p *program) handshake(t *testing.T, protocols []string, headers ...string) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	conn, response, err := websocket.Dial(t.Context(), p.URL+"/v1/realtime", &websocket.DialOptions{HTTPHeader: h, Subprotocols: protocols})
	if err == nil {
		t.Cleanup(func() { _ = conn.CloseNow() })
	}
	return conn, response, err
}

// connect opens a connection as a program does.
func (p *program) connect(t *testing.T, c *servertest.Client) *websocket.Conn {
	t.Helper()
	conn, _, err := p.handshake(t, []string{"usher.v1"}, "Authorization", "Bearer "+c.Token)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// offered is what a browser offers with a ticket.
func offered(ticket string) []string { return []string{"usher.v1", "usher.ticket." + ticket} }

// ticketOf gets a ticket.
func ticketOf(c *servertest.Client) string {
	return c.Do("POST", "/v1/realtime/tickets", nil).Expect(201).String("ticket")
}

// refused fails the test unless the handshake is answered with this problem.
func (p *program) refused(t *testing.T, status int, code string, protocols []string, headers ...string) {
	t.Helper()
	_, response, err := p.handshake(t, protocols, headers...)
	if err == nil {
		t.Fatalf("connected, want %d %s", status, code)
	}
	var problem struct{ Code string }
	if response == nil || json.NewDecoder(response.Body).Decode(&problem) != nil || response.StatusCode != status || problem.Code != code {
		t.Fatalf("%v, code %q; want %d %s", err, problem.Code, status, code)
	}
}

// say sends a text and returns what comes back.
func say(t *testing.T, conn *websocket.Conn, text string) string {
	t.Helper()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
	kind, answer, err := conn.Read(t.Context())
	if err != nil || kind != websocket.MessageText {
		t.Fatalf("%v: %v", kind, err)
	}
	return string(answer)
}

// alive fails the test unless the connection answers.
func alive(t *testing.T, conn *websocket.Conn) {
	t.Helper()
	if got := say(t, conn, `{"type":"echo","id":"a"}`); got != `{"type":"echo","id":"a"}` {
		t.Fatalf("the answer is %s", got)
	}
}

// closed waits for the end of a connection and fails the test unless it is this one.
func closed(t *testing.T, conn *websocket.Conn, code websocket.StatusCode, reason string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		_, _, err := conn.Read(ctx)
		var end websocket.CloseError
		switch {
		case err == nil:
			continue
		case !errors.As(err, &end) || end.Code != code || end.Reason != reason:
			t.Fatalf("it ended with %v, want %d %s", err, code, reason)
		}
		return
	}
}

// column reads one column of acme's rows.
func (p *program) column(t *testing.T, query string, args ...any) (found [][]byte) {
	t.Helper()
	err := p.DB.Read(t.Context(), p.acme.ID, func(tx *store.Tx) (err error) {
		found, err = store.Collect(t.Context(), tx, func(r store.Row) (value []byte, err error) {
			return value, r.Scan(&value)
		}, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// change changes acme by a commit that the program does not hear of.
func (p *program) change(t *testing.T, statement string, args ...any) {
	t.Helper()
	err := p.DB.Write(t.Context(), p.acme.ID, func(tx *store.Tx) error {
		_, err := tx.Exec(t.Context(), statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// records are those of an event in acme's trail, oldest first.
func (p *program) records(t *testing.T, event string) (list []trail.Record) {
	t.Helper()
	for _, body := range p.column(t, `SELECT b.body FROM audit_bodies b WHERE b.tenant_id = $1 AND b.event = $2 ORDER BY b.id`, event) {
		r, err := trail.Parse(body)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

// ended waits until so many connections have left the record of their end.
func (p *program) ended(t *testing.T, n int) []trail.Record {
	t.Helper()
	for {
		if list := p.records(t, "realtime.disconnect"); len(list) >= n {
			return list
		}
	}
}
