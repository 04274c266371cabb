package exchange

import (
	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
)

// userRow is a user as a row says it. What the file has no column for stays as it is, or begins as ever.
type userRow struct {
	number      int
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
	out := userRow{number: in.number, sent: map[string]bool{}}
	for column := range in.cells {
		out.sent[column] = true
	}
	p := &out.profile
	for column, field := range map[string]*string{
		"username": &p.Username, "name": &p.Name, "email": &p.Email, "phone": &p.Phone, "locale": &p.Locale,
	} {
		*field, _ = in.text(column, r)
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
	out.hash, _ = in.text("password_hash", r)
	out.wecom, _ = in.text("wecom_user_id", r)
	out.check(r)
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
func (u userRow) check(r *report) {
	p := u.profile
	if p.Name == "" {
		p.Name = p.Username
	}
	if p.Locale == "" {
		p.Locale = "en"
	}
	if err := identity.CheckProfile(p); err != nil {
		_ = r.refused(u.number, err) // which is a refusal
	}
	if err := identity.CheckImportedHash(u.hash); u.hash != "" && err != nil {
		_ = r.refused(u.number, err)
	}
	if err := identity.CheckWeComUserID(u.wecom); u.wecom != "" && err != nil {
		_ = r.refused(u.number, err)
	}
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
