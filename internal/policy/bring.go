package policy

import (
	"context"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// What follows is for those who bring many roles and assignments in one transaction of
// [Service.ChangeMany]: they look, decide and note by themselves.

// AllRoles returns the roles of the transaction's tenant by name.
func AllRoles(ctx context.Context, tx *store.Tx) ([]Role, error) { return loadRoles(ctx, tx, nil) }

// SameRole reports whether two roles mean and say the same.
func SameRole(a, b Role) bool {
	return a.Name == b.Name && a.Active == b.Active && a.RequiresMFA == b.RequiresMFA &&
		a.LabelZH == b.LabelZH && a.LabelEN == b.LabelEN && a.DescriptionZH == b.DescriptionZH && a.DescriptionEN == b.DescriptionEN &&
		slices.Equal(sortedPermissions(a.Permissions), sortedPermissions(b.Permissions))
}

var roleName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// How long the texts of a role may be, in characters.
const (
	labelLimit       = 128
	descriptionLimit = 1000
)

// CheckNew judges a role that is to be made; the places are those of a body.
func (r Role) CheckNew() error {
	var places []fault.Place
	if !roleName.MatchString(r.Name) || r.Name == reservedName {
		places = append(places, fault.Place{Location: "body.name", Message: "expected a lower case letter and up to 63 letters, digits and _, and not " + reservedName})
	}
	for _, text := range []struct {
		place, value string
		limit        int
	}{
		{"body.label_zh", r.LabelZH, labelLimit}, {"body.label_en", r.LabelEN, labelLimit},
		{"body.description_zh", r.DescriptionZH, descriptionLimit}, {"body.description_en", r.DescriptionEN, descriptionLimit},
	} {
		if utf8.RuneCountInString(text.value) > text.limit {
			places = append(places, fault.Place{Location: text.place, Message: "is too long"})
		}
	}
	if err := invalid(places); err != nil {
		return err
	}
	return r.checkTexts()
}

// AddRole makes a role of the tenant's own, checked by [Role.CheckNew], for a caller who may. The rails are
// asked here already, so that the refusal is this role's.
func AddRole(ctx context.Context, tx *store.Tx, by *caller.Caller, r Role) error {
	if err := by.RequireNew("role:create", roleObject(by.Tenant, r.Name)); err != nil {
		return err
	}
	if lacking := by.Subject.Lacks(toNewcomers(r.data()), by.At); len(lacking) > 0 {
		return ErrCannotGrant.With("you lack %s", tell(lacking))
	}
	free, err := insertRole(ctx, tx, r)
	if err == nil && !free {
		err = ErrRoleNameTaken
	}
	return err
}

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

// MayAssignTo refuses who may not change the roles of a user, or not see them.
func MayAssignTo(by *caller.Caller, user string) error { return mayAssignTo(by, user) }

// Has reports whether an assignment that says the same is among these.
func Has(list []Assignment, a Assignment) bool { return slices.ContainsFunc(list, a.same) }

// Raise gives a user whose roles change the next version; stale_version when it is no longer the one meant.
func Raise(ctx context.Context, tx *store.Tx, user string, version int64) error {
	return raiseUser(ctx, tx, user, version)
}

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
