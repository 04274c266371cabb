package desk

import (
	"context"
	"errors"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type agentStatusInput struct {
	AgentPath
	Body statusWish
}

type myStatusInput struct{ Body statusWish }

func (s *Service) handleAgentStatus(ctx context.Context, in *agentStatusInput) (*agentOutput, error) {
	a, err := s.setStatus(ctx, caller.Must(ctx), in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	return a.output(), nil
}

// handleMyAgent shows who has never been online as they would be: the answer has one form.
func (s *Service) handleMyAgent(ctx context.Context, _ *struct{}) (*agentOutput, error) {
	by := caller.Must(ctx)
	var a Agent
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if a, err = findAgent(ctx, tx, by.User); errors.Is(err, store.ErrNotFound) {
			a, err = prospect(ctx, tx, by.User)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "agent", by.User)
	return a.output(), nil
}

func (s *Service) handleMyStatus(ctx context.Context, in *myStatusInput) (*agentOutput, error) {
	by := caller.Must(ctx)
	if by.Visit != nil {
		return nil, caller.ErrVisitorIsNobody
	}
	a, err := s.setStatus(ctx, by, by.User, in.Body)
	if err != nil {
		return nil, err
	}
	return a.output(), nil
}

// noteStatus tells the record what became of the agent's status.
func noteStatus(ctx context.Context, before, after Agent) {
	api.Touched(ctx, "agent", after.User.ID)
	api.Changed(ctx, "status", []string{before.Status}, []string{after.Status})
}
