package exchange

import (
	"context"
	"slices"

	"github.com/usher-desk/usher/internal/api"
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
	names   names
	entries *policy.EntryParser
	known   map[string]identity.User // by their usernames
	taken   map[string]bool          // ids at WeCom that somebody has
	r       *report
}

// bringUsers makes the users that are not there yet and changes the others, who are known by their usernames.
func (s *Service) bringUsers(by *caller.Caller, in []row, m mapping, r *report) bringing {
	seen, seenAtWeCom := once{}, once{}
	rows := readAll(in, r, func(one row) userRow {
		u := readUser(by, one, m, r)
		seen.check(one, "username", u.profile.Username, r)
		if u.wecom != "" {
			seenAtWeCom.check(one, "wecom_user_id", u.wecom, r)
		}
		return u
	})
	var usernames, atWeCom []string
	for _, u := range rows {
		usernames = append(usernames, u.value.profile.Username)
		if u.value.wecom != "" {
			atWeCom = append(atWeCom, u.value.wecom)
		}
	}
	return func(ctx context.Context, tx *store.Tx, r *report) (err error) {
		b := userImport{service: s, by: by, tx: tx, entries: policy.NewEntryParser(by.Subject.Snapshot(), tx.Now), r: r}
		if b.tenant, err = tenant.Find(ctx, tx); err != nil {
			return err
		}
		if b.names, err = readNames(ctx, tx, by); err != nil {
			return err
		}
		if b.known, err = identity.FindByUsernames(ctx, tx, usernames); err != nil {
			return err
		}
		if b.taken, err = identity.TakenAtWeCom(ctx, tx, atWeCom); err != nil {
			return err
		}
		return each(ctx, rows, r, func(u numbered[userRow]) error { return b.bring(ctx, u.number, u.value) })
	}
}

// bring makes a user, or changes the one of that name. One whom the caller may not see is not there: as when a
// single user is made, the name turns out to be taken by somebody once all else is in order.
func (b userImport) bring(ctx context.Context, number int, u userRow) error {
	before, there := b.known[store.Fold(u.profile.Username)]
	if !there || !policy.Sees(b.by, before.ID) {
		return b.create(ctx, number, u)
	}
	if err := identity.MayUpdate(b.by, before); err != nil {
		return err
	}
	b.r.rowOf[before.ID] = number
	return b.change(ctx, u, before)
}

// create makes a user with what the row gives them. Permissions are asked for as for a single new user: whatever is
// not the default needs role:assign, and before that nothing is said of roles and departments.
func (b userImport) create(ctx context.Context, number int, u userRow) error {
	roles := b.defaultRoles()
	ordinary := len(u.departments) == 0 && u.list == nil && (!u.sent["roles"] || slices.Equal(u.roles, roles))
	if !ordinary {
		if err := policy.MayAssign(b.by); err != nil {
			return err
		}
	}
	if u.sent["roles"] {
		roles = u.roles
	}
	places, err := b.names.find(u.departments)
	if err != nil {
		return err
	}
	given, err := b.parse(roles)
	if err != nil {
		return err
	}
	if err := policy.CheckCount(0, len(given)); err != nil {
		return err
	}
	if err := b.mayCreate(u, places); err != nil {
		return err
	}
	made, err := b.make(ctx, u, places)
	if err != nil {
		return err
	}
	b.r.rowOf[made.ID] = number
	return b.equip(ctx, u, made, given)
}

func (b userImport) mayCreate(u userRow, departments []string) error {
	if err := identity.MayCreate(b.by, departments); err != nil {
		return err
	}
	if !u.active {
		if err := identity.MayMakeInactive(b.by, departments); err != nil {
			return err
		}
	}
	if u.hash == "" && u.wecom == "" {
		return nil
	}
	return identity.MayGiveCredentials(b.by, departments)
}

func (b userImport) make(ctx context.Context, u userRow, departments []string) (identity.User, error) {
	if _, there := b.known[store.Fold(u.profile.Username)]; there {
		return identity.User{}, identity.ErrUsernameTaken
	}
	if b.taken[store.Fold(u.wecom)] {
		return identity.User{}, fault.ErrInvalid.At("body.wecom_user_id", "somebody in the tenant has this id")
	}
	p := u.profile
	if p.Locale == "" {
		p.Locale = b.tenant.Locale
	}
	return identity.Bring(ctx, b.tx, identity.NewUser{
		Username: p.Username, Name: p.Name, Email: p.Email, Phone: p.Phone, Locale: p.Locale, Departments: departments, Inactive: !u.active,
		ImportedHash: u.hash, WeComUserID: u.wecom,
	})
}

// equip gives a new user roles and list.
func (b userImport) equip(ctx context.Context, u userRow, made identity.User, given []policy.Assignment) error {
	one, notes := api.NotesOfOne(ctx)
	identity.NoteNew(one, made)
	policy.NoteAccess(one, made.ID, nil, given, nil, policy.PermissionNames(u.list))
	b.r.made(notes)
	if made.MustChange {
		b.r.passwords++
	}
	if err := policy.AddAssignments(ctx, b.tx, made.ID, given); err != nil || u.list == nil {
		return err
	}
	return policy.SetPermissionList(ctx, b.tx, made.ID, u.list)
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
	return b.entries.Parse("body.roles", entries)
}

// change makes a user what the row says.
func (b userImport) change(ctx context.Context, u userRow, before identity.User) error {
	if err := u.leavesAlone(before); err != nil {
		return err
	}
	places, err := b.names.find(u.departments)
	if err != nil {
		return err
	}
	after := u.apply(before, places)
	one, notes := api.NotesOfOne(ctx)
	held, err := b.changeAccess(one, u, before.ID)
	if err != nil {
		return err
	}
	if !held && identity.Same(before, after) {
		b.r.unchanged++
		return nil
	}
	identity.NoteChange(one, before, after)
	if err := b.service.config.Identity.Rewrite(ctx, b.tx, b.by, before, after); err != nil {
		return err
	}
	b.r.rewrote(notes)
	return nil
}

// changeAccess gives a user the roles and the list of the row, and reports whether they had others. Roles that
// end, or are for departments of their own, are no matter of this table and stay.
func (b userImport) changeAccess(ctx context.Context, u userRow, id string) (changed bool, err error) {
	held, list := policy.AssignmentsNow(b.by, id)
	wanted, wantedList := held, list
	if u.sent["roles"] {
		given, err := b.parse(u.roles)
		if err != nil {
			return false, err
		}
		wanted = append(given, slices.DeleteFunc(slices.Clone(held), plain)...)
	}
	if u.sent["permission_list"] {
		wantedList = policy.PermissionNames(u.list)
	}
	newRoles, newList := !sameAssignments(held, wanted), !sameNames(list, wantedList)
	if !newRoles && !newList {
		return false, nil
	}
	if err := policy.MayAssignTo(b.by, id); err != nil {
		return false, err
	}
	if newRoles && list != nil && !u.sent["permission_list"] {
		return false, policy.ErrPermissionListStands
	}
	if err := policy.CheckCount(len(held), len(wanted)); err != nil {
		return false, err
	}
	policy.NoteAccess(ctx, id, held, wanted, list, wantedList)
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
