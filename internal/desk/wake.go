package desk

import "context"

// wake has a parked conversation wait in the queue again, as old as if it had just been asked. Whoever held
// it last goes first.
func (e *edit) wake(ctx context.Context, by string) error {
	if err := e.waitAgain(ctx); err != nil {
		return err
	}
	return e.line(ctx, "woken", true, doneBy(by))
}

// waitAgain begins a new age in the queue.
func (e *edit) waitAgain(ctx context.Context) error {
	settings, err := loadSettings(ctx, e.tx)
	if err != nil {
		return err
	}
	if err := e.release(ctx, Queued, ""); err != nil {
		return err
	}
	e.now.QueuedAt, e.now.Preferred, e.now.PreferredUntil = e.tx.Now, "", zero
	if settings.PreferLast > 0 && e.now.LastAgent != "" {
		e.now.Preferred, e.now.PreferredUntil = e.now.LastAgent, e.tx.Now.Add(settings.PreferLast)
	}
	return nil
}
