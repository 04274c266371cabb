package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/usher-desk/usher/access"
	"github.com/usher-desk/usher/internal/audit"
	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/policy"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
	"github.com/usher-desk/usher/trail"
)

// DemoCost is the bcrypt cost of the demonstration, whose passwords are printed anyway.
const DemoCost = 10

// A demonstration and real tenants keep away from each other.
var (
	// ErrNotDemo: the database holds real tenants, which the demonstration must not touch.
	ErrNotDemo = errors.New("this database holds a tenant that is not of the demonstration; give --demo an empty folder")
	// ErrDemo: the database is a demonstration's, whose passwords were printed.
	ErrDemo = errors.New("this database is a demonstration's: serve it with --demo, and begin real work in another folder")
)

// CheckReal returns [ErrDemo] when any tenant is the demonstration's.
func (s *Server) CheckReal(ctx context.Context) error {
	tenants, err := s.Tenants.All(ctx)
	if err == nil && slices.ContainsFunc(tenants, func(t tenant.Tenant) bool { return t.Demo }) {
		return ErrDemo
	}
	return err
}

// DemoPerson is one of the people of the demonstration.
type DemoPerson struct {
	Tenant, Username, Password string
	SecondFactor               string // its secret, or noFactor
}

const noFactor = "-"

// demoTenants are filled with one person for each role.
var demoTenants = []tenant.NewTenant{
	{Slug: "it", Name: "IT 服务台 (demo)", Preset: "it-desk", Locale: "zh-CN", TimeZone: "Asia/Shanghai", Demo: true},
	{Slug: "center", Name: "Contact center (demo)", Preset: "contact-center", Locale: "en", TimeZone: "Asia/Shanghai", Demo: true},
	{Slug: "shop", Name: "Business (demo)", Preset: "business", Locale: "en", TimeZone: "Asia/Shanghai", Demo: true},
}

// demoDepartments are the departments of each tenant, each with its parent before it.
var demoDepartments = []struct{ name, parent string }{
	{"Support 支持", ""}, {"Network 网络", "Support 支持"}, {"Desktop 桌面", "Support 支持"}, {"Finance 财务", ""},
}

// FillDemo makes the demonstration's tenants, people and conversations in an empty database, or gives the people of
// an earlier demonstration new passwords and second factors. [ErrNotDemo] when anything real is there.
func (s *Server) FillDemo(ctx context.Context) ([]DemoPerson, error) {
	tenants, err := s.Tenants.All(ctx)
	if err != nil {
		return nil, err
	}
	made := map[string]tenant.Tenant{}
	for _, t := range tenants {
		if t.ID != tenant.Platform && !t.Demo {
			return nil, ErrNotDemo
		}
		made[t.Slug] = t
	}
	past, err := s.openDemoPast(ctx)
	if err != nil {
		return nil, err
	}
	defer past.close()
	var people []DemoPerson
	for _, n := range demoTenants {
		t, found := made[n.Slug]
		if !found {
			if t, err = past.makeDemoTenant(ctx, n); err != nil {
				return nil, fmt.Errorf("making the tenant %s: %w", n.Slug, err)
			}
		}
		if err := past.fillDemoDesk(ctx, t, s.now()); err != nil {
			return nil, fmt.Errorf("filling the desk of %s: %w", n.Slug, err)
		}
		s.Policy.Forget(t.ID) // people were added behind its back
		some, err := s.demoCredentials(ctx, t)
		if err != nil {
			return nil, fmt.Errorf("giving out the passwords of %s: %w", n.Slug, err)
		}
		people = append(people, some...)
	}
	return people, nil
}

func (s *Server) makeDemoTenant(ctx context.Context, n tenant.NewTenant) (t tenant.Tenant, err error) {
	err = s.config.DB.Across(ctx, store.TenantSetUp, func(span *store.Span) error {
		if t, err = s.Tenants.Create(ctx, span, n); err != nil {
			return err
		}
		return span.In(ctx, t.ID, func(tx *store.Tx) error { return s.makeDemoPeople(ctx, tx, t) })
	})
	return t, err
}

// demoUser is one of the people: named after the role, in a department.
type demoUser struct {
	role                 access.PresetRole
	username, department string
}

// demoUsers has one user for each role of a preset, and two for agents.
func demoUsers(preset string) (users []demoUser) {
	roles, _ := access.Preset(preset)
	for _, role := range roles {
		users = append(users, demoUser{role, role.Name, "Support 支持"})
		if role.Name == "agent" {
			users = append(users, demoUser{role, "agent2", "Network 网络"})
		}
	}
	return users
}

// makeDemoPeople makes departments and users.
func (s *Server) makeDemoPeople(ctx context.Context, tx *store.Tx, t tenant.Tenant) error {
	ids := map[string]string{}
	for _, d := range demoDepartments {
		made, err := tenant.AddDepartment(ctx, tx, d.name, ids[d.parent])
		if err != nil {
			return err
		}
		ids[d.name] = made.ID
	}
	for _, u := range demoUsers(t.Preset) {
		if err := s.makeDemoUser(ctx, tx, u, ids[u.department]); err != nil {
			return err
		}
	}
	return s.Audit.AppendAct(ctx, tx, audit.Act{
		Op: trail.CLI, Event: "tenant.create", Targets: []trail.Ref{{Type: "tenant", ID: t.ID}},
	})
}

func (s *Server) makeDemoUser(ctx context.Context, tx *store.Tx, u demoUser, department string) error {
	user, err := s.Identity.Create(ctx, tx, identity.NewUser{
		Username: u.username, Name: u.role.Zh + " " + u.role.En, Departments: []string{department},
		FirstAdmin: u.role.Name == "admin",
	})
	if err != nil {
		return err
	}
	return policy.SetAssignments(ctx, tx, user.ID, []policy.Assignment{{Role: u.role.Name}})
}

// demoCredentials gives everybody in the tenant a new password, and a new second factor to those whose
// role demands one.
func (s *Server) demoCredentials(ctx context.Context, t tenant.Tenant) ([]DemoPerson, error) {
	var people []DemoPerson
	for _, u := range demoUsers(t.Preset) {
		p := DemoPerson{Tenant: t.Slug, Username: u.username, Password: demoPassword(), SecondFactor: noFactor}
		if u.role.RequiresMFA {
			p.SecondFactor = identity.NewFactorSecret()
		}
		if err := s.setDemoCredentials(ctx, t, p); err != nil {
			if errors.Is(err, store.ErrNotFound) {
				continue // somebody deleted them while looking around
			}
			return nil, err
		}
		people = append(people, p)
	}
	return people, nil
}

// demoPassword is random and can be typed: 80 bits in groups of four.
func demoPassword() string {
	text := strings.ToLower(rand.Text()[:16])
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
}

func (s *Server) setDemoCredentials(ctx context.Context, t tenant.Tenant, p DemoPerson) error {
	hash, err := s.Identity.Hash(ctx, t.Slug, p.Username, p.Password)
	if err != nil {
		return err
	}
	return s.config.DB.Write(ctx, t.ID, func(tx *store.Tx) error {
		user, err := identity.FindByUsername(ctx, tx, p.Username)
		if err != nil {
			return err
		}
		if err := identity.SetPasswordHash(ctx, tx, user.ID, hash); err != nil {
			return err
		}
		if err := s.setDemoFactor(ctx, tx, user.ID, p.SecondFactor); err != nil {
			return err
		}
		if err := s.Sessions.EndSessions(ctx, tx, user.ID, "", "demo_restarted"); err != nil {
			return err
		}
		return s.Audit.AppendAct(ctx, tx, audit.Act{
			Op: trail.CLI, Event: "user.password", Targets: []trail.Ref{{Type: "user", ID: user.ID}},
		})
	})
}

// setDemoFactor also takes away one that somebody enrolled while looking around: nobody would be told
// its secret.
func (s *Server) setDemoFactor(ctx context.Context, tx *store.Tx, user, secret string) error {
	if secret == noFactor {
		return s.Identity.RemoveFactor(ctx, tx, user)
	}
	return s.Identity.Enrol(ctx, tx, user, secret)
}
