package desk

import "context"

func (s *Service) handleLeave(ctx context.Context, in *changeInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.leave(ctx) })
}

// leave is the requester's who does not want to wait any more.
func (w *wish) leave(ctx context.Context) error {
	if err := w.asRequester(); err != nil {
		return err
	}
	if err := w.now.mustBe(Queued); err != nil {
		return err
	}
	return w.abandoned(ctx, w.who())
}

// abandoned ends a conversation that nobody waits for any more; by is "" for the desk.
func (e *edit) abandoned(ctx context.Context, by string) error {
	if err := e.release(ctx, Abandoned, ""); err != nil {
		return err
	}
	e.now.EndedAt = e.tx.Now
	if err := e.cycleEnded(ctx); err != nil {
		return err
	}
	return e.line(ctx, "abandoned", true, doneBy(by))
}
