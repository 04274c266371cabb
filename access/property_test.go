package access_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
)

// A drawnTenant is a random policy; its names come from small sets, so that
// users, departments and objects meet each other often.
type drawnTenant struct {
	access.Tenant
	operations []access.Operation
}

func drawTenant(t *rapid.T) drawnTenant {
	d := drawnTenant{Tenant: access.Tenant{ID: "t", Suspended: rapid.IntRange(0, 9).Draw(t, "suspended") == 0}}
	for _, name := range []string{"conversation", "agent", "role"} {
		for op := range access.BuiltIn().Operations() {
			if op.Resource() == name {
				d.operations = append(d.operations, op)
			}
		}
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "departments") {
		department := access.Department{ID: fmt.Sprintf("d%d", i)}
		if i > 0 && rapid.Bool().Draw(t, "below") {
			department.Parent = fmt.Sprintf("d%d", rapid.IntRange(0, i-1).Draw(t, "parent"))
		}
		d.Departments = append(d.Departments, department)
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "roles") {
		d.Roles = append(d.Roles, access.Role{
			Name: fmt.Sprintf("r%d", i), Active: rapid.IntRange(0, 3).Draw(t, "active") > 0,
			Permissions: d.drawPermissions(t),
		})
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "users") {
		d.Users = append(d.Users, d.drawUser(t, fmt.Sprintf("u%d", i)))
	}
	return d
}

func (d drawnTenant) drawUser(t *rapid.T, id string) access.User {
	u := access.User{ID: id, Active: rapid.IntRange(0, 5).Draw(t, "active") > 0, Departments: d.drawDepartments(t)}
	for i := range rapid.IntRange(0, 4).Draw(t, "assignments") {
		a := access.Assignment{ID: fmt.Sprint(i), Role: rapid.SampledFrom(d.Roles).Draw(t, "role").Name}
		if rapid.Bool().Draw(t, "expires") {
			a.ExpiresAt = noon.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "expiry")))
		}
		if rapid.Bool().Draw(t, "narrowed") {
			a.Departments = append([]string{}, d.drawDepartments(t)...)
		}
		u.Assignments = append(u.Assignments, a)
	}
	if rapid.IntRange(0, 4).Draw(t, "listed") == 0 {
		u.PermissionList = append([]access.Permission{}, d.drawPermissions(t)...)
	}
	return u
}

func (d drawnTenant) drawDepartments(t *rapid.T) []string {
	var ids []string
	for _, department := range d.Departments {
		if rapid.IntRange(0, 3).Draw(t, department.ID) == 0 {
			ids = append(ids, department.ID)
		}
	}
	return ids
}

func (d drawnTenant) drawPermissions(t *rapid.T) []access.Permission {
	var list []access.Permission
	for range rapid.IntRange(0, 4).Draw(t, "permissions") {
		p := rapid.SampledFrom(d.operations).Draw(t, "operation").At(drawScope(t))
		switch rapid.IntRange(0, 9).Draw(t, "wildcard") {
		case 0:
			p = access.MustParse("*")
		case 1, 2:
			p.Action = access.Any
		case 3:
			p.Resource = "elsewhere" // outside the catalogue
		}
		list = append(list, p)
	}
	return list
}

func drawScope(t *rapid.T) access.Scope {
	return rapid.SampledFrom([]access.Scope{access.Own, access.Unassigned, access.Departmental, access.All}).Draw(t, "scope")
}

func (d drawnTenant) drawObject(t *rapid.T) *access.Object {
	users := []string{"", "u0", "u1", "u2", "stranger"}
	o := &access.Object{
		ID: "o", Tenant: rapid.SampledFrom([]string{"t", "t", "t", "t", "t", "t", "t", "other", ""}).Draw(t, "tenant"),
		Resource:    rapid.SampledFrom(d.operations).Draw(t, "of").Resource(),
		Owners:      rapid.SliceOfN(rapid.SampledFrom(users), 0, 2).Draw(t, "owners"),
		Assignee:    rapid.SampledFrom(users).Draw(t, "assignee"),
		Assignable:  rapid.Bool().Draw(t, "assignable"),
		Departments: d.drawDepartments(t),
	}
	if rapid.IntRange(0, 5).Draw(t, "nowhere") == 0 {
		o.Departments = append(o.Departments, "", "nowhere")
	}
	return o
}

// operationOn draws an operation of the object's resource.
func (d drawnTenant) operationOn(t *rapid.T, o *access.Object) access.Operation {
	ops := slices.DeleteFunc(slices.Clone(d.operations), func(op access.Operation) bool { return op.Resource() != o.Resource })
	return rapid.SampledFrom(ops).Draw(t, "op")
}

func TestDecisionsAgreeWithTheNaiveOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawTenant(t)
		s := must(access.Compile(access.BuiltIn(), d.Tenant))
		plain := naive{access.BuiltIn(), d.Tenant, noon}
		for range 8 {
			o := d.drawObject(t)
			op := d.operationOn(t, o)
			for _, subject := range s.Subjects() {
				agree(t, subject, op, o, noon)
				e := subject.Explain(op, o, noon)
				if by, reason := plain.check(subject.ID(), op.Action(), *o); !slices.Equal(e.By, by) || e.Reason != reason {
					t.Errorf("%s %v %+v: %+v, want %q %s", subject.ID(), op, *o, e, by, reason)
				}
				scope := drawScope(t)
				if got := subject.Holds(op, scope, noon); got != plain.holds(subject.ID(), op, scope) {
					t.Errorf("%s holds %v: %t", subject.ID(), op.At(scope), got)
				}
				if got := subject.Permissions(noon); !slices.Equal(got, plain.permissions(subject.ID())) {
					t.Errorf("%s: permissions %v", subject.ID(), got)
				}
			}
		}
	})
}

// Whoever has only a grant at a higher scope may do all that the same grant
// lets them do at a lower one.
func TestHigherScopesNeverCoverLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawTenant(t)
		o := d.drawObject(t)
		op := d.operationOn(t, o)
		lower, higher := drawScope(t), drawScope(t)
		if !higher.Satisfies(lower) {
			return
		}
		with := func(scope access.Scope) bool {
			user := access.User{ID: "u0", Active: true, Departments: d.Users[0].Departments}
			user.PermissionList = []access.Permission{op.At(scope)}
			alone := access.Tenant{ID: "t", Departments: d.Departments, Users: []access.User{user}}
			return subject(must(access.Compile(access.BuiltIn(), alone)), "u0").Check(op, o, noon).Allow
		}
		if with(lower) && !with(higher) {
			t.Errorf("%v covers %+v at %v and not at %v", op, *o, lower, higher)
		}
	})
}

// What an explanation says is needed must be enough, and nothing before it in
// the order of scopes may be.
func TestNeedsIsTheFirstScopeThatWouldDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawTenant(t)
		o := d.drawObject(t)
		op := d.operationOn(t, o)
		s := must(access.Compile(access.BuiltIn(), d.Tenant))
		id := rapid.SampledFrom(d.Users).Draw(t, "user").ID
		e := subject(s, id).Explain(op, o, noon)
		told := e.Reason == access.OutOfScope || e.Reason == access.NoPermission
		resource, _ := access.BuiltIn().Resource(o.Resource)
		var first access.Scope
		for _, scope := range resource.Scopes {
			changed := s.Tenant()
			user(&changed, id).PermissionList = []access.Permission{op.At(scope)}
			if first == 0 && told && subject(must(access.Compile(access.BuiltIn(), changed)), id).Check(op, o, noon).Allow {
				first = scope
			}
		}
		if e.Needs != first {
			t.Errorf("needs %v, and %v would do: %+v", e.Needs, first, e)
		}
	})
}

// Nobody lacks what they hold, and who lacks nothing of another's grants may do
// whatever the other may to objects that are neither's own.
func TestLackingNothingMeansCoveringEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawTenant(t)
		s := must(access.Compile(access.BuiltIn(), d.Tenant))
		actor, target := s.Subjects()[0], rapid.SampledFrom(s.Subjects()).Draw(t, "target")
		if lacking := actor.Lacks(actor.Grants(noon), noon); lacking != nil {
			t.Errorf("%s lacks own grants %v", actor.ID(), lacking)
		}
		if lacking := target.Lacks(target.Grants(noon), noon); lacking != nil {
			t.Errorf("%s lacks own grants %v", target.ID(), lacking)
		}
		if len(actor.Lacks(target.Grants(noon), noon)) > 0 {
			return
		}
		o := d.drawObject(t)
		o.Owners, o.Assignee = nil, ""
		op := d.operationOn(t, o)
		if target.Check(op, o, noon).Allow && !actor.Check(op, o, noon).Allow {
			t.Errorf("%s lacks nothing of %s, who alone may %v %+v", actor.ID(), target.ID(), op, *o)
		}
	})
}

// A preview tells what permissions before and after tell, and undoing a change
// tells its mirror image.
func TestPreviewIsTheDifferenceOfPermissions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawTenant(t)
		before := must(access.Compile(access.BuiltIn(), d.Tenant))
		changed := before.Tenant()
		i := rapid.IntRange(0, len(changed.Users)-1).Draw(t, "changed")
		changed.Users[i] = d.drawUser(t, changed.Users[i].ID)
		after := must(access.Compile(access.BuiltIn(), changed))
		forth, back := access.Preview(before, after, noon), access.Preview(after, before, noon)
		if len(forth) != len(back) || len(forth) > 1 {
			t.Fatalf("%v forth, %v back", forth, back)
		}
		names := subject(before, changed.Users[i].ID).Permissions(noon)
		if len(forth) == 1 {
			if !sameDifference(forth[0], mirror(back[0])) {
				t.Errorf("%+v forth, %+v back", forth[0], back[0])
			}
			names = applied(names, forth[0])
		}
		if want := subject(after, changed.Users[i].ID).Permissions(noon); !slices.Equal(names, want) {
			t.Errorf("previewed %v, and they are %v", names, want)
		}
	})
}

func applied(names []string, d access.Difference) []string {
	names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(d.Lost, access.MustParse(name)) })
	for _, p := range d.Gained {
		names = append(names, p.String())
	}
	slices.Sort(names)
	return names
}

func mirror(d access.Difference) access.Difference {
	d.Gained, d.Lost = d.Lost, d.Gained
	d.ReachGained, d.ReachLost = d.ReachLost, d.ReachGained
	return d
}

func sameDifference(a, b access.Difference) bool {
	return fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b)
}
