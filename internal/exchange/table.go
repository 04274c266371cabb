package exchange

import (
	"slices"

	"github.com/usher-desk/usher/internal/fault"
)

// maxRows is how many rows a file may have, either way: an export is a file that can be imported.
const maxRows = 20_000

// table is one of the four that are imported and exported.
type table struct {
	name    string
	noun    string   // of one row, as in events
	needs   string   // the permission without which nobody imports it
	columns []string // in the order of an export; a row is known by the first
	brings  []string // columns that an import takes and no export has
}

var (
	users = table{name: "users", noun: "user", needs: "user:import", columns: []string{
		"username", "name", "email", "phone", "locale", "departments", "roles", "permission_list", "active", "wecom_user_id",
	}, brings: []string{"password_hash"}}
	departments = table{name: "departments", noun: "department", needs: "department:create", columns: []string{"path"}}
	roles       = table{name: "roles", noun: "role", needs: "role:create", columns: []string{
		"name", "label_zh", "label_en", "description_zh", "description_en", "permissions", "requires_mfa", "active",
	}}
	assignments = table{name: "assignments", noun: "assignment", needs: "role:assign", columns: []string{
		"username", "role", "expires_at", "departments",
	}}
)

// mapping says what the columns of a file mean.
type mapping struct {
	columns map[string]string // of the file, by what they are called there
	foreign bool              // the file comes from elsewhere: what is of no use here is passed over
	agents  bool              // an admin of the file leads a team, or administers, which nothing in it tells
	admin   string            // the role that such an admin gets; "" where nobody has said
}

// mappings are those of users from other desks, by name. In both an empty permission list means that the role
// decides.
var mappings = map[string]mapping{
	"agents": {foreign: true, agents: true, columns: map[string]string{
		"user_id": "username", "name": "name", "email": "email", "phone": "phone", "role": "roles", "permissions": "permission_list",
		"password_hash": "password_hash",
	}},
	"single_role": {foreign: true, columns: map[string]string{
		"username": "username", "name": "name", "email": "email", "phone": "phone", "locale": "locale", "role": "roles",
		"permissions": "permission_list", "permission_list": "permission_list", "departments": "departments",
		"password_hash": "password_hash",
	}},
}

// own is the mapping of files that were made for Usher.
func (t table) own() mapping {
	m := mapping{columns: map[string]string{}}
	for _, c := range slices.Concat(t.columns, t.brings) {
		m.columns[c] = c
	}
	return m
}

// passwordColumns are called so wherever passwords and what is made from them are kept. Only the hashes of
// new users are taken, where the table says so.
var passwordColumns = []string{"password", "password_hash", "password_digest", "hashed_password"}

// place finds what the columns of a file mean here: "" for those of no use, which are named as well.
func (m mapping) place(t table, columns []string) (meanings, unused []string, err error) {
	for i, c := range columns {
		meaning, known := m.columns[c]
		switch {
		case !known && slices.Contains(passwordColumns, c):
			return nil, nil, errPasswords
		case known && slices.Contains(meanings, meaning):
			return nil, nil, wrongColumn(i, "stands twice")
		case !known && !m.foreign:
			return nil, nil, wrongColumn(i, "is no column of "+t.name)
		case !known:
			unused = append(unused, c)
		}
		meanings = append(meanings, meaning)
	}
	if !slices.Contains(meanings, t.columns[0]) {
		return nil, nil, fault.ErrInvalid.At("columns", "%s is missing", t.columns[0])
	}
	return meanings, unused, nil
}

func wrongColumn(i int, message string) error {
	return fault.ErrInvalid.At("columns", "number %d %s", i+1, message)
}
