package realtime

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
)

// socket is one connection, from the moment that there is room for it until its last record is kept.
// Its goroutines: Serve, which reads and answers; watch; beat; farewell. Whichever finds a reason to end
// calls finish, and the others follow.
type socket struct {
	service *Service
	call    *api.Call      // of the handshake; nothing writes to it any more
	who     *caller.Caller // who opened it

	messages atomic.Int64  // that came
	wake     chan struct{} // full when the session may have ended
	once     sync.Once
	over     chan struct{} // closed when the end is decided
	ending   ending        // may be read once over is closed
}

// open makes room for a connection of the caller, and uses up the ticket, if there is one, together with
// its record.
func (s *Service) open(ctx context.Context, ticket string) (api.Upgrade, error) {
	k := &socket{
		service: s, call: api.CallFrom(ctx), who: caller.Must(ctx),
		wake: make(chan struct{}, 1), over: make(chan struct{}),
	}
	if err := s.hub.admit(k); err != nil {
		return nil, err
	}
	api.Touched(ctx, "socket", k.call.Request)
	if ticket == "" {
		return k, nil
	}
	if err := s.use(ctx, ticket); err != nil {
		s.hub.release(k)
		return nil, err
	}
	return k, nil
}

func (s *socket) key() userKey { return userKey{s.who.Tenant, s.who.User} }

// Abandon gives back the room of a connection that is not to be.
func (s *socket) Abandon() { s.service.hub.release(s) }

// Serve answers 101, and returns when the connection has ended and its record is kept.
func (s *socket) Serve(w http.ResponseWriter, r *http.Request) {
	defer s.service.hub.release(s)
	defer s.recordEnd()
	wire, conn, err := accept(w, r)
	if err != nil {
		slog.Error("a handshake whose record is kept was not answered", "request", s.call.Request, "cause", err)
		s.finish(lost)
		return
	}
	defer wire.Close()
	// The request's own context ends with the handshake, as far as anybody promises.
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	var others sync.WaitGroup
	others.Go(func() { s.guard(func() { s.watch(ctx) }) })
	others.Go(func() { s.guard(func() { s.beat(ctx, conn) }) })
	others.Go(func() { s.farewell(conn, wire) })
	s.guard(func() { s.finish(s.converse(ctx, conn)) })
	cancel()
	others.Wait()
}

// accept answers the handshake. api has examined it, its Origin by the public address: what the library
// would compare it with is whatever the client says in Host.
func accept(w http.ResponseWriter, r *http.Request) (net.Conn, *websocket.Conn, error) {
	h := &hijacked{ResponseWriter: w}
	if len(r.Header.Values("Sec-WebSocket-Protocol")) > 0 {
		w.Header().Set("Sec-WebSocket-Protocol", api.SocketProtocol)
	}
	conn, err := websocket.Accept(h, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return nil, nil, err
	}
	conn.SetReadLimit(maxMessage)
	return h.wire, conn, nil
}

// guard keeps a panic to the connection that it happened on.
func (s *socket) guard(work func()) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic", "request", s.call.Request, "panic", p, "stack", string(debug.Stack()))
			s.finish(broken)
		}
	}()
	work()
}

// finish decides how the connection ends, unless that is decided already.
func (s *socket) finish(e ending) {
	s.once.Do(func() {
		s.ending = e
		close(s.over)
	})
}

func (s *socket) finished() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}

// reconsider has watch ask now.
func (s *socket) reconsider() {
	select {
	case s.wake <- struct{}{}:
	default: // it will
	}
}

// farewell says goodbye once the end is decided. A peer that does not answer in time is cut off: the
// library's own Close would wait for ever for the rest of a message that never comes.
func (s *socket) farewell(conn *websocket.Conn, wire net.Conn) {
	<-s.over
	if s.ending.code == 0 || s.ending.said {
		_ = conn.CloseNow()
		return
	}
	cut := time.AfterFunc(s.service.config.Limits.Farewell, func() { _ = wire.Close() })
	defer cut.Stop()
	_ = conn.Close(s.ending.code, s.ending.reason) // who has gone has nothing to be told
}
