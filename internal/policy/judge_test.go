package policy

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
)

// now is the instant of every judgement in these tests.
var now = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

// world is a small tenant as plain data, with what a snapshot does not know.
type world struct {
	access.Tenant
	versions    map[string]int64
	defaultRole string
	limit       int
	made        int // how many things have been made, for their names
}

func (w *world) fresh(prefix string) string {
	w.made++
	return fmt.Sprint(prefix, w.made)
}

func (w world) clone() world {
	w.Departments = slices.Clone(w.Departments)
	w.Roles = slices.Clone(w.Roles)
	w.Users = slices.Clone(w.Users)
	for i := range w.Users {
		w.Users[i].Departments = slices.Clone(w.Users[i].Departments)
		w.Users[i].Assignments = slices.Clone(w.Users[i].Assignments)
	}
	w.versions = maps.Clone(w.versions)
	return w
}

func (w world) compile(t interface{ Fatal(...any) }) *Compiled {
	snapshot, err := access.Compile(access.BuiltIn(), w.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	c := &Compiled{Snapshot: snapshot, DefaultRole: w.defaultRole, MaxRolesPerUser: w.limit,
		roles: map[string]roleMark{}, parents: map[string]string{}}
	for _, r := range w.Roles {
		c.roles[r.Name] = roleMark{version: w.versions[r.Name]}
	}
	for _, d := range w.Departments {
		c.parents[d.ID] = d.Parent
	}
	return c
}

// judged is the verdict on a change that user u0 makes.
func judged(t interface{ Fatal(...any) }, before, after world, able []string) error {
	b := before.compile(t)
	actor, _ := b.Subject("u0")
	return judge(newChange(b, after.compile(t), actor, now, able))
}

var pool = []string{
	"*:*:all", "conversation:read:own", "conversation:read:department", "conversation:*:department",
	"conversation:read:all", "user:read:department", "user:*:all", "conversation:take:unassigned",
}

func drawPermissions(t *rapid.T, label string) []access.Permission {
	list := []access.Permission{}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 0, 3, rapid.ID).Draw(t, label) {
		list = append(list, access.MustParse(name))
	}
	return list
}

func drawDepartments(t *rapid.T, w world, label string) []string {
	ids := []string{}
	for _, d := range w.Departments {
		if rapid.IntRange(0, 2).Draw(t, label+d.ID) == 0 {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

func drawAssignment(t *rapid.T, w world, id string) access.Assignment {
	a := access.Assignment{ID: id, Role: rapid.SampledFrom(w.Roles).Draw(t, "role").Name}
	a.ExpiresAt = rapid.SampledFrom([]time.Time{{}, {}, now.Add(-time.Hour), now.Add(time.Hour), now.Add(2 * time.Hour)}).Draw(t, "expires")
	if rapid.Bool().Draw(t, "limited") {
		a.Departments = drawDepartments(t, w, "reach ")
	}
	return a
}

func drawUser(t *rapid.T, w world, id string) access.User {
	u := access.User{ID: id, Active: rapid.IntRange(0, 4).Draw(t, "active") > 0, Departments: drawDepartments(t, w, "in ")}
	for i := range rapid.IntRange(0, 2).Draw(t, "assignments") {
		u.Assignments = append(u.Assignments, drawAssignment(t, w, fmt.Sprintf("%s/%d", id, i)))
	}
	if rapid.IntRange(0, 4).Draw(t, "list") == 0 {
		u.PermissionList = drawPermissions(t, "own list")
	}
	return u
}

// drawWorld draws a tenant where u0, the actor, is active and often strong.
func drawWorld(t *rapid.T) world {
	w := world{Tenant: access.Tenant{ID: "t"}, versions: map[string]int64{}, defaultRole: "r1"}
	for i := range 4 {
		d := access.Department{ID: fmt.Sprint("d", i)}
		if i > 0 && rapid.Bool().Draw(t, "below") {
			d.Parent = w.Departments[rapid.IntRange(0, i-1).Draw(t, "parent")].ID
		}
		w.Departments = append(w.Departments, d)
	}
	for i := range 4 {
		name := fmt.Sprint("r", i)
		w.Roles = append(w.Roles, access.Role{Name: name, Active: rapid.IntRange(0, 4).Draw(t, "active") > 0, Permissions: drawPermissions(t, name)})
		w.versions[name] = 1
	}
	for i := range 4 {
		w.Users = append(w.Users, drawUser(t, w, fmt.Sprint("u", i)))
	}
	w.Users[0].Active = true
	if rapid.Bool().Draw(t, "actor has r0") {
		w.Users[0].Assignments = append(w.Users[0].Assignments, access.Assignment{ID: "a", Role: "r0"})
	}
	return w
}

// mutations are the single steps that a change is made of.
var mutations = []func(*rapid.T, *world){
	func(t *rapid.T, w *world) { // a role is edited
		r := &w.Roles[rapid.IntRange(0, len(w.Roles)-1).Draw(t, "which role")]
		r.Permissions = drawPermissions(t, "edited")
		w.versions[r.Name] += rapid.Int64Range(0, 1).Draw(t, "raise") // the rails do not rely on it
	},
	func(t *rapid.T, w *world) { // a role is switched on or off
		r := &w.Roles[rapid.IntRange(0, len(w.Roles)-1).Draw(t, "which role")]
		r.Active = !r.Active
		w.versions[r.Name] += rapid.Int64Range(0, 1).Draw(t, "raise")
	},
	func(t *rapid.T, w *world) { // what people read about a role is edited
		w.versions[w.Roles[rapid.IntRange(0, len(w.Roles)-1).Draw(t, "which role")].Name]++
	},
	func(t *rapid.T, w *world) { // a role comes
		name := w.fresh("new")
		w.Roles = append(w.Roles, access.Role{Name: name, Active: true, Permissions: drawPermissions(t, "new role")})
		w.versions[name] = 1
	},
	func(t *rapid.T, w *world) { // a role goes, where nobody has it
		name := w.Roles[rapid.IntRange(0, len(w.Roles)-1).Draw(t, "which role")].Name
		held := slices.ContainsFunc(w.Users, func(u access.User) bool {
			return slices.ContainsFunc(u.Assignments, func(a access.Assignment) bool { return a.Role == name })
		})
		if !held && len(w.Roles) > 1 {
			w.Roles = slices.DeleteFunc(w.Roles, func(r access.Role) bool { return r.Name == name })
			delete(w.versions, name)
		}
	},
	func(t *rapid.T, w *world) { // somebody is given a role
		u := &w.Users[rapid.IntRange(0, len(w.Users)-1).Draw(t, "which user")]
		u.Assignments = append(u.Assignments, drawAssignment(t, *w, w.fresh("given")))
	},
	func(t *rapid.T, w *world) { // an assignment changes or goes
		u := &w.Users[rapid.IntRange(0, len(w.Users)-1).Draw(t, "which user")]
		if len(u.Assignments) == 0 {
			return
		}
		if rapid.Bool().Draw(t, "goes") {
			u.Assignments = u.Assignments[1:]
			return
		}
		u.Assignments[0] = drawAssignment(t, *w, u.Assignments[0].ID)
	},
	func(t *rapid.T, w *world) { // a list comes, changes or goes
		u := &w.Users[rapid.IntRange(0, len(w.Users)-1).Draw(t, "which user")]
		u.PermissionList = nil
		if rapid.Bool().Draw(t, "stays") {
			u.PermissionList = drawPermissions(t, "list")
		}
	},
	func(t *rapid.T, w *world) { // somebody moves to other departments
		u := &w.Users[rapid.IntRange(0, len(w.Users)-1).Draw(t, "which user")]
		u.Departments = drawDepartments(t, *w, "now in ")
	},
	func(t *rapid.T, w *world) { // somebody is enabled or disabled
		u := &w.Users[rapid.IntRange(0, len(w.Users)-1).Draw(t, "which user")]
		u.Active = !u.Active
	},
	func(t *rapid.T, w *world) { // somebody goes
		if i := rapid.IntRange(0, len(w.Users)-1).Draw(t, "which user"); len(w.Users) > 1 {
			w.Users = slices.Delete(w.Users, i, i+1)
		}
	},
	func(t *rapid.T, w *world) { // somebody comes
		if len(w.Users) < 6 {
			w.Users = append(w.Users, drawUser(t, *w, w.fresh("n")))
		}
	},
	func(t *rapid.T, w *world) { // a department moves, to where no circle arises
		i := rapid.IntRange(0, len(w.Departments)-1).Draw(t, "which department")
		parent := ""
		if i > 0 && rapid.Bool().Draw(t, "below") {
			parent = w.Departments[rapid.IntRange(0, i-1).Draw(t, "new parent")].ID
		}
		w.Departments[i].Parent = parent
	},
	func(t *rapid.T, w *world) { // a department comes
		w.Departments = append(w.Departments, access.Department{ID: w.fresh("dn"), Parent: w.Departments[0].ID})
	},
	func(t *rapid.T, w *world) { w.defaultRole = rapid.SampledFrom(w.Roles).Draw(t, "default").Name },
}

func drawChange(t *rapid.T, before world) world {
	after := before.clone()
	for range rapid.IntRange(1, 2).Draw(t, "steps") {
		mutations[rapid.IntRange(0, len(mutations)-1).Draw(t, "step")](t, &after)
	}
	return after
}

// drawAble draws which of the administrators can sign in.
func drawAble(t *rapid.T, after world) []string {
	able := []string{}
	for _, u := range after.Users {
		if after.administers(u) && rapid.IntRange(0, 3).Draw(t, "able "+u.ID) > 0 {
			able = append(able, u.ID)
		}
	}
	return able
}

// changesPerWorld makes up for the many changes that are refused.
const changesPerWorld = 20

// TestJudgeLetsNothingPassThatARailForbids holds whatever passes against plain restatements of the
// rails in naive_test.go.
func TestJudgeLetsNothingPassThatARailForbids(t *testing.T) {
	passed := 0
	rapid.Check(t, func(t *rapid.T) {
		before := drawWorld(t)
		for range changesPerWorld {
			after := drawChange(t, before)
			able := drawAble(t, after)
			if judged(t, before, after, able) != nil {
				continue
			}
			passed++
			checkNobodyGainsWhatTheActorLacks(t, before, after)
			checkActorStaysAsTheyWere(t, before, after)
			checkNobodyStrongerIsTouched(t, before, after)
			if len(able) == 0 {
				t.Fatal("no administrator remains who can sign in")
			}
		}
	})
	if passed == 0 {
		t.Error("nothing passed, so that nothing was shown")
	}
}

// TestJudgeLetsAdministratorsDoTheRest says that the rails forbid no more than they must: whoever
// holds everything without expiry may do all but change themselves or leave nobody.
func TestJudgeLetsAdministratorsDoTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := drawWorld(t)
		before.Users[0] = access.User{ID: "u0", Active: true, PermissionList: []access.Permission{access.MustParse("*")}}
		after := drawChange(t, before)
		if !sameRecord(before.user("u0"), after.user("u0")) {
			return
		}
		if err := judged(t, before, after, []string{"u0"}); err != nil {
			t.Fatalf("refused: %v", err)
		}
		if err := judged(t, before, after, nil); err != ErrLastAdministrator { //nolint:errorlint // the bare code
			t.Fatalf("without anybody who can sign in: %v", err)
		}
	})
}

// follows is what becomes of a policy when it hears of every difference to another.
func (w world) follows(t *rapid.T, before *Compiled, was world) *Compiled {
	change := access.Change{Departments: append([]access.Department{}, w.Departments...)}
	for _, u := range w.Users {
		if old := was.user(u.ID); old == nil || !reflect.DeepEqual(*old, u) {
			change.Users = append(change.Users, u)
		}
	}
	for _, u := range was.Users {
		if w.user(u.ID) == nil {
			change.WithoutUsers = append(change.WithoutUsers, u.ID)
		}
	}
	change.Roles = w.Roles
	for _, r := range was.Roles {
		if w.role(r.Name) == nil {
			change.WithoutRoles = append(change.WithoutRoles, r.Name)
		}
	}
	snapshot, err := before.With(change)
	if err != nil {
		t.Fatal(err)
	}
	c := w.compile(t)
	c.Snapshot = snapshot
	return c
}

// TestJudgeMissesNobody says that whom a change touches are all that the rails need to look at: they say the same,
// to the word, when nothing is known of who that is, so that they look at everybody.
func TestJudgeMissesNobody(t *testing.T) {
	refused, passed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		before := drawWorld(t)
		for i := range 40 { // so that most are touched by nothing
			before.Users = append(before.Users, access.User{ID: fmt.Sprint("x", i), Active: true,
				Departments: []string{before.Departments[i%len(before.Departments)].ID},
				Assignments: []access.Assignment{{ID: fmt.Sprint("x/", i), Role: before.Roles[i%len(before.Roles)].Name}}})
		}
		b := before.compile(t)
		actor, _ := b.Subject("u0")
		for range changesPerWorld {
			after := drawChange(t, before)
			able := drawAble(t, after)
			all := newChange(b, after.compile(t), actor, now, able)
			touched := newChange(b, after.follows(t, b, before), actor, now, able)
			if want, got := fmt.Sprint(judge(all)), fmt.Sprint(judge(touched)); got != want {
				t.Fatalf("judged by the touched: %s; over all: %s", got, want)
			}
			if want, got := all.strengthened(), touched.strengthened(); !slices.Equal(got, want) {
				t.Fatalf("strengthened by the touched: %q; over all: %q", got, want)
			}
			if len(all.touched) < len(before.Users)-1 || len(touched.touched) > len(all.touched) {
				t.Fatalf("%d of %d are looked at", len(touched.touched), len(all.touched))
			}
			if judge(all) != nil {
				refused++
			} else {
				passed++
			}
		}
	})
	if refused == 0 || passed == 0 {
		t.Errorf("%d changes were refused and %d passed", refused, passed)
	}
}
