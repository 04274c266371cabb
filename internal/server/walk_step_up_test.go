package server_test

import (
	"testing"
	"time"

	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/trail"
)

// Every operation of high risk, and none else, is refused to whoever has not shown their second factor
// for ten minutes, whatever they hold.
func TestWalkWithAnOldSecondFactor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newWalk(t, s)
		drowsy := w.signIn(w.ours.NewUser("drowsy", nil, "admin"))
		watchman := w.s.PlatformTenant().NewUser("drowsy", nil, "platform_admin").SignIn()
		s.Clock.Advance(caller.StepUpAge)
		w.ours.admin.StepUp() // who makes what the walk is about
		risky := 0
		for _, op := range s.API.Operations() {
			if op.Access.Anyone() {
				continue
			}
			t.Run(op.ID, func(t *testing.T) {
				who := drowsy
				if samples[op.ID].kind == "tenant" {
					who = watchman
				}
				answer, record := w.ask(t, who, op)
				asked := op.HighRisk() || op.StepUp
				if op.Enrolling { // to replace the one in force needs it, to get a first one does not
					asked = answer.Code() == "step_up_required"
				}
				if (answer.Code() == "step_up_required") != asked || (record.Action.StepUp == trail.StepUpNone) != asked {
					t.Errorf("%d, recorded with step-up %q; asked for: %t: %s", answer.Status, record.Action.StepUp, asked, answer.Body)
				}
				if asked {
					risky++
					refusedForTheFactor(t, answer, record, "step_up_required", `Bearer error="insufficient_user_authentication", max_age=600`)
				}
			})
		}
		if risky == 0 {
			t.Error("no operation is of high risk")
		}
	})
}

// Who must enrol a second factor can do nothing but that.
func TestWalkOfWhoMustEnrol(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newWalk(t, s)
		promoted := w.ours.NewUser("promoted", nil)
		client := w.signIn(promoted)
		roles := "/v1/users/" + promoted.ID + "/roles"
		version := w.ours.admin.Do("GET", roles, nil).ETag()
		w.ours.admin.Do("PUT", roles, object{"roles": []string{"admin"}}, "If-Match", version).Expect(200)
		for _, op := range s.API.Operations() {
			if op.Access.Anyone() {
				continue
			}
			t.Run(op.ID, func(t *testing.T) {
				answer, record := w.ask(t, client, op)
				if op.Enrolling {
					if answer.Code() == "mfa_enrolment_required" {
						t.Errorf("what is there to enrol with refuses: %s", answer.Body)
					}
					return
				}
				refusedForTheFactor(t, answer, record, "mfa_enrolment_required", `Bearer error="insufficient_user_authentication"`)
			})
		}
	})
}

// Who must change the password can do nothing but that; who must enrol as well does that first.
func TestWalkOfWhoMustChangeThePassword(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		w := newWalk(t, s)
		hash, err := s.Identity.Rehash(t.Context(), servertest.Password)
		if err != nil {
			t.Fatal(err)
		}
		w.ours.admin.Do("POST", "/v1/imports/users", "username,password_hash\nnewcomer,"+hash+"\n", "Content-Type", "text/csv").Expect(200)
		client := s.Client()
		client.SignIn(&servertest.User{User: w.userOf(t, "newcomer"), Tenant: w.ours.Tenant})
		w.spares[client] = never
		changes := 0
		for _, op := range s.API.Operations() {
			if op.Access.Anyone() {
				continue
			}
			t.Run(op.ID, func(t *testing.T) {
				answer, record := w.ask(t, client, op)
				if op.ChangesPassword {
					changes++
					if answer.Code() == "password_change_required" {
						t.Errorf("what there is to change it with refuses: %s", answer.Body)
					}
					return
				}
				answer.Refused(403, "password_change_required")
				if record.Actor.ID != client.User.ID || record.Outcome.Reason != "password_change_required" || record.Outcome.Result != trail.Failure {
					t.Errorf("the record says %+v of %+v", record.Outcome, record.Actor)
				}
			})
		}
		if changes == 0 {
			t.Error("nothing changes a password")
		}
	})
}

// userOf finds a user of ours by the name.
func (w *walk) userOf(t *testing.T, username string) (u identity.User) {
	t.Helper()
	err := w.s.DB.Read(t.Context(), w.ours.ID, func(tx *store.Tx) (err error) {
		u, err = identity.FindByUsername(t.Context(), tx, username)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// signIn signs somebody in twice, so that the walk has a session to end.
func (w *walk) signIn(u *servertest.User) *servertest.Client {
	client := u.SignIn()
	w.spares[client] = sessionOf(u.SignIn())
	return client
}

// ask calls an operation about an object within reach, and returns its one record.
func (w *walk) ask(t *testing.T, c *servertest.Client, op *api.Operation) (*servertest.Answer, trail.Record) {
	t.Helper()
	sample := samples[op.ID]
	target := sample.make(t, w, w.ours, w.ours.departments[0])
	w.trail.fresh(t) // not calls of the walk
	answer := sample.call(t, w, c, op, target)
	return answer, w.trail.one(t, answer, c.User.Tenant.ID)
}

func refusedForTheFactor(t *testing.T, a *servertest.Answer, r trail.Record, code, challenge string) {
	t.Helper()
	a.Refused(401, code)
	if got := a.Header.Get("WWW-Authenticate"); got != challenge {
		t.Errorf("WWW-Authenticate: %s, want %s", got, challenge)
	}
	if r.Actor.Type == trail.Anonymous || r.Outcome.Reason != code || r.Outcome.Result != trail.Failure {
		t.Errorf("the record says %+v of %+v", r.Outcome, r.Actor)
	}
}

// A permission that a handler asks for besides the one of its operation counts as much.
func TestHighRiskWithinAnOperationNeedsAFreshSecondFactor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		help := acme.NewDepartment("Help", "")
		admin, user := acme.NewUser("root", nil, "admin").SignIn(), acme.NewUser("ann", nil, "user")
		s.Clock.Advance(10 * time.Minute)
		trails := newTrailReader(t, s, acme.ID)
		create := func(body object) func() *servertest.Answer {
			return func() *servertest.Answer { return admin.Do("POST", "/v1/users", body) }
		}
		calls := map[string]func() *servertest.Answer{
			"a user with another role": create(object{"username": "bob", "roles": []string{"agent"}}),
			"a user with a list":       create(object{"username": "cat", "permission_list": []string{}}),
			"a user in a department":   create(object{"username": "dan", "departments": []string{help}}),
			"a user's other department": func() *servertest.Answer {
				return admin.Do("PATCH", "/v1/users/"+user.ID, object{"departments": []string{help}}, "If-Match", api.ETag(user.Version))
			},
		}
		for name, call := range calls {
			answer := call()
			answer.Refused(401, "step_up_required")
			if r := trails.one(t, answer, acme.ID); r.Action.StepUp != trail.StepUpNone || r.Action.Permission != "role:assign:all" {
				t.Errorf("%s: %+v", name, r.Action)
			}
		}
		if r := trails.one(t, create(object{"username": "eve"})().Expect(201), acme.ID); r.Action.StepUp != "" {
			t.Errorf("a plain user: %+v", r.Action)
		}
		admin.StepUp()
		trails.fresh(t)
		for name, call := range calls {
			answer := call()
			if answer.Status >= 300 {
				t.Fatalf("%s: %s", name, answer.Body)
			}
			if r := trails.one(t, answer, acme.ID); r.Action.StepUp != trail.StepUpFresh {
				t.Errorf("%s: %+v", name, r.Action)
			}
		}
	})
}
