package desk

import "context"

func (s *Service) handleHold(ctx context.Context, in *changeInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.hold(ctx) })
}

// hold lets the conversation wait for a third party. Its agent keeps it and the slot.
func (w *wish) hold(ctx context.Context) error {
	if err := w.asAgent("conversation:update"); err != nil {
		return err
	}
	if err := w.now.mustBe(Active); err != nil {
		return err
	}
	w.move(OnHold)
	return w.told(ctx, "on_hold")
}

func (s *Service) handleResume(ctx context.Context, in *changeInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.resume(ctx) })
}

// resume goes on with what was on hold, and has what was parked wait in the queue.
func (w *wish) resume(ctx context.Context) error {
	if err := w.asAgent("conversation:update"); err != nil {
		return err
	}
	if err := w.now.mustBe(OnHold, Parked); err != nil {
		return err
	}
	if w.now.State == Parked {
		return w.wake(ctx, w.who())
	}
	w.move(Active)
	return w.told(ctx, "resumed")
}
