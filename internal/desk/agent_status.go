package desk

import (
	"context"
	"errors"
	"net/http"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// statusWish is the status that somebody shall have.
type statusWish struct {
	Status  string `json:"status" enum:"online,busy,offline"`
	Release bool   `json:"release,omitempty" doc:"Whoever goes offline gives back what they hold: it returns to the queue with its age"`
	Keep    bool   `json:"keep,omitempty" doc:"Whoever goes offline keeps what they hold, as long as the rules about absence let them"`
}

// statusRoutes registers the operations on the status of agents.
func (s *Service) statusRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "agent-status", Method: http.MethodPut, Path: "/v1/agents/{id}/status", Summary: "Set an agent online, busy or offline",
		Access: api.Needs("agent:set_status"), Tenant: api.OfCaller, Event: "agent.set_status", NeedsNoRoom: true, Limit: api.Ordinary,
	}, s.handleAgentStatus)
	api.Register(a, api.Operation{
		ID: "me-agent-read", Method: http.MethodGet, Path: "/v1/me/agent", Summary: "Read oneself as an agent",
		Access: api.SignedIn("one's own is everyone's"), Tenant: api.OfCaller, Event: "agent.read_own", Limit: api.Ordinary,
	}, s.handleMyAgent)
	api.Register(a, api.Operation{
		ID: "me-agent-status", Method: http.MethodPut, Path: "/v1/me/agent", Summary: "Go online, busy or offline",
		Access: api.Needs("agent:set_status"), Tenant: api.OfCaller, Event: "agent.set_own_status", NeedsNoRoom: true, Limit: api.Ordinary,
	}, s.handleMyStatus)
}

// setStatus brings an agent into a status. It takes no version: who goes home must not be told to read
// first. A connection is not needed to go online; without one the rules about absence begin to count.
func (s *Service) setStatus(ctx context.Context, by *caller.Caller, user string, wish statusWish) (after Agent, err error) {
	for range maxMisses {
		after, err = s.trySetStatus(ctx, by, user, wish)
		if !errors.Is(err, errGiven) {
			return after, err
		}
	}
	return after, errOpenConversations.With("others give the agent conversations all the time")
}

// trySetStatus fails with [errGiven] when it is to be tried again.
func (s *Service) trySetStatus(ctx context.Context, by *caller.Caller, user string, wish statusWish) (after Agent, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		p, err := s.policyFor(ctx, tx, wish)
		if err != nil {
			return err
		}
		before, err := s.whoseStatus(ctx, tx, by, p, user)
		if err != nil {
			return err
		}
		if wish.Status != Offline && !takes(p, user, tx.Now) {
			return errTakesNone
		}
		if err := s.settle(ctx, tx, by, before, wish); err != nil {
			return err
		}
		if err := before.storeStatus(ctx, tx, wish.Status, ""); err != nil {
			return err
		}
		if after, err = findAgent(ctx, tx, user); err != nil {
			return err
		}
		noteStatus(ctx, before, after)
		s.agentsChanged(tx)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

// policyFor is the policy that a status is set by. Nobody comes to work by a permission that is being taken
// away; whoever goes offline needs none, and goes on to lock conversations.
func (s *Service) policyFor(ctx context.Context, tx *store.Tx, wish statusWish) (*policy.Compiled, error) {
	if wish.Status == Offline {
		return s.policySeen(ctx, tx)
	}
	return s.policyNow(ctx, tx)
}

// whoseStatus loads an agent whose status the caller may set. Who takes conversations and sets their own
// for the first time becomes an agent by it.
func (s *Service) whoseStatus(ctx context.Context, tx *store.Tx, by *caller.Caller, p *policy.Compiled, user string) (Agent, error) {
	a, err := findAgent(ctx, tx, user)
	isNew := errors.Is(err, store.ErrNotFound) && user == by.User
	if isNew {
		a, err = prospect(ctx, tx, user)
	}
	if err != nil {
		return Agent{}, err
	}
	if err := by.Require("agent:set_status", a.object(by.Tenant)); err != nil || !isNew {
		return a, err
	}
	if !takes(p, user, tx.Now) {
		return Agent{}, errTakesNone
	}
	_, err = a.insert(ctx, tx)
	return a, err
}
