package policy

import (
	"context"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// holding is what one user has been given.
type holding struct {
	user        string
	version     int64 // of the user
	assignments []Assignment
	list        []access.Permission // nil: the assignments decide
}

func (s *Service) readHolding(ctx context.Context, user string) (h holding, err error) {
	by := caller.Must(ctx)
	if err := mayRead(by, user); err != nil {
		return holding{}, err
	}
	err = s.config.DB.Read(ctx, by.Tenant, func(tx *store.Tx) error {
		h, err = findHolding(ctx, tx, user)
		return err
	})
	if err == nil {
		api.Touched(ctx, "user", user)
	}
	return h, err
}

// changeHolding lets edit say what the user has from now on, and stores that.
func (s *Service) changeHolding(ctx context.Context, user string, version int64,
	edit func(*caller.Caller, *store.Tx, *holding) error,
) (after holding, err error) {
	by := caller.Must(ctx)
	err = s.Change(ctx, by, func(tx *store.Tx) error {
		if err := MayAssignTo(by, user); err != nil {
			return err
		}
		before, err := findHolding(ctx, tx, user)
		if err != nil {
			return err
		}
		if err := api.Meant(version, before.version); err != nil {
			return err
		}
		after = before
		if err := edit(by, tx, &after); err != nil {
			return err
		}
		if after, err = after.store(ctx, tx); err != nil {
			return err
		}
		noteHolding(ctx, before, after)
		return s.config.Audit.Append(ctx, tx)
	})
	return after, err
}

// store writes the holding and returns it as it stands now.
func (h holding) store(ctx context.Context, tx *store.Tx) (holding, error) {
	if err := SetAssignments(ctx, tx, h.user, h.assignments); err != nil {
		return holding{}, err
	}
	if err := SetPermissionList(ctx, tx, h.user, h.list); err != nil {
		return holding{}, err
	}
	if err := Raise(ctx, tx, h.user, h.version); err != nil {
		return holding{}, err
	}
	return findHolding(ctx, tx, h.user)
}

// noteHolding tells the record which roles and permissions came and went. That the same roles stand
// for another time or other departments is told by the field's name alone.
func noteHolding(ctx context.Context, before, after holding) {
	NoteAccess(ctx, after.user, before.assignments, after.assignments, PermissionNames(before.list), PermissionNames(after.list))
}

// assignedNames are the distinct roles, sorted; never nil.
func assignedNames(list []Assignment) []string {
	names := []string{}
	for _, a := range list {
		names = append(names, a.Role)
	}
	return sortedSet(names)
}

func (h holding) output() *userRolesOutput {
	out := &userRolesOutput{ETag: api.ETag(h.version)}
	out.Body.Roles = []AssignmentJSON{}
	for _, a := range h.assignments {
		out.Body.Roles = append(out.Body.Roles, a.JSON())
	}
	out.Body.PermissionList = PermissionNames(h.list)
	return out
}

func (h holding) listOutput() *permissionListOutput {
	out := &permissionListOutput{ETag: api.ETag(h.version)}
	out.Body.PermissionList = PermissionNames(h.list)
	return out
}
