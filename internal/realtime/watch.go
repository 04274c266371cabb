package realtime

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/fault"
)

// watch asks whether the caller may go on.
func (s *socket) watch() {
	asked := time.Now()
	refusal, err := s.ask()
	switch {
	case refusal != nil:
		s.finish(revoked(refusal))
	case err == nil:
		s.sure(asked)
	}
}

// ask returns the refusal that a request of the caller would get now, or the error why nobody knows.
func (s *socket) ask() (refusal *fault.Error, err error) {
	ctx, cancel := context.WithTimeout(s.work, s.service.config.Limits.Doubt)
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
