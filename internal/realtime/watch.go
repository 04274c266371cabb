package realtime

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/fault"
)

// watch asks, again and again, whether the caller may go on: at once, for the session may have ended
// during the handshake; when somebody says that it may have; and every so often whoever says what.
func (s *socket) watch(ctx context.Context) {
	limits := s.service.config.Limits
	ticker := time.NewTicker(limits.Recheck)
	defer ticker.Stop()
	// Beside the loop, because a question may hang for longer than anybody may go on without an answer.
	doubt := time.AfterFunc(limits.Doubt, func() { s.finish(unsure) })
	defer doubt.Stop()
	s.reconsider()
	for {
		select {
		case <-s.over:
			return
		case <-ticker.C:
		case <-s.wake:
		}
		asked := time.Now()
		refusal, err := s.ask(ctx)
		switch {
		case refusal != nil:
			s.finish(revoked(refusal))
		case err == nil:
			doubt.Reset(time.Until(asked.Add(limits.Doubt)))
		}
	}
}

// ask returns the refusal that a request of the caller would get now, or the error why nobody knows.
func (s *socket) ask(ctx context.Context) (refusal *fault.Error, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.service.config.Limits.Doubt)
	defer cancel()
	who, err := s.service.config.Sessions.Again(ctx, s.who)
	if err == nil {
		err = s.call.MayStill(who)
	}
	f := fault.From(err)
	if err != nil && (f.Code.Kind == fault.Unauthenticated || f.Code.Kind == fault.Forbidden) {
		return f, nil
	}
	return nil, err
}
