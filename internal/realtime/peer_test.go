package realtime_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/realtime"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/trail"
)

// peer is somebody at the other end who does only what the test does.
type peer struct {
	net.Conn
	in *bufio.Reader
}

// call opens a connection without a library.
func (p *program) call(t *testing.T, c *servertest.Client) *peer {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET /v1/realtime HTTP/1.1\r\nHost: desk\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer %s\r\n\r\n", c.Token)
	in := bufio.NewReader(conn)
	response, err := http.ReadResponse(in, nil)
	if err != nil || response.StatusCode != 101 {
		t.Fatalf("%v: %+v", err, response)
	}
	return &peer{conn, in}
}

// frame is a text frame whose mask is zero, as it stands on the wire (RFC 6455, section 5.2). Its payload
// may be shorter than it says.
func frame(says int, payload string) string {
	return string([]byte{0x81, 0x80 | 126, byte(says >> 8), byte(says), 0, 0, 0, 0}) + payload
}

// How a connection to somebody odd ends, and that it ends: whoever waits is woken by the server.
func TestPeersThatDoNotAnswerAreGivenUp(t *testing.T) {
	quick := realtime.Limits{Heartbeat: 50 * time.Millisecond, Patience: 50 * time.Millisecond, Farewell: 50 * time.Millisecond, Messages: 1 << 20}
	calm := realtime.Limits{Farewell: 50 * time.Millisecond}
	for name, c := range map[string]struct {
		limits realtime.Limits
		do     func(t *testing.T, p *program, at *peer)
		want   trail.Outcome
	}{
		"hears and says nothing": {quick, func(_ *testing.T, _ *program, at *peer) {
			_, _ = io.Copy(io.Discard, at.in)
		}, trail.Outcome{Result: trail.Failure, Reason: "slow_peer"}},
		"talks and does not listen": {quick, func(_ *testing.T, _ *program, at *peer) {
			text := `{"type":"echo","data":"` + strings.Repeat("x", 16_000) + `"}`
			for {
				if _, err := io.WriteString(at, frame(len(text), text)); err != nil {
					return
				}
			}
		}, trail.Outcome{Result: trail.Failure, Reason: "slow_peer"}},
		"stops in the middle of a message that is too long": {calm, func(_ *testing.T, _ *program, at *peer) {
			_, _ = io.WriteString(at, frame(0xffff, strings.Repeat("x", 20_000)))
			_, _ = io.Copy(io.Discard, at.in)
		}, trail.Outcome{Result: trail.Failure, Code: 1009, Reason: "too_large"}},
		"is revoked in the middle of a message": {calm, func(_ *testing.T, p *program, at *peer) {
			_, _ = io.WriteString(at, frame(100, "{"))
			p.admin.SignIn().Do("DELETE", "/v1/users/"+p.ann.ID+"/sessions", nil).Expect(204)
			_, _ = io.Copy(io.Discard, at.in)
		}, trail.Outcome{Result: trail.Failure, Code: 4403, Reason: "session_ended"}},
		"speaks another protocol": {calm, func(_ *testing.T, _ *program, at *peer) {
			_, _ = io.WriteString(at, "GET / HTTP/1.1\r\n\r\n")
			_, _ = io.Copy(io.Discard, at.in)
		}, trail.Outcome{Result: trail.Unknown, Reason: "connection_lost"}},
		"does not mask what it says": {calm, func(_ *testing.T, _ *program, at *peer) {
			_, _ = io.WriteString(at, "\x81\x00")
			_, _ = io.Copy(io.Discard, at.in)
		}, trail.Outcome{Result: trail.Unknown, Reason: "connection_lost"}},
		"hangs up": {calm, func(_ *testing.T, _ *program, at *peer) {
			at.Close()
		}, trail.Outcome{Result: trail.Unknown, Reason: "connection_lost"}},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, c.limits, func(t *testing.T, p *program) {
				c.do(t, p, p.call(t, p.ann.SignIn()))
				got := p.ended(t, 1)[0].Outcome
				c.want.MS, c.want.N = got.MS, got.N
				if got != c.want {
					t.Errorf("%+v, want %+v", got, c.want)
				}
			})
		})
	}
}

// When the last connection has left its record, nothing of it runs any more.
func TestNothingRunsOnAfterTheEnd(t *testing.T) {
	each(t, realtime.Limits{PerSession: 50, PerUser: 50, Farewell: time.Millisecond}, func(t *testing.T, p *program) {
		c := p.ann.SignIn()
		for n := range 30 {
			if n%2 == 0 {
				p.call(t, c)
			} else {
				alive(t, p.connect(t, c))
			}
		}
		p.Realtime.Stop()
		stacks := make([]byte, 1<<20)
		for _, stack := range strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
			for _, work := range []string{"converse", "watch", "beat", "farewell"} {
				if strings.Contains(stack, "internal/realtime.(*socket)."+work) {
					t.Errorf("still there:\n%s", stack)
				}
			}
		}
	})
}
