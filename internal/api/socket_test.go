package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/trail"
)

// switchboard opens connections that end at once, and counts those that it did not have to serve.
type switchboard struct {
	*office
	served    atomic.Int32
	abandoned atomic.Int32
	tickets   chan string // shown to Open
}

const ticketOfReader = "ticket-of-the-reader"

func openSwitchboard(t *testing.T) *switchboard {
	s := &switchboard{office: openOffice(t), tickets: make(chan string, 8)}
	api.RegisterSocket(s.api, api.Operation{
		ID: "listen", Path: "/v1/listen", Summary: "Listen in",
		Access: api.Needs("department:read"), Tenant: api.OfCaller, Event: "line.open", Limit: api.Small,
	}, api.Socket{Identify: s.identify, Open: s.open})
	return s
}

func (s *switchboard) identify(ctx context.Context, ticket string) (*caller.Caller, error) {
	if ticket != ticketOfReader {
		return nil, errExpired
	}
	return authenticate(ctx, reader)
}

func (s *switchboard) open(_ context.Context, ticket string) (api.Upgrade, error) {
	s.tickets <- ticket
	return s, nil
}

func (s *switchboard) Serve(w http.ResponseWriter, r *http.Request) {
	s.served.Add(1)
	if kept := s.notes.take(); len(kept) != 1 || kept[0].ID != api.CallFrom(r.Context()).ID {
		s.t.Errorf("served with the records %+v", kept)
	}
	w.Header().Set("Connection", "Upgrade")
	w.WriteHeader(http.StatusSwitchingProtocols)
}

func (s *switchboard) Abandon() { s.abandoned.Add(1) }

// handshake asks for a WebSocket with a token, which may be empty. Headers that are given come last.
func (s *switchboard) handshake(token string, headers ...string) *answer {
	s.t.Helper()
	return s.do(token, "GET", "/v1/listen", "", append(slices.Clone(validHandshake), headers...)...)
}

var validHandshake = []string{
	"Connection", "keep-alive, Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==",
}

func TestSocketIsServedOnceItsRecordIsKept(t *testing.T) {
	s := openSwitchboard(t)
	for _, c := range []struct{ token, protocols, ticket string }{
		{chief, "", ""},
		{reader, "usher.v1", ""},
		{reader, "other.v1 ,usher.v1", ""},
		{"", "usher.v1, usher.ticket." + ticketOfReader, ticketOfReader},
		{"", "usher.ticket." + ticketOfReader + ",usher.v1", ticketOfReader},
	} {
		s.handshake(c.token, "Sec-WebSocket-Protocol", c.protocols).ok(101)
		if got := <-s.tickets; got != c.ticket {
			t.Errorf("%s: opened with the ticket %q", c.protocols, got)
		}
	}
	s.expect(5, 0)
}

// expect fails the test unless so many connections have been served, and so many abandoned.
func (s *switchboard) expect(served, abandoned int32) {
	s.t.Helper()
	if s.served.Load() != served || s.abandoned.Load() != abandoned {
		s.t.Errorf("served %d and abandoned %d, want %d and %d", s.served.Load(), s.abandoned.Load(), served, abandoned)
	}
}

func TestSocketIsRecordedAsOne(t *testing.T) {
	s := openSwitchboard(t)
	for _, op := range s.api.Operations() {
		door, method := op.Door()
		if isSocket := op.ID == "listen"; (door == trail.WS) != isSocket || (method == "connect") != isSocket {
			t.Errorf("%s is called through %s by %s", op.ID, door, method)
		}
	}
}

func TestSocketIsAbandonedWhenItsRecordCannotBeKept(t *testing.T) {
	s := openSwitchboard(t)
	s.notes.close()
	a := s.handshake(chief)
	a.problem(503, "unavailable")
	s.expect(0, 1)
	if a.Header.Get("Connection") != "" {
		t.Errorf("headers %v", a.Header)
	}
}

func TestWhatIsNoHandshakeIsRefusedBeforeAnythingIsOpened(t *testing.T) {
	s := openSwitchboard(t)
	withTicket := func(protocols string) []string { return []string{"Sec-WebSocket-Protocol", protocols} }
	for name, c := range map[string]struct {
		token   string
		headers []string
		status  int
		code    string
	}{
		"no credential":            {"", nil, 401, "unauthenticated"},
		"a protocol alone":         {"", withTicket("usher.v1"), 401, "unauthenticated"},
		"a bad token":              {stale, nil, 401, "api_test_expired"},
		"a bad ticket":             {"", withTicket("usher.v1, usher.ticket.x"), 401, "api_test_expired"},
		"a token and a ticket":     {chief, withTicket("usher.v1, usher.ticket." + ticketOfReader), 422, "bad_handshake"},
		"a scheme and a ticket":    {"", append(withTicket("usher.v1, usher.ticket."+ticketOfReader), "Authorization", "Basic YTpi"), 422, "bad_handshake"},
		"two tickets":              {"", withTicket("usher.v1, usher.ticket.a, usher.ticket.a"), 422, "bad_handshake"},
		"an empty ticket":          {"", withTicket("usher.v1, usher.ticket."), 422, "bad_handshake"},
		"a ticket alone":           {"", withTicket("usher.ticket." + ticketOfReader), 422, "bad_handshake"},
		"another protocol":         {chief, withTicket("usher.v2"), 422, "bad_handshake"},
		"the protocol in capitals": {chief, withTicket("USHER.V1"), 422, "bad_handshake"},
		"nobody's permission":      {nobody, nil, 403, "no_permission"},
		"another site":             {chief, []string{"Origin", "https://evil.example"}, 403, "foreign_origin"},
		"no origin to speak of":    {chief, []string{"Origin", "null"}, 403, "foreign_origin"},
		"no upgrade":               {chief, []string{"Upgrade", "h2c"}, 426, "websocket_required"},
		"no connection":            {chief, []string{"Connection", "keep-alive"}, 426, "websocket_required"},
		"an old version":           {chief, []string{"Sec-WebSocket-Version", "8"}, 426, "websocket_required"},
		"a short key":              {chief, []string{"Sec-WebSocket-Key", "AAAA"}, 422, "bad_handshake"},
		"no base64":                {chief, []string{"Sec-WebSocket-Key", strings.Repeat("!", 24)}, 422, "bad_handshake"},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.handshake(c.token, c.headers...).ok(c.status)
			a.problem(c.status, c.code)
			if want := map[bool]string{true: "websocket"}[c.status == 426]; a.Header.Get("Upgrade") != want {
				t.Errorf("headers %v", a.Header)
			}
		})
	}
	if a := s.do(chief, "HEAD", "/v1/listen", "", validHandshake...); a.Status != 426 {
		t.Errorf("HEAD is answered %d", a.Status)
	}
	s.do(chief, "GET", "/v1/listen?access_token=x", "", validHandshake...).ok(422).problem(422, "invalid_request")
	s.expect(0, 0)
	if len(s.tickets) != 0 {
		t.Errorf("opened %d", len(s.tickets))
	}
}

// What other operations are sent about tickets means nothing to them.
func TestOnlySocketsTakeTickets(t *testing.T) {
	s := openSwitchboard(t)
	protocols := "usher.v1, usher.ticket." + ticketOfReader
	s.do("", "GET", "/v1/departments", "", "Sec-WebSocket-Protocol", protocols).ok(401).problem(401, "unauthenticated")
	s.do(chief, "GET", "/v1/departments", "", "Sec-WebSocket-Protocol", protocols).ok(200)
}

// What is asked again while a connection lasts cannot be what wants a fresh second factor.
func TestSocketCannotDemandStepUp(t *testing.T) {
	s := openSwitchboard(t)
	for id, op := range map[string]api.Operation{
		"high-risk": {Access: api.Needs("department:delete")},
		"step-up":   {Access: api.SignedIn("everyone may"), StepUp: true},
	} {
		op.ID, op.Path, op.Summary, op.Tenant, op.Event, op.Limit = id, "/v1/"+id, "Listen", api.OfCaller, "line.open", api.Small
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is registered", id)
				}
			}()
			api.RegisterSocket(s.api, op, api.Socket{Identify: s.identify, Open: s.open})
		}()
	}
}
