package server_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/trail"
)

// newStaff are platform people: who may everything, who may look, and who may nothing.
func (w *walk) newStaff() (staff []*actor) {
	platform := w.s.PlatformTenant()
	add := func(role string, roles ...string) *actor {
		user := platform.NewUser(role, nil, roles...)
		a := &actor{User: user, role: role, client: user.SignIn()}
		staff = append(staff, a)
		return a
	}
	root := add("platform_admin", "platform_admin")
	root.client.Do("POST", "/v1/roles", object{"name": "watcher", "permissions": []string{"tenant:read"}}).Expect(201)
	add("watcher", "watcher")
	add("idler")
	return staff
}

// administered calls an operation on tenants as the platform's people, each time about a new tenant.
func (w *walk) administered(t *testing.T, op *api.Operation, sample sample) {
	for _, a := range w.staff {
		t.Run(a.role, func(t *testing.T) {
			made := w.s.NewTenant(w.name("tenant-"), "it-desk")
			inside := newTrailReader(t, w.s, made.ID)
			answer := sample.call(t, w, a.client, op, target{id: made.ID, etag: api.ETag(1)})
			may := a.role == "platform_admin" && !sample.visiting || a.role == "watcher" && op.Access.Permission() == "tenant:read"
			want := "no_permission"
			switch {
			case sample.visiting: // they are on the platform, and none of them is inside
				want = "not_found"
			case may:
				want = ""
			}
			if may && sample.refuses != 0 { // a tenant made by the walk has nobody
				want = answer.Code()
			}
			if answer.Code() != want || may && answer.Status != cmp.Or(sample.refuses, op.Status) {
				t.Errorf("%s is answered %d: %s", a.role, answer.Status, answer.Body)
			}
			record := w.trail.one(t, answer, "platform")
			if record.Actor.Type != trail.Platform || record.Actor.ID != a.ID {
				t.Errorf("the record says %+v did it", record.Actor)
			}
			checkRecord(t, op, answer, record)
			told := inside.fresh(t)
			changed := may && sample.refuses == 0 && op.Method != "GET" && !sample.creates
			if changed != (len(told) == 1 && told[0].ID == record.ID && slices.Contains(told[0].Target, trail.Ref{Type: "tenant", ID: made.ID})) {
				t.Errorf("the tenant's trail has %+v", told)
			}
		})
	}
}
