package desk

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Settings say how the desk of a tenant works.
type Settings struct {
	FallbackDepartment string // handles conversations whose skill has no department; "" for none
	Ages                      // of skills that have none of their own
	Reserve            int    // how many slots stay free with whom is given what is relaxed

	PreferLast  time.Duration // how long the requester's last agent goes first
	FirstAnswer time.Duration // an agent's time for it; 0: nobody is hurried
	Park        time.Duration // silence of the requester that parks a conversation; 0: none does
	Resolve     time.Duration // silence that resolves a parked one; 0: none does
	Reopen      time.Duration // how long a resolved one can be reopened

	BusyMayTake       bool
	MonitorsShown     bool // the agent sees who monitors
	SupervisionReason bool // whoever monitors, whispers or barges says why

	Version   int64
	UpdatedAt time.Time
}

// Ages are how long a conversation has waited when dispatch begins to look at more agents.
type Ages struct {
	Relax    time.Duration // from this age on also agents without the skill, who keep free slots
	Overflow time.Duration // from this age on also agents of the skill's fallback department
	Open     time.Duration // from this age on any agent of the department
}

// check refuses ages that are not in order: each looks at more agents than the one before.
func (a Ages) check() error {
	if a.Relax > a.Overflow {
		return fault.ErrInvalid.At("body.overflow_seconds", "must not be less than relax_seconds")
	}
	if a.Overflow > a.Open {
		return fault.ErrInvalid.At("body.open_seconds", "must not be less than overflow_seconds")
	}
	return nil
}

// configObject is what permissions on the desk's settings and skills are about.
func configObject(tenant, id string) *access.Object {
	return &access.Object{Tenant: tenant, Resource: "system_config", ID: id}
}

// settingsRoutes registers the operations on settings.
func (s *Service) settingsRoutes(a *api.API) {
	api.Register(a, api.Operation{
		ID: "desk-settings-read", Method: http.MethodGet, Path: "/v1/desk/settings", Summary: "Read how the desk works",
		Access: api.Needs("system_config:read"), Tenant: api.OfCaller, Event: "desk_settings.read", Limit: api.Ordinary,
	}, s.handleSettings)
	api.Register(a, api.Operation{
		ID: "desk-settings-update", Method: http.MethodPatch, Path: "/v1/desk/settings", Summary: "Change how the desk works",
		Access: api.Needs("system_config:update"), Tenant: api.OfCaller, Event: "desk_settings.update", Limit: api.Ordinary,
	}, s.handleUpdateSettings)
}

// changeSettings changes the settings of the caller's tenant.
func (s *Service) changeSettings(ctx context.Context, by *caller.Caller, version int64, change deskSettingsChange) (after Settings, err error) {
	err = s.config.DB.Write(ctx, by.Tenant, func(tx *store.Tx) error {
		if err := by.Require("system_config:update", configObject(by.Tenant, "desk")); err != nil {
			return err
		}
		before, err := loadSettings(ctx, tx)
		if err != nil {
			return err
		}
		if before.Version != version {
			return api.Stale(before.Version)
		}
		after = change.apply(before)
		if err := after.Ages.check(); err != nil {
			return err
		}
		after.Version, after.UpdatedAt = version+1, tx.Now
		if err := after.store(ctx, tx); errors.Is(err, store.ErrReference) {
			return fault.ErrInvalid.At("body.fallback_department", "there is no such department")
		} else if err != nil {
			return err
		}
		noteSettings(ctx, before, after)
		s.reconsider(tx)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}
