package tenant

import (
	"context"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// Codes of settings.
var (
	errPolicyNotPossible = fault.Define(fault.Conflict, "policy_not_possible",
		"Nobody could sign in with this policy.", "启用该策略后将无人可以登录。",
		"Passwords stay `enabled` as long as there is no other way to sign in.")
	errHeldRoles = fault.Define(fault.Conflict, "role_limit_exceeded",
		"Users hold more roles than that.", "现有用户的角色数已超过该上限。",
		"Take roles away first, or choose a higher limit; `detail` says how many users hold more.")
)

// passwordsEnabled is the only policy possible while passwords are the only way to sign in.
const passwordsEnabled = "enabled"

// settingsObject is what permissions on settings are about.
func settingsObject(tenant string) *access.Object {
	return &access.Object{Tenant: tenant, Resource: "system_config", ID: "settings"}
}

// update applies a change to the settings of the caller's tenant. It goes the way of every change
// of access, as the default role and the limit of roles are part of it.
func (s *Service) update(ctx context.Context, by *caller.Caller, version int64, change settingsChange) (after Tenant, err error) {
	err = s.config.ChangeAccess(ctx, by, func(tx *store.Tx) error {
		if err := by.Require("system_config:update", settingsObject(by.Tenant)); err != nil {
			return err
		}
		before, err := Find(ctx, tx)
		if err != nil {
			return err
		}
		if before.Version != version {
			return api.Stale(before.Version)
		}
		after = change.apply(before)
		if err := s.check(by, before, after); err != nil {
			return err
		}
		after.Version, after.UpdatedAt = version+1, tx.Now
		if err := after.store(ctx, tx); err != nil {
			return err
		}
		noteSettings(ctx, before, after)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

// check judges settings as they would stand after the change.
func (s *Service) check(by *caller.Caller, before, after Tenant) error {
	if err := checkProfile("body.", after.Name, after.Locale, after.TimeZone); err != nil {
		return err
	}
	if after.LocalPassword != passwordsEnabled {
		return errPolicyNotPossible.With("there is no other way to sign in than a password")
	}
	if err := checkLimit(by.Subject.Snapshot(), after.MaxRolesPerUser); err != nil {
		return err
	}
	if after.DefaultRole == before.DefaultRole {
		return nil
	}
	return s.config.MayGrantRole(by, after.DefaultRole) // every new user will be given it
}

// checkLimit refuses a limit that some users are above already. 0 is no limit.
func checkLimit(s *access.Snapshot, limit int) error {
	if limit == 0 {
		return nil
	}
	over := 0
	for _, subject := range s.Subjects() {
		if distinctRoles(subject.User()) > limit {
			over++
		}
	}
	if over > 0 {
		return errHeldRoles.With("%d users hold more than %d roles", over, limit)
	}
	return nil
}

func distinctRoles(u access.User) int {
	roles := map[string]bool{}
	for _, a := range u.Assignments {
		roles[a.Role] = true
	}
	return len(roles)
}
