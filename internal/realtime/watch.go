package realtime

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/fault"
)

// watch asks, again and again, whether the caller may go on: at once, for the session may have ended
// during the handshake; when somebody says that it may have; and every so often whoever says what.
func (s *socket) watch(ctx context.Context) {
	ticker := time.NewTicker(s.service.config.Limits.Recheck)
	defer ticker.Stop()
	s.reconsider()
	confirmed := time.Now()
	for {
		select {
		case <-s.over:
			return
		case <-ticker.C:
		case <-s.wake:
		}
		asked, latest := time.Now(), confirmed.Add(unconfirmed)
		switch refusal, err := s.ask(ctx, latest); {
		case refusal != nil:
			s.finish(revoked(refusal))
		case err == nil:
			confirmed = asked
		case !time.Now().Before(latest):
			s.finish(unsure)
		}
	}
}

// ask returns the refusal that a request of the caller would get now, or the error why nobody knows. It
// does not wait longer than is good to know.
func (s *socket) ask(ctx context.Context, latest time.Time) (refusal *fault.Error, err error) {
	ctx, cancel := context.WithDeadline(ctx, latest)
	defer cancel()
	_, err = s.service.config.Sessions.Again(ctx, s.who)
	if f := fault.From(err); err != nil && f.Code.Kind == fault.Unauthenticated {
		return f, nil
	}
	return nil, err
}
