package desk

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

type skillJSON struct {
	ID                 string            `json:"id"`
	Name               string            `json:"name"`
	Department         api.OrNull[named] `json:"department" doc:"The one that serves it; null for none, and for whoever lacks system_config:read"`
	FallbackDepartment api.OrNull[named] `json:"fallback_department" doc:"The one that helps it out; null as above"`
	RelaxSeconds       *int64            `json:"relax_seconds" doc:"This and the next two: null as the desk's settings say, and for whoever lacks system_config:read"`
	OverflowSeconds    *int64            `json:"overflow_seconds"`
	OpenSeconds        *int64            `json:"open_seconds"`
	Place              int               `json:"place" doc:"In lists, smallest first"`
	Active             bool              `json:"active" doc:"An inactive one is not offered to requesters"`
	CreatedAt          time.Time         `json:"created_at"`
	UpdatedAt          time.Time         `json:"updated_at"`
	Version            int64             `json:"version"`
}

// SkillPath names a skill. It is exported because huma passes over embedded structs that are not.
type SkillPath struct {
	ID string `path:"id" maxLength:"64"`
}

type skillOutput struct {
	ETag string `header:"ETag"`
	Body skillJSON
}

// SkillConfig is what a skill says besides its name; what is absent stays as it is. It is exported because
// huma passes over embedded structs that are not.
type SkillConfig struct {
	Department         api.Optional[string] `json:"department" required:"false" minLength:"1" maxLength:"64" doc:"Id of the department that serves it; null for none"`
	FallbackDepartment api.Optional[string] `json:"fallback_department" required:"false" minLength:"1" maxLength:"64" doc:"Id; null for none"`
	RelaxSeconds       api.Optional[int64]  `json:"relax_seconds" required:"false" minimum:"0" maximum:"86400" doc:"This and the next two go together: all have a value or all are null, as the desk's settings say"`
	OverflowSeconds    api.Optional[int64]  `json:"overflow_seconds" required:"false" minimum:"0" maximum:"86400"`
	OpenSeconds        api.Optional[int64]  `json:"open_seconds" required:"false" minimum:"0" maximum:"86400"`
	Place              *int                 `json:"place,omitempty" minimum:"0" maximum:"1000000"`
	Active             *bool                `json:"active,omitempty"`
}

type createSkillInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"64"`
		SkillConfig
	}
}

type updateSkillInput struct {
	SkillPath
	api.IfMatch
	Body struct {
		Name *string `json:"name,omitempty" minLength:"1" maxLength:"64"`
		SkillConfig
	}
}

type deleteSkillInput struct {
	SkillPath
	api.IfMatch
}

// skillChange is what a call says about a skill, new or not.
type skillChange struct {
	name *string
	SkillConfig
}

// apply returns the skill as it would become, or why it cannot be.
func (c skillChange) apply(k Skill) (Skill, error) {
	replace(&k.Name, c.name)
	k.Name = strings.TrimSpace(k.Name)
	replaceOptional(&k.Department.ID, c.Department)
	replaceOptional(&k.Fallback.ID, c.FallbackDepartment)
	replace(&k.Place, c.Place)
	replace(&k.Active, c.Active)
	var err error
	if k.Ages, err = c.ages(k.Ages); err != nil {
		return Skill{}, err
	}
	return k, k.check()
}

// ages are the skill's own, or nil.
func (c skillChange) ages(before *Ages) (*Ages, error) {
	var a Ages
	if before != nil {
		a = *before
	}
	own := 0
	for _, f := range []struct {
		field *time.Duration
		sent  api.Optional[int64]
	}{{&a.Relax, c.RelaxSeconds}, {&a.Overflow, c.OverflowSeconds}, {&a.Open, c.OpenSeconds}} {
		if f.sent.Sent {
			*f.field = time.Duration(f.sent.Value) * time.Second
		}
		if f.sent.Sent && !f.sent.Null || !f.sent.Sent && before != nil {
			own++
		}
	}
	switch own {
	case 0:
		return nil, nil
	case 3:
		return &a, nil
	}
	return nil, fault.ErrInvalid.At("body", "relax_seconds, overflow_seconds and open_seconds all have a value or all are null")
}

func (s *Service) handleSkill(ctx context.Context, in *SkillPath) (*skillOutput, error) {
	by := caller.Must(ctx)
	config, err := seesConfig(by)
	if err != nil {
		return nil, err
	}
	var k Skill
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		if k, err = findSkill(ctx, tx, in.ID); err == nil && !k.Active && !config {
			err = store.ErrNotFound
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "skill", k.ID)
	return &skillOutput{ETag: api.ETag(k.Version), Body: k.json(config)}, nil
}

func (s *Service) handleCreateSkill(ctx context.Context, in *createSkillInput) (*skillOutput, error) {
	k, err := s.createSkill(ctx, caller.Must(ctx), skillChange{&in.Body.Name, in.Body.SkillConfig})
	if err != nil {
		return nil, err
	}
	return k.output(), nil
}

func (s *Service) handleUpdateSkill(ctx context.Context, in *updateSkillInput) (*skillOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	k, err := s.changeSkill(ctx, caller.Must(ctx), in.ID, version, skillChange{in.Body.Name, in.Body.SkillConfig})
	if err != nil {
		return nil, err
	}
	return k.output(), nil
}

func (s *Service) handleDeleteSkill(ctx context.Context, in *deleteSkillInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return nil, s.deleteSkill(ctx, caller.Must(ctx), in.ID, version)
}

// noteSkill tells the record what became of the skill.
func noteSkill(ctx context.Context, before, after Skill) {
	api.Touched(ctx, "skill", after.ID)
	api.ChangedPrivately(ctx, "name", before.Name, after.Name)
	api.ChangedPrivately(ctx, "department", before.Department.ID, after.Department.ID)
	api.ChangedPrivately(ctx, "fallback_department", before.Fallback.ID, after.Fallback.ID)
	noteAges(ctx, before.Ages, after.Ages)
	api.ChangedPrivately(ctx, "place", strconv.Itoa(before.Place), strconv.Itoa(after.Place))
	noteSwitch(ctx, "active", before.Active, after.Active)
}

// output is the answer to whoever changed the skill, which they see all of.
func (k Skill) output() *skillOutput {
	return &skillOutput{ETag: api.ETag(k.Version), Body: k.json(true)}
}

func (k Skill) json(config bool) skillJSON {
	out := skillJSON{ID: k.ID, Name: k.Name, Place: k.Place, Active: k.Active, CreatedAt: k.CreatedAt, UpdatedAt: k.UpdatedAt, Version: k.Version}
	if !config {
		return out
	}
	out.Department, out.FallbackDepartment = k.Department.orNull(), k.Fallback.orNull()
	if a := k.Ages; a != nil {
		relax, overflow, open := inSeconds(a.Relax), inSeconds(a.Overflow), inSeconds(a.Open)
		out.RelaxSeconds, out.OverflowSeconds, out.OpenSeconds = &relax, &overflow, &open
	}
	return out
}
