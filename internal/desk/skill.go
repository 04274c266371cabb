package desk

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// Codes of skills.
var (
	errSkillNameTaken = fault.Define(fault.Conflict, "skill_name_taken",
		"There is a skill of this name already.", "技能名称已存在。",
		"Choose another name; case, width and outer spaces make no difference.")
	errSkillInUse = fault.Define(fault.Conflict, "skill_in_use",
		"Conversations or agents refer to this skill.", "该技能已被会话或坐席使用。",
		"Deactivate it instead: requesters are no longer offered it, and what refers to it stays as it is.")
)

// Skill is what a conversation needs and an agent can.
type Skill struct {
	ID         string
	Name       string
	Department named // serves it; none: the fallback of the settings
	Fallback   named // looked at from the overflow on; may be none
	Ages       *Ages // nil: those of the settings
	Place      int   // in lists, smallest first
	Active     bool  // an inactive one is not offered to requesters
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// key orders and compares names.
func (k Skill) key() string { return store.Fold(k.Name) }

// check refuses what no skill can be, with places in the body.
func (k Skill) check() error {
	if err := tenant.CheckName("body.name", k.Name); err != nil || k.Ages == nil {
		return err
	}
	return k.Ages.check()
}

// skillRoutes registers the operations on skills. Who may ask for something sees what to ask for.
func (s *Service) skillRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "skill-list", Method: http.MethodGet, Path: "/v1/skills", Summary: "List skills in their order",
		Access: api.Needs("conversation:create", "system_config:read"), Tenant: api.OfCaller, Event: "skill.list", Limit: api.Ordinary,
	}, s.handleSkills)
	api.Register(a, api.Operation{
		ID: "skill-create", Method: http.MethodPost, Path: "/v1/skills", Summary: "Create a skill",
		Access: api.Needs("system_config:create"), Tenant: api.OfCaller, Event: "skill.create", Limit: api.Ordinary, Status: http.StatusCreated,
	}, s.handleCreateSkill)
	api.Register(a, api.Operation{
		ID: "skill-read", Method: http.MethodGet, Path: "/v1/skills/{id}", Summary: "Read a skill",
		Access: api.Needs("conversation:create", "system_config:read"), Tenant: api.OfCaller, Event: "skill.read", Limit: api.Ordinary,
	}, s.handleSkill)
	api.Register(a, api.Operation{
		ID: "skill-update", Method: http.MethodPatch, Path: "/v1/skills/{id}", Summary: "Change, deactivate or activate a skill",
		Access: api.Needs("system_config:update"), Tenant: api.OfCaller, Event: "skill.update", Limit: api.Ordinary,
	}, s.handleUpdateSkill)
	api.Register(a, api.Operation{
		ID: "skill-delete", Method: http.MethodDelete, Path: "/v1/skills/{id}", Summary: "Delete a skill that nothing refers to",
		Access: api.Needs("system_config:delete"), Tenant: api.OfCaller, Event: "skill.delete", Limit: api.Ordinary, Status: http.StatusNoContent,
	}, s.handleDeleteSkill)
}

// createSkill adds a skill, at the end of the list unless its place was said.
func (s *Service) createSkill(ctx context.Context, by *caller.Caller, change skillChange) (made Skill, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := by.RequireNew("system_config:create", configObject(by.Tenant, "")); err != nil {
			return err
		}
		last, err := lastSkillPlace(ctx, tx)
		if err != nil {
			return err
		}
		k, err := change.apply(Skill{ID: store.NewID(tx.Now), Place: last + 1, Active: true, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now})
		if err != nil {
			return err
		}
		if err := k.insert(ctx, tx); err != nil {
			return skillFault(err)
		}
		if made, err = findSkill(ctx, tx, k.ID); err != nil {
			return err
		}
		noteSkill(ctx, Skill{}, made)
		return s.config.Audit.Append(ctx, tx)
	})
	return made, err
}

// changeSkill changes a skill. Conversations that wait for it go by the new ages at once.
func (s *Service) changeSkill(ctx context.Context, by *caller.Caller, id string, version int64, change skillChange) (after Skill, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		before, err := mayChangeSkill(ctx, tx, by, "system_config:update", id, version)
		if err != nil {
			return err
		}
		k, err := change.apply(before)
		if err != nil {
			return err
		}
		k.Version, k.UpdatedAt = version+1, tx.Now
		if err := k.store(ctx, tx); err != nil {
			return skillFault(err)
		}
		if after, err = findSkill(ctx, tx, id); err != nil {
			return err
		}
		noteSkill(ctx, before, after)
		s.reconsider(tx)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

// deleteSkill removes a skill that no conversation ever needed and no agent has.
func (s *Service) deleteSkill(ctx context.Context, by *caller.Caller, id string, version int64) error {
	return s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		k, err := mayChangeSkill(ctx, tx, by, "system_config:delete", id, version)
		if err != nil {
			return err
		}
		if err := k.delete(ctx, tx); errors.Is(err, store.ErrReference) {
			return errSkillInUse.Because(err)
		} else if err != nil {
			return err
		}
		noteSkill(ctx, k, Skill{ID: id})
		return s.config.Audit.Append(ctx, tx)
	})
}

// mayChangeSkill loads a skill that the caller means to change, in the version that they know.
func mayChangeSkill(ctx context.Context, tx *store.Tx, by *caller.Caller, permission, id string, version int64) (Skill, error) {
	k, err := findSkill(ctx, tx, id)
	if err != nil {
		return Skill{}, err
	}
	if err := by.RequireNew(permission, configObject(by.Tenant, id)); err != nil {
		return Skill{}, err
	}
	if k.Version != version {
		return Skill{}, api.Stale(k.Version)
	}
	return k, nil
}

// skillFault words what the database refuses of a skill.
func skillFault(err error) error {
	switch {
	case errors.Is(err, store.ErrDuplicate):
		return errSkillNameTaken.Because(err)
	case errors.Is(err, store.ErrReference):
		return fault.ErrInvalid.At("body", "department or fallback_department names none that there is")
	}
	return err
}
