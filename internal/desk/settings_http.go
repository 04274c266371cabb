package desk

import (
	"context"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type deskSettingsJSON struct {
	FallbackDepartment *string   `json:"fallback_department" doc:"Id of the department that handles what a skill sends to none; null for none"`
	RelaxSeconds       int64     `json:"relax_seconds" doc:"Age from which on agents without the skill are looked at too"`
	OverflowSeconds    int64     `json:"overflow_seconds" doc:"Age from which on the skill's fallback department is looked at too"`
	OpenSeconds        int64     `json:"open_seconds" doc:"Age from which on any agent of the department is looked at"`
	Reserve            int       `json:"reserve" doc:"Free slots that an agent without the skill keeps"`
	PreferredSeconds   int64     `json:"preferred_seconds" doc:"How long the requester's last agent goes first"`
	FirstAnswerSeconds int64     `json:"first_answer_seconds" doc:"Until a conversation without a first answer goes back to the queue; 0 for never"`
	ParkSeconds        int64     `json:"park_seconds" doc:"Silence of the requester until a conversation is parked; 0 for never"`
	ResolveSeconds     int64     `json:"resolve_seconds" doc:"Silence until a parked conversation is resolved; 0 for never"`
	ReopenSeconds      int64     `json:"reopen_seconds" doc:"How long a resolved conversation can be reopened"`
	BusyMayTake        bool      `json:"busy_may_take" doc:"Busy agents may take by hand"`
	MonitorsShown      bool      `json:"monitors_shown" doc:"An agent sees who monitors"`
	SupervisionReason  bool      `json:"supervision_reason" doc:"Whoever monitors, whispers or barges says why"`
	UpdatedAt          time.Time `json:"updated_at"`
	Version            int64     `json:"version"`
}

// deskSettingsChange holds what a change sends; what is absent stays as it is. Passes end within a day,
// silence within thirty.
type deskSettingsChange struct {
	FallbackDepartment api.Optional[string] `json:"fallback_department" required:"false" minLength:"1" maxLength:"64" doc:"Id of a department; null for none"`
	RelaxSeconds       *int64               `json:"relax_seconds,omitempty" minimum:"0" maximum:"86400"`
	OverflowSeconds    *int64               `json:"overflow_seconds,omitempty" minimum:"0" maximum:"86400"`
	OpenSeconds        *int64               `json:"open_seconds,omitempty" minimum:"0" maximum:"86400"`
	Reserve            *int                 `json:"reserve,omitempty" minimum:"0" maximum:"100"`
	PreferredSeconds   *int64               `json:"preferred_seconds,omitempty" minimum:"0" maximum:"600"`
	FirstAnswerSeconds *int64               `json:"first_answer_seconds,omitempty" minimum:"0" maximum:"86400"`
	ParkSeconds        *int64               `json:"park_seconds,omitempty" minimum:"0" maximum:"2592000"`
	ResolveSeconds     *int64               `json:"resolve_seconds,omitempty" minimum:"0" maximum:"2592000"`
	ReopenSeconds      *int64               `json:"reopen_seconds,omitempty" minimum:"0" maximum:"2592000"`
	BusyMayTake        *bool                `json:"busy_may_take,omitempty"`
	MonitorsShown      *bool                `json:"monitors_shown,omitempty"`
	SupervisionReason  *bool                `json:"supervision_reason,omitempty"`
}

type deskSettingsInput struct {
	api.IfMatch
	Body deskSettingsChange
}

type deskSettingsOutput struct {
	ETag string `header:"ETag"`
	Body deskSettingsJSON
}

func (c deskSettingsChange) apply(s Settings) Settings {
	replaceOptional(&s.FallbackDepartment, c.FallbackDepartment)
	replaceSeconds(&s.Relax, c.RelaxSeconds)
	replaceSeconds(&s.Overflow, c.OverflowSeconds)
	replaceSeconds(&s.Open, c.OpenSeconds)
	replace(&s.Reserve, c.Reserve)
	replaceSeconds(&s.PreferLast, c.PreferredSeconds)
	replaceSeconds(&s.FirstAnswer, c.FirstAnswerSeconds)
	replaceSeconds(&s.Park, c.ParkSeconds)
	replaceSeconds(&s.Resolve, c.ResolveSeconds)
	replaceSeconds(&s.Reopen, c.ReopenSeconds)
	replace(&s.BusyMayTake, c.BusyMayTake)
	replace(&s.MonitorsShown, c.MonitorsShown)
	replace(&s.SupervisionReason, c.SupervisionReason)
	return s
}

func replace[T any](field *T, sent *T) {
	if sent != nil {
		*field = *sent
	}
}

// replaceOptional takes null for "".
func replaceOptional(field *string, sent api.Optional[string]) {
	if sent.Sent {
		*field = sent.Value
	}
}

func replaceSeconds(field *time.Duration, sent *int64) {
	if sent != nil {
		*field = time.Duration(*sent) * time.Second
	}
}

func (s *Service) handleSettings(ctx context.Context, _ *struct{}) (*deskSettingsOutput, error) {
	by := caller.Must(ctx)
	if err := by.Require("system_config:read", configObject(by.Tenant, "desk")); err != nil {
		return nil, err
	}
	var found Settings
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		found, err = loadSettings(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "tenant", by.Tenant)
	return found.output(), nil
}

func (s *Service) handleUpdateSettings(ctx context.Context, in *deskSettingsInput) (*deskSettingsOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	after, err := s.changeSettings(ctx, caller.Must(ctx), version, in.Body)
	if err != nil {
		return nil, err
	}
	return after.output(), nil
}

func (s Settings) output() *deskSettingsOutput {
	return &deskSettingsOutput{ETag: api.ETag(s.Version), Body: deskSettingsJSON{
		FallbackDepartment: orNil(s.FallbackDepartment),
		RelaxSeconds:       inSeconds(s.Relax), OverflowSeconds: inSeconds(s.Overflow), OpenSeconds: inSeconds(s.Open),
		Reserve: s.Reserve, PreferredSeconds: inSeconds(s.PreferLast), FirstAnswerSeconds: inSeconds(s.FirstAnswer),
		ParkSeconds: inSeconds(s.Park), ResolveSeconds: inSeconds(s.Resolve), ReopenSeconds: inSeconds(s.Reopen),
		BusyMayTake: s.BusyMayTake, MonitorsShown: s.MonitorsShown, SupervisionReason: s.SupervisionReason,
		UpdatedAt: s.UpdatedAt, Version: s.Version,
	}}
}

// orNil is a member of an answer in which "" is null.
func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
