package policy_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/policy"
)

// FuzzRoleEntry reads whatever may stand in a list of roles: nothing becomes an assignment of
// something that the tenant does not have, or of something past.
func FuzzRoleEntry(f *testing.F) {
	for _, seed := range []string{
		`["agent"]`, `[{"role":"agent","expires_at":"2030-01-02T03:04:05.678901234+08:00","departments":["d"]}]`,
		`[{"role":"none"}]`, `[null]`, `[{}]`,
		`[{"role":"agent","expires_at":"0001-01-01T00:00:00Z"}]`, `[{"role":"agent","expires_at":"9999-12-31T23:59:59-23:00"}]`,
		`[{"role":"agent","departments":[]},{"role":"agent","departments":null}]`, `[{"expires_at":"x"}]`,
		`[{"role":"agent","expires_at":"next year"}]`, `[{"role":"agent","expires_at":7}]`, `[{"Role":"agent"}]`, `[7]`,
	} {
		f.Add([]byte(seed))
	}
	now := time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC)
	s, err := access.Compile(access.BuiltIn(), access.Tenant{
		ID: "t", Departments: []access.Department{{ID: "d"}}, Roles: []access.Role{{Name: "agent", Active: true}},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var entries []policy.RoleEntry
		if json.Unmarshal(text, &entries) != nil {
			return
		}
		list, err := policy.ParseAssignments(s, now, "body.roles", entries)
		if err != nil {
			return
		}
		for i, a := range list {
			if _, known := s.Role(a.Role); !known || a.ID != "" {
				t.Errorf("%q became %+v", text, a)
			}
			if a.ExpiresAt.IsZero() != (entries[i].ExpiresAt == nil) || a.ExpiresAt.After(now.AddDate(100, 0, 0)) {
				t.Errorf("%q, which expires at %v, became %+v", text, entries[i].ExpiresAt, a)
			}
			if !a.ExpiresAt.IsZero() && (!a.ExpiresAt.After(now) || a.ExpiresAt.Nanosecond()%1000 != 0) {
				t.Errorf("%q expires at %v", text, a.ExpiresAt)
			}
			if len(s.Reach(a.Departments)) != min(len(a.Departments), 1) {
				t.Errorf("%q reaches %q", text, a.Departments)
			}
		}
	})
}
