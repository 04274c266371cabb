package policy

import (
	"context"
	"fmt"
	"slices"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// manyRoles changes the roles of many users at once: all of it happens, or nothing.
type manyRoles struct {
	Users []string    `json:"users" minItems:"1" maxItems:"100" maxLength:"64" doc:"Ids"`
	Give  []RoleEntry `json:"give,omitempty" maxItems:"64" doc:"What each of them gets who does not have just that already"`
	Take  []string    `json:"take,omitempty" maxItems:"64" maxLength:"64" doc:"Names of roles: every assignment of them goes"`
}

type manyRolesInput struct {
	api.IfPreview
	Body manyRoles
}

type manyRolesOutput struct {
	Body struct {
		Changed int `json:"changed" doc:"How many of the users have other roles now"`
	}
}

type previewManyRolesInput struct {
	api.PageInput
	Body manyRoles
}

func (s *Service) handleManyRoles(ctx context.Context, in *manyRolesInput) (*manyRolesOutput, error) {
	ctx, err := in.Expecting(ctx, false)
	if err != nil {
		return nil, err
	}
	changed, err := s.reassign(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	out := &manyRolesOutput{}
	out.Body.Changed = changed
	return out, nil
}

func (s *Service) tryManyRoles(ctx context.Context, in *previewManyRolesInput) error {
	_, err := s.reassign(ctx, in.Body)
	return err
}

// reassign gives and takes roles, and returns how many users have others afterwards.
func (s *Service) reassign(ctx context.Context, m manyRoles) (changed int, err error) {
	by := caller.Must(ctx)
	err = s.Change(ctx, by, func(tx *store.Tx) error {
		if err := MayAssign(by); err != nil {
			return err
		}
		given, err := m.check(by, tx)
		if err != nil {
			return err
		}
		each, err := m.apply(ctx, tx, given)
		if err != nil {
			return err
		}
		changed = len(each)
		return s.config.Audit.Append(ctx, tx, each...)
	})
	return changed, err
}

// check refuses what cannot be done to everybody, each with its place.
func (m manyRoles) check(by *caller.Caller, tx *store.Tx) ([]Assignment, error) {
	snapshot := by.Subject.Snapshot()
	views, err := by.Filter("user:view")
	if err != nil {
		return nil, err
	}
	reads, err := by.Filter("user:read")
	if err != nil {
		return nil, err
	}
	given, err := ParseAssignments(snapshot, tx.Now, "body.give", m.Give)
	if err != nil {
		return nil, err
	}
	var places []fault.Place
	for i, name := range m.Take {
		if _, found := snapshot.Role(name); !found {
			places = append(places, fault.Place{Location: fmt.Sprintf("body.take[%d]", i), Message: unknownRole(name, snapshot.RoleNames())})
		}
	}
	for i, user := range m.Users {
		seen := covers(views, by, user) || covers(reads, by, user)
		if wrong := m.wrong(snapshot, i, seen); wrong != "" {
			places = append(places, fault.Place{Location: fmt.Sprintf("body.users[%d]", i), Message: wrong})
		}
	}
	return given, invalid(places)
}

// wrong says why one user's roles cannot be changed along with the others'; "" when they can. A permission list would
// keep the change from being noticed: what becomes of it is decided for each user.
func (m manyRoles) wrong(s *access.Snapshot, i int, seen bool) string {
	subject, found := s.Subject(m.Users[i])
	switch {
	case slices.Contains(m.Users[:i], m.Users[i]):
		return "stands twice"
	case !found || !seen:
		return "no such user"
	case subject.User().PermissionList != nil:
		return "has a permission list, so that roles would change nothing"
	}
	return ""
}

// apply writes what becomes of each user, in the order of their ids, and returns what is to be said of those who
// have other roles now.
func (m manyRoles) apply(ctx context.Context, tx *store.Tx, given []Assignment) (each []*api.Notes, err error) {
	for _, user := range sortedSet(m.Users) {
		before, err := findHolding(ctx, tx, user)
		if err != nil {
			return nil, err
		}
		after := before
		after.assignments = m.of(before.assignments, given)
		if slices.EqualFunc(before.assignments, after.assignments, Assignment.same) {
			continue
		}
		if after, err = after.store(ctx, tx); err != nil {
			return nil, err
		}
		one, notes := api.NotesOfOne(ctx)
		noteHolding(one, before, after)
		each = append(each, notes)
	}
	return each, nil
}

// of returns what becomes of somebody's assignments.
func (m manyRoles) of(had, given []Assignment) []Assignment {
	kept := slices.DeleteFunc(slices.Clone(had), func(a Assignment) bool { return slices.Contains(m.Take, a.Role) })
	for _, a := range given {
		if !slices.ContainsFunc(kept, a.same) {
			kept = append(kept, a)
		}
	}
	return kept
}
