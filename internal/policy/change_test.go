package policy_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/api"
	"github.com/usher-desk/usher/internal/caller"
	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/server/servertest"
	"github.com/usher-desk/usher/internal/store"
)

// callerOf is a caller as a request has one.
func callerOf(t *testing.T, s *servertest.Server, u *servertest.User) *caller.Caller {
	t.Helper()
	c, err := s.Policy.Snapshot(t.Context(), u.Tenant.ID)
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := c.Subject(u.ID)
	return &caller.Caller{
		Tenant: u.Tenant.ID, User: u.ID, Subject: subject, Catalogue: c.Catalogue(), Policy: c.Version, At: s.DB.Now(),
	}
}

// demote takes every role from a user, as the caller.
func demote(ctx context.Context, s *servertest.Server, by *caller.Caller, u *servertest.User) error {
	return s.Policy.Change(ctx, by, func(tx *store.Tx) error { return policy.SetAssignments(ctx, tx, u.ID, nil) })
}

func TestTwoAdministratorsCannotBothDemoteEachOther(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		a, b := acme.NewUser("a", nil, "admin"), acme.NewUser("b", nil, "admin")
		for range 10 {
			for _, u := range []*servertest.User{a, b} {
				give(t, s, u, policy.Assignment{Role: "admin"})
			}
			byA, byB := callerOf(t, s, a), callerOf(t, s, b)
			errs := atOnce(
				func() error { return demote(t.Context(), s, byA, b) },
				func() error { return demote(t.Context(), s, byB, a) },
			)
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("one of two must succeed: %v", errs)
			}
			for _, err := range errs {
				if err != nil && !errors.Is(err, policy.ErrStrongerUser) {
					t.Fatalf("the other is refused with %v", err)
				}
			}
			c, err := s.Policy.Snapshot(t.Context(), acme.ID)
			if err != nil || len(c.Administrators()) != 1 {
				t.Fatalf("administrators %v, %v", c.Administrators(), err)
			}
		}
	})
}

func TestOfTwoDemotionsAtOnceOneLeavesAnAdministrator(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		a, b := acme.NewUser("a", nil, "admin"), acme.NewUser("b", nil, "admin")
		helpers := []*servertest.User{acme.NewUser("c", nil), acme.NewUser("d", nil)}
		for _, u := range helpers { // strong enough, and not among those who remain
			give(t, s, u, policy.Assignment{Role: "admin", ExpiresAt: s.Clock.Now().Add(time.Hour)})
		}
		for range 10 {
			for _, u := range []*servertest.User{a, b} {
				give(t, s, u, policy.Assignment{Role: "admin"})
			}
			byC, byD := callerOf(t, s, helpers[0]), callerOf(t, s, helpers[1])
			errs := atOnce(
				func() error { return demote(t.Context(), s, byC, a) },
				func() error { return demote(t.Context(), s, byD, b) },
			)
			if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), policy.ErrLastAdministrator) {
				t.Fatalf("one of two must be refused for leaving nobody: %v", errs)
			}
		}
	})
}

// atOnce lets functions begin together and waits for all of them.
func atOnce(functions ...func() error) []error {
	errs := make([]error, len(functions))
	begin := make(chan struct{})
	var all sync.WaitGroup
	for i, f := range functions {
		all.Go(func() {
			<-begin
			errs[i] = f()
		})
	}
	close(begin)
	all.Wait()
	return errs
}

func TestAChangeIsSeenOnceItIsCommitted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root, ann := acme.NewUser("root", nil, "admin"), acme.NewUser("ann", nil, "user")
		by := callerOf(t, s, root)
		roles := func() []string {
			c, err := s.Policy.Snapshot(t.Context(), acme.ID)
			if err != nil {
				t.Fatal(err)
			}
			subject, _ := c.Subject(ann.ID)
			return subject.Roles(s.DB.Now())
		}
		version := by.Policy
		err := s.Policy.Change(t.Context(), by, func(tx *store.Tx) error {
			defer func() { same(t, "roles before the commit", roles(), []string{"user"}) }()
			return policy.SetAssignments(t.Context(), tx, ann.ID, []policy.Assignment{{Role: "agent"}})
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "roles after the commit", roles(), []string{"agent"})
		c, err := s.Policy.Snapshot(t.Context(), acme.ID)
		if err != nil || c.Version != version+1 {
			t.Errorf("version %d follows %d, %v", c.Version, version, err)
		}
		refusal := errors.New("no")
		err = s.Policy.Change(t.Context(), by, func(tx *store.Tx) error {
			if err := policy.SetAssignments(t.Context(), tx, ann.ID, nil); err != nil {
				return err
			}
			return refusal
		})
		if !errors.Is(err, refusal) {
			t.Fatalf("the refusal became %v", err)
		}
		s.Policy.Forget(acme.ID)
		same(t, "roles after a refusal", roles(), []string{"agent"})
	})
}

func TestAChangeIsDecidedByPresentGrants(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		acme.NewUser("other", nil, "admin")
		root, ann := acme.NewUser("root", nil, "admin"), acme.NewUser("ann", nil, "user")
		by := callerOf(t, s, root)
		within(t, s, acme.ID, func(ctx context.Context, tx *store.Tx) error {
			return policy.SetAssignments(ctx, tx, root.ID, []policy.Assignment{{Role: "user"}})
		})
		err := s.Policy.Change(t.Context(), by, func(tx *store.Tx) error {
			return by.RequireNew("role:assign", &access.Object{Tenant: acme.ID, Resource: "role"})
		})
		if !errors.Is(err, caller.ErrNoPermission) {
			t.Errorf("somebody who has lost everything is told %v", err)
		}
		disable(t, s, root)
		for name, err := range map[string]error{
			"a change": demote(t.Context(), s, by, ann),
			"a touch":  mayTouch(t, s, by, ann.ID),
		} {
			if !errors.Is(err, api.ErrUnauthenticated) {
				t.Errorf("%s by somebody disabled: %v", name, err)
			}
		}
	})
}

func disable(t *testing.T, s *servertest.Server, u *servertest.User) {
	t.Helper()
	within(t, s, u.Tenant.ID, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE users
			SET active = $3
			WHERE tenant_id = $1 AND id = $2`, u.ID, false)
		return err
	})
}

func mayTouch(t *testing.T, s *servertest.Server, by *caller.Caller, user string) error {
	t.Helper()
	return s.DB.Write(t.Context(), by.Tenant, func(tx *store.Tx) error {
		if err := s.Policy.Hold(t.Context(), tx, by); err != nil {
			return err
		}
		return policy.MayTouch(by, user)
	})
}

func TestMayTouchMeasuresWhatAnybodyCouldComeToHold(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root, agent := acme.NewUser("root", nil, "admin"), acme.NewUser("agent", nil, "agent", "user")
		ann, stranger := acme.NewUser("ann", nil, "user"), s.NewTenant("other", "it-desk").NewUser("stranger", nil, "user")
		give(t, s, root, policy.Assignment{Role: "admin", ExpiresAt: s.Clock.Now().Add(-time.Hour)})
		disable(t, s, root)
		by := callerOf(t, s, agent)
		for user, want := range map[string]error{
			root.ID: policy.ErrStrongerUser, ann.ID: nil, agent.ID: nil, stranger.ID: fault.ErrNotFound, "none": fault.ErrNotFound,
		} {
			if err := mayTouch(t, s, by, user); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", user, err, want)
			}
		}
		if err := mayTouch(t, s, callerOf(t, s, ann), agent.ID); !errors.Is(err, policy.ErrStrongerUser) {
			t.Errorf("the weaker one may touch the stronger: %v", err)
		}
		list(t, s, agent)
		give(t, s, agent, policy.Assignment{Role: "auditor", ExpiresAt: s.Clock.Now().Add(-time.Hour)})
		if err := mayTouch(t, s, callerOf(t, s, agent), agent.ID); err != nil {
			t.Errorf("one's own are not one's own: %v", err)
		}
	})
}

func TestThePolicyIsLoadedAsItIsStored(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "business")
		top := acme.NewDepartment("Top", "")
		below := acme.NewDepartment("Below", top)
		ann, bob := acme.NewUser("ann", []string{top, below}), acme.NewUser("bob", nil)
		expiry := s.DB.Now().Add(time.Hour)
		give(t, s, ann, policy.Assignment{Role: "manager", Departments: []string{below}, ExpiresAt: expiry}, policy.Assignment{Role: "employee"})
		give(t, s, bob, policy.Assignment{Role: "employee", Departments: []string{}})
		list(t, s, bob)
		within(t, s, acme.ID, func(ctx context.Context, tx *store.Tx) error {
			return policy.SetPermissionList(ctx, tx, bob.ID, []access.Permission{})
		})
		disable(t, s, bob)
		c, err := s.Policy.Snapshot(t.Context(), acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		if c.DefaultRole != "employee" || c.MaxRolesPerUser != 1 || c.Suspended() {
			t.Errorf("default role %q, limit %d, suspended %t", c.DefaultRole, c.MaxRolesPerUser, c.Suspended())
		}
		got := c.Tenant()
		for i := range got.Users {
			for j := range got.Users[i].Assignments {
				if got.Users[i].Assignments[j].ID == "" {
					t.Error("an assignment without id")
				}
				got.Users[i].Assignments[j].ID = ""
			}
		}
		want := []access.User{
			{ID: ann.ID, Active: true, Departments: []string{top, below}, Assignments: []access.Assignment{
				{Role: "manager", ExpiresAt: expiry, Departments: []string{below}}, {Role: "employee"},
			}},
			{ID: bob.ID, PermissionList: []access.Permission{}, Assignments: []access.Assignment{{Role: "employee", Departments: []string{}}}},
		}
		if diff := cmp.Diff(want, got.Users); diff != "" {
			t.Errorf("users (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]access.Department{{ID: top}, {ID: below, Parent: top}}, got.Departments); diff != "" {
			t.Errorf("departments (-want +got):\n%s", diff)
		}
	})
}

func TestEveryPresetIsStoredAsItIs(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		for _, preset := range access.Presets() {
			id, defaultRole := "platform", ""
			if preset != "platform" {
				id = s.NewTenant(preset, preset).ID
			}
			c, err := s.Policy.Snapshot(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			roles, _ := access.Preset(preset)
			for _, r := range roles {
				got, found := c.Role(r.Name)
				if !found || !got.Active || len(got.Permissions) != len(r.Permissions) {
					t.Errorf("%s: role %s is %+v", preset, r.Name, got)
				}
				if r.Default {
					defaultRole = r.Name
				}
			}
			if catalogue := c.Catalogue(); (catalogue == access.Platform()) != (preset == "platform") {
				t.Errorf("%s: compiled with another catalogue", preset)
			}
			if c.DefaultRole != defaultRole || len(c.Tenant().Roles) != len(roles) {
				t.Errorf("%s: default role %q, %d roles", preset, c.DefaultRole, len(c.Tenant().Roles))
			}
		}
	})
}

func TestARoleInForceDemandsASecondFactor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		acme := s.NewTenant("acme", "it-desk")
		root, ann := acme.NewUser("root", nil, "admin"), acme.NewUser("ann", nil, "user")
		bob := acme.NewUser("bob", nil)
		give(t, s, bob, policy.Assignment{Role: "admin", ExpiresAt: s.Clock.Now().Add(-time.Hour)})
		c, err := s.Policy.Snapshot(t.Context(), acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		for user, want := range map[string]bool{root.ID: true, ann.ID: false, bob.ID: false, "none": false} {
			if got := c.DemandsSecondFactor(user, s.DB.Now()); got != want {
				t.Errorf("%s: %t, want %t", user, got, want)
			}
		}
	})
}

func TestAnUnknownTenantHasNoPolicy(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		if _, err := s.Policy.Snapshot(t.Context(), "none"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}
