package tenant

import (
	"context"
	"strconv"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

type settingsJSON struct {
	Slug                string  `json:"slug"`
	Name                string  `json:"name"`
	Preset              string  `json:"preset" doc:"Which built-in roles the tenant was made with"`
	Locale              string  `json:"locale" enum:"zh-CN,en"`
	TimeZone            string  `json:"time_zone"`
	DefaultRole         *string `json:"default_role" doc:"The role that a new user gets; null for none"`
	LocalPassword       string  `json:"local_password" enum:"enabled,fallback,disabled" doc:"Whether passwords kept here are accepted"`
	MaxRolesPerUser     int     `json:"max_roles_per_user" doc:"Distinct roles; 0 for no limit"`
	RequireSecondFactor bool    `json:"require_second_factor" doc:"Everybody signs in with a second factor, whatever their roles say"`
	IdleMinutes         int     `json:"idle_minutes" doc:"Without a deed, after which the console asks who is there; 0 for never"`
	Version             int64   `json:"version"`
}

type settingsInput struct {
	api.IfMatch
	Body settingsChange
}

type settingsOutput struct {
	ETag string `header:"ETag"`
	Body settingsJSON
}

// settingsChange holds what a change sends; nil stays as it is.
type settingsChange struct {
	ProfileChange
	DefaultRole         *string `json:"default_role,omitempty" maxLength:"64" doc:"The role that a new user gets"`
	LocalPassword       *string `json:"local_password,omitempty" enum:"enabled,fallback,disabled"`
	MaxRolesPerUser     *int    `json:"max_roles_per_user,omitempty" minimum:"0" maximum:"16" doc:"Distinct roles; 0 for no limit"`
	RequireSecondFactor *bool   `json:"require_second_factor,omitempty" doc:"Demand a second factor of everybody"`
	IdleMinutes         *int    `json:"idle_minutes,omitempty" minimum:"0" maximum:"480" doc:"Without a deed, after which the console asks who is there; 0 for never"`
}

func (c settingsChange) apply(t Tenant) Tenant {
	t = c.ProfileChange.apply(t)
	replace(&t.DefaultRole, c.DefaultRole)
	replace(&t.LocalPassword, c.LocalPassword)
	replace(&t.MaxRolesPerUser, c.MaxRolesPerUser)
	replace(&t.RequireSecondFactor, c.RequireSecondFactor)
	replace(&t.IdleMinutes, c.IdleMinutes)
	return t
}

func replace[T any](field *T, sent *T) {
	if sent != nil {
		*field = *sent
	}
}

func (s *Service) handleSettings(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
	by := caller.Must(ctx)
	if err := by.Require("system_config:read", settingsObject(by.Tenant)); err != nil {
		return nil, err
	}
	var t Tenant
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		t, err = Find(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	api.Touched(ctx, "tenant", t.ID)
	return t.settings(), nil
}

func (s *Service) handleUpdateSettings(ctx context.Context, in *settingsInput) (*settingsOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	after, err := s.update(ctx, caller.Must(ctx), version, in.Body)
	if err != nil {
		return nil, err
	}
	return after.settings(), nil
}

// noteSettings tells the record what changed. Text that people made up is only committed to.
func noteSettings(ctx context.Context, before, after Tenant) {
	api.Touched(ctx, "tenant", after.ID)
	for _, f := range []struct{ name, before, after string }{
		{"locale", before.Locale, after.Locale},
		{"default_role", before.DefaultRole, after.DefaultRole},
		{"local_password", before.LocalPassword, after.LocalPassword},
		{"require_second_factor", strconv.FormatBool(before.RequireSecondFactor), strconv.FormatBool(after.RequireSecondFactor)},
	} {
		if f.before != f.after {
			api.Changed(ctx, f.name, term(f.before), term(f.after))
		}
	}
	api.ChangedPrivately(ctx, "name", before.Name, after.Name)
	api.ChangedPrivately(ctx, "time_zone", before.TimeZone, after.TimeZone)
	api.ChangedPrivately(ctx, "max_roles_per_user", strconv.Itoa(before.MaxRolesPerUser), strconv.Itoa(after.MaxRolesPerUser))
	api.ChangedPrivately(ctx, "idle_minutes", strconv.Itoa(before.IdleMinutes), strconv.Itoa(after.IdleMinutes))
}

// term is one name from a vocabulary, or none.
func term(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

func (t Tenant) settings() *settingsOutput {
	body := settingsJSON{
		Slug: t.Slug, Name: t.Name, Preset: t.Preset, Locale: t.Locale, TimeZone: t.TimeZone,
		LocalPassword: t.LocalPassword, MaxRolesPerUser: t.MaxRolesPerUser,
		RequireSecondFactor: t.RequireSecondFactor, IdleMinutes: t.IdleMinutes, Version: t.Version,
	}
	if t.DefaultRole != "" {
		body.DefaultRole = &t.DefaultRole
	}
	return &settingsOutput{ETag: api.ETag(t.Version), Body: body}
}
