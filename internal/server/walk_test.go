package server_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/server/servertest"
)

// The walk takes every registered operation, as nobody and as every role of a tenant, to objects in
// and out of reach, in another tenant that looks alike, and to one that never existed. What may be
// done is asked of package access alone; each call must leave exactly one record.
func TestWalk(t *testing.T) {
	servertest.EachBeside(t, func(t *testing.T, s *servertest.Server) {
		w := newWalk(t, s)
		for _, op := range s.API.Operations() {
			sample, known := samples[op.ID]
			if !known {
				t.Errorf("%s has no sample: whoever registers an operation says how the walk calls it", op.ID)
				continue
			}
			t.Run(op.ID, func(t *testing.T) { w.operation(t, op, sample) })
		}
	})
}

func TestEverySampleIsOfAnOperation(t *testing.T) {
	registered := map[string]bool{}
	for _, id := range operationIDs(t) {
		registered[id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(samples)) {
		if !registered[id] {
			t.Errorf("the sample %s is of no operation", id)
		}
	}
}

// never is an id of the right form that nothing has.
const never = "01900000-0000-7000-8000-000000000000"

// walk is a server with two tenants full of look-alike data.
type walk struct {
	s            *servertest.Server
	ours, theirs *side
	made         int                           // counts what was made on the way, to name it
	spares       map[*servertest.Client]string // another session of whoever has the client; ended or not
	trail        *trailReader
	staff        []*actor // the platform's people
}

// side is one of the two tenants.
type side struct {
	*servertest.Tenant
	departments []string // that of the actors, and another
	actors      []*actor
	admin       *servertest.Client

	skills   map[string]string // of each department
	asker    *servertest.User  // asks and does not walk
	receiver *servertest.User  // is given what the walk passes on
	worker   *servertest.User  // holds what is to be held
	given    int               // how many conversations workers were given
	chief    *servertest.Client
}

// actor is somebody who calls and has one role.
type actor struct {
	*servertest.User
	role   string
	client *servertest.Client
}

func newWalk(t *testing.T, s *servertest.Server) *walk {
	w := &walk{s: s, spares: map[*servertest.Client]string{}}
	w.ours, w.theirs = w.newSide("acme"), w.newSide("globex")
	w.staff = w.newStaff()
	w.trail = newTrailReader(t, s, w.ours.ID, w.theirs.ID, "platform")
	return w
}

func (w *walk) newSide(slug string) *side {
	side := &side{Tenant: w.s.NewTenant(slug, "it-desk")}
	side.departments = []string{side.NewDepartment("Support", ""), side.NewDepartment("Finance", "")}
	roles, _ := access.Preset("it-desk")
	for _, role := range roles {
		w.add(side, role.Name)
	}
	side.admin = side.actors[len(side.actors)-1].client // the preset ends with admin
	for name, permissions := range ownRoles {
		side.admin.Do("POST", "/v1/roles", object{"name": name, "permissions": permissions}).Expect(201)
		w.add(side, name)
	}
	w.furnish(side)
	return side
}

// ownRoles hold what no preset gives: administration within a department, and over oneself.
var ownRoles = map[string][]string{
	"clerk": {
		"user:view:all", "user:read:department", "user:create:department", "user:update:department", "user:disable:department",
		"user:delete:department", "user:reset_credentials:department", "department:read:department", "department:update:department",
		"department:create:department", "department:delete:department", "audit_log:read:own",
		"session:read:department", "session:revoke:department",
	},
	"registrar": {"role:*:all", "tag:*:all", "user:read:own", "system_config:read:all"},
}

// add makes somebody with a role and signs them in, twice.
func (w *walk) add(side *side, role string) {
	user := side.NewUser(role, side.departments[:1], role)
	side.actors = append(side.actors, &actor{User: user, role: role, client: w.signIn(user)})
}

// operation walks one operation.
func (w *walk) operation(t *testing.T, op *api.Operation, sample sample) {
	w.nobody(t, op, sample)
	if op.Access.Anyone() {
		return
	}
	for _, a := range w.ours.actors {
		t.Run(a.role, func(t *testing.T) {
			if sample.kind == "conversation" {
				w.conversations(t, op, sample, a)
			} else {
				w.departments(t, op, sample, a)
			}
			w.foreign(t, op, sample, a)
		})
	}
	if sample.kind == "tenant" {
		w.administered(t, op, sample)
	}
}

// nobody calls without a token. Only what needs none gets past the door.
func (w *walk) nobody(t *testing.T, op *api.Operation, sample sample) {
	target := sample.make(t, w, w.ours, w.ours.departments[0])
	answer := sample.call(t, w, w.s.Client(), op, target)
	if !op.Access.Anyone() {
		answer.Refused(401, "unauthenticated")
	}
	record := w.trail.one(t, answer, sample.trail(w))
	if record.Actor.Type != "anonymous" && answer.Status >= 400 {
		t.Errorf("a refused stranger is recorded as %+v", record.Actor)
	}
	checkRecord(t, op, answer, record)
}

// departments takes an operation to an object in the actor's department, and to one in another.
func (w *walk) departments(t *testing.T, op *api.Operation, sample sample, a *actor) {
	for _, department := range w.ours.departments {
		w.judge(t, op, sample, a, sample.make(t, w, w.ours, department))
	}
}

// judge calls about an object and compares with what package access says.
func (w *walk) judge(t *testing.T, op *api.Operation, sample sample, a *actor, target target) {
	want := w.expect(t, op, a, target)
	answer := sample.call(t, w, a.client, op, target)
	switch got := verdictOf(answer); {
	case got != want:
		t.Errorf("%s on %s %s: the rules say %s, the answer is %d %s", a.role, target.kind, target.id, want, answer.Status, answer.Body)
	case want == allowed && target.code != "":
		if answer.Code() != target.code {
			t.Errorf("%s is answered %d %s, not %s", a.role, answer.Status, answer.Body, target.code)
		}
	case want == allowed && a.role == "admin" && !target.unready && answer.Status != cmp.Or(sample.refuses, op.Status):
		t.Errorf("who may do everything is answered %d: %s", answer.Status, answer.Body)
	}
	w.noForeignIDs(t, answer)
	record := w.trail.one(t, answer, w.ours.ID)
	if record.Actor.Type != "user" || record.Actor.ID != a.ID || !slices.Equal(record.Actor.Roles, []string{a.role}) {
		t.Errorf("the record says %+v did it, not %s", record.Actor, a.role)
	}
	checkRecord(t, op, answer, record)
	if answer.Status < 300 && sample.disarms {
		a.Enrol()
		a.client.SignIn(a.User)
		w.trail.fresh(t) // not calls of the walk
	}
	if answer.Status < 300 && target.kind != "" && !target.creates && !touched(record, target) {
		t.Errorf("the record names %v, not the %s %s", record.Target, target.kind, target.id)
	}
}

// foreign shows that an id of the other tenant is answered like one that never existed.
func (w *walk) foreign(t *testing.T, op *api.Operation, sample sample, a *actor) {
	theirs := sample.make(t, w, w.theirs, w.theirs.departments[0])
	if theirs.kind == "" || theirs.creates && theirs.kind != "department" && theirs.kind != "tenant" {
		return
	}
	nothing := theirs
	nothing.id = never
	if theirs.kind == "role" {
		nothing.id = "never_existed"
	}
	foreign := sample.call(t, w, a.client, op, theirs)
	w.trail.one(t, foreign, w.ours.ID)
	missing := sample.call(t, w, a.client, op, nothing)
	w.trail.one(t, missing, w.ours.ID)
	if foreign.Status != missing.Status || foreign.Status < 400 {
		t.Errorf("%s: another tenant's id gives %d, one that never existed %d: %s", a.role, foreign.Status, missing.Status, foreign.Body)
	}
	if diff := gocmp.Diff(neutral(missing, nothing.id), neutral(foreign, theirs.id)); diff != "" {
		t.Errorf("%s: the two can be told apart: %s", a.role, diff)
	}
}

// neutral is an answer without what differs between any two calls.
func neutral(a *servertest.Answer, id string) string {
	body := strings.ReplaceAll(string(a.Body), id, "ID")
	return strings.ReplaceAll(body, a.Header.Get("X-Request-Id"), "REQUEST")
}

// noForeignIDs fails when anything of the other tenant is in an answer.
func (w *walk) noForeignIDs(t *testing.T, a *servertest.Answer) {
	t.Helper()
	ids := append([]string{w.theirs.ID}, w.theirs.departments...)
	for _, other := range w.theirs.actors {
		ids = append(ids, other.ID)
	}
	for _, id := range ids {
		if strings.Contains(string(a.Body), id) {
			t.Errorf("the answer holds %s of the other tenant: %s", id, a.Body)
		}
	}
}

// verdict is how a call ended, as far as access rules decide.
type verdict string

const (
	allowed   verdict = "allowed"
	forbidden verdict = "forbidden"
	hidden    verdict = "not found"
)

// reasons are the codes by which access rules refuse; guard rails and states have others.
var reasons = []string{"no_permission", "out_of_scope", "role_inactive", "assignment_expired", "subject_inactive", "tenant_suspended", "other_tenant"}

func verdictOf(a *servertest.Answer) verdict {
	switch {
	case a.Status == 403 && slices.Contains(reasons, a.Code()):
		return forbidden
	case a.Status == 404 && a.Code() == "not_found":
		return hidden
	}
	return allowed
}

// expect asks package access, as any other program would.
func (w *walk) expect(t *testing.T, op *api.Operation, a *actor, target target) verdict {
	t.Helper()
	r := w.rulesFor(t, a)
	if target.visiting {
		return hidden
	}
	if len(op.Access.Permissions()) == 0 {
		// Questions about somebody else are for those whose user:read covers them.
		if target.kind == "" || r.allows("user:read", target) {
			return allowed
		}
		return hidden
	}
	held, covered, seen := false, false, false
	for _, permission := range op.Access.Permissions() {
		held = held || r.holds(permission)
		covered = covered || r.allows(permission, target)
		seen = seen || r.sees(permission, target)
	}
	switch {
	case held && covered && (seen || target.kind == "" || target.creates):
		return allowed
	case !held || seen || target.creates || target.kind == "":
		return forbidden
	}
	return hidden
}

// rules answer for one actor at this moment.
type rules struct {
	subject access.Subject
	at      time.Time
}

func (w *walk) rulesFor(t *testing.T, a *actor) rules {
	t.Helper()
	compiled, err := w.s.Policy.Snapshot(t.Context(), w.ours.ID)
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := compiled.Subject(a.ID)
	return rules{subject, w.s.DB.Now()}
}

// operation is none where the tenant's catalogue has no such permission: nobody holds it then.
func (r rules) operation(permission string) access.Operation {
	resource, action, _ := strings.Cut(permission, ":")
	op, err := r.subject.Snapshot().Catalogue().Operation(resource, action)
	if err != nil {
		return access.Operation{}
	}
	return op
}

func (r rules) holds(permission string) bool {
	op := r.operation(permission)
	return r.subject.Holds(op, access.Own, r.at) || r.subject.Holds(op, access.Unassigned, r.at)
}

func (r rules) allows(permission string, target target) bool {
	resource, _, _ := strings.Cut(permission, ":")
	return target.object == nil || r.subject.Check(r.operation(permission), target.object(resource), r.at).Allow
}

// sees tells whether the target can be seen. A user's sign-ins are part of the trail, and sessions have
// a permission of their own; everything else that is done to a user is seen as the user is.
func (r rules) sees(permission string, target target) bool {
	switch {
	case strings.HasPrefix(permission, "audit_log:"):
		return r.allows("audit_log:read", target)
	case strings.HasPrefix(permission, "session:"):
		return r.allows("session:read", target)
	case target.kind == "exclusion": // as roles are
		return r.allows("role:read", target)
	case target.kind == "notice":
		return r.allows("system_config:read", target)
	case target.kind == "file":
		return r.allows("conversation:read", target)
	case target.kind == "user":
		return r.allows("user:read", target) || r.allows("user:view", target)
	case target.kind == "":
		return true
	}
	return r.allows(target.kind+":read", target)
}
