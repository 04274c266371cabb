package desk

import (
	"context"
)

// wake queues a parked conversation again.
func (e *edit) wake(ctx context.Context) error {
	if err := e.now.mustBe(Parked); err != nil {
		return err
	}
	settings, err := loadSettings(ctx, e.tx)
	if err != nil {
		return err
	}
	if err := e.waitAnew(ctx, settings, "woken"); err != nil {
		return err
	}
	return e.line(ctx, "woken", true, nil)
}

// reopen queues a resolved conversation again, for another cycle, as long as the settings allow that.
func (e *edit) reopen(ctx context.Context) error {
	if err := e.now.mustBe(Resolved); err != nil {
		return err
	}
	settings, err := loadSettings(ctx, e.tx)
	if err != nil {
		return err
	}
	if !e.tx.Now.Before(e.now.EndedAt.Add(settings.Reopen)) {
		return errEnded.With("it was resolved too long ago to be reopened")
	}
	e.now.Cycle++
	e.now.EndedAt = zero
	if err := e.beginCycle(ctx); err != nil {
		return err
	}
	if err := e.waitAnew(ctx, settings, "reopened"); err != nil {
		return err
	}
	return e.line(ctx, "reopened", true, nil)
}

// waitAnew queues a conversation that nobody holds, with a new age. Its last agent, who knows it, goes
// first for a while.
func (e *edit) waitAnew(ctx context.Context, settings Settings, reason string) error {
	if err := e.release(ctx, Queued, reason); err != nil {
		return err
	}
	e.now.QueuedAt = e.tx.Now
	e.now.Preferred, e.now.PreferredUntil = e.now.LastAgent, e.tx.Now.Add(settings.PreferLast)
	return nil
}
