package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/caller"
)

// A take is what an agent does who chooses for themselves.

func (s *Service) handleTake(ctx context.Context, in *changeInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.take(ctx) })
}

func (w *wish) take(ctx context.Context) error {
	if err := w.beaten(ctx); err != nil {
		return err
	}
	if err := w.asAgent("conversation:take"); err != nil {
		return err
	}
	if holder := w.now.holder(); holder != "" {
		return w.heldBy(ctx, holder)
	}
	if err := w.now.mustBe(Queued); err != nil {
		return err
	}
	if w.by.Visit != nil {
		return caller.ErrVisitorIsNobody
	}
	return w.give(ctx, claim{agent: w.by.User, how: Taken, by: w.by.User})
}

// raceLasts is for how long after an assignment somebody is told that they were beaten to it. Later, who holds
// a conversation is for those to know who may see it.
const raceLasts = time.Minute

// beaten tells somebody who saw the conversation wait, and might have taken it, that another agent was
// faster. They may not see it any more, which answers about what stands now would say and nothing else.
func (w *wish) beaten(ctx context.Context) error {
	holder := w.now.holder()
	if holder == "" || w.version >= w.stands() || w.tx.Now.Sub(w.now.AssignedAt) >= raceLasts {
		return nil
	}
	waiting := w.now
	waiting.State, waiting.Assignee = Queued, ""
	if err := w.by.Require("conversation:take", waiting.object(w.by.Tenant)); err != nil {
		return err
	}
	return w.heldBy(ctx, holder)
}

func (w *wish) heldBy(ctx context.Context, holder string) error {
	names, err := findPeople(ctx, w.tx, []string{holder})
	if err != nil {
		return err
	}
	return errHeld.With("%s works on it", names[holder])
}
