package platform

import (
	"context"
	"fmt"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// settings are what holds for the platform as a whole.
type settings struct {
	visitMinutes int64 // how long a visit may last at most
	version      int64
	updatedAt    time.Time
}

type settingsOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		VisitMinutes int64     `json:"visit_minutes" doc:"How long a visit to a tenant may last at most"`
		UpdatedAt    time.Time `json:"updated_at"`
		Version      int64     `json:"version"`
	}
}

type updateSettingsInput struct {
	api.IfMatch
	Body struct {
		VisitMinutes *int64 `json:"visit_minutes,omitempty" minimum:"1" maximum:"480" doc:"Up to eight hours; visits under way last as long as they were to"`
	}
}

func (s settings) output() *settingsOutput {
	out := &settingsOutput{ETag: api.ETag(s.version)}
	out.Body.VisitMinutes, out.Body.UpdatedAt, out.Body.Version = s.visitMinutes, s.updatedAt, s.version
	return out
}

func (s *Service) handleSettings(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
	by := caller.Must(ctx)
	if err := by.Require("tenant:read", tenant.Object("")); err != nil {
		return nil, err
	}
	var found settings
	err := s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) (err error) {
		found, err = findSettings(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found.output(), nil
}

func (s *Service) handleUpdateSettings(ctx context.Context, in *updateSettingsInput) (*settingsOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	by := caller.Must(ctx)
	var after settings
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := s.config.Policy.Hold(ctx, tx, by); err != nil {
			return err
		}
		if err := by.Require("tenant:update", tenant.Object("")); err != nil {
			return err
		}
		before, err := findSettings(ctx, tx)
		if err != nil {
			return err
		}
		if before.version != version {
			return api.Stale(before.version)
		}
		after = settings{before.visitMinutes, version + 1, tx.Now}
		if in.Body.VisitMinutes != nil {
			after.visitMinutes = *in.Body.VisitMinutes
		}
		if err := after.store(ctx, tx); err != nil {
			return err
		}
		api.ChangedPrivately(ctx, "visit_minutes", fmt.Sprint(before.visitMinutes), fmt.Sprint(after.visitMinutes))
		return s.config.Audit.Append(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	return after.output(), nil
}

func findSettings(ctx context.Context, tx *store.Tx) (s settings, err error) {
	var updated int64
	err = tx.QueryRow(ctx, `
		SELECT p.visit_minutes, p.version, p.updated_at
		FROM platform_settings p
		WHERE p.tenant_id = $1`, nil, &s.visitMinutes, &s.version, &updated)
	s.updatedAt = time.UnixMicro(updated).UTC()
	return s, err
}

// store writes the settings, whose version has been compared under the platform's lock.
func (s settings) store(ctx context.Context, tx *store.Tx) error {
	_, err := tx.Exec(ctx, `
		UPDATE platform_settings
		SET visit_minutes = $2, version = $3, updated_at = $4
		WHERE tenant_id = $1`, s.visitMinutes, s.version, s.updatedAt.UnixMicro())
	return err
}
