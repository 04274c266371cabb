package exchange

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// userImport brings users in.
type userImport struct {
	service *Service
	by      *caller.Caller
	tx      *store.Tx
	tenant  tenant.Tenant
	tree    *tenant.Tree
	taken   map[string]bool // ids at WeCom that somebody has
	r       *report
}

// bringUsers makes the users that are not there yet and changes the others, who are known by their usernames.
func (s *Service) bringUsers(by *caller.Caller, in []row, m mapping, r *report) bringing {
	var rows []userRow
	seen, seenAtWeCom := once{}, once{}
	for _, one := range in {
		before := r.badAll
		u := readUser(by, one, m, r)
		seen.check(one, "username", u.profile.Username, r)
		if u.wecom != "" {
			seenAtWeCom.check(one, "wecom_user_id", u.wecom, r)
		}
		if r.badAll == before {
			rows = append(rows, u)
		}
	}
	return func(ctx context.Context, tx *store.Tx, r *report) (err error) {
		b := userImport{service: s, by: by, tx: tx, r: r}
		if b.tenant, err = tenant.Find(ctx, tx); err != nil {
			return err
		}
		if b.tree, err = tenant.LoadTree(ctx, tx); err != nil {
			return err
		}
		return b.all(ctx, rows)
	}
}

func (b userImport) all(ctx context.Context, rows []userRow) error {
	var names, atWeCom []string
	for _, u := range rows {
		names = append(names, u.profile.Username)
		if u.wecom != "" {
			atWeCom = append(atWeCom, u.wecom)
		}
	}
	known, err := identity.FindByUsernames(ctx, b.tx, names)
	if err != nil {
		return err
	}
	if b.taken, err = identity.TakenAtWeCom(ctx, b.tx, atWeCom); err != nil {
		return err
	}
	for _, u := range rows {
		before, there := known[store.Fold(u.profile.Username)]
		if there {
			err = b.change(ctx, u, before)
		} else {
			err = b.create(ctx, u)
		}
		if err == nil {
			continue
		}
		if err := b.r.refused(u.number, err); err != nil {
			return err
		}
	}
	return nil
}

// create makes a user with what the row gives them. Whatever is not the default needs role:assign.
func (b userImport) create(ctx context.Context, u userRow) error {
	places, err := findAll(b.tree, "departments", u.departments)
	if err != nil {
		return err
	}
	roles := u.roles
	if !u.sent["roles"] {
		roles = b.defaultRoles()
	}
	given, err := b.parse(roles)
	if err != nil {
		return err
	}
	ordinary := len(places) == 0 && u.list == nil && (!u.sent["roles"] || slices.Equal(roles, b.defaultRoles()))
	if err := b.mayCreate(u, places, ordinary); err != nil {
		return err
	}
	if b.taken[store.Fold(u.wecom)] {
		return fault.ErrInvalid.At("body.wecom_user_id", "somebody in the tenant has this id")
	}
	p := u.profile
	if p.Locale == "" {
		p.Locale = b.tenant.Locale
	}
	made, err := b.service.config.Identity.Create(ctx, b.tx, identity.NewUser{
		Username: p.Username, Name: p.Name, Email: p.Email, Phone: p.Phone, Locale: p.Locale, Departments: places, Inactive: !u.active,
		ImportedHash: u.hash, WeComUserID: u.wecom,
	})
	if err != nil {
		return err
	}
	b.r.rowOf[made.ID] = u.number
	b.r.made("user", made.ID)
	if made.MustChange {
		b.r.passwords++
	}
	if err := policy.AddAssignments(ctx, b.tx, made.ID, given); err != nil || u.list == nil {
		return err
	}
	return policy.SetPermissionList(ctx, b.tx, made.ID, u.list)
}

func (b userImport) mayCreate(u userRow, departments []string, ordinary bool) error {
	if err := identity.MayCreate(b.by, departments); err != nil {
		return err
	}
	if !u.active {
		if err := identity.MayMakeInactive(b.by, departments); err != nil {
			return err
		}
	}
	if u.hash != "" || u.wecom != "" {
		if err := identity.MayGiveCredentials(b.by, departments); err != nil {
			return err
		}
	}
	if ordinary {
		return nil
	}
	return policy.MayAssign(b.by)
}

func (b userImport) defaultRoles() []string {
	if b.tenant.DefaultRole == "" {
		return nil
	}
	return []string{b.tenant.DefaultRole}
}

func (b userImport) parse(names []string) ([]policy.Assignment, error) {
	var entries []policy.RoleEntry
	for _, name := range names {
		entries = append(entries, policy.RoleEntry{Role: name})
	}
	return policy.ParseAssignments(b.by.Subject.Snapshot(), b.tx.Now, "body.roles", entries)
}

// change makes a user what the row says.
func (b userImport) change(ctx context.Context, u userRow, before identity.User) error {
	b.r.rowOf[before.ID] = u.number
	if err := identity.MayUpdate(b.by, before); err != nil {
		return err
	}
	if u.sent["active"] && u.active != before.Active {
		return fault.ErrInvalid.At("body.active", "is changed by enabling or disabling the user, and not by an import")
	}
	if u.hash != "" {
		return fault.ErrInvalid.At("body.password_hash", "is taken for new users only")
	}
	if u.wecom != "" && store.Fold(u.wecom) != store.Fold(before.WeComUserID) {
		return fault.ErrInvalid.At("body.wecom_user_id", "is taken for new users only")
	}
	places, err := findAll(b.tree, "departments", u.departments)
	if err != nil {
		return err
	}
	after := u.apply(before, places)
	held, err := b.changeAccess(ctx, u, before.ID)
	if err != nil {
		return err
	}
	if !held && identity.Same(before, after) {
		b.r.unchanged++
		return nil
	}
	if err := b.service.config.Identity.Rewrite(ctx, b.tx, b.by, before, after); err != nil {
		return err
	}
	b.r.rewrote("user", before.ID)
	return nil
}

// changeAccess gives a user the roles and the list of the row, and reports whether they had others. Roles that
// end, or are for departments of their own, are no matter of this table and stay.
func (b userImport) changeAccess(ctx context.Context, u userRow, id string) (changed bool, err error) {
	held, list := policy.AssignmentsNow(b.by, id)
	wanted := held
	if u.sent["roles"] {
		given, err := b.parse(u.roles)
		if err != nil {
			return false, err
		}
		wanted = append(given, slices.DeleteFunc(slices.Clone(held), plain)...)
	}
	newRoles := !sameAssignments(held, wanted)
	newList := u.sent["permission_list"] && !sameNames(list, policy.PermissionNames(u.list))
	if !newRoles && !newList {
		return false, nil
	}
	if err := policy.MayAssignTo(b.by, id); err != nil {
		return false, err
	}
	if newRoles && list != nil && !u.sent["permission_list"] {
		return false, policy.ErrPermissionListStands
	}
	if newRoles {
		err = policy.SetAssignments(ctx, b.tx, id, wanted)
	}
	if err == nil && newList {
		err = policy.SetPermissionList(ctx, b.tx, id, u.list)
	}
	return true, err
}

// plain tells whether a user has a role without end and for their own departments.
func plain(a policy.Assignment) bool { return a.ExpiresAt.IsZero() && a.Departments == nil }

func sameAssignments(a, b []policy.Assignment) bool {
	return len(a) == len(b) && !slices.ContainsFunc(b, func(one policy.Assignment) bool { return !policy.Has(a, one) })
}

// sameNames compares lists that are sorted; nil, where the roles decide, is not the empty list.
func sameNames(a, b []string) bool { return (a == nil) == (b == nil) && slices.Equal(a, b) }

// findAll finds departments by their paths.
func findAll(t *tenant.Tree, column string, paths [][]string) ([]string, error) {
	var ids []string
	for _, path := range paths {
		id, found := t.Find(path)
		if !found {
			return nil, fault.ErrInvalid.At("body."+column, "no such department")
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}
