package policy

import (
	"context"
	"regexp"
	"unicode/utf8"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
)

// reservedName is what explanations call a user's own permission list.
const reservedName = "permissions"

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
