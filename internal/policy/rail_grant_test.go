package policy

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/fault"
)

// crowd is a tenant before and after so many users have come, each with every role of the tenant. The actor holds
// everything, or where they are weak the one permission that only the first role grants.
func crowd(users, roles int, weak bool) (before, after world) {
	before = world{Tenant: access.Tenant{ID: "t"}, versions: map[string]int64{}}
	var permissions []access.Permission
	for _, action := range []string{"read", "take", "close", "export", "barge", "create", "update", "delete"} {
		permissions = append(permissions, access.Permission{Resource: "conversation", Action: action, Scope: access.All})
	}
	for i := range roles {
		before.Roles = append(before.Roles, access.Role{Name: fmt.Sprint("r", i), Active: true, Permissions: permissions[min(i, 1):]})
	}
	everything := []access.Permission{{Resource: access.Any, Action: access.Any, Scope: access.All}}
	actor := access.User{ID: "u0", Active: true, PermissionList: everything}
	if weak {
		actor.PermissionList = permissions[:1]
	}
	before.Users = []access.User{actor, {ID: "root", Active: true, PermissionList: everything}}
	after = before.clone()
	for i := range users {
		u := access.User{ID: fmt.Sprint("n", i), Active: true}
		for k := range roles {
			u.Assignments = append(u.Assignments, access.Assignment{ID: fmt.Sprint(u.ID, "/", k), Role: fmt.Sprint("r", k)})
		}
		after.Users = append(after.Users, u)
	}
	return before, after
}

// What a file gives to everybody in it is not gathered before it is measured: that alone would be 90 MB here, and with as
// many users as a file may have ten times as much.
func TestWhatManyGetIsMeasuredOneByOne(t *testing.T) {
	before, after := crowd(2000, maxAssignments, false)
	c := newChange(before.compile(t), after.compile(t), access.Subject{}, now, []string{"root"})
	c.actor, _ = c.before.Subject("u0")
	runtime.GC()
	var was, is runtime.MemStats
	runtime.ReadMemStats(&was)
	for grants := range c.writtenToUsers {
		if len(grants) > maxAssignments*8 {
			t.Fatalf("%d grants at once are those of more than one user", len(grants))
		}
	}
	if err := judge(c); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&is)
	if grown := int64(is.HeapSys-was.HeapSys) >> 20; grown > 64 {
		t.Errorf("judging needed %d MB more", grown)
	}
}

// A refusal still tells all that is missing, whoever would have got it, and each thing once.
func TestWhatManyGetIsRefusedAsAWhole(t *testing.T) {
	before, after := crowd(3, 2, true)
	want := "you lack conversation:barge:all, conversation:close:all, conversation:create:all, conversation:delete:all, " +
		"conversation:export:all, conversation:take:all, conversation:update:all"
	if err := judged(t, before, after, nil); !errors.Is(err, ErrCannotGrant) || fault.From(err).Detail != want {
		t.Errorf("refused with %v: %q", err, fault.From(err).Detail)
	}
}

// Of much that is missing a refusal names some, and says how much more there is.
func TestARefusalDoesNotNameEverything(t *testing.T) {
	before, after := crowd(0, 1, true)
	much := access.Role{Name: "much", Active: true}
	for op := range access.BuiltIn().Operations() {
		much.Permissions = append(much.Permissions, access.Permission{Resource: op.Resource(), Action: op.Action(), Scope: access.All})
	}
	after.Roles = append(after.Roles, much)
	err := judged(t, before, after, nil)
	detail := fault.From(err).Detail
	lacking := len(much.Permissions) - 1 // the actor holds one
	if !strings.HasSuffix(detail, fmt.Sprintf(" and %d more", lacking-toldPermissions)) || strings.Count(detail, ",") != toldPermissions-1 {
		t.Errorf("of %d that are missing: %v", lacking, err)
	}
}

// Nobody comes to have more roles in a tenant than it may have; one that has them all the same may have fewer.
func TestATenantHasOnlySoManyRoles(t *testing.T) {
	before, _ := crowd(0, maxRoles, false)
	after := before.clone()
	after.Roles = append(after.Roles, access.Role{Name: "more", Active: true})
	if err := judged(t, before, after, []string{"root"}); !errors.Is(err, ErrRolesFull) {
		t.Errorf("one more is refused with %v", err)
	}
	fewer := after.clone()
	fewer.Roles = fewer.Roles[1:]
	if err := judged(t, after, fewer, []string{"root"}); err != nil {
		t.Errorf("one less is refused with %v", err)
	}
	if err := judged(t, fewer, before, []string{"root"}); err != nil {
		t.Errorf("as many as there may be are refused with %v", err)
	}
}

// Nobody looks into the roles of somebody who gets too many of them.
func TestTooManyRolesComeBeforeWhatIsInThem(t *testing.T) {
	before, after := crowd(1, maxAssignments+1, true)
	if err := judged(t, before, after, nil); !errors.Is(err, ErrTooManyRoles) {
		t.Errorf("refused with %v", err)
	}
}
