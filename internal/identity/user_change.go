package identity

import (
	"context"
	"errors"
	"slices"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// ProfileChange holds what a change of a profile sends; nil stays as it is. It is exported because huma
// passes over embedded structs that are not.
type ProfileChange struct {
	Name   *string              `json:"name,omitempty" minLength:"1" maxLength:"128"`
	Email  api.Optional[string] `json:"email" required:"false" maxLength:"254" doc:"Null or empty for none"`
	Phone  api.Optional[string] `json:"phone" required:"false" maxLength:"32" doc:"Null or empty for none"`
	Locale *string              `json:"locale,omitempty" enum:"zh-CN,en"`
}

func (c ProfileChange) apply(p Profile) Profile {
	replace(&p.Name, c.Name)
	if c.Email.Sent {
		p.Email = c.Email.Value
	}
	if c.Phone.Sent {
		p.Phone = c.Phone.Value
	}
	replace(&p.Locale, c.Locale)
	return p.trimmed()
}

// userChange is what an administrator may change in one request.
type userChange struct {
	username    *string
	profile     ProfileChange
	departments *[]string
}

func (c userChange) apply(u User) User {
	replace(&u.Username, c.username)
	u.Profile = c.profile.apply(u.Profile)
	if c.departments != nil {
		u.Departments = sortedSet(*c.departments)
	}
	return u
}

func replace(field *string, sent *string) {
	if sent != nil {
		*field = *sent
	}
}

// change runs f under the guard rails. It returns the user whom f returns with what they are shown by,
// both as the change left them: an answer read afterwards might belong to another version.
func (s *Service) change(ctx context.Context, by *caller.Caller, f func(tx *store.Tx) (User, error)) (u User, v viewer, err error) {
	v.policy, err = s.config.Policy.ChangeTo(ctx, by, func(tx *store.Tx) (err error) {
		v.at = tx.Now
		if v.tenant, err = tenant.Find(ctx, tx); err != nil {
			return err
		}
		u, err = f(tx)
		return err
	})
	return u, v, err
}

// update changes a user's profile, username and departments.
func (s *Service) update(ctx context.Context, by *caller.Caller, id string, version int64, change userChange) (User, viewer, error) {
	return s.change(ctx, by, func(tx *store.Tx) (User, error) {
		before, err := mayChange(ctx, tx, by, "user:update", id)
		if err != nil {
			return User{}, err
		}
		if err := api.Meant(version, before.Version); err != nil {
			return User{}, err
		}
		after := change.apply(before)
		if err := s.checkChange(ctx, tx, by, before, after); err != nil {
			return User{}, err
		}
		after.Version, after.UpdatedAt = before.Version+1, tx.Now
		if err := after.store(ctx, tx); err != nil {
			return User{}, err
		}
		if err := setDepartments(ctx, tx, id, after.Departments); err != nil {
			return User{}, err
		}
		noteUser(ctx, before, after)
		return after, s.config.Audit.Append(ctx, tx)
	})
}

// mayChange loads a user whom the caller means to change.
func mayChange(ctx context.Context, tx *store.Tx, by *caller.Caller, permission, id string) (User, error) {
	u, err := Find(ctx, tx, id)
	if err != nil {
		return User{}, err
	}
	return u, by.Require(permission, u.object(by.Tenant))
}

// checkChange judges what a user would become. What departments bring is held to the guard rails
// afterwards; they do not see the profile.
func (s *Service) checkChange(ctx context.Context, tx *store.Tx, by *caller.Caller, before, after User) error {
	if err := after.check(); err != nil {
		return err
	}
	if !slices.Equal(before.Departments, after.Departments) {
		if err := policy.MayAssign(by); err != nil {
			return err
		}
		if err := policy.CheckDepartments(by.Subject.Snapshot(), "body.departments", after.Departments); err != nil {
			return err
		}
	}
	if before.sameContact(after.Profile) {
		return nil
	}
	if err := policy.MayTouch(by, after.ID); err != nil {
		return err
	}
	free, err := after.usernameFree(ctx, tx)
	if err == nil && !free {
		err = ErrUsernameTaken
	}
	return err
}

// delete removes a user with all that is theirs, unless something of others' names them. The id is never
// given out again; records and the sign-in log keep it.
func (s *Service) delete(ctx context.Context, by *caller.Caller, id string, version int64) error {
	return s.config.Policy.Change(ctx, by, func(tx *store.Tx) error {
		u, err := mayChange(ctx, tx, by, "user:delete", id)
		if err != nil {
			return err
		}
		if err := api.Meant(version, u.Version); err != nil {
			return err
		}
		if err := s.config.Sessions.EndSessions(ctx, tx, id, "", "user_deleted"); err != nil {
			return err
		}
		if err := deleteUser(ctx, tx, id); errors.Is(err, store.ErrReference) {
			return errHasHistory.Because(err)
		} else if err != nil {
			return err
		}
		noteUser(ctx, u, User{ID: id})
		return s.config.Audit.Append(ctx, tx)
	})
}
