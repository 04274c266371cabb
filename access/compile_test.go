package access_test

import (
	"fmt"
	"testing"

	"github.com/usher-desk/usher/access"
)

func TestCompileRefusesWhatItCannotDecide(t *testing.T) {
	for name, spoil := range map[string]func(t *access.Tenant){
		"tenant without id":        func(t *access.Tenant) { t.ID = "" },
		"department without id":    func(t *access.Tenant) { t.Departments[0].ID = "" },
		"department twice":         func(t *access.Tenant) { t.Departments[1].ID = "it" },
		"no such parent":           func(t *access.Tenant) { t.Departments[1].Parent = "nowhere" },
		"its own parent":           func(t *access.Tenant) { t.Departments[1].Parent = "hr" },
		"a cycle of three":         func(t *access.Tenant) { t.Departments[0].Parent = "it-printers" },
		"role without name":        func(t *access.Tenant) { t.Roles[0].Name = "" },
		"role in upper case":       func(t *access.Tenant) { t.Roles[0].Name = "Agent" },
		"role with a hyphen":       func(t *access.Tenant) { t.Roles[3].Name = "re-tired" },
		"role named like a list":   func(t *access.Tenant) { t.Roles = append(t.Roles, access.Role{Name: "permissions"}) },
		"role named *":             func(t *access.Tenant) { t.Roles = append(t.Roles, access.Role{Name: "*"}) },
		"role twice":               func(t *access.Tenant) { t.Roles = append(t.Roles, access.Role{Name: "agent"}) },
		"half a permission":        func(t *access.Tenant) { t.Roles[0].Permissions[0].Action = "" },
		"no scope":                 func(t *access.Tenant) { t.Roles[0].Permissions[0].Scope = 0 },
		"narrow wildcard":          func(t *access.Tenant) { t.Roles[2].Permissions[0].Scope = access.Own },
		"action all":               func(t *access.Tenant) { t.Roles[0].Permissions[0].Action = "all" },
		"user without id":          func(t *access.Tenant) { t.Users[0].ID = "" },
		"user twice":               func(t *access.Tenant) { t.Users[0].ID = "lead" },
		"no such role":             func(t *access.Tenant) { t.Users[0].Assignments[0].Role = "nobody" },
		"assignment twice":         func(t *access.Tenant) { user(t, "guest").Assignments[1].ID = "a" },
		"user nowhere":             func(t *access.Tenant) { t.Users[0].Departments = []string{"nowhere"} },
		"assignment nowhere":       func(t *access.Tenant) { t.Users[0].Assignments[0].Departments = []string{"nowhere"} },
		"broken permission listed": func(t *access.Tenant) { user(t, "listed").PermissionList[0].Scope = 9 },
	} {
		broken := office()
		spoil(&broken)
		if _, err := access.Compile(access.BuiltIn(), broken); err == nil {
			t.Errorf("%s: compiled", name)
		}
	}
}

// Ids are any text that is not empty; none may be taken for two others.
func TestDepartmentIdsCannotRunTogether(t *testing.T) {
	for _, joint := range []string{"a\x00b", "a b", `a" "b`, "a,b"} {
		s := must(access.Compile(access.BuiltIn(), access.Tenant{
			ID:          "t",
			Departments: []access.Department{{ID: "a"}, {ID: "b"}, {ID: joint}},
			Users: []access.User{
				{ID: "both", Active: true, Departments: []string{"a", "b"}, PermissionList: []access.Permission{readConversation.At(access.Departmental)}},
				{ID: "joint", Active: true, Departments: []string{joint}, PermissionList: []access.Permission{readConversation.At(access.Departmental)}},
			},
		}))
		o := &access.Object{Tenant: "t", Resource: "conversation", ID: "o", Departments: []string{"a"}}
		if !subject(s, "both").Check(readConversation, o, noon).Allow || subject(s, "joint").Check(readConversation, o, noon).Allow {
			t.Errorf("department %q is taken for two", joint)
		}
	}
}

// A snapshot must not change under the goroutines that share it, neither
// through what it was made from nor through what it gives away.
func TestSnapshotsDoNotChange(t *testing.T) {
	source := office()
	s := must(access.Compile(access.BuiltIn(), source))
	for _, plain := range []access.Tenant{source, s.Tenant()} {
		plain.Departments[2].Parent = "hr"
		plain.Roles[0].Permissions[0] = access.MustParse("*")
		user(&plain, "agent").Departments[0] = "hr"
		user(&plain, "guest").Assignments[0].Departments[0] = "hr"
		user(&plain, "listed").PermissionList[0] = access.MustParse("*")
	}
	grants := subject(s, "chief").Grants(noon)
	grants[0].Departments[0] = "hr"
	subject(s, "agent").User().Departments[0] = "hr"
	if got, want := fmt.Sprint(s.Tenant()), fmt.Sprint(must(access.Compile(access.BuiltIn(), office())).Tenant()); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if f := subject(s, "chief").Filter(readConversation, noon); f.Departments[0] != "it" {
		t.Errorf("%+v", f)
	}
}

// The compiled form of large reaches differs from that of small ones.
func TestReachesOfEverySize(t *testing.T) {
	for size := range 20 {
		tenant := access.Tenant{ID: "t", Departments: []access.Department{{ID: "outside"}, {ID: "top"}}}
		for i := range size {
			tenant.Departments = append(tenant.Departments, access.Department{ID: fmt.Sprint(i), Parent: "top"})
		}
		tenant.Users = []access.User{{
			ID: "u", Active: true, Departments: []string{"top"},
			PermissionList: []access.Permission{readConversation.At(access.Departmental)},
		}}
		who := subject(must(access.Compile(access.BuiltIn(), tenant)), "u")
		for _, d := range tenant.Departments {
			o := &access.Object{Tenant: "t", Resource: "conversation", ID: "o", Departments: []string{d.ID}}
			if got := agree(t, who, readConversation, o, noon).Allow; got != (d.ID != "outside") {
				t.Errorf("%d below: %s is reached: %t", size, d.ID, got)
			}
		}
	}
}

func TestSnapshotTellsItsData(t *testing.T) {
	s := compiled(func(t *access.Tenant) { t.Suspended = true })
	if s.TenantID() != "acme" || !s.Suspended() || s.Catalogue() != access.BuiltIn() || subject(s, "gone").Snapshot() != s {
		t.Error("a snapshot is not what was compiled")
	}
	if r, found := s.Role("retired"); !found || r.Active || len(r.Permissions) != 2 {
		t.Errorf("%+v", r)
	}
	if _, found := s.Role("nobody"); found {
		t.Error("found a role that does not exist")
	}
	if u := subject(s, "listed").User(); u.ID != "listed" || len(u.Assignments) != 1 || len(u.PermissionList) != 1 {
		t.Errorf("%+v", u)
	}
	if _, err := access.Compile(nil, office()); err == nil {
		t.Error("compiled without a catalogue")
	}
}

func TestReach(t *testing.T) {
	if got := compiled().Reach([]string{"it-desktop", "hr", "nowhere"}); fmt.Sprint(got) != "[hr it-desktop it-printers]" {
		t.Errorf("%v", got)
	}
}
