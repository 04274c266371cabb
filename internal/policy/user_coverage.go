package policy

import (
	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/store"
)

// InDepartments is true for users u of the departments ?, a [store.Set].
const InDepartments = `EXISTS (
			SELECT 1
			FROM user_departments m
			WHERE m.tenant_id = $1 AND m.user_id = u.id AND m.department_id IN ?)`

// UsersCovered says which users u a filter of the access rules covers, as alternatives: it is
// [access.Filter.Covers] for users, of whom the owner is the user.
func UsersCovered(f access.Filter) []store.Condition {
	return store.Coverage{Owner: "u.id = ?", Department: InDepartments}.Alternatives(f)
}
