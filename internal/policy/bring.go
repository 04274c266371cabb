package policy

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/store"
)

// What follows is for those who bring many roles and assignments in one transaction of
// [Service.ChangeMany]: they look, decide and note by themselves.

// AllRoles returns the roles of the transaction's tenant by name.
func AllRoles(ctx context.Context, tx *store.Tx) ([]Role, error) { return loadRoles(ctx, tx, nil) }

// NoteNewRole tells the record of a role that was made.
func NoteNewRole(ctx context.Context, r Role) { noteRole(ctx, Role{}, r) }

// NoteAccess tells the record which roles and permissions of a user came and went. The lists are the user's own by
// name, nil where the roles decide.
func NoteAccess(ctx context.Context, user string, before, after []Assignment, listBefore, listAfter []string) {
	api.Touched(ctx, "user", user)
	api.Changed(ctx, "roles", assignedNames(before), assignedNames(after))
	api.Changed(ctx, "permission_list", listBefore, listAfter)
	if !slices.EqualFunc(before, after, Assignment.same) {
		api.ChangedSomehow(ctx, "role_assignments")
	}
}

// Sees reports whether the caller may view or read a user.
func Sees(by *caller.Caller, user string) bool {
	return seen(by, user, "user:view", "user:read") == nil
}

// Has reports whether an assignment that says the same is among these.
func Has(list []Assignment, a Assignment) bool { return slices.ContainsFunc(list, a.same) }

// AddAssignments gives a user more roles. The version of the user is the caller's to raise.
func AddAssignments(ctx context.Context, tx *store.Tx, user string, list []Assignment) error {
	for _, a := range list {
		if err := insertAssignment(ctx, tx, user, a); err != nil {
			return err
		}
	}
	return nil
}

// AssignmentsNow are the roles of a user as the caller's policy has them; under [Service.Change] that is the
// transaction's. There is the user's own list with them, nil where the roles decide.
func AssignmentsNow(by *caller.Caller, user string) (list []Assignment, own []string) {
	subject, _ := by.Subject.Snapshot().Subject(user)
	for _, a := range subject.User().Assignments {
		list = append(list, Assignment(a))
	}
	return list, PermissionNames(subject.User().PermissionList)
}
