package desk

import "context"

func (s *Service) handleResolve(ctx context.Context, in *changeInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.resolve(ctx) })
}

// resolve is for whoever works on the conversation and for its requester, who says that it is solved.
func (w *wish) resolve(ctx context.Context) error {
	may := func() error { return w.asAgent("conversation:update") }
	if w.isRequester() {
		may = w.asRequester
	}
	if err := may(); err != nil {
		return err
	}
	if err := w.now.mustBe(Active, OnHold, Parked); err != nil {
		return err
	}
	return w.solved(ctx, w.who())
}

// solved ends the conversation until somebody reopens it; by is "" for the desk.
func (e *edit) solved(ctx context.Context, by string) error {
	if err := e.release(ctx, Resolved, "resolved"); err != nil {
		return err
	}
	e.now.EndedAt, e.now.WakeAt = e.tx.Now, zero
	if err := e.cycleEnded(ctx); err != nil {
		return err
	}
	return e.line(ctx, "resolved", true, doneBy(by))
}
