package exchange

import (
	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// userRow is a user as a row says it. What the file has no column for stays as it is, or begins as ever.
type userRow struct {
	profile     identity.Profile
	sent        map[string]bool // the columns that the file has
	departments [][]string      // paths
	roles       []string
	list        []access.Permission // nil: the roles decide
	active      bool
	hash        string // of the password; "" for none
	wecom       string // the user id there; "" for none
}

// readUser judges a row by itself.
func readUser(by *caller.Caller, in row, m mapping, r *report) userRow {
	out := userRow{sent: map[string]bool{}}
	for column := range in.cells {
		out.sent[column] = true
	}
	p := &out.profile
	for _, column := range []struct {
		name  string
		field *string
	}{
		{"username", &p.Username},
		{"name", &p.Name},
		{"email", &p.Email},
		{"phone", &p.Phone},
		{"locale", &p.Locale},
		{"password_hash", &out.hash},
		{"wecom_user_id", &out.wecom},
	} {
		*column.field, _ = in.text(column.name, r)
	}
	out.departments, _ = in.paths("departments", r)
	out.roles, _ = in.list("roles", r)
	m.appoint(out.roles, in.number, r)
	names, _ := in.list("permission_list", r)
	if m.foreign && len(names) == 0 {
		names = nil
	}
	if names != nil {
		var err error
		if out.list, err = policy.ParsePermissions(by.Catalogue, "body.permission_list", names); err != nil {
			_ = r.refused(in.number, err) // which is a refusal
		}
	}
	out.active, out.sent["active"] = in.flag("active", true, r)
	out.check(in.number, r)
	return out
}

// appoint replaces the role that means something else where the file comes from. Nobody becomes an administrator
// because of a word.
func (m mapping) appoint(roles []string, number int, r *report) {
	for i, role := range roles {
		switch {
		case !m.agents || role != "admin":
		case m.admin == "":
			r.refuse(number, "roles", "", "say in the parameter admin whether an admin there becomes team_lead or admin")
		default:
			roles[i] = m.admin
		}
	}
}

// check judges the profile as it would begin; where the name or the locale is not said, that of the user or
// tenant stands there later.
func (u userRow) check(number int, r *report) {
	p := u.profile
	if p.Name == "" {
		p.Name = p.Username
	}
	if p.Locale == "" {
		p.Locale = "en"
	}
	wrong := []error{identity.CheckProfile(p)}
	if u.wecom != "" {
		wrong = append(wrong, identity.CheckWeComUserID(u.wecom))
	}
	if u.hash != "" {
		wrong = append(wrong, identity.CheckImportedHash(u.hash))
	}
	for _, err := range wrong {
		if err != nil {
			_ = r.refused(number, err) // which is a refusal
		}
	}
}

// leavesAlone refuses what an import does to nobody who is there already.
func (u userRow) leavesAlone(there identity.User) error {
	switch {
	case u.sent["active"] && u.active != there.Active:
		return fault.ErrInvalid.At("body.active", "is changed by enabling or disabling the user, and not by an import")
	case u.wecom != "" && store.Fold(u.wecom) != store.Fold(there.WeComUserID):
		return fault.ErrInvalid.At("body.wecom_user_id", "is taken for new users only")
	case u.hash != "":
		return fault.ErrInvalid.At("body.password_hash", "is taken for new users only")
	}
	return nil
}

// apply is the user after the row.
func (u userRow) apply(before identity.User, departments []string) identity.User {
	after := before
	p := u.profile
	after.Username = p.Username
	if p.Name != "" {
		after.Name = p.Name
	}
	if u.sent["email"] {
		after.Email = p.Email
	}
	if u.sent["phone"] {
		after.Phone = p.Phone
	}
	if p.Locale != "" {
		after.Locale = p.Locale
	}
	if u.sent["departments"] {
		after.Departments = departments
	}
	return after
}

// once refuses what stands in more rows than one, by its key.
type once map[string]bool

func (o once) check(in row, column, text string, r *report) {
	key := store.Fold(text)
	if o[key] {
		r.refuse(in.number, column, "", "stands twice")
	}
	o[key] = true
}
