package realtime

import (
	"context"
	"log/slog"
	"time"

	"github.com/coder/websocket"

	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/trail"
)

// beat finds out whether the peer is still there, and leaves a record of each minute in which it said
// something. A minute that cannot be recorded is the last one.
func (s *socket) beat(ctx context.Context, conn *websocket.Conn) {
	limits := s.service.config.Limits
	pings, minutes := time.NewTicker(limits.Heartbeat), time.NewTicker(limits.Told)
	defer pings.Stop()
	defer minutes.Stop()
	toldOf := int64(0)
	for {
		select {
		case <-s.over:
			return
		case <-pings.C:
			if s.ping(ctx, conn) != nil {
				s.finish(tooSlow)
			}
		case <-minutes.C:
			n := s.messages.Load()
			if n > toldOf && !s.recordMinute(n-toldOf) {
				s.finish(unsure)
			}
			toldOf = n
		}
	}
}

func (s *socket) ping(ctx context.Context, conn *websocket.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, s.service.config.Limits.Patience)
	defer cancel()
	return conn.Ping(ctx)
}

// recordMinute leaves the record of n messages, and tells whether it is kept.
func (s *socket) recordMinute(n int64) bool {
	return s.record(audit.Message{Type: "echo", Event: "realtime.echo", Outcome: trail.Outcome{Result: trail.Success, N: n}})
}

// recordEnd leaves the record of the end: how, after how long, after how many messages.
func (s *socket) recordEnd() {
	s.record(audit.Message{Type: "disconnect", Event: "realtime.disconnect", Outcome: trail.Outcome{
		Result: s.ending.result, Reason: s.ending.reason, Code: int(s.ending.code),
		MS: s.call.Elapsed().Milliseconds(), N: s.messages.Load(),
	}})
}

func (s *socket) record(m audit.Message) bool {
	err := s.service.config.Audit.RecordMessage(context.Background(), s.call, m)
	if err != nil {
		slog.Error("a message was not recorded", "event", m.Event, "request", s.call.Request, "cause", err)
	}
	return err == nil
}
