package desk

import "context"

func (s *Service) handleReopen(ctx context.Context, in *changeInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.reopenAsked(ctx) })
}

// reopenAsked reopens for the requester, who has some time for it, and for whoever assigns conversations.
func (w *wish) reopenAsked(ctx context.Context) error {
	may := func() error { return w.asAgent("conversation:assign") }
	if w.isRequester() {
		may = w.asRequester
	}
	if err := may(); err != nil {
		return err
	}
	if err := w.now.mustBe(Resolved); err != nil {
		return err
	}
	if w.isRequester() {
		if err := w.mustBeInTime(ctx); err != nil {
			return err
		}
	}
	return w.reopen(ctx, w.who())
}

// mustBeInTime refuses the requester of a conversation that was resolved too long ago.
func (e *edit) mustBeInTime(ctx context.Context) error {
	settings, err := loadSettings(ctx, e.tx)
	if err == nil && !e.tx.Now.Before(e.now.EndedAt.Add(settings.Reopen)) {
		err = errEnded.With("it was resolved too long ago to be reopened")
	}
	return err
}

// reopen brings a resolved conversation back to the queue: a new cycle, with a new age, its own rating, and
// nobody passed over.
func (e *edit) reopen(ctx context.Context, by string) error {
	if err := e.waitAgain(ctx); err != nil {
		return err
	}
	e.now.Cycle++
	e.now.AskedAt, e.now.EndedAt, e.now.Rating = e.tx.Now, zero, nil
	if err := e.passOverNobody(ctx); err != nil {
		return err
	}
	if err := e.beginCycle(ctx); err != nil {
		return err
	}
	return e.line(ctx, "reopened", true, doneBy(by))
}

func (e *edit) passOverNobody(ctx context.Context) error {
	_, err := e.tx.Exec(ctx, `
		DELETE FROM conversation_exclusions
		WHERE tenant_id = $1 AND conversation_id = $2`, e.now.ID)
	return err
}
