package server_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/usher-desk/usher/internal/identity"
	"github.com/usher-desk/usher/internal/server"
	"github.com/usher-desk/usher/internal/store"
	"github.com/usher-desk/usher/internal/tenant"
)

// A recovery touches the second factor only where it is told to; either way the tenant is told.
func TestARecoveryIsToldToTheTenant(t *testing.T) {
	place := server.Place{Data: t.TempDir()}
	err := server.Initialise(t.Context(), place, server.FirstTenant{
		Tenant: tenant.NewTenant{Slug: "acme", Name: "Acme", Preset: "it-desk", Locale: "en", TimeZone: "UTC"},
		Admin:  "zhou", Password: "a lamp, a kettle, a long night",
	})
	if err != nil {
		t.Fatal(err)
	}
	enrolled := func(change func(*server.Server, *store.Tx, string) error) (state identity.FactorState) {
		inPlace(t, place, func(s *server.Server, tx *store.Tx) error {
			u, err := identity.FindByUsername(t.Context(), tx, "zhou")
			if err != nil {
				return err
			}
			if err := change(s, tx, u.ID); err != nil {
				return err
			}
			state, err = identity.FactorStateOf(t.Context(), tx, u.ID)
			return err
		})
		return state
	}
	look := func(*server.Server, *store.Tx, string) error { return nil }
	enrolled(func(s *server.Server, tx *store.Tx, user string) error {
		return s.Identity.Enrol(t.Context(), tx, user, identity.NewFactorSecret())
	})
	r := server.Recovery{Tenant: "acme"}
	if _, err := server.RecoverAdmin(t.Context(), place, r); err != nil {
		t.Fatal(err)
	}
	if !enrolled(look).Enrolled {
		t.Error("a link took the second factor away")
	}
	r.ResetFactor = true
	done, err := server.RecoverAdmin(t.Context(), place, r)
	if err != nil {
		t.Fatal(err)
	}
	if enrolled(look).Enrolled {
		t.Error("the second factor is still there")
	}
	id := strings.Split(done.Link[strings.Index(done.Link, "#")+1:], ".")[0]
	var told []string
	for _, body := range recordsAt(t, place, id) {
		told = append(told, tell(t, body))
	}
	want := []string{
		"tenant.create by system cli: tenant, user; roles [] → [admin]", "admin.recover by system cli: user",
		"admin.recover by system cli: user; second_factor [] → []",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	if kinds := noticesAt(t, place); !slices.Equal(kinds, []string{"admin_link", "admin_link", "factor_reset"}) {
		t.Errorf("the tenant is told %v", kinds)
	}
}

func TestARecoveryNamesOneOfSeveralAdministrators(t *testing.T) {
	place := server.Place{Data: t.TempDir()}
	for _, slug := range []string{"acme", "beta"} {
		err := server.Initialise(t.Context(), place, server.FirstTenant{
			Tenant: tenant.NewTenant{Slug: slug, Name: slug, Preset: "it-desk", Locale: "en", TimeZone: "UTC"},
			Admin:  "zhou", Password: "a lamp, a kettle, a long night",
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	inPlace(t, place, func(s *server.Server, tx *store.Tx) error {
		u, err := s.Identity.Create(t.Context(), tx, identity.NewUser{Username: "li"})
		if err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `UPDATE users SET permission_list = '["*:*:all"]' WHERE tenant_id = $1 AND id = $2`, u.ID)
		return err
	})
	_, err := server.RecoverAdmin(t.Context(), place, server.Recovery{Tenant: "acme"})
	if err == nil || !strings.Contains(err.Error(), "--user which: li, zhou") {
		t.Errorf("several: %v", err)
	}
	done, err := server.RecoverAdmin(t.Context(), place, server.Recovery{Tenant: "acme", Username: "LI"})
	if err != nil || done.Username != "li" {
		t.Errorf("one of them: %+v, %v", done, err)
	}
}

// inPlace runs f in the tenant acme of a place.
func inPlace(t *testing.T, place server.Place, f func(*server.Server, *store.Tx) error) {
	t.Helper()
	installation, err := place.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer installation.Close()
	s, err := server.New(t.Context(), server.Config{DB: installation.DB, Master: installation.Master, URL: "http://127.0.0.1:8080"})
	if err != nil {
		t.Fatal(err)
	}
	acme, err := s.Tenants.BySlug(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	if err := installation.DB.Write(t.Context(), acme.ID, func(tx *store.Tx) error { return f(s, tx) }); err != nil {
		t.Fatal(err)
	}
}

func noticesAt(t *testing.T, place server.Place) (kinds []string) {
	t.Helper()
	inPlace(t, place, func(_ *server.Server, tx *store.Tx) (err error) {
		kinds, err = store.Collect(t.Context(), tx, store.Text, `SELECT n.kind FROM notices n WHERE n.tenant_id = $1 ORDER BY n.id`)
		return err
	})
	return kinds
}
