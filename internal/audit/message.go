package audit

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// Message is something that happened on a WebSocket after its handshake.
type Message struct {
	Type    string // stands where other records have a method: disconnect
	Event   string
	Outcome trail.Outcome
}

// RecordMessage keeps the record of a message on the socket that the call opened: by its caller, with
// its targets, under the id of its request. It returns once the record is durable.
func (s *Service) RecordMessage(ctx context.Context, call *api.Call, m Message) error {
	now := s.config.DB.Now()
	later := *call
	later.ID = store.NewID(now)
	var entries []entry
	for _, tenant := range trailsOf(call) {
		e, err := s.entryOf(&later, tenant, now, 0)
		if err != nil {
			return err
		}
		e.record.Action.Method, e.record.Action.Event = m.Type, m.Event
		e.record.Outcome = m.Outcome
		if err := e.encode(); err != nil {
			return err
		}
		entries = append(entries, e)
	}
	return s.committer.commit(ctx, entries...)
}
