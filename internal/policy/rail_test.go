package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/server/servertest"
)

// office is a tenant with an administrator and somebody who may change access, but not everything.
type office struct {
	*servertest.Tenant
	root  *servertest.Client // holds *:*:all
	north string
	south string
	clerk *servertest.User // holds user:*:all, role:*:all, department:*:all and what the default role grants
	desk  *servertest.Client
}

func newOffice(t *testing.T, s *servertest.Server) *office {
	o := &office{Tenant: s.NewTenant("acme", "it-desk")}
	o.north, o.south = o.NewDepartment("North", ""), o.NewDepartment("South", "")
	o.root = o.NewUser("root", nil, "admin").SignIn()
	newRole(o.root, "clerk", "user:*", "role:*", "department:*", "system_config:*", "conversation:*:own", "report:read:department", "knowledge:read").Expect(201)
	o.clerk = o.NewUser("clerk", []string{o.north}, "clerk")
	o.desk = o.clerk.SignIn()
	return o
}

// lacks fails the test unless the refusal names exactly this as missing.
func lacks(t *testing.T, a *servertest.Answer, code, missing string) {
	t.Helper()
	if detail := a.Refused(403, code).String("detail"); detail != "you lack "+missing {
		t.Errorf("detail %q, want what is lacking: %s", detail, missing)
	}
}

func TestNobodyWritesIntoARoleWhatTheyLack(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.desk, "fine", "user:read:department", "report:read:department").Expect(201)
		lacks(t, newRole(o.desk, "big", "*", "knowledge:read", "conversation:read:unassigned"), "cannot_grant", "*:*:all, conversation:read:unassigned")
		lacks(t, patch(o.desk, "/v1/roles/fine", object{"permissions": []string{"report:read"}}), "cannot_grant", "report:read:all")
		o.root.Do("GET", "/v1/roles/big", nil).Refused(404, "not_found")

		// What a department scope reaches is checked for every holder.
		o.NewUser("far", []string{o.south}, "fine")
		lacks(t, patch(o.desk, "/v1/roles/fine", object{"permissions": []string{"report:read:department", "knowledge:read"}}),
			"stronger_role", "report:read:department (reaching "+o.south+")")
	})
}

func TestNobodyActivatesWhatTheyLack(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.root, "exporter", "conversation:export").Expect(201)
		lacks(t, o.desk.Do("POST", "/v1/roles/exporter/deactivate", nil), "stronger_role", "conversation:export:all")
		o.root.Do("POST", "/v1/roles/exporter/deactivate", nil).Expect(200)
		lacks(t, o.desk.Do("POST", "/v1/roles/exporter/activate", nil), "cannot_grant", "conversation:export:all")
		newRole(o.desk, "fine", "user:read").Expect(201)
		o.desk.Do("POST", "/v1/roles/fine/deactivate", nil).Expect(200)
		o.desk.Do("POST", "/v1/roles/fine/activate", nil).Expect(200)
	})
}

func TestNobodyTouchesAStrongerRole(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.root, "exporter", "conversation:export", "knowledge:read").Expect(201)
		lacks(t, patch(o.desk, "/v1/roles/exporter", object{"label_en": "x"}), "stronger_role", "conversation:export:all")
		lacks(t, patch(o.desk, "/v1/roles/exporter", object{"permissions": []string{"knowledge:read"}}), "stronger_role", "conversation:export:all")
		lacks(t, remove(o.desk, "/v1/roles/exporter"), "stronger_role", "conversation:export:all")
		lacks(t, o.desk.Do("POST", "/v1/roles/admin/deactivate", nil), "stronger_role", "*:*:all")
		o.root.Do("GET", "/v1/roles/exporter", nil).Expect(200)
	})
}

func TestNobodyGivesAUserWhatTheyLack(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		ann := o.NewUser("ann", nil, "user")
		path := "/v1/users/" + ann.ID
		lacks(t, put(o.desk, path+"/roles", object{"roles": []any{"admin"}}), "cannot_grant", "*:*:all")
		lacks(t, put(o.desk, path+"/permission-list", object{"permission_list": []string{"audit_log:read", "user:read"}}), "cannot_grant", "audit_log:read:all")
		newRole(o.desk, "reporter", "report:read:department").Expect(201)
		lacks(t, put(o.desk, path+"/roles", object{"roles": []any{object{"role": "reporter", "departments": []string{o.south}}}}),
			"cannot_grant", "report:read:department (reaching "+o.south+")")
		put(o.desk, path+"/roles", object{"roles": []any{object{"role": "reporter", "departments": []string{o.north}}}}).Expect(200)
		put(o.desk, path+"/permission-list", object{"permission_list": []string{"user:read:own"}}).Expect(200)
	})
}

func TestWhatWouldComeBackCountsAsWritten(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		ann := o.NewUser("ann", nil, "user")
		path := "/v1/users/" + ann.ID
		expired := policy.Assignment{Role: "auditor", ExpiresAt: s.Clock.Now().Add(-time.Hour)}
		give(t, s, ann, expired)
		for _, change := range []*servertest.Answer{
			put(o.desk, path+"/roles", object{"roles": []any{}}),
			put(o.desk, path+"/permission-list", object{"permission_list": []string{}}),
		} {
			change.Refused(403, "stronger_user") // as if nothing had expired
		}
		give(t, s, ann, policy.Assignment{Role: "auditor"})
		list(t, s, ann)
		put(o.desk, path+"/permission-list", object{"permission_list": []string{}}).Refused(403, "stronger_user")
		list(t, s, ann, "user:read:own")
		put(o.desk, path+"/permission-list", object{"permission_list": nil}).Refused(403, "stronger_user") // with and without the list
	})
}

func TestNobodyTouchesAStrongerUser(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		lead := o.NewUser("lead", []string{o.south}, "team_lead")
		path := "/v1/users/" + lead.ID
		refused := put(o.desk, path+"/roles", object{"roles": []any{}}).Refused(403, "stronger_user")
		if detail := refused.String("detail"); !strings.Contains(detail, "conversation:barge:department (reaching "+o.south+")") {
			t.Errorf("detail %q", detail)
		}
		o.desk.Do("POST", path+"/disable", nil).Refused(403, "stronger_user")
		o.desk.Do("POST", path+"/password-link", nil).Refused(403, "stronger_user")
		remove(o.desk, path).Refused(403, "stronger_user")
		o.root.Do("GET", path, nil).Expect(200)
	})
}

func TestNobodyChangesTheirOwnAccess(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		path := "/v1/users/" + o.clerk.ID
		put(o.desk, path+"/roles", object{"roles": []any{"clerk", "user"}}).Refused(403, "own_access")
		put(o.desk, path+"/roles", object{"roles": []any{}}).Refused(403, "own_access")
		put(o.desk, path+"/permission-list", object{"permission_list": []string{"user:read"}}).Refused(403, "own_access")
		patch(o.desk, path, object{"departments": []string{}}).Refused(403, "own_access")
		o.desk.Do("POST", path+"/disable", nil).Refused(403, "own_access")
		remove(o.desk, path).Refused(403, "own_access")
		remove(o.desk, "/v1/departments/"+o.north).Refused(403, "own_access") // they are in it
	})
}

func TestNobodyWidensAReachBeyondTheirOwn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		newRole(o.desk, "reporter", "report:read:department").Expect(201)
		ann := o.NewUser("ann", []string{o.north}, "reporter")
		missing := "report:read:department (reaching " + o.south + ")"
		lacks(t, patch(o.desk, "/v1/users/"+ann.ID, object{"departments": []string{o.north, o.south}}), "cannot_grant", missing)
		lacks(t, patch(o.desk, "/v1/departments/"+o.south, object{"parent": o.north}), "cannot_grant", missing)
		o.root.Do("GET", "/v1/departments/"+o.south, nil).Expect(200)

		// A new department has nothing in it, and what is below one's own is one's own.
		made := o.desk.Do("POST", "/v1/departments", object{"name": "Below", "parent": o.north}).Expect(201)
		patch(o.desk, "/v1/users/"+ann.ID, object{"departments": []string{made.String("id")}}).Expect(200)
		patch(o.desk, "/v1/departments/"+made.String("id"), object{"parent": o.south}).Expect(200)
		lacks(t, patch(o.desk, "/v1/departments/"+made.String("id"), object{"parent": o.north}), "cannot_grant",
			"report:read:department (reaching "+made.String("id")+")")
	})
}

func TestChoosingTheDefaultRoleIsGrantingIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		lacks(t, patch(o.desk, "/v1/settings", object{"default_role": "admin"}), "cannot_grant", "*:*:all")
		newRole(o.desk, "newcomer", "report:read:department").Expect(201)
		o.NewUser("far", []string{o.south}, "newcomer")
		patch(o.desk, "/v1/settings", object{"default_role": "newcomer"}).Expect(200) // it reaches nothing for a newcomer
	})
}

func TestANewUserMayGetTheDefaultRoleFromAnyone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		patch(o.root, "/v1/settings", object{"default_role": "auditor"}).Expect(200)
		o.desk.Do("POST", "/v1/users", object{"username": "new"}).Expect(201)
		o.desk.Do("POST", "/v1/users", object{"username": "placed", "departments": []string{o.north}}).Refused(403, "cannot_grant")
		o.desk.Do("POST", "/v1/users", object{"username": "strong", "roles": []any{"auditor", "user"}}).Refused(403, "cannot_grant")
	})
}

func TestARoleLimitHoldsForThoseWhoseRolesChange(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		firm := s.NewTenant("firm", "business")
		root := firm.NewUser("root", nil, "admin").SignIn()
		ann := firm.NewUser("ann", nil, "employee", "manager") // from before the limit
		path := "/v1/users/" + ann.ID + "/roles"
		root.Do("POST", "/v1/roles/manager/deactivate", nil).Expect(200)
		refused := put(root, path, object{"roles": []any{"employee", "manager", object{"role": "manager", "departments": []string{}}}})
		if detail := refused.Refused(409, "too_many_roles").String("detail"); detail != "2 roles, at most 1" {
			t.Errorf("detail %q", detail)
		}
		put(root, path, object{"roles": []any{"manager", object{"role": "manager", "departments": []string{}}}}).Expect(200)
	})
}

func TestAnAdministratorWhoCanSignInRemains(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		deputy := o.NewUser("deputy", nil, "clerk")
		list(t, s, deputy, "*")
		second := deputy.SignIn()
		var root string
		for _, item := range second.Do("GET", "/v1/users?q=root", nil).Expect(200).Value("items").([]any) {
			root = item.(object)["id"].(string)
		}
		path := "/v1/users/" + root
		put(second, path+"/roles", object{"roles": []any{}}).Expect(200) // the deputy remains
		put(second, path+"/roles", object{"roles": []any{"admin"}}).Expect(200)

		// Those who expire, are inactive, or cannot sign in do not count.
		list(t, s, deputy)
		give(t, s, deputy, policy.Assignment{Role: "admin", ExpiresAt: s.Clock.Now().Add(time.Hour)})
		o.root.Do("POST", "/v1/users", object{"username": "linkless", "roles": []any{"admin"}}).Expect(201)
		put(second, path+"/roles", object{"roles": []any{}}).Refused(409, "last_administrator")
		put(second, path+"/roles", object{"roles": []any{object{"role": "admin", "expires_at": later(s, time.Hour)}}}).Refused(409, "last_administrator")
		put(second, path+"/permission-list", object{"permission_list": []string{"user:*"}}).Refused(409, "last_administrator")
		second.Do("POST", path+"/disable", nil).Refused(409, "last_administrator")
		remove(second, path).Refused(409, "last_administrator")
		second.Do("POST", "/v1/roles/admin/deactivate", nil).Refused(409, "last_administrator")
		same(t, "roles", column(t, second.Do("GET", path+"/roles", nil).Value("roles"), "role"), []string{"admin"})
	})
}

func TestARefusedChangeLeavesNothingButItsRecord(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		before, err := s.Policy.Snapshot(t.Context(), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		a := newRole(o.desk, "big", "*").Refused(403, "cannot_grant")
		after, err := s.Policy.Snapshot(t.Context(), o.ID)
		if err != nil {
			t.Fatal(err)
		}
		if before != after {
			t.Error("a refused change replaced the snapshot")
		}
		kept := records(t, s, o.ID, "role.create")
		if len(kept) != 2 || kept[1] != a.Header.Get("Audit-Record") {
			t.Errorf("the trail has %v, and the refusal is %s", kept, a.Header.Get("Audit-Record"))
		}
	})
}
