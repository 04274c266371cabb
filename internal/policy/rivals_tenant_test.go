package policy_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// plan is how a tenant of rivals begins. Two tenants of one plan differ in nothing but their ids.
type plan struct {
	listed bool     // chief holds everything by a list, not by a role
	limit  int      // of roles per user
	apart  bool     // payer and approver exclude each other
	roles  []string // of ann
	placed []string // departments of ann
}

func drawPlan(rt *rapid.T) plan {
	return plan{
		listed: rapid.Bool().Draw(rt, "listed"),
		limit:  rapid.SampledFrom([]int{0, 2}).Draw(rt, "limit"),
		apart:  rapid.Bool().Draw(rt, "apart"),
		roles:  rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"helper", "payer", "user"}), 0, 2, rapid.ID).Draw(rt, "roles"),
		placed: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"north", "south"}), 0, 2, rapid.ID).Draw(rt, "placed"),
	}
}

// rivals is a small tenant in which several people may change access: root and chief everything, clerk not.
type rivals struct {
	*servertest.Tenant
	t       *testing.T
	s       *servertest.Server
	clients map[string]*servertest.Client // by username
	names   map[string]string             // of users and departments, by id
	able    []string                      // ids of those who can sign in
}

func newRivals(t *testing.T, s *servertest.Server, slug string, p plan) *rivals {
	r := &rivals{
		Tenant: s.NewTenant(slug, "it-desk"), t: t, s: s,
		clients: map[string]*servertest.Client{}, names: map[string]string{},
	}
	r.department("north", "")
	r.department("below", "north")
	r.department("south", "")
	root := r.user("root", nil, "admin").SignIn()
	for _, role := range []object{
		{"name": "clerk", "permissions": []string{
			"user:*", "role:*", "department:*", "system_config:*", "conversation:*:own", "knowledge:read", "tag:read", "report:read:department",
		}},
		{"name": "helper", "permissions": []string{"tag:read", "user:read:department", "report:read:department"}},
		{"name": "payer", "permissions": []string{"knowledge:read"}},
		{"name": "approver", "permissions": []string{"tag:read"}},
		{"name": "spare", "permissions": []string{"tag:read"}},
	} {
		root.Do("POST", "/v1/roles", role).Expect(201)
	}
	if p.apart {
		root.Do("POST", "/v1/exclusions", object{"name": "apart", "roles": []string{"payer", "approver"}}).Expect(201)
	}
	root.Do("PATCH", "/v1/settings", object{"max_roles_per_user": p.limit}, "If-Match", etag(root, "/v1/settings")).Expect(200)
	chief := r.user("chief", nil, "admin")
	if p.listed {
		give(t, s, chief)
		list(t, s, chief, "*")
	}
	clerk := r.user("clerk", []string{"north"}, "clerk")
	r.user("ann", p.placed, p.roles...)
	r.user("bob", []string{"south"}, "helper")
	gone := r.user("gone", nil, "payer")
	root.Do("POST", "/v1/users/"+gone.ID+"/disable", nil).Expect(200)
	r.clients["root"], r.clients["chief"], r.clients["clerk"] = root, chief.SignIn(), clerk.SignIn()
	return r
}

func (r *rivals) department(name, parent string) {
	r.names[r.NewDepartment(name, r.id(parent))] = name
}

func (r *rivals) user(username string, departments []string, roles ...string) *servertest.User {
	var ids []string
	for _, d := range departments {
		ids = append(ids, r.id(d))
	}
	u := r.NewUser(username, ids, roles...)
	r.names[u.ID] = username
	r.able = append(r.able, u.ID)
	return u
}

// id is that of a user or department; what is not there has an id as well.
func (r *rivals) id(name string) string {
	for id, called := range r.names {
		if called == name {
			return id
		}
	}
	return ""
}

// standing is all that is known of access in a tenant, read from the database.
type standing struct {
	*policy.Compiled
	exclusions map[string][]string // roles of each, of which nobody may have more than one
	versions   map[string]int64    // of users, roles and departments, by their ids
}

func (r *rivals) look() (now standing) {
	r.t.Helper()
	now = standing{exclusions: map[string][]string{}, versions: map[string]int64{}}
	ctx := r.t.Context()
	err := r.s.DB.Read(ctx, r.ID, func(tx *store.Tx) (err error) {
		if now.Compiled, err = policy.Load(ctx, tx); err != nil {
			return err
		}
		for _, query := range []string{
			`SELECT u.id, u.username, u.version FROM users u WHERE u.tenant_id = $1`,
			`SELECT d.id, d.name, d.version FROM departments d WHERE d.tenant_id = $1`,
			`SELECT r.name, r.name, r.version FROM roles r WHERE r.tenant_id = $1`,
		} {
			if err := r.learn(ctx, tx, query, now.versions); err != nil {
				return err
			}
		}
		_, err = store.Collect(ctx, tx, func(row store.Row) (name string, err error) {
			var role string
			err = row.Scan(&name, &role)
			now.exclusions[name] = append(now.exclusions[name], role)
			return name, err
		}, `SELECT x.exclusion, x.role FROM exclusion_roles x WHERE x.tenant_id = $1 ORDER BY x.exclusion, x.role`)
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return now
}

// learn reads what things are called, unless by their ids, and their versions.
func (r *rivals) learn(ctx context.Context, tx *store.Tx, query string, versions map[string]int64) error {
	_, err := store.Collect(ctx, tx, func(row store.Row) (id string, err error) {
		var name string
		var version int64
		err = row.Scan(&id, &name, &version)
		versions[id] = version
		if id != name {
			r.names[id] = name
		}
		return id, err
	}, query)
	return err
}

// tell says the same of two tenants in which the same has happened.
func (r *rivals) tell(now standing) string {
	data := now.Tenant()
	lines := []string{fmt.Sprint("default ", now.DefaultRole, ", limit ", now.MaxRolesPerUser, ", exclusions ", now.exclusions)}
	for _, d := range data.Departments {
		lines = append(lines, fmt.Sprintf("department %s in %q v%d", r.names[d.ID], r.names[d.Parent], now.versions[d.ID]))
	}
	for _, role := range data.Roles {
		lines = append(lines, fmt.Sprintf("role %+v v%d", role, now.versions[role.Name]))
	}
	for _, u := range data.Users {
		lines = append(lines, fmt.Sprintf("user %s active %t in %v, list %#v, has %v v%d",
			r.names[u.ID], u.Active, r.called(u.Departments), u.PermissionList, r.assigned(u.Assignments), now.versions[u.ID]))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func (r *rivals) called(ids []string) (names []string) {
	for _, id := range ids {
		names = append(names, r.names[id])
	}
	slices.Sort(names)
	return names
}

func (r *rivals) assigned(assignments []access.Assignment) (texts []string) {
	for _, a := range assignments {
		texts = append(texts, fmt.Sprint(a.Role, " ", a.ExpiresAt, " ", a.Departments == nil, r.called(a.Departments)))
	}
	slices.Sort(texts)
	return texts
}
