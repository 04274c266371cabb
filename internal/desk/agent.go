package desk

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// Status is what an agent receives: Online new work, Busy none beyond what they have and take by hand,
// Offline neither.
const (
	Online  = "online"
	Busy    = "busy"
	Offline = "offline"
)

// Codes of agents.
var (
	errAgentExists = fault.Define(fault.Conflict, "agent_exists", "The user is an agent already.", "该用户已是坐席。",
		"Change the agent's limits instead.")
	errTakesNone = fault.Define(fault.Conflict, "takes_no_conversations", "This user takes no conversations.", "该用户没有受理会话的权限。",
		"Give them a role with conversation:take first.")
	errOwnAgentRow = fault.Define(fault.Forbidden, "own_agent_row", "Nobody sets their own limits and skills.", "不能更改自己的负载上限和技能。",
		"Ask somebody else who holds agent:update.")
	errAgentHasHistory = fault.Define(fault.Conflict, "agent_has_history", "The agent has worked on conversations.", "该坐席已受理过会话。",
		"Take conversation:take from the user instead: they go offline, and what they worked on keeps their name.")
)

// defaultMaxLoad is how many conversations an agent works at most whom nobody gave another limit.
const defaultMaxLoad = 5

// Agent is a user who works conversations.
type Agent struct {
	User           named
	Departments    []named // of the user, by name
	Skills         []named // in their order
	Status         string
	StatusReason   string // why the desk set it; "" where somebody did
	StatusAt       time.Time
	Load           int // conversations that they hold
	MaxLoad        int
	LastAssignedAt time.Time // zero before the first
	Connected      bool      // a connection of theirs is alive
	Version        int64     // of limits and skills; 0 as long as there is no row. The status has none
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// object is what permissions on agents are about.
func (a Agent) object(tenant string) *access.Object {
	o := &access.Object{Tenant: tenant, Resource: "agent", ID: a.User.ID, Owners: []string{a.User.ID}}
	for _, d := range a.Departments {
		o.Departments = append(o.Departments, d.ID)
	}
	return o
}

// takes tells whether a user may work conversations at all.
func takes(p *policy.Compiled, user string, at time.Time) bool {
	subject, _ := p.Subject(user)
	take := operation(p, "take")
	return subject.Holds(take, access.Own, at) || subject.Holds(take, access.Unassigned, at)
}

// agentsChanged tells, once the transaction has committed, those who follow the desk who is there, and has
// dispatch look again: somebody may be given what they could not before.
func (s *Service) agentsChanged(tx *store.Tx) {
	tenant := tx.Tenant()
	tx.AfterCommit(func() { s.happened(tenant) })
	s.reconsider(tx)
}

// agentRoutes registers the operations on agents.
func (s *Service) agentRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "agent-list", Method: http.MethodGet, Path: "/v1/agents", Summary: "List agents by name",
		Access: api.Needs("agent:read"), Tenant: api.OfCaller, Event: "agent.list", Limit: api.Ordinary,
	}, s.handleAgents)
	api.Register(a, api.Operation{
		ID: "agent-create", Method: http.MethodPost, Path: "/v1/agents", Summary: "Make a user an agent, with limits and skills",
		Access: api.Needs("agent:create"), Tenant: api.OfCaller, Event: "agent.create", Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCreateAgent)
	api.Register(a, api.Operation{
		ID: "agent-read", Method: http.MethodGet, Path: "/v1/agents/{id}", Summary: "Read an agent",
		Access: api.Needs("agent:read"), Tenant: api.OfCaller, Event: "agent.read", Limit: api.Ordinary,
	}, s.handleAgent)
	api.Register(a, api.Operation{
		ID: "agent-update", Method: http.MethodPatch, Path: "/v1/agents/{id}", Summary: "Change the limits and skills of an agent",
		Access: api.Needs("agent:update"), Tenant: api.OfCaller, Event: "agent.update", Limit: api.Ordinary,
	}, s.handleUpdateAgent)
	api.Register(a, api.Operation{
		ID: "agent-delete", Method: http.MethodDelete, Path: "/v1/agents/{id}", Summary: "Delete an agent who never held a conversation",
		Access: api.Needs("agent:delete"), Tenant: api.OfCaller, Event: "agent.delete", Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleDeleteAgent)
}

// createAgent makes somebody an agent who takes conversations. Whom the caller's permission does not reach
// is answered like nobody.
func (s *Service) createAgent(ctx context.Context, by *caller.Caller, user string, limits AgentLimits) (made Agent, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		p, err := s.policyNow(ctx, tx)
		if err != nil {
			return err
		}
		before, err := prospect(ctx, tx, user)
		unknown := errors.Is(err, store.ErrNotFound)
		if err != nil && !unknown {
			return err
		}
		if err := by.RequireNew("agent:create", before.object(by.Tenant)); err != nil {
			return err
		}
		switch {
		case unknown:
			return fault.ErrInvalid.At("body.user", "there is no such user")
		case user == by.User:
			return errOwnAgentRow
		case !takes(p, user, tx.Now):
			return errTakesNone
		}
		if made, err = limits.create(ctx, tx, before); err != nil {
			return err
		}
		noteAgent(ctx, Agent{}, made)
		return s.config.Audit.Append(ctx, tx)
	})
	return made, err
}

// create writes an agent who was none, and returns them as they are then.
func (l AgentLimits) create(ctx context.Context, tx *store.Tx, a Agent) (Agent, error) {
	replace(&a.MaxLoad, l.MaxLoad)
	if isNew, err := a.insert(ctx, tx); err != nil || !isNew {
		return Agent{}, cmp.Or(err, error(errAgentExists))
	}
	if l.SkillTags != nil {
		if err := a.setSkills(ctx, tx, *l.SkillTags); err != nil {
			return Agent{}, err
		}
	}
	return findAgent(ctx, tx, a.User.ID)
}

// changeAgent changes limits and skills. A limit below the present load takes nothing away: the agent gets
// nothing more until they have room again.
func (s *Service) changeAgent(ctx context.Context, by *caller.Caller, user string, version int64, limits AgentLimits) (after Agent, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		before, err := mayChangeAgent(ctx, tx, by, "agent:update", user, version)
		if err != nil {
			return err
		}
		a := before
		replace(&a.MaxLoad, limits.MaxLoad)
		a.Version, a.UpdatedAt = version+1, tx.Now
		if err := a.storeLimits(ctx, tx); err != nil {
			return err
		}
		if limits.SkillTags != nil {
			if err := a.setSkills(ctx, tx, *limits.SkillTags); err != nil {
				return err
			}
		}
		if after, err = findAgent(ctx, tx, user); err != nil {
			return err
		}
		noteAgent(ctx, before, after)
		s.agentsChanged(tx)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

// deleteAgent makes somebody no agent who never was one in earnest.
func (s *Service) deleteAgent(ctx context.Context, by *caller.Caller, user string, version int64) error {
	return s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		a, err := mayChangeAgent(ctx, tx, by, "agent:delete", user, version)
		if err != nil {
			return err
		}
		if err := a.delete(ctx, tx); errors.Is(err, store.ErrReference) {
			return errAgentHasHistory.Because(err)
		} else if err != nil {
			return err
		}
		noteAgent(ctx, a, Agent{User: a.User})
		return s.config.Audit.Append(ctx, tx)
	})
}

// mayChangeAgent loads an agent whose limits the caller means to change, in the version that they know.
// Nobody sets their own, whatever they hold.
func mayChangeAgent(ctx context.Context, tx *store.Tx, by *caller.Caller, permission, user string, version int64) (Agent, error) {
	a, err := findAgent(ctx, tx, user)
	if err != nil {
		return Agent{}, err
	}
	if err := by.Require(permission, a.object(by.Tenant)); err != nil {
		return Agent{}, err
	}
	if user == by.User {
		return Agent{}, errOwnAgentRow
	}
	if a.Version != version {
		return Agent{}, api.Stale(a.Version)
	}
	return a, nil
}
