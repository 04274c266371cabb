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
// While nothing happens it has one goroutine, which reads. Whatever else there is to do (to ask whether
// it may go on, to ping, to send what is queued) is begun by somebody else and does not stay: there are
// thousands of sockets, and a goroutine that waits costs as much as the socket.
type socket struct {
	service *Service
	call    *api.Call      // of the handshake; nothing writes to it any more
	who     *caller.Caller // who opened it, without permissions: those of today decide
	out     outbox

	messages atomic.Int64  // that came
	over     chan struct{} // closed when the end is decided

	work   context.Context // of everything that is done for the connection
	cancel context.CancelFunc
	others sync.WaitGroup // what was begun for it

	mu     sync.Mutex // guards what follows
	conn   *websocket.Conn
	wire   net.Conn
	ended  bool
	gone   bool // nothing more is begun
	ending ending
	due    due

	slice int  // which of the rounds' it is in; theirs, as is the next
	waits bool // to be asked about

	follows map[string]*Follower // by stream; the reading goroutine's
	typed   time.Time            // when typing was last passed on; the reading goroutine's
	rested  time.Time            // when as much may be said at once as at first; the reading goroutine's
}

// open makes room for a connection of the caller, and uses up the ticket, if there is one, together with
// its record.
func (s *Service) open(ctx context.Context, ticket string) (api.Upgrade, error) {
	call := api.CallFrom(ctx)
	k := &socket{service: s, call: call, who: call.Kept().Caller, over: make(chan struct{})}
	k.out.init(&s.config.Limits, k)
	k.work, k.cancel = context.WithCancel(context.Background())
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

// Serve answers 101 and has the connection go on by itself, so that the request and its goroutine end.
func (s *socket) Serve(w http.ResponseWriter, r *http.Request) {
	s.call = s.call.Kept()
	wire, conn, err := accept(w, r)
	if err != nil {
		slog.Error("a handshake whose record is kept was not answered", "request", s.call.Request, "cause", err)
		s.finish(lost)
		s.conclude()
		return
	}
	go s.live(conn, wire)
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

// live is the connection from its first message to its last record.
func (s *socket) live(conn *websocket.Conn, wire net.Conn) {
	s.take(conn, wire)
	s.service.presence.arrive(s.key())
	s.service.rounds.ask(s) // at once: the session may have ended during the handshake
	s.guard(func() { s.finish(s.converse(conn)) })
	s.part()
	s.service.presence.depart(s.key())
	s.conclude()
}

// take makes the connection that of the socket, whose end may have been decided already.
func (s *socket) take(conn *websocket.Conn, wire net.Conn) {
	s.mu.Lock()
	s.conn, s.wire, s.due = conn, wire, firstDue(s.service.config.Limits)
	ended := s.ended
	s.mu.Unlock()
	s.service.rounds.join(s)
	if ended {
		s.begin(s.farewell)
	}
}

// conclude waits for all that was begun, leaves the last record and gives the room back.
func (s *socket) conclude() {
	s.service.rounds.leave(s)
	s.mu.Lock()
	s.gone = true
	s.mu.Unlock()
	s.cancel()
	s.others.Wait()
	s.recordEnd()
	s.service.hub.release(s)
}

// begin has something done beside what goes on. Once the connection is gone nothing is begun.
func (s *socket) begin(work func()) bool {
	if !s.enter() {
		return false
	}
	s.run(work)
	return true
}

// run does what others counts already.
func (s *socket) run(work func()) {
	go func() {
		defer s.others.Done()
		s.guard(work)
	}()
}

// enter has conclude wait for what is done next. It reports false when it is too late for that.
func (s *socket) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.gone {
		s.others.Add(1)
	}
	return !s.gone
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
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return
	}
	s.ended, s.ending = true, e
	open := s.conn != nil
	if open {
		s.others.Add(1) // before conclude can look: else it would wait for nobody, and nobody would close the connection
	}
	s.mu.Unlock()
	close(s.over)
	s.out.close()
	if open {
		s.run(s.farewell)
	}
}

func (s *socket) finished() bool {
	select {
	case <-s.over:
		return true
	default:
		return false
	}
}

// how is the ending, once it is decided.
func (s *socket) how() ending {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ending
}

// farewell says goodbye once the end is decided. A peer that does not answer in time is cut off: the
// library's own Close would wait for ever for the rest of a message that never comes.
func (s *socket) farewell() {
	end := s.how()
	if end.code == 0 || end.said {
		_ = s.conn.CloseNow()
		return
	}
	cut := time.AfterFunc(s.service.config.Limits.Farewell, func() { _ = s.wire.Close() })
	defer cut.Stop()
	_ = s.conn.Close(end.code, end.reason) // who has gone has nothing to be told
}
