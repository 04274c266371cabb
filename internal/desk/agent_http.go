package desk

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type agentJSON struct {
	User           named      `json:"user"`
	Departments    []named    `json:"departments"`
	Status         string     `json:"status" enum:"online,busy,offline" doc:"Online takes new work; busy goes on with what it has"`
	StatusReason   *string    `json:"status_reason" doc:"Why the desk set the status; null where somebody did"`
	StatusAt       time.Time  `json:"status_at"`
	Connected      bool       `json:"connected" doc:"A connection of theirs is alive"`
	CurrentLoad    int        `json:"current_load" doc:"How many conversations they hold"`
	MaxLoad        int        `json:"max_load" doc:"How many they may"`
	SkillTags      []named    `json:"skill_tags"`
	LastAssignedAt *time.Time `json:"last_assigned_at" doc:"Null before the first conversation"`
	CreatedAt      time.Time  `json:"created_at"`
	UpdatedAt      time.Time  `json:"updated_at"`
	Version        int64      `json:"version" doc:"Of limits and skills; the status has none. 0 for somebody who has never been online"`
}

// AgentPath names an agent by the id of the user. It is exported because huma passes over embedded structs
// that are not.
type AgentPath struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the user"`
}

type agentOutput struct {
	ETag string `header:"ETag"`
	Body agentJSON
}

// AgentLimits are what others set of an agent; what is absent stays as it is. It is exported because huma
// passes over embedded structs that are not.
type AgentLimits struct {
	MaxLoad   *int      `json:"max_load,omitempty" minimum:"1" maximum:"100" doc:"How many conversations at most; 5 unless set"`
	SkillTags *[]string `json:"skill_tags,omitempty" maxItems:"100" maxLength:"64" doc:"Ids of skills; replaces all"`
}

type createAgentInput struct {
	Body struct {
		User string `json:"user" minLength:"1" maxLength:"64" doc:"Id of a user who holds conversation:take"`
		AgentLimits
	}
}

type updateAgentInput struct {
	AgentPath
	api.IfMatch
	Body AgentLimits
}

type deleteAgentInput struct {
	AgentPath
	api.IfMatch
}

func (s *Service) handleAgent(ctx context.Context, in *AgentPath) (*agentOutput, error) {
	by := caller.Must(ctx)
	var a Agent
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if a, err = findAgent(ctx, tx, in.ID); err != nil {
			return err
		}
		return by.Require("agent:read", a.object(by.Tenant))
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "agent", in.ID)
	return a.output(), nil
}

func (s *Service) handleCreateAgent(ctx context.Context, in *createAgentInput) (*agentOutput, error) {
	a, err := s.createAgent(ctx, caller.Must(ctx), in.Body.User, in.Body.AgentLimits)
	if err != nil {
		return nil, err
	}
	return a.output(), nil
}

func (s *Service) handleUpdateAgent(ctx context.Context, in *updateAgentInput) (*agentOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	a, err := s.changeAgent(ctx, caller.Must(ctx), in.ID, version, in.Body)
	if err != nil {
		return nil, err
	}
	return a.output(), nil
}

func (s *Service) handleDeleteAgent(ctx context.Context, in *deleteAgentInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return nil, s.deleteAgent(ctx, caller.Must(ctx), in.ID, version)
}

// noteAgent tells the record what became of the agent's limits and skills.
func noteAgent(ctx context.Context, before, after Agent) {
	api.Touched(ctx, "agent", after.User.ID)
	api.ChangedPrivately(ctx, "max_load", strconv.Itoa(before.MaxLoad), strconv.Itoa(after.MaxLoad))
	api.ChangedPrivately(ctx, "skill_tags", fmt.Sprint(ids(before.Skills)), fmt.Sprint(ids(after.Skills)))
}

func ids(list []named) []string {
	found := []string{}
	for _, n := range list {
		found = append(found, n.ID)
	}
	return found
}

func (a Agent) json() agentJSON {
	out := agentJSON{
		User: a.User, Departments: append([]named{}, a.Departments...),
		Status: a.Status, StatusReason: orNil(a.StatusReason), StatusAt: a.StatusAt, Connected: a.Connected,
		CurrentLoad: a.Load, MaxLoad: a.MaxLoad, SkillTags: append([]named{}, a.Skills...),
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, Version: a.Version,
	}
	if !a.LastAssignedAt.IsZero() {
		out.LastAssignedAt = &a.LastAssignedAt
	}
	return out
}

// output has no entity tag for somebody without a row: there is nothing yet that could be changed.
func (a Agent) output() *agentOutput {
	out := &agentOutput{Body: a.json()}
	if a.Version > 0 {
		out.ETag = api.ETag(a.Version)
	}
	return out
}
