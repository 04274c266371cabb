package desk

import (
	"context"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/tenant"
)

type assignInput struct {
	ConversationPath
	api.IfMatch
	Body struct {
		Agent  string `json:"agent" minLength:"1" maxLength:"64" doc:"Id; your own to take a conversation over, which needs conversation:barge as well"`
		Force  bool   `json:"force,omitempty" doc:"Also over the agent's limit; needs conversation:force_assign as well"`
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"Kept in the record"`
	}
}

func (s *Service) handleAssign(ctx context.Context, in *assignInput) (*conversationOutput, error) {
	return s.act(ctx, in.ID, in.IfMatch, func(w *wish) error { return w.assign(ctx, in) })
}

// assign gives the conversation to an agent: one that waits, one that another agent works on, or a resolved
// one, which it reopens.
func (w *wish) assign(ctx context.Context, in *assignInput) error {
	c := claim{agent: in.Body.Agent, how: Assigned, by: w.who(), forced: in.Body.Force}
	if c.agent == w.by.User && w.now.holder() != "" {
		c.how = TakenOver
	}
	if err := w.mayAssign(c); err != nil {
		return err
	}
	if err := noteReason(ctx, in.Body.Reason); err != nil {
		return err
	}
	if err := w.now.mustBe(Queued, Active, OnHold, Resolved); err != nil {
		return err
	}
	if w.now.State == Resolved {
		if err := w.reopen(ctx, w.who()); err != nil {
			return err
		}
	}
	return w.give(ctx, c)
}

// mayAssign asks for each permission that the claim needs.
func (w *wish) mayAssign(c claim) error {
	needs := []string{"conversation:assign"}
	if c.how == TakenOver {
		needs = append(needs, "conversation:barge")
	}
	if c.forced {
		needs = append(needs, "conversation:force_assign")
	}
	for _, permission := range needs {
		if err := w.asAgent(permission); err != nil {
			return err
		}
	}
	return nil
}

// noteReason commits the record to why something was done, where somebody said it.
func noteReason(ctx context.Context, reason string) error {
	if reason == "" {
		return nil
	}
	reason, err := tenant.CheckReason("body.reason", reason)
	api.ChangedPrivately(ctx, "reason", "", reason)
	return err
}
