package realtime

import (
	"context"
	"log/slog"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/trail"
)

// beat finds out whether the peer is still there, and leaves the record of a minute in which it said
// something. A minute that cannot be recorded is the last one.
func (s *socket) beat(ping, tell bool, said int64) {
	if ping && s.ping() != nil {
		s.finish(tooSlow)
	}
	if tell && !s.recordMinute(said) {
		s.finish(unsure)
	}
	s.mu.Lock()
	s.due.busy = false
	s.mu.Unlock()
}

func (s *socket) ping() error {
	ctx, cancel := context.WithTimeout(s.work, s.service.config.Limits.Patience)
	defer cancel()
	return s.conn.Ping(ctx)
}

// recordMinute leaves the record of n messages, and tells whether it is kept.
func (s *socket) recordMinute(n int64) bool {
	return s.record(audit.Message{Type: "echo", Event: "realtime.echo", Outcome: trail.Outcome{Result: trail.Success, N: n}})
}

// recordFollow leaves the record that a stream was asked for, and how that was decided.
func (s *socket) recordFollow(f *Follower, refusal error) bool {
	outcome := trail.Outcome{Result: trail.Success}
	if refusal != nil {
		outcome = trail.Outcome{Result: trail.Failure, Reason: fault.From(refusal).Code.Name}
	}
	later := *s.call
	later.Targets = []trail.Ref{{Type: "socket", ID: s.call.Request}, {Type: "stream", ID: f.Stream}}
	return s.recordOf(&later, audit.Message{Type: "follow", Event: "realtime.follow", Outcome: outcome})
}

// recordEnd leaves the record of the end: how, after how long, after how many messages.
func (s *socket) recordEnd() {
	end := s.how()
	s.record(audit.Message{Type: "disconnect", Event: "realtime.disconnect", Outcome: trail.Outcome{
		Result: end.result, Reason: end.reason, Code: int(end.code),
		MS: s.call.Elapsed().Milliseconds(), N: s.messages.Load(),
	}})
}

func (s *socket) record(m audit.Message) bool { return s.recordOf(s.call, m) }

func (s *socket) recordOf(call *api.Call, m audit.Message) bool {
	err := s.service.config.Audit.RecordMessage(context.Background(), call, m)
	if err != nil {
		slog.Error("a message was not recorded", "event", m.Event, "request", call.Request, "cause", err)
	}
	return err == nil
}
