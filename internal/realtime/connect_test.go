package realtime_test

import (
	"slices"
	"testing"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/cluster/clustertest"
	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/trail"
)

func TestProgramsConnectWithTheirToken(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		token := "Bearer " + p.ann.SignIn().Token
		for _, c := range []struct {
			offered []string
			want    string
		}{{nil, ""}, {[]string{"usher.v1"}, "usher.v1"}, {[]string{"USHER.V1", "other", "usher.v1"}, "usher.v1"}} {
			conn, response, err := p.handshake(t, c.offered, "Authorization", token)
			if err != nil {
				t.Fatal(err)
			}
			if got := response.Header.Get("Sec-WebSocket-Protocol"); got != c.want || response.Header.Get("Audit-Record") == "" {
				t.Errorf("offered %q: %v", c.offered, response.Header)
			}
			alive(t, conn)
		}
		p.refused(t, 401, "unauthenticated", nil)
		p.refused(t, 401, "invalid_token", nil, "Authorization", "Bearer "+ticketOf(p.ann.SignIn()))
		p.refused(t, 403, "foreign_origin", nil, "Authorization", token, "Origin", "https://evil.example")
	})
}

func TestBrowsersConnectWithATicket(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		ticket := ticketOf(c)
		p.refused(t, 403, "foreign_origin", offered(ticket), "Origin", "https://evil.example")
		p.refused(t, 422, "bad_handshake", offered(ticket)[1:], "Origin", p.URL)
		p.refused(t, 422, "bad_handshake", offered(ticket), "Authorization", "Bearer "+c.Token)
		conn, response, err := p.handshake(t, offered(ticket), "Origin", p.URL) // what was refused has not used it up
		if err != nil {
			t.Fatal(err)
		}
		if got := response.Header.Values("Sec-WebSocket-Protocol"); !slices.Equal(got, []string{"usher.v1"}) {
			t.Errorf("the server speaks %q", got)
		}
		alive(t, conn)
		p.refused(t, 401, "bad_ticket", offered(ticket), "Origin", p.URL)
	})
}

// A connection leaves a record when it opens and one when it ends, of the same caller and request.
func TestConnectionsAreRecorded(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		byToken := p.connect(t, c)
		alive(t, byToken)
		alive(t, byToken)
		_ = byToken.Close(4000, "enough")
		byTicket, _, err := p.handshake(t, offered(ticketOf(c)))
		if err != nil {
			t.Fatal(err)
		}
		_ = byTicket.CloseNow()
		opened, ended := p.records(t, "realtime.connect"), p.ended(t, 2)
		if len(opened) != 2 || len(p.records(t, "realtime.ticket")) != 1 {
			t.Fatalf("%+v\n%+v", opened, ended)
		}
		for i, r := range opened {
			if r.Action.Op != trail.WS || r.Action.Method != "connect" || r.Outcome.Code != 101 || r.Outcome.Result != trail.Success {
				t.Errorf("%+v", r)
			}
			end := ended[slices.IndexFunc(ended, func(e trail.Record) bool { return e.Context.Request == r.Context.Request })]
			want := []trail.Outcome{
				{Result: trail.Success, Code: 4000, N: 2},
				{Result: trail.Unknown, Reason: "connection_lost"},
			}[i]
			want.MS = end.Outcome.MS
			if end.Outcome != want || end.Action.Op != trail.WS || end.Action.Method != "disconnect" || end.ID == r.ID {
				t.Errorf("ended as %+v, want %+v", end, want)
			}
			for _, each := range []trail.Record{r, end} {
				if each.Actor.ID != p.ann.ID || each.Actor.SID == "" || len(each.Target) != 1 || each.Target[0].Type != "socket" {
					t.Errorf("%+v", each)
				}
			}
		}
	})
}

// What is said is counted once in a while, not recorded one by one.
func TestWhatIsSaidIsCounted(t *testing.T) {
	each(t, realtime.Limits{Told: 1}, func(t *testing.T, p *program) {
		conn := p.connect(t, p.ann.SignIn())
		said := int64(0)
		for range 2 {
			alive(t, conn)
			said++
			clustertest.Eventually(t, "what was said is recorded", func() bool { return int64(len(p.records(t, "realtime.echo"))) == said })
		}
		_ = conn.Close(websocket.StatusNormalClosure, "")
		end := p.ended(t, 1)
		counted := int64(0)
		for _, r := range p.records(t, "realtime.echo") {
			if counted += r.Outcome.N; r.Actor.ID != p.ann.ID || r.Outcome.N < 1 || r.Action.Method != "echo" {
				t.Errorf("%+v", r)
			}
		}
		if counted > said || end[0].Outcome.N != said {
			t.Errorf("said %d, counted %d: %+v", said, counted, end)
		}
	})
}

func TestConnectionsAreLimited(t *testing.T) {
	each(t, realtime.Limits{PerSession: 2, PerUser: 3, PerNode: 4}, func(t *testing.T, p *program) {
		one, two, other := p.ann.SignIn(), p.ann.SignIn(), p.admin.SignIn()
		oldest := p.connect(t, one)
		p.connect(t, one)
		p.refused(t, 429, "too_many_sockets", nil, "Authorization", "Bearer "+one.Token)
		p.connect(t, two)
		ticket := ticketOf(two)
		p.refused(t, 429, "too_many_sockets", offered(ticket))
		p.connect(t, other)
		p.refused(t, 503, "unavailable", nil, "Authorization", "Bearer "+other.Token)
		alive(t, oldest)
		_ = oldest.Close(websocket.StatusNormalClosure, "")
		for { // until the server has heard of it
			if _, _, err := p.handshake(t, offered(ticket)); err == nil {
				break
			}
		}
	})
}

func TestStopClosesEveryConnection(t *testing.T) {
	each(t, realtime.Limits{}, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		conn, other := p.connect(t, c), p.connect(t, p.admin.SignIn())
		stopped := make(chan struct{})
		go func() {
			p.Realtime.Stop()
			close(stopped)
		}()
		closed(t, conn, websocket.StatusGoingAway, "stopping")
		closed(t, other, websocket.StatusGoingAway, "stopping")
		<-stopped
		if got := len(p.records(t, "realtime.disconnect")); got != 2 {
			t.Errorf("%d of 2 records", got)
		}
		p.refused(t, 503, "unavailable", nil, "Authorization", "Bearer "+c.Token)
		p.Realtime.Stop()
	})
}
