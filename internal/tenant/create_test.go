package tenant_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/usher-desk/usher/internal/fault"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/store/storetest"
	"github.com/usher-desk/usher/internal/tenant"
)

// sample is what a good tenant is made from.
func sample(slug string) tenant.NewTenant {
	return tenant.NewTenant{Slug: slug, Name: "Acme", Preset: "it-desk", Locale: "en", TimeZone: "Asia/Shanghai"}
}

func create(ctx context.Context, db *store.DB, s *tenant.Service, n tenant.NewTenant) (t tenant.Tenant, err error) {
	err = db.Across(ctx, store.TenantSetUp, func(span *store.Span) error {
		t, err = s.Create(ctx, span, n)
		return err
	})
	return t, err
}

func mustCreate(t *testing.T, db *store.DB, s *tenant.Service, slug string) tenant.Tenant {
	t.Helper()
	made, err := create(t.Context(), db, s, sample(slug))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestTenantsAreFoundBySlug(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := tenant.New(tenant.Config{DB: db})
		if _, err := s.Only(t.Context()); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the only one of none: %v", err)
		}
		acme := mustCreate(t, db, s, "acme")
		if only, err := s.Only(t.Context()); err != nil || only != acme {
			t.Errorf("the only tenant is %+v, %v; want %+v", only, err, acme)
		}
		beta := mustCreate(t, db, s, "beta")
		if _, err := s.Only(t.Context()); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the only one of two: %v", err)
		}
		if all, err := s.All(t.Context()); err != nil || !slices.Equal(all, []tenant.Tenant{acme, beta}) {
			t.Errorf("all: %+v, %v", all, err)
		}
		if found, err := s.BySlug(t.Context(), "beta"); err != nil || found != beta {
			t.Errorf("beta is %+v, %v", found, err)
		}
		if _, err := s.BySlug(t.Context(), "gamma"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("gamma: %v", err)
		}
		if platform, err := s.BySlug(t.Context(), tenant.Platform); err != nil || platform.ID != tenant.Platform {
			t.Errorf("the platform's is %+v, %v", platform, err)
		}
	})
}

func TestANewTenantBeginsActiveWithPasswords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		made := mustCreate(t, db, tenant.New(tenant.Config{DB: db}), "acme")
		want := tenant.Tenant{
			ID: made.ID, Slug: "acme", Name: "Acme", Preset: "it-desk", Locale: "en", TimeZone: "Asia/Shanghai",
			Status: tenant.Active, LocalPassword: "enabled", PolicyVersion: 1, Epoch: 1, Version: 1,
			CreatedAt: made.CreatedAt, UpdatedAt: made.CreatedAt,
		}
		if made != want || made.CreatedAt.IsZero() {
			t.Errorf("made %+v, want %+v", made, want)
		}
	})
}

func TestCreationRefuses(t *testing.T) {
	db := storetest.SQLite(t)
	s := tenant.New(tenant.Config{DB: db})
	for place, spoil := range map[string][]func(n *tenant.NewTenant){
		"slug": {
			func(n *tenant.NewTenant) { n.Slug = "" },
			func(n *tenant.NewTenant) { n.Slug = "a" },
			func(n *tenant.NewTenant) { n.Slug = "Acme" },
			func(n *tenant.NewTenant) { n.Slug = "1acme" },
			func(n *tenant.NewTenant) { n.Slug = "acme\n" },
			func(n *tenant.NewTenant) { n.Slug = "a" + strings.Repeat("b", 39) },
			func(n *tenant.NewTenant) { n.Slug = tenant.Platform },
		},
		"name": {
			func(n *tenant.NewTenant) { n.Name = " \u3000" },
			func(n *tenant.NewTenant) { n.Name = "a\tb" },
			func(n *tenant.NewTenant) { n.Name = strings.Repeat("名", 129) },
			func(n *tenant.NewTenant) { n.Name = "\xff" },
		},
		"preset": {
			func(n *tenant.NewTenant) { n.Preset = "" },
			func(n *tenant.NewTenant) { n.Preset = "platform" },
		},
		"locale":    {func(n *tenant.NewTenant) { n.Locale = "fr" }},
		"time_zone": {func(n *tenant.NewTenant) { n.TimeZone = "" }, func(n *tenant.NewTenant) { n.TimeZone = "Local" }, func(n *tenant.NewTenant) { n.TimeZone = "Mars/Olympus" }},
	} {
		for i, f := range spoil {
			n := sample("acme")
			f(&n)
			_, err := create(t.Context(), db, s, n)
			if refusal := fault.From(err); refusal.Code != fault.ErrInvalid || refusal.Places[0].Location != place {
				t.Errorf("%s %d: %v", place, i, err)
			}
		}
	}
	if all, err := s.All(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("refused tenants exist: %v, %v", all, err)
	}
}

func TestASlugIsGivenOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := tenant.New(tenant.Config{DB: db})
		mustCreate(t, db, s, "acme")
		if _, err := create(t.Context(), db, s, sample("acme")); !errors.Is(err, tenant.ErrSlugTaken) {
			t.Errorf("a slug was given twice: %v", err)
		}
	})
}

func TestParticipantsTakePartInCreation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		fails := errors.New("no")
		var verdict error
		s := tenant.New(tenant.Config{DB: db, Participants: []tenant.Participant{
			func(ctx context.Context, tx *store.Tx, made tenant.Tenant) error {
				_, err := tx.Exec(ctx, `UPDATE tenants SET max_roles_per_user = 3 WHERE tenant_id = $1`)
				return errors.Join(err, verdict)
			},
		}})
		if made := mustCreate(t, db, s, "acme"); made.MaxRolesPerUser != 3 {
			t.Errorf("the tenant was returned as it was before the participants: %+v", made)
		}
		verdict = fails
		if _, err := create(t.Context(), db, s, sample("beta")); !errors.Is(err, fails) {
			t.Errorf("a participant's refusal: %v", err)
		}
		if _, err := s.BySlug(t.Context(), "beta"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a refused tenant exists: %v", err)
		}
	})
}

func TestLockRaisesThePolicyVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		made := mustCreate(t, db, tenant.New(tenant.Config{DB: db}), "acme")
		err := db.Write(t.Context(), made.ID, func(tx *store.Tx) error {
			version, err := tenant.Lock(t.Context(), tx)
			if err != nil || version != made.PolicyVersion+1 {
				t.Errorf("locked at version %d, %v", version, err)
			}
			found, err := tenant.Find(t.Context(), tx)
			if err != nil || found.PolicyVersion != version {
				t.Errorf("found version %d, %v; want %d", found.PolicyVersion, err, version)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Write(t.Context(), "nobody", func(tx *store.Tx) error {
			_, err := tenant.Lock(t.Context(), tx)
			return err
		})
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the lock of no tenant: %v", err)
		}
	})
}
