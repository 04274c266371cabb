package access_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/usher-desk/usher/access"
)

// names shortens grants to what tests compare.
func names(grants []access.Grant) []string {
	list := []string{}
	for _, g := range grants {
		name := g.From + " " + g.String()
		if g.Departments != nil {
			name += fmt.Sprint(" ", g.Departments)
		}
		list = append(list, name)
	}
	return list
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestGrantsAreThoseInForce(t *testing.T) {
	s := compiled()
	same(t, "guest", names(subject(s, "guest").Grants(noon)),
		"lead conversation:read:department [it-network]",
		"lead queue:read:department [it-network]",
		"lead user:view:all")
	same(t, "listed", names(subject(s, "listed").Grants(noon)),
		"permissions conversation:read:department [it it-desktop it-network it-printers]")
	same(t, "gone", names(subject(s, "gone").Grants(noon)))
	same(t, "roles of guest", subject(s, "guest").Roles(noon), "lead")
	same(t, "roles of listed", subject(s, "listed").Roles(noon))
}

// The same role may be assigned more than once, and a permission may stand
// twice in a role: sources and permissions are told once, each grant apart.
func TestWhatStandsTwiceIsToldOnce(t *testing.T) {
	s := compiled(func(t *access.Tenant) {
		t.Roles[1].Permissions = append(t.Roles[1].Permissions, t.Roles[1].Permissions[2], t.Roles[1].Permissions[0])
		user(t, "lead").Assignments = append(user(t, "lead").Assignments,
			access.Assignment{ID: "b", Role: "lead", Departments: []string{"it-printers", "it-printers"}})
	})
	lead := subject(s, "lead")
	same(t, "roles", lead.Roles(noon), "lead")
	same(t, "by", lead.Explain(readConversation, conversation("it-printers"), noon).By, "lead")
	same(t, "grants", names(lead.Grants(noon)),
		"lead conversation:read:department [it-desktop it-printers]",
		"lead queue:read:department [it-desktop it-printers]",
		"lead user:view:all",
		"lead conversation:read:department [it-printers]",
		"lead queue:read:department [it-printers]",
		"lead user:view:all")
	same(t, "filter", lead.Filter(readConversation, noon).Departments, "it-desktop", "it-printers")
	same(t, "permissions", lead.Permissions(noon), "conversation:read:department", "queue:read:department", "user:view:all")
}

func TestPotentialGrantsCountWhatIsAsleep(t *testing.T) {
	s := compiled(func(t *access.Tenant) { t.Suspended = true })
	same(t, "gone", names(subject(s, "gone").PotentialGrants()), "admin *:*:all")
	same(t, "listed", names(subject(s, "listed").PotentialGrants()),
		"permissions conversation:read:department [it it-desktop it-network it-printers]",
		"admin *:*:all")
	same(t, "guest", names(subject(s, "guest").PotentialGrants()),
		"agent conversation:read:own",
		"agent conversation:read:unassigned",
		"agent conversation:take:unassigned",
		"lead conversation:read:department [it-network]",
		"lead queue:read:department [it-network]",
		"lead user:view:all",
		"retired conversation:delete:all",
		"retired conversation:export:department [hr]")
}

func TestLacks(t *testing.T) {
	grant := func(name string, departments ...string) access.Grant {
		return access.Grant{Permission: access.MustParse(name), Departments: departments}
	}
	s := compiled(func(t *access.Tenant) {
		every := []access.Permission{}
		for op := range access.BuiltIn().Operations() {
			every = append(every, op.At(access.All))
		}
		t.Roles = append(t.Roles, access.Role{Name: "every", Active: true, Permissions: every})
		t.Users = append(t.Users,
			access.User{ID: "every", Active: true, Assignments: []access.Assignment{{Role: "every"}}},
			access.User{ID: "two", Active: true, Assignments: []access.Assignment{
				{Role: "lead", Departments: []string{"it-network"}}, {Role: "lead", Departments: []string{"hr"}},
			}})
	})
	for _, test := range []struct {
		actor string
		grant access.Grant
		lacks bool
	}{
		{"admin", grant("*"), false},
		{"admin", grant("conversation:*:department", "it", "hr"), false},
		{"every", grant("*"), true},
		{"every", grant("conversation:*"), true},
		{"every", grant("conversation:read:department", "it"), false},
		{"lead", grant("conversation:read:department", "it-desktop", "it-printers"), false},
		{"lead", grant("conversation:read:department", "it-printers"), false},
		{"lead", grant("conversation:read:department", "it-desktop", "it-network"), true},
		{"lead", grant("conversation:read:department"), false},
		{"lead", grant("conversation:read:own"), false},
		{"lead", grant("conversation:read:unassigned"), true},
		{"lead", grant("conversation:read:all"), true},
		{"lead", grant("user:view:department", "hr"), false},
		{"agent", grant("conversation:read:own"), false},
		{"agent", grant("conversation:read:department"), true},
		{"two", grant("conversation:read:department", "hr"), false},
		{"two", grant("conversation:read:department", "hr", "it-network"), true},
		{"guest", grant("conversation:take:unassigned"), true},
		{"guest", grant("conversation:delete"), true},
		{"listed", grant("*"), true},
		{"gone", grant("conversation:read:own"), true},
	} {
		lacking := subject(s, test.actor).Lacks([]access.Grant{test.grant}, noon)
		if (len(lacking) > 0) != test.lacks {
			t.Errorf("%s lacks %v %v: %v", test.actor, test.grant, test.grant.Departments, lacking)
		}
	}
}

func TestRoleGrantsReachAsFarAsEveryHolder(t *testing.T) {
	s := compiled()
	same(t, "lead", names(s.RoleGrants("lead")),
		"lead conversation:read:department [it it-desktop it-network it-printers]",
		"lead queue:read:department [it it-desktop it-network it-printers]",
		"lead user:view:all",
		"lead conversation:read:department [it-desktop it-printers]",
		"lead queue:read:department [it-desktop it-printers]",
		"lead conversation:read:department [it-network]",
		"lead queue:read:department [it-network]")
	same(t, "retired", names(s.RoleGrants("retired")),
		"retired conversation:delete:all", "retired conversation:export:department [hr]")
	asleep := compiled(func(t *access.Tenant) {
		user(t, "agent").PermissionList = []access.Permission{}
		t.Roles[0].Active = false
	})
	same(t, "behind a list", names(asleep.RoleGrants("agent")),
		"agent conversation:read:own", "agent conversation:read:unassigned", "agent conversation:take:unassigned")
	displaced := compiled(func(t *access.Tenant) {
		user(t, "chief").PermissionList = []access.Permission{}
		t.Users = t.Users[2:3]
	})
	same(t, "the only holder has a list", names(displaced.RoleGrants("lead")),
		"lead conversation:read:department [it it-desktop it-network it-printers]",
		"lead queue:read:department [it it-desktop it-network it-printers]",
		"lead user:view:all")
	vacant := compiled(func(t *access.Tenant) { user(t, "guest").Assignments = nil })
	same(t, "vacant", names(vacant.RoleGrants("retired")),
		"retired conversation:delete:all", "retired conversation:export:department")
	same(t, "unknown", names(s.RoleGrants("nobody")))
}

func TestAdministrators(t *testing.T) {
	same(t, "office", compiled().Administrators(), "admin")
	for name, change := range map[string]func(t *access.Tenant){
		"expiry": func(t *access.Tenant) {
			user(t, "admin").Assignments[0].ExpiresAt = noon.Add(100 * 365 * 24 * time.Hour)
		},
		"disabled":     func(t *access.Tenant) { user(t, "admin").Active = false },
		"role at rest": func(t *access.Tenant) { t.Roles[2].Active = false },
		"list":         func(t *access.Tenant) { user(t, "admin").PermissionList = []access.Permission{} },
		"role cut":     func(t *access.Tenant) { t.Roles[2].Permissions = []access.Permission{access.MustParse("user:*")} },
	} {
		same(t, name, compiled(change).Administrators())
	}
	same(t, "through a list", compiled(func(t *access.Tenant) {
		user(t, "agent").PermissionList = []access.Permission{access.MustParse("*")}
	}).Administrators(), "admin", "agent")
	same(t, "suspended", compiled(func(t *access.Tenant) { t.Suspended = true }).Administrators(), "admin")
}

func TestGrantsAreWrittenWhole(t *testing.T) {
	text, err := json.Marshal(subject(compiled(), "guest").Grants(noon)[0])
	want := `{"permission":"conversation:read:department","from":"lead","assignment":"a","departments":["it-network"]}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

func TestWhatCanNamesEverySource(t *testing.T) {
	s := compiled(func(t *access.Tenant) {
		chief := user(t, "chief")
		chief.Departments = []string{"hr"}
		chief.Assignments = append(chief.Assignments,
			access.Assignment{ID: "b", Role: "lead", Departments: []string{"it-desktop"}}, access.Assignment{ID: "c", Role: "agent"})
		t.Roles[0].Permissions = append(t.Roles[0].Permissions, access.MustParse("user:view"))
	})
	var got []string
	for _, e := range subject(s, "chief").WhatCan(noon) {
		got = append(got, fmt.Sprint(e.Permission, e.By, e.Departments))
	}
	same(t, "chief", got,
		"conversation:read:department [lead] [hr it-desktop it-printers]",
		"conversation:read:own [agent] []",
		"conversation:read:unassigned [agent] []",
		"conversation:take:unassigned [agent] []",
		"queue:read:department [lead] [hr it-desktop it-printers]",
		"user:view:all [agent lead] []")
}

func TestVisitors(t *testing.T) {
	s := compiled()
	visitor := must(s.Visitor("platform-zhou", []access.Permission{access.MustParse("conversation:read"), access.MustParse("queue:*:department")}))
	if !visitor.Check(readConversation, conversation("hr"), noon).Allow || visitor.Holds(takeConversation, access.Own, noon) {
		t.Error("a visitor holds something else than what was given")
	}
	queue := &access.Object{Tenant: "acme", Resource: "queue", Departments: []string{"it", ""}}
	if visitor.Check(access.BuiltIn().MustOperation("queue", "read"), queue, noon).Allow {
		t.Error("a visitor belongs to a department")
	}
	if _, found := s.Subject("platform-zhou"); found || len(s.Subjects()) != len(office().Users) {
		t.Error("a visitor became a user")
	}
	for _, id := range []string{"", "agent", "gone"} {
		if _, err := s.Visitor(id, nil); err == nil {
			t.Errorf("%q became a visitor", id)
		}
	}
	suspended := compiled(func(t *access.Tenant) { t.Suspended = true })
	if must(suspended.Visitor("v", []access.Permission{access.MustParse("*")})).Holds(readConversation, access.Own, noon) {
		t.Error("a visitor holds something in a suspended tenant")
	}
}
