package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/fault"
)

type parkInput struct {
	ConversationPath
	api.IfMatch
	Body struct {
		Until time.Time `json:"until,omitzero" doc:"When it returns to the queue by itself, within a year; never when absent"`
	}
}

// longestPark is how far ahead a conversation can be put off.
const longestPark = 366 * 24 * time.Hour

func (s *Service) handlePark(ctx context.Context, in *parkInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.park(ctx, in.Body.Until) })
}

// park lets the conversation wait for its requester. Its agent is free for others.
func (w *wish) park(ctx context.Context, until time.Time) error {
	if err := w.asAgent("conversation:update"); err != nil {
		return err
	}
	if err := w.now.mustBe(Active, OnHold); err != nil {
		return err
	}
	if !until.IsZero() && (!until.After(w.tx.Now) || until.After(w.tx.Now.Add(longestPark))) {
		return fault.ErrInvalid.At("body.until", "expected a time within the next 366 days")
	}
	return w.setAside(ctx, until, w.who())
}

// setAside parks the conversation until the requester says something, or until then; by is "" for the desk.
func (e *edit) setAside(ctx context.Context, until time.Time, by string) error {
	if err := e.release(ctx, Parked, "parked"); err != nil {
		return err
	}
	e.now.WakeAt = zero
	if !until.IsZero() {
		e.now.WakeAt = until.UTC().Truncate(time.Microsecond)
	}
	return e.line(ctx, "parked", true, doneBy(by))
}

// doneBy are the details of a line about something that somebody did; nobody for the desk itself.
func doneBy(by string) Details {
	if by == "" {
		return nil
	}
	return Details{"by": by}
}
