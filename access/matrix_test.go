package access_test

import (
	"testing"

	"github.com/usher-desk/usher/access"
)

// The matrix holds the desk presets against the first written form of the
// rules: for the very same cells, what each of the two presets says. An
// operation that the catalogue does not have counts as false there.
func TestMatrix(t *testing.T) {
	var cells []struct {
		Role, Resource, Action string
		Scope                  access.Scope
		Desk                   bool `json:"it-desk"`
		Open                   bool `json:"it-desk-open"`
	}
	read(t, "matrix.json", &cells)
	if len(cells) != 5*4*4*3 {
		t.Fatalf("%d cells", len(cells))
	}
	desk, open := presetTenant("it-desk"), presetTenant("it-desk-open")
	for _, c := range cells {
		op, err := access.BuiltIn().Operation(c.Resource, c.Action)
		for _, preset := range []struct {
			s    *access.Snapshot
			want bool
		}{{desk, c.Desk}, {open, c.Open}} {
			subject, _ := preset.s.Subject(c.Role)
			if got := err == nil && subject.Holds(op, c.Scope, noon); got != preset.want {
				t.Errorf("%s: %s holds %s:%s:%v: %t", preset.s.TenantID(), c.Role, c.Resource, c.Action, c.Scope, got)
			}
		}
	}
}

// presetTenant has a user of each role, named like it.
func presetTenant(preset string) *access.Snapshot {
	t := access.Tenant{ID: preset}
	roles, _ := access.Preset(preset)
	for _, r := range roles {
		t.Roles = append(t.Roles, access.Role{Name: r.Name, Active: true, Permissions: r.Permissions})
		t.Users = append(t.Users, access.User{ID: r.Name, Active: true, Assignments: []access.Assignment{{Role: r.Name}}})
	}
	return must(access.Compile(access.BuiltIn(), t))
}
